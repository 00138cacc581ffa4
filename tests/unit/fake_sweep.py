"""Sweeps made up of formulas, whose every difference is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from transitionsim.experiments.design import NO_TRANSITION, PLACEBO, Swept
from transitionsim.experiments.outcomes import OUTCOMES
from transitionsim.experiments.plan import Effect, Plan, PlannedArm, PlannedDraw, Sweep
from transitionsim.series import BY_NAME

Formula = Callable[[PlannedArm, PlannedDraw, str, int], float]
NOW, FAST, PAID = "current-policy", "fast", "paid"


def arms(*labels: str, levers: Mapping[str, Mapping[str, Any]] | None = None, placebo: bool = True) -> tuple:
    """No transition, the baseline, scenarios (or lever points) and the placebo."""
    points = levers or {}
    found = [
        PlannedArm(NO_TRANSITION, "no transition", -1, {}, "n"),
        PlannedArm(NOW, "baseline", -1, {}, "b"),
        *(PlannedArm(label, "scenario", -1, {}, label) for label in labels),
        *(PlannedArm(label, "scenario", n, values, label) for n, (label, values) in enumerate(points.items())),
    ]
    return (*found, PlannedArm(PLACEBO, "placebo", -1, {}, "p")) if placebo else tuple(found)


def draws(inputs: int = 12, seeds: int = 2, values: Sequence[Mapping[str, Any]] | None = None) -> tuple:
    """Draws of one varied input, unless other values are given, with some seeds each."""
    rows = values or [{"varied": one} for one in range(inputs)]
    return tuple(
        PlannedDraw(number, number, number // seeds, rows[number // seeds]) for number in range(inputs * seeds)
    )


def sweep(
    formula: Formula,
    *,
    arms: tuple,
    draws: tuple,
    indicators: Sequence[str] = ("involuntary_losses",),
    horizons: Sequence[int] = (2035,),
    years: Sequence[int] | None = None,
    effect: Effect | None = None,
    sampling: Mapping[str, Any] | None = None,
    design: str = "list",
    swept: Sequence[Swept] = (),
    without: Sequence[tuple[str, int]] = (),
    rows_of: Sequence[str] | None = None,
    folder: Path = Path("results/fake"),
) -> Sweep:
    """A finished sweep: one value for each arm, draw, indicator and year, by formula; some runs may be missing."""
    units = {one.key: one.unit for one in OUTCOMES}
    rows = [
        {
            "scenario": arm.label, "role": arm.role, "point": arm.point, "draw": draw.number, "inputs": draw.inputs,
            "seed": draw.seed, "region": "ES22", "year": year, "month": 12, "indicator": name,
            "unit": units.get(name) or BY_NAME[name].unit, "value": float(formula(arm, draw, name, year)),
        }
        for draw in draws for arm in arms if (arm.label, draw.number) not in without
        for name in rows_of or indicators for year in years or horizons
    ]  # fmt: skip
    plan = Plan(
        "Does it help?", "abc123", "0.1.0", "ES22", tuple(arms), tuple(draws), tuple(indicators), tuple(horizons),
        effect, design, tuple(swept), sampling or {},
    )  # fmt: skip
    return Sweep(plan, pd.DataFrame(rows), (), True, folder)


def noise(*address: int) -> float:
    """A standard normal number of an address."""
    return float(np.random.default_rng(address).standard_normal())


def place(monkeypatch: Any, found: Sweep, folder: Path) -> Path:
    """Return a folder from which the commands read a sweep, whatever form it has on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr("transitionsim.experiments.reading.read_sweep", lambda path: found)
    return folder
