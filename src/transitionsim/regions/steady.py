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
from scipy import stats

from transitionsim.arithmetic import exp, log
from transitionsim.compiling import compiled
from transitionsim.regions.flows import Flows

Floats = NDArray[np.float64]
PACE_CLASSES: Final = 6
ITERATIONS: Final = 2400
STANDING: Final = 2e-6
"""Largest monthly relative change of a stock at which the region is taken to stand still."""
_UNEMPLOYED: Final = 0
_INACTIVE: Final = 1
_EMPLOYED: Final = 2


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
    hazards: Hazards
    pace: Floats
    spread: float
    """Coefficient of variation of the pace out of unemployment that gives the long-term share."""
    long_term_share: float
    misfit: float
    """Largest relative change of a stock in the last month of the iteration."""


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
    edges = stats.gamma.ppf(np.linspace(0.0, 1.0, PACE_CLASSES + 1), shape, scale=1.0 / shape)
    mass = stats.gamma.cdf(edges, shape + 1.0, scale=1.0 / shape)
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
        unemployed, inflow = _chain(hazards, give_up, find)
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

    Bisection between 0 and 1.8; where even that falls short it is taken and the misfit shows in the steady state.
    """
    low, high = 0.0, 1.8
    for _ in range(18):
        middle = 0.5 * (low + high)
        if long_term_share(hazards, pace_classes(middle)) < target:
            low = middle
        else:
            high = middle
    spread = round(0.5 * (low + high), 3)
    return spread, pace_classes(spread)


@compiled
def _attempt(
    weights: Floats,
    suited: Floats,
    open_posts: Floats,
    attraction: Floats,
    seekers: Floats,
    chance: Floats,
    target_suited: Floats,
    success: Floats,
    mean_success: Floats,
) -> None:
    """Compute, for one round, the success of an application by profile and its mean by group.

    ``seekers`` has shape (groups,): applications sent by each group. Writes ``target_suited`` (suitable
    applications by profile), ``success`` (chance that a suitable application wins) and ``mean_success``.
    """
    groups, profiles = weights.shape
    for o in range(profiles):
        target_suited[o] = 0.0
    for g in range(groups):
        reach = 0.0
        for o in range(profiles):
            reach += weights[g, o] * open_posts[o] * attraction[o]
        chance[g] = 1.0 / reach if reach > 0.0 else 0.0
        if seekers[g] > 0.0:
            for o in range(profiles):
                if weights[g, o] > 0.0:
                    share = weights[g, o] * open_posts[o] * attraction[o] * chance[g]
                    target_suited[o] += seekers[g] * share * suited[g, o]
    for o in range(profiles):
        x = target_suited[o] / open_posts[o] if open_posts[o] > 1e-12 else 1e12
        success[o] = (1.0 - exp(-x)) / x if x > 1e-9 else 1.0
    for g in range(groups):
        total = 0.0
        for o in range(profiles):
            if weights[g, o] > 0.0:
                share = weights[g, o] * open_posts[o] * attraction[o] * chance[g]
                total += share * suited[g, o] * success[o]
        mean_success[g] = total


@compiled
def _relax(
    stock: Floats,
    posts: Floats,
    weights: Floats,
    suited: Floats,
    first: NDArray[np.int64],
    moved_to: NDArray[np.int64],
    own: NDArray[np.int64],
    pace: Floats,
    births: Floats,
    rate: Floats,
    target: Floats,
    wanted: Floats,
    intensity: Floats,
    attraction: Floats,
    hires: Floats,
    iterations: int,
) -> float:
    """Repeat the expected month until it stands still, moving the free constants on the way.

    ``stock`` has shape (3, groups, classes): jobless, inactive, employed. ``rate`` holds leave, to_unemployed,
    to_inactive, give_up (moved on the way), start_looking; ``target`` the chances of being hired of the three
    states and the hazard of giving up. ``wanted`` are the vacancies after matching by profile. Returns the
    largest relative change of a stock by profile in the last month.
    """
    states, groups, classes = stock.shape
    profiles = posts.shape[0]
    p = np.empty((states, groups, classes))
    once = np.empty((states, groups, classes))
    twice = np.empty((states, groups, classes))
    won = np.empty((states, groups, classes))
    sent = np.empty(groups)
    chance = np.empty(groups)
    target_suited = np.empty(profiles)
    success = np.empty(profiles)
    mean_success = np.empty(groups)
    open_posts = np.empty(profiles)
    reach_own = np.empty(profiles)
    share_hired = np.full(profiles, 1.0 / profiles)
    flow = np.empty((groups, profiles))
    new = np.empty((states, groups, classes))
    employed = np.empty(profiles)
    hired_by = np.empty(profiles)
    there_by = np.empty(profiles)
    before_by = np.empty(profiles)
    after_by = np.empty(profiles)
    change = 0.0
    for step in range(iterations):
        # Lives: exits, separations, giving up, taking up the search; entrants take the rows of leavers.
        left = 0.0
        gave_up = 0.0
        jobless = 0.0
        for g in range(groups):
            for k in range(classes):
                u, n, e = stock[0, g, k], stock[1, g, k], stock[2, g, k]
                quitting = min(rate[3] * pace[k], 0.95)
                gave_up += u * quitting
                jobless += u
                left += rate[0] * (u + n + e)
                new[0, g, k] = u * (1.0 - rate[0] - quitting) + rate[1] * e + rate[4] * n
                new[1, g, k] = n * (1.0 - rate[0] - rate[4]) + rate[2] * e + quitting * u
                new[2, g, k] = e * (1.0 - rate[0] - rate[1] - rate[2])
        for o in range(profiles):
            for k in range(classes):
                new[1, own[o], k] += left * share_hired[o] * births[k]
        # Vacancies: posts less staff, known exits of the next two months posted ahead.
        for o in range(profiles):
            employed[o] = 0.0
        for g in range(groups):
            for k in range(classes):
                employed[first[g]] += new[2, g, k]
        for o in range(profiles):
            open_posts[o] = max(0.0, posts[o] - employed[o] * (1.0 - 2.0 * rate[0]))
            hires[o] = 0.0
        for o in range(profiles):
            total = 0.0
            for other in range(profiles):
                total += weights[own[o], other] * open_posts[other] * attraction[other]
            reach_own[o] = total
        # The job market: two rounds.
        for g in range(groups):
            reach = 0.0
            for o in range(profiles):
                reach += weights[g, o] * open_posts[o] * attraction[o]
            ratio = reach / reach_own[first[g]] if reach_own[first[g]] > 0.0 else 0.0
            for s in range(states):
                for k in range(classes):
                    speed = pace[k] if s == 0 else 1.0
                    chance_one = 1.0 - exp(-intensity[s, first[g]] * ratio * speed)
                    p[s, g, k] = chance_one
                    once[s, g, k] = new[s, g, k] * 2.0 * chance_one * (1.0 - chance_one)
                    twice[s, g, k] = new[s, g, k] * chance_one * chance_one
                    won[s, g, k] = 0.0
            for o in range(profiles):
                flow[g, o] = 0.0
        for _round in range(2):
            for g in range(groups):
                total = 0.0
                for s in range(states):
                    for k in range(classes):
                        total += once[s, g, k] + 2.0 * twice[s, g, k]
                sent[g] = total
            _attempt(
                weights, suited, open_posts, attraction, sent, chance, target_suited, success, mean_success
            )
            for g in range(groups):
                m = mean_success[g]
                if m <= 0.0:
                    continue
                hired_here = 0.0
                for s in range(states):
                    for k in range(classes):
                        a = once[s, g, k] * m
                        b = twice[s, g, k] * (2.0 * m - m * m)
                        once[s, g, k] -= a
                        twice[s, g, k] -= b
                        won[s, g, k] += a + b
                        hired_here += a + b
                for o in range(profiles):
                    if weights[g, o] > 0.0:
                        share = weights[g, o] * open_posts[o] * attraction[o] * chance[g]
                        flow[g, o] += hired_here * share * suited[g, o] * success[o] / m
            for o in range(profiles):
                total = 0.0
                for g in range(groups):
                    total += flow[g, o]
                open_posts[o] -= total - hires[o]
                if open_posts[o] < 0.0:
                    open_posts[o] = 0.0
                hires[o] = total
        # Move the hired into employment, by group and class.
        for g in range(groups):
            out = 0.0
            for o in range(profiles):
                out += flow[g, o]
            if out <= 0.0:
                continue
            for s in range(states):
                for k in range(classes):
                    gone = won[s, g, k]
                    if gone > 0.0:
                        new[s, g, k] -= gone
                        for o in range(profiles):
                            if flow[g, o] > 0.0:
                                new[2, moved_to[g, o], k] += gone * flow[g, o] / out
        # Move the free constants towards their targets.
        change = 0.0
        speed_up = 0.2 if step < iterations // 2 else 0.05
        for s in range(states):
            for o in range(profiles):
                hired_by[o] = 0.0
                there_by[o] = 0.0
                before_by[o] = 0.0
                after_by[o] = 0.0
            for g in range(groups):
                o = first[g]
                for k in range(classes):
                    hired_by[o] += won[s, g, k]
                    there_by[o] += new[s, g, k] + (won[s, g, k] if s != 2 else 0.0)
                    before_by[o] += stock[s, g, k]
                    after_by[o] += new[s, g, k]
                    stock[s, g, k] = new[s, g, k]
            for o in range(profiles):
                if there_by[o] > 0.0 and hired_by[o] > 0.0:
                    intensity[s, o] *= exp(speed_up * log(target[s] * there_by[o] / hired_by[o]))
                    intensity[s, o] = min(max(intensity[s, o], 1e-6), 8.0)
                if before_by[o] > 0.0:
                    change = max(change, abs(after_by[o] - before_by[o]) / before_by[o])
        if gave_up > 0.0:
            rate[3] *= exp(speed_up * log(target[3] * jobless / gave_up))
        for o in range(profiles):
            if open_posts[o] > 0.0:
                attraction[o] *= exp(0.1 * speed_up * log((open_posts[o] + 1e-9) / wanted[o]))
        mean_attraction = 0.0
        for o in range(profiles):
            mean_attraction += attraction[o] / profiles
        for o in range(profiles):
            attraction[o] /= mean_attraction
        total_hires = 0.0
        for o in range(profiles):
            total_hires += hires[o]
        for o in range(profiles):
            share_hired[o] = hires[o] / total_hires if total_hires > 0.0 else 1.0 / profiles
        if change < STANDING and step > 200:
            break
    return change


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
) -> SteadyState:
    """Return the steady state for the region's employment by profile.

    ``employed`` has shape (profiles,) in persons; ``vacancy_rate`` is the survey's stock of vacancies over
    posts; ``distance`` has shape (profiles, profiles, profiles): skill distance from the pair of profiles held
    to the profile asked for. ``mobility`` is the weight of an application outside the own profile,
    ``reach_limit`` the largest distance that needs no training.
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
    index = {(int(a), int(b)): g for g, (a, b) in enumerate(zip(first, second, strict=True))}
    own = np.array([index[o, o] for o in range(profiles)])
    moved_to = np.array(
        [[g if o == a else index.get((o, int(a)), own[o]) for o in range(profiles)] for g, a in enumerate(first)]
    )
    births = np.full(PACE_CLASSES, 1.0 / PACE_CLASSES)
    stock = np.zeros((3, len(first), PACE_CLASSES))
    for state, total in (
        (_UNEMPLOYED, labour * unemployment),
        (_INACTIVE, labour * inactive_ratio),
        (_EMPLOYED, employed.sum()),
    ):
        stock[state, own] = total * (employed / employed.sum())[:, None] * births[None, :]
    wanted = employed * vacancy_rate / (1.0 - vacancy_rate)
    leaving = 2.0 * hazards.leave * employed
    posts = employed + wanted - leaving
    rate = np.array(
        [hazards.leave, hazards.to_unemployed, hazards.to_inactive, hazards.give_up, hazards.start_looking]
    )
    target = np.array([hazards.find, hazards.find_inactive, hazards.find_employed, hazards.give_up])
    intensity = np.repeat(target[:3, None] * 1.2, profiles, axis=1)
    attraction = np.ones(profiles)
    hires = np.zeros(profiles)
    misfit = _relax(
        stock, posts, weights, suited, first, moved_to, own, pace, births, rate, target, wanted,
        intensity, attraction, hires, ITERATIONS,
    )  # fmt: skip
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
        hazards=replace(hazards, give_up=float(rate[3])),
        pace=pace,
        spread=spread,
        long_term_share=long_term_share(hazards, pace),
        misfit=float(misfit),
    )


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
