"""The ledger of jobs on a page: every way a job ends or is not filled, gross and net, none called "job losses"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from transitionsim.experiments.paired import Interval, interval

if TYPE_CHECKING:
    from transitionsim.claims.estimate import Quantity
    from transitionsim.claims.source import Source
    from transitionsim.experiments.contrasts import Measured

LINES: Final = (
    "posts_lost", "dismissals", "closures", "temporary_not_renewed", "involuntary_losses", "early_exits",
    "hires_forgone", "net_employment", "jobless_rate", "euros_spent", "public_balance",
)  # fmt: skip
"""Outcomes of the ledger in their order; those that were not kept are named as such."""


@dataclass(frozen=True)
class Line:
    """One line: what would happen anyway, and what the baseline and the scenario change about it.

    ``anyway`` is the level without a transition; ``baseline`` and ``scenario`` are differences from it; ``difference``
    is the scenario's less the baseline's. All are 90 % ranges over draws. ``kept`` is false where the results do not
    say.
    """

    outcome: str
    title: str
    unit: str
    anyway: Interval
    baseline: Interval
    scenario: Interval
    difference: Interval
    kept: bool = True


_NOTHING: Final = interval(np.zeros(0))


def ledger(source: Source, quantity: Quantity, found: Measured) -> tuple[Line, ...]:
    """Return the ledger of a scenario and its reference, at the horizon of a quantity."""
    null = next((arm.label for arm in source.plan.arms if arm.role == "no transition"), None)
    return tuple(_line(key, quantity, found, null) for key in _keys(found))


def _keys(found: Measured) -> list[str]:
    own = [key for key in found.outcomes if key not in LINES and key not in ("losses_avoided", "euros_returned")]
    return [*LINES, *own]


def _line(key: str, quantity: Quantity, found: Measured, null: str | None) -> Line:
    if key not in found.outcomes:
        return Line(key, key.replace("_", " "), "", _NOTHING, _NOTHING, _NOTHING, _NOTHING, kept=False)
    one, year = found.outcomes[key], quantity.horizon

    def between(arm: str, reference: str | None) -> Interval:
        if not reference:
            return _NOTHING
        if arm == reference:
            return interval(np.zeros(1))  # nothing differs from itself
        return interval(found.pairs(key, year, arm, reference).numbers)

    anyway = _NOTHING if null is None else interval(found.level(key, year, null).numbers)
    return Line(
        key, one.title, one.unit, anyway, between(quantity.against, null), between(quantity.scenario, null),
        between(quantity.scenario, quantity.against),
    )  # fmt: skip
