"""Hazards of the steps of a month that give a region's flows, and how people differ in leaving unemployment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from transitionsim.regions.flows import Flows

Floats = NDArray[np.float64]
PACE_CLASSES: Final = 6
LARGEST_SPREAD: Final = 1.8
_ASTRAY: Final = 0.03
"""Miss of the long-term share that is more than paces in whole hundredths explain."""


@dataclass(frozen=True)
class Hazards:
    """Monthly hazards of the steps of a month that come before the job market.

    ``leave`` is the chance that a row reaches its exit month, ``to_unemployed`` and ``to_inactive`` the mean
    hazards of ordinary separations, ``give_up`` the hazard of leaving the search at mean pace, ``start_looking``
    the hazard of inactive persons. ``find``, ``find_inactive`` and ``find_employed`` are the chances of being hired.
    """

    leave: float
    to_unemployed: float
    to_inactive: float
    give_up: float
    start_looking: float
    find: float
    find_inactive: float
    find_employed: float


def hazards_of(flows: Flows, leave: float, job_to_job: float) -> Hazards:
    """Turn measured month-to-month flows into the hazards of the model's steps.

    Someone who loses a job and finds another within the month is not counted by a survey, and an entrant takes
    the row of a leaver as an inactive person, so the measured exit to inactivity holds retirement too.
    """
    find, find_inactive = flows.unemployed_to_employed, flows.inactive_to_employed
    give_up = start = 0.0
    for _ in range(200):
        out = flows.unemployed_to_inactive / (1.0 - find_inactive)
        find = (flows.unemployed_to_employed - out * find_inactive) / (1.0 - out)
        give_up = out - leave
        start = flows.inactive_to_unemployed / (1.0 - find)
        find_inactive = (flows.inactive_to_employed - start * find) / (1.0 - start)
    return Hazards(
        leave=leave,
        to_unemployed=flows.employed_to_unemployed / (1.0 - find),
        to_inactive=flows.employed_to_inactive / (1.0 - find_inactive) - leave,
        give_up=give_up,
        start_looking=start,
        find=find,
        find_inactive=find_inactive,
        find_employed=job_to_job,
    )


def pace_classes(spread: float) -> Floats:
    """Return the paces of equally large classes of a gamma distribution with mean 1, in hundredths, at least .01.

    Shape (classes,). ``spread`` is the coefficient of variation.
    """
    if spread <= 0.0:
        return np.ones(PACE_CLASSES)
    shape = 1.0 / spread**2
    edges = special.gammaincinv(shape, np.linspace(0.0, 1.0, PACE_CLASSES + 1)) / shape
    mass = special.gammainc(shape + 1.0, edges * shape)
    return np.maximum(np.round(np.diff(mass) * PACE_CLASSES, 2), 0.01)


def long_term_share(hazards: Hazards, pace: Floats) -> float:
    """Return the share of the unemployed whose last job ended twelve months ago or earlier.

    Each pace class is followed through its own three-state chain; short stays in inactivity, which do not
    reset the clock, are left out here and settle in the burn-in.
    """
    give_up, find = _scaled(hazards, pace)
    stay = (1.0 - give_up - hazards.leave) * (1.0 - find)
    unemployed, inflow = _chain(hazards, give_up, find)
    old = inflow * stay**12 / (1.0 - stay)
    return float(old.sum() / unemployed.sum())


def _scaled(hazards: Hazards, pace: Floats) -> tuple[Floats, Floats]:
    """Return hazards of giving up and of finding by class such that their means over the unemployed hold."""
    up, down = 1.0, 1.0
    give_up = find = pace
    for _ in range(60):
        give_up = np.minimum(hazards.give_up * up * pace, 0.95)
        find = 1.0 - np.exp(-hazards.find * down * pace)
        unemployed, _ = _chain(hazards, give_up, find)
        pool = unemployed / (1.0 - find)
        up *= hazards.give_up / float((give_up * unemployed).sum() / unemployed.sum())
        down *= hazards.find / float((find * pool).sum() / pool.sum())
    return give_up, find


def _chain(hazards: Hazards, give_up: Floats, find: Floats) -> tuple[Floats, Floats]:
    """Return unemployed and monthly inflow into unemployment of each class, for one person a class.

    From the two linear equations of its standing state, the inactive being the rest of the person.
    """
    s, e, q = hazards.to_unemployed, hazards.to_inactive + hazards.leave, hazards.start_looking
    out, n = give_up + hazards.leave, hazards.find_inactive
    # employed: E = E(1-s-e) + ((1-out)U + sE + qN) f + ((1-q)N + out U + eE) n,  with N = 1 - E - U
    # unemployed: U = ((1-out)U + sE + qN)(1-f)
    a_e = 1.0 - (1.0 - s - e) - s * find - e * n + q * find + (1.0 - q) * n
    a_u = -((1.0 - out) - q) * find - (out - (1.0 - q)) * n
    b = q * find + (1.0 - q) * n
    c_e = -(s - q) * (1.0 - find)
    c_u = 1.0 - ((1.0 - out) - q) * (1.0 - find)
    d = q * (1.0 - find)
    det = a_e * c_u - a_u * c_e
    employed = (b * c_u - a_u * d) / det
    unemployed = (a_e * d - b * c_e) / det
    inflow = (s * employed + q * (1.0 - employed - unemployed)) * (1.0 - find)
    return unemployed, inflow


def fit_pace(hazards: Hazards, target: float) -> tuple[float, Floats]:
    """Return the spread of the pace out of unemployment that gives the long-term share, and its classes.

    Bisection between 0 and 1.8. The share falls again at the largest spreads, where the slowest class is hardly
    entered. Where the bisection went astray there, the nearest share among evenly spaced spreads is taken; what
    even that misses shows in the steady state.
    """
    low, high = 0.0, LARGEST_SPREAD
    for _ in range(18):
        middle = 0.5 * (low + high)
        if long_term_share(hazards, pace_classes(middle)) < target:
            low = middle
        else:
            high = middle
    spread = round(0.5 * (low + high), 3)
    if abs(long_term_share(hazards, pace_classes(spread)) - target) > _ASTRAY:
        tried = [round(0.02 * step, 2) for step in range(1, 91)]
        spread = min(tried, key=lambda one: abs(long_term_share(hazards, pace_classes(one)) - target))
    return spread, pace_classes(spread)
