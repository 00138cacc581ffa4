"""A surrogate of the model: a quadratic in the places of the parameters, fitted to the runs of an even design.

The design is a Halton sequence, which asks for no luck: the same points in the same order everywhere. Every point is
run with the same seeds (common random numbers), so that differences between points are not those of chance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import optimize
from scipy.stats import qmc

Floats = NDArray[np.float64]
STARTS: Final = 5
"""Points of the design, the best ones, from which the surrogate is searched."""


def halton(count: int, size: int, skip: int = 0) -> Floats:
    """Return points spread evenly over the unit cube, shape (count, size); the corner at zero is left out.

    >>> halton(2, 1).tolist()
    [[0.5], [0.25]]
    """
    sequence = qmc.Halton(d=size, scramble=False)
    sequence.fast_forward(1 + skip)
    return np.asarray(sequence.random(count))


def terms(size: int) -> int:
    """Return the number of coefficients of a quadratic in so many variables.

    >>> terms(4)
    15
    """
    return 1 + size + size * (size + 1) // 2


def _terms_of(places: Floats) -> Floats:
    """Return the terms of the quadratic at some places, (points, terms); centred, so that they are well apart."""
    centred = np.atleast_2d(places) - 0.5
    size = centred.shape[1]
    products = [centred[:, i] * centred[:, j] for i in range(size) for j in range(i, size)]
    return np.column_stack([np.ones(len(centred)), *centred.T, *products])


@dataclass(frozen=True)
class Surrogate:
    """A quadratic for each measure: ``coefficients`` (terms, measures), and what it misses at the design's points."""

    coefficients: Floats
    missed: Floats
    """Standard deviation of the residuals, corrected for the coefficients, (measures,)."""

    @classmethod
    def through(cls, places: Floats, measures: Floats) -> Self:
        """Return the surrogate of measures (points, measures) taken at places (points, parameters)."""
        design = _terms_of(places)
        found, *_ = np.linalg.lstsq(design, measures, rcond=None)
        free = max(1, len(design) - design.shape[1])
        return cls(np.asarray(found), np.asarray(np.sqrt(((measures - design @ found) ** 2).sum(axis=0) / free)))

    def at(self, place: Floats) -> Floats:
        """Return the measures at a place, (measures,)."""
        return np.asarray((_terms_of(place) @ self.coefficients)[0])

    def slope(self, place: Floats) -> Floats:
        """Return how the measures change with each parameter's place, (measures, parameters)."""
        size = len(place)
        centred = np.asarray(place) - 0.5
        slopes = []
        for k in range(size):
            linear = [1.0 if i == k else 0.0 for i in range(size)]
            products = [
                (centred[j] if i == k else 0.0) + (centred[i] if j == k else 0.0)
                for i in range(size)
                for j in range(i, size)
            ]
            slopes.append(np.array([0.0, *linear, *products]) @ self.coefficients)
        return np.stack(slopes, axis=1)


def nearest_place(
    residuals: Callable[[Floats], Floats], slope: Callable[[Floats], Floats], starts: Floats
) -> tuple[Floats, float]:
    """Return the place in the unit cube with the least sum of squared residuals, and that sum.

    Least squares with bounds (a trust region, scipy) from each of the starts; the first of equals is kept.
    """
    best, least = np.asarray(starts[0]), np.inf
    for start in starts:
        found = optimize.least_squares(
            residuals, np.clip(start, 0.01, 0.99), jac=slope, bounds=(0.0, 1.0), xtol=1e-10, ftol=1e-10
        )
        cost = float(2.0 * found.cost)
        if cost < least - 1e-9:
            best, least = np.asarray(found.x), cost
    return best, least
