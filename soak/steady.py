"""Without transition and policy the region stands still, at the figures of its profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import SupportsFloat

import numpy as np

from soak.record import Line
from soak.runs import Floats, Series, Size, drift, losses, run, unemployment, yearly
from transitionsim.columns import EMPLOYED
from transitionsim.model import TransitionModel

NEW_MONTHS = 18
LARGE = 1000
"""Persons of a profile from which its own drift is more than chance."""


@dataclass(frozen=True)
class Snapshot:
    """People employed at a moment: by profile, mean tenure in years, share with less than 18 months of it."""

    by_profile: Floats
    tenure: float
    new: float


def snapshot(model: TransitionModel) -> Snapshot:
    """Return the people employed at the end of last month."""
    people = model.state.workers[model.state.workers["status"] == EMPLOYED]
    tenure = model.month - people["hired"].astype(int)
    count = np.bincount(people["profile"], minlength=len(model.state.reference.jobs.names)) * model.state.scale
    return Snapshot(count.astype(float), float(tenure.mean() / 12.0), float((tenure < NEW_MONTHS).mean()))


def null_arm(size: Size) -> list[Line]:
    """Fifteen years without a transition, orders shifting between suppliers."""
    firsts, lasts, series = [], [], []
    for seed in size.seeds:
        model = TransitionModel(size.load("no-transition"), rng=seed)
        model.step()
        firsts.append(snapshot(model))
        series.append(model.run().series)
        lasts.append(snapshot(model))
    facts = size.load("no-transition").load_region().facts
    register = size.load("no-transition").register()
    name = "no transition stands still"

    def line(measure: str, value: SupportsFloat, unit: str, low: float, high: float, note: str = "") -> Line:
        return size.line(name, measure, value, unit, low=low, high=high, note=note)

    rate = np.mean([yearly(unemployment(one)) for one in series], axis=0)
    vacant = np.mean([yearly(_vacancy_rate(one)) for one in series], axis=0)
    jobs = np.mean([yearly(one["employment_automotive"].astype(float)) for one in series], axis=0)
    share = 100 * np.mean([(one["long_term_unemployed"] / one["unemployed"]).mean() for one in series])
    attached = np.mean([one["inactive"].mean() / _labour(one).mean() for one in series])
    wanted = float(register.value("people.inactive_per_labour_force"))
    displaced = [1200 * losses(one) / len(one["employment"]) / one["employment_automotive"].mean() for one in series]
    level = 100 * facts.unemployment_rate.number
    own = "against the first month; no profile states tenures"
    return [
        line("unemployment, drift", drift(rate), "points", -0.1, 0.1),
        line("unemployment, mean less the profile's", rate.mean() - level, "points", -0.1, 0.1),
        line("unemployment, monthly sd within years", _spread(series), "points", 0.0, 0.05),
        line("vacancy rate, drift", drift(vacant), "points", -0.05, 0.05),
        line("vacancy rate, mean less the profile's", vacant.mean() - 100 * facts.vacancy_rate.number, "points",
             -0.05, 0.05),
        line("automotive employment, drift", 100 * drift(jobs / jobs[0]), "%", -1.5, 1.5, "orders shift"),
        line(f"employment by profile, largest drift of those above {LARGE:,}", _by_profile(firsts, lasts), "%",
             -2.0, 2.0, "end against first month, seeds averaged"),
        line("long-term share less the profile's", share - 100 * facts.long_term_share.number, "points", -2.0, 2.0),
        line("mean tenure, drift", np.mean([b.tenure - a.tenure for a, b in zip(firsts, lasts, strict=True)]),
             "years", -0.5, 0.5, own),
        size.line(name, "mean tenure", np.mean([b.tenure for b in lasts]), "years"),
        line("share with tenure below 18 months, drift",
             100 * np.mean([b.new - a.new for a, b in zip(firsts, lasts, strict=True)]), "points", -2.0, 2.0, own),
        line("inactive per person in the labour force", 100 * (attached / wanted - 1.0), "% off", -1.0, 1.0),
        line("background displacement", float(np.mean(displaced)), "% of automotive staff a year", 2.0, 7.0),
    ]  # fmt: skip


def plants_still(size: Size) -> list[Line]:
    """The same with orders that do not shift and no closures: what is left is chance among people."""
    still = {"mechanisms.plant_shocks": False, "mechanisms.closures": False}
    series = [run(size.load("no-transition", still), seed) for seed in size.seeds]
    jobs = np.mean([yearly(one["employment_automotive"].astype(float)) for one in series], axis=0)
    name = "no transition and no shifting orders"
    value = 100 * drift(jobs / jobs[0])
    note = "orders do not shift, no firm closes"
    return [size.line(name, "automotive employment, drift", value, "%", low=-0.5, high=0.5, note=note)]


def _labour(series: Series) -> Floats:
    return np.asarray(series["employment"] - series["commuters"] + series["unemployed"], float)


def _vacancy_rate(series: Series) -> Floats:
    return np.asarray(100.0 * series["vacancies"] / (series["vacancies"] + series["employment"]))


def _spread(series: Sequence[Series]) -> float:
    """Return the standard deviation of the monthly rate around the mean of its year."""
    rates = [unemployment(one)[: len(one["employment"]) // 12 * 12].reshape(-1, 12) for one in series]
    return float(np.mean([(rate - rate.mean(axis=1, keepdims=True)).std() for rate in rates]))


def _by_profile(firsts: list[Snapshot], lasts: list[Snapshot]) -> float:
    before = np.mean([one.by_profile for one in firsts], axis=0)
    after = np.mean([one.by_profile for one in lasts], axis=0)
    large = before >= LARGE
    change = 100 * (after[large] / before[large] - 1.0)
    return float(change[np.abs(change).argmax()])


CHECKS = (null_arm, plants_still)
