"""The recorder: how each monthly series is counted, and the record as one tidy table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim import series
from transitionsim.columns import (
    AWAY,
    CLOSURE,
    CONVERTED,
    DISMISSAL,
    EARLY_EXIT,
    EMPLOYED,
    IN_TRAINING,
    INACTIVE,
    OTHER_END,
    QUIT_TO_JOB,
    RETIRED,
    RETIREMENT,
    TEMPORARY_NOT_RENEWED,
    TO_INACTIVITY,
    UNEMPLOYED,
)
from transitionsim.histories import COMPARISON, DISPLACED
from transitionsim.world import State

if TYPE_CHECKING:
    import pandas as pd

Count = Callable[[State], Any]
"""Returns a number of rows, firms or cents from the state at the end of a month."""


def _status(status: int) -> Count:
    return lambda state: state.by_status[status]


def _cause(cause: int) -> Count:
    return lambda state: state.separations[cause, 0]


def _hired_from(*statuses: int) -> Count:
    return lambda state: sum(int(state.hires[status, 0]) for status in statuses)


def _firms(where: Callable[[State], NDArray[np.bool_]]) -> Count:
    return lambda state: state.employers["represents"][where(state)].sum()


PERSONS: Final[Mapping[str, Count]] = {
    "employment": _status(EMPLOYED),
    "employment_automotive": lambda state: state.staff[state.network.automotive].sum(),
    "unemployed": _status(UNEMPLOYED),
    "in_training": _status(IN_TRAINING),
    "inactive": _status(INACTIVE),
    "retired": _status(RETIRED),
    "away": _status(AWAY),
    "long_term_unemployed": lambda state: state.long_term[0],
    "vacancies": lambda state: state.vacancies.sum(),
    "vacancies_automotive": lambda state: state.vacancies[state.network.automotive].sum(),
    "posts": lambda state: state.employers["posts"].sum(),
    "posts_automotive": lambda state: state.employers["posts"][state.network.automotive].sum(),
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
    "hires": lambda state: state.hires.sum(),
    "separations": lambda state: state.separations.sum(),
    "displaced": lambda state: state.histories.displaced,
    "displaced_job_to_job": lambda state: state.histories.job_to_job,
    "displaced_employed_12m": lambda state: state.histories.employed_later[0],
    "displaced_employed_18m": lambda state: state.histories.employed_later[1],
    "earned_displaced": lambda state: state.histories.wages[DISPLACED, 0],
    "earned_before_displaced": lambda state: state.histories.wages[DISPLACED, 1],
    "earned_comparison": lambda state: state.histories.wages[COMPARISON, 0],
    "earned_before_comparison": lambda state: state.histories.wages[COMPARISON, 1],
    "trainees_enrolled": lambda state: sum(programme.enrolled_now for programme in state.programmes),
}
"""Counted in rows; recorded in persons (or posts for one person, or cents of all persons)."""
AS_THEY_ARE: Final[Mapping[str, Count]] = {
    "suppliers_converted": _firms(lambda state: state.employers["stage"] == CONVERTED),
    "suppliers_closed": _firms(lambda state: state.employers["closed"]),
    "spent_cents": lambda state: sum(ledger.paid for ledger in state.ledgers()),
    "returned_cents": lambda state: sum(ledger.returned for ledger in state.ledgers()),
}
"""Counted in firms or cents, whatever a row stands for."""
NAMES: Final = series.names(series.ALL)
INVOLUNTARY_LOSSES: Final = series.names(series.INVOLUNTARY)
"""Lines (b), (c) and (d) of the job ledger."""


def empty_series(months: int) -> dict[str, NDArray[Any]]:
    """Return arrays for the months of a run, one whole number a month for each name."""
    return {name: np.zeros(months, np.int64) for name in NAMES}


def record(state: State) -> None:
    """The month is written down: stocks after matching, flows of the month, money to date."""
    if not state.series:
        return
    for name, count in PERSONS.items():
        state.series[name][state.month] = int(count(state)) * state.scale
    for name, count in AS_THEY_ARE.items():
        state.series[name][state.month] = int(count(state))


def tidy(state: State) -> pd.DataFrame:
    """Return the record as a table: month, indicator, value; persons, posts and firms as they are, money in cents."""
    import pandas as pd

    months = [str(state.scenario.at(t)) for t in range(state.scenario.months)]
    frame = pd.DataFrame(dict(state.series), index=months)
    frame.index.name = "month"
    return frame.reset_index().melt(id_vars="month", var_name="indicator", value_name="value")
