"""Short-time work: more months of it than the country allows, the benefit of those months paid from a budget."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from transitionsim.evidence import Sourced, measured
from transitionsim.ledger import Extension, Ledger
from transitionsim.policies.base import Policy
from transitionsim.sentences import Whole

EXTRA_MONTHS: Final = Sourced(
    value=12,
    unit="months",
    low=3,
    high=24,
    grade="D",
    source="assumption; Germany goes from 12 to 24 months in crises (Eurofound, Kurzarbeitergeld)",
)


class ShortTimeWork(Policy):
    """Months of short time beyond those of the country, until the year's budget is used up."""

    kind: Literal["short-time-work"] = "short-time-work"
    extra_months: Annotated[Sourced, measured("months", 1, 60, whole=True)] = Field(
        default=EXTRA_MONTHS, description="months of short time added to those of the country"
    )
    staff_below: Whole = Field(
        default=100_000, ge=1, le=100_000, description="firms with fewer staff at the start may go on"
    )

    def enter(self, state: Any, in_force: NDArray[np.bool_]) -> None:
        """Open the account; it is asked for money by firms that have used up the months of the country."""
        ledger = Ledger(round(self.budget.number * 100))
        active = in_force & state.scenario.mechanisms.short_time_work
        state.extensions.append(Extension(ledger, active, int(self.extra_months.number), int(self.staff_below)))
