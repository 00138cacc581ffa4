"""Notices: within each firm that must shrink, who gets notice goes by social selection.

Temporary contracts are not renewed first. Among permanent staff those with the fewest points go first: a point
for each month of tenure and a third of a point for each month of age above thirty, after the criteria of section
1(3) of the German Dismissal Protection Act (length of service, age; dependants are not in the model).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    CLOSURE,
    DISMISSAL,
    EMPLOYED,
    NEVER,
    TEMPORARY,
    TEMPORARY_NOT_RENEWED,
    Records,
)
from transitionsim.compiling import compiled


@compiled
def _candidates(workers: Records, wanted: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return the rows of people, not on notice, whose employer gives notice; there are at most ``most``."""
    found = np.empty(most, np.int64)
    count = 0
    for i in range(len(workers)):
        row = workers[i]
        if row.status == EMPLOYED and wanted[row.employer] > 0 and row.notice_end == NEVER:
            found[count] = i
            count += 1
            if count == most:
                break
    return found[:count]


def give_notice(
    workers: Records, employers: Records, month: int, notice_months: int, on_notice: NDArray[np.int64]
) -> None:
    """Give notice to the people selected in every firm that dismisses or closes.

    Writes ``notice_end`` and ``cause`` into the rows of the people and adds to ``on_notice`` (employers,).
    Temporary contracts end after one month, permanent ones after ``notice_months``.
    """
    wanted = employers["dismissals"].astype(np.int64)
    wanted[employers["closing"]] = len(workers)
    if not wanted.any():
        return
    rows = _candidates(workers, wanted, int((employers["staff"] - employers["on_notice"])[wanted > 0].sum()))
    if not len(rows):
        return
    people = workers[rows]
    tenure = month - people["hired"].astype(np.int64)
    above_thirty = np.maximum(0, month - people["birth_month"].astype(np.int64) - 360)
    points = 3 * tenure + above_thirty
    permanent = people["contract"] != TEMPORARY
    order = np.lexsort((people["key"], points, permanent, people["employer"]))
    firm = people["employer"][order]
    start = np.searchsorted(firm, firm)
    place = np.arange(len(order)) - start
    chosen = order[place < wanted[firm]]
    picked = rows[chosen]
    closing = employers["closing"][people["employer"][chosen]]
    temporary = ~permanent[chosen]
    cause = np.where(closing, CLOSURE, np.where(temporary, TEMPORARY_NOT_RENEWED, DISMISSAL))
    workers["cause"][picked] = cause
    workers["notice_end"][picked] = month + np.where(temporary, 1, notice_months)
    np.add.at(on_notice, people["employer"][chosen], 1)
