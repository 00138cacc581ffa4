"""Training providers: how many seats they can start in a month, and how that grows with money and time.

A provider's places are counted as seats it can start in a month, by course. Where a programme asks for more of them
than there are and people wait, it pays for further places from the money it has left, at most a share of those
there are; they stand ready from the next month on.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from transitionsim.arithmetic import power

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass
class Providers:
    """The places of all providers of a region by course, in rows; arrays of shape (profiles,)."""

    capacity: Floats
    """Seats that can be started in a month."""
    growth: float
    """Largest growth in a year, as a share."""
    limited: bool = True
    """Whether there is a limit at all."""
    fraction: Floats = field(init=False)
    """Parts of a seat that earlier months left over."""
    free: Integers = field(init=False)
    """Seats that can still be started this month."""
    added: Floats = field(init=False)
    """Seats a month added this month, by all programmes."""

    def __post_init__(self) -> None:
        # Half a seat: where a row stands for many persons, rounding down would else take seats away.
        self.fraction = np.full(len(self.capacity), 0.5)
        self.free = np.zeros(len(self.capacity), np.int64)
        self.added = np.zeros(len(self.capacity))

    def open_month(self) -> None:
        """Begin a month: whole seats are free, parts of a seat wait for the next month, unused seats are gone."""
        self.capacity = self.capacity + self.added
        self.added = np.zeros(len(self.capacity))
        room = self.capacity + self.fraction
        self.free = np.floor(room).astype(np.int64)
        self.fraction = room - self.free

    def within(self, room: Integers) -> Integers:
        """Return the seats for which there is room by other rules and a place, course by course."""
        return np.minimum(room, self.free) if self.limited else room

    def take(self, taken: Integers) -> None:
        """Fill seats."""
        self.free = self.free - np.minimum(taken, self.free)

    def grow(self, short: Floats, cents_per_place: int, available: int) -> int:
        """Add places to the courses that are short of them, as far as time and money go; return the cost in cents.

        ``short`` are the seats that people wait for, each worth one seat a year from now on; ``cents_per_place`` is
        the price of one. All programmes together add at most a month's part of the yearly growth.
        """
        step = power(1.0 + self.growth, 1.0 / 12.0) - 1.0
        more = np.minimum(short / 12.0, np.maximum(0.0, self.capacity * step - self.added))
        cost = int(float(more.sum()) * 12.0 * cents_per_place + 0.5)
        if cost > available:
            more = more * (available / cost)
            cost = available
        self.added = self.added + more
        return cost
