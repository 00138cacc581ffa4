"""Moves: who has left the region."""

from __future__ import annotations

from transitionsim.columns import AWAY, IN_TRAINING, LONG_AGO, UNEMPLOYED, Records
from transitionsim.compiling import compiled


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
