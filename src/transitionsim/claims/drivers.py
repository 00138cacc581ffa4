"""Which uncertain inputs carry the uncertainty of an estimate, with their grades.

Where the design of the draws tells inputs apart, the *carrying* ones are those that together hold four fifths of what
all explain; where it does not, all inputs that varied count, since any of them may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from transitionsim.claims.language import Language
from transitionsim.errors import InputError
from transitionsim.experiments.samples import Contrast, samples
from transitionsim.experiments.sensitivity import ENOUGH, GOOD_FIT, Sensitivity, sensitivity

if TYPE_CHECKING:
    from transitionsim.claims.estimate import Quantity
    from transitionsim.claims.source import Source
    from transitionsim.experiments.contrasts import Measured

CARRY: Final = 0.8
"""Share of what the inputs explain that the carrying ones hold together."""
SWITCH_GRADE: Final = "D"
"""Grade of an input without one of its own: a structural switch, which is a choice between readings."""


@dataclass(frozen=True)
class Driver:
    """One uncertain input: its range, its grade and, where it can be told, its share of what all inputs explain."""

    key: str
    extent: str
    grade: str
    share: float
    carrying: bool


@dataclass(frozen=True)
class Drivers:
    """The uncertain inputs of an estimate, the most important first.

    ``known`` says whether the draws tell them apart; ``reason`` is the name of the text that says by which method, or
    why not, ``counts`` are the numbers in it. ``held`` are assumptions that draws vary by default and that were held at
    one value: what the estimate owes to them is not known.
    """

    rows: tuple[Driver, ...]
    known: bool
    reason: str
    counts: Mapping[str, int] = field(default_factory=dict)
    held: tuple[str, ...] = ()

    def how(self, words: Language) -> str:
        """Return by which method inputs are told apart, or why they are not, in a language."""
        return words(f"how.{self.reason}", **self.counts)

    @property
    def carrying(self) -> tuple[Driver, ...]:
        """The inputs that decide the level of an estimate."""
        return tuple(one for one in self.rows if one.carrying)

    @property
    def assumed(self) -> tuple[Driver, ...]:
        """The carrying inputs that nobody has measured (grade D)."""
        return tuple(one for one in self.carrying if one.grade == "D")


def drivers(source: Source, quantity: Quantity, found: Measured) -> Drivers:
    """Return the uncertain inputs of an estimate with their shares."""
    swept = source.plan.swept
    if not swept:
        return Drivers((), known=False, reason="fixed", held=source.held)
    shares, reason, counts = _shares(source, quantity, found)
    if shares is None:
        rows = tuple(Driver(one.key, one.extent, _graded(one.grade), float("nan"), True) for one in swept)
        return Drivers(rows, known=False, reason=reason, counts=counts, held=source.held)
    ordered = sorted(swept, key=lambda one: -shares.get(one.key, 0.0))
    reached, rows_known = 0.0, []
    for one in ordered:
        share = shares.get(one.key, 0.0)
        rows_known.append(Driver(one.key, one.extent, _graded(one.grade), share, reached < CARRY))
        reached += share
    return Drivers(tuple(rows_known), known=True, reason=reason, counts=counts, held=source.held)


def _graded(grade: str) -> str:
    return grade if grade in "ABCD" and grade else SWITCH_GRADE


Told = tuple[dict[str, float] | None, str, dict[str, int]]
"""Shares by input, or none; the name of the text that says how, or why not; the numbers in it."""


def _shares(source: Source, quantity: Quantity, found: Measured) -> Told:
    contrast = Contrast(quantity.outcome, quantity.horizon, quantity.scenario, quantity.against)
    try:
        sampled = samples(found, contrast)
        if sampled.of != "draws of inputs":
            return None, "levers", {}
        result = sensitivity(source.plan.sampling, sampled)
    except InputError:
        known = int(np.isfinite(sampled.numbers).sum())
        few = {"samples": known, "inputs": len(source.plan.swept)}
        return (None, "few", few) if known < ENOUGH * len(source.plan.swept) else (None, "nothing", {})
    return _told(result, [one.key for one in source.plan.swept])


def _told(result: Sensitivity, keys: list[str]) -> Told:
    if result.method == "rank regression":
        if result.samples < ENOUGH * len(result.table):
            return None, "few", {"samples": result.samples, "inputs": len(keys)}
        if result.fit < GOOD_FIT:
            return None, "fit", {"share": round(100 * result.fit)}
    weights = dict.fromkeys(keys, 0.0)
    for name, value in zip(result.table["name"], result.table["value"], strict=True):
        # The alternatives of a choice are columns of their own, named "key = alternative".
        key = str(name) if str(name) in weights else str(name).partition(" = ")[0]
        weights[key] = weights.get(key, 0.0) + _weight(result.method, float(value))
    total = float(np.sum(list(weights.values())))
    if total <= 0:
        return None, "nothing", {}
    reason = result.method if result.method != "rank regression" else "ranks"
    return {key: value / total for key, value in weights.items()}, reason, {"samples": result.samples}


def _weight(method: str, value: float) -> float:
    return max(0.0, value) if method == "sobol" else value * value
