"""The panel of a run's persons as a table: one line for each run, month and person, with units and meanings.

Codes become words, months become ages and durations, euro cents become euros. What a person does not have (the
employer of someone without a job, the notice of someone not on notice) is left empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    CAUSE_NAMES,
    EMPLOYED,
    EMPLOYER,
    LONG_AGO,
    NEVER,
    STATUS_NAMES,
    TIER_NAMES,
    WORKER,
    Column,
)
from transitionsim.employer_kinds import SIZE_NAMES, sector_names
from transitionsim.experiments.runner import ArmRun, Results
from transitionsim.panel import Panel

FILE: Final = "panel.parquet"
CONTRACT_NAMES: Final = ("permanent", "temporary")
_WORKER: Final = {column.name: column for column in WORKER}
_EMPLOYER: Final = {column.name: column for column in EMPLOYER}


class Values(NamedTuple):
    """One column of the table: what it is, its values, where it is empty, and the words of its codes."""

    column: Column
    values: NDArray[Any]
    empty: NDArray[np.bool_] | None = None
    words: tuple[str, ...] = ()


def values_of(panel: Panel) -> Iterator[Values]:
    """Yield the columns of a panel that describe a person, each month after month, shape (months * persons,)."""
    record = panel.record[: panel.months].reshape(-1)
    month = np.repeat(np.arange(panel.months, dtype=np.int32), len(panel.rows))
    idle = record["status"] != EMPLOYED
    yield Values(Column("person", "", "", "number of the record in the region"), np.tile(panel.rows + 1, panel.months))
    life = "which person holds the record: 1 in the first month, then one more for each entrant"
    yield Values(Column("life", "", "", life), panel.lives().reshape(-1))
    age = Column("age", "", "years", "completed years since the month of birth")
    yield Values(age, (month - record["birth_month"]) // 12)
    yield _coded(record, "status", STATUS_NAMES)
    yield from _of_work(panel, record, month, idle)
    yield _coded(record, "cause", CAUSE_NAMES)
    displaced = "displaced from a job of two years or more while under sixty, and not hired since"
    yield Values(Column("displaced", "", "", displaced), record["displaced_month"] != LONG_AGO)
    clock = "months since the last job ended; the clock of long-term unemployment"
    yield _months("jobless_months", clock, month - record["jobless_since"], ~idle)
    yield _months("status_months", "months in the present status", month - record["since"])
    yield _coded(record, "course", panel.profiles)
    for name in panel.added:
        yield Values(Column(name, "", "", "added by a rule"), record[name])


def _of_work(
    panel: Panel, record: NDArray[np.void], month: NDArray[np.int32], idle: NDArray[np.bool_]
) -> Iterator[Values]:
    """Yield the columns about the job."""
    yield _coded(record, "tier", TIER_NAMES, _EMPLOYER["tier"].meaning)
    yield _coded(record, "size", SIZE_NAMES, "staff of the employer at the start: below 10, 50 and 250, or more")
    sectors = sector_names(int(record["sector"].max(initial=0)))
    yield _coded(record, "sector", sectors, "sector of the employer; automotive is NACE C29")
    yield _coded(record, "profile", panel.profiles)
    yield Values(_like("contract"), record["contract"], idle, CONTRACT_NAMES)
    for name in ("wage", "wage_before"):
        cents = record[name]
        yield Values(Column(name, "", "EUR a month", _WORKER[name].meaning), cents / 100.0, cents == 0)
    yield _months("tenure_months", "months since the last hire", month - record["hired"], idle)
    left = record["notice_end"] - month
    yield _months("notice_months", "months of notice left", left, record["notice_end"] == NEVER)


def _like(name: str) -> Column:
    """Return a column of words instead of codes."""
    return Column(name, "", "", _WORKER[name].meaning.removesuffix(", -1 for none"))


def _coded(record: NDArray[np.void], name: str, words: tuple[str, ...], meaning: str | None = None) -> Values:
    column = _like(name) if meaning is None else Column(name, "", "", meaning)
    return Values(column, record[name], record[name] < 0, words)


def _months(name: str, meaning: str, values: NDArray[Any], empty: NDArray[np.bool_] | None = None) -> Values:
    return Values(Column(name, "", "months", meaning), values, empty)


def write_panels(results: Results, path: Path) -> dict[str, Any]:
    """Write the panels of all runs into one Parquet file, run after run; return their entry in the manifest."""
    from pyarrow import parquet

    writer, rows, persons, columns = None, 0, 0, []
    for run in results.runs:
        if run.panel is None:
            continue
        values = [*_of_run(run, run.panel, results), *values_of(run.panel)]
        columns = [{"name": c.name, "unit": c.unit, "meaning": c.meaning} for c in (one.column for one in values)]
        table = _table(values)
        writer = writer or parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
        rows, persons = rows + table.num_rows, len(run.panel.rows)
    if writer is not None:
        writer.close()
    return {"file": path.name, "persons": persons, "rows": rows, "columns": columns}


def _of_run(run: ArmRun, panel: Panel, results: Results) -> Iterator[Values]:
    """Yield the columns that say which run and month a line is from."""
    arm = next(arm for arm in results.design.arms if arm.label == run.arm)
    rows = len(panel)
    yield Values(Column("scenario", "", "", "label of the scenario"), np.zeros(rows, np.int32), None, (run.arm,))
    yield Values(Column("draw", "", "", "draw, counted from 0"), np.full(rows, run.draw, np.int32))
    yield Values(Column("seed", "", "", "seed of the luck"), np.full(rows, run.seed, np.int64))
    calendar = tuple(str(arm.scenario.at(month)) for month in range(panel.months))
    month = np.repeat(np.arange(panel.months, dtype=np.int32), len(panel.rows))
    yield Values(Column("month", "", "", "calendar month, at whose end the person is seen"), month, None, calendar)


def _table(values: Sequence[Values]) -> Any:
    """Return columns as an Arrow table whose fields carry unit and meaning."""
    import pyarrow

    arrays = []
    for one in values:
        array = pyarrow.array(one.values, mask=one.empty)
        arrays.append(pyarrow.DictionaryArray.from_arrays(array, list(one.words)) if one.words else array)
    fields = [
        pyarrow.field(one.column.name, array.type, metadata={"unit": one.column.unit, "meaning": one.column.meaning})
        for one, array in zip(values, arrays, strict=True)
    ]
    return pyarrow.Table.from_arrays(arrays, schema=pyarrow.schema(fields))
