"""Mobility grants: who would take a job elsewhere with a grant."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import AWAY, IN_TRAINING, LONG_AGO, UNEMPLOYED, Records
from transitionsim.compiling import compiled
from transitionsim.draws import uniform_at
from transitionsim.worker import leave_course, recently_displaced


@compiled
def claimants(workers: Records, month: int, address: np.uint64, chance: float) -> NDArray[np.int64]:
    """Return the rows of the displaced who left this month, and of those without a job who would with a grant."""
    rows = np.empty(len(workers), np.int64)
    count = 0
    for i in range(len(workers)):
        row = workers[i]
        if row.commuter or not recently_displaced(row, month):
            continue
        left = row.status == AWAY and row.since == month
        jobless = row.status == UNEMPLOYED or row.status == IN_TRAINING
        if left or (jobless and uniform_at(address, row.key) < chance):
            rows[count] = i
            count += 1
    return rows[:count].copy()


@compiled
def count_movers(workers: Records, month: int) -> tuple[int, int, int]:
    """Return how many people are away, how many of them left this month, and the displaced among jobless residents."""
    away = 0
    gone = 0
    displaced = 0
    for i in range(len(workers)):
        row = workers[i]
        if row.status == AWAY:
            away += 1
            gone += int(row.since == month)
        elif row.displaced_month != LONG_AGO and not row.commuter:
            displaced += int(row.status == UNEMPLOYED or row.status == IN_TRAINING)
    return away, gone, displaced


@compiled
def leave(workers: Records, rows: NDArray[np.int64], month: int) -> None:
    """Write into the rows of people that they have left the region."""
    for i in rows:
        person = workers[i]
        person.status = AWAY
        person.since = month
        leave_course(person)
