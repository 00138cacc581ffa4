"""What a fact is: a target with its source, how the model is measured against it, and what a miss would mean."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from transitionsim.experiments.intervals import MeanInterval, mean_interval

if TYPE_CHECKING:
    from transitionsim.facts.lives import Laboratory

HOLDS: Final = "holds"
UNDECIDED: Final = "undecided"
NOT_RUN: Final = "not measured"
Fitted = Literal["no", "in part", "yes"]
"""Whether the model was fitted to the fact: *in part* where a parameter was set with it in view."""
Limits = tuple[float | None, float | None]


@dataclass(frozen=True)
class Fact:
    """A fact, where it is known from, and how the model is held against it.

    ``basis`` is FOUND where the source was read, RECALLED where it was not (then the grade is D). ``low`` and ``high``
    are the target; where a source gives one number, the width around it is the project's own and ``source`` says so.
    """

    name: str
    title: str
    unit: str
    low: float | None
    high: float | None
    basis: Literal["FOUND", "RECALLED"]
    grade: Literal["A", "B", "C", "D"]
    source: str
    fitted: Fitted
    fitting: str
    meaning: str
    """What a miss means for use, in one sentence."""
    measure: Callable[[Laboratory], float]
    """The value in one run's seed; NaN where the region cannot show it."""
    by_country: tuple[tuple[str, Limits], ...] = ()
    """Targets of some countries in place of the general one."""

    def limits(self, country: str) -> Limits:
        """Return the target in a country, open where nothing bounds it."""
        return dict(self.by_country).get(country, (self.low, self.high))


@dataclass(frozen=True)
class Finding:
    """A fact as it was measured over seeds."""

    fact: Fact
    limits: Limits
    interval: MeanInterval
    values: tuple[float, ...]

    @property
    def missed_by(self) -> float:
        """How far the mean lies outside the target, 0 inside."""
        low, high = self.limits
        below = 0.0 if low is None else low - self.interval.mean
        above = 0.0 if high is None else self.interval.mean - high
        return max(0.0, below, above)

    @property
    def verdict(self) -> str:
        """``holds`` if the whole interval lies in the target, ``fails by x`` if none of it does, else undecided."""
        return verdict(self.interval, self.limits)

    @property
    def failed(self) -> bool:
        """Whether the fact is missed with the whole interval."""
        return self.verdict.startswith("fails")


def found(fact: Fact, values: tuple[float, ...], country: str) -> Finding:
    """Return the finding over seeds; seeds in which nothing could be measured are left out."""
    there = np.array([value for value in values if math.isfinite(value)])
    return Finding(fact, fact.limits(country), mean_interval(there, np.zeros(len(there), np.int64)), values)


def verdict(interval: MeanInterval, limits: Limits) -> str:
    """Return how an interval lies to a target; an end that stands on the target's edge is inside.

    >>> verdict(MeanInterval(-0.8, -0.9, -0.7, 9, "seeds", ""), (-1.5, -0.5))
    'holds'
    >>> verdict(MeanInterval(0.2, 0.1, 0.3, 9, "seeds", ""), (None, 0.0))
    'fails by 0.2'
    """
    low, high = (-math.inf if limits[0] is None else limits[0]), (math.inf if limits[1] is None else limits[1])
    if not math.isfinite(interval.mean):
        return NOT_RUN
    if not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return UNDECIDED
    if low <= interval.low and interval.high <= high:
        return HOLDS
    if interval.high < low or interval.low > high:
        return f"fails by {number(max(low - interval.mean, interval.mean - high))}"
    return UNDECIDED


def number(value: float) -> str:
    """Return a number with three digits, none where there is none.

    >>> number(1234.5), number(0.01234), number(float("nan"))
    ('1,234', '0.0123', '')
    """
    if not math.isfinite(value):
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.3g}"


def span(limits: Limits) -> str:
    """Return a target in words.

    >>> span((None, 0.0)), span((31.0, 81.0)), span((0.0, None))
    ('at most 0', '31 to 81', 'at least 0')
    """
    low, high = limits
    if low is None:
        return "" if high is None else f"at most {number(high)}"
    return f"at least {number(low)}" if high is None else f"{number(low)} to {number(high)}"
