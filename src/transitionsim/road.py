"""The road: the dated inputs of a scenario, laid out month by month before the run begins."""

from __future__ import annotations

from typing import Final

import numpy as np

from transitionsim.columns import COMBUSTION_GROUPS, POWERTRAINS
from transitionsim.evidence import Register
from transitionsim.regions.start import sum_over_powertrains
from transitionsim.regions.tables import components
from transitionsim.scenario import Scenario
from transitionsim.world import Floats, Road

BEYOND: Final = 12
"""Months after the end that firms still look ahead to."""
LIFE_OF_A_LINE: Final = 120
"""Months over which a firm counts the return of a line; ten years, the usual life of a press or machining line."""


def lay_road(scenario: Scenario, register: Register) -> Road:
    """Return the road of a scenario: content, volume and labour of assembly, and what conversion would bring.

    Paths are linear between dates and flat after the last.
    """
    parts = components()
    foresight = int(register.value("conversion.foresight_months"))
    months = scenario.months + BEYOND + LIFE_OF_A_LINE + int(register.value("conversion.months_to_build"))
    mix = scenario.electrification.mix.monthly(scenario.start, months, scenario.electrification.pace)
    volume = scenario.demand.volume.monthly(scenario.start, months)
    content = sum_over_powertrains(parts.content, mix)
    battery = mix[:, POWERTRAINS.index("bev")]
    factor = parts.labour[scenario.labour_content][-1]
    assembly = (1.0 + (factor - 1.0) * battery) / (1.0 + (factor - 1.0) * battery[0])
    value = _electric_value(register, content, volume, scenario.months, foresight)
    return Road(content=content, volume=volume / volume[0], assembly=assembly, electric_value=value)


def _electric_value(register: Register, content: Floats, volume: Floats, months: int, foresight: int) -> Floats:
    """Return, by month and combustion group, the discounted years of lost revenue a new line would replace.

    A firm sees the path as far as its foresight and takes it as flat afterwards; the line delivers from the end
    of the time to build.
    """
    turns_to = components().turns_to
    build = int(register.value("conversion.months_to_build"))
    monthly = (1.0 + float(register.value("conversion.discount_rate"))) ** (-1.0 / 12.0)
    ahead = np.arange(build, build + LIFE_OF_A_LINE)
    # Rounded, so that a power taken differently on another machine cannot change a decision.
    weight = np.round(monthly**ahead, 9) / 12.0
    seen = np.minimum(ahead, max(foresight, build))
    value = np.zeros((months, content.shape[1]))
    for k in COMBUSTION_GROUPS:
        grown = np.maximum(0.0, content[:, turns_to[k]] - content[0, turns_to[k]])
        path = grown / content[0, k] * volume / volume[0]
        for t in range(months):
            terms = path[t + seen] * weight
            value[t, k] = round(float(terms.sum()), 9)
    return value
