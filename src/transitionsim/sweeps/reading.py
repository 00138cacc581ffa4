"""Reading a sweep back from its folder, finished or not."""

from __future__ import annotations

from pathlib import Path

from transitionsim.errors import InputError
from transitionsim.sweeps.plan import Sweep
from transitionsim.sweeps.planning import chunks_of
from transitionsim.sweeps.store import PARTS, PLAN, TABLE, failures_of, plan_of, table_is_whole, whole_parts

__all__ = ["PLAN", "read_sweep"]


def read_sweep(folder: Path) -> Sweep:
    """Return the sweep in a folder; raises :class:`InputError` where there is none, or nothing has finished.

    What is read has proved that it is whole: the table by the digest in its manifest, or else every part by the one in
    its name. A damaged part is refused, since leaving it out would pass for a run that failed.
    """
    import pandas as pd

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
    sources = [folder / TABLE] if table else [parts[number] for number in sorted(parts)]
    values = pd.concat([pd.read_parquet(source) for source in sources], ignore_index=True)
    failures = tuple(failure for number in sorted(parts) for failure in failures_of(parts[number]))
    complete = table or len(parts) == len(chunks_of(plan))
    return Sweep(plan, values, failures, complete, folder)
