"""The recorder: what a month leaves behind, in persons and cents, as one tidy table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    AWAY,
    CLOSURE,
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
from transitionsim.world import State

if TYPE_CHECKING:
    import pandas as pd

STOCKS: Final = (
    "employment",
    "employment_automotive",
    "unemployed",
    "in_training",
    "inactive",
    "retired",
    "away",
    "long_term_unemployed",
    "vacancies",
    "vacancies_automotive",
    "posts",
    "posts_automotive",
)
"""Counted at the end of the month, in persons (posts and vacancies in posts for one person)."""
FLOWS: Final = {
    "dismissals": DISMISSAL,
    "closures": CLOSURE,
    "temporary_not_renewed": TEMPORARY_NOT_RENEWED,
    "early_exits": EARLY_EXIT,
    "other_ends": OTHER_END,
    "quits_to_jobs": QUIT_TO_JOB,
    "exits_to_inactivity": TO_INACTIVITY,
    "retirements": RETIREMENT,
}
"""Separations from automotive employers in the month by cause, in persons."""
INVOLUNTARY_LOSSES: Final = ("dismissals", "closures", "temporary_not_renewed")
"""Lines (b), (c) and (d) of the job ledger."""
HIRES: Final = {
    "hires_automotive_from_unemployment": (UNEMPLOYED, IN_TRAINING),
    "hires_automotive_from_inactivity": (INACTIVE,),
    "hires_automotive_from_jobs": (EMPLOYED,),
}
TOTALS: Final = ("hires", "separations", "trainees_enrolled", "suppliers_converted", "suppliers_closed")
CENTS: Final = ("spent_cents", "returned_cents")
NAMES: Final = (*STOCKS, *FLOWS, *HIRES, *TOTALS, *CENTS)


def empty_series(months: int) -> dict[str, NDArray[Any]]:
    """Return arrays for the months of a run, one whole number a month for each name."""
    return {name: np.zeros(months, np.int64) for name in NAMES}


def record(state: State) -> None:
    """The month is written down: stocks after matching, flows of the month, money to date."""
    if not state.series:
        return
    t, scale, series = state.month, state.scale, state.series
    firms = state.network.automotive
    stocks = (
        state.by_status[EMPLOYED],
        state.staff[firms].sum(),
        state.by_status[UNEMPLOYED],
        state.by_status[IN_TRAINING],
        state.by_status[INACTIVE],
        state.by_status[RETIRED],
        state.by_status[AWAY],
        state.long_term[0],
        state.vacancies.sum(),
        state.vacancies[firms].sum(),
        state.employers["posts"].sum(),
        state.employers["posts"][firms].sum(),
    )
    for name, value in zip(STOCKS, stocks, strict=True):
        series[name][t] = value * scale
    for name, cause in FLOWS.items():
        series[name][t] = state.separations[cause, 0] * scale
    for name, sources in HIRES.items():
        series[name][t] = sum(int(state.hires[source, 0]) for source in sources) * scale
    series["hires"][t] = state.hires.sum() * scale
    series["separations"][t] = state.separations.sum() * scale
    series["trainees_enrolled"][t] = sum(programme.enrolled_now for programme in state.programmes) * scale
    series["suppliers_converted"][t] = _firms(state, state.employers["stage"] == 2)
    series["suppliers_closed"][t] = _firms(state, state.employers["closed"])
    series["spent_cents"][t] = sum(ledger.paid for ledger in state.ledgers())
    series["returned_cents"][t] = sum(ledger.returned for ledger in state.ledgers())


def _firms(state: State, where: NDArray[np.bool_]) -> int:
    """Return how many firms the marked rows stand for."""
    return int(state.employers["represents"][where].sum())


def tidy(state: State) -> pd.DataFrame:
    """Return the record as a table: month, indicator, value; persons, posts and firms as they are, money in cents."""
    import pandas as pd

    months = [str(state.scenario.at(t)) for t in range(state.scenario.months)]
    frame = pd.DataFrame(dict(state.series), index=months)
    frame.index.name = "month"
    return frame.reset_index().melt(id_vars="month", var_name="indicator", value_name="value")
