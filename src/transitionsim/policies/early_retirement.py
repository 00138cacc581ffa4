"""Early retirement: part of what early exits cost small firms, so that those short of cash can offer them too."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from transitionsim.evidence import Sourced, measured
from transitionsim.ledger import ExitSupport, Ledger
from transitionsim.policies.base import Policy
from transitionsim.sentences import Whole

COST_SHARE: Final = Sourced(
    value=0.6,
    unit="share",
    low=0.2,
    high=1,
    grade="D",
    source="assumption; what public funds pay of early retirement differs by scheme",
)


class EarlyRetirement(Policy):
    """Part of the cost of early exits at small firms that must dismiss, until the year's budget is used up."""

    kind: Literal["early-retirement"] = "early-retirement"
    cost_share: Annotated[Sourced, measured("share", 0, 1)] = Field(
        default=COST_SHARE, description="share of the cost of an early exit that is paid"
    )
    staff_below: Whole = Field(
        default=250, ge=1, le=100_000, description="firms with fewer staff at the start are helped"
    )

    def enter(self, state: Any, in_force: NDArray[np.bool_]) -> None:
        """Open the account; it pays with the firm in the month in which a person leaves."""
        ledger = Ledger(round(self.budget.number * 100))
        active = in_force & state.scenario.mechanisms.early_exits
        state.exit_support.append(ExitSupport(ledger, active, self.cost_share.number, int(self.staff_below)))
