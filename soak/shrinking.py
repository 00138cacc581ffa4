"""How firms shrink: which falls cost dismissals and which do not, and what really happened at one plant."""

from __future__ import annotations

from typing import Any

import numpy as np

from soak.record import Line
from soak.runs import Size, Watched, automotive, losses, posts_lost, run, watch
from transitionsim.columns import CLOSURE, DISMISSAL, EARLY_EXIT, TEMPORARY_NOT_RENEWED
from transitionsim.facts import cases
from transitionsim.facts.cases import COLLECTIVE
from transitionsim.facts.lives import calendar, plants
from transitionsim.scenario import Scenario
from transitionsim.world import State

FALL = {"2025-01": 1.0, "2028-01": 1.0, "2038-01": 0.7}
"""Three per cent of the start a year, for ten years, once what orders shifted before the start has settled."""
FALL_MONTHS = 168
STILL = {
    "mechanisms.plant_shocks": False,
    "mechanisms.early_exits": False,
    "suppliers.product_concentration": 0.0,
    "firing.slack_share": 0.0,
}
"""The mean field: every firm falls like the region. Early exits are off so that they hide no dismissal."""
SMALL_PLANT = 20
LEAVING = ("other_ends", "quits_to_jobs", "exits_to_inactivity", "retirements")


def spread_fall(size: Size) -> list[Line]:
    """A fall that all firms share, half as fast as people leave anyway: attrition takes it."""
    values = {**STILL, "mechanisms.closures": False, "firing.look_ahead_months": 6}
    name = "fall of 3 % a year, the same at all plants, six months of foresight"
    found = size.mean(_shares, values)
    fitting = size.mean(_shares, {**values, "firing.misfit_share": 0.0})
    note = "orders do not shift, closures and early exits are off"
    return [
        size.line(name, "exits a year in the calm arm", found[2], "% of staff", low=6.0, note="twice the fall"),
        size.line(name, "dismissals and contracts not renewed", found[0], "% of posts lost", high=1.0, note=note),
        size.line(
            name,
            "the same if nobody is let go for the wrong profile",
            fitting[0],
            "% of posts lost",
            high=1.0,
            note="firing.misfit_share 0, as in the rule the band was written for",
        ),
        size.line(name, "posts lost", found[1], "posts"),
    ]


def _shares(size: Size, seed: int, values: dict[str, Any]) -> tuple[float, float, float]:
    still = run(size.load("no-transition", values, FALL_MONTHS), seed)
    arm = run(size.load("no-transition", {**values, "demand.volume": FALL}, FALL_MONTHS), seed)
    lost = posts_lost(arm, still)
    left = sum(float(still[name].sum()) for name in LEAVING)
    exits = 1200 * left / FALL_MONTHS / float(still["employment_automotive"].mean())
    return 100 * (losses(arm) - losses(still)) / lost, lost, exits


def small_plants(size: Size) -> list[Line]:
    """The same fall at plants of twenty or fewer, without slack or foresight: whole people are let go."""
    values = {**STILL, "mechanisms.closures": False, "firing.look_ahead_months": 0}

    def few(state: State) -> Any:
        persons = state.employers["posts_start"] * size.scale / state.employers["represents"]
        return automotive(state) & (persons <= SMALL_PLANT) & (state.employers["posts_start"] > 0)

    def many(state: State) -> Any:
        return automotive(state) & ~few(state)

    shares = []
    for chosen in (few, many):
        shares.append(size.mean(_share_at, values, chosen))
    name = "the same fall at small plants, no foresight, no slack share"
    note = "the rule bears one person above its posts at any plant, which is its slack in whole people"
    return [
        size.line(name, f"dismissals and contracts not renewed, up to {SMALL_PLANT} staff", shares[0],
                  "% of posts lost there", low=50.0, note=note),
        size.line(name, f"the same above {SMALL_PLANT} staff", shares[1], "% of posts lost there"),
    ]  # fmt: skip


def _share_at(size: Size, seed: int, values: dict[str, Any], chosen: Any) -> float:
    arms = [
        watch(size.load("no-transition", {**values, "demand.volume": path}, FALL_MONTHS), seed, chosen)
        for path in (FALL, {"2025-01": 1.0})
    ]
    lost = arms[1].posts[-1] - arms[0].posts[-1]
    return float(100 * (arms[0].involuntary - arms[1].involuntary) / lost)


def concentrated_fall(size: Size) -> list[Line]:
    """The orders of combustion parts leave the region: the same posts, at few plants or at all suppliers."""
    path = {"demand.local_sourcing.combustion": {"2025-01": 1.0, "2028-01": 1.0, "2038-01": 0.1}}
    shares, lost = [], []
    for concentration in (1.0, 0.0):
        values = {**STILL, "suppliers.product_concentration": concentration, "mechanisms.conversion": False}
        found = size.mean(_of_path, values, path)
        shares.append(found[0])
        lost.append(found[1])
    name = "combustion parts no longer bought in the region, over ten years"
    note = "orders do not shift, early exits and conversion are off, closures on; prototype 37 to 56 % and 0 to 2 %"
    return [
        size.line(name, "involuntary losses, each supplier makes one group", shares[0], "% of posts lost", note=note),
        size.line(name, "involuntary losses, every supplier makes all groups", shares[1], "% of posts lost"),
        size.line(name, "the first less the second", shares[0] - shares[1], "points", low=0.0),
        size.line(name, "posts lost, first and second", lost[0], "posts", note=f"second: {lost[1]:,.0f}"),
    ]


def _of_path(size: Size, seed: int, values: dict[str, Any], path: dict[str, Any]) -> tuple[float, float]:
    still = run(size.load("no-transition", values, FALL_MONTHS), seed)
    arm = run(size.load("no-transition", {**values, **path}, FALL_MONTHS), seed)
    lost = posts_lost(arm, still)
    return 100 * (losses(arm) - losses(still)) / lost, lost


def plant_calendar(size: Size, vehicles: dict[str, float], values: dict[str, Any], months: int) -> Scenario:
    """Return no transition in which the region's first plant follows a calendar of its own."""
    plant = size.load("no-transition").load_region().plant_names[0]
    return size.load("no-transition", {**values, **calendar(plant, vehicles)}, months)


def dip(size: Size) -> list[Line]:
    """The vehicle plant halves for eighteen months and comes back: short time carries its people."""
    path = {"2025-01": 1.0, "2026-01": 1.0, "2026-02": 0.5, "2027-07": 0.5, "2027-08": 1.0}
    vehicles = {date: 100_000.0 * share for date, share in path.items()}
    found = size.mean(_dip, vehicles)
    name = "the vehicle plant halves for eighteen months and returns, short-time work on"
    return [
        size.line(name, "dismissals (b)", found[0], "% of the dip in posts", high=5.0, note="all automotive firms"),
        size.line(name, "dismissals, closures, contracts not renewed (b + c + d)", found[1],
                  "% of the dip in posts", high=5.0, note="all automotive firms"),
        size.line(name, "the same at the vehicle plant", found[2], "% of its own dip", high=5.0),
        size.line(name, "the dip", found[3], "posts"),
        size.line(name, "automotive posts at the end against no transition", found[4], "posts"),
    ]  # fmt: skip


def _dip(size: Size, seed: int, vehicles: dict[str, float]) -> tuple[float, ...]:
    arm = watch(plant_calendar(size, vehicles, {}, 48), seed, plants)
    flat = {next(iter(vehicles)): next(iter(vehicles.values()))}
    still = watch(plant_calendar(size, flat, {}, 48), seed, plants)
    lacking = still.series["posts_automotive"] - arm.series["posts_automotive"]
    depth, own = float(lacking.max()), float((still.posts - arm.posts).max())
    dismissed = float(arm.series["dismissals"].sum() - still.series["dismissals"].sum())
    return (
        100 * dismissed / depth,
        100 * (losses(arm.series) - losses(still.series)) / depth,
        100 * (arm.involuntary - still.involuntary) / own,
        depth,
        -float(lacking[-1]),
    )


CARS = {year: cases.CARS[year] for year in (2022, 2023, 2024, 2025)}
"""Cars that Volkswagen Navarra made, from the case of the facts held out, which begins in 2019."""


def backcast(size: Size) -> list[Line]:
    """Volkswagen Navarra from 2022 to 2025, its cars as recorded, the rest of the market flat."""
    vehicles = {f"{year}-{month}": cars for year, cars in CARS.items() for month in ("01", "12")}
    arms = [watch(plant_calendar(size, vehicles, {"start": "2022-01"}, 48), seed, plants) for seed in size.seeds]

    def total(*causes: int) -> float:
        return float(np.mean([arm.lost(*causes) for arm in arms]))

    name = "Volkswagen Navarra 2022 to 2025 (288,088, 273,273, 274,688 and 225,225 cars)"
    note = "recorded: no collective dismissal so far as found, short time and early exits"
    return [
        size.line(name, "most dismissals of the plant in a month, of all seeds", _most(arms), "persons",
                  high=COLLECTIVE - 1, note=note),
        size.line(name, "dismissals of the plant, four years", total(DISMISSAL, CLOSURE), "persons"),
        size.line(name, "temporary contracts not renewed", total(TEMPORARY_NOT_RENEWED), "persons"),
        size.line(name, "early exits for lack of orders", total(EARLY_EXIT), "persons", low=1.0),
        size.line(name, "days of short time, 21 a month", 21 * float(np.mean([arm.short_time.sum() for arm in arms])),
                  "person-days", low=1.0),
        size.line(name, "posts of the plant, lowest against the first month",
                  float(np.mean([arm.posts.min() - arm.posts[0] for arm in arms])), "posts"),
    ]  # fmt: skip


def _most(arms: list[Watched]) -> float:
    return float(max(arm.left[:, DISMISSAL].max() for arm in arms))


CHECKS = (spread_fall, small_plants, concentrated_fall, dip, backcast)
