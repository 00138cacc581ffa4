"""Intervals of paired differences: what is drawn again are clusters, never single runs.

A *cluster* is one draw of the uncertain inputs with all its seeds; where the inputs are held fixed it is one seed. A
cluster counts once, by its mean. Resamples are keyed by their number and the number of clusters, as elsewhere in this
package, so that an interval is the same in every process.

The 90 % interval of a mean is the bootstrap's with bias correction and acceleration (BCa; Efron 1987). The
acceleration comes from leaving out one cluster at a time; ``scipy.stats.bootstrap`` is not used because it knows no
clusters and draws from a generator with a state. For few clusters the levels are widened as Hesterberg (2015) does,
since a bootstrap of n numbers is too narrow by the factor sqrt((n - 1) / n) and by the tails of Student's t.

Two layers are never mixed: what seeds do with the inputs fixed, and what the inputs do beyond it (:func:`layers`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from transitionsim.draws import agent_keys, stream, uniform

Values = NDArray[np.float64]
Picks = NDArray[np.int64]
Unit = Literal["inputs", "seeds"]

COVERAGE: Final = 0.90
FEWEST_FOR_RESAMPLING: Final = 5
"""Clusters below which resamples span too little, and the interval is Student's."""
RESAMPLES: Final = 2000
FEWEST_FOR_BCA: Final = 10
"""Clusters below which the acceleration is too uncertain to use."""
LARGER: Final = "larger than"
EQUIVALENT: Final = "equivalent to none"
UNDECIDED: Final = "undecided"
_TAIL: Final = (1.0 - COVERAGE) / 2.0
_BLOCK: Final = 2_000_000
"""Numbers drawn again at a time, so that memory does not grow with the number of clusters."""
_EQUAL: Final = 1e-12
"""Share of the largest cluster below which a spread is that of rounding."""
_NONE: Final = float("nan")


@dataclass(frozen=True, slots=True)
class MeanInterval:
    """A mean over clusters with its 90 % interval; ``method`` says how, and why not BCa where it is not."""

    mean: float
    low: float
    high: float
    clusters: int
    unit: Unit
    method: str


@dataclass(frozen=True, slots=True)
class Layers:
    """Two components of the variance of single differences, as standard deviations in the unit of the difference.

    NaN where a design cannot tell: ``between_seeds`` needs inputs with two seeds, ``between_inputs`` two inputs.
    """

    between_seeds: float
    between_inputs: float


def clustered(values: Values, inputs: NDArray[np.int64]) -> tuple[Values, Unit]:
    """Return the mean of every cluster in the order of the inputs, or the values where only seeds differ.

    >>> clustered(np.array([1.0, 3.0, 7.0]), np.array([4, 4, 9]))
    (array([2., 7.]), 'inputs')
    """
    numbers, places, counts = np.unique(inputs, return_inverse=True, return_counts=True)
    if len(numbers) <= 1:
        return np.asarray(values, dtype=np.float64), "seeds"
    return np.bincount(places, weights=values, minlength=len(numbers)) / counts, "inputs"


def mean_interval(values: Values, inputs: NDArray[np.int64]) -> MeanInterval:
    """Return the mean of the clusters and its 90 % interval; no numbers for none, no interval for one cluster."""
    means, unit = clustered(values, inputs)
    n = len(means)
    mean = float(means.mean()) if n else _NONE
    if n < 2:
        return MeanInterval(mean, _NONE, _NONE, n, unit, "none: fewer than 2 clusters")
    if np.ptp(means) <= _EQUAL * np.abs(means).max():
        return MeanInterval(mean, mean, mean, n, unit, "percentile: all clusters are equal")
    if n < FEWEST_FOR_RESAMPLING:
        reach = float(special.stdtrit(n - 1, 1.0 - _TAIL) * means.std(ddof=1) / math.sqrt(n))
        method = f"Student's t: fewer than {FEWEST_FOR_RESAMPLING} clusters"
        return MeanInterval(mean, mean - reach, mean + reach, n, unit, method)
    again = np.concatenate([means[picks].mean(axis=1) for picks in resamples(n)])
    low, high, method = _bounds(means, mean, again)
    return MeanInterval(mean, low, high, n, unit, method)


def _bounds(means: Values, mean: float, again: Values) -> tuple[float, float, str]:
    n = len(means)
    tail = _widened(n)
    below = float((again < mean).mean() + 0.5 * (again == mean).mean())
    if n < FEWEST_FOR_BCA or not 0.0 < below < 1.0:
        why = f"fewer than {FEWEST_FOR_BCA} clusters" if n < FEWEST_FOR_BCA else "all resamples on one side"
        low, high = np.quantile(again, (tail, 1.0 - tail))
        return float(low), float(high), f"percentile: {why}"
    bias = float(special.ndtri(below))
    levels = [_corrected(bias, _acceleration(means), float(special.ndtri(level))) for level in (tail, 1.0 - tail)]
    low, high = np.quantile(again, levels)
    return float(low), float(high), "BCa"


def _widened(n: int) -> float:
    """Return the level of the lower bound for n clusters: below 5 %, the more so the fewer there are."""
    return float(special.ndtr(math.sqrt(n / (n - 1)) * special.stdtrit(n - 1, _TAIL)))


def _acceleration(means: Values) -> float:
    """Return a sixth of the skewness of the means that leave out one cluster."""
    n = len(means)
    away = means - means.mean()
    # Leaving out cluster i moves the mean by -away[i] / (n - 1); the factor cancels in the skewness.
    return float((away**3).sum() / (6.0 * (away**2).sum() ** 1.5)) if n else 0.0


def _corrected(bias: float, acceleration: float, place: float) -> float:
    moved = bias + place
    return float(special.ndtr(bias + moved / max(1e-9, 1.0 - acceleration * moved)))


@lru_cache(maxsize=8)
def _kept_resamples(n: int) -> tuple[Picks, ...]:
    return tuple(_made(n))


def resamples(n: int) -> tuple[Picks, ...] | Iterator[Picks]:
    """Give the places of the clusters in every resample, in blocks of resamples; small ones are kept."""
    return _kept_resamples(n) if n * RESAMPLES <= _BLOCK else _made(n)


def _made(n: int) -> Iterator[Picks]:
    at_once = max(1, _BLOCK // n)
    for first in range(0, RESAMPLES, at_once):
        count = min(at_once, RESAMPLES - first)
        keys = agent_keys("bootstrap", str(n), count * n, start=first * n)
        yield (uniform(stream(0, "bootstrap", 0), keys) * n).astype(np.int64).reshape(count, n)


def simultaneous(columns: Values) -> list[tuple[float, float]]:
    """Return one 90 % interval for each column of cluster means that hold together, all of them (max-t).

    ``columns`` is (clusters, comparisons), without gaps. The critical value is the 90th percentile, over resamples of
    clusters, of the largest studentised deviation among the columns. Columns without spread keep their mean. Below
    ten clusters, whose resamples now and then have no spread, they are Student's at Bonferroni's level.
    """
    n, count = columns.shape
    if n < 2:
        return [(_NONE, _NONE)] * count
    mean = columns.mean(axis=0)
    away = columns - mean
    error = np.sqrt((away**2).sum(axis=0) / (n * (n - 1)))
    moving = error > _EQUAL * np.abs(mean)
    if n < FEWEST_FOR_BCA:
        level = 1.0 - _TAIL / max(1, int(moving.sum()))
        return _around(mean, np.where(moving, float(special.stdtrit(n - 1, level)) * error, 0.0))
    if not moving.any():
        return _around(mean, error * 0.0)
    largest = np.concatenate(
        [_largest(away[:, moving], part) for picks in resamples(n) for part in _parts(picks, count)]
    )
    critical = float(np.quantile(largest, COVERAGE, method="higher"))
    return _around(mean, np.where(moving, critical * error, 0.0))


def _around(mean: Values, reach: Values) -> list[tuple[float, float]]:
    return [(float(one - own), float(one + own)) for one, own in zip(mean, reach, strict=True)]


def _parts(picks: Picks, columns: int) -> Iterator[Picks]:
    at_once = max(1, _BLOCK // (picks.shape[1] * columns))
    for first in range(0, len(picks), at_once):
        yield picks[first : first + at_once]


def _largest(away: Values, picks: Picks) -> Values:
    """Return the largest studentised deviation of every resample.

    A column that moved in a few clusters has resamples without them, so without spread; these are measured by the
    spread of all clusters, or else one rare effect would make the interval of every column infinite.
    """
    n = len(away)
    again = away[picks]
    moved = again.mean(axis=1)
    error = np.sqrt(((again - moved[:, None, :]) ** 2).sum(axis=1) / (n * (n - 1)))
    whole = np.sqrt((away**2).sum(axis=0) / (n * (n - 1)))
    still = error <= _EQUAL * np.abs(away).max(axis=0)
    return np.asarray((np.abs(moved) / np.where(still, whole, error)).max(axis=1))


def answer(low: float, high: float, size: float) -> str:
    """Return what an interval says about the smallest effect of interest: two one-sided tests, each at 5 %.

    "larger than" it when the whole interval lies beyond it on one side, "equivalent to none" when the whole interval
    lies within it on both, else "undecided". No answer is made of an interval that is not there.

    >>> [answer(*ends, 100.0) for ends in ((120, 300), (-300, -101), (-99, 80), (-20, 140))]
    ['larger than', 'larger than', 'equivalent to none', 'undecided']
    """
    if low > size or high < -size:
        return LARGER
    if -size < low and high < size:
        return EQUIVALENT
    return UNDECIDED


def layers(values: Values, inputs: NDArray[np.int64]) -> Layers:
    """Return the one-way random effects of a difference: seeds within inputs, and inputs beyond what seeds explain.

    By the method of moments for unequal numbers of seeds; a negative estimate of the second is 0.
    """
    numbers, places, counts = np.unique(inputs, return_inverse=True, return_counts=True)
    total, groups = len(values), len(numbers)
    if total == groups:
        return Layers(_NONE, _NONE)
    means = np.bincount(places, weights=values) / counts
    within = float(((values - means[places]) ** 2).sum() / (total - groups))
    if groups < 2:
        return Layers(math.sqrt(within), _NONE)
    spread = float((counts * (means - values.mean()) ** 2).sum() / (groups - 1))
    seeds = (total - float((counts**2).sum()) / total) / (groups - 1)
    return Layers(math.sqrt(within), math.sqrt(max(0.0, (spread - within) / seeds)))


def clusters_needed(values: Values, inputs: NDArray[np.int64], half_width: float) -> int | None:
    """Return how many clusters, with as many seeds each, give the mean a 90 % interval of this half-width.

    From the spread of the clusters there are and Student's t; nothing with fewer than two of them or a width of 0.
    """
    means, _ = clustered(values, inputs)
    if len(means) < 2 or not half_width > 0:
        return None
    spread = float(means.std(ddof=1))
    needed = max(2, math.ceil((float(special.ndtri(1.0 - _TAIL)) * spread / half_width) ** 2))
    while float(special.stdtrit(needed - 1, 1.0 - _TAIL)) * spread > half_width * math.sqrt(needed):
        needed += 1
    return needed
