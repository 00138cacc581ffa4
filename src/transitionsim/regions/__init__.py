"""Car regions: what is known about each, with source, year and grade, and what all share as assumptions."""

from transitionsim.regions.reading import (
    base_register,
    country_codes,
    load_region,
    read_region,
    region_codes,
    settable,
)
from transitionsim.regions.schema import Country, Facts, Plant, Region

__all__ = [
    "Country",
    "Facts",
    "Plant",
    "Region",
    "base_register",
    "country_codes",
    "load_region",
    "read_region",
    "region_codes",
    "settable",
]
