"""Numbers as they are printed: never more digits than their interval supports."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

MINUS: Final = "\u2212"
NOTHING: Final = "\u2013"


@dataclass(frozen=True, slots=True)
class Printed:
    """A median with its interval, rounded together; ``direction`` is 1, -1, or 0 when none can be claimed."""

    median: str
    low: str
    high: str
    direction: int

    @property
    def extent(self) -> str:
        """The interval in words, ``120 to 480``."""
        return self.low if self.low == self.high else f"{self.low} to {self.high}"

    @property
    def cell(self) -> str:
        """The median and the interval as a table holds them, ``300 (120…480)``."""
        ends = self.low if self.low == self.high else f"{self.low}…{self.high}"
        return f"{self.median} ({ends})"

    def __str__(self) -> str:
        return f"{self.median} ({self.extent})"


def step_for(low: float, high: float, finest: float = 1.0) -> float:
    """Return the power of ten to round to: one step below half the interval when that starts with 1 or 2.

    >>> step_for(0, 6000), step_for(0, 2500), step_for(5, 5), step_for(0.1, 0.5, finest=0.01)
    (1000.0, 100.0, 1.0, 0.01)
    """
    half = (high - low) / 2
    if not (math.isfinite(half) and half > 0):
        return finest
    power = math.floor(math.log10(half))
    leading = half / 10.0**power
    return max(finest, 10.0 ** (power - 1 if leading < 3 else power))


def finest_for(value: float) -> float:
    """Return the step that leaves an amount three digits, between a hundredth and one.

    >>> finest_for(1.4), finest_for(16.8), finest_for(280.0), finest_for(0.0)
    (0.01, 0.1, 1.0, 1.0)
    """
    if not (math.isfinite(value) and value > 0):
        return 1.0
    return min(1.0, max(0.01, 10.0 ** (math.floor(math.log10(value)) - 2)))


def number(value: float, step: float) -> str:
    """Return a number rounded to a power of ten, with thousands apart and a true minus sign.

    >>> number(-12345.6, 100.0), number(0.04, 0.1), number(0.234, 0.01), number(float("nan"), 1.0)
    ('−12,300', '0.0', '0.23', '–')
    """
    if not math.isfinite(value):
        return NOTHING
    digits = max(0, -round(math.log10(step)))
    rounded = round(value / step) * step
    text = f"{abs(rounded):,.{digits}f}"
    return MINUS + text if rounded < 0 and any(c in "123456789" for c in text) else text


def printed(median: float, low: float, high: float, finest: float = 1.0) -> Printed:
    """Return a median and its interval as printed, and the direction both the numbers and the print allow.

    A direction needs both ends on one side of zero *as printed*: nobody should read "0 to 480" under a claim.

    >>> printed(2104.2, 1287.0, 3411.0)
    Printed(median='2,100', low='1,300', high='3,400', direction=1)
    >>> printed(200.0, 12.0, 4800.0).direction
    0
    """
    step = step_for(low, high, finest)
    ends = [round(value / step) if math.isfinite(value) else 0 for value in (low, high)]
    direction = 1 if low > 0 and ends[0] > 0 else -1 if high < 0 and ends[1] < 0 else 0
    return Printed(number(median, step), number(low, step), number(high, step), direction)
