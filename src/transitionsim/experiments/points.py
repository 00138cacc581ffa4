"""Lever points: every combination of lever values that a design asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transitionsim.experiments.question import SAMPLED, Lever, Question

Unit = NDArray[np.float64]
LEVELS = 4
"""Levels of a Morris design."""
SEED = 0
"""Seed of every sampled design: a file always means the same points."""


def lever_points(question: Question) -> list[dict[str, Any]]:
    """Return the points in their order: for each the value of every lever, by the lever's name."""
    levers = question.levers
    if not levers:
        return []
    if question.design in SAMPLED:
        unit = unit_sample(question.design, len(levers), question.size)
        return [
            {name: _at(lever, place) for (name, lever), place in zip(levers.items(), row, strict=True)} for row in unit
        ]
    values = [lever.values for lever in levers.values()]
    if question.design == "grid":
        return [dict(zip(levers, chosen, strict=True)) for chosen in product(*values)]
    if question.design == "zip":
        return [dict(zip(levers, chosen, strict=True)) for chosen in zip(*values, strict=True)]
    return [{name: value} for name, lever in levers.items() for value in lever.values]


def _at(lever: Lever, place: float) -> float:
    assert lever.low is not None
    assert lever.high is not None
    return round(lever.low + place * (lever.high - lever.low), 12)


def settings(levers: Mapping[str, Lever], point: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a point sets, by the keys of a scenario."""
    found: dict[str, Any] = {}
    for name, value in point.items():
        keys = levers[name].names
        found |= dict(zip(keys, value if isinstance(value, Sequence) and len(keys) > 1 else [value], strict=True))
    return found


def unit_sample(design: str, count: int, size: int) -> Unit:
    """Return points of the unit cube, shape (points, count).

    ``latin-hypercube``: ``size`` points; ``sobol``: ``size`` blocks of the design of Saltelli, ``count + 2`` points
    each, rounded up to a power of two; ``morris``: ``size`` trajectories of ``count + 1`` points.
    """
    if design == "latin-hypercube":
        from scipy.stats import qmc

        return np.asarray(qmc.LatinHypercube(count, rng=SEED).random(size))
    problem = {"num_vars": count, "names": [str(i) for i in range(count)], "bounds": [[0.0, 1.0]] * count}
    if design == "sobol":
        from SALib.sample import sobol

        blocks = 1 << (size - 1).bit_length()
        return np.asarray(sobol.sample(problem, blocks, calc_second_order=False, seed=SEED))
    from SALib.sample import morris

    return np.asarray(morris.sample(problem, size, num_levels=LEVELS, seed=SEED))
