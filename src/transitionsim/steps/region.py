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
    lost = state.reference.posts_reference - automotive_posts(state)
    step = 1.0 - power(2.0, -1.0 / state.settings.value("region.local_response_half_life"))
    state.labour.response += step * (-state.settings.value("region.local_response") * lost - state.labour.response)


def job_creation(state: State) -> Floats:
    """Return by profile how many posts there are for one where vacancies fill as fast as before the start."""
    factor = np.ones(state.labour.posts.shape[1])
    if state.settings.register.value("region.job_creation") != "elastic":
        return factor
    posted, left = state.labour.vacancy_window.sum(axis=1)
    elasticity = state.settings.value("region.job_creation_elasticity")
    for o in np.nonzero((posted > 0.0) & (state.reference.fill_reference > 0.0))[0]:
        ratio = (1.0 - left[o] / posted[o]) / state.reference.fill_reference[o]
        wanted = power(ratio, elasticity) if ratio > 0.0 else 0.0
        factor[o] = min(max(wanted, 1.0 - MOST_CREATED), 1.0 + MOST_CREATED)
    return factor


def automotive_posts(state: State) -> int:
    """Return the posts of all automotive employers, in rows."""
    return int(state.employers["posts"][state.orders.network.automotive].sum())


def count_people(state: State) -> None:
    """People and posts are counted at the end of the month; the public purse pays benefits and takes its part."""
    labour, counts = state.labour, state.counts
    benefit = (
        round(1000 * state.settings.value("fiscal.benefit_replacement")),
        round(100 * state.settings.value("fiscal.benefit_cap")),
        int(state.settings.value("fiscal.benefit_months")),
    )
    counted = Counted(
        counts.by_status, counts.commuters, counts.jobless, counts.breakdown.unemployed_by_age, counts.long_term,
        counts.in_course, counts.learning.completed, counts.supply, counts.purse,
    )  # fmt: skip
    counts.displaced = np.empty(int(counts.separations[list(INVOLUNTARY)].sum()), np.int32)
    tally_people(state.workers, state.month, benefit, state.reference.holds, counted, counts.displaced)
    if state.record.careers is not None:
        note_employed(state.workers, state.record.careers.employed[state.month])
    count_posts(labour.posts, counts.posts_by_profile)
    count_misplaced(state.employers, labour.staff, labour.vacancies, counts.misplaced, counts.by_sector)
    if state.prelude:
        return
    benefits, wages = (int(cents) * state.scale for cents in counts.purse)
    wages -= counts.short_time_wages
    _count_firms(state)
    value = state.settings.value
    contributions = value("finance.contributions") + value("fiscal.employee_contributions")
    state.public.transfers += (
        benefits,
        wages * round(1000 * contributions) // 1000,
        wages * round(1000 * value("fiscal.income_tax")) // 1000,
    )


def _count_firms(state: State) -> None:
    """Automotive firms are counted by tier, size class and profile."""
    part, labour = state.orders, state.labour
    instruments = state.public.instruments if len(state.public.instruments) else np.zeros(1, np.int64)
    count_firms(
        state.employers, part.network.automotive, part.network.entrant, labour.staff, labour.posts, part.books.orders,
        part.network.price, instruments, state.counts.breakdown,
    )  # fmt: skip
