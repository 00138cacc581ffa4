"""Car regions: what is known about each, with source, year and grade, and what all share as assumptions."""

from transitionsim.regions.reading import base_register, load_region, read_region, region_codes
from transitionsim.regions.schema import Facts, Plant, Region

__all__ = ["Facts", "Plant", "Region", "base_register", "load_region", "read_region", "region_codes"]
