"""The command that shows what a scenario assumes, what a step of the month reads and writes, or the whole month."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from transitionsim.cli.options import AllowCode, Json, Rules
from transitionsim.cli.output import document, say, table
from transitionsim.cli.scenarios import allowed_rules
from transitionsim.errors import InputError, nearest

if TYPE_CHECKING:
    from transitionsim.columns import Column
    from transitionsim.evidence import Register
    from transitionsim.month import Step
    from transitionsim.rule import Need, Rule
    from transitionsim.scenario import Scenario
    from transitionsim.scenario.differences import Difference

_DATE: Final = re.compile(r"\.[0-9]{4}-[0-9]{2}$")
_BASELINE: Final = "current-policy"


def show(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A scenario (file or name), or a step of the month.")
    ] = None,
    diff: Annotated[str | None, typer.Option(metavar="BASELINE", help="Only what differs from this one.")] = None,
    month: Annotated[bool, typer.Option("--month", help="The steps of a month.")] = False,
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", metavar="NAME", help=f"Whose values a step reads. Default: {_BASELINE}."),
    ] = None,
    rules: Rules = None,
    allow_code: AllowCode = False,
    as_json: Json = False,
) -> None:
    """Show a scenario, a rule or the month.

    What a scenario assumes; what a rule or another step reads and writes; or the steps of a month.
    """
    if month == (name is not None) or (month and (diff is not None or scenario is not None)):
        text = "name a scenario or a step of the month, or ask for --month, one of the two"
        raise InputError.one("transitionsim show", text)
    own = _rules_in(allowed_rules(rules, allow_code)) if rules else []
    if name is None:
        _show_month(own, as_json)
    elif own or scenario is not None or (diff is None and not _is_scenario(name)):
        if diff is not None:
            raise InputError.one("--diff", "goes with a scenario, not with --scenario or --rules")
        _show_step(name, own, scenario, as_json)
    else:
        _show_scenario(name, diff, as_json)


def _rules_in(files: Sequence[Path]) -> list[Rule]:
    from transitionsim.plugins import rules_from_file

    return [rule for file in files for rule in rules_from_file(file)]


def _is_scenario(name: str) -> bool:
    """Return whether a name is that of a scenario, or of a file: reading it says what is wrong, if anything."""
    from transitionsim.scenario.names import SUFFIXES, find_scenario

    try:
        find_scenario(name)
    except InputError:
        return name.endswith(SUFFIXES)
    return True


def _show_month(own: Sequence[Rule], as_json: bool) -> None:
    from transitionsim.living import with_rules
    from transitionsim.month import MONTH, describe

    text = describe(with_rules(MONTH, own))
    document({"month": text.splitlines()}) if as_json else say(text)


def _show_step(name: str, own: Sequence[Rule], scenario: str | None, as_json: bool) -> None:
    from transitionsim.living import with_rules
    from transitionsim.month import MONTH, name_of
    from transitionsim.plugins import installed_rules
    from transitionsim.scenario import load_scenario
    from transitionsim.scenario.names import scenario_names

    chosen = load_scenario(scenario or _BASELINE)
    own = (*installed_rules(chosen.rules), *own)
    # A rule whose place another takes can still be looked at.
    steps = {name_of(step): (part.title, step) for part in (*MONTH, *with_rules(MONTH, own)) for step in part.steps}
    if name not in steps and (own or scenario is not None):
        raise InputError.one(name, "no such step of the month" + nearest(name, steps))
    if name not in steps:
        text = "no such file, scenario or step of the month" + nearest(name, [*scenario_names(), *steps])
        raise InputError.one(name, text)
    part, step = steps[name]
    found = {"part": part, **_explained(step, own, chosen)}
    if as_json:
        document(found)
        return
    say(f"{name} ({found['at']}): {found['meaning']}")
    say(f"{part}: {found['kind']}\n\n{found['source']}")
    for rows in (found["columns"], found["world"], found["parameters"], found["calls"]):
        if rows:
            say("")
            table(tuple(rows[0]), [tuple(row.values()) for row in rows])


def _explained(step: Step, own: Sequence[Rule], scenario: Scenario) -> dict[str, Any]:
    """Return what there is to know of a step; raise ``InputError`` for the mistakes in a rule of one's own."""
    import inspect

    from transitionsim.month import meaning_of, name_of
    from transitionsim.policies import populations
    from transitionsim.rule import Rule, needs_of, tables_with
    from transitionsim.usage import function_of, place_of, usage_of

    tables, needs = tables_with(own, populations()), needs_of(own)
    kind = "market or account"
    if isinstance(step, Rule):
        kind = f"rule on {step.on}" + (f"; draws of luck: {', '.join(step.draws)}" if step.draws else "")
        if step in own:
            _refuse_mistakes(step, tables, needs)
    usage, register = usage_of(step, tables), scenario.register()
    columns_used = [
        {"column": f"{name}.{one.name}", "use": how, "unit": one.unit, "meaning": one.meaning}
        for name, columns in tables.items()
        for one in columns
        if (how := usage.of(name).get(one.name))
    ]
    values: dict[str, Any] = {key: register[key] for key in usage.parameters}
    values |= {name: need for name, need in needs.items() if name in usage.of("world")}
    parameters = [
        {"parameter": key, "value": one.value, "unit": one.unit, "grade": one.grade, "source": one.source}
        for key, one in values.items()
    ]
    return {
        "step": name_of(step),
        "at": place_of(step),
        "meaning": meaning_of(step),
        "kind": kind,
        "source": inspect.getsource(function_of(step)).rstrip(),
        "columns": columns_used,
        "world": _names_of_the_world(usage.of("world"), needs, register),
        "parameters": parameters,
        "calls": [{"calls": one.__name__, "at": place_of(one)} for one in usage.calls],
    }


def _names_of_the_world(used: Mapping[str, str], needs: Mapping[str, Need], register: Register) -> list[dict[str, str]]:
    """Return the names of the world that a step uses, with unit, meaning and who writes them."""
    from transitionsim.world_variables import WORLD

    rows = []
    declared = {one.name: one.explained(register) for one in WORLD}
    for name, how in used.items():
        if name in declared:
            one = declared[name]
            unit, meaning, writer = one.unit, one.meaning, one.written_by
        else:
            unit, meaning, writer = needs[name].unit, "needed by the rule", "needs"
        rows.append({"world": name, "use": how, "unit": unit, "meaning": meaning, "written by": writer})
    return rows


def _refuse_mistakes(one: Rule, tables: Mapping[str, Sequence[Column]], needs: Mapping[str, Need]) -> None:
    """Raise ``InputError`` for every mistake that the source of a rule shows, without a run."""
    import numpy as np

    from transitionsim.columns import record_type
    from transitionsim.reading import read
    from transitionsim.world_variables import blank_world

    employers = np.zeros(1, record_type(tables["employers"]))
    there = {**blank_world({}), **{name: need.value for name, need in needs.items()}, "employers": employers}
    if mistakes := read(one, tables[one.on], there):
        raise InputError(mistakes)


def _show_scenario(name: str, diff: str | None, as_json: bool) -> None:
    from transitionsim.scenario import load_scenario

    scenario = load_scenario(name)
    if diff is None:
        _show_all(scenario, as_json)
    else:
        _show_difference(load_scenario(diff), scenario, (diff, name), as_json)


def _show_all(scenario: Scenario, as_json: bool) -> None:
    from transitionsim.scenario.differences import resolved

    rows = resolved(scenario)
    if as_json:
        document({"digest": scenario.digest(), "values": [asdict(row) for row in rows]})
        return
    cells = [(row.key, row.value, row.unit, row.grade, row.source) for row in rows]
    table(("key", "value", "unit", "grade", "source"), cells)


def _show_difference(baseline: Scenario, scenario: Scenario, names: tuple[str, str], as_json: bool) -> None:
    from transitionsim.scenario.differences import differences

    rows = differences(scenario, baseline)
    if as_json:
        said = {"first": "scenario", "second": "baseline"}
        said |= {f"second_{name}": f"baseline_{name}" for name in ("source", "grade")}
        found = [{said.get(key, key): value for key, value in asdict(row).items()} for row in rows]
        document({"scenario": names[1], "baseline": names[0], "differences": found})
    elif not rows:
        say(f"{names[1]} and {names[0]} assume the same.")
    else:
        ours, theirs = Path(names[1]).stem, Path(names[0]).stem
        cells = [(row.key, _or_dash(row.first), _or_dash(row.second), row.unit) for row in rows]
        table(("key", ours, theirs, "unit"), cells)
        say("")
        table(("scenario", "of", "grade", "source"), _told_once(rows, ours, theirs))


def _told_once(rows: Sequence[Difference], ours: str, theirs: str) -> list[tuple[str, str, str, str]]:
    """Return the evidence of both sides of all differences, each source once, with the keys it stands for."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        key = _DATE.sub("", row.key)
        for side, grade, source in ((ours, row.grade, row.source), (theirs, row.second_grade, row.second_source)):
            if source:
                keys = found.setdefault((side, grade, source), [])
                keys += [key] if key not in keys else []
    return [(side, ", ".join(keys), grade, source) for (side, grade, source), keys in found.items()]


def _or_dash(value: object) -> object:
    return "-" if value is None else value
