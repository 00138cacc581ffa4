"""Short-time work: more months of it than the country allows, the benefit of those months paid from a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from transitionsim.columns import Records
from transitionsim.evidence import Sourced, measured
from transitionsim.ledger import Running
from transitionsim.markets.short_time import benefits
from transitionsim.policies.base import Hook, Policy
from transitionsim.sentences import Whole
from transitionsim.world import State

EXTRA_MONTHS: Final = Sourced(
    value=12,
    unit="months",
    low=3,
    high=24,
    grade="D",
    source="assumption; Germany goes from 12 to 24 months in crises (Eurofound, Kurzarbeitergeld)",
)


@dataclass(kw_only=True)
class Extension(Running):
    """Short-time work beyond the months of the country: how many months more, and for firms below which size."""

    months: int
    staff_below: int


def offer_extension(state: State) -> None:
    """Firms learn how many months of short time a policy with money left adds to those of the country."""
    running = [one for one in state.public.offers(Extension) if one.may_spend(state.month)]
    state.world["short_time_extension"] = max((one.months for one in running), default=0)


def extend_short_time(state: State) -> None:
    """Short time beyond the months of the country is paid by policies, as far as their money goes, or ends."""
    extensions, firms = state.public.offers(Extension), state.employers
    if extensions and (firms["extends"] & (firms["short_time"] > 0.0)).any():
        replacement = state.settings.value("short_time.replacement")
        cents = benefits(state.workers, state.labour.automotive_staff, firms, replacement)[0] * state.scale
        most = int(state.settings.value("short_time.most_months"))
        state.public.short_time_by_policies += extend(firms, cents, extensions, state.month, most, state.scale)


def extend(
    employers: Records,
    cents: NDArray[np.int64],
    extensions: Sequence[Extension],
    month: int,
    most_months: int,
    scale: int,
) -> int:
    """Pay for firms on short time beyond ``most_months``, the ``cents`` (employers,) that it costs; return the sum.

    Firms that lose most hours come first, ties by key; who gets nothing has no short time this month.
    """
    asking = np.nonzero(employers["extends"] & (employers["short_time"] > 0.0))[0]
    order = np.lexsort((employers["key"][asking], -employers["short_time"][asking]))
    paid = 0
    for f in asking[order]:
        persons = float(employers["posts_start"][f]) * scale / float(employers["represents"][f])
        used, cost = int(employers["short_time_months"][f]), int(cents[f])
        for one in extensions:
            fits = one.in_force[month] and persons < one.staff_below and used < most_months + one.months
            if fits and cost <= one.ledger.available:
                one.ledger.reserve(cost)
                one.ledger.pay(cost)
                paid += cost
                break
        else:
            employers["short_time"][f] = 0.0
    return paid


class ShortTimeWork(Policy):
    """Months of short time beyond those of the country, until the year's budget is used up."""

    kind: Literal["short-time-work"] = "short-time-work"
    extra_months: Annotated[Sourced, measured("months", 1, 60, whole=True)] = Field(
        default=EXTRA_MONTHS, description="months of short time added to those of the country"
    )
    staff_below: Whole = Field(
        default=100_000, ge=1, le=100_000, description="firms with fewer staff at the start may go on"
    )

    hooks: ClassVar = (
        Hook(after="follow_the_road", step=offer_extension),
        Hook(after="work_short_time", step=extend_short_time),
    )
    writes: ClassVar = ("employers", "world", "public.short_time_by_policies")

    def begin(self, state: State) -> Extension:
        """Open the account; it is asked for money by firms that have used up the months of the country."""
        settings = state.settings
        return Extension(
            id=self.id,
            ledger=self.account(),
            in_force=self.in_force(settings.start, settings.months) & settings.mechanisms.short_time_work,
            months=int(self.extra_months.number),
            staff_below=int(self.staff_below),
        )

    @classmethod
    def fault(cls, state: State) -> str:
        """Say whether money is set aside that is paid at once, or more is paid than the benefit for short time."""
        benefit = state.public.short_time_pay
        ledgers = [one.ledger for one in state.public.offers(Extension)]
        if any(ledger.reserved for ledger in ledgers) or sum(one.paid for one in ledgers) > benefit:
            return f"policies reserved or paid more than the benefit for short time, {benefit}: {ledgers}"
        return ""
