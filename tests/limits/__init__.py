"""Exact limits: the full model with all but a few mechanisms off, held against laws known in closed form."""
