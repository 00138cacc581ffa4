"""The mean field: expected numbers of people and posts by occupation, stepped forward all at once."""

from __future__ import annotations

import numpy as np

from transitionsim.arithmetic import exp
from transitionsim.compiling import compiled
from transitionsim.replications.definition import (
    ADJUSTMENT,
    LONG_TERM,
    OPENING,
    SEPARATION,
    STEPS,
    Floats,
    Start,
    Targets,
    Trajectory,
)
from transitionsim.replications.networks import Network


def mean_field(start: Start, targets: Targets, network: Network) -> Trajectory:
    """Return the expected trajectory; people without a job at t = 0 are in no spell and never count as long-term."""
    employed, unemployed, vacancies = start.employed, start.unemployed, start.vacancies
    spells = np.zeros((LONG_TERM + 1, len(employed)))
    force = float(employed.sum() + unemployed.sum())
    rates = np.empty((STEPS, 3))
    for t in range(STEPS):
        jobless, posts = unemployed.sum(), vacancies.sum()
        rates[t] = jobless / force, posts / (posts + employed.sum()), spells[LONG_TERM].sum() / force
        gap = employed + vacancies - targets.at(t + 1)
        separated, opened = separations(employed, gap), openings(employed, gap)
        leaving, filled = flows(unemployed, vacancies, network)
        staying = 1.0 - quotient(leaving, unemployed)
        spells[LONG_TERM] = (spells[LONG_TERM] + spells[LONG_TERM - 1]) * staying
        spells[1:LONG_TERM] = spells[: LONG_TERM - 1] * staying
        spells[0] = separated
        unemployed = unemployed + separated - leaving
        employed = employed + filled - separated
        vacancies = vacancies + opened - filled
    return Trajectory(*(100.0 * rates.T))


def separations(employed: Floats, gap: Floats) -> Floats:
    """Return how many lose their job in a step where demand lies ``gap`` above its target; shape (n,)."""
    wanted = np.minimum(employed, ADJUSTMENT * np.maximum(0.0, gap))
    return SEPARATION * employed + (1.0 - SEPARATION) * wanted


def openings(employed: Floats, gap: Floats) -> Floats:
    """Return how many vacancies open in a step where demand lies ``gap`` above its target; shape (n,)."""
    wanted = np.minimum(employed, ADJUSTMENT * np.maximum(0.0, -gap))
    return OPENING * employed + (1.0 - OPENING) * wanted


def flows(unemployed: Floats, vacancies: Floats, network: Network) -> tuple[Floats, Floats]:
    """Return who finds a job by the occupation of origin, and the posts filled by occupation; both of shape (n,).

    Everybody applies once, occupation by weight times vacancies; posts without and with applicants are as balls in
    urns. The two sums are equal.
    """
    intensity = quotient(unemployed, network.onward(vacancies))
    applications = vacancies * network.inward(intensity)
    filled = _filled(applications, vacancies)
    success = quotient(filled, applications)
    return intensity * network.onward(vacancies * success), filled


def quotient(part: Floats, whole: Floats) -> Floats:
    """Return ``part / whole``, and 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0.0)


@compiled
def _filled(applications: Floats, vacancies: Floats) -> Floats:
    """Return the expected number of vacancies with at least one of many applications, shape (n,)."""
    filled = np.zeros(len(vacancies))
    for j in range(len(vacancies)):
        if vacancies[j] > 0.0:
            filled[j] = vacancies[j] * (1.0 - exp(-applications[j] / vacancies[j]))
    return filled
