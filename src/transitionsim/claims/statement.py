"""The sentence of a claim, made from its numbers and from nothing else.

It names the caveat, the region as what figures were taken from and never as what something happens to, the scenario and
what it is compared with, the outcome, the year, the total interval, and, where inputs that carry the figure are
assumptions, or assumptions were held at one value, that it rests on them. It claims a direction only where the total
interval does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from transitionsim.claims.drivers import Drivers
from transitionsim.claims.estimate import Estimate
from transitionsim.claims.language import Language
from transitionsim.claims.purpose import Purpose

MOST_INPUTS: Final = 3
"""Inputs that a sentence names."""


@dataclass(frozen=True)
class Claim:
    """What a sentence is made of."""

    estimate: Estimate
    drivers: Drivers
    purpose: Purpose
    region: str


def statement(claim: Claim, language: Language) -> str:
    """Return the sentence of a claim in a language."""
    estimate, quantity = claim.estimate, claim.estimate.quantity
    found = estimate.printed
    words = {
        "scenario": language.quoted(quantity.scenario),
        "against": language.quoted(quantity.against),
        "outcome": language.outcome(quantity.outcome, quantity.title),
        "horizon": str(quantity.horizon),
        "unit": language.unit(quantity.unit),
    }
    opening = language(
        f"openings.{claim.purpose.level}", caveat=language("caveat"), region=claim.region,
        patterns=language.listed(claim.purpose.patterns.titles[:MOST_INPUTS] or ("-",)),
    )  # fmt: skip
    if estimate.direction == 0:
        ends = {"low": language.number(found.low), "high": language.number(found.high)}
        middle = language("none" if found.low == found.high else "undecided", **words, **ends)
        if estimate.within_floor and not estimate.total.spans_zero:
            middle = f"{middle} {language('as_little')}"
    else:
        name = "more" if estimate.direction > 0 else "fewer"
        middle = language(name, **words, range=language.range(found.low, found.high))
    return " ".join([opening, middle, *_rests_on(claim, language)])


def _rests_on(claim: Claim, language: Language) -> Sequence[str]:
    """Return the sentences on assumptions: those that carry the figure, and those that were held at one value."""
    drivers = claim.drivers
    if not drivers.rows:
        return [language("assumed_fixed")]
    found = []
    if drivers.assumed and not drivers.known:
        found.append(language("assumed_all", count=len(drivers.assumed), total=len(drivers.rows)))
    elif drivers.assumed:
        found.append(language("assumed", inputs=language.listed([one.key for one in drivers.assumed[:MOST_INPUTS]])))
    if drivers.held:
        shown, more = list(drivers.held[:MOST_INPUTS]), len(drivers.held) - MOST_INPUTS
        shown += [language("held_more", count=more)] if more > 0 else []
        found.append(language("assumed_held", inputs=language.listed(shown)))
    return found
