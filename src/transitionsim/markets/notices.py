"""Notices: within each firm that must shrink, who gets notice goes by social selection.

Notice goes to people in profiles the firm has too many of, and not to those who are being retrained, as long as
there are others. Among them temporary contracts are not renewed first. Among permanent staff those with the fewest
points go first: a point for each month of tenure and a third of a point for each month of age above thirty, after
the criteria of section 1(3) of the German Dismissal Protection Act (length of service, age; dependants are not in
the model).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    CLOSURE,
    DISMISSAL,
    NEVER,
    NOBODY,
    TEMPORARY,
    TEMPORARY_NOT_RENEWED,
    Records,
)


def give_notice(
    workers: Records,
    staff_rows: NDArray[np.int32],
    employers: Records,
    month: int,
    notice_months: int,
    on_notice: NDArray[np.int32],
    surplus: NDArray[np.bool_],
) -> None:
    """Give notice to the people selected in every firm that dismisses or closes.

    ``staff_rows`` are the rows of the people employed in automotive firms.
    Writes ``notice_end`` and ``cause`` into the rows of the people and adds to ``on_notice`` (employers, profiles).
    ``surplus`` (employers, profiles) says which profiles a firm has too many of: notice goes to them first.
    Temporary contracts end after one month, permanent ones after ``notice_months``.
    """
    wanted = employers["dismissals"].astype(np.int64)
    wanted[employers["closing"]] = len(workers)
    if not wanted.any():
        return
    employer = workers["employer"][staff_rows]
    rows = staff_rows[(wanted[employer] > 0) & (workers["notice_end"][staff_rows] == NEVER)]
    if not len(rows):
        return
    people = workers[rows]
    tenure = month - people["hired"].astype(np.int64)
    above_thirty = np.maximum(0, month - people["birth_month"].astype(np.int64) - 360)
    points = 3 * tenure + above_thirty
    permanent = people["contract"] != TEMPORARY
    needed = ~surplus[people["employer"], people["profile"]]
    in_course = people["course"] != NOBODY
    order = np.lexsort((people["key"], points, permanent, needed, in_course, people["employer"]))
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
    np.add.at(on_notice, (people["employer"][chosen], people["profile"][chosen]), 1)
