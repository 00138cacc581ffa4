"""SME support: grants towards the cost of a new line for suppliers below a size."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from transitionsim.evidence import Sourced
from transitionsim.ledger import Grants, Ledger
from transitionsim.policies.base import Policy
from transitionsim.regions.schema import measured
from transitionsim.sentences import Whole

GRANT_SHARE: Final = Sourced(
    value=0.5,
    unit="share",
    low=0.2,
    high=0.8,
    grade="D",
    source="assumption; aid intensities for small firms differ by region and scheme",
)


class SmeSupport(Policy):
    """Grants towards the conversion cost of small suppliers, until the year's budget is used up."""

    kind: Literal["sme-support"] = "sme-support"
    grant_share: Annotated[Sourced, measured("share", 0, 1)] = Field(
        default=GRANT_SHARE, description="share of the conversion cost that is granted"
    )
    staff_below: Whole = Field(
        default=250, ge=1, le=100_000, description="suppliers with fewer staff at the start may apply"
    )

    def enter(self, state: Any, in_force: NDArray[np.bool_]) -> None:
        """Open the account; the market for grants asks it for money."""
        ledger = Ledger(round(self.budget.number * 100))
        state.grants.append(Grants(ledger, in_force, self.grant_share.number, int(self.staff_below)))
