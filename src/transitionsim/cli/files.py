"""Commands that only read files: list and check.

Everything heavy is imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transitionsim.cli.options import Json
from transitionsim.cli.output import document, say, table
from transitionsim.errors import InputError, Mistake, nearest

if TYPE_CHECKING:
    from transitionsim.evidence import Register
    from transitionsim.regions import Region

CHECKED = (
    "valid",
    "region",
    "region's facts of grade D",
    "parameters of grade D",
    "all input of grade D",
    "flows' factor",
    "parameters",
)


def list_(
    what: Annotated[
        str, typer.Argument(metavar="[WHAT]", help="scenarios (with regions), parameters or indicators.")
    ] = "scenarios",
    region: Annotated[
        str | None, typer.Option(metavar="CODE", help="Of parameters: with this region's own evidence.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List what there is: scenarios, parameters, indicators.

    Scenarios and regions are listed with their files; parameters with range, grade and source, and whether all
    regions, a country or one say so; indicators with what each is not.
    """
    kinds = ("scenarios", "parameters", "indicators")
    if what not in kinds:
        raise InputError.one("list", f"nothing is called '{what}'{nearest(what, kinds)}")
    if region is not None and what != "parameters":
        raise InputError.one("--region", "goes with: list parameters")
    if what == "scenarios":
        _scenarios(as_json)
    elif what == "parameters":
        _parameters(region, as_json)
    else:
        _indicators(as_json)


def _scenarios(as_json: bool) -> None:
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
    schema: Annotated[
        str | None,
        typer.Option("--schema", metavar="KIND", help="Print the JSON Schema of scenario or experiment files."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check scenarios, regions and experiments for mistakes.

    Says how much of each is assumed, and how far the flows of a region are from Europe's. A region that needs a flow
    changed by more than a factor of two is refused.
    """
    if schema is not None:
        _schema(schema)
        return
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


def _schema(kind: str) -> None:
    """Print the JSON Schema of a kind of files, for editors."""
    from transitionsim.experiments.question import file_schema as experiment_schema
    from transitionsim.scenario.editors import file_schema

    kinds = {"scenario": file_schema, "experiment": experiment_schema}
    if kind not in kinds:
        raise InputError.one("--schema", f"no kind of files is called '{kind}'{nearest(kind, kinds)}")
    document(kinds[kind]())


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


def _parameters(region: str | None, as_json: bool) -> None:
    """Print everything the model assumes, with range and source, and whether all regions, a country or one say so."""
    from transitionsim.regions import base_register, load_region
    from transitionsim.usage import readers

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


def _indicators(as_json: bool) -> None:
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
