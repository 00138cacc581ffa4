"""Wage insurance: who may claim it, and what the insured are owed.

The insured is the wage of one job: the one taken after a job was lost for lack of orders or by closure, at a lower
wage. The top-up ends with the job or with the months insured. A rise of the wage in the job lowers it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import EMPLOYED, LONG_AGO, NEVER, Records
from transitionsim.compiling import compiled
from transitionsim.worker import left_involuntarily


@compiled
def claimants(workers: Records, month: int) -> NDArray[np.int64]:
    """Return the rows of the displaced who were hired this month at a lower wage than they lost."""
    rows = np.empty(len(workers), np.int64)
    count = 0
    for i in range(len(workers)):
        row = workers[i]
        if row.hired != month or row.status != EMPLOYED or row.notice_end != NEVER:
            continue
        if left_involuntarily(row) and row.wage < row.wage_before:
            rows[count] = i
            count += 1
    return rows[:count].copy()


@compiled
def owed(workers: Records, month: int, permille: int, months: int) -> tuple[int, int, int]:
    """Return the cents due this month, the cents that may be due later, and the people insured, in rows."""
    due = 0
    later = 0
    people = 0
    for i in range(len(workers)):
        row = workers[i]
        if row.insured == LONG_AGO or row.insured != row.hired or row.status != EMPLOYED:
            continue
        left = row.insured + months - month
        if left > 0:
            top_up = max(0, row.wage_before - row.wage) * permille // 1000
            due += top_up
            later += top_up * (left - 1)
            people += 1
    return due, later, people
