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
from transitionsim.claims.drivers import Drivers, drivers
from transitionsim.claims.estimate import FEWEST_INPUTS, FEWEST_SEEDS, finest, quantity_of
from transitionsim.claims.language import language
from transitionsim.claims.purpose import purpose_of
from transitionsim.claims.refusals import refusals_of_source
from transitionsim.claims.source import Source
from transitionsim.claims.statement import MOST_INPUTS
from transitionsim.errors import InputError
from transitionsim.experiments.comparing import compared
from transitionsim.experiments.design import NOISE_ONLY
from transitionsim.experiments.manifest import CAVEAT
from transitionsim.experiments.numbers import printed
from transitionsim.experiments.paired import Interval, overlaps
from transitionsim.experiments.samples import plain
from transitionsim.pages.naming import changes, upper
from transitionsim.pages.setting import environment, style
from transitionsim.provenance import code

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.experiments.contrasts import Measured

BASELINE_VALUE: Final = "as in the baseline"
SCENARIO: Final = "scenario"
MILLION: Final = 1e6
MEASURED: Final = "ABC"
"""Grades of inputs that are no assumptions."""
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
    table = table[table["role"] != "placebo"]
    lines = _lines(table, points, source.scale)
    stored = [label for label in points if any(label in rows for rows in lines.values())]
    words = language("en")
    return {
        "caveat": CAVEAT,
        "title": f"{upper(source.headed(words))}: scenarios beside each other",
        "question": f"Question, as it was written: {words.quoted(plan.question)}",
        "facts": _facts(source, found),
        "warnings": warnings(source, found),
        "levers": levers,
        "points": [{"name": label, "at": _at(points[label], levers)} for label in stored],
        "planned": len(points),
        "outcomes": [{"key": key, "title": one.title} for key, one in found.outcomes.items()],
        "horizons": list(found.horizons),
        "references": list(dict.fromkeys(str(one) for one in table["against"])),
        "quoted": {arm.label: words.quoted(arm.label) for arm in plan.arms},
        "start": source.baseline.label if source.baseline else "",
        "lines": lines,
        "scales": {key: _scale(rows) for key, rows in lines.items()},
    }


def _facts(source: Source, found: Measured) -> list[tuple[str, str]]:
    plan, words = source.plan, language("en")
    told = [
        ("Region", source.place(words)),
        ("Version", __version__),
        ("Run", plan.id),
        ("Made on", source.date or "not said"),
        ("Draws", f"{len(plan.draws)}, the same in every scenario"),
        ("Intervals hold", found.interval_holds),
        ("Legal status of the path", words.quoted(source.legal_status) if source.legal_status else "none given"),
        ("Persons for each agent", f"{source.scale:,}"),
        *_purpose(source, found),
    ]
    changed = (changes(source, arm.label, words) for arm in plan.arms)
    told += [("Changed from the shipped scenario", text) for text in changed if text]
    if source.failed:
        told.append(("Failed", f"{source.failed} runs, left out of every pair"))
    return told


def _purpose(source: Source, found: Measured) -> list[tuple[str, str]]:
    """Return what the figures may be used for, and how many assumptions they rest on."""
    words = language("en")
    try:
        quantity = quantity_of(source, None, None, None)
        carried = drivers(source, quantity, found)
    except InputError:
        return []
    purpose = purpose_of(carried, own_rules=bool(source.rules))
    level = words(f"page.level_names.{purpose.level}")
    varied, held = source.plan.swept, len(source.held)
    assumed = sum(one.grade not in MEASURED for one in varied)
    told = f"{assumed} of {len(varied)} varied inputs{_foremost(carried)}; {held} others were held at one value each"
    return [
        ("Level of purpose", f"{purpose.name}, {level}: {purpose.why(words)}"),
        ("Assumptions that nobody has measured (grade D)", told),
    ]


def _foremost(carried: Drivers) -> str:
    """Return which assumptions carry the figure, the first ones by name, or that the draws do not tell."""
    if not carried.assumed:
        return ""
    if not carried.known:
        return ", and the draws do not tell which of them matter"
    return f", first of all {', '.join(one.key for one in carried.assumed[:MOST_INPUTS])}"


def warnings(source: Source, found: Measured) -> list[str]:
    """Return what forbids a citable page of these results, a sentence each: the page shows it above its numbers."""
    told = [f"{one.found}; {one.way_out}" for one in refusals_of_source(source, code())]
    draws = source.plan.draws[: source.drawn]
    seeds, inputs = len({one.seed for one in draws}), len({one.inputs for one in draws})
    if seeds < FEWEST_SEEDS:
        told.append(f"{seeds} different seeds stand behind every interval, {FEWEST_SEEDS} are needed")
    if found.interval_holds == NOISE_ONLY:
        told.append("intervals hold the luck of the seeds alone, no input was varied: they bound very little")
    elif inputs < FEWEST_INPUTS:
        told.append(f"{inputs} draws of inputs stand behind every interval, {FEWEST_INPUTS} are needed")
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


def _lines(table: pd.DataFrame, points: Mapping[str, Any], scale: int) -> dict[str, dict[str, Any]]:
    """Return for each outcome, year and reference the lines of all stored points, numbers beside their texts."""
    found: dict[str, dict[str, Any]] = {}
    for row in table.itertuples():
        if row.scenario not in points or not row.n:
            continue
        key = f"{row.outcome}|{row.horizon}|{row.against}"
        found.setdefault(key, {})[str(row.scenario)] = _line(row, scale)
    return found


def _line(row: Any, scale: int) -> dict[str, Any]:
    """Return a line: the median with its total interval, the mean with its own, and what both allow to say."""
    million = row.unit == "EUR" and max(abs(row.p05), abs(row.p95)) >= MILLION
    size, unit = (MILLION, "million euros") if million else (1.0, "euros" if row.unit == "EUR" else row.unit)
    step = 0.1 if million else finest(row.unit, scale)
    total = printed(row.median / size, row.p05 / size, row.p95 / size, step)
    mean = printed(row.mean / size, row.low / size, row.high / size, step)
    return {
        "unit": unit,
        "n": int(row.n),
        "numbers": [_or_none(value / size) for value in (row.median, row.p05, row.p95, row.mean, row.low, row.high)],
        "median": total.median,
        "total": total.extent,
        "mean": mean.median,
        "range": mean.extent,
        "answer": _answer(row, total.direction),
        "effect_answer": str(row.answer) if row.size == row.size else "",
        "floor": [_or_none(value / size) for value in (row.placebo_p05, row.placebo_p95)],
        "effect": _or_none(row.size / size),
    }


def _answer(row: Any, direction: int) -> str:
    """Return what the total interval allows to say, by the rule of citable pages."""
    if row.p05 == row.p95 == 0:
        return "no difference"
    if direction == 0:
        return "undecided: nine draws of ten span zero"
    if row.placebo_p05 != row.placebo_p05:
        return "undecided: no placebo was run"
    total = Interval(row.median, row.p05, row.p95, row.n)
    if overlaps(total, Interval(math.nan, row.placebo_p05, row.placebo_p95, row.n)):
        return "undecided: some of it lies within what one seat that cannot matter changes"
    return f"{'more' if direction > 0 else 'less'} in nine draws of ten"


def _or_none(value: float) -> float | None:
    return round(float(value), 6) if math.isfinite(value) else None


def _scale(rows: Mapping[str, Any]) -> list[float]:
    """Return the ends of the axis that all points of an outcome share."""
    ends = [value for row in rows.values() for value in (*row["numbers"], *row["floor"]) if value is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    room = 0.06 * (high - low) or 1.0
    return [low - room, high + room]
