"""Pairing: identities that hold exactly, intervals on known numbers, the placebo floor."""

from __future__ import annotations

import fake_model as fake
import numpy as np
import pandas as pd
import pytest

from transitionsim.experiments.comparing import compared as every_contrast
from transitionsim.experiments.comparing import own_contrasts
from transitionsim.experiments.design import NO_TRANSITION, PLACEBO, Arm
from transitionsim.experiments.outcomes import (
    OUTCOMES,
    automotive_jobs_at_start,
    jobless_rate,
    labour_force_at_start,
)
from transitionsim.experiments.paired import Interval, beyond, interval
from transitionsim.experiments.planning import comparison_design
from transitionsim.experiments.running import run_design

SMALL = {"persons_per_agent": 20, "months": 36}
BASELINE = Arm("current-policy", fake.scenario(**SMALL))
FAST = Arm("fast", fake.scenario(bev=1.0, **SMALL))
PAID = Arm("paid", fake.scenario(seats=1.2e7, **SMALL))


def results_of(*arms, simulate=fake.simulate, seeds=None):
    return run_design(comparison_design(BASELINE, arms, draws=4, seeds=seeds), processes=1, simulate=simulate)


def compared(results):
    return own_contrasts(every_contrast(results.found))


def row(table, outcome, scenario):
    return table[(table["outcome"] == outcome) & (table["scenario"] == scenario)].iloc[0]


def test_an_arm_against_itself_is_exactly_nothing():
    same = Arm("same", BASELINE.scenario)
    table = compared(results_of(same))
    avoided = row(table, "losses_avoided", "same")
    assert (avoided["median"], avoided["p05"], avoided["p95"], avoided["mean"]) == (0, 0, 0, 0)
    one, other = (table[table["scenario"] == name].set_index("outcome") for name in ("same", "current-policy"))
    numbers = ["median", "p05", "p95", "mean", "n"]
    pd.testing.assert_frame_equal(one.loc[other.index, numbers], other[numbers])


def test_no_transition_given_as_a_scenario_differs_in_nothing():
    results = results_of(Arm("frozen", results_of().design.arms[0].scenario))
    table = compared(results)
    own = table[(table["scenario"] == "frozen") & (table["against"] == NO_TRANSITION)]
    assert len(own) == len(OUTCOMES) - 1
    assert not own[["median", "p05", "p95"]].to_numpy().any()


def test_another_arm_changes_no_other_arms_numbers():
    few, many = compared(results_of(FAST)), compared(results_of(PAID, FAST))
    without = many[many["scenario"] != "paid"].reset_index(drop=True)
    alone = [name for name in few if "together" not in name]
    pd.testing.assert_frame_equal(few[alone].reset_index(drop=True), without[alone])


def test_losses_avoided_are_the_difference_of_the_losses():
    results = results_of(PAID)
    losses = {
        arm: [float(run.series["dismissals"].sum()) for run in results.of(arm).values()]
        for arm in ("paid", "current-policy")
    }
    rest = {
        arm: [
            float(run.series["closures"].sum() + run.series["temporary_not_renewed"].sum())
            for run in results.of(arm).values()
        ]
        for arm in losses
    }
    total = {arm: np.add(losses[arm], rest[arm]) for arm in losses}
    found = row(compared(results), "losses_avoided", "paid")
    assert found["median"] == np.median(total["current-policy"] - total["paid"])
    assert found["background"] == np.median(total["current-policy"])


def test_a_failed_run_leaves_only_its_own_pairs():
    table = compared(results_of(PAID, simulate=fake.simulate_failing, seeds=4))
    assert row(table, "posts_lost", "paid")["n"] == 2
    assert row(table, "posts_lost", "current-policy")["n"] == 4


def test_without_any_pair_the_row_is_empty_and_claims_nothing():
    def none(scenario, seed, *, rules=(), careers=False):
        if scenario.policies and scenario.policies[-1].id == "reskilling":
            raise ValueError
        return fake.simulate(scenario, seed, rules=rules)

    found = row(compared(results_of(PAID, simulate=none)), "losses_avoided", "paid")
    assert found["n"] == 0
    assert np.isnan(found["median"])
    assert found["spans_zero"]
    assert not found["beyond_placebo"]


def test_every_row_says_what_it_is_a_part_of_and_what_its_interval_holds():
    table = compared(results_of(FAST))
    needed = ["n", "background", "denominator_name", "interval_holds", "unit", "against", "placebo_p05"]
    assert table[needed].notna().all(axis=None)
    assert set(table["interval_holds"]) == {"simulation noise, swept parameters and structural switches together"}
    assert set(table["scenario"]) == {"current-policy", "fast", PLACEBO}
    assert set(compared(results_of(seeds=2))["interval_holds"]) == {"simulation noise only, inputs held fixed"}


def test_percentiles_on_known_numbers():
    assert interval(np.arange(101.0)) == Interval(50.0, 5.0, 95.0, 101)
    assert interval(np.array([7.0])) == Interval(7.0, 7.0, 7.0, 1)
    assert interval(np.array([])).n == 0


@pytest.mark.parametrize(
    ("low", "high", "spans"), [(1, 2, False), (-2, -1, False), (0, 2, True), (-1, 1, True), (np.nan, np.nan, True)]
)
def test_an_interval_that_touches_zero_spans_it(low, high, spans):
    assert Interval(0.0, low, high, 3).spans_zero is spans


def test_beyond_the_placebo_means_a_median_outside_its_range():
    floor = Interval(0.0, -10.0, 12.0, 20)
    assert beyond(Interval(13.0, 5.0, 20.0, 20), floor)
    assert beyond(Interval(-11.0, -20.0, 5.0, 20), floor)
    assert not beyond(Interval(12.0, 11.0, 20.0, 20), floor)
    assert not beyond(Interval(np.nan, np.nan, np.nan, 0), floor)


def test_the_start_is_read_off_the_first_months_ledger():
    run = fake.simulate(fake.scenario(months=12), 3)
    assert automotive_jobs_at_start(run.series) == 11_600
    assert labour_force_at_start(run.series) == pytest.approx(349_500, abs=200)
    rate = jobless_rate(run.series)
    assert rate.shape == (12,)
    assert 7 < rate.mean() < 8


def test_euros_are_read_at_the_end_of_what_is_paid_to_date():
    table = compared(results_of(PAID))
    paid = row(table, "euros_spent", "paid")
    assert paid["median"] == pytest.approx(12e6)
    assert paid["denominator_name"] == "none: an amount"
