"""Shapley terms: they close, they leave out what stands still, and their values are those worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from transitionsim.experiments.decompose import decompose, decomposition_design, moving_inputs
from transitionsim.experiments.design import fixed_draws
from transitionsim.experiments.runner import ArmRun, Results, run_design

MOVING = {
    "demand.volume": {"2025-01": 1.0, "2026-01": 0.8},
    "demand.productivity": {"2025-01": 1.0, "2026-01": 1.25},
}


def _last_posts(series: Any) -> float:
    return float(series["posts_automotive"][-1])


def test_only_what_moves_is_thawed(small: Any) -> None:
    assert moving_inputs(small("no-transition")) == ()
    assert moving_inputs(small("current-policy")) == ("mix",), "the test region's plant has no calendar"
    assert moving_inputs(small("no-transition", **{k.replace(".", "__"): v for k, v in MOVING.items()})) == (
        "volume",
        "productivity",
    )


def test_terms_are_those_worked_out_by_hand(small: Any) -> None:
    """Two inputs: the term of each is the mean of what it does first and what it does second."""
    scenario = small("no-transition").with_values(MOVING)
    design = decomposition_design(scenario, fixed_draws(1))
    posts = {"the road frozen": 100.0, "volume": 80.0, "productivity": 70.0, "volume + productivity": 60.0}
    runs = tuple(
        ArmRun(0, 0, arm.label, {"posts_automotive": np.array([posts[arm.label]])}, "", ()) for arm in design.arms
    )
    (found,) = decompose(scenario, Results(design, runs, ()), _last_posts)
    assert found.terms["volume"] == pytest.approx(((80 - 100) + (60 - 70)) / 2)
    assert found.terms["productivity"] == pytest.approx(((70 - 100) + (60 - 80)) / 2)
    assert found.terms["mix"] == 0.0


def test_terms_close(small: Any) -> None:
    scenario = small("fast", months=18).with_values({**MOVING, "demand.eu_share": {"2025-01": 0.8, "2026-01": 0.7}})
    design = decomposition_design(scenario, fixed_draws(2))
    assert len(design.arms) == 16
    results = run_design(design, processes=1)
    for one in decompose(scenario, results, _last_posts):
        assert sum(one.terms.values()) == pytest.approx(one.moving - one.frozen, abs=1e-9)
        assert one.moving < one.frozen
        assert all(term < 0 for term in (one.terms["volume"], one.terms["productivity"], one.terms["eu_share"]))
