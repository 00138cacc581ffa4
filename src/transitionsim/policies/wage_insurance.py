"""Wage insurance: for some months a part of the wage that displaced people lose with their next job."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from transitionsim.errors import InputError
from transitionsim.evidence import Sourced, measured
from transitionsim.ledger import Insurance, Ledger
from transitionsim.policies.base import Policy

SHARE: Final = Sourced(
    value=0.5,
    unit="share",
    low=0.3,
    high=0.8,
    grade="D",
    source="assumption; half the loss, as schemes for older workers in the United States paid",
)
MONTHS: Final = Sourced(
    value=24,
    unit="months",
    low=12,
    high=60,
    grade="D",
    source="assumption; two years, as schemes for older workers in the United States paid",
)


class WageInsurance(Policy):
    """Tops up the wage of displaced people who are hired at a lower one, until the year's budget is used up."""

    kind: Literal["wage-insurance"] = "wage-insurance"
    share: Annotated[Sourced, measured("share", 0, 1)] = Field(
        default=SHARE, description="share of the loss of monthly wage that is paid"
    )
    months: Annotated[Sourced, measured("months", 1, 120, whole=True)] = Field(
        default=MONTHS, description="months for which it is paid, from the month of the hire"
    )

    def enter(self, state: Any, in_force: NDArray[np.bool_]) -> None:
        """Open the account; the step that insures wages asks it for money."""
        if state.insurances:
            raise InputError.one(self.id, "a run holds at most one wage-insurance policy")
        state.insurances.append(
            Insurance(
                ledger=Ledger(round(self.budget.number * 100)),
                in_force=in_force,
                permille=round(self.share.number * 1000),
                months=int(self.months.number),
            )
        )
