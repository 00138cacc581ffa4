"""How firms shrink: off is off, and neither the order of persons nor the numbers of firms matter."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from test_exact import live, renumbered

from transitionsim.model import TransitionModel

FALL = {"2025-01": 1.0, "2025-03": 1.0, "2025-04": 0.7, "2026-12": 0.6}
"""A fall in which firms go on short time, pay early exits and dismiss."""


def model(small: Any, **values: Any) -> TransitionModel:
    """Return a run of the small region through the fall."""
    return TransitionModel(small("current-policy", months=30, demand__volume=FALL, **values), rng=3)


def test_the_fall_sets_everything_in_motion(small: Any) -> None:
    series = model(small).run().series
    for name in ("short_time", "early_exits", "temporary_not_renewed", "dismissals"):
        assert series[name].sum() > 0, name
    assert (np.diff(series["short_time_pay_cents"])[series["short_time"][1:] > 0] > 0).all()
    assert (np.diff(series["short_time_pay_cents"])[series["short_time"][1:] == 0] == 0).all()
    assert ((np.diff(series["early_exit_cost_cents"]) > 0) == (series["early_exits"][1:] > 0)).all()


def test_no_months_allowed_is_no_short_time_work(small: Any) -> None:
    switched_off = model(small, mechanisms__short_time_work=False).run()
    assert model(small, short_time__most_months=0).run().digest() == switched_off.digest()
    assert switched_off.series["short_time_pay_cents"][-1] == switched_off.series["short_time"].max() == 0
    assert model(small).run().digest() != switched_off.digest()


def test_switched_off_nobody_leaves_early(small: Any) -> None:
    series = model(small, mechanisms__early_exits=False).run().series
    assert series["early_exits"].sum() == series["early_exit_cost_cents"][-1] == series["retired"].max() == 0


def test_early_retired_people_come_back_as_nobody_but_entrants(small: Any) -> None:
    """They stay retired until the month drawn at their birth, so that births are the same with and without."""
    with_exits, without = model(small), model(small, mechanisms__early_exits=False)
    retired = np.zeros(len(with_exits.workers), bool)
    for _ in range(30):
        due = with_exits.state.workers["exit_month"].copy()
        with_exits.step()
        without.step()
        rows = with_exits.state.workers
        assert ((rows["status"] == 4)[retired & (due > with_exits.month - 1)]).all()
        retired = rows["status"] == 4
        assert (rows["birth_month"] == without.state.workers["birth_month"]).all()
    assert retired.any()


@pytest.mark.parametrize("scale", [1, 10])
def test_the_order_of_persons_does_not_matter_when_firms_shrink(small: Any, scale: int) -> None:
    straight = model(small, persons_per_agent=scale)
    shuffled = copy.deepcopy(straight.state)
    order = np.random.default_rng(1).permutation(len(shuffled.workers))
    shuffled.workers = shuffled.workers[order]
    straight.run()
    live(straight.transition, shuffled, 30)
    for name in shuffled.workers.dtype.names:
        assert (shuffled.workers[name] == straight.state.workers[name][order]).all(), name
    for name in shuffled.employers.dtype.names:
        assert (shuffled.employers[name] == straight.state.employers[name]).all(), name


def test_the_numbers_of_employers_do_not_matter_when_firms_shrink(small: Any) -> None:
    straight = model(small)
    moved = renumbered(straight.state, np.random.default_rng(2).permutation(len(straight.employers)))
    straight.run()
    live(straight.transition, moved, 30)
    for name, values in straight.series.items():
        assert (moved.record.series[name] == values).all(), name


def test_both_engines_shrink_firms_alike(small: Any) -> None:
    scenario = small("current-policy", months=12, demand__volume=FALL)
    compiled = TransitionModel(scenario, rng=4, interpret=False).run()
    interpreted = TransitionModel(scenario, rng=4, interpret=True).run()
    assert compiled.digest() == interpreted.digest()
