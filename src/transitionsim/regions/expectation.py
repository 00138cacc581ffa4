"""The month in expectation: whole groups of people in place of persons, for solving the steady state.

Each kernel here has its counterpart among the rules and markets of the model: lives, vacancies, applications,
two rounds of matching, hires. Stocks have shape (3, groups, classes): jobless, inactive and employed people by
group (a pair of present and previous profile) and by class of pace out of unemployment. ``suited`` has shape (2,
groups, profiles): the chance that an application is taken seriously by both sides, for people without a job, whom
only the firm may find unsuited, and for people in a job, who may find the wage too low as well.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transitionsim.arithmetic import exp, log
from transitionsim.compiling import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
ROUNDS: Final = 2
ITERATIONS: Final = 2400
STANDING: Final = 2e-6
"""Largest monthly relative change of a stock at which the region is taken to stand still."""


class Groups(NamedTuple):
    """Pairs of profiles in which people are: what they reach, and where a hire takes them.

    ``weights`` (groups, profiles) and ``suited`` (2, groups, profiles) as in a month; ``first`` (groups,) is the
    present profile, ``moved_to`` (groups, profiles) the group after a hire, ``own`` (profiles,) the group of a
    profile twice; ``pace`` and ``births`` (classes,) the pace out of unemployment and the share of each class.
    """

    weights: Floats
    suited: Floats
    first: Integers
    moved_to: Integers
    own: Integers
    pace: Floats
    births: Floats


@compiled
def _attempt(
    weights: Floats,
    suited: Floats,
    open_posts: Floats,
    attraction: Floats,
    seekers: Floats,
    chance: Floats,
    success: Floats,
    mean_success: Floats,
) -> None:
    """Compute, for one round, the success of an application by profile and its mean by group.

    ``seekers`` has shape (2, groups): applications sent by each group without and with a job. Writes ``chance``
    (one over the pull within reach of a group), ``success`` (chance that a suitable application wins) and
    ``mean_success`` (2, groups).
    """
    groups, profiles = weights.shape
    target_suited = np.zeros(profiles)
    for g in range(groups):
        reach = 0.0
        for o in range(profiles):
            reach += weights[g, o] * open_posts[o] * attraction[o]
        chance[g] = 1.0 / reach if reach > 0.0 else 0.0
        if seekers[0, g] + seekers[1, g] > 0.0:
            for o in range(profiles):
                if weights[g, o] > 0.0:
                    share = weights[g, o] * open_posts[o] * attraction[o] * chance[g]
                    target_suited[o] += share * (seekers[0, g] * suited[0, g, o] + seekers[1, g] * suited[1, g, o])
    for o in range(profiles):
        x = target_suited[o] / open_posts[o] if open_posts[o] > 1e-12 else 1e12
        success[o] = (1.0 - exp(-x)) / x if x > 1e-9 else 1.0
    for g in range(groups):
        mean_success[0, g] = 0.0
        mean_success[1, g] = 0.0
        for o in range(profiles):
            if weights[g, o] > 0.0:
                share = weights[g, o] * open_posts[o] * attraction[o] * chance[g]
                mean_success[0, g] += share * suited[0, g, o] * success[o]
                mean_success[1, g] += share * suited[1, g, o] * success[o]


@compiled
def _live(
    stock: Floats,
    new: Floats,
    rate: Floats,
    apart: Floats,
    pace: Floats,
    births: Floats,
    first: Integers,
    own: Integers,
    chosen: Floats,
) -> tuple[float, float]:
    """Write the stocks after lives have moved into ``new``; return who gave up the search, and the jobless.

    Exits, separations (``apart``, to unemployment and to inactivity, by profile), giving up, taking up the search;
    entrants take the rows of leavers, with the profiles
    ``chosen`` (profiles,).
    """
    _, groups, classes = stock.shape
    left = 0.0
    gave_up = 0.0
    jobless = 0.0
    for g in range(groups):
        to_u, to_n = apart[0, first[g]], apart[1, first[g]]
        for k in range(classes):
            u, n, e = stock[0, g, k], stock[1, g, k], stock[2, g, k]
            quitting = min(rate[1] * pace[k], 0.95)
            gave_up += u * quitting
            jobless += u
            left += rate[0] * (u + n + e)
            new[0, g, k] = u * (1.0 - rate[0] - quitting) + to_u * e + rate[2] * n
            new[1, g, k] = n * (1.0 - rate[0] - rate[2]) + to_n * e + quitting * u
            new[2, g, k] = e * (1.0 - rate[0] - to_u - to_n)
    for o in range(len(own)):
        for k in range(classes):
            new[1, own[o], k] += left * chosen[o] * births[k]
    return gave_up, jobless


@compiled
def _post(new: Floats, first: Integers, posts: Floats, leave: float, open_posts: Floats) -> None:
    """Write vacancies by profile: posts less staff, known exits of the next two months posted ahead."""
    _, groups, classes = new.shape
    for o in range(len(posts)):
        open_posts[o] = 0.0
    for g in range(groups):
        for k in range(classes):
            open_posts[first[g]] += new[2, g, k]
    for o in range(len(posts)):
        open_posts[o] = max(0.0, posts[o] - open_posts[o] * (1.0 - 2.0 * leave))


@compiled
def _apply(
    new: Floats,
    weights: Floats,
    first: Integers,
    own: Integers,
    pull: Floats,
    intensity: Floats,
    pace: Floats,
    once: Floats,
    twice: Floats,
) -> None:
    """Write how many people of each state, group and class send one and two applications a round."""
    states, groups, classes = new.shape
    profiles = len(pull)
    reach_own = np.zeros(profiles)
    for o in range(profiles):
        for other in range(profiles):
            reach_own[o] += weights[own[o], other] * pull[other]
    for g in range(groups):
        reach = 0.0
        for o in range(profiles):
            reach += weights[g, o] * pull[o]
        ratio = reach / reach_own[first[g]] if reach_own[first[g]] > 0.0 else 0.0
        for s in range(states):
            # The pace plays a part without a job only: the inactive and people in a job search alike in all classes.
            chance = 1.0 - exp(-intensity[s, first[g]] * ratio)
            for k in range(classes):
                if s == 0:
                    chance = 1.0 - exp(-intensity[s, first[g]] * ratio * pace[k])
                once[s, g, k] = new[s, g, k] * 2.0 * chance * (1.0 - chance)
                twice[s, g, k] = new[s, g, k] * chance * chance


@compiled
def _meet(
    weights: Floats,
    suited: Floats,
    open_posts: Floats,
    attraction: Floats,
    once: Floats,
    twice: Floats,
    won: Floats,
    flow: Floats,
) -> None:
    """Let one round of applications meet the open vacancies; adds to ``won`` and to ``flow`` (2, groups, profiles)."""
    states, groups, classes = won.shape
    profiles = len(open_posts)
    sent = np.zeros((2, groups))
    chance = np.empty(groups)
    success = np.empty(profiles)
    mean_success = np.empty((2, groups))
    for g in range(groups):
        for s in range(states):
            for k in range(classes):
                sent[s // 2, g] += once[s, g, k] + 2.0 * twice[s, g, k]
    _attempt(weights, suited, open_posts, attraction, sent, chance, success, mean_success)
    filled = np.zeros(profiles)
    hired = np.zeros((2, groups))
    for g in range(groups):
        for s in range(states):
            m = mean_success[s // 2, g]
            for k in range(classes):
                a = once[s, g, k] * m
                b = twice[s, g, k] * (2.0 * m - m * m)
                once[s, g, k] -= a
                twice[s, g, k] -= b
                won[s, g, k] += a + b
                hired[s // 2, g] += a + b
        for with_job in range(2):
            if mean_success[with_job, g] <= 0.0:
                continue
            for o in range(profiles):
                if weights[g, o] > 0.0:
                    share = weights[g, o] * open_posts[o] * attraction[o] * chance[g]
                    part = hired[with_job, g] * share * suited[with_job, g, o] * success[o] / mean_success[with_job, g]
                    flow[with_job, g, o] += part
                    filled[o] += part
    for o in range(profiles):
        open_posts[o] = max(0.0, open_posts[o] - filled[o])


@compiled
def _move(new: Floats, won: Floats, flow: Floats, moved_to: Integers, hires: Floats) -> None:
    """Move the hired into employment, by group and class; writes ``hires`` by profile."""
    states, groups, classes = new.shape
    profiles = len(hires)
    for o in range(profiles):
        hires[o] = 0.0
    for g in range(groups):
        for o in range(profiles):
            hires[o] += flow[0, g, o] + flow[1, g, o]
        for s in range(states):
            with_job = s // 2
            out = 0.0
            for o in range(profiles):
                out += flow[with_job, g, o]
            if out <= 0.0:
                continue
            for k in range(classes):
                new[s, g, k] -= won[s, g, k]
            for o in range(profiles):
                if flow[with_job, g, o] > 0.0:
                    to = moved_to[g, o]
                    for k in range(classes):
                        new[2, to, k] += won[s, g, k] * flow[with_job, g, o] / out


@compiled
def _adjust(
    stock: Floats, new: Floats, won: Floats, first: Integers, target: Floats, step: float, intensity: Floats
) -> float:
    """Move the intensities of search towards their targets, take over the new stocks, return the largest change."""
    states, groups, classes = new.shape
    profiles = intensity.shape[1]
    change = 0.0
    for s in range(states):
        hired, there, before, after = np.zeros(profiles), np.zeros(profiles), np.zeros(profiles), np.zeros(profiles)
        for g in range(groups):
            o = first[g]
            for k in range(classes):
                hired[o] += won[s, g, k]
                there[o] += new[s, g, k] + (won[s, g, k] if s != 2 else 0.0)
                before[o] += stock[s, g, k]
                after[o] += new[s, g, k]
                stock[s, g, k] = new[s, g, k]
        for o in range(profiles):
            if there[o] > 0.0 and hired[o] > 0.0:
                intensity[s, o] *= exp(step * log(target[s] * there[o] / hired[o]))
                intensity[s, o] = min(max(intensity[s, o], 1e-6), 8.0)
            if before[o] > 0.0:
                change = max(change, abs(after[o] - before[o]) / before[o])
    return change


@compiled
def relax(
    stock: Floats,
    posts: Floats,
    groups: Groups,
    rate: Floats,
    apart: Floats,
    target: Floats,
    wanted: Floats,
    intensity: Floats,
    attraction: Floats,
    hires: Floats,
    chosen: Floats,
) -> float:
    """Repeat the expected month until it stands still, moving the free constants on the way.

    ``stock`` has shape (3, groups, classes): jobless, inactive, employed. ``rate`` holds leave, give_up (moved on
    the way) and start_looking; ``apart`` (2, profiles) the hazards of separation; ``target`` the chances of being
    hired of the three states and the hazard of giving up. ``wanted`` are the vacancies after matching by profile,
    ``chosen`` the profiles of entrants. Returns the largest relative change of a stock by profile in the last month.
    """
    weights, suited, first, moved_to, own, pace, births = groups
    profiles = len(posts)
    new, once, twice, won = np.empty_like(stock), np.empty_like(stock), np.empty_like(stock), np.empty_like(stock)
    flow = np.empty((2, stock.shape[1], profiles))
    open_posts = np.empty(profiles)
    change = 1.0
    for step in range(ITERATIONS):
        gave_up, jobless = _live(stock, new, rate, apart, pace, births, first, own, chosen)
        _post(new, first, posts, rate[0], open_posts)
        _apply(new, weights, first, own, open_posts * attraction, intensity, pace, once, twice)
        won[:] = 0.0
        flow[:] = 0.0
        for _ in range(ROUNDS):
            _meet(weights, suited, open_posts, attraction, once, twice, won, flow)
        _move(new, won, flow, moved_to, hires)
        speed = 0.2 if step < ITERATIONS // 2 else 0.05
        change = _adjust(stock, new, won, first, target, speed, intensity)
        if gave_up > 0.0:
            rate[1] *= exp(speed * log(target[3] * jobless / gave_up))
        for o in range(profiles):
            if open_posts[o] > 0.0:
                attraction[o] *= exp(0.1 * speed * log((open_posts[o] + 1e-9) / wanted[o]))
        attraction /= attraction.sum() / profiles
        if change < STANDING and step > 200:
            break
    return change
