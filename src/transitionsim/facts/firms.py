"""Firms: how they shrink, how large they are, and how unevenly they grow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import OEM
from transitionsim.experiments.outcomes import INVOLUNTARY, together
from transitionsim.facts.definition import Fact
from transitionsim.facts.lives import Laboratory, live
from transitionsim.facts.measures import growth_shape, percent, slope, tail_exponent
from transitionsim.world import State

Floats = NDArray[np.float64]

FALL: Final = {"2025-01": 1.0, "2028-01": 1.0, "2038-01": 0.7}
"""Three per cent of the start a year, for ten years: slower than people leave anyway."""
FALL_MONTHS: Final = 168
SMALLEST: Final = 20
"""Persons from which a plant counts in a tail or in growth."""


def attrition_share(laboratory: Laboratory) -> float:
    """Return the share of posts lost in a slow fall that costs nobody a job, nor a paid early exit, in percent."""
    arms = [
        live(laboratory.load(values={"demand.volume": path}, months=FALL_MONTHS), laboratory.seed).series
        for path in (FALL, {"2025-01": 1.0})
    ]
    lost = float(arms[1]["posts_automotive"][-1] - arms[0]["posts_automotive"][-1])
    forced = [float(together(arm, (*INVOLUNTARY, "early_exits")).sum()) for arm in arms]
    return percent(lost - (forced[0] - forced[1]), lost)


@dataclass
class Growth:
    """Sizes at the start and yearly growth of suppliers, in logarithms of their orders, when only orders shift."""

    sizes: Floats = field(default_factory=lambda: np.zeros(0))
    stands_for: Floats = field(default_factory=lambda: np.zeros(0))
    before: Floats = field(default_factory=lambda: np.zeros(0))
    rates: list[Floats] = field(default_factory=list)
    of_size: list[Floats] = field(default_factory=list)

    def __call__(self, state: State, month: int) -> None:
        """Note sizes in the first month, and every December what the orders of the year have done."""
        firms = state.employers
        if month == 0:
            self.stands_for = firms["represents"].astype(np.float64)
            self.sizes = firms["posts_start"] * state.scale / self.stands_for
        if month % 12 != 11:
            return
        now = np.where(firms["closed"], 0.0, firms["revenue"])
        if len(self.before):
            kept = (self.before > 0.0) & (now > 0.0) & (firms["sector"] == 0) & (firms["tier"] != OEM)
            kept &= self.sizes >= SMALLEST
            self.rates.append(np.log(now[kept] / self.before[kept]))
            self.of_size.append(np.log(self.sizes[kept]))
        self.before = now


def growth(laboratory: Laboratory) -> Growth:
    """Live through fifteen years in which orders shift between suppliers and nothing else changes."""
    return laboratory.once("growth", lambda: _growth(laboratory))


def _growth(laboratory: Laboratory) -> Growth:
    seen = Growth()
    live(laboratory.load(months=180), laboratory.seed, [seen])
    return seen


def firm_size(laboratory: Laboratory) -> float:
    """Return the exponent of the tail of sizes of all employers of twenty and more."""
    seen = growth(laboratory)
    return tail_exponent(seen.sizes, seen.stands_for, SMALLEST)


def firm_growth(laboratory: Laboratory) -> float:
    """Return the shape of the suppliers' growth rates, each over the spread that its size lets expect."""
    rates, of_size = _pooled(laboratory)
    return growth_shape(rates * np.exp(0.2 * of_size))


def firm_growth_spread(laboratory: Laboratory) -> float:
    """Return how the spread of growth falls with size: the slope of ln |growth| on ln size."""
    rates, of_size = _pooled(laboratory)
    apart = np.abs(rates - np.median(rates))
    return slope(of_size[apart > 0.0], np.log(apart[apart > 0.0]))


def _pooled(laboratory: Laboratory) -> tuple[Any, Any]:
    seen = growth(laboratory)
    return np.concatenate(seen.rates), np.concatenate(seen.of_size)


FACTS: Final = (
    Fact(
        "attrition-share", "fall of 3 % a year for ten years: posts lost without dismissal, closure or paid exit", "%",
        90.0, 110.0, "RECALLED", "D", "exits of 4 to 12 % a year absorb slower falls (width ours)",
        "no", "exits are calibrated, the rule of dismissal is not",
        "A slow fall costs more jobs against people's will than it should: losses on slow paths are too high.",
        attrition_share,
    ),
    Fact(
        "firm-size", "sizes of employers of twenty and more: exponent of the tail", "exponent", 0.9, 1.2,
        "RECALLED", "D", "Zipf's law, Axtell 2001 (1.059 recalled, width ours)",
        "in part", "sizes are drawn from a log-normal law whose spread was chosen in view of it",
        "There are too few or too many large employers: closures come in the wrong sizes.",
        firm_size,
    ),
    Fact(
        "firm-growth", "yearly growth of suppliers when orders shift: shape (1 a tent, 2 a bell)", "power", 0.7, 1.3,
        "FOUND", "B", "Fu et al. 2005; Riccaboni et al. 2008 (width ours)",
        "no", "shifts of orders are drawn nearly normal",
        "Large losses of orders by single suppliers are too rare and middling ones too frequent: the chance that one "
        "named supplier loses most of its orders in a year is not to be read off the model.",
        firm_growth,
    ),
    Fact(
        "firm-growth-spread", "spread of growth against size: elasticity of the size of growth rates to firm size",
        "exponent", -0.3, -0.1, "FOUND", "B", "Riccaboni et al. 2008: about -.2 (width ours)",
        "yes", "shifts of orders are drawn with the power -.2",
        "Small suppliers do not fare as unevenly as they should.",
        firm_growth_spread,
    ),
)  # fmt: skip
