"""Paired differences: the same draw in two arms, one number; all draws, an interval.

An interval here is the 5th to 95th percentile over draws of the paired difference: where nine draws in ten
lie. The bootstrap interval of the mean says how well the mean of that cloud is known, and stands in columns
of its own. The placebo columns hold the same contrast for one training seat that cannot matter: no
difference inside that range means anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.experiments.contrasts import clusters_of
from transitionsim.experiments.design import NO_TRANSITION, PLACEBO, Arm
from transitionsim.experiments.displacement import WINDOWS, Displacement
from transitionsim.experiments.intervals import mean_interval
from transitionsim.experiments.outcomes import (
    OUTCOMES,
    Outcome,
    automotive_jobs_at_start,
    labour_force_at_start,
)
from transitionsim.experiments.results import Results

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.experiments.plan import Plan

Values = NDArray[np.float64]
LOW: Final = 0.05
HIGH: Final = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """Median and 5th and 95th percentile of a set of numbers; all NaN for none."""

    median: float
    low: float
    high: float
    n: int

    @property
    def spans_zero(self) -> bool:
        """Whether no direction can be claimed: zero lies within the interval, or there is none."""
        return not (self.low > 0 or self.high < 0)


def interval(values: Values) -> Interval:
    """Return the median and the 90 % range of values, by linear interpolation between order statistics."""
    if values.size == 0:
        return Interval(np.nan, np.nan, np.nan, 0)
    low, median, high = np.quantile(values, (LOW, 0.5, HIGH))
    return Interval(float(median), float(low), float(high), int(values.size))


def measures(results: Results, outcome: Outcome) -> dict[str, dict[int, float]]:
    """Return the outcome's measure of every finished run: by arm, then by draw."""
    found: dict[str, dict[int, float]] = {arm.label: {} for arm in results.design.arms}
    for run in results.runs:
        found[run.arm][run.draw] = outcome.measure(run.series)
    return found


def differences(arm: dict[int, float], reference: dict[int, float], sign: int) -> Values:
    """Return the paired differences in the order of draws, over the draws that both arms finished."""
    both = sorted(arm.keys() & reference.keys())
    # Adding zero turns -0.0 into 0.0, so that no table shows a minus sign before nothing.
    return np.array([sign * (arm[draw] - reference[draw]) + 0.0 for draw in both], dtype=np.float64)


def compared(results: Results) -> pd.DataFrame:
    """Return one row for each outcome and arm: paired interval, n, background, denominator, placebo floor.

    Rows of the role ``placebo`` hold the placebo minus the baseline. A row without any finished pair is kept,
    with n = 0 and empty numbers.
    """
    import pandas as pd

    bases = _denominators(results)
    rows = []
    for outcome in OUTCOMES:
        levels = measures(results, outcome)
        baseline = results.design.baseline
        floor = interval(differences(levels[PLACEBO], levels[baseline.label], outcome.sign))
        for arm in results.design.arms:
            reference = _reference(arm, outcome, baseline)
            if reference is not None:
                row = _row(outcome, arm, reference, levels, floor, results.design.plan)
                rows.append({**row, **bases[outcome.base], "interval_holds": results.design.interval_holds})
    return pd.DataFrame(rows)


def _reference(arm: Arm, outcome: Outcome, baseline: Arm) -> str | None:
    """Return the label of the arm to compare with; nothing is compared with itself."""
    if arm.role == "placebo":
        return baseline.label
    if arm.role == "no transition" or (arm.role == "baseline" and outcome.against == "baseline"):
        return None
    return NO_TRANSITION if outcome.against == "no transition" else baseline.label


def _row(
    outcome: Outcome, arm: Arm, reference: str, levels: dict[str, dict[int, float]], floor: Interval, plan: Plan
) -> dict[str, Any]:
    values = differences(levels[arm.label], levels[reference], outcome.sign)
    found = interval(values)
    mean = mean_interval(values, clusters_of(plan, sorted(levels[arm.label].keys() & levels[reference].keys())))
    background = interval(np.array(list(levels[reference].values()), dtype=np.float64))
    return {
        "outcome": outcome.key,
        "title": outcome.title,
        "headline": outcome.headline,
        "scenario": arm.label,
        "role": arm.role,
        "against": reference,
        "unit": outcome.unit,
        "n": found.n,
        "median": found.median,
        "p05": found.low,
        "p95": found.high,
        "spans_zero": found.spans_zero,
        "share_above_zero": float((values > 0).mean()) if found.n else np.nan,
        "mean": mean.mean,
        "mean_low": mean.low,
        "mean_high": mean.high,
        "placebo_p05": floor.low,
        "placebo_p95": floor.high,
        "beyond_placebo": beyond(found, floor),
        "background": background.median,
        "background_p05": background.low,
        "background_p95": background.high,
    }


def beyond(found: Interval, floor: Interval) -> bool:
    """Return whether the median lies outside the 90 % range of the placebo contrast; never without both."""
    return bool(found.median > floor.high or found.median < floor.low)


def overlaps(found: Interval, floor: Interval) -> bool:
    """Return whether some of an interval lies within that of the placebo contrast; never without both."""
    return bool(found.low <= floor.high and found.high >= floor.low)


def _denominators(results: Results) -> dict[str, dict[str, Any]]:
    """Return what each outcome is a part of: the number over the no-transition runs, and its name."""
    runs: Sequence[Any] = list(results.of(NO_TRANSITION).values()) or results.runs
    jobs = interval(np.array([automotive_jobs_at_start(run.series) for run in runs]))
    force = interval(np.array([labour_force_at_start(run.series) for run in runs]))
    concept = results.design.baseline.scenario.load_region().denominator
    return {
        "automotive jobs": _denominator(jobs, f"automotive jobs ({concept}) at the start"),
        "labour force": _denominator(force, "people in the labour force at the start"),
        "none": {"denominator": np.nan, "denominator_name": "none: an amount"},
    }


def _denominator(found: Interval, name: str) -> dict[str, Any]:
    return {"denominator": found.median, "denominator_name": name}


def displaced(results: Results) -> pd.DataFrame:
    """Return one row for each scenario that has participants of its own: changes, ratio and placebo floor over draws.

    Medians and 90 % ranges of draws. ``defined`` says whether the participants' change has one direction in nine
    draws of ten and its median lies beyond the placebo floor; otherwise the columns of the ratio are empty.
    """
    import pandas as pd

    rows = []
    for arm in results.design.shown[1:]:
        found = [run.displacement for run in results.of(arm.label).values() if run.displacement]
        if any(one.participants for one in found):
            rows.append({"scenario": arm.label, "against": results.design.baseline.label, **_displacement_row(found)})
    return pd.DataFrame(rows)


def _displacement_row(found: list[Displacement]) -> dict[str, Any]:
    own = _of(found, "own_change")
    floor = _of([one for one in found if one.floor == one.floor], "floor")
    defined = not own.spans_zero and beyond(own, floor) and all(one.own_change for one in found)
    ratios = [-one.others_change / one.own_change for one in found] if defined else []
    cells = {
        "participants": _of(found, "participants"),
        "own_change": own,
        "others_change": _of(found, "others_change"),
        "ratio": interval(np.array(ratios, dtype=np.float64)),
        **{
            f"since_course_{low}_{high}": interval(_finite([one.since_course[place] for one in found]))
            for place, (low, high) in enumerate(WINDOWS)
        },
    }
    row: dict[str, Any] = {"n": len(found), "defined": defined}
    for name, cell in cells.items():
        row |= {f"{name}_median": cell.median, f"{name}_p05": cell.low, f"{name}_p95": cell.high}
    return {**row, "placebo_p05": floor.low, "placebo_p95": floor.high}


def _of(found: list[Displacement], name: str) -> Interval:
    return interval(np.array([getattr(one, name) for one in found], dtype=np.float64))


def _finite(values: list[float]) -> NDArray[np.float64]:
    found = np.array(values, dtype=np.float64)
    return found[np.isfinite(found)]
