"""Credit: guaranteed loans are paid back month by month."""

from __future__ import annotations

from typing import Any

from transitionsim.columns import NEVER
from transitionsim.rule import rule


@rule(on="employers")
def repay_the_loan(employer: Any, world: Any, luck: Any) -> None:
    """A firm pays back its guaranteed loan in equal parts, from the month after it began to build.

    Simplified: no interest; the loan covers all that is guaranteed, needed or not.
    """
    if employer.loan_end == NEVER or employer.closed or world.month > employer.loan_end:
        return
    if world.month > employer.loan_end - world.loan_months:
        employer.liquidity = employer.liquidity - employer.guarantee * employer.conversion_cost / world.loan_months
