"""Which lever does it? Shapley terms of a grid in which every lever is either at its first or at its second value.

The term of a lever is what moving it to its second value changes, averaged over all orders in which the levers can
be moved (Shapley 1953). In every draw the terms sum to the whole difference between all levers moved and none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from transitionsim.experiments.decompose import shapley_term
from transitionsim.sweeps.contrasts import Measured
from transitionsim.sweeps.intervals import MeanInterval, mean_interval
from transitionsim.sweeps.samples import plain

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
    if grid is None:
        return None
    levers, arms = grid
    levels = {moved: found.levels[outcome, horizon].get(label, {}) for moved, label in arms.items()}
    draws = sorted(set.intersection(*(set(values) for values in levels.values())))
    sign = found.outcomes[outcome].sign
    rows = []
    for name in (*levers, ALL):
        terms = [sign * _term(name, tuple(levers), {moved: at[draw] for moved, at in levels.items()}) for draw in draws]
        mean = _interval(found, draws, terms)
        first, second = levers.get(name, ("", ""))
        rows.append((name, first, second, mean.mean, mean.low, mean.high, len(terms)))
    return pd.DataFrame(rows, columns=["lever", "first", "second", "mean", "low", "high", "n"])


def _grid(found: Measured) -> tuple[dict[str, tuple[str, str]], dict[Moved, str]] | None:
    """Return the two values of every lever, and the arm of every set of levers moved; nothing for other designs."""
    points = {arm.label: arm.levers for arm in found.plan.arms if arm.role == "scenario" and arm.levers}
    values: dict[str, list[str]] = {}
    for levers in points.values():
        for name, value in levers.items():
            if str(plain(value)) not in values.setdefault(name, []):
                values[name].append(str(plain(value)))
    if len(values) < 2 or any(len(both) != 2 for both in values.values()):
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
