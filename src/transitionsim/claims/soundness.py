"""What does not fit together in a folder whose files have the bytes that its manifest says.

Digests in a manifest can be written anew by whoever changes a file. What is held here against something else cannot:
one table against the other, grades against the register, scenarios and the whole experiment against their digests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from transitionsim.claims.recipe import CSV
from transitionsim.claims.remaking import scenario_of
from transitionsim.claims.sameness import MOST, ROW, unlike_tables
from transitionsim.claims.source import MANIFEST, TABLE, TABLES
from transitionsim.errors import InputError
from transitionsim.experiments.manifest import short_id
from transitionsim.sweeps.planning import plan_id

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from transitionsim.claims.source import Source

CLOSE: Final = 1e-8
"""Relative difference below which two values are the same number: a CSV holds nine digits."""
MOST_SCENARIOS: Final = 40
"""Scenarios that are held against their digests; a sweep has thousands, which verify and reproduce make again."""


def unsound(source: Source) -> tuple[str, ...]:
    """Return a sentence for each thing that does not fit together; nothing where all does."""
    if source.kind == "sweep" and not source.sweep.complete:
        return (*_grades(source), *_scenarios(source), *_experiment(source))
    return (*_tables(source.folder), *_grades(source), *_scenarios(source), *_experiment(source), *_groups(source))


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
    """Hold the grades of varied inputs against the register of the region."""
    register = source.region().register
    own = {one.key: register[one.key].grade or "-" for one in source.plan.swept if one.key in register}
    other = [one for one in source.plan.swept if own.get(one.key, one.grade) != one.grade]
    for one in other[:MOST]:
        yield f"{one.key} is said to be of grade {one.grade}, the register of the region says {own[one.key]}"


def _scenarios(source: Source) -> Iterator[str]:
    """Hold scenarios against their digests; those that this version cannot read are left to its other rules."""
    for arm in source.plan.arms[:MOST_SCENARIOS]:
        try:
            own = scenario_of(source.scenarios.get(arm.label, {}), source.folder)
        except InputError:
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


def _groups(source: Source) -> Iterator[str]:
    """Hold what a comparison always keeps against what is there: without groups of people nobody would lose."""
    if source.kind == "comparison" and not (source.folder / TABLES).is_file():
        yield f"{TABLES} is missing, from which is seen who loses"
