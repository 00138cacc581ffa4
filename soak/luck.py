"""Scale, chance and whose place it is: what must not depend on luck, and what moves when people are taken away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from soak.record import Line
from soak.runs import Size, losses, posts_lost, run, unemployment
from transitionsim.columns import AWAY, EMPLOYED, INVOLUNTARY, NEVER, NOBODY, UNEMPLOYED
from transitionsim.experiments.design import placebo_of
from transitionsim.model import TransitionModel
from transitionsim.scenario import Scenario

SCALES = {1: 4, 2: 4, 5: 8, 10: 16}
"""Persons to a row against the finest, and for how many times the seeds of other checks: coarse rows bring noise."""
BACKGROUND = {
    "dismissals": "dismissals",
    "closures": "closures",
    "temporary contracts not renewed": "temporary_not_renewed",
    "early exits": "early_exits",
}
"""What people are counted by when firms shrink, by the name of its series."""
PLACEBO_FACTOR = 4
"""Seeds of the placebo for one of the other checks."""
REMOVED = 1000
"""Persons taken out of the search."""
CUT = {"demand.volume": {"2025-01": 1.0, "2025-12": 1.0, "2026-01": 0.7}, "mechanisms.migration": False}
"""A shock that leaves displaced people searching; nobody moves, so that who is away stays away."""
TAKEN = 24
"""Month in which they are taken away, and months for which hires are counted."""


def scales(size: Size) -> list[Line]:
    """Rows of one, two, five or ten persons: the same answer, and who is let go first in each."""
    finest = size.scale
    sizes = {
        finest * factor: replace(size, scale=finest * factor, seeds=tuple(range(len(size.seeds) * repeats)))
        for factor, repeats in SCALES.items()
    }
    found = {scale: at.mean(_transition) for scale, at in sizes.items()}
    lost, posts, rate = found[finest][:3]
    most = max(0.1 * abs(lost), 0.05 * abs(posts))
    name = "rows of 1, 2, 5 and 10 persons, fast less no transition"
    lines = [
        sizes[finest].line(name, "involuntary losses", lost, "persons"),
        sizes[finest].line(name, "posts lost", posts, "posts"),
    ]
    for scale, at in sizes.items():
        band = 0.1 * np.sqrt(scale / finest)
        for measure, value in zip(BACKGROUND, found[scale][3:], strict=True):
            lines.append(at.line(name, f"{measure}, without transition", value, "persons"))
        if scale == finest:
            continue
        lines += [
            at.line(name, "involuntary losses, less those of the finest rows", found[scale][0] - lost, "persons",
                    low=-most, high=most, note="band: 10 %, or 5 % of the posts lost"),
            at.line(name, "unemployment without transition, less that of the finest rows", found[scale][2] - rate,
                    "points", low=-band, high=band, note="band: .1 points times the root of the scale"),
        ]  # fmt: skip
    return lines


def _transition(size: Size, seed: int) -> tuple[float, ...]:
    arm, still = (run(size.load(name), seed) for name in ("fast", "no-transition"))
    background = (float(still[cause].sum()) for cause in BACKGROUND.values())
    return losses(arm) - losses(still), posts_lost(arm, still), float(unemployment(still).mean()), *background


def placebo(size: Size) -> list[Line]:
    """One irrelevant seat: whoever loses a job in one arm only does so in either arm alike.

    Many a seat changes nobody's life, so it is tried with more seeds than other checks.
    """
    size = replace(size, seeds=tuple(range(PLACEBO_FACTOR * len(size.seeds))))
    scenario = size.load("current-policy")
    only, person_years, employed = np.zeros(2), [], []
    for seed in size.seeds:
        without, work = _displaced(scenario, seed)
        beside, other = _displaced(placebo_of(scenario), seed)
        only += size.scale * np.array([(without & ~beside).sum(), (beside & ~without).sum()])
        person_years.append((other - work) / 12.0)
        employed.append(work / 12.0)
    name = "one irrelevant seat beside current policy"
    spread = np.sqrt(only.sum() * size.scale)
    error = float(np.std(person_years, ddof=1) / np.sqrt(len(person_years))) if len(person_years) > 1 else 0.0
    return [
        size.line(name, "displaced only without it", only[0], "persons"),
        size.line(name, "displaced only with it, less those only without it", only[1] - only[0], "persons",
                  low=-3 * spread, high=3 * spread, note="band: three standard deviations"),
        size.line(name, "person-years of employment", np.mean(person_years), "person-years", low=-3 * error,
                  high=3 * error, note=f"band: three standard errors; of {np.mean(employed):,.0f}"),
    ]  # fmt: skip


def _displaced(scenario: Scenario, seed: int) -> tuple[NDArray[np.bool_], float]:
    """Return which rows were ever displaced for lack of orders, and person-months of employment."""
    model = TransitionModel(scenario, rng=seed)
    ever = np.zeros(len(model.state.workers), np.bool_)
    while model.running:
        month = model.month
        model.step()
        people = model.state.workers
        ever |= (people["left_month"] == month) & np.isin(people["cause"], INVOLUNTARY)
    return ever, float(model.series["employment"].sum())


def fewer_rivals(size: Size) -> list[Line]:
    """Up to a thousand displaced seekers are taken out of the search: others are hired in their place."""
    found = size.mean(_taken_away)
    name = f"up to {REMOVED:,} displaced seekers taken away two years into a fall of 30 %"
    return [
        size.line(name, "people taken away", found[0], "persons", low=1.0),
        size.line(name, "hires of all others within two years, more than with them", found[1], "persons", low=1.0),
        size.line(name, "the same against the hires that those taken away had", found[1] / found[2], "ratio"),
    ]


def _taken_away(size: Size, seed: int) -> tuple[float, float, float]:
    models = [TransitionModel(size.load("no-transition", CUT, 2 * TAKEN), rng=seed) for _ in range(2)]
    for _ in range(TAKEN):
        for model in models:
            model.step()
    rows = _displaced_seekers(models[0], REMOVED // size.scale)
    gone = models[1].state.workers
    gone["status"][rows] = AWAY
    gone["since"][rows] = TAKEN
    gone["course"][rows] = NOBODY
    gone["course_end"][rows] = NEVER
    others = np.ones(len(gone), np.bool_)
    others[rows] = False
    hires, own = [0, 0], 0
    while models[0].running:
        month = models[0].month
        for place, model in enumerate(models):
            model.step()
            hired = (model.state.workers["hired"] == month) & (model.state.workers["status"] == EMPLOYED)
            hires[place] += int(hired[others].sum())
            own += int(hired[rows].sum()) if place == 0 else 0
    return size.scale * len(rows), float(size.scale * (hires[1] - hires[0])), float(size.scale * own)


def _displaced_seekers(model: TransitionModel, most: int) -> NDArray[np.intp]:
    """Return the unemployed whose job ended for lack of orders, those with the lowest keys."""
    people = model.state.workers
    rows = np.flatnonzero((people["status"] == UNEMPLOYED) & np.isin(people["cause"], INVOLUNTARY))
    return rows[np.argsort(people["key"][rows], kind="stable")][:most]


CHECKS = (scales, placebo, fewer_rivals)
