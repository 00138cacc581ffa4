"""Careers: who was employed in which month of a run, in one bit a month, and who took part in a course.

Kept only when asked for, to compare the same people in two runs with the same luck. A row whose person left for good
goes on with the entrant who took it; since that happens in the same month in all runs of a seed, rows stay comparable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import NEVER


@dataclass
class Careers:
    """The working lives of all rows of a run."""

    first_course: NDArray[np.int16]
    """Month in which the row's first course began, 32767 for none; shape (rows,)."""
    employed: NDArray[np.uint8]
    """Whether a row was employed at the end of a month, bit ``row % 8`` of byte ``row // 8``; (months, bytes)."""
    scale: int = 1
    """Persons that a row stands for."""

    @classmethod
    def empty(cls, rows: int, months: int, scale: int) -> Self:
        """Return careers without a month of work or a course."""
        return cls(np.full(rows, NEVER, np.int16), np.zeros((months, (rows + 7) // 8), np.uint8), scale)

    @property
    def took_part(self) -> NDArray[np.bool_]:
        """Whether each row ever began a course."""
        return np.asarray(self.first_course != NEVER)

    @property
    def months_employed(self) -> NDArray[np.int16]:
        """Months in which each row was employed."""
        rows = len(self.first_course)
        total = np.zeros(rows, np.int16)
        for month in self.employed:
            total += np.unpackbits(month, count=rows, bitorder="little")
        return total

    def of(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return whether some rows were employed, month by month, shape (months, rows)."""
        bits = self.employed[:, rows >> 3] >> (rows & 7).astype(np.uint8)
        return np.asarray(bits & 1, dtype=np.bool_)

    def begin_course(self, rows: NDArray[np.int32], month: int) -> None:
        """Note the rows that begin a course this month."""
        self.first_course[rows] = np.minimum(self.first_course[rows], month)
