"""The region: the answer of other employers, the count of people, and what the public purse gives and takes."""

from __future__ import annotations

from typing import Final

import numpy as np

from transitionsim.arithmetic import power
from transitionsim.breakdowns import count_firms
from transitionsim.columns import INVOLUNTARY
from transitionsim.tallies import Counted, count_misplaced, count_posts, note_employed
from transitionsim.tallies import count_people as tally_people
from transitionsim.world import Floats, State

MOST_CREATED: Final = 0.05
"""Elastic job creation changes the posts of a profile by at most this share."""


def respond_locally(state: State) -> None:
    """Other employers answer automotive posts lost, with a lag of years."""
    if state.prelude or not state.settings.mechanisms.local_response:
        return
    lost = state.posts_reference - automotive_posts(state)
    step = 1.0 - power(2.0, -1.0 / state.settings.value("region.local_response_half_life"))
    state.response += step * (-state.settings.value("region.local_response") * lost - state.response)


def job_creation(state: State) -> Floats:
    """Return by profile how many posts there are for one where vacancies fill as fast as before the start."""
    factor = np.ones(state.posts.shape[1])
    if state.settings.register.value("region.job_creation") != "elastic":
        return factor
    posted, left = state.vacancy_window.sum(axis=1)
    elasticity = state.settings.value("region.job_creation_elasticity")
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
        round(1000 * state.settings.value("fiscal.benefit_replacement")),
        round(100 * state.settings.value("fiscal.benefit_cap")),
        int(state.settings.value("fiscal.benefit_months")),
    )
    counted = Counted(
        state.by_status, state.commuters, state.jobless, state.breakdown.unemployed_by_age, state.long_term,
        state.learning.completed, state.supply, state.purse,
    )  # fmt: skip
    state.displaced = np.empty(int(state.separations[list(INVOLUNTARY)].sum()), np.int32)
    tally_people(state.workers, state.month, benefit, state.holds, counted, state.displaced)
    if state.careers is not None:
        note_employed(state.workers, state.careers.employed[state.month])
    count_posts(state.posts, state.posts_by_profile)
    count_misplaced(state.employers, state.staff, state.vacancies, state.misplaced, state.by_sector)
    if state.prelude:
        return
    benefits, wages = (int(cents) * state.scale for cents in state.purse)
    wages -= state.short_time_wages
    _count_firms(state)
    value = state.settings.value
    contributions = value("finance.contributions") + value("fiscal.employee_contributions")
    state.public += (
        benefits,
        wages * round(1000 * contributions) // 1000,
        wages * round(1000 * value("fiscal.income_tax")) // 1000,
    )


def _count_firms(state: State) -> None:
    """Automotive firms are counted by tier, size class and profile."""
    instruments = state.instruments if len(state.instruments) else np.zeros(1, np.int64)
    count_firms(
        state.employers, state.network.automotive, state.network.entrant, state.staff, state.posts, state.orders,
        state.network.price, instruments, state.breakdown,
    )  # fmt: skip
