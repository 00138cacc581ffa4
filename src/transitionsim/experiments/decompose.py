"""Which input of the road does it? Shapley terms of the six dated inputs, draw by draw.

The road has six inputs: market volume, the European share of it, which plant gets which model, powertrains, local
sourcing, productivity. Each can be frozen as in the first month. The term of an input is what thawing it changes,
averaged over all orders in which the inputs that move can be thawed (Shapley 1953); the terms sum to the whole
difference between the scenario and its frozen road, exactly. Every run of a draw shares the draw's luck.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING, Any, Final

from numpy.typing import NDArray

from transitionsim.experiments.design import Arm, Design, Draw, Swept
from transitionsim.experiments.runner import Results

if TYPE_CHECKING:
    from transitionsim.scenario import Scenario

Series = Mapping[str, NDArray[Any]]
NOTHING: Final = "the road frozen"


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The terms of one measure in one draw.

    ``terms`` holds every input, 0 for those that stand still; ``frozen`` and ``moving`` are the measure with the
    whole road frozen and as the scenario says. The terms sum to ``moving - frozen``.
    """

    draw: int
    frozen: float
    moving: float
    terms: Mapping[str, float]


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


def decomposition_design(scenario: Scenario, draws: Sequence[Draw], swept: Sequence[Swept] = ()) -> Design:
    """Return the runs a decomposition needs: an arm for each set of inputs thawed, ``2 ** n`` for ``n`` that move."""
    from transitionsim.scenario.freezing import INPUTS, frozen

    names = moving_inputs(scenario)
    arms = []
    for size in range(len(names) + 1):
        for thawed in combinations(names, size):
            held = [name for name in INPUTS if name not in thawed]
            arms.append(Arm(_label(thawed), frozen(scenario, held)))
    return Design(tuple(arms), tuple(draws), tuple(swept))


def _label(thawed: Sequence[str]) -> str:
    return " + ".join(thawed) or NOTHING


def decompose(scenario: Scenario, results: Results, measure: Callable[[Series], float]) -> list[Decomposition]:
    """Return the Shapley terms of a measure in every draw that all arms of a decomposition finished."""
    from transitionsim.scenario.freezing import INPUTS

    names = moving_inputs(scenario)
    sets = [thawed for size in range(len(names) + 1) for thawed in combinations(names, size)]
    runs = {frozenset(thawed): results.of(_label(thawed)) for thawed in sets}
    complete = set.intersection(*(set(found) for found in runs.values()))
    found = []
    for draw in sorted(complete):
        value = {thawed: float(measure(arms[draw].series)) for thawed, arms in runs.items()}
        terms = {name: (shapley_term(name, names, value) if name in names else 0.0) for name in INPUTS}
        found.append(Decomposition(draw, value[frozenset()], value[frozenset(names)], terms))
    return found


def shapley_term(name: str, names: Sequence[str], value: Mapping[frozenset[str], float]) -> float:
    """Return the mean change that an input makes, over all orders in which the inputs can be thawed."""
    others = [other for other in names if other != name]
    n, total = len(names), 0.0
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(n - size - 1) / factorial(n)
        for before in combinations(others, size):
            together = frozenset(before)
            total += weight * (value[together | {name}] - value[together])
    return total
