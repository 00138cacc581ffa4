"""Which input of the road does it? A grid in which each of the six dated inputs is frozen or moves.

The road has six inputs: market volume, the European share of it, which plant gets which model, powertrains, local
sourcing, productivity. Each can be frozen as in the first month. The term of an input is what thawing it changes
(:mod:`transitionsim.experiments.apart`); the terms of a draw sum to the whole difference between the scenario and its
frozen road, exactly. Every run of a draw shares the draw's luck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from transitionsim.experiments.design import Arm
from transitionsim.experiments.planning import Design, planned
from transitionsim.experiments.question import NONE, SWEPT, Question

if TYPE_CHECKING:
    from transitionsim.scenario import Scenario

NOTHING: Final = "the road frozen"
FROZEN, MOVING = "frozen", "moving"
OUTCOMES: Final = ("posts_lost", "involuntary_losses")


def moving_inputs(scenario: Scenario) -> tuple[str, ...]:
    """Return the inputs of the road that change in a scenario; thawing another one changes nothing."""
    from transitionsim.scenario.freezing import INPUTS, frozen

    still = _road(frozen(scenario))
    return tuple(
        name for name in INPUTS if _road(frozen(scenario, [other for other in INPUTS if other != name])) != still
    )


def _road(scenario: Scenario) -> tuple[bytes, ...]:
    from transitionsim.road import lay_road

    road = lay_road(scenario, scenario.register(), scenario.load_region().plant_names)
    return tuple(getattr(road, field.name).tobytes() for field in fields(road))


def decomposition_design(baseline: Arm, draws: int, *, fixed: bool = False) -> Design:
    """Return the runs a decomposition needs: an arm for each set of inputs thawed, ``2 ** n`` for ``n`` that move.

    Over ``draws`` of seed and swept inputs together, or with ``fixed`` inputs of the seed alone.
    """
    from transitionsim.scenario.freezing import INPUTS, frozen

    names = moving_inputs(baseline.scenario)
    arms: list[Arm] = []
    points: list[tuple[int, Mapping[str, Any]]] = []
    for number, states in enumerate(product((FROZEN, MOVING), repeat=len(names))):
        point = dict(zip(names, states, strict=True))
        held = [name for name in INPUTS if point.get(name) != MOVING]
        label = " + ".join(name for name, state in point.items() if state == MOVING) or NOTHING
        arms.append(Arm(label, frozen(baseline.scenario, held)))
        points.append((number, point))
    question = Question(
        question=f"Which input of the road changes how many jobs under {baseline.label}?", baseline=baseline.label,
        inputs=NONE if fixed else SWEPT, draws=draws, indicators=OUTCOMES, placebo=False, no_transition=False,
    )  # fmt: skip
    return planned(question, arms, points)
