"""The road: the dated inputs of a scenario, laid out month by month before the run begins."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    COMBUSTION_GROUPS,
    ELECTRIC_GROUPS,
    GROUP_NAMES,
    LIFE_OF_A_LINE,
    NEUTRAL,
    POWERTRAINS,
)
from transitionsim.evidence import Register
from transitionsim.regions.network import set_hours
from transitionsim.regions.tables import components, sum_over_powertrains
from transitionsim.scenario import Scenario
from transitionsim.scenario.freezing import frozen
from transitionsim.world import Floats, Road

BEYOND: Final = 12
"""Months after the end that firms still look ahead to."""


def lay_road(scenario: Scenario, register: Register, plants: tuple[str, ...]) -> Road:
    """Return the road of a scenario: what the cars contain, who makes how many, with how much labour.

    ``plants`` are the vehicle plants in the order of their rows. Paths are linear between dates and flat after the
    last. Labour for a set falls with productivity: the scenario's own path, and the trend of the register.
    """
    parts = components()
    months = scenario.months + BEYOND + LIFE_OF_A_LINE + int(register.value("conversion.months_to_build"))
    start, demand = scenario.start, scenario.demand
    mix = scenario.electrification.mix.monthly(start, months, scenario.electrification.pace)
    market = _relative(demand.volume.monthly(start, months))
    made_here = market * _relative(demand.eu_share.monthly(start, months))
    content = sum_over_powertrains(parts.content, mix)
    calendars = scenario.calendars()
    own = [calendars[name].monthly(start, months, mix, made_here) if name in calendars else None for name in plants]
    mixes = [mix if one is None else one[1] for one in own]
    growth = float(register.value("demand.net_productivity_growth"))
    trend = np.round((1.0 + growth) ** (-np.arange(months) / 12.0), 12)
    road = Road(
        content=content,
        volume=made_here,
        made=np.stack([made_here if one is None else one[0] for one in own]),
        carried=np.stack([sum_over_powertrains(parts.content, one) for one in mixes]),
        assembly=np.stack([_assembly(parts.labour[scenario.labour_content][-1], one) for one in mixes]),
        sourcing=_sourcing(scenario, months),
        labour=trend / _relative(demand.productivity.monthly(start, months)),
        electric_value=_electric_value(register, content, made_here, scenario.months),
        aftermarket=_aftermarket(register, mix),
        still=np.zeros(months, np.bool_),
    )
    road.still[: scenario.months] = _still(road, scenario.months)
    return road


def flat_road(scenario: Scenario, register: Register, plants: tuple[str, ...]) -> Road:
    """Return the road of the first month for ever, without any trend: what the burn-in lives on."""
    still = frozen(scenario.model_copy(update={"months": 1}))
    return lay_road(still, register.with_overrides({"demand.net_productivity_growth": 0.0}), plants)


def _still(road: Road, months: int) -> NDArray[np.bool_]:
    """Return for each month whether nothing changes on the road as far as firms see."""
    tables = [road.content, road.volume[:, None], road.made.T, road.assembly.T, road.sourcing, road.labour[:, None]]
    tables.append(road.carried.swapaxes(0, 1).reshape(len(road.volume), -1))
    moves = np.any([(np.diff(table, axis=0) != 0.0).any(axis=1) for table in tables], axis=0)
    upto = np.concatenate([[0], np.cumsum(moves)])
    return np.asarray(upto[BEYOND : BEYOND + months] == upto[:months])


def _relative(path: Floats) -> Floats:
    return path / path[0] if path[0] > 0.0 else np.ones(len(path))


def _assembly(factor: float, mix: Floats) -> Floats:
    """Return labour of final assembly for a vehicle, relative to the first month, as battery cars come in."""
    battery = mix[:, POWERTRAINS.index("bev")]
    return np.asarray((1.0 + (factor - 1.0) * battery) / (1.0 + (factor - 1.0) * battery[0]))


def _sourcing(scenario: Scenario, months: int) -> Floats:
    """Return how much of each component group is bought in the region, relative to the start, (months, groups)."""
    paths = scenario.demand.local_sourcing
    table = np.ones((months, len(GROUP_NAMES)))
    for path, groups in (
        (paths.combustion, COMBUSTION_GROUPS),
        (paths.neutral, (NEUTRAL,)),
        (paths.electric, ELECTRIC_GROUPS),
    ):
        table[:, list(groups)] = _relative(path.monthly(scenario.start, months))[:, None]
    return table


def _electric_value(register: Register, content: Floats, volume: Floats, months: int) -> Floats:
    """Return, by month and combustion group, the discounted years of lost revenue a new line would replace.

    A firm sees the path as far as its foresight and takes it as flat afterwards; the line delivers from the end
    of the time to build. A set is worth its standard labour under the equal reading: what it takes in labour is
    a cost, not a price.
    """
    parts = components()
    turns_to = parts.turns_to
    worth = set_hours(register, parts, "equal")
    foresight = int(register.value("conversion.foresight_months"))
    build = int(register.value("conversion.months_to_build"))
    monthly = (1.0 + float(register.value("conversion.discount_rate"))) ** (-1.0 / 12.0)
    ahead = np.arange(build, build + LIFE_OF_A_LINE)
    # Rounded, so that a power taken differently on another machine cannot change a decision.
    weight = np.round(monthly**ahead, 9) / 12.0
    seen = np.minimum(ahead, max(foresight, build))
    value = np.zeros((months, content.shape[1]))
    for k in COMBUSTION_GROUPS:
        grown = np.maximum(0.0, content[:, turns_to[k]] - content[0, turns_to[k]])
        path = grown / max(content[0, k], 1e-9) * (worth[turns_to[k]] / worth[k]) * volume
        for t in range(months):
            terms = path[t + seen] * weight
            value[t, k] = round(float(terms.sum()), 9)
    return value


def _aftermarket(register: Register, mix: Floats) -> Floats:
    """Return posts of trade and repair of motor vehicles (NACE G45), relative to the start, (months,).

    Repair follows the cars on the road, which are renewed by a share a year; the rest of the sector sells cars of
    any kind. The fleet starts in balance with the cars sold: only what changes afterwards counts.
    """
    lives = 12.0 * float(register.value("aftermarket.life_of_a_car"))
    effort = np.array([1.0, register.value("aftermarket.repair_hev"), register.value("aftermarket.repair_phev"),
                       register.value("aftermarket.repair_bev")])  # fmt: skip
    fleet = mix[0].copy()
    work = np.empty(len(mix))
    for t in range(len(mix)):
        work[t] = float((fleet * effort).sum())
        fleet = fleet + (mix[t] - fleet) / lives
    share = float(register.value("aftermarket.repair_share"))
    return np.asarray(np.round(1.0 - share * (1.0 - work / work[0]), 12))
