"""The tables of the documentation, made from the code: ``python -m tests.docs.write_tables`` writes them anew.

A table stands between two comments, ``<!-- table: workers -->`` and ``<!-- end of table -->``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from statistics import median

from tests.docs.blocks import PAGES, ROOT
from tests.docs.evidence_tables import RECORDS
from tests.limits.cases import cases
from transitionsim import series, tables
from transitionsim.columns import (
    BIT_MASK,
    CAUSE_NAMES,
    GROUP_NAMES,
    POWERTRAINS,
    ROWS,
    SKILLS,
    Column,
)
from transitionsim.experiments.outcomes import OUTCOMES
from transitionsim.experiments.question import read_question
from transitionsim.indicators import INDICATORS, NOT_MODELLED
from transitionsim.month import MONTH, OF_POLICIES, meaning_of
from transitionsim.plugins import name_of
from transitionsim.policies import populations
from transitionsim.regions import base_register, country_codes, load_region, region_codes
from transitionsim.regions.fitted import FITS, Fit, read_fit
from transitionsim.regions.reading import load_country
from transitionsim.regions.schema import Region
from transitionsim.regions.tables import components, job_profiles
from transitionsim.rule import KEY, Rule
from transitionsim.scenario import load_scenario
from transitionsim.scenario.names import shipped_folder
from transitionsim.structure import SECTORS
from transitionsim.world_variables import ALL_STEPS, START, WORLD

PLACE = re.compile(r"(<!-- table: (\S+) -->\n).*?(<!-- end of table -->)", re.DOTALL)
DTYPES = {"f8": "float64", "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int64", "?": "bool", "u8": "uint64"}


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(cell: object) -> str:
    return " ".join(str(cell).split()).replace("|", "\\|")


def _columns(population: str) -> str:
    rows = [(f"`{c.name}`", _kind(c), c.unit or "-", _meaning(c), _allowed(c)) for c in populations()[population]]
    return _table(("column", "type", "unit", "meaning", "may hold"), rows)


def _kind(column: Column) -> str:
    return f"{len(column.parts)} x {DTYPES[column.dtype]}" if column.parts else DTYPES[column.dtype]


def _meaning(column: Column) -> str:
    """Return what a column means, with the names of its parts as tables show them, each behind its place."""
    parts = ", ".join(f"{place} `{name}`" for place, name in enumerate(column.parts))
    return f"{column.meaning}; in tables {parts}" if parts else column.meaning


def _allowed(column: Column) -> str:
    """Return what a column may hold, as a student reads it: the names of its codes, its ends, or a table's places."""
    if column.codes:
        first = ["-1 none"] if column.low == -1 else []
        return ", ".join([*first, *(f"{code} {name}" for code, name in enumerate(column.codes))])
    if column.within:
        none = "-1 or " if column.low == -1 else ""
        kinds = {ROWS: "0 to {}", BIT_MASK: "a bit for each of {}"}
        return none + kinds.get(column.unit, "a place in {}").format(f"`world.{column.within}`")
    if column.name == KEY:
        return "-"
    if column.low is None and column.high is None:
        return "any"
    return f"{column.low:,.15g} {'or more' if column.high is None else f'to {column.high:,.15g}'}"


def _world() -> str:
    register = base_register()
    rows = []
    for one in (each.explained(register) for each in WORLD):
        dtype = DTYPES.get(one.dtype, one.dtype)
        kind = f"{dtype}, by {' and '.join(one.shape)}" if one.shape else dtype
        writer = one.written_by if one.written_by in (START, ALL_STEPS) else f"`{one.written_by}`"
        rows.append((f"`{one.name}`", kind, one.unit or "-", one.meaning, writer))
    return _table(("name", "type", "unit", "meaning", "written by"), rows)


_OF_POLICIES = {step: f"policy `{kind}`" for step, kind in OF_POLICIES.items()}


def _month() -> str:
    """Return the month without the places of its steps, which move with every line of code."""
    lines = []
    for heading in MONTH:
        lines += [heading.title, *(f"    {name_of(step)}: {meaning_of(step)}" for step in heading.steps)]
    return "\n".join(["```text", *lines, "```", ""])


def _steps() -> str:
    rows = []
    for heading in MONTH:
        for step in heading.steps:
            kind = f"rule on {step.on}" if isinstance(step, Rule) else _OF_POLICIES.get(step, "market or account")
            draws = ", ".join(f"`{draw}`" for draw in step.draws) if isinstance(step, Rule) else "-"
            rows.append((heading.title, f"`{name_of(step)}`", kind, draws or "none"))
    return _table(("heading", "step", "kind", "draws of luck"), rows)


def _experiments() -> str:
    rows = []
    for path in sorted((ROOT / "experiments").glob("*.yaml")):
        question, _ = read_question(path)
        page = ROOT / "docs" / "experiments" / f"{path.stem}.md"
        answer = f"[answer](experiments/{path.stem}.md)" if page.is_file() else "not recorded"
        rows.append((f"[`{path.stem}`](../experiments/{path.name})", question.question, answer))
    return _table(("file", "question", "recorded"), rows)


def _causes() -> str:
    return _table(("code", "cause of separation"), enumerate(CAUSE_NAMES))


def _parameters() -> str:
    rows = []
    for one in base_register().values():
        span = " | ".join(one.choices) or ("" if one.low is None else f"{one.low:g} to {one.high:g}")
        swept = "yes" if one.swept else ""
        rows.append((f"`{one.key}`", one.value, one.unit, span, swept, one.grade, one.meaning, one.source))
    return _table(("key", "value", "unit", "range", "swept", "grade", "meaning", "source"), rows)


def _swept() -> str:
    rows = [(f"`{one.key}`", one.meaning) for one in base_register().values() if one.swept]
    return _table(("varied input", "meaning"), rows)


def _regions() -> str:
    rows = []
    for region in map(load_region, region_codes()):
        facts = region.facts
        rows.append(
            (
                f"`{region.code}`",
                region.name,
                f"{facts.labour_force.number:,.0f}",
                f"{facts.unemployment_rate.number:.1%}",
                f"{facts.automotive_persons.number:,.0f} ({facts.automotive_persons.year}{_other_concept(region)})",
                f"{facts.automotive_plants.number:,.0f}",
                ", ".join(plant.name for plant in region.plants) or "none",
            )
        )
    header = ("code", "region", "labour force", "unemployed", "persons in NACE C29", "plants", "plants named")
    return _table(header, rows)


def _other_concept(region: Region) -> str:
    """Return what a region counts as automotive where that is not NACE C29, to be put behind the year."""
    return "" if region.denominator == Region.model_fields["denominator"].default else f", {region.denominator}"


def _countries() -> str:
    rows = []
    for country in map(load_country, country_codes()):
        for key, own in country.assumptions.items():
            span = "" if own.low is None else f"{own.low:g} to {own.high:g}"
            rows.append((country.name, f"`{key}`", f"{own.number:g}", own.unit, span, own.grade, own.source))
    return _table(("country", "key", "value", "unit", "range", "grade", "source"), rows)


def _facts() -> str:
    rows = []
    for region in map(load_region, region_codes()):
        for key, fact in region.sourced().items():
            name = key.removeprefix("region.")
            rows.append((region.code, name, f"{fact.number:,.10g}", fact.unit, fact.year, fact.grade, fact.source))
    return _table(("region", "fact", "value", "unit", "year", "grade", "source"), rows)


def _scenarios() -> str:
    rows = []
    for path in sorted(shipped_folder().glob("*.yaml")):
        scenario = load_scenario(path)
        extends = next(
            (line.split()[1] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("extends:")),
            "-",
        )
        rows.append((f"`{path.stem}`", scenario.name, extends.removesuffix(".yaml")))
    return _table(("scenario", "title", "extends"), rows)


def _outcomes() -> str:
    rows = []
    for one in OUTCOMES:
        first, second = ("scenario", one.against) if one.sign == 1 else (one.against, "scenario")
        shown = "yes" if one.headline else ""
        rows.append((f"`{one.key}`", one.title, one.unit, f"{first} minus {second}", shown))
    return _table(("outcome", "meaning", "unit", "how it is taken", "on the page"), rows)


def _indicators() -> str:
    rows = []
    for one in INDICATORS:
        other = "level" if one.against == "nothing" else one.against
        rows.append(
            (
                one.code,
                one.name,
                one.meaning,
                one.unit,
                one.denominator,
                one.direction,
                other,
                one.framework,
                one.is_not,
                one.source,
            )
        )
    header = (
        "code",
        "name",
        "meaning",
        "unit",
        "denominator",
        "direction",
        "compared with",
        "framework",
        "what it is not",
        "source",
    )
    return _table(header, rows)


def _not_modelled() -> str:
    rows = [(one.code, one.name, one.why) for one in NOT_MODELLED]
    return _table(("code", "name", "why there is no number"), rows)


def _record() -> str:
    rows = [(f"`{one.name}`", one.kind, one.unit, one.meaning) for one in series.ALL]
    return _table(("series", "kind", "unit", "meaning"), rows)


def _tables() -> str:
    rows = [(f"`{one.name}`", ", ".join(one.dimensions), one.kind, one.unit, one.meaning) for one in tables.ALL]
    return _table(("table", "by", "kind", "unit", "meaning"), rows)


def _content() -> str:
    parts = components()
    rows = []
    for place, name in enumerate(GROUP_NAMES):
        turns = parts.turns_to[place]
        rows.append((name, *(f"{x:g}" for x in parts.content[place]), GROUP_NAMES[turns] if turns >= 0 else "-"))
    return _table(("component group", *POWERTRAINS, "a supplier converts to"), rows)


def _profiles() -> str:
    jobs = job_profiles()
    rows = []
    for place, name in enumerate(jobs.names):
        skills = ", ".join(f"{x}" for x in jobs.requirement[place])
        rows.append((name.replace("_", " "), jobs.isco[place], f"{jobs.wage[place]:g}", jobs.level[place], skills))
    return _table(("profile", "ISCO-08", "wage ratio", "level", ", ".join(SKILLS)), rows)


def _limits() -> str:
    rows = []
    for case in cases():
        file, _, test = case.test.partition("::")
        place = f"[`{test}`](../{file})" if test else "no test"
        rows.append((f"V{case.number}", case.law, case.holds, case.source, place))
    return _table(("case", "law", "where it holds", "source", "test"), rows)


def _sectors() -> str:
    rows = [(number, name.replace("_", " ")) for number, name in enumerate(SECTORS)]
    return _table(("code", "sector"), rows)


def _fit() -> Fit:
    return read_fit(FITS / "ES22.yaml")


def _fitted_values() -> str:
    header = ("parameter", "before", "fitted", "error by chance", "error by targets", "range", "at an end")
    return _table(header, [
        (
            f"`{key}`", f"{one.before:.3g}", f"{one.value:.3g}", f"{one.error_of_chance:.2g}",
            f"{one.error_of_targets:.2g}", f"{one.low:g} to {one.high:g}", "yes" if one.at_edge else "",
        )
        for key, one in _fit().parameters.items()
    ])  # fmt: skip


def _fitted_targets() -> str:
    header = ("target", "record", "fitted model", "tolerance", "misfit", "weight", "grade", "source")
    return _table(header, [
        (
            name.replace("_", " "), f"{one.target:.3g}", f"{one.simulated:.3g}", f"{one.tolerance:.2g}",
            f"{one.misfit:+.1f}", f"{(one.tolerance / one.counted) ** 2:.2g}", one.grade, one.source,
        )
        for name, one in _fit().targets.items()
    ])  # fmt: skip


def _recorded(name: str) -> list[dict[str, str]]:
    with (ROOT / "docs" / "calibration" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _recovery() -> str:
    header = ("vector", "parameter", "true", "recovered", "relative error", "90 % interval", "inside")
    return _table(header, [
        (
            row["vector"], f"`{row['key']}`", *(f"{float(row[name]):.3g}" for name in ("true", "found")),
            f"{100 * float(row['relative_error']):+.0f} %", f"{float(row['low']):.3g} to {float(row['high']):.3g}",
            "yes" if row["inside"] == "True" else "no",
        )
        for row in _recorded("recovery.csv")
    ])  # fmt: skip


def _recovery_in_short() -> str:
    header = ("parameter", "median relative error", "largest", "inside the 90 % interval")
    rows = _recorded("recovery.csv")
    cells = []
    for key in dict.fromkeys(row["key"] for row in rows):
        own = [row for row in rows if row["key"] == key]
        off = [100 * abs(float(row["relative_error"])) for row in own]
        inside = sum(row["inside"] == "True" for row in own)
        cells.append((f"`{key}`", f"{median(off):.0f} %", f"{max(off):.0f} %", f"{inside} of {len(own)}"))
    return _table(header, cells)


def _columns_seen() -> str:
    header = ("parameter", "fitted", "moves the targets by", "of its own", "most like", "cosine", "told apart")
    return _table(header, [
        (
            f"`{row['key']}`", "yes" if row["fitted"] == "True" else "", f"{float(row['size']):.1f}",
            f"{100 * float(row['outside']):.0f} %", f"`{row['nearest']}`" if row["nearest"] else "",
            f"{float(row['cosine']):.2f}", "yes" if row["told_apart"] == "True" else "no",
        )
        for row in _recorded("columns.csv")
    ])  # fmt: skip


TABLES: dict[str, Callable[[], str]] = {
    "workers": lambda: _columns("workers"),
    "employers": lambda: _columns("employers"),
    "world": _world,
    "month": _month,
    "steps": _steps,
    "causes": _causes,
    "parameters": _parameters,
    "swept": _swept,
    "regions": _regions,
    "facts": _facts,
    "countries": _countries,
    "experiments": _experiments,
    "scenarios": _scenarios,
    "outcomes": _outcomes,
    "indicators": _indicators,
    "not-modelled": _not_modelled,
    "record": _record,
    "tables": _tables,
    "content": _content,
    "profiles": _profiles,
    "sectors": _sectors,
    "limits": _limits,
    **RECORDS,
    "fitted-values": _fitted_values,
    "fitted-targets": _fitted_targets,
    "recovery": _recovery,
    "recovery-in-short": _recovery_in_short,
    "columns-seen": _columns_seen,
}


def with_tables(text: str) -> str:
    """Return a page with all its tables made anew."""
    return PLACE.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}{found[3]}", text)


def main() -> None:
    """Write the tables of all pages."""
    for page in PAGES:
        path = ROOT / page
        if path.exists():
            path.write_text(with_tables(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
