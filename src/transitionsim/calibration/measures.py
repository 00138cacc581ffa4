"""What a calibration compares with the record: stocks, flows, tenure and realised changes of job, from snapshots.

A snapshot holds the people of one moment. Year-on-year changes are realised ones: of the same persons, employed at
both dates, those who have another employer (or work in another profile) at the second. Whoever changed and came back
has not changed; hires are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import EMPLOYED, INACTIVE, UNEMPLOYED, Records

Integers = NDArray[np.integer]
FLOWS: Final = {
    "employed_to_unemployed": (EMPLOYED, UNEMPLOYED),
    "employed_to_inactive": (EMPLOYED, INACTIVE),
    "unemployed_to_employed": (UNEMPLOYED, EMPLOYED),
    "unemployed_to_inactive": (UNEMPLOYED, INACTIVE),
    "inactive_to_employed": (INACTIVE, EMPLOYED),
    "inactive_to_unemployed": (INACTIVE, UNEMPLOYED),
}
"""The monthly flows of :mod:`transitionsim.regions.flows`, by the status before and after."""
STATES: Final = max(EMPLOYED, UNEMPLOYED, INACTIVE) + 1
YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The people at the end of a month, each array of shape (rows,)."""

    month: int
    status: Integers
    employer: Integers
    profile: Integers
    hired: Integers
    birth_month: Integers
    exit_month: Integers

    @classmethod
    def of(cls, workers: Records, month: int) -> Self:
        """Return a snapshot of the rows of the model; ``month`` is the one that has just been lived."""
        names = ("status", "employer", "profile", "hired", "birth_month", "exit_month")
        return cls(month, *(workers[name].copy() for name in names))

    @property
    def tenure(self) -> NDArray[np.int64]:
        """Months that each employed person has held the job."""
        return np.asarray(self.month - self.hired[self.status == EMPLOYED].astype(np.int64))


def stayers(before: Snapshot, after: Snapshot) -> NDArray[np.bool_]:
    """Return the rows that are the same person at both dates, employed at both."""
    same = (before.birth_month == after.birth_month) & (before.exit_month == after.exit_month)
    return np.asarray(same & (before.status == EMPLOYED) & (after.status == EMPLOYED))


def employer_changes(before: Snapshot, after: Snapshot) -> float:
    """Return the share of persons employed at both dates whose employer is another at the second."""
    return _share_changed(before.employer, after.employer, stayers(before, after))


def occupation_changes(before: Snapshot, after: Snapshot) -> float:
    """Return the share of persons employed at both dates whose profile is another at the second."""
    return _share_changed(before.profile, after.profile, stayers(before, after))


def _share_changed(before: Integers, after: Integers, rows: NDArray[np.bool_]) -> float:
    return float((before[rows] != after[rows]).mean()) if rows.any() else 0.0


def moves(before: Integers, after: Integers) -> NDArray[np.int64]:
    """Return how many rows went from each status to each in a month, shape (statuses, statuses).

    Rows are counted, as in the flows a region is made from: an entrant takes the row of a leaver as an inactive
    person, so the flow to inactivity holds retirement too. Who has left for other regions is not counted.
    """
    known = (before < STATES) & (after < STATES)
    pair = before[known].astype(np.int64) * STATES + after[known]
    return np.bincount(pair, minlength=STATES * STATES).reshape(STATES, STATES)


def flow_rates(counts: NDArray[np.int64]) -> dict[str, float]:
    """Return the monthly flows as shares of the state left, from the moves of some months."""
    left = counts.sum(axis=1)
    return {name: float(counts[a, b] / left[a]) if left[a] else 0.0 for name, (a, b) in FLOWS.items()}
