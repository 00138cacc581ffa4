"""Laws in closed form that the tests hold the model against; nothing here is the model's."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def occupied(balls: int, urns: int) -> Floats:
    """Return the law of the number of urns that hold at least one of so many balls thrown at random, (urns + 1,)."""
    law = np.zeros(urns + 1)
    law[0] = 1.0
    places = np.arange(urns + 1)
    for _ in range(balls):
        hit = law * places / urns
        new = law * (urns - places) / urns
        law = hit
        law[1:] += new[:-1]
    return law


def two_rounds(balls: int, urns: int) -> Floats:
    """Return the law of urns filled in two rounds: who found none throws again at the urns still empty."""
    first = occupied(balls, urns)
    law = np.zeros(urns + 1)
    for filled, chance in enumerate(first):
        if chance == 0.0:
            continue
        if filled in (balls, urns):
            law[filled] += chance
        else:
            law[filled:] += chance * occupied(balls - filled, urns - filled)
    return law


def two_applications(seekers: int, vacancies: int) -> Floats:
    """Return the law of hires in one round when each sends two applications, by counting every case.

    A vacancy takes the luckiest of its applications, a person one of the vacancies that want them; the number hired
    is that of the different people wanted by any vacancy. Small numbers only.
    """
    law = np.zeros(seekers + 1)
    orders = list(permutations(range(2 * seekers)))
    for aims in product(range(vacancies), repeat=2 * seekers):
        for rank in orders:
            best: dict[int, int] = {}
            for application, vacancy in enumerate(aims):
                if vacancy not in best or rank[application] > rank[best[vacancy]]:
                    best[vacancy] = application
            law[len({application // 2 for application in best.values()})] += 1
    return law / law.sum()


def moments(law: Floats) -> tuple[float, float, float]:
    """Return the mean, the variance and the fourth central moment of a law on 0, 1, 2, ..."""
    values = np.arange(len(law))
    mean = float((law * values).sum())
    return mean, float((law * (values - mean) ** 2).sum()), float((law * (values - mean) ** 4).sum())


def errors(law: Floats, draws: int) -> tuple[float, float]:
    """Return the standard errors of the mean and of the variance of so many independent draws."""
    _, variance, fourth = moments(law)
    return float(np.sqrt(variance / draws)), float(np.sqrt((fourth - variance**2) / draws))


def queue(arrivals: Floats, seats: int, longest: int = 400) -> Floats:
    """Return the standing law of those left waiting when so many seats a month are given and none kept.

    ``Q' = max(0, Q + A - seats)`` with ``arrivals`` the law of A; iterated until it stands.
    """
    law = np.zeros(longest)
    law[0] = 1.0
    for _ in range(20_000):
        summed = np.convolve(law, arrivals)
        new = np.zeros(longest)
        new[0] = summed[: seats + 1].sum()
        tail = summed[seats + 1 :][: longest - 1]
        new[1 : 1 + len(tail)] = tail
        if np.abs(new - law).max() < 1e-13:
            break
        law = new
    return law


def standing(chain: Floats) -> Floats:
    """Return the standing shares of a chain whose rows are the chances of going from one state to the others."""
    size = len(chain)
    system = np.vstack([chain.T - np.eye(size), np.ones(size)])
    return np.asarray(np.linalg.lstsq(system, np.append(np.zeros(size), 1.0), rcond=None)[0])
