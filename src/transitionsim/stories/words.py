"""The words of a story: months, money, job profiles and employers as a reader would say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from transitionsim.columns import CAUSE_NAMES, NOBODY, OTHER_ECONOMY, STATUS_NAMES, TEMPORARY, TIER_NAMES
from transitionsim.employer_kinds import sector_names, size_classes
from transitionsim.months import Month
from transitionsim.world import State

SIZES: Final = ("very small", "small", "medium-sized", "large")
WITHOUT: Final = "no employer"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """What turns codes into words: the first month of the run and the names of the job profiles."""

    start: Month
    profiles: tuple[str, ...]

    def month(self, number: int) -> str:
        """Return a month of the run, counted from 0, as a date such as 2027-03."""
        return str(Month(self.start + number))

    def profile(self, code: int) -> str:
        """Return the name of a job profile."""
        return self.profiles[code].replace("_", " ")

    def job(self, row: Row) -> str:
        """Return profile, contract and wage of a person with a job."""
        contract = "temporary" if row["contract"] == TEMPORARY else "permanent"
        return f"as {self.profile(row['profile'])}, {contract}, {euros(row['wage'])}"


def euros(cents: int) -> str:
    """Return a monthly wage in whole euros.

    >>> euros(231_049)
    '2,310 euros a month'
    """
    return f"{(cents + 50) // 100:,} euros a month"


def cause(code: int) -> str:
    """Return a cause of separation in words."""
    return CAUSE_NAMES[code] if code >= 0 else "no cause recorded"


def status(code: int) -> str:
    """Return a status in words."""
    return STATUS_NAMES[code]


def months(count: int) -> str:
    """Return a number of months in words.

    >>> months(1), months(7)
    ('1 month', '7 months')
    """
    return f"{count} month{'s' * (count != 1)}"


def employer(state: State, number: int) -> str:
    """Return an employer by size class, tier and sector; never by name, since no real firm is meant."""
    if number == NOBODY:
        return WITHOUT
    firm = state.employers[number]
    size = SIZES[size_classes(state.employers[number : number + 1], state.scale)[0]]
    if firm["tier"] != OTHER_ECONOMY:
        return f"a {size} {TIER_NAMES[firm['tier']]}"
    sector = sector_names(int(firm["sector"]))[-1].replace("_", " ")
    return f"a {size} employer in {'other sectors' if sector == 'other' else sector}"
