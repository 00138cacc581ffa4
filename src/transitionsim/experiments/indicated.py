"""Indicators of finished runs: paired differences with their intervals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from transitionsim.experiments.design import NO_TRANSITION, PLACEBO, Arm
from transitionsim.experiments.paired import Interval, beyond, interval
from transitionsim.experiments.results import Results
from transitionsim.experiments.work import record_of
from transitionsim.indicators import INDICATORS, Arms, Indicator, Record

if TYPE_CHECKING:
    import pandas as pd

Draws = dict[int, float]


def contrasts(results: Results) -> pd.DataFrame:
    """Return one row for each indicator, scenario and group: interval, n, background, denominator, placebo floor.

    A ratio or a share of draws stands in rows of its own. Rows without any number are left out.
    """
    import pandas as pd

    records = {arm.label: _records(arm, results) for arm in results.design.arms}
    rows = []
    for one in INDICATORS:
        compared = one.against != "nothing"
        floors = _values(one, PLACEBO, results.design.baseline.label, records) if compared else {}
        for arm, reference in _pairs(one, results):
            for group, values in _values(one, arm.label, reference, records).items():
                found = interval(np.array(list(values.values())))
                floor = interval(np.array(list(floors.get(group, {}).values())))
                background = _background(one, group, reference, records)
                rows.append(_row(one, arm, reference, group, found, values) | _beside(found, floor, background))
            rows += _of_ratio(one, arm, reference, records)
    table = pd.DataFrame(rows)
    table["interval_holds"] = results.design.interval_holds
    return table


def _records(arm: Arm, results: Results) -> dict[int, Record]:
    return {draw: record_of(run, arm.scenario) for draw, run in results.of(arm.label).items()}


def _pairs(one: Indicator, results: Results) -> Iterator[tuple[Arm, str]]:
    """Give the arms that an indicator is compared in, each with the arm it is compared with (itself for a level)."""
    references = {"no transition": NO_TRANSITION, "baseline": results.design.baseline.label}
    for arm in results.design.shown:
        reference = references.get(one.against, arm.label)
        if arm.label != reference or one.against == "nothing":
            yield arm, reference


def _values(one: Indicator, arm: str, reference: str, records: dict[str, dict[int, Record]]) -> dict[str, Draws]:
    """Return an indicator's paired differences by group and draw, finite ones only."""
    found: dict[str, Draws] = {}
    for draw in sorted(records[arm].keys() & records[reference].keys()):
        run, other = records[arm][draw], records[reference][draw]
        if not (one.can_read(run) and (one.taken_beside or one.can_read(other))):
            continue
        for group, value in _of_draw(one, run, other).items():
            if np.isfinite(value):
                found.setdefault(group, {})[draw] = value
    return found


def _of_draw(one: Indicator, run: Record, other: Record) -> dict[str, float]:
    if one.paired:
        return one.function(Arms(run, null=other, baseline=other))
    if one.against == "nothing":
        return one.function(Arms(run))
    ours, theirs = one.function(Arms(run)), one.function(Arms(other))
    # Adding zero turns -0.0 into 0.0.
    return {group: value - theirs.get(group, np.nan) + 0.0 for group, value in ours.items()}


def _background(one: Indicator, group: str, reference: str, records: dict[str, dict[int, Record]]) -> Interval:
    if one.paired or one.against == "nothing":
        return interval(np.zeros(0))
    values = [
        one.function(Arms(record)).get(group, np.nan) for record in records[reference].values() if one.can_read(record)
    ]
    found: NDArray[np.float64] = np.array(values, dtype=np.float64)
    return interval(found[np.isfinite(found)])


def _row(one: Indicator, arm: Arm, reference: str, group: str, found: Interval, values: Draws) -> dict[str, Any]:
    return {
        "code": one.code,
        "indicator": one.name,
        "group": group,
        "scenario": arm.label,
        "role": arm.role,
        "against": "" if one.against == "nothing" else reference,
        "unit": one.unit_of(group),
        "denominator": one.denominator,
        "direction": one.direction,
        "n": found.n,
        "median": found.median,
        "p05": found.low,
        "p95": found.high,
        "spans_zero": found.spans_zero,
        "share_above_zero": float(np.mean([value > 0 for value in values.values()])) if values else np.nan,
    }


def _beside(found: Interval, floor: Interval, background: Interval) -> dict[str, Any]:
    return {
        "background": background.median,
        "background_p05": background.low,
        "background_p95": background.high,
        "placebo_p05": floor.low,
        "placebo_p95": floor.high,
        "beyond_placebo": beyond(found, floor),
    }


def _of_ratio(one: Indicator, arm: Arm, reference: str, records: dict[str, dict[int, Record]]) -> list[dict[str, Any]]:
    """Return the rows of a ratio, and none for it where the interval of what it is divided by spans zero."""
    if one.ratio is None:
        return []
    found = _values(one, arm.label, reference, records)
    upper, lower = found.get(one.ratio[0], {}), found.get(one.ratio[1], {})
    both = sorted(upper.keys() & lower.keys())
    none = _beside(*(interval(np.zeros(0)),) * 3)
    rows = []
    for most in one.thresholds if both else ():
        worth = float(np.mean([most * lower[draw] > upper[draw] for draw in both]))
        alone = Interval(worth, np.nan, np.nan, len(both))
        name = f"share of draws below {most:,.0f} EUR for one"
        rows.append(_row(one, arm, reference, name, alone, {}) | {"unit": "share of draws"} | none)
    if not interval(np.array([lower[draw] for draw in both])).spans_zero and all(lower[draw] for draw in both):
        values = {draw: upper[draw] / lower[draw] for draw in both}
        row = _row(one, arm, reference, "ratio", interval(np.array(list(values.values()))), values)
        rows.append(row | {"unit": one.ratio_unit} | none)
    return rows
