"""A mobility grant makes some of the displaced leave, and is also paid to those who would have left anyway."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from transitionsim.columns import AWAY
from transitionsim.errors import InputError
from transitionsim.model import TransitionModel
from transitionsim.scenario import Scenario

CUT = {"demand.volume": {"2025-01": 1.0, "2025-04": 1.0, "2025-05": 0.5}}
OPEN = {
    **CUT,
    "policies.mobility-grant.from": "2025-01",
    "policies.mobility-grant.factor": {"value": 10, "unit": "ratio", "source": "scenario lever"},
    "region.gross_moves": 0.024,
}


def test_displaced_people_leave_with_a_grant(run_small: Any) -> None:
    plain = run_small("current-policy", months=48, **CUT, region__gross_moves=0.024)
    granted = run_small("mobility-grant", months=48, **OPEN)
    assert plain.series["mobility_grants"].sum() == 0
    count = granted.series["mobility_grants"].sum()
    assert granted.series["spent_cents"][-1] == count * 500_000
    more = granted.series["away"][-1] - plain.series["away"][-1]
    assert 0 < more <= count
    rows = granted.workers.rows
    gone = (rows["status"] == AWAY) & (plain.workers.rows["status"] != AWAY)
    assert not rows["commuter"][gone].any()


def test_one_who_would_have_gone_anyway_costs_as_much_and_changes_nothing(run_small: Any) -> None:
    """With a factor of one every grant is a windfall."""
    plain = run_small("current-policy", months=48, **CUT, region__gross_moves=0.024)
    values = {**OPEN, "policies.mobility-grant.factor": 1}
    windfall = run_small("mobility-grant", months=48, **values)
    assert windfall.series["spent_cents"][-1] > 0
    assert windfall.digest() == plain.digest()


def test_the_share_of_windfalls_falls_with_the_factor(run_small: Any) -> None:
    """One grant in ``factor`` goes to someone who would have moved anyway, in the long run."""
    model = run_small("mobility-grant", months=60, **OPEN, region__migration_semi_elasticity=0)
    grants = model.series["mobility_grants"].sum()
    assert grants > 20
    assert model.series["away"][-1] == pytest.approx(0.9 * grants, rel=0.25)


def test_the_money_decides_how_many(run_small: Any) -> None:
    series = run_small("mobility-grant", months=36, **{**OPEN, "policies.mobility-grant.budget": 0}).series
    assert series["mobility_grants"].sum() == series["spent_cents"][-1] == 0
    values = {**OPEN, "policies.mobility-grant.budget": 20_000}
    few = run_small("mobility-grant", months=36, **values).series["mobility_grants"]
    assert 0 < few.sum() <= 3 * 4
    assert few.sum() < run_small("mobility-grant", months=36, **OPEN).series["mobility_grants"].sum()


def test_without_money_or_moves_it_is_no_policy(run_small: Any) -> None:
    without = run_small("current-policy", months=36, **CUT, region__gross_moves=0.024)
    unfunded = run_small("mobility-grant", months=36, **{**OPEN, "policies.mobility-grant.budget": 0})
    assert unfunded.digest() == without.digest()
    closed = run_small("mobility-grant", months=36, **OPEN, mechanisms__migration=False)
    assert closed.series["mobility_grants"].sum() == closed.series["away"].sum() == 0


def test_the_order_of_persons_does_not_matter(small: Any) -> None:
    values = {**OPEN, "policies.mobility-grant.budget": 60_000}
    model = TransitionModel(small("mobility-grant", months=24, **values), rng=5)
    other = TransitionModel(small("mobility-grant", months=24, **values), rng=5)
    order = np.random.default_rng(1).permutation(len(model.state.workers))
    other.state = copy.deepcopy(model.state)
    other.state.workers = other.state.workers[order]
    for _ in range(24):
        model.step()
        other.step()
    assert model.series["mobility_grants"].sum() > 0
    assert (other.state.workers["status"] == model.state.workers["status"][order]).all()


def test_a_run_holds_one(small: Any) -> None:
    content = small("mobility-grant").model_dump(by_alias=True)
    content["policies"] = [content["policies"][0], {**content["policies"][0], "id": "another"}]
    with pytest.raises(InputError, match="at most one mobility-grant policy"):
        TransitionModel(Scenario.model_validate(content), rng=1)
