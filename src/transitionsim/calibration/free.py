"""Which parameters are free, and how they are searched: evenly in the logarithm, inside the range of the register."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from transitionsim.errors import InputError
from transitionsim.evidence import Register

FREE: Final = {
    "flows.employed_to_unemployed": "flows between work and unemployment: how many jobs end for ordinary reasons",
    "flows.unemployed_to_employed": "the flow from unemployment to work: how hard the jobless search",
    "flows.job_to_job": "changes of employer: how hard people in a job search and quit for another",
    "tenure.ratio_new_to_old": "mean tenure and the share of short tenure: how much likelier a new job ends",
    "search.mobility": "changes of occupation: how much a vacancy outside the own profile weighs",
}
"""The free parameters, with the data that moves each."""
LOOKED_AT: Final = (
    "search.reach_limit",
    "search.accepted_loss",
    "tenure.automotive_ratio",
    "people.inactive_per_labour_force",
)
"""Parameters that could be thought free and are not fitted; how far the targets see them is measured all the same."""


@dataclass(frozen=True, slots=True)
class Free:
    """One free parameter with the range it is searched in."""

    key: str
    before: float
    low: float
    high: float
    unit: str

    def at(self, place: float) -> float:
        """Return the value at a place from 0 (low) to 1 (high), evenly in the logarithm, to ten digits.

        >>> Free("a", 2.0, 1.0, 4.0, "x").at(0.5)
        2.0
        """
        return float(f"{self.low * math.exp(place * math.log(self.high / self.low)):.10g}")

    def place(self, value: float) -> float:
        """Return the place of a value between 0 and 1."""
        return math.log(value / self.low) / math.log(self.high / self.low)

    def error(self, value: float, spread: float) -> float:
        """Return a spread of the place as one of the value."""
        return value * math.log(self.high / self.low) * spread


def free_parameters(register: Register, keys: Sequence[str] = tuple(FREE)) -> tuple[Free, ...]:
    """Return parameters with the ranges of a region's register."""
    found = []
    for key in keys:
        one = register[key]
        if one.low is None or one.high is None or not 0.0 < one.low < one.high:
            raise InputError.one(key, "a range above 0 is needed to fit it: low and high of the register")
        found.append(Free(key, one.number, one.low, one.high, one.unit))
    return tuple(found)
