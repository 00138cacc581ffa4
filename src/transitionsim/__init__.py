"""transitionsim: what electrification does to the people of a car region, simulated one by one."""

__version__ = "0.1.0"
