"""Reading a sweep back from its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from transitionsim.errors import InputError
from transitionsim.experiments.design import Swept
from transitionsim.sweeps.plan import Effect, Plan, PlannedArm, PlannedDraw, Sweep

PLAN: Final = "plan.json"


def read_sweep(folder: Path) -> Sweep:
    """Return the sweep in a folder; raises :class:`InputError` where there is none."""
    import pandas as pd

    path = folder / PLAN
    if not path.is_file():
        raise InputError.one(str(folder), f"not the folder of a sweep: it holds no {PLAN}")
    content = json.loads(path.read_text(encoding="utf-8"))
    whole = folder / "table.parquet"
    parts = [whole] if whole.is_file() else sorted((folder / "parts").glob("*.parquet"))
    if not parts:
        raise InputError.one(str(folder), "no run of this sweep has finished yet")
    values = pd.concat([pd.read_parquet(part) for part in parts], ignore_index=True)
    return Sweep(_plan(content), values, (), whole.is_file(), folder)


def _plan(content: dict[str, Any]) -> Plan:
    arms = [
        PlannedArm(one["label"], one["role"], one["point"], one["levers"], one["digest"]) for one in content["arms"]
    ]
    draws = [PlannedDraw(one["draw"], one["seed"], one["inputs"], one["values"]) for one in content["draws"]]
    effect = content.get("smallest_effect")
    return Plan(
        question=content["question"],
        id=content["id"],
        version=content["version"],
        region=content["region"],
        arms=tuple(arms),
        draws=tuple(draws),
        indicators=tuple(content["indicators"]),
        horizons=tuple(content["horizons"]),
        smallest_effect=None if effect is None else Effect(effect["outcome"], effect["size"], effect["unit"]),
        design=content["design"],
        swept=tuple(Swept(one["key"], one["extent"], one["grade"]) for one in content["swept"]),
        sampling=content["sampling"],
    )
