"""SME support: a grant, a loan guarantee or advice for suppliers below a size that would build a new line."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from transitionsim.columns import INSTRUMENT_NAMES
from transitionsim.evidence import Sourced, measured
from transitionsim.ledger import Grants, Ledger
from transitionsim.policies.base import Policy
from transitionsim.sentences import Whole

GRANT_SHARE: Final = Sourced(
    value=0.5,
    unit="share",
    low=0.2,
    high=0.8,
    grade="D",
    source="assumption; aid intensities for small firms differ by region and scheme",
)
GUARANTEE_SHARE: Final = Sourced(
    value=0.6,
    unit="share",
    low=0.2,
    high=0.8,
    grade="D",
    source="assumption; public guarantees cover at most four fifths of a loan",
)
DEFAULT_RATE: Final = Sourced(
    value=0.02,
    unit="share a year",
    low=0.0,
    high=0.06,
    grade="D",
    source="assumption; order of magnitude of losses of guarantee funds beside closures",
)
HURDLE_RATIO: Final = Sourced(
    value=0.8,
    unit="ratio",
    low=0.6,
    high=1.0,
    grade="D",
    source="assumption; no measurement of advice on conversion was found",
)
ADVICE_COST: Final = Sourced(
    value=30_000,
    unit="EUR",
    low=10_000,
    high=80_000,
    grade="D",
    source="assumption; a study of a new line by outside engineers",
)


class SmeSupport(Policy):
    """Support for the conversion of small suppliers, until the year's budget is used up."""

    kind: Literal["sme-support"] = "sme-support"
    instrument: Literal["grant", "guarantee", "advice"] = Field(
        default="grant", description="a share of the cost, a guaranteed loan for a share of it, or advice"
    )
    grant_share: Annotated[Sourced, measured("share", 0, 1)] = Field(
        default=GRANT_SHARE, description="share of the conversion cost that is granted"
    )
    guarantee_share: Annotated[Sourced, measured("share", 0, 1)] = Field(
        default=GUARANTEE_SHARE, description="share of the conversion cost for which a loan is guaranteed"
    )
    default_rate: Annotated[Sourced, measured("share a year", 0, 1)] = Field(
        default=DEFAULT_RATE, description="share of guaranteed loans that fail in a year though the firm goes on"
    )
    hurdle_ratio: Annotated[Sourced, measured("ratio", 0, 1)] = Field(
        default=HURDLE_RATIO, description="what is left of the hurdle of a firm after advice"
    )
    advice_cost: Annotated[Sourced, measured("EUR", 0, 1e7)] = Field(
        default=ADVICE_COST, description="euros for the advice of one firm"
    )
    staff_below: Whole = Field(
        default=250, ge=1, le=100_000, description="suppliers with fewer staff at the start may apply"
    )

    def enter(self, state: Any, in_force: NDArray[np.bool_]) -> None:
        """Open the account; the market for conversion support asks it for money."""
        share = {"grant": self.grant_share, "guarantee": self.guarantee_share, "advice": self.hurdle_ratio}
        state.grants.append(
            Grants(
                id=self.id,
                ledger=Ledger(round(self.budget.number * 100)),
                in_force=in_force,
                instrument=INSTRUMENT_NAMES.index(self.instrument),
                share=share[self.instrument].number,
                staff_below=int(self.staff_below),
                fee=round(self.advice_cost.number * 100),
                default=self.default_rate.number / 12.0,
            )
        )
