"""Displacement: how much of what course participants win in work, other people lose.

The ratio is ``- change of the others / change of the participants``, both in months of employment over the whole
run, both against the paired run without the courses: 0 when nobody else loses, 1 when every month won by a
participant is lost by somebody else. Without new posts it is near 1 by nature (Crepon et al. 2013).

A change of the participants within the placebo floor, what one irrelevant seat changes for the same people, says
nothing, and a ratio of it less: the ratio is then undefined.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.careers import Careers

WINDOWS: Final = ((1, 9), (10, 24), (25, 36))
"""Months since the first course over which participants are compared with their paired selves."""


@dataclass(frozen=True, slots=True)
class Displacement:
    """What the courses of one run changed for those who took part and for the rest, against a paired run."""

    participants: int
    """Persons who took part in the run and not in the paired one."""
    own_change: float
    """Person-months of employment that participants have more."""
    others_change: float
    """Person-months of employment that all others have more."""
    floor: float
    """Person-months of employment that the placebo seat changes for the same participants; NaN without a placebo."""
    since_course: tuple[float, ...]
    """Employment of participants less that of their paired selves by :data:`WINDOWS`, in points; NaN if none."""
    months_since: float = 0.0
    """Person-months of participants from the month in which their first course began to the last one."""
    employed_since: float = 0.0
    """Of these, person-months in employment."""
    twins_employed_since: float = 0.0
    """Person-months in which their paired selves, who took no course, were employed: the deadweight."""

    @property
    def ratio(self) -> float:
        """The displacement ratio; NaN, undefined, when the participants' change is within the placebo floor."""
        if self.participants == 0 or self.own_change == 0 or abs(self.own_change) <= abs(self.floor):
            return np.nan
        return -self.others_change / self.own_change


def displacement(arm: Careers, reference: Careers, placebo: Careers | None = None) -> Displacement:
    """Return the displacement of a run against a paired one; both must be of one region, seed and length.

    Participants are the rows that began a course in the run and none in the paired one. ``placebo`` is the paired
    run with one irrelevant seat.
    """
    rows = np.flatnonzero(arm.took_part & ~reference.took_part)
    employed, twins = arm.of(rows), reference.of(rows)
    own = employed.astype(np.int8) - twins
    since = np.arange(len(own))[:, None] >= arm.first_course[rows][None, :]
    scale = arm.scale
    whole = _person_months(arm) - _person_months(reference)
    floor = np.nan if placebo is None else float(int((placebo.of(rows).astype(np.int8) - reference.of(rows)).sum()))
    return Displacement(
        participants=len(rows) * scale,
        own_change=float(int(own.sum()) * scale),
        others_change=float((whole - int(own.sum())) * scale),
        floor=floor * scale,
        since_course=tuple(_since(own, arm.first_course[rows], *window) for window in WINDOWS),
        months_since=float(int(since.sum()) * scale),
        employed_since=float(int((employed & since).sum()) * scale),
        twins_employed_since=float(int((twins & since).sum()) * scale),
    )


def _person_months(careers: Careers) -> int:
    return sum(int(np.unpackbits(month).sum()) for month in careers.employed)


def _since(change: NDArray[np.int8], first: NDArray[np.int16], low: int, high: int) -> float:
    """Return the mean change from one month after the first course to another, in percentage points."""
    months = np.arange(len(change))[:, None] - first[None, :]
    within = (months >= low) & (months <= high)
    return float(100.0 * change[within].mean()) if within.any() else np.nan
