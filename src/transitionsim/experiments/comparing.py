"""What an experiment says of its arms: one line for each arm and outcome, with two layers and an answer.

An interval of single draws is the 5th to 95th percentile of paired differences: where nine draws in ten lie. The
interval of the mean says how well the mean of that cloud is known. The placebo columns hold the same contrast for one
training seat that cannot matter: no difference inside that range means anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from transitionsim.errors import InputError
from transitionsim.experiments.contrasts import Measured, Pairs
from transitionsim.experiments.intervals import (
    MeanInterval,
    answer,
    clustered,
    clusters_needed,
    layers,
    mean_interval,
    simultaneous,
)
from transitionsim.experiments.numbers import step_for
from transitionsim.experiments.paired import beyond, interval
from transitionsim.experiments.samples import plain

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.experiments.plan import PlannedArm

NO_SIZE: Final = "no size fixed"
PART_OF_EFFECT: Final = 0.5
"""Half-width that the number of draws needed is for, in smallest effects of interest."""
PART_OF_MEAN: Final = 0.1
"""The same where no smallest effect was fixed, in mean differences whose sign is known."""
Ends = tuple[float, float]
_NOTHING: Final = (float("nan"), float("nan"))


def compared(found: Measured) -> pd.DataFrame:
    """Return one row for each outcome, horizon, reference and arm.

    ``own`` says whether ``against`` is the reference that the outcome is defined by; the placebo stands against the
    baseline. ``mean``, ``low``, ``high``: mean paired difference over clusters and its 90 % interval;
    ``low_together`` and ``high_together`` hold for all ``together`` arms of an outcome, horizon and reference at once;
    ``median``, ``p05`` and ``p95``: the middle draw, and where nine draws in ten lie. ``answer`` holds an interval
    against ``size``, the smallest effect of interest; it takes the one that holds together where several arms are
    compared. ``sd_seeds`` and ``sd_inputs`` are the two layers, ``needed`` the clusters that bring the half-width down
    to ``half_width``. ``background`` is the level in the reference, ``placebo_p05`` and ``placebo_p95`` what one seat
    that cannot matter changes. Everything is in ``unit``. ``denominator`` is what the outcome is a part of. A row
    without any finished pair is kept, with n = 0 and empty numbers.
    """
    import pandas as pd

    if not found.references(next(iter(found.outcomes))):
        raise InputError.one("compare", "this sweep has no arm to compare with; a baseline or no transition is needed")
    bases = denominators(found)
    rows = [
        {**row, **bases[found.outcomes[outcome].base], "interval_holds": found.interval_holds}
        for outcome in found.outcomes
        for horizon in found.horizons
        for reference in found.references(outcome)
        for row in _family(found, outcome, horizon, reference)
    ]
    if not rows:
        raise InputError.one("compare", "this sweep has one arm only; there is nothing to compare")
    return pd.DataFrame(rows)


def own_contrasts(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a comparison that its text, sentence and figure tell: each outcome by its own reference.

    At the last horizon, one row for each outcome and arm, the placebo last.
    """
    rows: pd.DataFrame = table.loc[table["own"] & (table["horizon"] == table["horizon"].max())]
    return rows


def denominators(found: Measured) -> dict[str, dict[str, Any]]:
    """Return what outcomes are a part of: the median over the runs without transition, and its name."""
    jobs = f"automotive jobs ({found.plan.denominator}) at the start"
    return {
        "automotive jobs": _denominator(found, "automotive_jobs_at_start", jobs),
        "labour force": _denominator(found, "labour_force_at_start", "people in the labour force at the start"),
        "none": {"denominator": np.nan, "denominator_name": "none: an amount"},
    }


def _denominator(found: Measured, key: str, name: str) -> dict[str, Any]:
    return {"denominator": interval(found.base(key)).median, "denominator_name": name}


def shown_arms(found: Measured, reference: PlannedArm) -> list[PlannedArm]:
    """Return the arms compared with a reference: the baseline and the scenarios, itself left out."""
    return [arm for arm in found.plan.arms if arm.role in ("baseline", "scenario") and arm != reference]


def _family(found: Measured, outcome: str, horizon: int, reference: PlannedArm) -> Iterator[dict[str, Any]]:
    arms = shown_arms(found, reference)
    pairs = {arm.label: found.pairs(outcome, horizon, arm.label, reference.label) for arm in arms}
    together = _together(pairs)
    baseline, placebo = found.arm("baseline"), found.arm("placebo")
    floor = interval(np.zeros(0))
    if baseline is not None and placebo is not None:
        floor = interval(found.pairs(outcome, horizon, placebo.label, baseline.label).numbers)
    level = interval(found.level(outcome, horizon, reference.label).numbers)
    if placebo is not None and reference == baseline:
        pairs[placebo.label] = found.pairs(outcome, horizon, placebo.label, reference.label)
        arms = [*arms, placebo]
    for arm in arms:
        yield {
            **_about(found, outcome, horizon, reference, arm),
            **_numbers(pairs[arm.label], alone := mean_interval(pairs[arm.label].numbers, pairs[arm.label].clusters)),
            **_answered(found, outcome, pairs[arm.label], alone, together.get(arm.label, _NOTHING), len(together)),
            "background": level.median,
            "background_p05": level.low,
            "background_p95": level.high,
            "placebo_p05": floor.low,
            "placebo_p95": floor.high,
            "beyond_placebo": beyond(interval(pairs[arm.label].numbers), floor),
        }


def _together(pairs: dict[str, Pairs]) -> dict[str, Ends]:
    """Return the intervals that hold together, over the clusters that all arms with any pair finished."""
    some = {label: found for label, found in pairs.items() if len(found)}
    if not some:
        return {}
    draws = set.intersection(*(set(found.draws.tolist()) for found in some.values()))
    columns = []
    for found in some.values():
        kept = np.isin(found.draws, sorted(draws))
        columns.append(clustered(found.numbers[kept], found.clusters[kept])[0])
    return dict(zip(some, simultaneous(np.column_stack(columns)), strict=True))


def _about(found: Measured, outcome: str, horizon: int, reference: PlannedArm, arm: PlannedArm) -> dict[str, Any]:
    one = found.outcomes[outcome]
    return {
        "outcome": outcome,
        "title": one.title,
        "headline": one.headline,
        "own": arm.role == "placebo" or reference.role == one.against,
        "unit": one.unit,
        "horizon": horizon,
        "against": reference.label,
        "scenario": arm.label,
        "role": arm.role,
        "point": arm.point,
    }


def _numbers(pairs: Pairs, mean: MeanInterval) -> dict[str, Any]:
    spread, split = interval(pairs.numbers), layers(pairs.numbers, pairs.inputs)
    return {
        "n": len(pairs),
        "clusters": mean.clusters,
        "cluster": mean.unit,
        "mean": mean.mean,
        "low": mean.low,
        "high": mean.high,
        "method": mean.method,
        "median": spread.median,
        "p05": spread.low,
        "p95": spread.high,
        "spans_zero": spread.spans_zero,
        "share_above_zero": float((pairs.numbers > 0).mean()) if len(pairs) else np.nan,
        "sd_seeds": split.between_seeds,
        "sd_inputs": split.between_inputs,
    }


def _answered(
    found: Measured, outcome: str, pairs: Pairs, alone: MeanInterval, together: Ends, arms: int
) -> dict[str, Any]:
    effect = found.plan.smallest_effect
    own = effect is not None and effect.outcome == outcome
    size = effect.size if effect is not None and own else np.nan
    ends = together if arms > 1 else (alone.low, alone.high)
    known = alone.low > 0.0 or alone.high < 0.0
    width = PART_OF_EFFECT * size if own else PART_OF_MEAN * abs(alone.mean) if known else np.nan
    return {
        "low_together": together[0],
        "high_together": together[1],
        "together": arms,
        "size": size,
        "answer": answer(*ends, size) if own else NO_SIZE,
        "half_width": width,
        "needed": clusters_needed(pairs.numbers, pairs.clusters, width),
    }


@dataclass(frozen=True)
class LeverMatrix:
    """Mean paired differences of a grid of two levers; ``step`` is what their intervals allow to be printed.

    ``sure`` says of every cell whether its interval leaves zero out.
    """

    means: pd.DataFrame
    step: float
    sure: pd.DataFrame


def lever_matrix(found: Measured, table: pd.DataFrame, outcome: str, horizon: int, against: str) -> LeverMatrix | None:
    """Return the mean differences of a sweep with two levers as a matrix, the first lever down and the second across.

    Nothing for other numbers of levers, and for points that are no full grid.
    """
    points = {arm.label: arm.levers for arm in found.plan.arms if arm.role == "scenario" and len(arm.levers) == 2}
    rows = table[(table["outcome"] == outcome) & (table["horizon"] == horizon) & (table["against"] == against)]
    rows = rows[rows["scenario"].isin(points)]
    names = list(dict.fromkeys(name for levers in points.values() for name in levers))
    if len(names) != 2 or rows.empty:
        return None
    for name in names:
        rows = rows.assign(**{name: [plain(points[label][name]) for label in rows["scenario"]]})
    if rows.duplicated(names).any() or len(rows) != rows[names[0]].nunique() * rows[names[1]].nunique():
        return None
    width = float((rows["high"] - rows["low"]).median())
    means = rows.pivot_table(index=names[0], columns=names[1], values="mean", sort=True)
    sure = rows.assign(sure=(rows["low"] > 0) | (rows["high"] < 0)).pivot_table(
        index=names[0], columns=names[1], values="sure", aggfunc="all"
    )
    return LeverMatrix(means, step_for(0.0, width, 0.01 if width < 1 else 1.0), sure.reindex_like(means).astype(bool))
