"""One evaluation: a region without transition and policy under some values, and what the calibration reads off it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.calibration.measures import (
    STATES,
    YEAR,
    Snapshot,
    employer_changes,
    flow_rates,
    moves,
    occupation_changes,
)
from transitionsim.entering import burnt_in, enter
from transitionsim.living import LivedMonth
from transitionsim.regions.reading import names_a_file
from transitionsim.road import flat_road
from transitionsim.scenario import Scenario, load_scenario
from transitionsim.world import State

ARM: Final = "no-transition"
NEW: Final = 12
"""Months for which a job counts as short in the targets."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large an evaluation is: persons to a row, months after the burn-in, and the seeds of all evaluations."""

    persons_per_agent: int = 20
    months: int = 36
    seeds: tuple[int, ...] = (0, 1, 2)


def arm_of(region: str, size: Size) -> Scenario:
    """Return the arm without transition and policy of a region given by its code or the path of its profile."""
    place = str(Path(region).resolve()) if names_a_file(region) else region
    values = {"region": place, "persons_per_agent": size.persons_per_agent, "months": size.months}
    return load_scenario(ARM).with_values(values)


def simulated(arm: Scenario, values: Mapping[str, float], seed: int) -> dict[str, float]:
    """Return every measure of one run of the arm under some values of the parameters."""
    scenario = arm.with_values({f"parameters.{key}": value for key, value in values.items()})
    register = scenario.register()
    road = flat_road(scenario, register, scenario.load_region().plant_names)
    state = enter(burnt_in(scenario, register, seed, road), scenario, shared=False)
    month = LivedMonth((), False)
    snapshots = [Snapshot.of(state.workers, state.month - 1)]
    counts = np.zeros((STATES, STATES), np.int64)
    status = snapshots[0].status
    while state.month < scenario.months:
        month.live(state)
        now = state.workers["status"].copy()
        counts += moves(status, now)
        status = now
        if state.month % YEAR == 0:
            snapshots.append(Snapshot.of(state.workers, state.month - 1))
    return {**_stocks(state), **flow_rates(counts), **_jobs(snapshots)}


def _stocks(state: State) -> dict[str, float]:
    """Return unemployment, vacancies and the long-term share, means over the months."""
    series = {name: values.astype(float) for name, values in state.record.series.items()}
    labour = series["employment"] - series["commuters"] + series["unemployed"]
    vacant = series["vacancies"]
    return {
        "unemployment_rate": _mean(series["unemployed"] / labour),
        "long_term_share": _mean(series["long_term_unemployed"] / np.maximum(series["unemployed"], 1.0)),
        "vacancy_rate": _mean(vacant / (vacant + series["employment"])),
    }


def _jobs(snapshots: list[Snapshot]) -> dict[str, float]:
    """Return tenure at the ends of years, and realised changes from each to the next."""
    pairs = list(pairwise(snapshots))
    return {
        "employer_changes": _mean([employer_changes(*pair) for pair in pairs]),
        "occupation_changes": _mean([occupation_changes(*pair) for pair in pairs]),
        "mean_tenure": _mean([one.tenure.mean() / YEAR for one in snapshots[1:]]),
        "tenure_under_12_months": _mean([(one.tenure < NEW).mean() for one in snapshots[1:]]),
    }


def _mean(values: NDArray[np.float64] | list[float]) -> float:
    return float(np.mean(values))
