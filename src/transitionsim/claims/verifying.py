"""Running a sample of the runs of a folder again, each held against its values bit for bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from transitionsim.claims.recipe import recipe_of
from transitionsim.claims.remaking import design_of, placed, prepared_of
from transitionsim.claims.source import Source
from transitionsim.draws import agent_keys, stream, uniform
from transitionsim.errors import InputError
from transitionsim.experiments.design import Design
from transitionsim.experiments.runner import Simulate, run_design, simulate_model
from transitionsim.experiments.store import tidy
from transitionsim.sweeps.work import Task

DEFAULT: Final = 3
"""Runs that are made again where nothing else is said."""
Key = tuple[str, int, int]
"""Indicator, year and month of one value."""


@dataclass(frozen=True)
class Checked:
    """One run made again: the values that differ, each with what it was and what came of it now."""

    scenario: str
    draw: int
    values: int
    differing: tuple[tuple[Key, float | None, float | None], ...]


def chosen(source: Source, count: int) -> list[tuple[str, int]]:
    """Return the runs to make again: drawn by the digest of the table, so that nobody picks them and all can tell."""
    table = source.sweep.values
    pairs = sorted({(str(one), int(two)) for one, two in zip(table["scenario"], table["draw"], strict=True)})
    if not pairs:
        raise InputError.one(str(source.folder), "no run has finished; nothing can be made again")
    digest = str(recipe_of(source)["table_sha256"]) or source.plan.id
    key = int(digest[:12] or "0", 16)
    luck = uniform(stream(key % 2**31, "verify", 0), agent_keys("results", "runs", len(pairs)))
    return sorted(pairs[place] for place in np.argsort(luck, kind="stable")[: min(count, len(pairs))])


def verified(source: Source, count: int, folder: Path, *, simulate: Simulate = simulate_model) -> Iterator[Checked]:
    """Make a sample of runs again and give what each comes to; ``folder`` takes the files that are needed."""
    recipe = recipe_of(source)
    make = _of_sweep(recipe, folder, simulate) if source.kind == "sweep" else _of_comparison(recipe, folder, simulate)
    for scenario, draw in chosen(source, count):
        then = _then(source, scenario, draw)
        now = make(scenario, draw)
        keys = sorted(then.keys() | now.keys())
        differing = tuple((key, then.get(key), now.get(key)) for key in keys if then.get(key) != now.get(key))
        yield Checked(scenario, draw, len(keys), differing)


def _then(source: Source, scenario: str, draw: int) -> dict[Key, float]:
    table = source.sweep.values
    own = table[(table["scenario"] == scenario) & (table["draw"] == draw)]
    columns = (own[name].to_numpy() for name in ("indicator", "year", "month", "value"))
    return {(str(one), int(year), int(month)): float(value) for one, year, month, value in zip(*columns, strict=True)}


def _of_comparison(recipe: dict[str, Any], folder: Path, simulate: Simulate) -> Any:
    placed(recipe, folder)
    design = design_of(recipe, folder)

    def make(scenario: str, draw: int) -> dict[Key, float]:
        arm = next(one for one in design.arms if one.label == scenario)
        own = next(one for one in design.draws if one.number == draw)
        results = run_design(Design((arm,), (own,)), processes=1, simulate=simulate)
        _raise_failure(results.failures)
        table = tidy(results)
        columns = (table[name].to_numpy() for name in ("indicator", "year", "month", "value"))
        return {(str(one), int(y), int(m)): float(value) for one, y, m, value in zip(*columns, strict=True)}

    return make


def _of_sweep(recipe: dict[str, Any], folder: Path, simulate: Simulate) -> Any:
    prepared = prepared_of(recipe, folder)
    plan = prepared.plan

    def make(scenario: str, draw: int) -> dict[Key, float]:
        place = next(n for n, arm in enumerate(plan.arms) if arm.label == scenario)
        own = next(one for one in plan.draws if one.number == draw)
        done = Task(
            0, own.number, own.seed, own.values, (scenario,), (prepared.scenarios[place],), plan.indicators,
            plan.horizons, simulate,
        )()  # fmt: skip
        _raise_failure(done.failures)
        return {(row.indicator, row.year, row.month): row.value for row in done.rows}

    return make


def _raise_failure(failures: Any) -> None:
    for failure in failures:
        where = f"{failure.arm}, draw {failure.draw}, seed {failure.seed}"
        raise InputError.one(where, f"finished when the results were made and fails now: {failure.cause}")
