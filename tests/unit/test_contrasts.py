"""Contrasts of a sweep: the same draw in two arms, outcomes as the comparison defines them."""

from __future__ import annotations

from dataclasses import replace

import fake_model as model
import fake_sweep as fake
import numpy as np
import pytest

from transitionsim.cli.carrying import Running, carry_out
from transitionsim.experiments.contrasts import measured
from transitionsim.experiments.design import NO_TRANSITION, PLACEBO, Arm
from transitionsim.experiments.outcomes import JOBLESS_RATE, OUTCOMES
from transitionsim.experiments.plan import Sweep
from transitionsim.experiments.planning import comparison_design
from transitionsim.experiments.reading import read_sweep, results_of
from transitionsim.experiments.store import read_plan
from transitionsim.series import BY_NAME


def as_sweep(results, indicators, horizons, years=None) -> Sweep:
    """The yearly series of a comparison's runs, and what yearly series cannot give."""
    folder, plan = results
    table = read_sweep(folder).values
    table = table[table["indicator"].isin([*BY_NAME, JOBLESS_RATE])]
    if years is not None:
        table = table[table["year"].isin(years)]
    return Sweep(replace(plan, indicators=indicators, horizons=horizons), table, (), True, None)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The folder of a comparison, its plan, and its runs."""
    small = {"persons_per_agent": 20, "months": 72}
    arms = [Arm("now", model.scenario(**small)), Arm("paid", model.scenario(seats=1e7, **small))]
    folder = tmp_path_factory.mktemp("contrasts")
    design = comparison_design(arms[0], arms[1:], draws=3)
    carry_out(folder, design, Running(processes=1, simulate=model.simulate))
    return folder, design.plan


@pytest.fixture(scope="module")
def runs(results):
    folder, _ = results
    return results_of(folder, read_plan(folder))


def test_outcomes_of_yearly_rows_are_those_of_the_monthly_series(results, runs) -> None:
    found = measured(as_sweep(results, tuple(one.key for one in OUTCOMES), (2030,)))
    assert not found.cannot
    for outcome in OUTCOMES:
        for arm in runs.design.arms:
            for draw, run in runs.of(arm.label).items():
                assert found.levels[outcome.key, 2030][arm.label][draw] == outcome.measure(run.series)


def test_a_mean_over_months_cannot_be_made_of_decembers(results) -> None:
    kept = as_sweep(results, ("jobless_rate",), (2030,))
    stocks = replace(kept, values=kept.values[kept.values["indicator"] != "jobless_rate"])
    assert "every month" in measured(stocks).cannot["jobless_rate"]


def test_an_earlier_horizon_is_the_run_up_to_then(results, runs) -> None:
    found = measured(as_sweep(results, ("involuntary_losses", "net_employment", "euros_spent"), (2027, 2030)))
    run = runs.of("paid")[1]
    shorter = {name: values[:36] for name, values in run.series.items()}
    for outcome in OUTCOMES:
        if outcome.key in found.outcomes:
            assert found.levels[outcome.key, 2027]["paid"][1] == outcome.measure(shorter)


def test_over_a_gap_no_sum_is_made(results) -> None:
    keys = ("involuntary_losses", "net_employment", "hires", "unicorns", "employment")
    found = measured(as_sweep(results, keys, (2030,), years=(2027, 2030)))
    assert set(found.outcomes) == {"employment"}
    assert "every year" in found.cannot["involuntary_losses"]
    assert found.cannot["unicorns"] == "neither an outcome nor a series"
    assert "every year" in found.cannot["hires"]


def test_an_outcome_with_the_name_of_a_series_is_an_outcome_where_horizons_alone_are_kept() -> None:
    sweep = fake.sweep(
        lambda arm, draw, name, year: year - 2000.0, arms=fake.arms(), draws=fake.draws(2, 1),
        indicators=("dismissals", "hires"), horizons=(2030, 2031),
    )  # fmt: skip
    found = measured(sweep)
    assert found.level("dismissals", 2031, fake.NOW).numbers.tolist() == [31.0, 31.0]
    assert found.level("hires", 2031, fake.NOW).numbers.tolist() == [61.0, 61.0]


def test_a_kept_outcome_is_read_as_it_stands_and_signed() -> None:
    sweep = fake.sweep(
        lambda arm, draw, name, year: 100.0 * draw.number + {"paid": 30}.get(arm.label, 0),
        arms=fake.arms("paid"), draws=fake.draws(3, 1), indicators=("involuntary_losses", "losses_avoided", "hires"),
    )  # fmt: skip
    found = measured(sweep)
    assert found.pairs("involuntary_losses", 2035, "paid", fake.NOW).numbers.tolist() == [30, 30, 30]
    assert found.pairs("losses_avoided", 2035, "paid", fake.NOW).numbers.tolist() == [-30, -30, -30]
    assert found.pairs("hires", 2035, "paid", NO_TRANSITION).numbers.tolist() == [30, 30, 30]
    assert not np.signbit(found.pairs("losses_avoided", 2035, PLACEBO, fake.NOW).numbers).any()


def test_only_draws_that_both_arms_finished_are_paired_and_keep_their_inputs() -> None:
    sweep = fake.sweep(
        lambda arm, draw, name, year: draw.number + (arm.label == "paid"),
        arms=fake.arms("paid"), draws=fake.draws(3, 2), without=[("paid", 1), (fake.NOW, 4)],
    )  # fmt: skip
    found = measured(sweep).pairs("involuntary_losses", 2035, "paid", fake.NOW)
    assert found.draws.tolist() == [0, 2, 3, 5]
    assert found.inputs.tolist() == [0, 1, 1, 2]
    assert found.numbers.tolist() == [1, 1, 1, 1]


def test_avoided_is_against_the_baseline_only() -> None:
    keys = ("involuntary_losses", "losses_avoided")
    found = measured(fake.sweep(lambda *_: 0.0, arms=fake.arms("paid"), draws=fake.draws(2, 1), indicators=keys))
    assert [arm.label for arm in found.references("involuntary_losses")] == [NO_TRANSITION, fake.NOW]
    assert [arm.label for arm in found.references("losses_avoided")] == [fake.NOW]


def test_what_an_interval_holds_is_read_off_the_values_of_the_plan() -> None:
    """Draws whose inputs are all the same differ by luck alone, however they are numbered."""
    varied = [{"pace": 1.0}, {"pace": 1.2}]
    several = measured(fake.sweep(lambda *_: 0.0, arms=fake.arms(), draws=fake.draws(2, 2, varied)))
    fixed = measured(fake.sweep(lambda *_: 0.0, arms=fake.arms(), draws=fake.draws(4, 1, [{"pace": 1.0}] * 4)))
    assert "swept parameters" in several.interval_holds
    assert set(several.inputs.values()) == {0, 1}
    assert "inputs held fixed" in fixed.interval_holds
    assert set(fixed.inputs.values()) == {0}
