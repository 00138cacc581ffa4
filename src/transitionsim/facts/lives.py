"""Runs for the facts: arms lived once for each seed, regions with other local conditions, and who is watched.

A *laboratory* is one seed. What several facts are read off is lived once and kept. Local conditions that no scenario
can set (the unemployment rate a region starts from, the ages of a plant's staff) are put into a copy of its profile.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import CAUSE_NAMES, EARLY_EXIT, EMPLOYED, INACTIVE, INVOLUNTARY, OEM, Records
from transitionsim.model import TransitionModel, state_of
from transitionsim.regions import load_region
from transitionsim.scenario import Scenario, load_scenario
from transitionsim.world import State

Floats = NDArray[np.float64]
Series = Mapping[str, NDArray[Any]]
Chosen = Callable[[State], NDArray[np.bool_]]
Watcher = Callable[[State, int], None]
"""Told the state at the end of a month, and the month."""
T = TypeVar("T")

STILL: Final = "no-transition"


@dataclass
class Laboratory:
    """One region, scale and seed, with the arms lived so far; ``folder`` holds changed profiles."""

    region: str
    scale: int
    seed: int
    folder: Path
    kept: dict[str, Any] = field(default_factory=dict, repr=False)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what ``make`` gives, made once under a name."""
        if name not in self.kept:
            self.kept[name] = make()
        found: T = self.kept[name]
        return found

    @property
    def plant(self) -> str | None:
        """The region's largest vehicle plant known by name."""
        plants = load_region(self.region).plants
        return max(plants, key=lambda one: one.persons.number).name if plants else None

    def load(
        self, name: str = STILL, values: Mapping[str, Any] | None = None, months: int = 120, region: str | None = None
    ) -> Scenario:
        """Return a shipped scenario at this size, with other values, in this region or a changed copy of it."""
        size = {"region": region or self.region, "persons_per_agent": self.scale, "months": months}
        return load_scenario(name).with_values({**size, **(values or {})})

    def profile(self, *, unemployment: float | None = None, **of_plant: float) -> str:
        """Return the path of the region's profile with another unemployment rate, or other numbers of its plant."""
        region = load_region(self.region)
        text = region.model_dump(mode="json", exclude_unset=True, by_alias=True)
        if unemployment is not None:
            text["facts"]["unemployment_rate"] = _stated(unemployment, "share")
        for plant in text.get("plants", []):
            if plant["name"] == self.plant:
                units = {"persons": "persons", "exit_age": "years"}
                plant.update({key: _stated(value, units.get(key, "share")) for key, value in of_plant.items()})
        name = "-".join([region.code, str(unemployment), *(f"{key}-{value}" for key, value in of_plant.items())])
        path = self.folder / f"{name}.yaml"
        path.write_text(json.dumps(text), encoding="utf-8")
        return str(path)


def _stated(value: float, unit: str) -> dict[str, Any]:
    text = "assumption: a stated local condition of a case"
    return {"value": value, "unit": unit, "low": value, "high": value, "grade": "D", "source": text}


def live(
    scenario: Scenario, seed: int, watchers: Sequence[Watcher] = (), others: Sequence[float] | Floats | None = None
) -> TransitionModel:
    """Live through a run and return it.

    ``others`` drives the demand for labour outside car making: posts wanted there, as a share of the start's, more
    than at the start, for each month. It takes the place of the local response, which must be switched off.
    """
    model = TransitionModel(scenario, rng=seed)
    if others is not None and scenario.mechanisms.local_response:
        raise ValueError("the local response must be switched off where other employers are driven")
    while model.running:
        month = model.month
        if others is not None:
            state_of(model).labour.response = float(others[month]) * state_of(model).reference.other_start
        model.step()
        for watch_month in watchers:
            watch_month(state_of(model), month)
    return model


@dataclass
class Watched:
    """A finished run and what happened at chosen firms, month by month, in persons."""

    series: Series
    left: Floats
    """People who left, (months, causes)."""
    posts: Floats
    short_time: Floats
    """Full-time people that the hours lost to short time make up."""
    model: TransitionModel = field(repr=False)
    staff: Floats = field(default_factory=lambda: np.zeros(0))

    def lost(self, *causes: int) -> float:
        """Return how many people left for some causes in all."""
        return float(self.left[:, list(causes)].sum())

    @property
    def involuntary(self) -> float:
        """Lines (b), (c) and (d) of the ledger at the chosen firms."""
        return self.lost(*INVOLUNTARY)


def leavers(people: Records, firms: NDArray[np.bool_], month: int) -> NDArray[np.intp]:
    """Return the rows of the people who left some firms in a month."""
    rows = np.flatnonzero((people["left_month"] == month) & (people["cause"] >= 0) & (people["from_employer"] >= 0))
    return np.asarray(rows[firms[people["from_employer"][rows]]])


def watch(scenario: Scenario, seed: int, chosen: Chosen) -> Watched:
    """Live through a run and count who leaves the firms chosen at its start."""
    model = TransitionModel(scenario, rng=seed)
    state = state_of(model)
    firms = chosen(state)
    months, scale = scenario.months, scenario.persons_per_agent
    left, (posts, staff, short_time) = np.zeros((months, len(CAUSE_NAMES))), np.zeros((3, months))
    while model.running:
        month = model.month
        model.step()
        gone = state.workers[leavers(state.workers, firms, month)]
        left[month] = scale * np.bincount(gone["cause"], minlength=len(CAUSE_NAMES))
        rows = state.employers[firms]
        posts[month], staff[month] = scale * rows["posts"].sum(), scale * rows["staff"].sum()
        permanent = rows["staff"] - rows["on_notice"] - rows["temporary"]
        short_time[month] = scale * (rows["short_time"] * permanent).sum()
    return Watched(model.series, left, posts, short_time, model, staff)


def plants(state: State) -> NDArray[np.bool_]:
    """Return the vehicle plants."""
    return np.asarray(state.employers["tier"] == OEM)


def calendar(plant: str, vehicles: Mapping[str, float]) -> dict[str, Any]:
    """Return the values of a scenario in which a plant follows a calendar of its own."""
    return {"demand.allocation": "calendars", "demand.plants": {plant: {"vehicles": dict(vehicles)}}}


@dataclass
class Cohort:
    """The people whose job at some firms ended for lack of orders, and what became of each after so many months."""

    horizons: tuple[int, ...]
    chosen: Chosen
    firms: NDArray[np.bool_] | None = None
    joined: dict[int, Records] = field(default_factory=dict)
    """By month: row, month of birth, age in years, wage before."""
    later: dict[int, list[Floats]] = field(default_factory=dict)
    """By horizon: age, whether employed, wage now over wage before (NaN without a job), whether inactive."""

    def __call__(self, state: State, month: int) -> None:
        """Add who lost the job this month, and look at those who did so many months ago."""
        if self.firms is None:
            self.firms = self.chosen(state)
        people = state.workers
        rows = leavers(people, self.firms, month)
        rows = rows[np.isin(people["cause"][rows], (*INVOLUNTARY, EARLY_EXIT))]
        if len(rows):
            self.joined[month] = _entered(people, rows, month)
        for horizon in self.horizons:
            if (then := self.joined.get(month - horizon)) is not None:
                now = people[then["row"]]
                there = (now["status"] == EMPLOYED) & (now["birth_month"] == then["birth"])
                pay = np.where(there, now["wage"] / np.maximum(then["wage"], 1), np.nan)
                idle = (now["status"] == INACTIVE) & (now["birth_month"] == then["birth"])
                self.later.setdefault(horizon, []).append(
                    np.stack([then["age"], there.astype(float), pay, idle.astype(float)])
                )

    def seen(self, horizon: int) -> Floats:
        """Return age, employed, relative pay and inactive of everyone seen after so many months, (4, people)."""
        return np.concatenate(self.later.get(horizon, [np.zeros((4, 0))]), axis=1)


def _entered(people: Records, rows: NDArray[np.intp], month: int) -> Records:
    new = np.zeros(len(rows), np.dtype([("row", "i8"), ("birth", "i8"), ("age", "f8"), ("wage", "f8")]))
    one = people[rows]
    new["row"], new["birth"] = rows, one["birth_month"]
    new["age"] = (month - one["birth_month"].astype(np.int64)) / 12.0
    new["wage"] = np.where(one["wage_before"] > 0, one["wage_before"], one["wage"])
    return new
