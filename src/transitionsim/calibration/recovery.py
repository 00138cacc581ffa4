"""Identifiability: whether known parameters are recovered from what the model itself makes of them.

Synthetic records are simulated at parameter vectors spread over the ranges, with other seeds than those of the fit,
and fitted as if they were data. Beside the recovery stand the columns of the scaled Jacobian: parameters that move the
targets in the same direction cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from transitionsim.calibration.calibrating import Calibration, clear
from transitionsim.calibration.fitting import CORRECTIONS, Floats, fit_to
from transitionsim.calibration.free import FREE, LOOKED_AT, Free
from transitionsim.calibration.surrogate import halton
from transitionsim.errors import InputError

VECTORS: Final = 8
"""Parameter vectors to recover."""
INNER: Final = (0.1, 0.9)
"""The part of the range in which they lie: at its ends an interval has one side only."""
OTHER_SEEDS: Final = 1_000
"""Synthetic records have the seeds of the fit plus this."""
Z90: Final = 1.6449
ALIKE: Final = 0.9
"""Columns whose cosine is at least this move the targets in the same way."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """One parameter of one vector: the true value, the one recovered, and the 90 % interval around it."""

    vector: int
    key: str
    true: float
    found: float
    low: float
    high: float
    inside: bool

    @property
    def relative_error(self) -> float:
        """The recovered value over the true one, less one."""
        return self.found / self.true - 1.0


@dataclass(frozen=True, slots=True)
class Column:
    """How a parameter moves the targets over its whole range.

    ``size`` is the length of its column in tolerances; ``outside`` the part of it that no mixture of the other fitted
    parameters makes; ``nearest`` and ``cosine`` the fitted parameter whose column is most alike.
    """

    key: str
    fitted: bool
    size: float
    outside: float
    nearest: str
    cosine: float

    @property
    def told_apart(self) -> bool:
        """Whether the targets see it, and see it as something else than another parameter."""
        return self.size > 1.0 and self.cosine < ALIKE


def runs_needed(seeds: int, vectors: int = VECTORS) -> int:
    """Return how many further runs the recovery and the comparison of columns take at most."""
    return seeds * (vectors * (2 + CORRECTIONS) + 2 * (len(FREE) + len(LOOKED_AT)))


def recovered(calibration: Calibration, vectors: int = VECTORS) -> tuple[Recovered, ...]:
    """Return what is recovered of known parameters, vector by vector."""
    size, design, evaluator = calibration.size, calibration.design, calibration.evaluator
    seeds = len(size.seeds)
    others = [seed + OTHER_SEEDS for seed in size.seeds]
    low, high = INNER
    rows: list[Recovered] = []
    for number, corner in enumerate(halton(vectors, len(calibration.free), skip=calibration.points)):
        true = low + (high - low) * corner
        record = evaluator.at(true, others).mean(axis=0)
        found = fit_to(evaluator, design, record, calibration.scale)
        # Both sides are means over as many seeds; the surrogate's slopes are known as well as it fits.
        covariance = 2.0 * design.chance / seeds + np.diag(design.surrogate.missed**2)
        spread = Z90 * np.sqrt(np.diag(found.errors(covariance)))
        rows += _rows(number + 1, calibration.free, true, found.place, spread)
    return tuple(rows)


def _rows(number: int, free: Iterable[Free], true: Floats, place: Floats, spread: Floats) -> Iterable[Recovered]:
    for one, x, y, wide in zip(free, true, place, spread, strict=True):
        ends = one.at(float(max(0.0, y - wide))), one.at(float(min(1.0, y + wide)))
        yield Recovered(number, one.key, one.at(float(x)), one.at(float(y)), *ends, bool(abs(x - y) <= wide))


def columns(calibration: Calibration) -> tuple[Column, ...]:
    """Return how each parameter moves the targets over its range, the others as fitted; then those looked at only.

    Differences of runs at both ends, not slopes of the surrogate, whose small entries are those of chance.
    """
    fitted = {}
    for number, one in enumerate(calibration.free):
        ends = _between_ends(calibration, one.key, one.low, one.high)
        fitted[one.key] = clear(calibration.found.slope[:, number], calibration.doubt) if ends is None else ends
    seen = dict(fitted)
    for key in LOOKED_AT:
        other = calibration.region.register[key]
        if other.low is not None and other.high is not None:
            ends = _between_ends(calibration, key, other.low, other.high)
            if ends is not None:
                seen[key] = ends
    return tuple(_column(key, column / calibration.scale, fitted, calibration.scale) for key, column in seen.items())


def _between_ends(calibration: Calibration, key: str, low: float, high: float) -> Floats | None:
    """Return how the measures differ between the ends of a range, or nothing where the region cannot stand there."""
    at = {one.key: one.at(float(x)) for one, x in zip(calibration.free, calibration.found.place, strict=True)}
    try:
        ends = [calibration.evaluator.with_values({**at, key: float(end)}).mean(axis=0) for end in (low, high)]
    except InputError:
        return None
    return clear(ends[1] - ends[0], calibration.design.spread(len(calibration.size.seeds)))


def _column(key: str, column: Floats, fitted: dict[str, Floats], scale: Floats) -> Column:
    others = {name: one / scale for name, one in fitted.items() if name != key}
    length = float(np.linalg.norm(column))
    if length == 0.0 or not others:
        return Column(key, key in fitted, length, 1.0, "", 0.0)
    matrix = np.stack(list(others.values()), axis=1)
    nearest = matrix @ np.linalg.lstsq(matrix, column, rcond=None)[0]
    cosines = {
        name: abs(float(column @ one)) / (length * max(float(np.linalg.norm(one)), 1e-12))
        for name, one in others.items()
    }
    name = max(cosines, key=lambda other: cosines[other])
    outside = float(np.linalg.norm(column - nearest)) / length
    return Column(key, key in fitted, length, outside, name, cosines[name])
