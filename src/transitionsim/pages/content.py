"""What a report says, as plain texts in their order: the same for the page in a browser and the page on paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from transitionsim import __version__
from transitionsim.claims.bundle import Bundle
from transitionsim.claims.card import ID
from transitionsim.claims.estimate import LOW_CORRELATION, Estimate, finest
from transitionsim.claims.language import Language
from transitionsim.claims.ledger import Line
from transitionsim.claims.losers import Group
from transitionsim.claims.refusals import Refusal
from transitionsim.experiments.numbers import NOTHING, number, printed, step_for
from transitionsim.experiments.outcomes import OUTCOMES
from transitionsim.experiments.paired import Interval
from transitionsim.pages.citing import citation
from transitionsim.pages.naming import changes, heading, named, upper

_TITLES: Final = {one.key: one.title for one in OUTCOMES}
_LOST: Final = tuple(one.key for one in OUTCOMES if one.sign < 0)
"""Outcomes that count what is missing: without a transition stands what there is."""
LOSSES: Final = "involuntary_losses"
MILLION: Final = 1e6
MILLIONS: Final = "million EUR"
MOST_GROUPS: Final = 12
"""Groups of people that are shown one by one, those that lose more first and always."""


def content(bundle: Bundle, card: Mapping[str, Any], broken: Sequence[Refusal], *, by_year: bool) -> dict[str, Any]:
    """Return all texts of a report: plain data, nothing in it is markup. ``by_year`` says what its chart shows."""
    words, quantity = bundle.words, bundle.quantity
    return {
        "language": words.code,
        "caveat": words("caveat"),
        "facts": _facts(bundle, card),
        "broken": [str(one) for one in broken],
        "title": heading(bundle),
        "compared": words("page.compared", **named(bundle)),
        "own_title": words("page.own_title", title=words.quoted(bundle.asked.title)) if bundle.asked.title else "",
        "statement": bundle.statement,
        "tiles": _tiles(bundle),
        "ledger": [_ledger_row(one, words, bundle.source.scale) for one in bundle.ledger],
        "losers": _losers(bundle),
        "arms": [_arm_row(one, quantity.scenario, words) for one in bundle.others],
        "arms_note": _arms_note(bundle),
        "ranks": [_rank_row(bundle, place) for place in range(len(bundle.ranks))],
        "price": None if bundle.price is None else _ranged(bundle.price, words, "EUR", 1),
        "can": [one.format(**named(bundle)) for one in words.texts["page"]["can_list"]],
        "cannot": list(words.texts["page"]["cannot_list"]),
        "sure": _sure(bundle),
        "drivers": _drivers(bundle),
        "cite": citation(bundle, card),
        "check": [
            (f"transitionsim reproduce {_file(card)}", words("page.check_reproduce")),
            ("transitionsim verify DIR", words("page.check_verify")),
        ],
        "notes": [_denominator(bundle), *bundle.source.labels],
        "by_year": by_year,
        "labels": _labels(bundle, by_year=by_year),
    }  # fmt: skip


def _file(card: Mapping[str, Any]) -> str:
    return str(card["reproduce"]).rpartition(" ")[2]


def _arms_note(bundle: Bundle) -> str:
    """Return how many of the planned scenarios stand beside the reference, and which of them never finished."""
    words, against = bundle.words, bundle.quantity.against
    planned = [arm.label for arm in bundle.source.plan.arms if arm.role in ("baseline", "scenario")]
    planned = [label for label in planned if label != against]
    shown = {one.quantity.scenario for one in bundle.others}
    told = words("page.all_arms_note", shown=len(shown), planned=len(planned), against=words.quoted(against))
    gone = [words.quoted(label) for label in planned if label not in shown]
    return f"{told} {words('page.failed_arms', arms=words.listed(gone))}" if gone else told


def _denominator(bundle: Bundle) -> str:
    """Return what automotive jobs are, and how many of them the region has by the record."""
    region, words = bundle.source.region(), bundle.words
    jobs = region.facts.automotive_persons
    found = words.number(f"{jobs.number:,.0f}")
    return words("page.denominator", denominator=region.denominator, jobs=found, year=jobs.year or NOTHING)


def _facts(bundle: Bundle, card: Mapping[str, Any]) -> list[tuple[str, str]]:
    words, source = bundle.words, bundle.source
    level = bundle.claim.purpose.level
    found = [
        ("region", bundle.claim.region),
        ("level", f"L{level}, {words(f'page.level_names.{level}')}"),
        ("version", __version__),
        ("run", source.plan.id),
        ("claim", str(card[ID])),
        ("as_of", str(card["as_of"])),
        ("legal", words.quoted(source.legal_status) if source.legal_status else words("page.none_given")),
    ]
    found.append(("scale", words.number(f"{source.scale:,}")))
    arms = (bundle.quantity.scenario, bundle.quantity.against)
    found += [("changed", text) for text in filter(None, (changes(source, arm, words) for arm in arms))]
    if source.rules:
        found.append(("rules", ", ".join(map(words.quoted, source.rules))))
    return [(words(f"page.facts.{name}"), text) for name, text in found]


def _ranged(found: Interval, words: Language, unit: str, scale: int) -> dict[str, str]:
    """Return an interval as texts: median, range and unit; ``scale`` is how many persons one record stands for."""
    size = MILLION if unit == MILLIONS else 1.0
    ends = (found.median / size, found.low / size, found.high / size)
    one = printed(*ends, 0.1 if unit == MILLIONS else finest(unit, scale))
    low, high = words.number(one.low), words.number(one.high)
    extent = low if low == high else words("page.range", low=low, high=high)
    return {"median": words.number(one.median), "range": extent, "unit": words.unit(unit)}


def _tiles(bundle: Bundle) -> list[dict[str, str]]:
    words, found, quantity = bundle.words, bundle.estimate, bundle.quantity
    names = named(bundle)
    direction = {0: words("page.undecided"), 1: words("page.is_more"), -1: words("page.is_fewer")}[found.direction]
    return [
        {"name": words("page.number_scenario", **names), "note": words("page.nine_of_ten"),
         **_ranged(found.level, words, quantity.unit, found.scale)},
        {"name": words("page.number_against", **names), "note": words("page.nine_of_ten"),
         **_ranged(found.level_against, words, quantity.unit, found.scale)},
        {"name": words("page.number_difference", **names), "note": f"{words('page.nine_of_ten')}; {direction}",
         **_ranged(found.total, words, quantity.unit, found.scale)},
    ]  # fmt: skip


def _cell(found: Interval, words: Language, unit: str, scale: int) -> str:
    if found.n == 0:
        return words("page.not_kept")
    one = _ranged(found, words, unit, scale)
    return one["median"] if one["median"] == one["range"] else f"{one['median']} ({one['range']})"


def _ledger_row(one: Line, words: Language, scale: int) -> dict[str, Any]:
    title = words.outcome(one.outcome, _TITLES.get(one.outcome, one.title))
    parts = (one.anyway, one.baseline, one.scenario, one.difference)
    large = one.unit == "EUR" and any(abs(part.median) >= MILLION for part in parts)
    unit = MILLIONS if large else one.unit
    told = f", {words.unit(unit)}" if unit and words.unit(unit).lower() not in title.lower() else ""
    cells = [_cell(part, words, unit, scale) for part in parts]
    if one.outcome in _LOST and one.anyway.n:
        cells[0] = words("page.of", value=cells[0])
    return {"title": f"{upper(title)}{told}", "cells": cells, "kept": one.kept}


def _losers(bundle: Bundle) -> dict[str, Any]:
    words, found = bundle.words, bundle.losers
    names = named(bundle)
    worse = sum(one.verdict == "more" for one in found.groups)
    shown = found.groups[: max(worse, MOST_GROUPS)]
    scale = bundle.source.scale
    rest = len(found.groups) - len(shown)
    return {
        "note": words("page.losers_note", **names) if found.kept else words("page.losers_none"),
        "draws": _share_with_more(bundle),
        "rows": [_group_row(one, words, scale) for one in shown],
        "rest": words("page.more_groups", count=rest) if rest else "",
    }


def _share_with_more(bundle: Bundle) -> str:
    """Return in how many draws the region as a whole loses more, whatever the page's outcome; empty if not kept."""
    quantity = bundle.quantity
    if LOSSES not in bundle.found.outcomes:
        return ""
    pairs = bundle.found.pairs(LOSSES, quantity.horizon, quantity.scenario, quantity.against)
    share = _percent(float((pairs.numbers > 0).mean()))
    outcome = bundle.words.outcome(LOSSES, _TITLES[LOSSES])
    return bundle.words("page.losers_draws", share=share, **{**named(bundle), "outcome": outcome})


def _group_row(one: Group, words: Language, scale: int) -> dict[str, Any]:
    return {
        "group": f"{words(f'page.groups.{one.by}')}: {words.place(one.name)}",
        "anyway": _cell(one.anyway, words, "persons", scale),
        "change": _cell(one.change, words, "persons", scale),
        "worse": one.verdict == "more",
    }


def _arm_row(one: Estimate, chosen: str, words: Language) -> dict[str, Any]:
    verdicts = {0: words("page.undecided"), 1: words("page.is_more"), -1: words("page.is_fewer")}
    return {
        "scenario": words.quoted(one.quantity.scenario),
        "change": _cell(one.total, words, one.quantity.unit, one.scale),
        "verdict": verdicts[one.direction],
        "chosen": one.quantity.scenario == chosen,
    }


def _rank_row(bundle: Bundle, place: int) -> dict[str, str]:
    words, one = bundle.words, bundle.ranks[place]
    low, high = str(one.low), str(one.high)
    return {
        "scenario": words.quoted(one.scenario),
        "rank": str(one.rank),
        "range": low if low == high else words("page.range", low=low, high=high),
        "first": f"{100 * one.first:.0f} %",
    }


def _sure(bundle: Bundle) -> list[str]:
    words, found = bundle.words, bundle.estimate
    holds = words.texts["page"]["holds"][found.holds]
    told = [words("page.sure_draws", draws=found.draws, seeds=found.seeds, inputs=found.inputs, holds=holds)]
    if found.seeds_only is None:
        told.append(words("page.sure_seeds_unknown"))
    else:
        step = step_for(*found.seeds_only)
        low, high = (words.number(number(end, step)) for end in found.seeds_only)
        told.append(words("page.sure_seeds", low=low, high=high))
    above, below, equal = map(_percent, found.signs)
    told.append(words("page.sure_signs", above=above, below=below, equal=equal))
    if found.correlation == found.correlation:
        name = "page.sure_correlation" if found.correlation >= LOW_CORRELATION else "page.sure_correlation_low"
        told.append(words(name, value=words.number(number(found.correlation, 0.01))))
    source = bundle.source
    if source.drawn < len(source.plan.draws):
        told.append(words("page.sure_planned", drawn=source.drawn, planned=len(source.plan.draws)))
    if source.failed:
        told.append(words("page.sure_failed", count=source.failed))
    purpose = bundle.claim.purpose
    return [*told, words("page.sure_level", level=purpose.name, why=purpose.why(words))]


def _percent(share: float) -> str:
    """Return a share of draws in whole per cent; what is there is never printed as nothing, nor as all.

    >>> _percent(0.0), _percent(0.001), _percent(0.58), _percent(0.999)
    ('0', '< 1', '58', '> 99')
    """
    rounded = f"{100 * share:.0f}"
    return {"0": "0" if share == 0 else "< 1", "100": "100" if share == 1 else "> 99"}.get(rounded, rounded)


def _drivers(bundle: Bundle) -> dict[str, Any]:
    words, found = bundle.words, bundle.claim.drivers
    if not found.rows:
        return {"note": words("page.drivers_none"), "rows": []}
    note = words("page.drivers_known" if found.known else "page.drivers_unknown", how=found.how(words))
    rows = [
        {
            "key": one.key,
            "extent": one.extent,
            "grade": one.grade,
            "share": f"{100 * one.share:.0f} %" if one.share == one.share else "",
            "carrying": one.carrying and found.known,
        }
        for one in found.rows
    ]
    return {"note": note, "rows": rows}


def ledger_csv(page: Mapping[str, Any]) -> str:
    """Return the ledger of a page as CSV, as it stands there."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(page["labels"]["ledger_columns"])
    writer.writerows([[row["title"], *row["cells"]] for row in page["ledger"]])
    return stream.getvalue()


def _labels(bundle: Bundle, *, by_year: bool) -> dict[str, Any]:
    """Return the words around the content, those with names in them filled in."""
    words, names = bundle.words, named(bundle)
    plain = (
        "numbers", "chart", "ledger", "line", "anyway", "difference", "losers", "group", "change", "all_arms",
        "scenario", "ranks", "ranks_note", "rank", "rank_range", "first", "price", "can", "cannot", "sure", "drivers",
        "input", "extent", "grade", "share", "grades", "cite", "check", "check_text", "notes", "downloads",
        "download_card", "download_ledger", "exploratory", "medians", "direction",
    )  # fmt: skip
    found = {name: words(f"page.{name}") for name in plain}
    less = [words("page.less_none", scenario=names[arm]) for arm in ("against", "scenario")]
    return found | {
        "scenario_column": found["scenario"],
        "ledger_columns": [found["line"], found["anyway"], *less, found["difference"]],
        "under": words("page.under", **names),
        "beside": words("page.beside", **names),
        "ledger_note": words("page.ledger_note", **names),
        "chart_note": words("page.chart_note" if by_year else "page.chart_note_arms"),
    }
