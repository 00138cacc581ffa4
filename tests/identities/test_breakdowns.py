"""Breakdowns are additive: groups sum to the totals of the month, exactly, and a month in which they do not stops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from transitionsim import series as recorded
from transitionsim.audit import audit
from transitionsim.errors import AuditError
from transitionsim.model import TransitionModel, simulate
from transitionsim.tables import BY_NAME

TOTALS = {
    "employment": ("employment_automotive",),
    "posts": ("posts_automotive",),
    "losses": recorded.names(recorded.INVOLUNTARY),
    "hires": recorded.names(recorded.HIRES),
}


@pytest.fixture(scope="module")
def shrinking(small: Any) -> TransitionModel:
    """A region whose orders fall fast, with courses and support for firms."""
    funded = {"policies__reskilling__from": "2025-01", "policies__reskilling__target": "everyone"}
    funded["policies__sme-support__from"] = "2025-01"
    scenario = small("reskilling-and-sme-support", months=60, electrification__pace=3.0, **funded)
    return TransitionModel(scenario, rng=8).run()


def test_groups_of_automotive_firms_sum_to_their_totals(shrinking: TransitionModel) -> None:
    tables, series = shrinking.state.record.tables, shrinking.series
    for quantity, names in TOTALS.items():
        total = sum(series[name] for name in names)
        assert total.any(), quantity
        for group in ("tier", "size", "profile"):
            table = tables[f"automotive_{quantity}_by_{group}"]
            assert (table.sum(axis=1) == total).all(), (quantity, group)
            assert np.count_nonzero(table.sum(axis=0)) > 1, (quantity, group)
    lost = sum(series[name] for name in TOTALS["losses"])
    assert (tables["automotive_losses_by_age"].sum(axis=1) == lost).all()
    assert (tables["unemployed_by_age"].sum(axis=1) == series["unemployed"]).all()
    assert tables["unemployed_by_age"].all(), "each age band has somebody without a job"


def test_jobs_that_end_during_notice_are_losses_where_they_were_held(shrinking: TransitionModel) -> None:
    """People on notice who go to another job count, so that the groups cover them too."""
    series = shrinking.series
    assert series["displaced_job_to_job"].sum() > 0
    found = shrinking.state.record.tables["automotive_losses_by_profile"].sum()
    assert found == series["displaced"].sum() > series["displaced_job_to_job"].sum()


def test_change_of_employment_by_tier_is_hires_less_separations(shrinking: TransitionModel) -> None:
    """Nobody changes tier without a hire: by tier, too, staff falls by no more than leave."""
    tables = shrinking.state.record.tables
    change = np.diff(tables["automotive_employment_by_tier"], axis=0)
    hires, losses = tables["automotive_hires_by_tier"][1:], tables["automotive_losses_by_tier"][1:]
    assert (change <= hires - losses).all()


def test_a_group_that_loses_somebody_stops_the_run(small: Any) -> None:
    model = TransitionModel(small("current-policy", months=3), rng=1)
    model.step()
    state = model.state
    state.counts.employed_before = -1
    state.counts.breakdown.by_size[0, 0] += 1
    with pytest.raises(AuditError, match="groups of automotive firms"):
        audit(state)


def test_people_in_courses_are_counted_once_in_each_grouping(shrinking: TransitionModel) -> None:
    tables, series = shrinking.state.record.tables, shrinking.series
    counts = tables["participants"]
    assert (counts[:, 0] == series["trainees_enrolled"]).all()
    assert counts[:, 0].sum() > 0
    assert (counts[:, [1, 3, 4]].sum(axis=1) == counts[:, 0]).all(), "unemployed, inactive or employed"
    assert (counts[:, 7:].sum(axis=1) == counts[:, 0]).all(), "one level of qualification each"
    assert (counts[:, 2] <= counts[:, 1]).all()
    left = np.cumsum(series["trainees_enrolled"]) - series["in_course"]
    assert (np.cumsum(series["trainees_completed"]) <= left).all()
    assert (series["trainees_completed_employed"] <= series["trainees_completed"]).all()
    assert (series["trainees_6_months_after"][6:] <= series["trainees_completed"][:-6]).all()
    assert series["trainees_6_months_after_employed"].sum() > 0
    assert (series["trainees_enrolled_in_gap"] <= series["trainees_enrolled"]).all()


def test_supported_firms_and_the_money_of_policies_add_up(shrinking: TransitionModel) -> None:
    tables, series = shrinking.state.record.tables, shrinking.series
    assert (tables["supported_firms"].sum(axis=(1, 2)) == series["firms_supported"]).all()
    assert series["firms_supported"][-1] > 0
    assert (np.diff(series["firms_supported"]) >= 0).all(), "a firm once supported stays so"
    for amount, name in (("paid", "spent_cents"), ("granted", "granted_cents"), ("returned", "returned_cents")):
        assert (tables[f"policy_{amount}_cents"].sum(axis=1) == series[name]).all(), amount
    assert series["private_investment_cents"][-1] > 0
    half = tables["policy_paid_cents"][-1, 1]  # a grant of one half is matched by as much
    assert abs(int(series["private_investment_cents"][-1]) - int(half)) <= series["firms_supported"][-1]


def test_the_firms_a_run_hands_on_are_those_of_its_last_month(small: Any) -> None:
    run = simulate(small("sme-support", months=12), 3)
    assert run.firms is not None
    assert run.firms.staff.sum() == run.series["employment_automotive"][-1]
    assert run.firms.supported.sum() <= run.series["firms_supported"][-1]
    for name in run.tables:
        dimensions = BY_NAME[name].dimensions
        assert run.tables[name].shape == (12, *(len(run.places[dimension]) for dimension in dimensions)), name


def test_a_region_scaled_down_counts_persons(small: Any) -> None:
    model = TransitionModel(small("current-policy", months=6, persons_per_agent=5), rng=2).run()
    tables = model.state.record.tables
    assert (tables["automotive_employment_by_size"].sum(axis=1) == model.series["employment_automotive"]).all()
    assert (tables["automotive_employment_by_size"] % 5 == 0).all()
