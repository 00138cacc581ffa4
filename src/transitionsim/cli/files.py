"""Commands that only read: list, check, show, schema, parameters and indicators.

Everything heavy is imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from transitionsim.cli.tables import say, table
from transitionsim.errors import InputError, Mistake

if TYPE_CHECKING:
    from transitionsim.evidence import Register
    from transitionsim.regions import Region
    from transitionsim.scenario import Scenario
    from transitionsim.scenario.differences import Difference

_DATE: Final = re.compile(r"\.[0-9]{4}-[0-9]{2}$")
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
CHECKED = (
    "valid",
    "region",
    "region's facts of grade D",
    "parameters of grade D",
    "all input of grade D",
    "flows' factor",
    "parameters",
)


def document(content: Any) -> None:
    """Print one JSON document on standard output, in ASCII, which every encoding holds."""
    say(json.dumps(content, indent=2, allow_nan=False))


def list_(as_json: Json = False) -> None:
    """List the scenarios and the regions that can be named."""
    from transitionsim.scenario import load_scenario
    from transitionsim.scenario.names import scenario_names
    from transitionsim.yamlfile import shown_path

    scenarios: list[dict[str, str]] = []
    broken: list[Mistake] = []
    for name, path in scenario_names().items():
        title = "cannot be read; see transitionsim check"
        try:
            title = load_scenario(path).name
        except InputError as error:
            broken += error.mistakes
        scenarios.append({"name": name, "title": title, "file": shown_path(path)})
    regions = _regions()
    if as_json:
        document({"scenarios": scenarios, "regions": regions})
    else:
        table(("scenario", "title", "file"), [tuple(row.values()) for row in scenarios])
        say("")
        header = (
            "region",
            "name",
            "country",
            "labour force",
            "unemployed",
            "automotive persons",
            "year",
            "automotive is",
        )
        table(header, [tuple(row.values()) for row in regions])
    if broken:
        raise InputError(broken)


def _regions() -> list[dict[str, Any]]:
    from transitionsim.regions import load_region, region_codes

    regions = []
    for region in map(load_region, region_codes()):
        facts = region.facts
        row = {
            "code": region.code,
            "name": region.name,
            "country": region.country,
            "labour_force": facts.labour_force.value,
            "unemployment_rate": facts.unemployment_rate.value,
            "automotive_persons": facts.automotive_persons.value,
            "year": facts.automotive_persons.year,
            "denominator": region.denominator,
        }
        regions.append(row)
    return regions


def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILES, NAMES OR CODES]...", help="Scenarios, regions, experiments. Default: all."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Validate scenarios, regions and experiments; say how much is assumed, and how far flows are from Europe's.

    A region that needs a flow changed by more than a factor of two is refused.
    """
    from transitionsim.regions import region_codes
    from transitionsim.scenario.names import scenario_names

    found: list[dict[str, Any]] = []
    experiments: list[dict[str, Any]] = []
    mistakes: list[Mistake] = []
    for name in names or [*map(str, scenario_names().values()), *region_codes()]:
        try:
            if _is_experiment(name):
                experiments.append({"file": name, **_checked_experiment(name)})
            else:
                found.append({"file": name, **_checked(name)})
        except InputError as error:
            mistakes += error.mistakes
    mistakes = list(dict.fromkeys(mistakes))  # a mistake in a parent is told once
    if as_json:
        said = [str(mistake) for mistake in mistakes]
        document({"checked": found, "experiments": experiments, "mistakes": said})
    else:
        if found:
            table(CHECKED, [_row(row) for row in found])
        if experiments:
            table(tuple(experiments[0]), [tuple(row.values()) for row in experiments])
    if mistakes:
        raise InputError(mistakes)


def _is_experiment(name: str) -> bool:
    from transitionsim.experiments.question import is_question

    path = Path(name)
    return path.suffix in (".yaml", ".yml") and path.is_file() and is_question(path)


def _checked_experiment(name: str) -> dict[str, Any]:
    """Return the size of a valid experiment."""
    from transitionsim.experiments.planning import prepare

    prepared = prepare(Path(name))
    plan = prepared.plan
    return {
        "region": plan.region,
        "arms": len(plan.arms),
        "draws": len(plan.draws),
        "runs": prepared.runs,
        "uncertain inputs": len(plan.swept),
    }


def _row(found: dict[str, Any]) -> tuple[str, ...]:
    shares = (f"{found[key]:.0%}" for key in ("facts_of_grade_d", "parameters_of_grade_d", "input_of_grade_d"))
    origins = found["parameters_from"]
    said = ", ".join(f"{count} from {origin}" for origin, count in origins.items())
    return (found["file"], found["region"], *shares, f"{found['least_change_factor']:.2f}", said)


def _checked(name: str) -> dict[str, Any]:
    """Return the region of a valid input, how much of its evidence is assumed and how far its flows are changed."""
    from transitionsim.evidence import share_of_grade_d
    from transitionsim.regions.flows import region_flows

    region, register = _named(name)
    facts = list(region.sourced().values())
    return {
        "region": region.code,
        "facts_of_grade_d": round(share_of_grade_d(facts), 3),
        "parameters_of_grade_d": round(share_of_grade_d(register.values()), 3),
        "input_of_grade_d": round(share_of_grade_d([*facts, *register.values()]), 3),
        "least_change_factor": round(region_flows(region, register).largest_factor, 3),
        "parameters_from": dict(Counter(map(register.origin, register))),
    }


def _named(name: str) -> tuple[Region, Register]:
    """Return a region with its parameters: by its profile or its code, or as a scenario sets them."""
    from transitionsim.regions import load_region, read_region, region_codes
    from transitionsim.regions.reading import is_profile
    from transitionsim.scenario import load_scenario

    if is_profile(Path(name)):
        region = read_region(Path(name))
    elif name in region_codes() and not Path(name).exists():
        region = load_region(name)
    else:
        scenario = load_scenario(name)
        return scenario.load_region(), scenario.register()
    return region, region.register


def show(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A scenario: a file or a name.")] = None,
    diff: Annotated[str | None, typer.Option(metavar="BASELINE", help="Only what differs from this one.")] = None,
    month: Annotated[bool, typer.Option("--month", help="The steps of a month.")] = False,
    as_json: Json = False,
) -> None:
    """Show what a scenario assumes, or the steps of a month."""
    if month == (name is not None) or (month and diff is not None):
        raise InputError.one("transitionsim show", "name a scenario, or ask for --month, one of the two")
    if name is None:
        from transitionsim.month import describe

        text = describe()
        document({"month": text.splitlines()}) if as_json else say(text)
        return
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


def schema(
    experiment: Annotated[
        bool, typer.Option("--experiment", help="Of experiment files, in place of scenarios.")
    ] = False,
) -> None:
    """Print the JSON Schema of scenario files, or of experiment files, for editors."""
    from transitionsim.experiments.question import file_schema as experiment_schema
    from transitionsim.scenario.editors import file_schema

    document(experiment_schema() if experiment else file_schema())


def parameters(
    region: Annotated[str | None, typer.Option(metavar="CODE", help="With this region's own evidence.")] = None,
    as_json: Json = False,
) -> None:
    """Print everything the model assumes, with range and source, and whether all regions, a country or one say so."""
    from transitionsim.regions import base_register, load_region
    from transitionsim.regions.readings import readers

    register = base_register() if region is None else load_region(region).register
    used_by = readers(register)
    if as_json:
        document([
            {**one.model_dump(mode="json"), "used_by": used_by[key], "from": register.origin(key)}
            for key, one in register.items()
        ])  # fmt: skip
        return
    rows = []
    for one in register.values():
        swept, users = "yes" if one.swept else "", ", ".join(used_by[one.key])
        span = _span(one.low, one.high, one.choices)
        rows.append((one.key, one.value, one.unit, span, swept, one.grade, register.origin(one.key), users, one.source))
    table(("key", "value", "unit", "range", "swept", "grade", "from", "used by", "source"), rows)


def indicators(as_json: Json = False) -> None:
    """List the indicators with unit, denominator, framework, source and what each is not; and those not modelled."""
    from transitionsim.indicators import FRAMEWORK, INDICATORS, NOT_MODELLED, TERRITORY

    rows: list[dict[str, Any]] = [
        {
            "code": one.code,
            "name": one.name,
            "unit": one.unit,
            "denominator": one.denominator,
            "direction": one.direction,
            "framework": one.framework,
            "source": one.source,
            "is_not": one.is_not,
        }
        for one in INDICATORS
    ]
    if as_json:
        for row, one in zip(rows, INDICATORS, strict=True):
            row |= {"formula": one.meaning, "against": one.against, "reads": [*one.needs, *one.tables]}
        missing = [{"code": one.code, "name": one.name, "why": one.why} for one in NOT_MODELLED]
        document({"framework": FRAMEWORK, "territory": TERRITORY, "indicators": rows, "not_modelled": missing})
        return
    table([key.replace("_", " ") for key in rows[0]], [tuple(row.values()) for row in rows])
    say("")
    table(["not modelled", "name", "why"], [(one.code, one.name, one.why) for one in NOT_MODELLED])
    say("")
    say(f"Territorial level of all: {TERRITORY}. --json adds the formula of each, in words.")
    say(f"The set is {FRAMEWORK}; no definitions of indicators were published under those.")


def _span(low: float | None, high: float | None, choices: Sequence[str]) -> str:
    if choices:
        return " | ".join(choices)
    return "" if low is None or high is None else f"{low:g} to {high:g}"
