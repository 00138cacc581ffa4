"""The road and orders: what the month asks of plants, suppliers and the trades around the car."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.arithmetic import power
from transitionsim.columns import AFTERMARKET, CONVERTED, NOT_CONVERTED, PROJECT
from transitionsim.draws import stream
from transitionsim.markets import orders, shifts, vacancies
from transitionsim.steps.region import job_creation
from transitionsim.world import State

OUTLOOK = 12
"""Months that firms see ahead."""


def follow_the_road(state: State) -> None:
    """The month begins: what a line for electric parts would bring."""
    state.world["month"] = state.month
    state.counts.begin_month(state.month_of_year == 1)
    if state.prelude:
        return
    state.world["unemployment_gap"] = state.jobless_rate() - state.reference.unemployment_start
    state.world["electric_value"] = state.orders.road.electric_value[state.month]


def shift_orders(state: State) -> None:
    """Orders shift between suppliers, their total unchanged; successors take on what a bankrupt supplier made."""
    spread = state.settings.value("shocks.growth_spread")
    if spread > 0.0 and (state.prelude or state.settings.mechanisms.plant_shocks):
        _shift(state, spread)
    if not state.prelude and state.settings.mechanisms.successors and state.employers["insolvent"].any():
        _hand_on(state)


def _shift(state: State, spread: float) -> None:
    """Let suppliers grow and shrink at each other's cost, so that firms are not flat though the region stands still."""
    state.orders.handed_on[:] = 1.0
    memory = power(2.0, -1.0 / state.settings.value("shocks.half_life"))
    luck = np.array([stream(state.seed, purpose, state.month) for purpose in shifts.PURPOSES])
    shifts.shift(
        state.employers, state.orders.network.automotive, luck, spread, memory, float(state.scale),
        state.orders.log_share, state.orders.share,
    )  # fmt: skip
    now, usual = (_hours(state, share).sum() for share in (state.orders.share, np.ones(len(state.orders.share))))
    state.orders.share[_suppliers(state)] *= usual / max(1.0, now)


def _hand_on(state: State) -> None:
    """Let the other suppliers take on what bankrupt ones made, as far as the market for it is what it was.

    Regions lose and win such orders alike, so that without a transition nothing is lost to the region; of parts that
    are bought less than at the start only that much finds a successor, the rest is imported.
    """
    state.orders.share /= state.orders.handed_on
    road, t = state.orders.road, state.roadside
    market = road.content[t] * road.volume[t] * road.sourcing[t]
    usual = road.content[0] * road.volume[0] * road.sourcing[0]
    lasts = np.minimum(1.0, market / np.where(usual > 0.0, usual, np.inf))
    now = _hours(state, state.orders.share)
    gone = state.employers["insolvent"].copy()
    state.employers["closed"] &= ~gone
    left = np.maximum(0.0, _hours(state, state.orders.share) - now)
    state.employers["closed"] |= gone
    state.orders.handed_on[:] = np.where(_suppliers(state), 1.0 + (left * lasts).sum() / max(1.0, now.sum()), 1.0)
    state.orders.share *= state.orders.handed_on


def _suppliers(state: State) -> NDArray[np.bool_]:
    """Return which employers are suppliers at work, (employers,): not closed, and not waiting to open."""
    firms = state.employers
    waiting = state.orders.network.entrant & (firms["stage"] == NOT_CONVERTED)
    return np.asarray((firms["sector"] == 0) & (state.orders.network.plant < 0) & ~waiting & ~firms["closed"])


def _hours(state: State, order_share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the labour hours of all suppliers this month by component group, at these shares of their usual orders."""
    part = state.orders
    return orders.hours_ordered(
        state.employers, part.network, part.road.stretch(state.roadside, 0), order_share,
        state.reference.parts.turns_to, state.world["capture"], state.settings.value("suppliers.resourcing"),
        part.books,
    )  # fmt: skip


def pass_orders_down(state: State) -> None:
    """Vehicle plants order from tier 1, tier 1 from tier 2, tier 2 from tier 3; firms see twelve months ahead."""
    part = state.orders
    rows, network, t = part.network.automotive, part.network, state.roadside
    horizon = 0 if part.road.still[t] else OUTLOOK
    ahead = np.zeros((OUTLOOK + 1, len(rows)), np.int64)
    books = part.books
    hours_of_a_row = state.settings.value("hours.per_person_month") * state.scale
    orders.look_ahead(
        state.employers, network, part.road.stretch(t, horizon), part.share, state.reference.parts.turns_to,
        state.world["capture"], state.settings.value("suppliers.resourcing"), hours_of_a_row, books, ahead,
    )  # fmt: skip
    orders.revenue_of(state.employers, network, books)
    _open_new_suppliers(state, ahead)
    employers = state.employers
    employers["posts"][rows] = ahead[0]
    employers["posts_ahead"][rows] = ahead[: int(state.settings.value("firing.look_ahead_months")) + 1].max(axis=0)
    employers["posts_year"][rows] = ahead[OUTLOOK]
    plants = network.plant[rows] >= 0
    made = network.vehicles[rows][plants] * part.road.made[network.plant[rows][plants], t]
    part.vehicles_made = float(made.sum())
    vacancies.set_automotive_posts(
        employers,
        rows,
        part.books.by_group,
        state.reference.jobs.staffing,
        state.reference.phase,
        state.labour.posts,
    )


def _open_new_suppliers(state: State, ahead: NDArray[np.int64]) -> None:
    """Let a new supplier of electric parts open once its possible orders fill a plant; before, it wants nobody."""
    firms, rows = state.employers, state.orders.network.automotive
    smallest = state.settings.value("suppliers.entry_size") / state.scale
    for position in np.nonzero(state.orders.network.entrant[rows] & (firms["stage"][rows] == NOT_CONVERTED))[0]:
        f = rows[position]
        if not state.prelude and state.settings.mechanisms.entry and ahead[0, position] >= smallest:
            firms["stage"][f], firms["stage_month"][f] = CONVERTED, state.month
            firms["posts_start"][f] = ahead[0, position]
            firms["revenue_start"][f] = firms["revenue"][f]
            wages = ahead[0, position] * state.scale * firms["mean_wage"][f]
            share = 1.0 - state.settings.value("finance.materials_share") - firms["margin"][f]
            firms["fixed_cost"][f] = max(0.0, firms["revenue"][f] * share - wages)
        else:
            ahead[:, position] = 0


def staff_other_trades(state: State) -> None:
    """Other employers follow the local response, garages the cars on the road, battery plants their own plan."""
    reference = state.reference
    if state.prelude:
        return
    firms = state.employers
    factor = np.full((PROJECT + 1, state.labour.posts.shape[1]), 1.0 + state.labour.response / reference.other_start)
    factor *= job_creation(state)[None, :]
    factor[AFTERMARKET] *= state.orders.road.aftermarket[state.month]
    if not np.array_equal(factor, state.labour.other_factor):
        vacancies.set_other_posts(firms, reference.posts_start, reference.cell_phase, factor, state.labour.posts)
        state.labour.other_factor = factor
    for project in state.orders.projects:
        done = min(1.0, max(0.0, (state.month - project.first + 1) / project.ramp))
        staff = int(project.jobs * done / state.scale + 0.5)
        pattern = reference.jobs.staffing[project.pattern]
        upto = np.floor(np.cumsum(pattern) * staff + reference.phase[project.row]).astype(np.int32)
        upto = np.minimum(upto, staff)
        upto[-1] = staff
        state.labour.posts[project.row] = np.diff(upto, prepend=0)
        for name in ("posts", "posts_ahead", "posts_year"):
            firms[name][project.row] = staff
