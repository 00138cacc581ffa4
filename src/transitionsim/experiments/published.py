"""The tables and the manifest of a finished experiment, written from its parts."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from transitionsim.experiments.canonical import canonical
from transitionsim.experiments.manifest import CAVEAT, MANIFEST, as_json, environment, files_of
from transitionsim.experiments.plan import Plan
from transitionsim.experiments.store import CSV, PANELS, TABLE, meta_of, room_for, write_safely
from transitionsim.experiments.work import GROUP, INDICATOR, VALUE
from transitionsim.indicators import INDICATORS

if TYPE_CHECKING:
    import pyarrow as pa

INDICATORS_TABLE: Final = "indicators.parquet"
GROUPS_TABLE: Final = "tables.parquet"
PANEL: Final = "panel.parquet"


def finish(folder: Path, plan: Plan, parts: Sequence[Path], draws: int) -> None:
    """Write the tables of all parts in order, as Parquet and canonical CSV, and the manifest; one part in memory."""
    metas = [meta_of(path) for path in parts]
    with room_for(CSV, *(folder / f".{name}" for name in (*_TABLES, CSV, PANEL))):
        rows = _write_tables(folder, parts)
        panels = [folder / PANELS / meta[PANELS] for meta in metas if PANELS in meta]
        if panels:
            _joined(panels, folder / PANEL)
    codes = {as_json(meta["code"]): meta["code"] for meta in metas}
    digests = hashlib.sha256()
    for meta in metas:
        digests.update(as_json(meta["digests"]).encode())
    content = {
        "transitionsim": plan.version,
        "caveat": CAVEAT,
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "code": next(iter(codes.values())) if len(codes) == 1 else None,
        **environment(),
        "id": plan.id,
        "question": plan.question,
        "draws": draws,
        "arms": len(plan.arms),
        "failed": sum(len(meta["failures"]) for meta in metas),
        "labels": list(dict.fromkeys(label for meta in metas for label in meta["labels"])),
        "rows": rows,
        "runs_sha256": digests.hexdigest(),
    }
    write_manifest(folder, content)


def write_manifest(folder: Path, content: Mapping[str, Any]) -> None:
    """Write a manifest with the digests of all files beside it."""
    write_safely(folder / MANIFEST, as_json({**content, "files": files_of(folder)}, indent=1).encode() + b"\n")


def add_to_manifest(folder: Path, content: Mapping[str, Any]) -> None:
    """Add what only the caller knows to the manifest of a finished experiment, with the digests of files now there."""
    about = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    write_manifest(folder, {**about, **content})


_KEYS: Final = ("scenario", "role", "draw", "seed", "year", "month")
_VALUES: Final = (
    "scenario", "role", "point", "draw", "inputs", "seed", "region", "year", "month", "indicator", "unit", "value"
)  # fmt: skip
_TABLES: Final = {
    TABLE: (VALUE, dict.fromkeys(_VALUES)),
    INDICATORS_TABLE: (
        INDICATOR,
        {**dict.fromkeys(_KEYS), "code": "indicator", "group": None, "unit": None, "value": None},
    ),
    GROUPS_TABLE: (GROUP, {**dict.fromkeys(_KEYS), "table": "indicator", "group": None, "unit": None, "value": None}),
}
"""The published tables: the kind of rows of each, and its columns with their name in a part where it is another one."""


def columns_of(name: str) -> list[str]:
    """Return the columns of one of the published tables that all kinds of rows have."""
    return list(_TABLES[name][1])


def rows_of(table: pa.Table, name: str) -> pa.Table:
    """Return the rows of a part that belong to one of the published tables."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind, columns = _TABLES[name]
    own = table.filter(pc.equal(table["kind"].cast(pa.string()), kind))
    found = pa.table({column: own[source or column] for column, source in columns.items()})
    if name != INDICATORS_TABLE:
        return found
    about = {one.code: one for one in INDICATORS}
    codes = found["code"].to_pylist()
    place = found.column_names.index("group")
    found = found.add_column(place, "indicator", pa.array([about[code].name for code in codes], pa.string()))
    place = found.column_names.index("value")
    for text in ("direction", "denominator"):
        found = found.add_column(place, text, pa.array([getattr(about[code], text) for code in codes], pa.string()))
    return found


def _write_tables(folder: Path, parts: Sequence[Path]) -> int:
    """Write the published tables of all parts, one part in memory; return the rows of the first."""
    import pyarrow.parquet as pq

    rows = 0
    writers: dict[str, Any] = {}
    try:
        with (folder / f".{CSV}").open("w", encoding="utf-8", newline="\n") as text:
            text.write(",".join(_VALUES) + "\n")
            for path in parts:
                whole = pq.read_table(path).replace_schema_metadata(None)
                for name in _TABLES:
                    table = rows_of(whole, name)
                    if name not in writers:
                        writers[name] = pq.ParquetWriter(folder / f".{name}", table.schema, compression="zstd")
                    writers[name].write_table(table)
                    if name == TABLE:
                        text.writelines(_lines(table))
                        rows += table.num_rows
    finally:
        for writer in writers.values():
            writer.close()
    for name in (CSV, *writers):
        (folder / f".{name}").replace(folder / name)
    return rows


def _joined(parts: Sequence[Path], path: Path) -> None:
    """Write the tables of parts into one file, one after the other."""
    import pyarrow.parquet as pq

    first = pq.read_schema(parts[0])
    partial = path.with_name(f".{path.name}")
    with pq.ParquetWriter(partial, first) as writer:
        for part in map(pq.ParquetFile, parts):
            for group in range(part.num_row_groups):
                writer.write_table(part.read_row_group(group).cast(first))
    partial.replace(path)


def _lines(table: pa.Table) -> Iterator[str]:
    for row in zip(*(table[name].to_pylist() for name in table.column_names), strict=True):
        stream = io.StringIO()
        cells = [canonical(one) if isinstance(one, float) else one for one in row]
        csv.writer(stream, lineterminator="\n").writerow(cells)
        yield stream.getvalue()
