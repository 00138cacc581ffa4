"""The recorder: how each monthly series and table is counted, and the record as tidy tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim import series, tables
from transitionsim.breakdowns import (
    COMBUSTION_STAFF,
    DEPENDENT,
    DIVERSIFIED,
    HIRES,
    LOSSES,
    POSTS,
    STAFF,
    SUPPORTED_STAFF,
    SUPPORTED_STAFF_BEFORE,
    Breakdown,
)
from transitionsim.columns import (
    AFTERMARKET,
    AGE_NAMES,
    AWAY,
    CLOSURE,
    COMBUSTION_GROUPS,
    CONVERTED,
    DISMISSAL,
    EARLY_EXIT,
    ELECTRIC_GROUPS,
    EMPLOYED,
    IN_TRAINING,
    INACTIVE,
    INSTRUMENT_NAMES,
    OTHER_END,
    PARTICIPANT_NAMES,
    PROJECT,
    QUIT_TO_JOB,
    RETIRED,
    RETIREMENT,
    TEMPORARY_NOT_RENEWED,
    TIER_NAMES,
    TO_INACTIVITY,
    UNEMPLOYED,
)
from transitionsim.employer_kinds import SIZE_NAMES
from transitionsim.histories import COMPARISON, DISPLACED
from transitionsim.markets.orders import hours_of_suppliers
from transitionsim.markets.seats import Programme
from transitionsim.months import Month
from transitionsim.policies import kinds
from transitionsim.quantities import Count
from transitionsim.tallies import AUTOMOTIVE, VACANT
from transitionsim.world import State

if TYPE_CHECKING:
    import pandas as pd


def _status(status: int) -> Count:
    return lambda state: state.counts.by_status[status]


def _cause(cause: int) -> Count:
    return lambda state: state.counts.separations[cause, 0]


def _in_sector(quantity: int, sector: int) -> Count:
    return lambda state: state.counts.by_sector[quantity, sector]


def _anywhere(quantity: int) -> Count:
    return lambda state: state.counts.by_sector[quantity].sum()


def _hired_from(*statuses: int) -> Count:
    return lambda state: sum(int(state.counts.hires[status, 0]) for status in statuses)


def _total(place: int) -> Count:
    return lambda state: state.counts.breakdown.totals[place]


def _firms(where: Callable[[State], NDArray[np.bool_]]) -> Count:
    return lambda state: state.employers["represents"][where(state)].sum()


def _gap(state: State) -> NDArray[np.int64]:
    return np.asarray(np.maximum(0, state.counts.posts_by_profile - state.counts.supply))


def _surplus(state: State) -> NDArray[np.int64]:
    return np.asarray(np.maximum(0, state.counts.supply - state.counts.posts_by_profile))


def labour_for(groups: Sequence[int]) -> Count:
    """Return the labour that the month's orders for some component groups need, in full-time equivalents.

    This is the boundary of studies that count powertrain jobs: hours by component over the hours of a person, at open
    suppliers, whole numbers of persons aside. What a firm that waits to open could be ordered does not count.
    """

    def count(state: State) -> float:
        hours = hours_of_suppliers(state.employers, state.orders.network, state.orders.books.by_group)
        return float(hours[list(groups)].sum()) / float(state.settings.value("hours.per_person_month")) + 0.5

    return count


def _places(state: State) -> NDArray[np.int64]:
    """Return the seats a year that providers can start by course, rounded to persons."""
    if not state.training.providers.limited:
        return np.zeros(len(state.counts.supply), np.int64)
    return np.floor(state.training.providers.capacity * 12.0 * state.scale + 0.5).astype(np.int64)


_OF_POLICIES: Final = {one.name: one for policy in kinds().values() for one in policy.series}
PERSONS: Final[Mapping[str, Count]] = {
    "employment": _status(EMPLOYED),
    "employment_automotive": _in_sector(STAFF, AUTOMOTIVE),
    "employment_combustion": _total(COMBUSTION_STAFF),
    "employment_aftermarket": _in_sector(STAFF, AFTERMARKET),
    "employment_projects": _in_sector(STAFF, PROJECT),
    "commuters": lambda state: state.counts.commuters[0],
    "commuters_without_job": lambda state: state.counts.commuters[1],
    "unemployed": _status(UNEMPLOYED),
    "in_training": _status(IN_TRAINING),
    "inactive": _status(INACTIVE),
    "retired": _status(RETIRED),
    "away": _status(AWAY),
    "moved_away": lambda state: state.counts.moved_away,
    "came_back": lambda state: state.counts.came_back,
    "long_term_unemployed": lambda state: state.counts.long_term[0],
    "long_term_in_training": lambda state: state.counts.long_term[1],
    "overstaffing": lambda state: state.counts.misplaced[0],
    "posts_unposted": lambda state: state.counts.misplaced[1],
    "vacancies": _anywhere(VACANT),
    "vacancies_automotive": _in_sector(VACANT, AUTOMOTIVE),
    "posts": _anywhere(POSTS),
    "posts_automotive": _in_sector(POSTS, AUTOMOTIVE),
    "dismissals": _cause(DISMISSAL),
    "closures": _cause(CLOSURE),
    "temporary_not_renewed": _cause(TEMPORARY_NOT_RENEWED),
    "early_exits": _cause(EARLY_EXIT),
    "other_ends": _cause(OTHER_END),
    "quits_to_jobs": _cause(QUIT_TO_JOB),
    "exits_to_inactivity": _cause(TO_INACTIVITY),
    "retirements": _cause(RETIREMENT),
    "hires_automotive_from_unemployment": _hired_from(UNEMPLOYED, IN_TRAINING),
    "hires_automotive_from_inactivity": _hired_from(INACTIVE),
    "hires_automotive_from_jobs": _hired_from(EMPLOYED),
    "hires": lambda state: state.counts.hires.sum(),
    "separations": lambda state: state.counts.separations.sum(),
    "short_time": lambda state: state.counts.short_time_lost,
    "displaced": lambda state: state.record.histories.displaced,
    "displaced_job_to_job": lambda state: state.record.histories.job_to_job,
    "displaced_employed_12m": lambda state: state.record.histories.employed_later[0, 0],
    "displaced_employed_18m": lambda state: state.record.histories.employed_later[0, 1],
    "displaced_long_held": lambda state: state.record.histories.long_held,
    "displaced_long_held_employed_12m": lambda state: state.record.histories.employed_later[1, 0],
    "displaced_long_held_employed_18m": lambda state: state.record.histories.employed_later[1, 1],
    "earned_displaced": lambda state: state.record.histories.wages[DISPLACED, 0],
    "earned_before_displaced": lambda state: state.record.histories.wages[DISPLACED, 1],
    "earned_comparison": lambda state: state.record.histories.wages[COMPARISON, 0],
    "earned_before_comparison": lambda state: state.record.histories.wages[COMPARISON, 1],
    "trainees_enrolled": lambda state: sum(one.enrolled_now for one in state.public.offers(Programme)),
    "trainees_enrolled_in_post": lambda state: state.counts.learning.in_post,
    "trainees_enrolled_on_notice": lambda state: state.counts.learning.on_notice,
    "trainees_enrolled_jobless": lambda state: state.counts.learning.jobless,
    "in_course": lambda state: state.counts.in_course[0],
    "trainees_enrolled_in_gap": lambda state: state.counts.learning.by_course[_gap(state) > 0].sum(),
    "trainees_completed": lambda state: state.counts.learning.completed[0],
    "trainees_completed_employed": lambda state: state.counts.learning.completed[1],
    "trainees_left_for_job": lambda state: state.counts.learning.placed[2],
    "trainees_6_months_after": lambda state: state.counts.learning.completed[2],
    "trainees_6_months_after_employed": lambda state: state.counts.learning.completed[3],
    "trainees_turned_away": lambda state: state.counts.learning.turned_away,
    "trained_hired": lambda state: state.counts.learning.placed[0],
    "trained_redeployed": lambda state: state.counts.learning.placed[1],
    "trained_this_year": lambda state: state.counts.learning.this_year,
    "trained_this_year_automotive": lambda state: state.counts.learning.this_year_automotive,
    "skill_supply": lambda state: state.counts.supply.sum(),
    "skill_gap": lambda state: _gap(state).sum(),
    "skill_surplus": lambda state: _surplus(state).sum(),
    "supported_jobs": _total(SUPPORTED_STAFF),
    "supported_jobs_before": _total(SUPPORTED_STAFF_BEFORE),
    **{name: one.count for name, one in _OF_POLICIES.items() if one.count and one.unit == "persons"},
}
"""Counted in rows; recorded in persons (or posts for one person, or cents of all persons)."""
AS_THEY_ARE: Final[Mapping[str, Count]] = {
    "course_places": lambda state: _places(state).sum(),
    "suppliers_converted": _firms(
        lambda state: (state.employers["stage"] == CONVERTED) & ~state.orders.network.entrant
    ),
    "suppliers_insolvent": _firms(lambda state: state.employers["insolvent"]),
    "suppliers_dependent": _total(DEPENDENT),
    "suppliers_diversified": _total(DIVERSIFIED),
    "firms_supported": lambda state: state.counts.breakdown.supported.sum(),
    "suppliers_new": lambda state: (state.orders.network.entrant & (state.employers["stage"] == CONVERTED)).sum(),
    "vehicles_made": lambda state: state.orders.vehicles_made + 0.5,
    "posts_combustion": labour_for(COMBUSTION_GROUPS),
    "posts_electric": labour_for(ELECTRIC_GROUPS),
    "suppliers_closed": _firms(lambda state: state.employers["closed"]),
    "spent_cents": lambda state: sum(one.ledger.paid for one in state.public.policies),
    "spent_on_places_cents": lambda state: sum(one.paid_for_places for one in state.public.offers(Programme)),
    "granted_cents": lambda state: sum(one.ledger.granted for one in state.public.policies),
    "returned_cents": lambda state: sum(one.ledger.returned for one in state.public.policies),
    "short_time_pay_cents": lambda state: state.public.short_time_pay,
    "short_time_benefit_cents": lambda state: state.public.short_time_pay - state.public.short_time_by_policies,
    "early_exit_cost_cents": lambda state: state.public.early_exit_cost,
    "benefits_cents": lambda state: state.public.transfers[0],
    "contributions_cents": lambda state: state.public.transfers[1],
    "income_tax_cents": lambda state: state.public.transfers[2],
    **{name: one.count for name, one in _OF_POLICIES.items() if one.count and one.unit != "persons"},
}
"""Counted in firms or cents, whatever a row stands for."""


def _rows(part: str, place: int | None = None, most: int | None = None) -> Count:
    """Return a part of the breakdown, or the first groups of one of its quantities, in persons."""
    at = Breakdown._fields.index(part)
    if place is None:
        return lambda state: state.counts.breakdown[at] * state.scale
    return lambda state: state.counts.breakdown[at][place, :most] * state.scale


def _accounts(amount: str) -> Count:
    return lambda state: [getattr(one.ledger, amount) for one in state.public.policies]


QUANTITIES: Final = {"employment": STAFF, "posts": POSTS, "losses": LOSSES, "hires": HIRES}
TABLES: Final[Mapping[str, Count]] = {
    "profile_posts": lambda state: state.counts.posts_by_profile * state.scale,
    "profile_vacancies": lambda state: state.labour.vacancies.sum(axis=0) * state.scale,
    "skill_supply": lambda state: state.counts.supply * state.scale,
    "skill_gap": lambda state: _gap(state) * state.scale,
    "skill_surplus": lambda state: _surplus(state) * state.scale,
    "course_enrolments": lambda state: state.counts.learning.by_course * state.scale,
    "course_places": _places,
    "participants": lambda state: state.counts.learning.participants * state.scale,
    **{
        f"automotive_{name}_by_tier": _rows("by_tier", place, len(TIER_NAMES) - 1) for name, place in QUANTITIES.items()
    },
    **{f"automotive_{name}_by_size": _rows("by_size", place) for name, place in QUANTITIES.items()},
    "automotive_employment_by_profile": _rows("staff_by_profile"),
    "automotive_posts_by_profile": _rows("posts_by_profile"),
    "automotive_losses_by_profile": _rows("losses_by_profile"),
    "automotive_hires_by_profile": _rows("hires_by_profile"),
    "automotive_losses_by_age": _rows("losses_by_age"),
    "unemployed_by_age": _rows("unemployed_by_age"),
    "supported_firms": lambda state: state.counts.breakdown.supported,
    "policy_granted_cents": _accounts("granted"),
    "policy_paid_cents": _accounts("paid"),
    "policy_returned_cents": _accounts("returned"),
}
"""Counted along the dimensions of the table, in its unit."""
LABELS: Final[Mapping[str, Callable[[State], Sequence[str]]]] = {
    "profile": lambda state: state.reference.jobs.names,
    "tier": lambda state: TIER_NAMES[:-1],
    "size": lambda state: SIZE_NAMES,
    "age": lambda state: AGE_NAMES,
    "participant": lambda state: PARTICIPANT_NAMES,
    "instrument": lambda state: INSTRUMENT_NAMES,
    "policy": lambda state: [one.id for one in state.public.policies],
}
"""What the places along a dimension are called."""
NAMES: Final = series.names(series.ALL)
INVOLUNTARY_LOSSES: Final = series.names(series.INVOLUNTARY)
"""Lines (b), (c) and (d) of the job ledger."""


def empty_series(months: int) -> dict[str, NDArray[Any]]:
    """Return arrays for the months of a run, one whole number a month for each name."""
    return {name: np.zeros(months, np.int64) for name in NAMES}


def empty_tables(state: State, months: int) -> dict[str, NDArray[Any]]:
    """Return arrays for the monthly tables of a run, shape (months, places along each dimension)."""
    sizes = {name: len(labels(state)) for name, labels in LABELS.items()}
    shapes = {one.name: (months, *(sizes[dimension] for dimension in one.dimensions)) for one in tables.ALL}
    return {name: np.zeros(shape, np.int64) for name, shape in shapes.items()}


def record(state: State) -> None:
    """The month is written down: stocks after matching, flows of the month, money to date."""
    if not state.record.series:
        return
    for name, count in PERSONS.items():
        state.record.series[name][state.month] = int(count(state)) * state.scale
    for name, count in AS_THEY_ARE.items():
        state.record.series[name][state.month] = int(count(state))
    for name, count in TABLES.items():
        state.record.tables[name][state.month] = count(state)


def tidy(state: State) -> pd.DataFrame:
    """Return the record as a table: month, indicator, value; persons, posts and firms as they are, money in cents."""
    import pandas as pd

    months = [str(Month(state.settings.start + t)) for t in range(state.settings.months)]
    frame = pd.DataFrame(dict(state.record.series), index=months)
    frame.index.name = "month"
    return frame.reset_index().melt(id_vars="month", var_name="indicator", value_name="value")


def tidy_table(state: State, name: str) -> pd.DataFrame:
    """Return a monthly table as one line for each month and place: month, the dimensions, value."""
    import pandas as pd

    months = [str(Month(state.settings.start + t)) for t in range(state.settings.months)]
    dimensions = tables.BY_NAME[name].dimensions
    places = [list(LABELS[dimension](state)) for dimension in dimensions]
    index = pd.MultiIndex.from_product([months, *places], names=["month", *dimensions])
    return pd.Series(state.record.tables[name].ravel(), index, name="value").reset_index()
