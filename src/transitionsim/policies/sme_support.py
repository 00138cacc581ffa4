"""SME support: a grant, a loan guarantee or advice for suppliers below a size that would build a new line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal

import numpy as np
from pydantic import Field

from transitionsim.columns import ADVICE, BUILDING, GRANT, GUARANTEE, INSTRUMENT_NAMES, NEVER, NOT_CONVERTED
from transitionsim.draws import stream, uniform
from transitionsim.evidence import Sourced, measured
from transitionsim.ledger import Running
from transitionsim.policies.base import Hook, Policy
from transitionsim.quantities import Series
from transitionsim.sentences import Whole
from transitionsim.world import State

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


@dataclass(kw_only=True)
class Grants(Running):
    """A conversion support in a run: what it offers, and what firms add to it."""

    instrument: int
    """Grant, guarantee or advice."""
    share: float
    """Share of the conversion cost granted or guaranteed; for advice, what is left of the hurdle."""
    staff_below: int
    fee: int
    """Cents for the advice of one firm."""
    default: float
    """Chance in a month that a guaranteed loan fails though the firm goes on."""
    private_investment: int = 0
    """Cents that supported firms have invested beside the support, to date."""


def offer_support(state: State) -> None:
    """The best offer of each kind of support that has money left is published."""
    offered = {GRANT: 0.0, GUARANTEE: 0.0, ADVICE: 1.0}
    for support in state.public.offers(Grants):
        if support.may_spend(state.month):
            best = min if support.instrument == ADVICE else max
            offered[support.instrument] = best(offered[support.instrument], support.share)
    state.world["grant_offered"] = offered[GRANT]
    state.world["guarantee_offered"] = offered[GUARANTEE]
    state.world["hurdle_offered"] = offered[ADVICE]


def grant_support(state: State) -> None:
    """Conversion support goes to the applicants most dependent on combustion parts, as far as the money goes."""
    firms = state.employers
    for number, support in enumerate(state.public.offers(Grants)):
        if not support.in_force[state.month]:
            continue
        persons = firms["posts_start"] * state.scale / firms["represents"]
        wants = (firms["applies"] >> support.instrument) & 1 == 1
        apply = np.nonzero(wants & (firms["support"] < 0) & (persons < support.staff_below))[0]
        order = np.lexsort((firms["key"][apply], -firms["dependence"][apply]))
        for f in apply[order]:
            amount = cents_for(state, int(f), support)
            if 0 < amount <= support.ledger.available:
                support.ledger.reserve(amount)
                _write(state, int(f), support, number)


def _write(state: State, firm: int, support: Grants, number: int) -> None:
    """Write into a firm's row what a policy gives it; the number -1 takes it back."""
    firms, given = state.employers, number >= 0
    firms["support"][firm] = number
    if support.instrument == GRANT:
        firms["grant_share"][firm] = support.share if given else 0.0
    elif support.instrument == GUARANTEE:
        firms["guarantee"][firm] = support.share if given else 0.0
    else:
        firms["advised"][firm] = given


def cents_for(state: State, firm: int, support: Grants) -> int:
    """Return what a policy reserves for the firms that a row stands for: grant, guaranteed sum or fee, in cents."""
    row = state.employers[firm]
    if support.instrument == ADVICE:
        return support.fee * int(row["represents"])
    return int(float(row["conversion_cost"]) * support.share * int(row["represents"]) * 100.0 + 0.5)


def _own_cents(row: np.void) -> int:
    """Return what the firms that a row stands for invest beside a grant, in cents; guaranteed loans are their own."""
    own = float(row["conversion_cost"]) * (1.0 - float(row["grant_share"]))
    return int(own * int(row["represents"]) * 100.0 + 0.5)


def settle_grants(state: State) -> None:
    """Support is paid to firms that begin to build and free again for others; guarantees end, or are called."""
    firms, policies = state.employers, state.public.offers(Grants)
    for f in np.nonzero(firms["support"] >= 0)[0]:
        support = policies[int(firms["support"][f])]
        if firms["stage"][f] == NOT_CONVERTED:
            support.ledger.release(cents_for(state, int(f), support))
            _write(state, int(f), support, -1)
        elif support.instrument == GUARANTEE:
            _settle_loan(state, int(f), support)
        elif firms["stage"][f] == BUILDING and firms["stage_month"][f] == state.month:
            support.ledger.pay(cents_for(state, int(f), support))
        if firms["stage"][f] == BUILDING and firms["stage_month"][f] == state.month:
            support.private_investment += _own_cents(firms[f])


def _settle_loan(state: State, firm: int, support: Grants) -> None:
    """Free a guarantee whose loan is paid back; pay what is still owed when the firm has closed or the loan fails."""
    row = state.employers[firm]
    end = int(row["loan_end"])
    if end == NEVER:
        return
    months = int(state.settings.value("conversion.loan_months"))
    begun = end - months == state.month
    fails = bool(row["closed"]) or (not begun and _fails(state, firm, support))
    if state.month <= end and not fails:
        return
    whole = cents_for(state, firm, support)
    owed = whole * max(0, end - state.month + 1) // months if fails else 0
    support.ledger.pay(owed)
    support.ledger.release(whole - owed)
    state.employers["loan_end"][firm] = NEVER


def _fails(state: State, firm: int, support: Grants) -> bool:
    if support.default <= 0.0:
        return False
    address = stream(state.seed, f"loan_default/{support.id}", state.month)
    return float(uniform(address, state.employers["key"][firm : firm + 1])[0]) < support.default


def _invested(state: State) -> int:
    return sum(one.private_investment for one in state.public.offers(Grants))


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

    series: ClassVar = (
        Series(
            "private_investment_cents",
            "to date",
            "EUR cents",
            "own part of the lines that supported firms build",
            _invested,
        ),
    )
    hooks: ClassVar = (
        Hook(after="follow_the_road", step=offer_support),
        Hook(after="weigh_conversion", step=grant_support),
        Hook(after="build_a_line", step=settle_grants),
    )
    writes: ClassVar = ("employers", "world")

    def begin(self, state: State) -> Grants:
        """Open the account, to which firms apply; what is offered stands in the order of ``State.instruments``."""
        share = {"grant": self.grant_share, "guarantee": self.guarantee_share, "advice": self.hurdle_ratio}
        instrument = INSTRUMENT_NAMES.index(self.instrument)
        state.public.instruments = np.append(state.public.instruments, instrument)
        settings = state.settings
        return Grants(
            id=self.id,
            ledger=self.account(),
            in_force=self.in_force(settings.start, settings.months),
            instrument=instrument,
            share=share[self.instrument].number,
            staff_below=int(self.staff_below),
            fee=round(self.advice_cost.number * 100),
            default=self.default_rate.number / 12.0,
        )
