"""The policy short-time-work: it pays for the months it adds, to the cent, and for no others."""

from __future__ import annotations

from typing import Any

import numpy as np

from transitionsim.model import TransitionModel

FALL = {"2025-01": 1.0, "2025-03": 1.0, "2025-04": 0.6}


def model(small: Any, budget: int = 50_000_000, name: str = "short-time-work", **values: Any) -> TransitionModel:
    """Return a run through a lasting fall, with the policy from the first month."""
    policy = {"from": "2025-01", "to": "2028-12", "budget": budget} if name == "short-time-work" else {}
    settings = {f"policies__short-time-work__{key}": value for key, value in policy.items()}
    return TransitionModel(small(name, months=40, demand__volume=FALL, **settings, **values), rng=2).run()


def test_it_adds_months_and_pays_for_them(small: Any) -> None:
    still = {"mechanisms__plant_shocks": False}  # no firm is on short time before the fall
    extended = model(small, **still)
    with_it, without = extended.series, model(small, name="current-policy", **still).series
    begins = int(np.nonzero(with_it["spent_cents"])[0][0])
    months = int(np.nonzero(without["short_time"])[0][0])
    # The months of the country are the country's: the policy pays from the one after the last of them.
    assert begins == months + extended.state.settings.register.value("short_time.most_months")
    assert (with_it["short_time"][:begins] == without["short_time"][:begins]).all()
    assert with_it["short_time"].sum() > 1.2 * without["short_time"].sum()
    assert 0 < with_it["spent_cents"][-1] < with_it["short_time_pay_cents"][-1]


def test_where_the_country_has_none_the_policy_pays_every_cent(small: Any) -> None:
    series = model(small, short_time__most_months=0).series
    assert series["spent_cents"][-1] > 0
    assert (series["spent_cents"] == series["short_time_pay_cents"]).all()


def test_when_the_money_is_used_up_nobody_is_extended(small: Any) -> None:
    """With little money less is paid than would be with much, and never more than was granted."""
    little, much = (model(small, budget, short_time__most_months=0) for budget in (300_000, 50_000_000))
    paid = little.series["spent_cents"][-1]
    ledger = little.state.public.policies[0].ledger
    assert 0 < paid <= ledger.granted < much.series["spent_cents"][-1]
    assert ledger.holds()
    assert ledger.reserved == 0
    assert little.series["short_time"].sum() < much.series["short_time"].sum()


def test_without_money_or_without_short_time_work_it_is_nothing(small: Any) -> None:
    digest = model(small, name="current-policy").digest()
    assert model(small, budget=0).digest() == digest
    assert model(small).digest() != digest
    off = model(small, mechanisms__short_time_work=False)
    assert off.series["spent_cents"][-1] == off.series["short_time_pay_cents"][-1] == 0


def test_it_is_for_firms_below_a_size(small: Any) -> None:
    nobody = model(small, **{"policies__short-time-work__staff_below": 1})
    assert nobody.series["spent_cents"][-1] == 0
    assert nobody.digest() == model(small, name="current-policy").digest()
