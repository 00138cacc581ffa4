"""Reading an experiment back from its folder: its values, finished or not, and whole records where they were kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from transitionsim.errors import InputError
from transitionsim.experiments.contrasts import measured
from transitionsim.experiments.plan import Sweep
from transitionsim.experiments.planning import Design, chunks_of
from transitionsim.experiments.published import columns_of, rows_of
from transitionsim.experiments.records import unpacked
from transitionsim.experiments.results import Results
from transitionsim.experiments.store import (
    PARTS,
    RECORDS,
    TABLE,
    failures_of,
    meta_of,
    plan_of,
    table_is_whole,
    whole_parts,
)

if TYPE_CHECKING:
    import pandas as pd


def read_sweep(folder: Path) -> Sweep:
    """Return the sweep in a folder; raises :class:`InputError` where there is none, or nothing has finished.

    What is read has proved that it is whole: the table by the digest in its manifest, or else every part by the one in
    its name. A damaged part is refused, since leaving it out would pass for a run that failed.
    """
    plan = plan_of(folder)
    parts, wrong = whole_parts(folder, plan)
    if wrong:
        name, problem = next(iter(wrong.items()))
        text = f"{problem}; compute it again: transitionsim sweep --resume {folder}"
        raise InputError.one(str(folder / PARTS / name), text)
    table = table_is_whole(folder)
    if not parts and not table:
        damaged = "its table is damaged and its parts are gone; begin anew"
        has = damaged if (folder / TABLE).is_file() else "no run of this sweep has finished yet"
        raise InputError.one(str(folder), has)
    values = rows_read(folder, TABLE, parts)
    failures = tuple(failure for number in sorted(parts) for failure in failures_of(parts[number]))
    complete = table or len(parts) == len(chunks_of(plan))
    return Sweep(plan, values, failures, complete, folder)


def rows_read(folder: Path, name: str, parts: dict[int, Path]) -> pd.DataFrame:
    """Return one of the published tables: as it stands in the folder, or from the parts there are."""
    import pandas as pd
    import pyarrow.parquet as pq

    if table_is_whole(folder):
        return pd.DataFrame(pd.read_parquet(folder / name))
    if not parts:
        return pd.DataFrame(columns=columns_of(name))
    frames = [rows_of(pq.read_table(parts[number]), name).to_pandas() for number in sorted(parts)]
    return pd.DataFrame(pd.concat(frames, ignore_index=True))


def results_of(folder: Path, design: Design, draws: int | None = None) -> Results:
    """Return the finished runs of a design with their whole records; of the first ``draws`` only where given."""
    plan = design.plan if draws is None else replace(design.plan, draws=design.plan.draws[:draws])
    parts, _ = whole_parts(folder, plan)
    order = {arm.label: place for place, arm in enumerate(plan.arms)}
    # A chunk that was given up, since its process died, has none.
    names = [meta_of(parts[number]).get(RECORDS) for number in sorted(parts)]
    runs = [run for name in names if name is not None for run in unpacked(folder / RECORDS / name)]
    runs.sort(key=lambda run: (run.draw, order[run.arm]))
    failures = tuple(failure for number in sorted(parts) for failure in failures_of(parts[number]))
    found = measured(replace(read_sweep(folder), plan=plan))
    return Results(replace(design, plan=plan), tuple(runs), failures, found)
