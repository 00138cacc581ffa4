"""Shapley terms: they close, they leave out what stands still, and their values are those worked out by hand."""

from __future__ import annotations

from typing import Any

import fake_model as fake
import pytest

from transitionsim.experiments.apart import ALL, draw_terms
from transitionsim.experiments.decompose import decomposition_design, moving_inputs
from transitionsim.experiments.design import Arm
from transitionsim.experiments.running import values_of_design

MOVING = {
    "demand.volume": {"2025-01": 1.0, "2026-01": 0.8},
    "demand.productivity": {"2025-01": 1.0, "2026-01": 1.25},
}


def test_only_what_moves_is_thawed(small: Any) -> None:
    assert moving_inputs(small("no-transition")) == ()
    assert moving_inputs(small("current-policy")) == ("mix",), "the test region's plant has no calendar"
    assert moving_inputs(small("no-transition", **{k.replace(".", "__"): v for k, v in MOVING.items()})) == (
        "volume",
        "productivity",
    )


def terms_of(scenario: Any, draws: int, simulate: Any = None) -> Any:
    """The terms of posts lost in every draw, and the values of all arms."""
    how = {} if simulate is None else {"simulate": simulate}
    found = values_of_design(decomposition_design(Arm("own", scenario), draws, fixed=True), processes=1, **how)
    _, terms = draw_terms(found, "posts_lost", found.horizons[-1])
    return terms, found.levels["posts_lost", found.horizons[-1]]


def test_terms_are_those_worked_out_by_hand(small: Any) -> None:
    """Two inputs: the term of each is the mean of what it does first and what it does second."""

    def posts(scenario: Any, seed: int, *, rules: Any = (), careers: bool = False) -> Any:
        run = fake.simulate(scenario, seed)
        volume = scenario.demand.volume.monthly(scenario.start, 24)[-1] < 1.0
        productivity = scenario.demand.productivity.monthly(scenario.start, 24)[-1] > 1.0
        run.series["posts_automotive"][-1] = {(0, 0): 100, (1, 0): 80, (0, 1): 70, (1, 1): 60}[volume, productivity]
        return run

    terms, _ = terms_of(small("no-transition").with_values({**MOVING, "months": 24}), 1, posts)
    # Posts lost: what is gained in posts counts the other way round.
    assert terms["volume"] == [pytest.approx(-((80 - 100) + (60 - 70)) / 2)]
    assert terms["productivity"] == [pytest.approx(-((70 - 100) + (60 - 80)) / 2)]
    assert terms[ALL] == [40.0]


def test_terms_close(small: Any) -> None:
    scenario = small("fast", months=18).with_values({**MOVING, "demand.eu_share": {"2025-01": 0.8, "2026-01": 0.7}})
    terms, levels = terms_of(scenario, 2)
    assert len(levels) == 16
    for draw in range(2):
        every = sum(values[draw] for name, values in terms.items() if name != ALL)
        assert every == pytest.approx(terms[ALL][draw], abs=1e-9)
        assert terms[ALL][draw] > 0
        assert all(terms[name][draw] > 0 for name in ("volume", "productivity", "eu_share"))
