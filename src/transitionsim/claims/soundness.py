"""What does not fit together in a folder whose files have the bytes that its manifest says.

Digests in a manifest can be written anew by whoever changes a file. What is held here against something else cannot:
one table against the other, grades against the register, scenarios and the whole experiment against their digests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from transitionsim.claims.recipe import CSV
from transitionsim.claims.remaking import scenario_of
from transitionsim.claims.sameness import MOST, ROW, unlike_tables
from transitionsim.claims.source import MANIFEST, TABLE, TABLES
from transitionsim.errors import InputError
from transitionsim.experiments.inputs import allowed
from transitionsim.experiments.manifest import short_id
from transitionsim.experiments.planning import plan_id, planned_draws
from transitionsim.experiments.sweep import extent
from transitionsim.regions import settable
from transitionsim.report.folder import INDICATORS
from transitionsim.scenario.labels import labels_of

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from transitionsim.claims.source import Source
    from transitionsim.scenario.schema import Scenario

CLOSE: Final = 1e-8
"""Relative difference below which two values are the same number: a CSV holds nine digits."""
MOST_INPUTS: Final = 1000
"""Inputs that are looked at."""
MOST_SCENARIOS: Final = 40
"""Scenarios that are held against their digests; a sweep has thousands, which verify and reproduce make again."""


def unsound(source: Source) -> tuple[str, ...]:
    """Return a sentence for each thing that does not fit together; nothing where all does."""
    read = _read(source)
    found = (*_grades(source), *_draws(source), *_scenarios(source, read), *_experiment(source))
    if source.kind == "sweep" and not source.sweep.complete:
        return found
    return (*_tables(source.folder), *found, *_parts(source), *_about(source, read))


def _tables(folder: Path) -> Iterator[str]:
    if not _alike(folder):
        for one in unlike_tables(folder)[:MOST]:
            yield f"{one.where}: table.csv says {one.then}, table.parquet {one.now}"


def _alike(folder: Path) -> bool:
    """Return whether both tables have the same rows in the same order; false also where that cannot be told."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv as reader
    import pyarrow.parquet as pq

    kinds = {"scenario": pa.string(), "indicator": pa.string(), "value": pa.float64()}
    kinds |= dict.fromkeys(("draw", "year", "month"), pa.int64())
    options = reader.ConvertOptions(column_types=kinds, include_columns=[*ROW, "value"])
    try:
        one = reader.read_csv(folder / CSV, convert_options=options)
        two = pq.read_table(folder / TABLE, columns=[*ROW, "value"])
    except (pa.ArrowException, OSError, KeyError):
        return False
    if one.num_rows != two.num_rows:
        return False
    for name in ROW:
        if not pc.all(pc.equal(one[name], two[name].cast(kinds[name]))).as_py() and one.num_rows:
            return False
    return bool(np.isclose(_numbers(one), _numbers(two), rtol=CLOSE, atol=0.0, equal_nan=True).all())


def _numbers(table: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.asarray(table["value"].to_numpy(), dtype=np.float64)


def _grades(source: Source) -> Iterator[str]:
    """Hold keys, ranges and grades of varied inputs against the register of the region."""
    register = source.region().register
    for one in source.plan.swept[:MOST_INPUTS]:
        if one.key not in register:
            yield f"{one.key} is said to have been varied, and is no parameter"
            continue
        own = register[one.key]
        if (own.grade or "-") != one.grade:
            yield f"{one.key} is said to be of grade {one.grade}, the register of the region says {own.grade or '-'}"
        elif one.extent != (known := extent(settable(own))):
            yield f"{one.key} is said to vary over {one.extent}, the register of the region says {known}"


def _draws(source: Source) -> Iterator[str]:
    """Hold numbers, seeds and values of draws against their design: nobody chose them, and none was left out."""
    plan, register = source.plan, source.region().register
    keys = [one.key for one in plan.swept]
    if any(key not in register for key in keys):
        return
    sampled = plan.sampling.get("names") == keys
    kind, inputs = str(plan.sampling["kind"]) if sampled else "random", len({draw.inputs for draw in plan.draws})
    # Without varied inputs every draw is one of its seed alone, whatever the plan calls them.
    seeds = len(plan.draws) // inputs if keys else 1
    count = int(plan.sampling["size"]) if sampled else inputs if keys else len(plan.draws)
    expected = planned_draws(kind, count, seeds, allowed(register, keys))
    for place, draw in enumerate(plan.draws):
        own = expected[place] if place < len(expected) else None
        if own is None or replace(draw, inputs=draw.inputs if keys else own.inputs) != own:
            yield f"draw {draw.number} has not the seed and the values of its place: draws were chosen or left out"
            return


def _read(source: Source) -> dict[str, Scenario | None]:
    """Return the scenario of each arm by its label, none for one that cannot be read."""
    found: dict[str, Scenario | None] = {}
    for arm in source.plan.arms[:MOST_SCENARIOS]:
        try:
            found[arm.label] = scenario_of(source.scenarios.get(arm.label, {}), source.folder)
        except InputError:
            found[arm.label] = None
    return found


def _scenarios(source: Source, read: Mapping[str, Scenario | None]) -> Iterator[str]:
    """Hold scenarios against their digests."""
    for arm in source.plan.arms[:MOST_SCENARIOS]:
        own = read[arm.label]
        if own is None:
            yield f"the scenario {arm.label} cannot be read"
        elif own.digest() != arm.digest:
            yield f"the scenario {arm.label} is not the one that its digest names"


def _experiment(source: Source) -> Iterator[str]:
    """Hold the id of an experiment against its version, scenarios, draws and rules."""
    if source.kind == "sweep":
        if plan_id(vars(source.plan)) != source.plan.id:
            yield "the id of its plan is not that of these scenarios and draws: some were added, left out or changed"
        return
    about = json.loads((source.folder / MANIFEST).read_text(encoding="utf-8"))
    found = short_id(
        str(about["transitionsim"]),
        [[one["label"], one["role"], one["digest"]] for one in about["scenarios"]],
        [[one["draw"], one["seed"], one["values"]] for one in about["draws"]],
        [one["sha256"] for one in about["rules"]],
    )
    if found != source.plan.id:
        yield "its id is not that of these scenarios, draws and rules: some were added, left out or changed"


def _parts(source: Source) -> Iterator[str]:
    """Hold what a comparison always has against what is there: without groups of people nobody would lose."""
    if source.kind != "comparison":
        return
    for name in (TABLES, INDICATORS):
        if not (source.folder / name).is_file():
            yield f"{name} is missing, which every comparison has"
    roles = [arm.role for arm in source.plan.arms]
    for role in ("no transition", "placebo"):
        if role not in roles:
            yield f"the arm '{role}' is missing, which every comparison has"


def _about(source: Source, read: Mapping[str, Scenario | None]) -> Iterator[str]:
    """Hold notes against the scenarios, which decide them, and the date against today's."""
    if source.date > datetime.now(UTC).date().isoformat():
        yield f"is said to have been made on {source.date}"
    known = {note for one in read.values() if one is not None for note in labels_of(one)}
    for note in source.labels:
        if note not in known:
            yield f"has a note that no scenario gives: {note}"
