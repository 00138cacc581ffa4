"""Reading a sweep back from its folder, finished or not."""

from __future__ import annotations

from pathlib import Path

from transitionsim.errors import InputError
from transitionsim.sweeps.plan import Sweep
from transitionsim.sweeps.store import PARTS, PLAN, TABLE, failures_of, plan_of

__all__ = ["PLAN", "read_sweep"]


def read_sweep(folder: Path) -> Sweep:
    """Return the sweep in a folder; raises :class:`InputError` where there is none, or nothing has finished."""
    import pandas as pd

    plan = plan_of(folder)
    parts = sorted((folder / PARTS).glob("[0-9]*.parquet"))
    whole = folder / TABLE
    if not parts and not whole.is_file():
        raise InputError.one(str(folder), "no run of this sweep has finished yet")
    sources = [whole] if whole.is_file() else parts
    values = pd.concat([pd.read_parquet(source) for source in sources], ignore_index=True)
    failures = tuple(failure for part in parts for failure in failures_of(part))
    return Sweep(plan, values, failures, whole.is_file(), folder)
