"""The region and its money: posts, commuters, moves and the public purse, in exact limits and directions."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from transitionsim import steps
from transitionsim.columns import AWAY, EMPLOYED, IN_TRAINING, LONG_AGO, OTHER_ECONOMY, UNEMPLOYED
from transitionsim.experiments.outcomes import OUTCOMES, jobless_rate, public_balance
from transitionsim.model import TransitionModel
from transitionsim.steps.region import MOST_CREATED, job_creation

CUT = {"demand.volume": {"2025-01": 1.0, "2025-04": 1.0, "2025-05": 0.5}}
"""Half of the orders gone in a month: hundreds of people displaced in a region of four thousand."""


@pytest.mark.parametrize("elastic", ["fixed", "elastic"])
def test_employment_is_posts_less_vacancies_plus_overstaffing(run_small: Any, elastic: str) -> None:
    series = run_small("fast", months=60, region__job_creation=elastic, **CUT).series
    standing = series["posts"] - series["vacancies"] + series["overstaffing"] - series["posts_unposted"]
    assert (series["employment"] == standing).all()
    assert series["overstaffing"].max() > series["overstaffing"][0], "firms shrink by dismissing with a delay"


def test_posts_nobody_may_fill_are_neither_filled_nor_open(run_small: Any) -> None:
    series = run_small("no-transition", months=24, jobs__openings="none").series
    assert series["vacancies"].max() == 0
    assert series["posts_unposted"][-1] > 5 * series["posts_unposted"][0] > 0


def test_job_creation_without_elasticity_is_fixed(run_small: Any) -> None:
    fixed = run_small("fast", months=36)
    nothing = run_small("fast", months=36, region__job_creation="elastic", region__job_creation_elasticity=0)
    assert fixed.digest() == nothing.digest()
    elastic = run_small("fast", months=36, region__job_creation="elastic")
    assert fixed.digest() != elastic.digest()


def test_posts_follow_how_fast_vacancies_fill(small: Any) -> None:
    """Twice as fast: the elasticity's power of two, at most five per cent; slower: fewer; none posted: as before."""
    state = TransitionModel(small("no-transition", region__job_creation="elastic"), rng=1).state
    posted = np.full(len(state.reference.fill_reference), 10.0)
    state.reference.fill_reference = np.full(len(posted), 0.4)
    filled = np.full(len(posted), 0.4)
    filled[:3] = 0.42, 0.8, 0.1
    posted[4] = 0.0
    state.labour.vacancy_window[0] = posted
    state.labour.vacancy_window[1] = posted * (1.0 - filled)
    factor = job_creation(state)
    assert factor[0] == pytest.approx(1.05**0.3)
    assert factor[1] == 1.0 + MOST_CREATED
    assert factor[2] == 1.0 - MOST_CREATED
    assert factor[3:] == pytest.approx(1.0)


def test_elastic_job_creation_adds_to_the_local_response(small: Any) -> None:
    """Both act on the same posts: of a profile whose vacancies fill fast there are more, of the others as many."""
    scenario = small("no-transition", region__job_creation="elastic", region__local_response=-0.5)
    state = TransitionModel(scenario, rng=1).state
    others = state.employers["tier"] == OTHER_ECONOMY
    state.labour.vacancy_window[:] = 10.0
    state.labour.vacancy_window[1] = 10.0 * (1.0 - state.reference.fill_reference)
    state.labour.vacancy_window[1, :, 3] = 0.0
    state.reference.posts_reference += 200
    steps.respond_locally(state)
    steps.staff_other_trades(state)
    expected = 1.0 + state.labour.response / state.employers["posts_start"][others].sum()
    assert state.labour.response > 0
    change = state.labour.posts[others].sum(axis=0) / np.maximum(1, state.reference.posts_start[others].sum(axis=0))
    large = state.reference.posts_start[others].sum(axis=0) > 200
    large[3] = False
    assert change[large] == pytest.approx(expected, abs=0.01)
    assert change[3] > expected + 0.02


def test_commuters_are_out_of_the_rate_and_in_the_ledgers(run_small: Any) -> None:
    """Without moves, where people live changes no life: only who is counted as a resident."""
    # Moves and scars depend on the unemployment rate of residents, everything else on what people do.
    off = {"mechanisms__migration": False, "mechanisms__scars": False}
    none = run_small("fast", months=36, region__commuter_share=0, **off, **CUT)
    some = run_small("fast", months=36, region__commuter_share=0.15, **off, **CUT)
    for name in none.workers.names:
        if name != "commuter":
            assert (getattr(none.workers, name) == getattr(some.workers, name)).all(), name
    one, other = none.series, some.series
    assert (one["employment"] == other["employment"]).all()
    assert one["commuters"].max() == one["commuters_without_job"].max() == 0
    outside = other["commuters_without_job"]
    states = ("unemployed", "in_training", "inactive", "retired")
    assert (sum(one[name] for name in states) == sum(other[name] for name in states) + outside).all()
    assert np.abs(other["commuters"] / other["employment"] - 0.15).max() < 0.02
    assert np.abs(jobless_rate(one) - jobless_rate(other)).max() < 2.0
    seeking = other["unemployed"] + other["in_training"]
    assert some.unemployment_rate == seeking[-1] / (seeking[-1] + other["employment"][-1] - other["commuters"][-1])


def test_commuters_have_nothing_to_leave(run_small: Any) -> None:
    rows = run_small(
        "fast", months=60, region__migration_lag=1, region__commuter_share=0.15,
        region__migration_semi_elasticity=0.3, **CUT,
    ).workers.rows  # fmt: skip
    gone = rows["status"] == AWAY
    assert gone.sum() > 0
    assert not rows["commuter"][gone].any()


def test_people_leave_after_years_not_months(run_small: Any) -> None:
    """With a lag the first years are spent without work, and fewer have left; in the end people leave too."""
    values = {"months": 72, "region.migration_semi_elasticity": 0.3, **CUT}
    at_once = run_small("no-transition", **values, region__migration_lag=1).series["away"]
    later = run_small("no-transition", **values, region__migration_lag=36).series["away"]
    assert later[24] < at_once[24] / 2
    assert later[-1] > 0


def test_the_gap_is_a_mean_over_the_lag(small: Any) -> None:
    """In the first month of a shock the mean over 36 months is a thirty-sixth of the gap."""
    hazard = {}
    for lag in (1, 36):
        scenario = small("no-transition", region__migration_lag=lag, region__migration_dead_band=0)
        state = TransitionModel(scenario, rng=1).state
        state.counts.by_status[UNEMPLOYED] += 100
        steps.feel_the_slack(state)
        hazard[lag] = state.world["leaving_hazard"]
    assert hazard[1] > 0
    assert hazard[36] == pytest.approx(hazard[1] / 36)


def test_displaced_people_leave_as_often_as_the_register_says(run_small: Any) -> None:
    values = {"months": 48, "region.migration_lag": 1, "region.migration_semi_elasticity": 0.3, **CUT}
    gone = []
    for often in (1, 2.5):
        model = run_small("no-transition", **values, region__displaced_moves=often)
        gone.append(model.workers.rows["displaced_month"][model.workers.rows["status"] == AWAY] != LONG_AGO)
        series = model.series
        assert series["moved_away"].sum() - series["came_back"].sum() >= series["away"][-1] > 0
    assert gone[1].mean() > gone[0].mean()
    assert len(gone[1]) < 1.3 * len(gone[0]), "the slack says how many leave, not who they are"


def test_the_public_purse_is_counted_to_the_cent(run_small: Any) -> None:
    model = run_small("fast", months=7, **CUT, fiscal__benefit_cap=1500, fiscal__benefit_months=8)
    rows, series, month = model.workers.rows, model.series, model.month - 1
    register = model.transition.register()
    part = round(1000 * register.value("fiscal.benefit_replacement"))
    benefits = 0
    capped = 0
    for row in rows[(rows["status"] == UNEMPLOYED) | (rows["status"] == IN_TRAINING)]:
        if month - int(row["left_month"]) < 8:
            benefits += min(int(row["wage"]) * part // 1000, 150_000)
            capped += int(row["wage"]) * part // 1000 > 150_000
    wages = int(rows["wage"][rows["status"] == EMPLOYED].sum()) - model.state.counts.short_time_wages
    last = {name: int(np.diff(values)[-1]) for name, values in series.items() if name.endswith("_cents")}
    assert capped > 0
    assert last["benefits_cents"] == benefits > 0
    contributions = register.value("finance.contributions") + register.value("fiscal.employee_contributions")
    assert last["contributions_cents"] == wages * round(1000 * contributions) // 1000
    assert last["income_tax_cents"] == wages * round(1000 * register.value("fiscal.income_tax")) // 1000


def test_lost_jobs_cost_the_public_purse(run_small: Any) -> None:
    calm, hit = run_small("no-transition", months=36), run_small("no-transition", months=36, **CUT)
    assert public_balance(hit.series) < public_balance(calm.series)
    assert hit.series["benefits_cents"][-1] > calm.series["benefits_cents"][-1]
    balance = next(one for one in OUTCOMES if one.key == "public_balance")
    assert balance.against == "no transition"
    assert not balance.headline


def test_the_public_purse_begins_with_the_scenario(small: Any) -> None:
    state = copy.deepcopy(TransitionModel(small("no-transition"), rng=1).state)
    assert state.public.transfers.tolist() == [0, 0, 0]
    assert state.counts.purse[1] > 0, "wages were counted in the burn-in, and paid nothing into this account"
