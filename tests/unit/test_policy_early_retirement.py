"""The policy early-retirement: it pays its part of early exits, to the cent, at small firms."""

from __future__ import annotations

from typing import Any

from transitionsim.model import TransitionModel

FALL = {"2025-01": 1.0, "2025-03": 1.0, "2025-04": 0.6}
PLAIN = {"short_time__most_months": 0, "finance__liquidity_months": 1}


def model(small: Any, budget: int = 50_000_000, name: str = "early-retirement", **values: Any) -> TransitionModel:
    """Return a run through a lasting fall without short time and with little cash, the policy from the first month."""
    policy = {"from": "2025-01", "to": "2028-12", "budget": budget} if name == "early-retirement" else {}
    settings = {f"policies__early-retirement__{key}": value for key, value in {**policy, **values}.items()}
    return TransitionModel(small(name, months=36, demand__volume=FALL, **PLAIN, **settings), rng=2).run()


def test_firms_short_of_cash_can_offer_more_early_exits(small: Any) -> None:
    with_it, without = model(small), model(small, name="current-policy")
    assert with_it.series["early_exits"].sum() > without.series["early_exits"].sum()
    # In the year of the fall; later the two firms lead other lives.
    assert with_it.series["dismissals"][:12].sum() < without.series["dismissals"][:12].sum()
    assert 0 < with_it.series["spent_cents"][-1] < with_it.series["early_exit_cost_cents"][-1]


def test_paid_in_full_every_cent_is_the_policys(small: Any) -> None:
    series = model(small, cost_share=1.0, staff_below=100_000).series
    assert series["spent_cents"][-1] > 0
    assert (series["spent_cents"] == series["early_exit_cost_cents"]).all()


def test_it_never_pays_more_than_was_granted(small: Any) -> None:
    little = model(small, budget=200_000)
    ledger = little.state.public.policies[0].ledger
    assert 0 < ledger.paid <= ledger.granted
    assert ledger.holds()
    assert ledger.reserved == 0
    assert ledger.paid < model(small).series["spent_cents"][-1]


def test_without_money_it_is_nothing(small: Any) -> None:
    digest = model(small, name="current-policy").digest()
    assert model(small, budget=0).digest() == digest
    assert model(small, staff_below=1).digest() == digest
    assert model(small).digest() != digest
