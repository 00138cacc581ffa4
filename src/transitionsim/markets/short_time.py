"""Short-time work: whom it is not for, and what the benefit costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import NEVER, PERMANENT, TEMPORARY, Records
from transitionsim.compiling import compiled

Integers = NDArray[np.int64]


@compiled
def count_temporaries(workers: Records, staff_rows: NDArray[np.int32], employers: Records) -> None:
    """Write how many people each automotive firm employs on temporary contracts, those on notice not counted."""
    for f in range(len(employers)):
        employers[f].temporary = 0
    for i in staff_rows:
        if workers[i].contract == TEMPORARY and workers[i].notice_end == NEVER:
            employers[workers[i].employer].temporary += 1


@compiled
def benefits(workers: Records, staff_rows: NDArray[np.int32], employers: Records, replacement: float) -> Integers:
    """Return the benefit for the hours lost in each firm this month, and the wages that it does not pay for them.

    Shape (2, employers), in cents for one person of each row. Each person's part is rounded to whole cents, so that
    the sum is exact in any order.
    """
    cents = np.zeros((2, len(employers)), np.int64)
    for i in staff_rows:
        person = workers[i]
        lost = employers[person.employer].short_time
        if lost > 0.0 and person.contract == PERMANENT and person.notice_end == NEVER:
            cents[0, person.employer] += int(person.wage * lost * replacement + 0.5)
            cents[1, person.employer] += int(person.wage * lost + 0.5)
    return cents
