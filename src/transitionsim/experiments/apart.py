"""Which lever does it? Shapley terms of a grid in which every lever is either at its first or at its second value.

The term of a lever is what moving it to its second value changes, averaged over all orders in which the levers can
be moved (Shapley 1953). In every draw the terms sum to the whole difference between all levers moved and none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from transitionsim.experiments.contrasts import Measured
from transitionsim.experiments.intervals import MeanInterval, mean_interval
from transitionsim.experiments.samples import plain

if TYPE_CHECKING:
    import pandas as pd

ALL: Final = "all levers"
"""The row that the terms sum to."""
Moved = frozenset[str]


def lever_terms(found: Measured, outcome: str, horizon: int) -> pd.DataFrame | None:
    """Return one row for each lever, and one for all of them: mean term, its 90 % interval, both values.

    Columns: ``lever``, ``first``, ``second`` (values of the lever as text), ``mean``, ``low``, ``high`` (unit of the
    outcome, with its sign), ``n`` draws. Nothing for sweeps that are no full grid of two values for each lever.
    """
    import pandas as pd

    grid = _grid(found)
    if grid is None or len(grid[0]) < 2:
        return None
    levers, _ = grid
    draws, by_lever = draw_terms(found, outcome, horizon)
    rows = []
    for name, terms in by_lever.items():
        mean = _interval(found, draws, terms)
        first, second = levers.get(name, ("", ""))
        rows.append((name, first, second, mean.mean, mean.low, mean.high, len(terms)))
    return pd.DataFrame(rows, columns=["lever", "first", "second", "mean", "low", "high", "n"])


def draw_terms(found: Measured, outcome: str, horizon: int) -> tuple[list[int], dict[str, list[float]]]:
    """Return the draws that all arms of a full grid finished, and the term of each lever and of all in each of them.

    Raises ``ValueError`` for other designs.
    """
    grid = _grid(found)
    if grid is None:
        raise ValueError("no full grid of levers with two values each")
    levers, arms = grid
    levels = {moved: found.levels[outcome, horizon].get(label, {}) for moved, label in arms.items()}
    draws = sorted(set.intersection(*(set(values) for values in levels.values())))
    values = [{moved: at[draw] for moved, at in levels.items()} for draw in draws]
    sign = found.outcomes[outcome].sign
    names = tuple(levers)
    return draws, {name: [sign * _term(name, names, one) for one in values] for name in (*names, ALL)}


def shapley_term(name: str, names: Sequence[str], value: Mapping[Moved, float]) -> float:
    """Return the mean change that moving a lever makes, over all orders in which the levers can be moved."""
    others = [other for other in names if other != name]
    n, total = len(names), 0.0
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(n - size - 1) / factorial(n)
        for before in combinations(others, size):
            together = frozenset(before)
            total += weight * (value[together | {name}] - value[together])
    return total


def _grid(found: Measured) -> tuple[dict[str, tuple[str, str]], dict[Moved, str]] | None:
    """Return the two values of every lever, and the arm of every set of levers moved; nothing for other designs."""
    points = {arm.label: arm.levers for arm in found.plan.arms if arm.role == "scenario" and arm.levers}
    values: dict[str, list[str]] = {}
    for levers in points.values():
        for name, value in levers.items():
            if str(plain(value)) not in values.setdefault(name, []):
                values[name].append(str(plain(value)))
    if not values or any(len(both) != 2 for both in values.values()):
        return None
    arms = {_moved(levers, values): label for label, levers in points.items()}
    if len(arms) != 2 ** len(values) or len(points) != len(arms):
        return None
    return {name: (both[0], both[1]) for name, both in values.items()}, arms


def _moved(levers: Mapping[str, Any], values: Mapping[str, list[str]]) -> Moved:
    return frozenset(name for name, value in levers.items() if str(plain(value)) == values[name][1])


def _term(name: str, levers: tuple[str, ...], value: Mapping[Moved, float]) -> float:
    if name == ALL:
        return value[frozenset(levers)] - value[frozenset()]
    return shapley_term(name, levers, value)


def _interval(found: Measured, draws: list[int], terms: list[float]) -> MeanInterval:
    values = np.array(terms, np.float64)
    clusters = np.array([found.inputs[draw] for draw in draws], np.int64) // found.block
    kept = np.isfinite(values)
    return mean_interval(values[kept], clusters[kept])
