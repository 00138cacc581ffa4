"""Simulated minimum distance: the values at which the model comes nearest to the targets.

The model is run at the points of a design, a surrogate is fitted through them, and the place is sought where the
surrogate comes nearest. There the model is run again; the surrogate is shifted by what it missed and searched anew.
Of the places that were run the best is kept. All runs use the same seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.calibration.free import Free
from transitionsim.calibration.simulating import Size, arm_of, simulated
from transitionsim.calibration.surrogate import STARTS, Surrogate, halton, nearest_place, terms
from transitionsim.errors import InputError
from transitionsim.scenario import Scenario

Floats = NDArray[np.float64]
Simulate = Callable[[Scenario, Mapping[str, float], int], dict[str, float]]
CORRECTIONS: Final = 2
"""How often the surrogate is shifted to the model and searched again."""
SETTLED: Final = 0.002
"""Places nearer than this are the same."""


def _silent(done: int, total: int, failed: int) -> None:
    """Say nothing."""


@dataclass
class Evaluator:
    """Runs the arm at places of the parameters, each place with all seeds, and counts the runs."""

    region: str
    size: Size
    free: Sequence[Free]
    measures: Sequence[str]
    simulate: Simulate = simulated
    tell: Callable[[int, int, int], None] = _silent
    planned: int = 0
    runs: int = 0
    _arm: Scenario = field(init=False)

    def __post_init__(self) -> None:
        self._arm = arm_of(self.region, self.size)

    def at(self, place: Floats, seeds: Sequence[int] | None = None) -> Floats:
        """Return the measures at a place, shape (seeds, measures)."""
        return self.with_values({one.key: one.at(float(x)) for one, x in zip(self.free, place, strict=True)}, seeds)

    def with_values(self, values: Mapping[str, float], seeds: Sequence[int] | None = None) -> Floats:
        """Return the measures under some values, shape (seeds, measures)."""
        rows = []
        for seed in self.size.seeds if seeds is None else seeds:
            found = self.simulate(self._arm, values, seed)
            rows.append([found[name] for name in self.measures])
            self.runs += 1
            self.tell(self.runs, max(self.planned, self.runs), 0)
        return np.array(rows)


@dataclass(frozen=True)
class Design:
    """The design as it was run: places, measures by seed, the surrogate and how chance moves a single run."""

    places: Floats
    outcomes: Floats
    surrogate: Surrogate
    chance: Floats
    """Covariance of the measures between seeds at the same place, pooled over the places, (measures, measures)."""

    def spread(self, seeds: int) -> Floats:
        """Return the standard deviation by chance of a mean over so many seeds, (measures,)."""
        return np.asarray(np.sqrt(np.diag(self.chance) / seeds))


def least_points(size: int) -> int:
    """Return how many points a design needs at least: two more than the surrogate has coefficients."""
    return terms(size) + 2


def run_design(evaluator: Evaluator, points: int) -> Design:
    """Return the design, run with all seeds; places that no region can stand at are left out."""
    places, outcomes = [], []
    for place in halton(points, len(evaluator.free)):
        try:
            outcomes.append(evaluator.at(place))
        except InputError:  # the least-change flows refuse this corner
            continue
        places.append(place)
    if len(places) < least_points(len(evaluator.free)):
        text = f"only {len(places)} of {points} points of the design can be lived in; the region cannot be calibrated"
        raise InputError.one(evaluator.region, text)
    where, found = np.array(places), np.array(outcomes)
    within = found - found.mean(axis=1, keepdims=True)
    flat = within.reshape(-1, within.shape[2])
    chance = flat.T @ flat / (len(found) * (found.shape[1] - 1))
    return Design(where, found, Surrogate.through(where, found.mean(axis=1)), chance)


@dataclass(frozen=True)
class Found:
    """The place found, what the model does there (mean over the seeds), the slopes there, and the distance left.

    ``tried`` is how many places were run on the way.
    """

    place: Floats
    measured: Floats
    slope: Floats
    scale: Floats
    distance: float
    tried: int = 1

    def errors(self, covariance: Floats) -> Floats:
        """Return the covariance of the place when the measures less the targets have one, (parameters, parameters)."""
        inverse = np.linalg.pinv(self.slope / self.scale[:, None], rcond=1e-6)
        scaled = covariance / np.outer(self.scale, self.scale)
        return np.asarray(inverse @ scaled @ inverse.T)


def fit_to(evaluator: Evaluator, design: Design, targets: Floats, scale: Floats) -> Found:
    """Return the place at which the model comes nearest to targets; ``scale`` says how far off counts as one."""
    surrogate = design.surrogate
    means = design.outcomes.mean(axis=1)
    order = np.argsort((((means - targets) / scale) ** 2).sum(axis=1), kind="stable")[:STARTS]
    shift = np.zeros(len(targets))
    best: Found | None = None
    last: Floats | None = None
    tried = 0
    for _ in range(1 + CORRECTIONS):
        now = shift

        def residuals(place: Floats, now: Floats = now) -> Floats:
            return np.asarray((surrogate.at(place) + now - targets) / scale)

        place, _ = nearest_place(residuals, lambda at: surrogate.slope(at) / scale[:, None], design.places[order])
        if last is not None and np.abs(place - last).max() < SETTLED:
            break
        last = place
        tried += 1
        measured = evaluator.at(place).mean(axis=0)
        distance = float((((measured - targets) / scale) ** 2).sum())
        if best is None or distance < best.distance:
            best = Found(place, measured, surrogate.slope(place), scale, distance)
        shift = measured - surrogate.at(place)
    assert best is not None
    return replace(best, tried=tried)


def counted(tolerance: Floats, spread: Floats) -> Floats:
    """Return how far off counts as one: the tolerance, and chance where it is the larger."""
    return np.asarray(np.sqrt(tolerance**2 + spread**2))
