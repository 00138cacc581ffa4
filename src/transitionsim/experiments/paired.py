"""Intervals over draws: median and 90 % range of numbers, their place beside a placebo, and what courses displace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.experiments.displacement import WINDOWS, Displacement
from transitionsim.experiments.results import Results

if TYPE_CHECKING:
    import pandas as pd


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


def beyond(found: Interval, floor: Interval) -> bool:
    """Return whether the median lies outside the 90 % range of the placebo contrast; never without both."""
    return bool(found.median > floor.high or found.median < floor.low)


def overlaps(found: Interval, floor: Interval) -> bool:
    """Return whether some of an interval lies within that of the placebo contrast; never without both."""
    return bool(found.low <= floor.high and found.high >= floor.low)


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
