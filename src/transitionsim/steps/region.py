"""The region: slack, the answer of other employers, and the count of people."""

from __future__ import annotations

import numpy as np

from transitionsim.arithmetic import power
from transitionsim.columns import IN_TRAINING, INVOLUNTARY, OTHER_ECONOMY, UNEMPLOYED
from transitionsim.markets import vacancies
from transitionsim.tallies import count_people as tally_people
from transitionsim.world import State


def feel_the_slack(state: State) -> None:
    """How far unemployment stands from its start decides how many leave the region or come back."""
    world = state.world
    world["leaving_hazard"] = 0.0
    world["return_hazard"] = 0.0
    if state.road is None or not state.scenario.mechanisms.migration:
        return
    seeking = int(state.by_status[UNEMPLOYED] + state.by_status[IN_TRAINING])
    gap = state.jobless_rate() - state.unemployment_start
    people = int(state.by_status.sum()) - int(state.by_status[4]) - int(state.by_status[5])
    band = state.value("region.migration_dead_band")
    felt = max(0.0, gap - band) + min(0.0, gap + band)
    moving = state.value("region.migration_semi_elasticity") * felt * people / 12.0
    if moving > 0.0:
        world["leaving_hazard"] = min(0.5, moving / max(seeking, 1))
    else:
        world["return_hazard"] = min(0.5, -moving / max(int(state.by_status[5]), 1))


def respond_locally(state: State) -> None:
    """Other employers absorb, or shrink with, the automotive posts lost, with a lag of years."""
    if state.road is None or not state.scenario.mechanisms.local_response:
        return
    kappa = state.value("region.local_response")
    lost = state.posts_reference - automotive_posts(state)
    before = state.response
    step = 1.0 - power(2.0, -1.0 / state.value("region.local_response_half_life"))
    state.response += step * (-kappa * lost - before)
    if state.response == before:
        return
    others = state.employers["tier"] == OTHER_ECONOMY
    base = max(1, int(state.employers["posts_start"][others].sum()))
    vacancies.set_other_posts(state.employers, state.posts_start, state.cell_phase, state.response / base, state.posts)


def automotive_posts(state: State) -> int:
    """Return the posts of all automotive employers, in rows."""
    return int(state.employers["posts"][state.network.automotive].sum())


def count_people(state: State) -> None:
    """People are counted by what they do at the end of the month."""
    state.displaced = np.empty(int(state.separations[list(INVOLUNTARY)].sum()), np.int32)
    tally_people(
        state.workers, state.month, state.by_status, state.jobless, state.long_term, state.active, state.displaced
    )
