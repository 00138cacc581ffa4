"""One HTML file in which the stored points of a sweep are looked through: sliders move, stored differences follow.

Nothing is interpolated. Where a combination was not run the nearest stored point is shown, and the page says which.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from transitionsim import __version__
from transitionsim.claims.language import language
from transitionsim.claims.source import Source
from transitionsim.errors import InputError
from transitionsim.experiments.design import NOISE_ONLY
from transitionsim.pages.naming import changes
from transitionsim.pages.setting import environment, style
from transitionsim.report.numbers import number, printed, step_for
from transitionsim.report.sentence import CAVEAT
from transitionsim.sweeps.comparing import compared
from transitionsim.sweeps.samples import plain

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.sweeps.contrasts import Measured

BASELINE_VALUE: Final = "as in the baseline"
SCENARIO: Final = "scenario"
MILLION: Final = 1e6
_SCRIPT: Final = "explore.js"


def explorer_html(source: Source) -> str:
    """Return the page; raises :class:`InputError` where there is nothing to compare."""
    if source.baseline is None:
        raise InputError.one(str(source.folder), "nothing is compared here; a sweep or a comparison is needed")
    if source.problems:
        raise InputError.one(str(source.folder), f"{source.problems[0]}; run it again")
    found = source.measured()
    if not found.outcomes:
        raise InputError.one(str(source.folder), "no outcome can be read from what was kept")
    content = explored(source, found)
    script = style(_SCRIPT)
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment().get_template("explore.html.j2").render(
        content=content, data=in_page(content), style=style("explore.css"), script=script, allowed=allowed
    )  # fmt: skip


def in_page(content: Any) -> str:
    r"""Return data as JSON that nothing on a page can read as markup.

    >>> in_page({"a": "</script><b>&"})
    '{"a": "\\u003c/script\\u003e\\u003cb\\u003e\\u0026"}'
    """
    text = json.dumps(content, ensure_ascii=True, sort_keys=True, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def explored(source: Source, found: Measured) -> dict[str, Any]:
    """Return what the page holds: levers with their values, stored points, and a line for each of their outcomes."""
    plan = source.plan
    points = {arm.label: arm.levers for arm in plan.arms if arm.point >= 0 and arm.levers}
    if not points:
        arms = [arm.label for arm in plan.arms if arm.role in ("baseline", "scenario")]
        points = {label: {SCENARIO: label} for label in arms}
    names = list(dict.fromkeys(name for levers in points.values() for name in levers))
    levers = [_lever(name, points) for name in names]
    table = compared(found)
    lines = _lines(table, points)
    stored = [label for label in points if any(label in rows for rows in lines.values())]
    region = source.region()
    return {
        "caveat": CAVEAT,
        "title": _title(source, f"{region.name} ({region.code})"),
        "facts": _facts(source, found, f"{region.name} ({region.code})"),
        "levers": levers,
        "points": [{"name": label, "at": _at(points[label], levers)} for label in stored],
        "planned": len(points),
        "outcomes": [{"key": key, "title": one.title} for key, one in found.outcomes.items()],
        "horizons": list(found.horizons),
        "references": list(dict.fromkeys(str(one) for one in table["against"])),
        "start": source.baseline.label if source.baseline else "",
        "lines": lines,
        "scales": {key: _scale(rows) for key, rows in lines.items()},
    }


def _title(source: Source, region: str) -> str:
    """Return the question of the sweep, if it is one; what answers itself heads nothing and stands below as written."""
    asked = source.plan.question
    if asked.rstrip().endswith("?"):
        return asked
    return f"{region}: scenarios beside {source.baseline.label if source.baseline else 'each other'}"


def _facts(source: Source, found: Measured, region: str) -> list[tuple[str, str]]:
    plan = source.plan
    told = [
        ("Region", region),
        ("Version", __version__),
        ("Run", plan.id),
        ("Made on", source.date or "not said"),
        ("Draws", f"{len(plan.draws)}, the same in every scenario"),
        ("Intervals hold", found.interval_holds),
        ("Legal status of the path", source.legal_status or "none given"),
    ]
    if plan.question and not plan.question.rstrip().endswith("?"):
        told.append(("Question, as it was written", plan.question))
    changed = (changes(source, arm.label, language("en")) for arm in plan.arms)
    told += [("Changed from the shipped scenario", text) for text in changed if text]
    if not source.sweep.complete:
        told.append(("Incomplete", "the sweep has not finished; what stands here is what there is"))
    if source.sweep.failures:
        told.append(("Failed", f"{len(source.sweep.failures)} runs, left out of every pair"))
    if found.interval_holds == NOISE_ONLY:
        told.append(("Careful", "such intervals bound very little: no input was varied"))
    return told


def _lever(name: str, points: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a lever with its values in order: numbers by size, the rest as they come; a point may leave it unset."""
    values = list(dict.fromkeys(plain(levers[name]) for levers in points.values() if name in levers))
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)
    ordered = sorted(values) if numbers else values
    unset = any(name not in levers for levers in points.values())
    shown = [*([None] if unset else []), *ordered]
    return {
        "name": name,
        "values": [one if numbers and one is not None else None for one in shown],
        "labels": [BASELINE_VALUE if one is None else _label(one) for one in shown],
        "numbers": numbers,
        "given": [_label(one) if one is not None else None for one in shown],
    }


def _label(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return f"{value:,.6g}" if abs(value) < MILLION else f"{value / MILLION:,.6g} million"
    return str(value)


def _at(levers: Mapping[str, Any], all_levers: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return where a point stands: the place of its value for every lever."""
    return [
        one["given"].index(_label(plain(levers[one["name"]])) if one["name"] in levers else None) for one in all_levers
    ]


def _lines(table: pd.DataFrame, points: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return for each outcome, year and reference the lines of all stored points, numbers beside their texts."""
    found: dict[str, dict[str, Any]] = {}
    for row in table.itertuples():
        if row.scenario not in points or not row.n:
            continue
        key = f"{row.outcome}|{row.horizon}|{row.against}"
        found.setdefault(key, {})[str(row.scenario)] = _line(row)
    return found


def _line(row: Any) -> dict[str, Any]:
    million = row.unit == "EUR" and max(abs(row.low), abs(row.high)) >= MILLION
    size, unit = (MILLION, "million euros") if million else (1.0, "euros" if row.unit == "EUR" else row.unit)
    finest = 0.1 if million else 0.01 if row.unit == "percentage points" else 1.0
    mean = printed(row.mean / size, row.low / size, row.high / size, finest)
    step = step_for(row.p05 / size, row.p95 / size, finest)
    spread = [number(end / size, step) for end in (row.p05, row.p95)]
    return {
        "unit": unit,
        "n": int(row.n),
        "numbers": [_or_none(value / size) for value in (row.mean, row.low, row.high, row.p05, row.p95)],
        "mean": mean.median,
        "range": mean.extent,
        "spread": spread[0] if spread[0] == spread[1] else f"{spread[0]} to {spread[1]}",
        "answer": _answer(row),
        "floor": [_or_none(value / size) for value in (row.placebo_p05, row.placebo_p95)],
        "effect": _or_none(row.size / size),
    }


def _answer(row: Any) -> str:
    if row.low == row.high == 0:
        return "no difference"
    if not (row.low > 0 or row.high < 0):
        return "undecided: the interval spans zero"
    if not row.beyond_placebo:
        return "within what one seat that cannot matter changes"
    return str(row.answer) if row.size == row.size else "the interval leaves zero out"


def _or_none(value: float) -> float | None:
    return round(float(value), 6) if math.isfinite(value) else None


def _scale(rows: Mapping[str, Any]) -> list[float]:
    """Return the ends of the axis that all points of an outcome share."""
    ends = [value for row in rows.values() for value in (*row["numbers"], *row["floor"]) if value is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    room = 0.06 * (high - low) or 1.0
    return [low - room, high + room]
