"""Calibration: the free constants of a region fitted to its record, and whether they can be recovered at all."""
