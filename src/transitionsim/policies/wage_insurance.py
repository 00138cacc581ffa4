"""Wage insurance: for some months a part of the wage that displaced people lose with their next job.

The insured is the wage of one job: the one taken after a job was lost for lack of orders or by closure, at a lower
wage. The top-up ends with the job or with the months insured. A rise of the wage in the job lowers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from transitionsim.columns import EMPLOYED, LONG_AGO, NEVER, Column, Records
from transitionsim.compiling import compiled
from transitionsim.draws import stream, uniform
from transitionsim.errors import InputError
from transitionsim.evidence import Sourced, measured
from transitionsim.ledger import Running
from transitionsim.policies.base import Hook, Policy
from transitionsim.quantities import Series
from transitionsim.worker import left_involuntarily
from transitionsim.world import State

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


@dataclass(kw_only=True)
class Insurance(Running):
    """A wage insurance in a run: the thousandths of the loss that it pays, and for how long."""

    permille: int
    months: int
    insured: int = 0
    """People whose wage was topped up this month, in rows."""


@compiled
def claimants(workers: Records, month: int) -> NDArray[np.int64]:
    """Return the rows of the displaced who were hired this month at a lower wage than they lost."""
    rows = np.empty(len(workers), np.int64)
    count = 0
    for i in range(len(workers)):
        row = workers[i]
        if row.hired != month or row.status != EMPLOYED or row.notice_end != NEVER:
            continue
        if left_involuntarily(row) and row.wage < row.wage_before:
            rows[count] = i
            count += 1
    return rows[:count].copy()


@compiled
def owed(workers: Records, month: int, permille: int, months: int) -> tuple[int, int, int]:
    """Return the cents due this month, the cents that may be due later, and the people insured, in rows."""
    due = 0
    later = 0
    people = 0
    for i in range(len(workers)):
        row = workers[i]
        if row.insured == LONG_AGO or row.insured != row.hired or row.status != EMPLOYED:
            continue
        left = row.insured + months - month
        if left > 0:
            top_up = max(0, row.wage_before - row.wage) * permille // 1000
            due += top_up
            later += top_up * (left - 1)
            people += 1
    return due, later, people


def insure_wages(state: State) -> None:
    """Displaced people hired at a lower wage are insured as far as the money goes; a part of the loss is paid."""
    for one in state.public.offers(Insurance):
        if one.may_spend(state.month):
            _admit(state, one)
        due, later, people = owed(state.workers, state.month, one.permille, one.months)
        # A wage that falls within the job is not insured: no more is paid than was set aside.
        one.ledger.pay(min(due * state.scale, one.ledger.reserved))
        one.ledger.release(max(0, one.ledger.reserved - later * state.scale))
        one.insured = people


def _admit(state: State, one: Insurance) -> None:
    """Set aside the top-ups of all insured months, in the order of keyed luck, until the money is used up."""
    workers = state.workers
    rows = claimants(workers, state.month)
    luck = uniform(stream(state.seed, "insurance_priority", state.month), workers["key"][rows])
    rows = rows[np.lexsort((workers["key"][rows], luck))]
    loss = workers["wage_before"][rows].astype(np.int64) - workers["wage"][rows]
    cost = loss * one.permille // 1000 * one.months * state.scale
    admitted = np.cumsum(cost) <= one.ledger.available
    workers["insured"][rows[admitted]] = state.month
    one.ledger.reserve(int(cost[admitted].sum()))


def _insured(state: State) -> int:
    return sum(one.insured for one in state.public.offers(Insurance))


class WageInsurance(Policy):
    """Tops up the wage of displaced people who are hired at a lower one, until the year's budget is used up."""

    kind: Literal["wage-insurance"] = "wage-insurance"
    share: Annotated[Sourced, measured("share", 0, 1)] = Field(
        default=SHARE, description="share of the loss of monthly wage that is paid"
    )
    months: Annotated[Sourced, measured("months", 1, 120, whole=True)] = Field(
        default=MONTHS, description="months for which it is paid, from the month of the hire"
    )

    columns: ClassVar = {
        "workers": (
            Column(
                "insured",
                "i2",
                "month",
                "month of the hire whose wage a policy tops up, -32767 for none",
                start=LONG_AGO,
            ),
        )
    }
    series: ClassVar = (
        Series("wage_insured", "stock", "persons", "people employed whose wage a policy tops up", _insured),
    )
    hooks: ClassVar = (Hook(after="match_jobs", step=insure_wages),)
    writes: ClassVar = ("workers",)

    def begin(self, state: State) -> Insurance:
        """Open the account; the step that insures wages asks it for money."""
        if state.public.offers(Insurance):
            raise InputError.one(self.id, "a run holds at most one wage-insurance policy")
        settings = state.settings
        return Insurance(
            id=self.id,
            ledger=self.account(),
            in_force=self.in_force(settings.start, settings.months),
            permille=round(self.share.number * 1000),
            months=int(self.months.number),
        )
