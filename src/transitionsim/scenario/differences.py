"""Everything a scenario assumes, one line for each value, and how two scenarios differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from transitionsim.evidence import LABOUR_CONTENT, LEVER, Sourced, Value
from transitionsim.months import Month
from transitionsim.scenario.schema import Scenario

UNITS: Final = {
    "start": "month",
    "months": "months",
    "persons_per_agent": "persons",
    "electrification.pace": "ratio",
    "electrification.mix": "shares of cars made",
    "staff_below": "persons",
}
CALENDAR_UNITS: Final = {
    "vehicles": "vehicles/year",
    "mix": "shares of the plant's cars",
    "claims": "shares of the European cars of each powertrain",
}
LABELS: Final = ("name", "notes")


@dataclass(frozen=True, slots=True)
class Resolved:
    """One value a scenario assumes: what it is, its unit, where it comes from and its grade."""

    key: str
    value: Value
    unit: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One value in which two scenarios differ, each with its evidence; what one of them lacks is nothing."""

    key: str
    first: Value | None
    second: Value | None
    unit: str
    source: str
    grade: str
    second_source: str
    second_grade: str


def resolved(scenario: Scenario) -> tuple[Resolved, ...]:
    """Return every value of a scenario: its own keys, its policies, its region's facts and all parameters."""
    rows = [*_own(scenario)]
    for policy in scenario.policies:
        rows += _fields(f"policies.{policy.id}", policy)
    rows += [_sourced(key, value) for key, value in scenario.load_region().sourced().items()]
    register = scenario.register()
    rows += [_sourced(f"parameters.{key}", register[key]) for key in register if key != LABOUR_CONTENT]
    return tuple(rows)


def differences(first: Scenario, second: Scenario) -> tuple[Difference, ...]:
    """Return the values in which two scenarios differ, in the order of a file; titles do not count."""
    ours = {row.key: row for row in resolved(first)}
    theirs = {row.key: row for row in resolved(second)}
    found = []
    for key in dict.fromkeys([*ours, *theirs]):
        one, other = ours.get(key), theirs.get(key)
        row = one or other
        if row is None or (one and other and one.value == other.value) or key in LABELS:
            continue
        values = one.value if one else None, other.value if other else None
        evidence = [text for each in (one, other) for text in ((each.source, each.grade) if each else ("", ""))]
        found.append(Difference(key, *values, row.unit, *evidence))
    return tuple(found)


def _own(scenario: Scenario) -> Iterator[Resolved]:
    electrification = scenario.electrification
    for key in ("name", "notes", "region", "start", "months", "persons_per_agent", LABOUR_CONTENT, "calibration"):
        value = getattr(scenario, key)
        if value != "":
            yield _lever(key, str(value) if key == "start" else value)
    for key in ("basis", "pace", "legal_status"):
        yield _lever(f"electrification.{key}", getattr(electrification, key))
    grade = electrification.grade or ("C" if electrification.basis == "registrations" else "")
    for month, mix in electrification.mix.root.items():
        key = f"electrification.mix.{month}"
        yield Resolved(key, _shares(mix), UNITS["electrification.mix"], electrification.source or LEVER, grade)
    yield from _demand(scenario)
    yield from _fields("mechanisms", scenario.mechanisms)
    yield from _fields("jobs", scenario.jobs)
    if scenario.rules:
        yield _lever("rules", ", ".join(scenario.rules))


def _demand(scenario: Scenario) -> Iterator[Resolved]:
    """Return every dated input beside the mix: paths, calendars of plants and projects."""
    demand = scenario.demand
    yield _lever("demand.allocation", demand.allocation)
    sourcing = demand.local_sourcing
    paths = {name: getattr(demand, name) for name in ("volume", "eu_share", "productivity")}
    paths.update({f"local_sourcing.{name}": getattr(sourcing, name) for name in type(sourcing).model_fields})
    for name, path in paths.items():
        for month, value in path.root.items():
            source, grade = scenario.evidence_of(f"demand.{name}")
            yield Resolved(f"demand.{name}.{month}", value, "ratio to the start", source, grade)
    for plant, calendar in scenario.calendars().items():
        for form in ("vehicles", "mix", "claims"):
            path = getattr(calendar, form)
            for month, value in path.root.items() if path is not None else ():
                shown = value if isinstance(value, float) else _shares(value)
                key = f"demand.plants.{plant}.{form}.{month}"
                yield Resolved(key, shown, CALENDAR_UNITS[form], calendar.source or LEVER, calendar.grade or "")
    for project in scenario.projects:
        yield from _fields(f"projects.{project.id}", project)


def _shares(mix: BaseModel) -> str:
    return ", ".join(f"{name} {share:g}" for name, share in mix.model_dump().items())


def _fields(prefix: str, model: BaseModel) -> Iterator[Resolved]:
    for name, field in type(model).model_fields.items():
        value, key = getattr(model, name), f"{prefix}.{field.alias or name}"
        if isinstance(value, Sourced):
            yield _sourced(key, value)
        elif name not in ("id", "off"):
            yield _lever(key, value, UNITS.get(name, ""))


def _sourced(key: str, value: Sourced) -> Resolved:
    year = f" ({value.year})" if value.year is not None and str(value.year) not in value.source else ""
    return Resolved(key, value.value, value.unit, value.source + year, value.grade or "")


def _lever(key: str, value: object, unit: str | None = None) -> Resolved:
    plain: Value = str(value)
    if isinstance(value, bool):
        plain = "true" if value else "false"
    elif isinstance(value, int | float) and not isinstance(value, Month):
        plain = value
    return Resolved(key, plain, UNITS.get(key, "") if unit is None else unit, LEVER, "")
