"""Mobility networks: how readily people of one occupation look for work in another.

An entry A[i, j] weighs applications of people of occupation i to vacancies of occupation j. Rows need not sum to 1:
people divide their applications in proportion to weight times vacancies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from transitionsim.compiling import compiled
from transitionsim.replications.definition import Floats

COMPLETE: Final = "complete"
LOOP: Final = "loop"
RING: Final = "ring"


@dataclass(frozen=True)
class Network:
    """A network of n occupations, by the two products that the mean field needs and by its entries.

    ``onward`` turns weights by destination (n,) into the sum over destinations for each origin, A x; ``inward``
    turns weights by origin into the sum over origins for each destination, its transpose times x. ``entries`` makes
    the matrix (n, n).
    """

    size: int
    onward: Callable[[Floats], Floats]
    inward: Callable[[Floats], Floats]
    entries: Callable[[], Floats]


def complete(n: int) -> Network:
    """Return the network in which every occupation is equally near to every other and to itself: 1/n."""

    def product(x: Floats) -> Floats:
        return np.full(n, x.sum() / n)

    return Network(n, product, product, lambda: np.full((n, n), 1.0 / n))


def loop(n: int, own: float) -> Network:
    """Return the network with ``own`` on the diagonal and (1 - own) / n everywhere else."""
    other = (1.0 - own) / n

    def product(x: Floats) -> Floats:
        # Others are summed from both ends: the total less one's own would lose digits where one's own is most of it.
        before = np.concatenate(([0.0], np.cumsum(x[:-1])))
        behind = np.concatenate((np.cumsum(x[:0:-1])[::-1], [0.0]))
        return own * x + other * (before + behind)

    def entries() -> Floats:
        made = np.full((n, n), other)
        np.fill_diagonal(made, own)
        return made

    return Network(n, product, product, entries)


def ring(n: int, own: float) -> Network:
    """Return the network with ``own`` on the diagonal and (1 - own) / 2 on each of two neighbours, closed to a ring."""
    half = 0.5 * (1.0 - own)

    def product(x: Floats) -> Floats:
        return own * x + half * (np.roll(x, 1) + np.roll(x, -1))

    def entries() -> Floats:
        unit = np.eye(n)
        return own * unit + half * (np.roll(unit, 1, axis=1) + np.roll(unit, -1, axis=1))

    return Network(n, product, product, entries)


def of_matrix(matrix: Floats) -> Network:
    """Return the network of a square matrix whose entries are not negative and whose rows are not zero."""
    rows = np.ascontiguousarray(matrix / matrix.max(axis=1)[:, np.newaxis])
    turned = np.ascontiguousarray(rows.T)
    return Network(len(rows), lambda x: _weighted(turned, x), lambda x: _weighted(rows, x), lambda: rows)


@compiled
def _weighted(matrix: Floats, weights: Floats) -> Floats:
    """Return the sum of the rows of a matrix, each times its weight, always added in the order of the rows."""
    total = np.zeros(matrix.shape[1])
    for i in range(matrix.shape[0]):
        for j in range(matrix.shape[1]):
            total[j] += weights[i] * matrix[i, j]
    return total
