"""The region: the answer of other employers, the count of people, and what the public purse gives and takes."""

from __future__ import annotations

import numpy as np

from transitionsim.arithmetic import power
from transitionsim.columns import OTHER_ECONOMY
from transitionsim.markets import vacancies
from transitionsim.tallies import count_people as tally_people
from transitionsim.tallies import count_posts
from transitionsim.world import Floats, State

MOST_CREATED = 0.05
"""Elastic job creation changes the posts of a profile by at most this share."""


def respond_locally(state: State) -> None:
    """Other employers answer automotive posts lost, with a lag of years, and how fast their vacancies fill."""
    if state.road is None:
        return
    before = state.response
    if state.scenario.mechanisms.local_response:
        lost = state.posts_reference - automotive_posts(state)
        step = 1.0 - power(2.0, -1.0 / state.value("region.local_response_half_life"))
        state.response += step * (-state.value("region.local_response") * lost - before)
    elastic = state.register.value("region.job_creation") == "elastic"
    if state.response == before and not elastic:
        return
    others = state.employers["tier"] == OTHER_ECONOMY
    base = max(1, int(state.employers["posts_start"][others].sum()))
    factor = np.full(state.posts.shape[1], 1.0 + state.response / base)
    if elastic:
        factor *= job_creation(state)
    vacancies.set_other_posts(state.employers, state.posts_start, state.cell_phase, factor, state.posts)


def job_creation(state: State) -> Floats:
    """Return by profile how many posts there are for one where vacancies fill as fast as before the start."""
    posted, left = state.vacancy_window.sum(axis=1)
    elasticity = state.value("region.job_creation_elasticity")
    factor = np.ones(len(posted))
    for o in np.nonzero((posted > 0.0) & (state.fill_reference > 0.0))[0]:
        ratio = (1.0 - left[o] / posted[o]) / state.fill_reference[o]
        wanted = power(ratio, elasticity) if ratio > 0.0 else 0.0
        factor[o] = min(max(wanted, 1.0 - MOST_CREATED), 1.0 + MOST_CREATED)
    return factor


def automotive_posts(state: State) -> int:
    """Return the posts of all automotive employers, in rows."""
    return int(state.employers["posts"][state.network.automotive].sum())


def count_people(state: State) -> None:
    """People and posts are counted at the end of the month; the public purse pays benefits and takes its part."""
    benefit = (
        round(1000 * state.value("fiscal.benefit_replacement")),
        round(100 * state.value("fiscal.benefit_cap")),
        int(state.value("fiscal.benefit_months")),
    )
    tally_people(
        state.workers, state.month, benefit, state.by_status, state.commuters, state.jobless, state.long_term,
        state.active, state.purse,
    )  # fmt: skip
    count_posts(state.employers, state.staff, state.vacancies, state.misplaced)
    if state.road is None:
        return
    benefits, wages = (int(cents) * state.scale for cents in state.purse)
    contributions = state.value("finance.contributions") + state.value("fiscal.employee_contributions")
    state.public += (
        benefits,
        wages * round(1000 * contributions) // 1000,
        wages * round(1000 * state.value("fiscal.income_tax")) // 1000,
    )
