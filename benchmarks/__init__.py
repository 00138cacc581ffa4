"""Benchmarks: what a month costs, in time and memory, beside the same workload in plain Mesa."""
