"""Learning: who is admitted where, how many places providers have, what a course teaches, what is counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from transitionsim.model import TransitionModel
from transitionsim.policies import policy_from
from transitionsim.scenario import Scenario

FUNDED = {"policies__reskilling__from": "2025-06", "policies__reskilling__budget": 500_000}
SEAT = {
    "kind": "reskilling",
    "id": "placebo-seat",
    "from": "2026-03",
    "to": "2026-03",
    "budget": {"value": 12_000, "unit": "EUR/year", "source": "scenario lever"},
    "cost_per_seat": {"value": 1000, "unit": "EUR", "source": "scenario lever"},
    "starts": "before-notice",
    "target": "everyone",
}
MARCH_2026 = 14


def with_seat(scenario: Scenario) -> Scenario:
    """Return a scenario with one more seat in one month, open to anyone."""
    return scenario.model_copy(update={"policies": (*scenario.policies, policy_from(SEAT))})


@pytest.mark.parametrize("starts", ["on-notice", "after-dismissal"])
def test_a_seat_of_another_programme_does_not_change_whom_a_programme_admits(small: Any, starts: str) -> None:
    """Each programme admits by its own start and target, however wide those of another are."""
    narrow = {**FUNDED, "policies__reskilling__starts": starts, "policies__reskilling__target": "displaced"}
    alone = small("reskilling", months=MARCH_2026 + 1, demand__volume={"2025-01": 1.0, "2025-12": 0.6}, **narrow)
    one, other = (TransitionModel(scenario, rng=3).run().state for scenario in (alone, with_seat(alone)))
    applied = one.workers["wants_seat"] != 0
    assert applied.any()
    assert ((other.workers["wants_seat"] & 1 == 1) == applied).all()
    assert (other.workers["wants_seat"] >> 1 & 1).sum() > applied.sum()
    enrolled = [(state.workers["programme"] == 0) & (state.workers["course"] >= 0) for state in (one, other)]
    assert enrolled[0].any()
    assert (enrolled[0] == enrolled[1]).all()
    assert other.programmes[1].enrolled_now == 1
    assert np.count_nonzero(other.workers["programme"] == 1) == 1
