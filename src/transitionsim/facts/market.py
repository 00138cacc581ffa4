"""The labour market: the Beveridge curve and its loop, matching, how long unemployment lasts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import EMPLOYED, UNEMPLOYED
from transitionsim.facts.definition import Fact
from transitionsim.facts.lives import Laboratory, live
from transitionsim.facts.measures import elasticity, matching, percent, ratio, smoothed, turning
from transitionsim.world import State

Floats = NDArray[np.float64]

PERIOD: Final = 96
"""Months of a demand cycle: eight years from boom to boom."""
SWING: Final = 0.03
"""Share of all posts by which demand lies above the start in a boom, and below it in a slump."""
CALM_MONTHS: Final = 180


@dataclass
class Search:
    """What a run shows of the search for work, month by month, in rows of people."""

    seekers: list[int] = field(default_factory=list)
    """Unemployed at the end of the month."""
    found: list[int] = field(default_factory=list)
    """Hires out of unemployment in the month."""
    at_risk: Floats = field(default_factory=lambda: np.zeros(4))
    exits: Floats = field(default_factory=lambda: np.zeros(4))
    """Months of unemployment lived, and hires at their end, by duration: under 3, 3 to 5, 6 to 11, 12 and more."""
    rows: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))
    durations: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def __call__(self, state: State, month: int) -> None:
        """Count the month."""
        people = state.workers
        hired = (people["hired"] == month) & (people["status"] == EMPLOYED) & (people["hired_from"] == UNEMPLOYED)
        self.found.append(int(hired.sum()))
        np.add.at(self.at_risk, self.durations, 1.0)
        np.add.at(self.exits, self.durations, hired[self.rows].astype(float))
        self.rows = np.flatnonzero(people["status"] == UNEMPLOYED)
        self.seekers.append(len(self.rows))
        months = month - people["jobless_since"][self.rows].astype(np.int64)
        self.durations = np.searchsorted([3, 6, 12], months, side="right")


@dataclass(frozen=True)
class Cycle:
    """The last round of a demand cycle: unemployment and vacancies, in percent, and the search behind them."""

    unemployment: Floats
    vacancies: Floats
    hires: Floats
    seekers: Floats
    vacant: Floats
    """Hires out of unemployment, and the unemployed and the vacancies at the end of the month before."""


def wave(months: int) -> Floats:
    """Return demand relative to the start, less one, month by month."""
    return np.asarray(SWING * np.sin(2.0 * math.pi * np.arange(months) / PERIOD))


def cycle(laboratory: Laboratory) -> Cycle:
    """Live through two rounds of a demand cycle that all employers share, and return the second."""
    return laboratory.once("cycle", lambda: _cycle(laboratory))


def _cycle(laboratory: Laboratory) -> Cycle:
    demand = wave(2 * PERIOD)
    scenario = laboratory.load(months=2 * PERIOD, values={"mechanisms.local_response": False})
    dates = {str(scenario.at(month)): round(1.0 + float(demand[month]), 6) for month in range(2 * PERIOD)}
    search = Search()
    model = live(scenario.with_values({"demand.volume": dates}), laboratory.seed, [search], demand)
    series = {name: np.asarray(values, dtype=np.float64) for name, values in model.series.items()}
    labour = series["employment"] - series["commuters"] + series["unemployed"]
    last, before = slice(PERIOD, 2 * PERIOD), slice(PERIOD - 1, 2 * PERIOD - 1)
    return Cycle(
        100.0 * (series["unemployed"] / labour)[last],
        100.0 * (series["vacancies"] / series["posts"])[last],
        np.array(search.found, dtype=np.float64)[last],
        np.array(search.seekers, dtype=np.float64)[before],
        series["vacancies"][before] / laboratory.scale,
    )


def beveridge_slope(laboratory: Laboratory) -> float:
    """Return the slope of ln v on ln u over a demand cycle."""
    one = cycle(laboratory)
    return elasticity(one.unemployment, one.vacancies)


def beveridge_loop(laboratory: Laboratory) -> float:
    """Return how round the loop of u and v is over a demand cycle, positive counter-clockwise."""
    one = cycle(laboratory)
    return turning(smoothed(one.unemployment, 6), smoothed(one.vacancies, 6))


def matching_elasticity(laboratory: Laboratory) -> float:
    """Return the elasticity of hires out of unemployment to the unemployed, under constant returns."""
    one = cycle(laboratory)
    return matching(one.hires, one.seekers, one.vacant)[0]


def returns_to_scale(laboratory: Laboratory) -> float:
    """Return the sum of both elasticities of matching where they are free."""
    one = cycle(laboratory)
    return matching(one.hires, one.seekers, one.vacant)[1]


def calm(laboratory: Laboratory) -> tuple[Search, dict[str, Floats]]:
    """Live through fifteen years without a transition and return the search and the series."""
    return laboratory.once("calm", lambda: _calm(laboratory))


def _calm(laboratory: Laboratory) -> tuple[Search, dict[str, Floats]]:
    search = Search()
    model = live(laboratory.load(months=CALM_MONTHS), laboratory.seed, [search])
    return search, {name: np.asarray(values, dtype=np.float64) for name, values in model.series.items()}


def exit_hazard(laboratory: Laboratory) -> float:
    """Return the monthly chance of a job after a year of unemployment over that in the first three months."""
    search, _ = calm(laboratory)
    hazard = search.exits / np.maximum(search.at_risk, 1.0)
    return ratio(float(hazard[3]), float(hazard[0]))


def long_term_share(laboratory: Laboratory) -> float:
    """Return the long-term unemployed in percent of the unemployed."""
    _, series = calm(laboratory)
    return percent(float(series["long_term_unemployed"].sum()), float(series["unemployed"].sum()))


NOT_FITTED: Final = "no parameter was set with it in view"
FACTS: Final = (
    Fact(
        "beveridge-slope", "Beveridge curve: slope of ln v on ln u over a demand cycle", "elasticity", -1.5, -0.5,
        "RECALLED", "D", "slopes of -.5 to -1.5 by country",
        "no", NOT_FITTED,
        "A curve steeper than recorded says that vacancies react too much to demand and unemployment too little: do "
        "not read the path of unemployment over a business cycle off the model.",
        beveridge_slope,
    ),
    Fact(
        "beveridge-loop", "Beveridge curve: loop under a demand cycle (1 a counter-clockwise circle, -1 clockwise)",
        "share of a full ellipse", 0.05, 1.0, "FOUND", "B", "del Rio-Chanona et al. 2021; Bouvet 2012",
        "no", NOT_FITTED,
        "Vacancies do not lead unemployment as they should: the order of events over a cycle is not to be used.",
        beveridge_loop,
    ),
    Fact(
        "matching-elasticity", "matching: elasticity of hires to the unemployed, under constant returns",
        "elasticity", 0.5, 0.7, "RECALLED", "D", "Petrongolo and Pissarides 2001 (range recalled)",
        "no", NOT_FITTED,
        "Below the range, hires follow vacancies more and seekers less than recorded: the model overstates what more "
        "vacancies do for the unemployed, and understates what more seekers do.",
        matching_elasticity,
    ),
    Fact(
        "matching-returns", "matching: returns to scale where both elasticities are free", "elasticity", 0.8, 1.2,
        "FOUND", "B", "Petrongolo and Pissarides 2001: constant returns (width ours)",
        "no", NOT_FITTED,
        "Hires out of unemployment do not move in proportion to seekers and vacancies: above the range a boom helps "
        "the unemployed too much and a slump hurts them too much, below it too little.",
        returns_to_scale,
    ),
    Fact(
        "exit-hazard", "chance of a job after a year of unemployment over that in the first three months", "ratio",
        None, 1.0, "FOUND", "B", "falling hazard: Kroft et al. 2013; Richmond Fed EB 23-10",
        "in part", "the spread of paces is fitted to the long-term share of the region, from which the fall follows",
        "Time without a job would not tell people apart: nothing about the long-term unemployed could be used.",
        exit_hazard,
    ),
    Fact(
        "long-term-share", "long-term share of the unemployed, no transition", "%", 30.0, 40.0, "RECALLED", "D",
        "EU about 35 % in 2023 (width ours)",
        "yes", "the long-term share of each region is a target of its start",
        "The start of the region is not what its statistics say: see the page of the regions.",
        long_term_share,
    ),
)  # fmt: skip
