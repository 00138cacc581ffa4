"""The panel of a run's persons as a table: one line for each run, month and person, with units and meanings.

Codes become words, months become ages and durations, euro cents become euros. What a person does not have (the
employer of someone without a job, the notice of someone not on notice) is left empty.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    CAUSE_NAMES,
    EMPLOYER,
    LONG_AGO,
    NEVER,
    STATUS_NAMES,
    TIER_NAMES,
    WORKER,
    Column,
)
from transitionsim.employer_kinds import SIZE_NAMES, sector_names
from transitionsim.experiments.plan import PlannedDraw
from transitionsim.panel import Panel

if TYPE_CHECKING:
    from transitionsim.scenario import Scenario

PART_ROWS: Final = 1_000_000
"""Rows turned into a table at a time."""
CONTRACT_NAMES: Final = ("permanent", "temporary")
_WORKER: Final = {column.name: column for column in WORKER}
_EMPLOYER: Final = {column.name: column for column in EMPLOYER}


class Values(NamedTuple):
    """One column of the table: what it is, its values, where it is empty, and the words of its codes."""

    column: Column
    values: NDArray[Any]
    empty: NDArray[np.bool_] | None = None
    words: tuple[str, ...] = ()


def values_of(panel: Panel, lives: NDArray[np.int16], months: range) -> Iterator[Values]:
    """Yield the columns that describe the persons of a panel in some months, each month after month.

    ``lives`` is what :meth:`Panel.lives` gives; values have shape (months * persons,).
    """
    record = panel.record[months.start : months.stop].reshape(-1)
    month = np.repeat(np.arange(months.start, months.stop, dtype=np.int32), len(panel.rows))
    idle = record["tier"] < 0
    number = np.tile((panel.rows + 1).astype(np.int32), len(months))
    yield Values(Column("person", "", "", "number of the record in the region"), number)
    life = "which person holds the record: 1 in the first month, then one more for each entrant"
    yield Values(Column("life", "", "", life), lives[months.start : months.stop].reshape(-1))
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
    sectors = sector_names(int(panel.record["sector"].max(initial=0)))
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


def packed(panels: Mapping[str, Panel], scenarios: Mapping[str, Scenario], draw: PlannedDraw) -> bytes:
    """Return the panels of the runs of one draw, run after run, as the bytes of a Parquet file.

    Some months are turned into a table at a time, so that a large panel takes little more memory than it has already.
    """
    from pyarrow import parquet

    stream = io.BytesIO()
    writer = None
    for label, panel in panels.items():
        for values in _parts(label, panel, scenarios[label], draw):
            table = _table(values)
            writer = writer or parquet.ParquetWriter(stream, table.schema)
            writer.write_table(table)
    if writer is not None:
        writer.close()
    return stream.getvalue()


def about_panel(path: Path) -> dict[str, Any]:
    """Return what a manifest says of a panel: its file, persons, rows and columns with unit and meaning."""
    from pyarrow import parquet

    table = parquet.ParquetFile(path)
    fields = [(field.name, field.metadata) for field in table.schema_arrow]
    columns = [
        {"name": name, "unit": meta[b"unit"].decode(), "meaning": meta[b"meaning"].decode()} for name, meta in fields
    ]
    runs = parquet.read_table(path, columns=["scenario", "draw", "person"]).to_pandas()
    first = runs[(runs["scenario"] == runs["scenario"].iloc[0]) & (runs["draw"] == runs["draw"].iloc[0])]
    persons = int(first["person"].nunique())
    return {"file": path.name, "persons": persons, "rows": table.metadata.num_rows, "columns": columns}


def _parts(label: str, panel: Panel, scenario: Scenario, draw: PlannedDraw) -> Iterator[list[Values]]:
    """Yield the columns of a run's panel, so many months at a time that a part stays small."""
    calendar = tuple(str(scenario.at(month)) for month in range(panel.months))
    lives = panel.lives()
    step = max(1, PART_ROWS // len(panel.rows))
    for first in range(0, panel.months, step):
        months = range(first, min(first + step, panel.months))
        yield [*_of_run(label, draw, calendar, months, len(panel.rows)), *values_of(panel, lives, months)]


def _of_run(label: str, draw: PlannedDraw, calendar: tuple[str, ...], months: range, persons: int) -> Iterator[Values]:
    """Yield the columns that say which run and month a line is from."""
    rows = len(months) * persons
    yield Values(Column("scenario", "", "", "label of the scenario"), np.zeros(rows, np.int32), None, (label,))
    yield Values(Column("draw", "", "", "draw, counted from 0"), np.full(rows, draw.number, np.int32))
    yield Values(Column("seed", "", "", "seed of the luck"), np.full(rows, draw.seed, np.int64))
    month = np.repeat(np.arange(months.start, months.stop, dtype=np.int32), persons)
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
