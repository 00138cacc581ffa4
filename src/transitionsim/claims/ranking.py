"""Ranks of scenarios, each with the interval that resampling the draws gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.experiments.intervals import FEWEST_FOR_RESAMPLING, resamples
from transitionsim.experiments.paired import HIGH, LOW

if TYPE_CHECKING:
    from transitionsim.claims.estimate import Quantity
    from transitionsim.experiments.contrasts import Measured

MOST: Final = 200
"""Scenarios that are ranked; a page of more is no ranking."""


@dataclass(frozen=True)
class Rank:
    """The rank of a scenario by its mean (1 the smallest), its 90 % interval and how often it comes first."""

    scenario: str
    mean: float
    rank: int
    low: int
    high: int
    first: float


def ranks(found: Measured, quantity: Quantity, scenarios: Sequence[str]) -> tuple[Rank, ...]:
    """Return the ranks of scenarios by the mean of an outcome, over the draws that all of them finished.

    The draws are resampled by draw of the inputs. Nothing comes of fewer than two scenarios or five draws of inputs:
    then no rank has an interval.
    """
    levels = [found.level(quantity.outcome, quantity.horizon, one) for one in scenarios]
    both = sorted(set.intersection(*(set(pairs.draws.tolist()) for pairs in levels))) if levels else []
    if len(levels) < 2 or len(levels) > MOST or not both:
        return ()
    known = [dict(zip(pairs.draws.tolist(), pairs.numbers.tolist(), strict=True)) for pairs in levels]
    values = np.array([[one[draw] for one in known] for draw in both])
    clusters = np.array([found.inputs[draw] // found.block for draw in both])
    means = _by_cluster(values, clusters if len(set(clusters.tolist())) > 1 else np.arange(len(both)))
    if len(means) < FEWEST_FOR_RESAMPLING:
        return ()
    again = np.concatenate([_places(means[picks].mean(axis=1)) for picks in resamples(len(means))])
    low, high = (np.quantile(again, share, axis=0, method="inverted_cdf") for share in (LOW, HIGH))
    own = _places(means.mean(axis=0)[None])[0]
    rows = [
        Rank(name, float(mean), int(rank), int(first), int(last), float((again[:, place] == 1).mean()))
        for place, (name, mean, rank, first, last) in enumerate(
            zip(scenarios, means.mean(axis=0), own, low, high, strict=True)
        )
    ]
    return tuple(sorted(rows, key=lambda row: (row.rank, row.scenario)))


def _by_cluster(values: NDArray[np.float64], clusters: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.array([values[clusters == one].mean(axis=0) for one in np.unique(clusters)])


def _places(means: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the rank of each scenario in each row, the smallest first; equal ones share the better rank.

    >>> _places(np.array([[3.0, 1.0, 1.0]])).tolist()
    [[3, 1, 1]]
    """
    return np.asarray((means[:, None, :] < means[:, :, None]).sum(axis=2) + 1, dtype=np.int64)
