"""What courses do to people, which nothing is fitted to: lock-in, the months after, and courses that teach nothing."""

from __future__ import annotations

from typing import Any

import pytest

from transitionsim.experiments.displacement import displacement
from transitionsim.model import TransitionModel, simulate
from transitionsim.scenario import load_scenario

OPEN = {
    "policies__reskilling__from": "2025-06",
    "policies__reskilling__budget": 2_000_000,
    "policies__reskilling__target": "everyone",
    "policies__reskilling__starts": "after-dismissal",
}


@pytest.mark.parametrize("seed", [0, 1])
def test_courses_that_teach_nothing_never_lower_unemployment(small: Any, seed: int) -> None:
    """With no skill added the unemployed and people in training, and the long-term part of them, rise or stay."""
    runs = []
    for budget in (OPEN["policies__reskilling__budget"], 0):
        model = TransitionModel(
            small("reskilling", months=60, **{**OPEN, "policies__reskilling__budget": budget}), rng=seed
        )
        model.state.world["course_quality"] = 0.0
        model.state.world["course_quality_spread"] = 0.0
        runs.append(model.run().series)
    assert runs[0]["trainees_completed"].sum() > 60
    for names in (("unemployed", "in_training"), ("long_term_unemployed", "long_term_in_training")):
        more = sum(runs[0][name] - runs[1][name] for name in names)
        assert more.sum() > 0
        assert more.min() >= -5  # people of 3,000; a seat given moves single lives either way


def test_participants_are_locked_in_first_and_helped_later() -> None:
    """Against their paired selves participants work less while a course lasts and more two years after it began."""
    careers = [
        simulate(load_scenario(name).with_values({"persons_per_agent": 10}), 1, careers=True).careers
        for name in ("reskilling", "current-policy")
    ]
    found = displacement(careers[0], careers[1])
    assert found.participants > 5000
    assert found.since_course[0] < -3.0
    assert found.since_course[2] > 2.0
    # With posts fixed, what participants win is mostly what others lose.
    assert 0.5 < found.ratio < 1.2
