"""Three instruments of conversion support: a grant pays, a guarantee lets a firm borrow, advice lowers the hurdle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from transitionsim.columns import BUILDING, CONVERTED, INSTRUMENT_NAMES, NEVER, NOT_CONVERTED, OTHER_ECONOMY
from transitionsim.model import TransitionModel
from transitionsim.policies.sme_support import cents_for, settle_grants

POLICY = "policies.sme-support."
OPEN = {POLICY + "from": "2025-01", POLICY + "budget": 50_000_000, "conversion.credit_share": 0.02}


def supported(small: Any, instrument: str, **values: Any) -> TransitionModel:
    """Return a finished run in which credit is short and one instrument is on offer from the first month."""
    scenario = small("sme-support", **{"months": 72, **OPEN, POLICY + "instrument": instrument, **values})
    return TransitionModel(scenario, rng=5).run()


@pytest.mark.parametrize(("instrument", "credit"), [("grant", 0.02), ("guarantee", 0.02), ("advice", 0.1)])
def test_each_instrument_makes_more_suppliers_convert(
    small: Any, run_small: Any, instrument: str, credit: float
) -> None:
    """Money helps where credit is short, advice where it is not and the future uncertain."""
    values = {"conversion.credit_share": credit, "conversion.volatility": 0.25}
    plain = TransitionModel(small("current-policy", months=72, **values), rng=5).run()
    helped = supported(small, instrument, **values)
    assert helped.series["suppliers_converted"][-1] > plain.series["suppliers_converted"][-1]


@pytest.mark.parametrize("instrument", INSTRUMENT_NAMES)
def test_without_money_no_instrument_does_anything(small: Any, run_small: Any, instrument: str) -> None:
    plain = run_small("current-policy", seed=5, months=36, conversion__credit_share=0.02)
    assert supported(small, instrument, months=36, **{POLICY + "budget": 0}).digest() == plain.digest()


def test_a_guarantee_reserves_what_it_covers_and_frees_it_when_the_loan_is_paid_back(small: Any) -> None:
    values = {POLICY + "instrument": "guarantee", POLICY + "default_rate": 0, POLICY + "to": "2026-12"}
    scenario = small("sme-support", months=84, **OPEN, **values, **{"conversion.loan_months": 36})
    model = TransitionModel(scenario, rng=3)
    support, most = model.state.public.policies[0], 0
    while model.running:
        model.step()
        state = model.state
        running = np.nonzero(state.employers["loan_end"] != NEVER)[0]
        assert support.ledger.reserved == sum(cents_for(state, int(f), support) for f in running)
        most = max(most, support.ledger.reserved)
    assert most > 0
    assert support.ledger.reserved == 0, "every loan has run its time"
    assert support.ledger.paid == 0, "nobody closed, nothing failed"


def test_a_guaranteed_loan_is_paid_back_in_equal_parts(small: Any) -> None:
    """The guaranteed part leaves the cash of a firm over the life of the loan, not when it begins to build."""
    model = TransitionModel(small("no-transition", months=90, conversion__loan_months=36), rng=3)
    # No books are kept for other employers: what is left is the loan.
    rows = model.state.employers
    firm = int(np.nonzero(rows["tier"] == OTHER_ECONOMY)[0][0])
    for name, value in {"guarantee": 0.5, "conversion_cost": 72_000.0, "liquidity": 0.0, "loan_end": 40}.items():
        rows[name][firm] = value
    paid = []
    for _ in range(45):
        model.step()
        paid.append(float(rows["liquidity"][firm]))
    steps_down = -np.diff(np.array([0.0, *paid]))
    assert steps_down[:5].tolist() == [0.0] * 5, "it begins in the month after the line was begun"
    assert steps_down[5:41] == pytest.approx(np.full(36, 1000.0))
    assert steps_down[41:].tolist() == [0.0] * 4


def test_when_a_firm_closes_the_guarantee_pays_what_it_still_owes(small: Any) -> None:
    scenario = small("sme-support", months=24, **OPEN, **{POLICY + "instrument": "guarantee"})
    model = TransitionModel(scenario, rng=3)
    state = model.state
    support = state.public.policies[0]
    firm = int(np.nonzero(state.employers["conversion_cost"] > 0)[0][0])
    row = state.employers[firm : firm + 1]
    whole = cents_for(state, firm, support)
    support.ledger.granted = support.ledger.available = whole
    support.ledger.reserve(whole)
    row["support"], row["guarantee"], row["stage"], row["closed"] = 0, support.share, CONVERTED, True
    row["loan_end"] = 20
    state.month = 0  # 84 instalments end in month 20, so 21 are still to come
    settle_grants(state)
    assert support.ledger.paid == whole * 21 // 84
    assert support.ledger.available == whole - support.ledger.paid
    assert support.ledger.reserved == 0
    assert row["loan_end"][0] == NEVER


def test_loans_fail_at_the_stated_rate(small: Any) -> None:
    certain = {"value": 1.0, "unit": "share a year", "source": "scenario lever"}
    failing = supported(small, "guarantee", **{POLICY + "default_rate": certain})
    sound = supported(small, "guarantee", **{POLICY + "default_rate": 0})
    assert failing.series["spent_cents"][-1] > sound.series["spent_cents"][-1] == 0


def test_advice_costs_its_fee_for_each_firm_that_builds(small: Any) -> None:
    state = supported(small, "advice", **{POLICY + "advice_cost": 25_000, "conversion.credit_share": 0.1}).state
    advised = state.employers["advised"]
    assert advised.sum() > 0
    assert (state.employers["stage"][advised] != NOT_CONVERTED).all()
    assert state.public.policies[0].ledger.paid == 2_500_000 * int(state.employers["represents"][advised].sum())
    assert state.public.policies[0].ledger.reserved == 0


def test_a_firm_gets_only_the_instrument_with_which_it_would_build(small: Any) -> None:
    """Advice helps nobody who lacks the means, a guarantee nobody whom the line would not pay."""
    model = TransitionModel(small("sme-support", months=12, **OPEN), rng=3)
    state = model.state
    state.world.update(grant_offered=0.5, guarantee_offered=0.6, hurdle_offered=0.8)
    state.world["conversion"] = True
    rows = state.employers
    rows["main_group"], rows["dependence"], rows["main_share"], rows["stage"] = 0, 0.9, 1.0, NOT_CONVERTED
    rows["revenue_start"], rows["conversion_cost"], rows["margin"] = 100_000.0, 1_000_000.0, 0.1
    from transitionsim.columns import EMPLOYER
    from transitionsim.engine import Sweep
    from transitionsim.rules.firms import weigh_conversion

    def applies(gain: float, cash: float, *, interpret: bool) -> int:
        """Return what firms apply for whose gain is a multiple of the cost and whose cash a share of it."""
        fixed = 1.0 - state.world["materials_share"] - state.world["labour_share"] - 0.1
        value = 12.0 * 100_000.0 * state.world["capture"] * (0.1 + fixed * state.world["fixed_cost_stays"])
        state.world["electric_value"] = np.full(7, gain * 1_000_000.0 / value)
        rows["liquidity"] = cash * 1_000_000.0 - state.world["credit_share"] * 12.0 * 100_000.0
        Sweep([weigh_conversion], EMPLOYER, state.world, interpret=interpret)(rows, state.world, 1, 0)
        found = set(rows["applies"][~rows["closed"]].tolist())
        assert len(found) == 1
        return found.pop()

    for interpret in (False, True):
        assert applies(1.6, 1.1, interpret=interpret) == 7, "it would build with each, and without"
        assert applies(1.6, 0.7, interpret=interpret) == 3, "advice brings no money"
        assert applies(1.3, 1.1, interpret=interpret) == 5, "a guarantee brings no gain"
        assert applies(1.3, 0.7, interpret=interpret) == 1, "only a grant brings both"
        assert applies(0.5, 0.7, interpret=interpret) == 0


def test_both_engines_give_the_same_bytes(small: Any) -> None:
    scenario = small("sme-support", months=6, **OPEN, **{POLICY + "instrument": "guarantee"})
    compiled = TransitionModel(scenario, rng=3, interpret=False).run()
    interpreted = TransitionModel(scenario, rng=3, interpret=True).run()
    assert compiled.digest() == interpreted.digest()
    assert (compiled.state.employers["stage"] == BUILDING).any()
