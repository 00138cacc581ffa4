"""Runs of the checks: their size, one run watched firm by firm, and what is read off it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import NDArray

from soak.record import Line
from transitionsim.columns import OTHER_ECONOMY
from transitionsim.experiments.outcomes import INVOLUNTARY as LOSSES
from transitionsim.experiments.outcomes import jobless_rate, together
from transitionsim.facts.lives import Watched, watch
from transitionsim.model import simulate
from transitionsim.scenario import Scenario, load_scenario
from transitionsim.world import State

Floats = NDArray[np.float64]
Series = Mapping[str, NDArray[Any]]


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


def run(scenario: Scenario, seed: int) -> Series:
    """Return the series of a run."""
    return simulate(scenario, seed).series


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
