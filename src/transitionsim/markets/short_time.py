"""Short-time work: what the benefit costs, and which firms a policy lets go on beyond the months of the country."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import NEVER, PERMANENT, TEMPORARY, Records
from transitionsim.compiling import compiled
from transitionsim.ledger import Extension

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


def extend(
    employers: Records, cents: Integers, extensions: Sequence[Extension], month: int, most_months: int, scale: int
) -> None:
    """Pay short time beyond the months of the country from policies, as far as their money goes, or end it.

    ``cents`` (2, employers) is what the benefit costs this month, and the wages not paid. Firms that lose most hours
    come first, ties by key; who gets nothing has no short time this month.
    """
    asking = np.nonzero(employers["extends"] & (employers["short_time"] > 0.0))[0]
    order = np.lexsort((employers["key"][asking], -employers["short_time"][asking]))
    for f in asking[order]:
        persons = float(employers["posts_start"][f]) * scale / float(employers["represents"][f])
        used, cost = int(employers["short_time_months"][f]), int(cents[0, f])
        for one in extensions:
            fits = one.in_force[month] and persons < one.staff_below and used < most_months + one.months
            if fits and cost <= one.ledger.available:
                one.ledger.reserve(cost)
                one.ledger.pay(cost)
                break
        else:
            employers["short_time"][f] = 0.0
            cents[:, f] = 0
