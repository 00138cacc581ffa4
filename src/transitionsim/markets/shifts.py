"""Shifts of orders: one supplier's gain is another's loss, so that firms are not flat though the region stands still.

The logarithm of a supplier's share of its usual orders is an autoregressive process of its own luck; shares are
then scaled so that, weighted by posts at the start, they sum to what they were. Smaller firms move more, by the
power -0.2 of their size (Stanley et al. 1996; Riccaboni et al. 2008).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.arithmetic import exp, power
from transitionsim.columns import OEM, Records
from transitionsim.compiling import compiled
from transitionsim.draws import uniform_at

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
PURPOSES = ("order_shift/0", "order_shift/1", "order_shift/2", "order_shift/3")


@compiled
def shift(
    employers: Records,
    automotive: Integers,
    luck: NDArray[np.uint64],
    spread: float,
    memory: float,
    persons_of_a_row: float,
    log_share: Floats,
    share: Floats,
) -> None:
    """Move every supplier's share of its usual orders by one month.

    ``spread`` is the standard deviation of yearly growth at 100 persons, ``memory`` the part of a logarithm that is
    left after a month; ``luck`` has shape (4,): four uniform draws make one nearly normal one. Writes ``log_share``
    and ``share`` (employers,).
    """
    within_a_year = 1.0 - power(memory, 12.0)
    total = 0.0
    usual = 0.0
    for f in automotive:
        firm = employers[f]
        if firm.tier == OEM or firm.closed or firm.posts_start == 0:
            continue
        persons = firm.posts_start * persons_of_a_row / firm.represents
        scale = min(2.0, max(0.5, power(persons / 100.0, -0.2)))
        standing = scale * spread / power(2.0 * within_a_year, 0.5)
        drawn = 0.0
        for i in range(4):
            drawn += uniform_at(luck[i], firm.key)
        normal = (drawn - 2.0) * 1.7320508075688772
        log_share[f] = memory * log_share[f] + standing * power(1.0 - memory * memory, 0.5) * normal
        total += firm.posts_start * exp(log_share[f])
        usual += firm.posts_start
    for f in automotive:
        firm = employers[f]
        if firm.tier != OEM and not firm.closed and firm.posts_start > 0:
            share[f] = exp(log_share[f]) * usual / total
