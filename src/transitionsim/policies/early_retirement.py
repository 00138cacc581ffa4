"""Early retirement: part of what early exits cost small firms, so that those short of cash can offer them too."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from transitionsim.evidence import Sourced, measured
from transitionsim.markets.early_exits import ExitSupport
from transitionsim.policies.base import Policy
from transitionsim.sentences import Whole
from transitionsim.world import State

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

    def begin(self, state: State) -> ExitSupport:
        """Open the account; it pays with the firm in the month in which a person leaves."""
        settings = state.settings
        return ExitSupport(
            id=self.id,
            ledger=self.account(),
            in_force=self.in_force(settings.start, settings.months) & settings.mechanisms.early_exits,
            share=self.cost_share.number,
            staff_below=int(self.staff_below),
        )

    @classmethod
    def fault(cls, state: State) -> str:
        """Say whether money is set aside that is paid at once, or more is paid than early exits cost."""
        cost = state.public.early_exit_cost
        ledgers = [one.ledger for one in state.public.offers(ExitSupport)]
        if any(ledger.reserved for ledger in ledgers) or sum(one.paid for one in ledgers) > cost:
            return f"policies reserved or paid more than the cost of early exits, {cost}: {ledgers}"
        return ""
