"""The road and orders: what the month asks of plants and suppliers."""

from __future__ import annotations

import numpy as np

from transitionsim.markets import orders, vacancies
from transitionsim.steps.calendar import grant_twelfth
from transitionsim.world import State

OUTLOOK = 12
"""Months that firms see ahead."""


def follow_the_road(state: State) -> None:
    """The month begins: what a line for electric parts would bring, and a twelfth of the year's conversion support."""
    state.world["month"] = state.month
    if state.road is None:
        return
    state.world["unemployment_gap"] = state.jobless_rate() - state.unemployment_start
    state.world["electric_value"] = state.road.electric_value[state.month]
    offered = 0.0
    for support in state.grants:
        grant_twelfth(state, support.in_force, support.ledger)
        if support.in_force[state.month] and support.ledger.available > 0:
            offered = max(offered, support.share)
    state.world["grant_offered"] = offered


def pass_orders_down(state: State) -> None:
    """Vehicle plants order from tier 1, tier 1 from tier 2, tier 2 from tier 3; firms see twelve months ahead."""
    if state.road is None:
        return
    rows, network, road, t = state.network.automotive, state.network, state.road, state.month
    ahead = np.zeros((OUTLOOK + 1, len(rows)), np.int64)
    orders.look_ahead(
        state.employers, rows, network.customer, network.supplier, network.group, network.share,
        network.external, network.vehicles, network.hours, network.assembly,
        road.content[t : t + OUTLOOK + 1], road.content[0], road.volume[t : t + OUTLOOK + 1],
        road.assembly[t : t + OUTLOOK + 1], state.parts.turns_to, state.world["capture"],
        state.value("suppliers.resourcing"), state.value("hours.per_person_month") * state.scale,
        state.orders, state.purchases, state.delivered, state.group_hours, state.total_hours, ahead,
    )  # fmt: skip
    employers = state.employers
    employers["posts"][rows] = ahead[0]
    employers["posts_ahead"][rows] = ahead[: int(state.value("firing.look_ahead_months")) + 1].max(axis=0)
    employers["posts_year"][rows] = ahead[OUTLOOK]
    start = state.hours_start[rows]
    employers["busy"][rows] = state.total_hours[rows] / np.where(start > 0, start, 1.0)
    vacancies.set_automotive_posts(employers, rows, state.group_hours, state.jobs.staffing, state.phase, state.posts)
