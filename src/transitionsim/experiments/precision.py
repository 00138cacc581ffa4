"""Precision: how well the mean paired difference of a sweep is known, and when that is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from transitionsim.experiments.contrasts import clusters_of
from transitionsim.experiments.intervals import mean_interval
from transitionsim.experiments.outcomes import OUTCOMES
from transitionsim.experiments.plan import Plan

FIRST: Final = 8
"""Draws after which precision is looked at first."""


@dataclass(frozen=True)
class Precision:
    """The widest 90 % interval of a mean paired difference: half of it, against the difference."""

    outcome: str
    arm: str
    draws: int
    mean: float
    half_width: float
    reached: bool

    @property
    def relative(self) -> float:
        """Half the interval as a share of the difference; infinite where that is zero."""
        return self.half_width / abs(self.mean) if self.mean else float("inf")


def checkpoints(draws: int) -> list[int]:
    """Return the numbers of draws at which precision is looked at: 8, 12, 16, 24, 32, 48 and so on, and all of them.

    >>> checkpoints(40)
    [8, 12, 16, 24, 32, 40]
    """
    steps, step = [], FIRST
    while step < draws:
        steps += [step, step * 3 // 2]
        step *= 2
    return [*[one for one in steps if one < draws], draws]


def precise_enough(plan: Plan, parts: Sequence[Path], draws: int, until: float | None) -> Precision | None:
    """Return the precision after the first draws, of the arm whose difference is known worst; none without a pair."""
    key = plan.smallest_effect.outcome if plan.smallest_effect else plan.indicators[0]
    outcome = next((one for one in OUTCOMES if one.key == key), None)
    role = outcome.against if outcome is not None else "no transition"
    reference = next((arm.label for arm in plan.arms if arm.role == role), None)
    arms = [arm.label for arm in plan.arms if arm.role == "scenario"] or [
        arm.label for arm in plan.arms if arm.role == "baseline"
    ]
    if reference is None or draws < 2:
        return None
    found = _values(parts, key, plan.horizons[-1])
    worst: Precision | None = None
    for arm in arms:
        both = [draw for draw in range(draws) if _both(found, arm, reference, draw)]
        numbers = np.array([found[arm, draw] - found[reference, draw] for draw in both])
        if arm == reference or len(numbers) < 2:
            continue
        mean = mean_interval(numbers, clusters_of(plan, both))
        if mean.low != mean.low:
            continue
        one = Precision(key, arm, draws, mean.mean, (mean.high - mean.low) / 2.0, False)
        if worst is None or one.relative > worst.relative:
            worst = one
    if worst is None:
        return None
    enough = until is not None and worst.relative <= until
    return Precision(worst.outcome, worst.arm, draws, worst.mean, worst.half_width, enough)


def _both(found: dict[tuple[str, int], float], arm: str, reference: str, draw: int) -> bool:
    return (arm, draw) in found and (reference, draw) in found


def _values(parts: Sequence[Path], key: str, year: int) -> dict[tuple[str, int], float]:
    import pyarrow.parquet as pq

    found: dict[tuple[str, int], float] = {}
    for path in parts:
        table = pq.read_table(path, columns=["scenario", "draw", "year", "indicator", "value"])
        columns = (table[name].to_pylist() for name in ("scenario", "draw", "year", "indicator", "value"))
        for scenario, draw, at, indicator, value in zip(*columns, strict=True):
            if indicator == key and at == year:
                found[scenario, draw] = value
    return found
