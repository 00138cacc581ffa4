"""What does not fit together in a folder whose files have the bytes that its manifest says.

Digests in a manifest can be written anew by whoever changes a file. What is held here against something else cannot:
one table against the other, grades against the register, scenarios and the whole experiment against their digests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from transitionsim.claims.recipe import CSV
from transitionsim.claims.remaking import scenario_of
from transitionsim.claims.sameness import MOST, ROW, unlike_tables
from transitionsim.claims.source import MANIFEST, TABLE, TABLES
from transitionsim.errors import InputError
from transitionsim.experiments.manifest import short_id
from transitionsim.experiments.sweep import extent
from transitionsim.regions import settable
from transitionsim.report.folder import INDICATORS
from transitionsim.scenario.labels import labels_of
from transitionsim.sweeps.inputs import allowed, values_of
from transitionsim.sweeps.planning import plan_id

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from transitionsim.claims.source import Source

CLOSE: Final = 1e-8
"""Relative difference below which two values are the same number: a CSV holds nine digits."""
MOST_INPUTS: Final = 1000
"""Inputs that are looked at."""
MOST_SCENARIOS: Final = 40
"""Scenarios that are held against their digests; a sweep has thousands, which verify and reproduce make again."""


def unsound(source: Source) -> tuple[str, ...]:
    """Return a sentence for each thing that does not fit together; nothing where all does."""
    if source.kind == "sweep" and not source.sweep.complete:
        return (*_grades(source), *_draws(source), *_scenarios(source), *_experiment(source))
    return (
        *_tables(source.folder), *_grades(source), *_draws(source), *_scenarios(source), *_experiment(source),
        *_parts(source), *_about(source),
    )  # fmt: skip


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
    if any(key not in register for key in keys) or not plan.draws:
        return
    known = plan.sampling.get("names") == keys
    kind = str(plan.sampling["kind"]) if known else "random"
    inputs = max(draw.inputs for draw in plan.draws) + 1 if keys else len(plan.draws)
    count = int(plan.sampling["size"]) if known else inputs
    expected = values_of(kind, count, allowed(register, keys)) if keys else [{}] * inputs
    seeds = max(1, len(plan.draws) // max(1, len({draw.inputs for draw in plan.draws})))
    for place, draw in enumerate(plan.draws):
        if keys and source.kind == "sweep":
            seed = place % seeds if kind in ("morris", "sobol") else place
            right = draw.inputs == place // seeds
        else:
            seed, right = place, True
        values = expected[draw.inputs if source.kind == "sweep" and keys else place] if right else None
        if (draw.number, draw.seed, dict(draw.values)) != (place, seed, values):
            yield f"draw {draw.number} has not the seed and the values of its place: draws were chosen or left out"
            return


def _scenarios(source: Source) -> Iterator[str]:
    """Hold scenarios against their digests."""
    for arm in source.plan.arms[:MOST_SCENARIOS]:
        try:
            own = scenario_of(source.scenarios.get(arm.label, {}), source.folder)
        except InputError:
            yield f"the scenario {arm.label} cannot be read"
            continue
        if own.digest() != arm.digest:
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


def _about(source: Source) -> Iterator[str]:
    """Hold notes against the scenarios, which decide them, and the date against today's."""
    if source.date > datetime.now(UTC).date().isoformat():
        yield f"is said to have been made on {source.date}"
    known: set[str] = set()
    for arm in source.plan.arms[:MOST_SCENARIOS]:
        try:
            known |= set(labels_of(scenario_of(source.scenarios.get(arm.label, {}), source.folder)))
        except InputError:
            return
    for note in source.labels:
        if note not in known:
            yield f"has a note that no scenario gives: {note}"
