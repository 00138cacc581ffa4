"""Mobility grant: euros for displaced people who take a job in another region."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from transitionsim.errors import InputError
from transitionsim.evidence import Sourced, measured
from transitionsim.ledger import Ledger, Moves
from transitionsim.policies.base import Policy

FACTOR: Final = Sourced(
    value=1.5,
    unit="ratio",
    low=1.0,
    high=3.0,
    grade="D",
    source="assumption; no measurement for displaced European workers was found",
)


class MobilityGrant(Policy):
    """One grant for each displaced person who moves, until the year's budget is used up."""

    kind: Literal["mobility-grant"] = "mobility-grant"
    grant: Annotated[Sourced, measured("EUR", 1, 1e6)] = Field(description="euros for one move")
    factor: Annotated[Sourced, measured("ratio", 1, 20)] = Field(
        default=FACTOR, description="how much likelier a displaced person without a job moves with the grant"
    )

    def enter(self, state: Any, in_force: NDArray[np.bool_]) -> None:
        """Open the account; the step that grants moves asks it for money."""
        if state.moves:
            raise InputError.one(self.id, "a run holds at most one mobility-grant policy")
        state.moves.append(
            Moves(
                ledger=Ledger(round(self.budget.number * 100)),
                in_force=in_force & state.scenario.mechanisms.migration,
                grant=round(self.grant.number * 100) * state.scale,
                factor=self.factor.number,
            )
        )
