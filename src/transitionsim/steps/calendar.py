"""The calendar of public money: months of the year, and a month's share of a budget."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.ledger import Ledger
from transitionsim.world import State


def month_of_year(state: State) -> int:
    """Return the month of the calendar year, 1 to 12."""
    return int((state.scenario.start + state.month) % 12 + 1)


def grant_twelfth(state: State, in_force: NDArray[np.bool_], ledger: Ledger) -> None:
    """Grant a month's money of a policy in force."""
    if in_force[state.month]:
        ledger.grant_twelfth(month_of_year(state))
