"""Sweeps: many scenarios over many draws, and what they say."""
