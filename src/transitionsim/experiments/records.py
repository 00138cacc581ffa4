"""The whole record of runs as a table: one line for each array of a run, with its type, its shape and its bytes.

A record holds what a comparison needs of a run beside its yearly values: every month of every series, tables by group,
firms and earnings at the end, and what courses displaced. It is data; reading it executes nothing.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.breakdowns import FirmsAtEnd
from transitionsim.experiments.displacement import Displacement
from transitionsim.experiments.results import ArmRun
from transitionsim.histories import Earnings

if TYPE_CHECKING:
    from pathlib import Path

_META: Final = b"transitionsim"
_TYPES: Final = frozenset({"int8", "int16", "int32", "int64", "uint64", "float64", "bool"})


def packed(runs: Sequence[ArmRun]) -> bytes:
    """Return the records of the runs of one draw as the bytes of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    lines = [(run.arm, *line) for run in runs for line in _lines(run)]
    about = [
        {
            "draw": run.draw, "seed": run.seed, "arm": run.arm, "digest": run.digest, "labels": list(run.labels),
            "places": {name: list(places) for name, places in run.places.items()},
        }
        for run in runs
    ]  # fmt: skip
    names = ("scenario", "part", "name", "type", "shape", "data")
    types = (pa.string(), pa.string(), pa.string(), pa.string(), pa.list_(pa.int64()), pa.binary())
    arrays = [pa.array([line[place] for line in lines], kind) for place, kind in enumerate(types)]
    table = pa.Table.from_arrays(arrays, names=list(names))
    table = table.replace_schema_metadata({_META: json.dumps(about, sort_keys=True).encode()})
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()


def _lines(run: ArmRun) -> Iterator[tuple[str, str, str, list[int], bytes]]:
    parts: dict[str, dict[str, Any]] = {"series": dict(run.series), "tables": dict(run.tables)}
    if run.firms is not None:
        parts["firms"] = run.firms._asdict()
    if run.earnings is not None:
        parts["earnings"] = vars(run.earnings)
    if run.displacement is not None:
        parts["displacement"] = {one.name: getattr(run.displacement, one.name) for one in fields(run.displacement)}
    for part, arrays in parts.items():
        for name, values in arrays.items():
            array = np.asarray(values)
            little = array.astype(array.dtype.newbyteorder("<"), copy=False)
            yield part, name, array.dtype.name, list(array.shape), little.tobytes()


def unpacked(path: Path) -> list[ArmRun]:
    """Return the runs whose records a file holds; raises ``ValueError`` where it holds something else."""
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    parts: dict[str, dict[str, dict[str, NDArray[Any]]]] = {}
    for scenario, part, name, kind, shape, data in zip(*(column.to_pylist() for column in table.columns), strict=True):
        if kind not in _TYPES:
            raise ValueError(f"no numbers of the type {kind}")
        values = np.frombuffer(data, np.dtype(kind).newbyteorder("<")).reshape(shape)
        parts.setdefault(scenario, {}).setdefault(part, {})[name] = values.astype(kind)
    about = json.loads(table.schema.metadata[_META])
    return [_run(one, parts.get(one["arm"], {})) for one in about]


def _run(about: dict[str, Any], parts: dict[str, dict[str, NDArray[Any]]]) -> ArmRun:
    firms, earnings, moved = (parts.get(name) for name in ("firms", "earnings", "displacement"))
    return ArmRun(
        about["draw"], about["seed"], about["arm"], parts.get("series", {}), about["digest"], tuple(about["labels"]),
        displacement=None if moved is None else _displacement(moved),
        tables=parts.get("tables", {}),
        places={name: tuple(places) for name, places in about["places"].items()},
        firms=None if firms is None else FirmsAtEnd(**firms),
        earnings=None if earnings is None else Earnings(**earnings),
    )  # fmt: skip


def _displacement(found: dict[str, NDArray[Any]]) -> Displacement:
    numbers = {name: values.item() for name, values in found.items() if name != "since_course"}
    return Displacement(**numbers, since_course=tuple(found["since_course"].tolist()))
