"""An estimate: a paired difference that is never without its interval.

The interval of record is the *total* one: where nine draws in ten lie, a draw being a seed with one value of every
uncertain input. What seeds do alone stands beside it where several seeds share their inputs, and is never shown first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.errors import InputError, nearest
from transitionsim.experiments.intervals import layers, mean_interval
from transitionsim.experiments.numbers import Printed, printed
from transitionsim.experiments.paired import Interval, interval, overlaps

if TYPE_CHECKING:
    from transitionsim.claims.source import Source
    from transitionsim.experiments.contrasts import Measured, Pairs

FEWEST_SEEDS: Final = 20
"""Different seeds below which a difference is not reported: single draws decide its quantiles."""
FEWEST_INPUTS: Final = 10
"""Different draws of inputs below which an interval is one over seeds, whatever it is called."""
FINEST: Final = {"percentage points": 0.01}
"""The finest step that an amount of a unit is printed to, where it is not one."""
OF_RECORDS: Final = frozenset({"persons", "posts", "hires"})
"""Units whose amounts are sums of records."""
LOW_CORRELATION: Final = 0.5
"""Correlation of two arms over draws below which pairing gains little, and a page says so."""
_NORMAL_90: Final = 1.6448536269514722
NO_TRANSITION_ROLE: Final = "no transition"


@dataclass(frozen=True)
class Quantity:
    """Which number is meant: an outcome at the end of a year, in one arm against another one."""

    outcome: str
    title: str
    unit: str
    horizon: int
    scenario: str
    against: str


@dataclass(frozen=True)
class Estimate:
    """A paired difference with all that a reader must know beside it.

    ``total`` is the median with the 5th and 95th percentile over draws; ``mean`` the mean with the interval of the
    mean, resampled by draw of the inputs. ``seeds_only`` is the 90 % range that seeds alone make, none where no two
    draws share their inputs. ``signs`` are the shares of draws above zero, below it and at it. ``level`` and
    ``level_against`` are the scenario's and the reference's own values. ``floor`` is what one training seat that cannot
    matter changes. ``scale`` is how many persons one record stands for: no amount of people is finer.
    """

    quantity: Quantity
    total: Interval
    mean: Interval
    method: str
    seeds_only: tuple[float, float] | None
    signs: tuple[float, float, float]
    draws: int
    inputs: int
    seeds: int
    level: Interval
    level_against: Interval
    floor: Interval
    correlation: float
    holds: str
    scale: int = 1

    @property
    def printed(self) -> Printed:
        """The total interval with no more digits than it supports."""
        step = finest(self.quantity.unit, self.scale)
        return printed(self.total.median, self.total.low, self.total.high, step)

    @property
    def direction(self) -> int:
        """1 or -1 when the total interval, raw and as printed, leaves out zero and the placebo's interval; else 0."""
        return 0 if self.within_floor else self.printed.direction

    @property
    def within_floor(self) -> bool:
        """Whether some of the total interval lies within what one training seat that cannot matter changes."""
        return overlaps(self.total, self.floor)

    def __float__(self) -> float:
        """Refuse to be a bare number."""
        raise TypeError("an estimate is no number without its interval; take .total")

    def __format__(self, form: str) -> str:
        """Return the median with its interval; no other form exists."""
        if form:
            raise TypeError(f"an estimate has one form, with its interval; found '{form}'")
        return str(self.printed)


def finest(unit: str, scale: int) -> float:
    """Return the finest step that an amount of a unit is printed to, where one record stands for ``scale`` persons.

    It is a power of ten: amounts of people are no finer than the records of which they are sums.

    >>> finest("persons", 1), finest("posts", 50), finest("percentage points", 50), finest("EUR", 50)
    (1.0, 10.0, 0.01, 1.0)
    """
    if unit in OF_RECORDS:
        return 10.0 ** math.floor(math.log10(max(1, scale)))
    return FINEST.get(unit, 1.0)


def quantity_of(source: Source, outcome: str | None, scenario: str | None, horizon: int | None) -> Quantity:
    """Return the quantity asked for.

    By default it is involuntary losses (or the first outcome kept), in the first scenario against the baseline, or in
    the baseline against no transition where nothing else was run, at the last horizon. Raises :class:`InputError`
    for names and years that the results have not.
    """
    found = source.measured()
    key = _first_outcome(found) if outcome is None else outcome
    if key not in found.outcomes:
        why = f": {found.cannot[key]}" if key in found.cannot else nearest(key, found.outcomes)
        raise InputError.one("--outcome", f"{key}: not an outcome of these results{why}")
    arms = {arm.label: arm for arm in source.plan.arms}
    shown = [arm.label for arm in source.plan.arms if arm.role == "scenario"]
    baseline = source.baseline
    if scenario is not None and scenario not in arms:
        raise InputError.one("--scenario", f"{scenario}: not a scenario of these results{nearest(scenario, arms)}")
    label = scenario or (shown[0] if shown else baseline.label if baseline else next(iter(arms)))
    year = max(found.horizons) if horizon is None else horizon
    if year not in found.horizons:
        listed = ", ".join(map(str, found.horizons))
        raise InputError.one("--horizon", f"{year} is not kept; the results hold {listed}")
    against = _against(source, label)
    if not against:
        text = "no-baseline: nothing is compared; run transitionsim compare BASELINE SCENARIO"
        raise InputError.one(str(source.folder), text)
    return Quantity(key, found.outcomes[key].title, found.outcomes[key].unit, year, label, against)


def _first_outcome(found: Measured) -> str:
    return "involuntary_losses" if "involuntary_losses" in found.outcomes else next(iter(found.outcomes))


def _against(source: Source, label: str) -> str:
    """Return the arm to compare with: the baseline, for the baseline itself no transition, or nothing."""
    baseline = source.baseline
    if baseline is not None and baseline.label != label:
        return baseline.label
    return next((arm.label for arm in source.plan.arms if arm.role == NO_TRANSITION_ROLE and arm.label != label), "")


def estimate(source: Source, quantity: Quantity, found: Measured | None = None) -> Estimate:
    """Return the estimate of a quantity; raises :class:`InputError` where no pair of runs finished."""
    known = found or source.measured(quantity.outcome)
    pairs = known.pairs(quantity.outcome, quantity.horizon, quantity.scenario, quantity.against)
    if not len(pairs):
        text = f"no draw finished both {quantity.scenario} and {quantity.against}; nothing can be said of them"
        raise InputError.one(str(source.folder), text)
    numbers, inputs = pairs.numbers, pairs.inputs
    mean = mean_interval(numbers, pairs.clusters)
    total = interval(numbers)
    seeds = {draw.number: draw.seed for draw in source.plan.draws}
    own, other = (known.level(quantity.outcome, quantity.horizon, arm) for arm in (quantity.scenario, quantity.against))
    return Estimate(
        quantity=quantity,
        total=total,
        mean=Interval(mean.mean, mean.low, mean.high, mean.clusters),
        method=mean.method,
        seeds_only=_seeds_only(numbers, inputs),
        signs=(float((numbers > 0).mean()), float((numbers < 0).mean()), float((numbers == 0).mean())),
        draws=len(pairs),
        inputs=len(set(inputs.tolist())),
        seeds=len({seeds[int(draw)] for draw in pairs.draws}),
        level=interval(own.numbers),
        level_against=interval(other.numbers),
        floor=_floor(source, quantity, known),
        correlation=_correlation(own, other),
        holds=known.interval_holds,
        scale=source.scale,
    )


def _seeds_only(numbers: NDArray[np.float64], inputs: NDArray[np.int64]) -> tuple[float, float] | None:
    counts = np.unique(inputs, return_counts=True)[1]
    if counts.max(initial=0) < 2:
        return None
    reach = _NORMAL_90 * layers(numbers, inputs).between_seeds
    middle = float(np.median(numbers))
    return middle - reach, middle + reach


def _floor(source: Source, quantity: Quantity, found: Measured) -> Interval:
    placebo = next((arm.label for arm in source.plan.arms if arm.role == "placebo"), None)
    if placebo is None or source.baseline is None:
        return interval(np.zeros(0))
    return interval(found.pairs(quantity.outcome, quantity.horizon, placebo, source.baseline.label).numbers)


def _correlation(own: Pairs, other: Pairs) -> float:
    both = sorted(set(own.draws.tolist()) & set(other.draws.tolist()))
    if len(both) < 3:
        return float("nan")
    one, two = (_at(pairs, both) for pairs in (own, other))
    if one.std() == 0 or two.std() == 0:
        return float("nan")
    return float(np.corrcoef(one, two)[0, 1])


def _at(pairs: Pairs, draws: list[int]) -> NDArray[np.float64]:
    known = dict(zip(pairs.draws.tolist(), pairs.numbers.tolist(), strict=True))
    return np.array([known[draw] for draw in draws])
