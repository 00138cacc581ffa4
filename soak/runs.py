"""Runs of the checks: their size, one run watched firm by firm, and what is read off it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import NDArray

from soak.record import Line
from transitionsim.columns import CAUSE_NAMES, INVOLUNTARY, OTHER_ECONOMY
from transitionsim.experiments.outcomes import INVOLUNTARY as LOSSES
from transitionsim.experiments.outcomes import jobless_rate, together
from transitionsim.model import TransitionModel, simulate
from transitionsim.scenario import Scenario, load_scenario
from transitionsim.world import State

Floats = NDArray[np.float64]
Series = Mapping[str, NDArray[Any]]
Chosen = Callable[[State], NDArray[np.bool_]]


@dataclass(frozen=True)
class Size:
    """How large a check is run: region, persons to a row, seeds, and months where the check leaves them open."""

    region: str = "ES22"
    scale: int = 1
    seeds: tuple[int, ...] = (0, 1, 2)
    months: int = 180

    def load(self, name: str, values: Mapping[str, Any] | None = None, months: int | None = None) -> Scenario:
        """Return a shipped scenario at this size, with other values."""
        size = {"region": self.region, "persons_per_agent": self.scale, "months": months or self.months}
        return load_scenario(name).with_values({**size, **(values or {})})

    def line(self, check: str, measure: str, value: SupportsFloat, unit: str, **more: Any) -> Line:
        """Return a line of the record that says at which size it was measured."""
        return Line(check, measure, float(value), unit, seeds=len(self.seeds), scale=self.scale, **more)

    def mean(self, measure: Callable[..., Any], *given: Any) -> Any:
        """Return the mean over the seeds of ``measure(size, seed, *given)``; tuples are averaged place by place."""
        return np.mean([measure(self, seed, *given) for seed in self.seeds], axis=0)


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

    def lost(self, *causes: int) -> float:
        """Return how many people left for some causes in all."""
        return float(self.left[:, list(causes)].sum())

    @property
    def involuntary(self) -> float:
        """Lines (b), (c) and (d) of the ledger at the chosen firms."""
        return self.lost(*INVOLUNTARY)


def run(scenario: Scenario, seed: int) -> Series:
    """Return the series of a run."""
    return simulate(scenario, seed).series


def watch(scenario: Scenario, seed: int, chosen: Chosen) -> Watched:
    """Live through a run and count who leaves the firms chosen at its start."""
    model = TransitionModel(scenario, rng=seed)
    state = model.state
    firms = chosen(state)
    months, scale = scenario.months, scenario.persons_per_agent
    left, posts, short_time = np.zeros((months, len(CAUSE_NAMES))), np.zeros(months), np.zeros(months)
    while model.running:
        month = model.month
        model.step()
        people = state.workers
        gone = people[(people["left_month"] == month) & (people["cause"] >= 0) & (people["from_employer"] >= 0)]
        gone = gone[firms[gone["from_employer"]]]
        left[month] = scale * np.bincount(gone["cause"], minlength=len(CAUSE_NAMES))
        rows = state.employers[firms]
        posts[month] = scale * rows["posts"].sum()
        permanent = rows["staff"] - rows["on_notice"] - rows["temporary"]
        short_time[month] = scale * (rows["short_time"] * permanent).sum()
    return Watched(model.series, left, posts, short_time, model)


def automotive(state: State) -> NDArray[np.bool_]:
    """Return the automotive firms."""
    return np.asarray(state.employers["tier"] < OTHER_ECONOMY)


def losses(series: Series) -> float:
    """Return the involuntary losses of automotive firms over a run, lines (b), (c) and (d)."""
    return float(together(series, LOSSES).sum())


def posts_lost(arm: Series, still: Series) -> float:
    """Return the automotive posts lost at the end against a paired run."""
    return float(still["posts_automotive"][-1]) - float(arm["posts_automotive"][-1])


def unemployment(series: Series) -> Floats:
    """Return the unemployed without those in training, in percent of residents in the labour force, by month."""
    labour = series["employment"] - series["commuters"] + series["unemployed"]
    return np.asarray(100.0 * series["unemployed"] / labour)


def yearly(values: Floats) -> Floats:
    """Return the means of full years."""
    return np.asarray(values[: len(values) // 12 * 12].reshape(-1, 12).mean(axis=1))


def drift(years: Floats) -> float:
    """Return the distance from the first year that is largest in size, with its sign."""
    change = years - years[0]
    return float(change[np.abs(change).argmax()])


__all__ = ["Size", "Watched", "automotive", "drift", "jobless_rate", "losses", "posts_lost", "run", "together",
           "unemployment", "watch", "yearly"]  # fmt: skip
