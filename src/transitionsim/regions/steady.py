"""The steady state of a region's labour market, solved in expectation before a single person is drawn.

The month of the model, with whole groups of people in place of persons, is repeated until nothing moves; on
the way the free constants of search are moved until the region's own flows are met: how often the jobless,
the inactive and the employed of each profile apply (``intensity``), and how strongly the vacancies of each
profile attract applications (``attraction``). They are fitted here once, on a region without transition and
without policy, and stay as they are in every scenario.

A group is a pair of job profiles (present, previous), which fixes the skills, and a class of persistent pace
out of unemployment. The expectation of the job market is exact for large numbers, because a vacancy takes the
luckiest among the applicants it finds suitable: with ``x`` suitable applications a vacancy, it is filled with
probability ``1 - exp(-x)`` (Butters 1977; Petrongolo and Pissarides 2001).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import AWAY, EMPLOYED, IN_TRAINING, INACTIVE, UNEMPLOYED
from transitionsim.regions.expectation import Groups, relax
from transitionsim.regions.hazards import PACE_CLASSES, Hazards, fit_pace, long_term_share

Floats = NDArray[np.float64]
_UNEMPLOYED: Final = 0
_INACTIVE: Final = 1
_EMPLOYED: Final = 2


@dataclass(frozen=True)
class SteadyState:
    """The stationary labour market of a region.

    ``employed``, ``unemployed`` and ``inactive`` have shape (groups, pace classes) in persons, ``first`` and
    ``second`` give the profiles of a group; ``vacancies`` (after matching), ``hires`` and ``leaving`` (known
    exits of the next two months) have shape (profiles,); ``intensity`` has shape (3, profiles) for the
    jobless, the inactive and the employed; ``attraction`` has shape (profiles,); ``reachable`` is the
    attraction-weighted number of vacancies within reach of a person with the profile's own skills only.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    employed: Floats
    unemployed: Floats
    inactive: Floats
    vacancies: Floats
    hires: Floats
    leaving: Floats
    intensity: Floats
    attraction: Floats
    reachable: Floats
    entry: Floats
    """Entrants of a profile for each of its hires, relative to the mean: more where jobs last long, (profiles,)."""
    hazards: Hazards
    pace: Floats
    spread: float
    """Coefficient of variation of the pace out of unemployment that gives the long-term share."""
    long_term_share: float
    misfit: float
    """Largest relative change of a stock in the last month of the iteration."""

    @property
    def most_sought(self) -> Floats:
        """Twice the highest intensity with which anyone applies, by status and profile: a bound, nobody's behaviour.

        Shape (statuses, profiles). People on notice search as the jobless do and are not among the employed here.
        """
        most = np.zeros((AWAY + 1, self.intensity.shape[1]))
        most[[UNEMPLOYED, IN_TRAINING]] = self.intensity[_UNEMPLOYED] * np.round(100.0 * self.pace).max() * 0.01
        most[INACTIVE] = self.intensity[_INACTIVE]
        most[EMPLOYED] = self.intensity[_EMPLOYED]
        return 2.0 * (1.0 + 1e-9) * most

    @property
    def begun(self) -> float:
        """The part of all jobs that begins in a month."""
        return float(self.hires.sum() / self.employed.sum())


def solve(
    employed: Floats,
    vacancy_rate: float,
    unemployment: float,
    inactive_ratio: float,
    hazards: Hazards,
    long_term: float,
    distance: Floats,
    mobility: float,
    reach_limit: float,
    accepted: Floats,
    apart: Floats,
) -> SteadyState:
    """Return the steady state for the region's employment by profile.

    ``employed`` has shape (profiles,) in persons; ``vacancy_rate`` is the survey's stock of vacancies over
    posts; ``distance`` has shape (profiles, profiles, profiles): skill distance from the pair of profiles held
    to the profile asked for. ``mobility`` is the weight of an application outside the own profile,
    ``reach_limit`` the largest distance that needs no training; ``accepted`` (profiles, profiles) the share of the
    vacancies of a profile that pay enough for people employed in another. ``apart`` (profiles,)
    is the hazard of separation of each profile relative to the mean: lower where most of its jobs are in automotive
    firms.
    """
    profiles = len(employed)
    labour = employed.sum() / (1.0 - unemployment)
    spread, pace = fit_pace(hazards, long_term)
    own_reach = distance <= reach_limit
    first, second = _groups(own_reach)
    weights = np.where(own_reach[first, second], mobility, 0.0)
    weights[np.arange(len(first)), first] = 1.0
    suited = 1.0 - distance[first, second]
    suited[np.arange(len(first)), first] = 1.0
    suited = np.stack([suited, suited * accepted[first]])
    index = {(int(a), int(b)): g for g, (a, b) in enumerate(zip(first, second, strict=True))}
    own = np.array([index[o, o] for o in range(profiles)])
    moved_to = np.array(
        [[g if o == a else index.get((o, int(a)), own[o]) for o in range(profiles)] for g, a in enumerate(first)]
    )
    births = np.full(PACE_CLASSES, 1.0 / PACE_CLASSES)
    stock = np.zeros((3, len(first), PACE_CLASSES))
    shares = _standing_shares(hazards, apart)
    for state, total in (
        (_UNEMPLOYED, labour * unemployment),
        (_INACTIVE, labour * inactive_ratio),
        (_EMPLOYED, employed.sum()),
    ):
        people = employed * shares[state] / shares[_EMPLOYED]
        stock[state, own] = total * (people / people.sum())[:, None] * births[None, :]
    chosen = stock.sum(axis=(0, 2))[own] / stock.sum()
    wanted = employed * vacancy_rate / (1.0 - vacancy_rate)
    leaving = 2.0 * hazards.leave * employed
    posts = employed + wanted - leaving
    rate = np.array([hazards.leave, hazards.give_up, hazards.start_looking])
    separation = np.stack([hazards.to_unemployed * apart, hazards.to_inactive * apart])
    target = np.array([hazards.find, hazards.find_inactive, hazards.find_employed, hazards.give_up])
    intensity = np.repeat(target[:3, None] * 1.2, profiles, axis=1)
    attraction = np.ones(profiles)
    hires = np.zeros(profiles)
    groups = Groups(weights, suited, first, moved_to, own, pace, births)
    misfit = relax(stock, posts, groups, rate, separation, target, wanted, intensity, attraction, hires, chosen)
    staff = np.bincount(first, weights=stock[_EMPLOYED].sum(axis=1), minlength=profiles)
    open_before = hires + (posts - staff * (1.0 - 2.0 * hazards.leave))
    reachable = (weights[own] * (open_before * attraction)[None, :]).sum(axis=1)
    return SteadyState(
        first=first,
        second=second,
        employed=stock[_EMPLOYED],
        unemployed=stock[_UNEMPLOYED],
        inactive=stock[_INACTIVE],
        vacancies=posts + 2.0 * hazards.leave * staff - staff,
        hires=hires,
        leaving=leaving,
        intensity=intensity,
        attraction=attraction,
        reachable=reachable,
        entry=chosen * hires.sum() / hires,
        hazards=replace(hazards, give_up=float(rate[1])),
        pace=pace,
        spread=spread,
        long_term_share=long_term_share(hazards, pace),
        misfit=float(misfit),
    )


def _standing_shares(hazards: Hazards, apart: Floats) -> Floats:
    """Return how many of a profile's people are jobless, inactive and employed in its standing state, (3, profiles).

    ``apart`` (profiles,) is the hazard of separation relative to the mean. The month is repeated until it stands:
    a matrix product would depend on the library that takes it.
    """
    jobless, inactive, employed = (np.full(len(apart), 1.0 / 3.0) for _ in range(3))
    to_u, to_n = hazards.to_unemployed * apart, hazards.to_inactive * apart
    stay = 1.0 - hazards.leave
    for _ in range(4000):
        seeking = jobless * (stay - hazards.give_up) + employed * to_u + inactive * hazards.start_looking
        away = inactive * (stay - hazards.start_looking) + employed * to_n + jobless * hazards.give_up + hazards.leave
        working = employed * (stay - to_u - to_n)
        employed = working + seeking * hazards.find + away * hazards.find_inactive
        jobless, inactive = seeking * (1.0 - hazards.find), away * (1.0 - hazards.find_inactive)
    return np.stack([jobless, inactive, employed])


def _groups(reach: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs (present, previous profile) that people can come to hold.

    ``reach`` has shape (profiles, profiles, profiles). A pair exists when someone with the previous profile
    and any profile before it could be hired into the present one.
    """
    profiles = reach.shape[0]
    pairs = [(o, o) for o in range(profiles)]
    known = set(pairs)
    for held in pairs:  # the list grows while it is read
        for o in range(profiles):
            if o != held[0] and reach[held[0], held[1], o] and (o, held[0]) not in known:
                known.add((o, held[0]))
                pairs.append((o, held[0]))
    ordered = sorted(pairs)
    return np.array([a for a, _ in ordered]), np.array([b for _, b in ordered])
