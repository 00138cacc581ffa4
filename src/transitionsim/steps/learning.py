"""Learning: euros become seats, seats are taken, courses are paid."""

from __future__ import annotations

import numpy as np

from transitionsim.draws import stream
from transitionsim.ledger import Programme
from transitionsim.markets import seats
from transitionsim.steps.calendar import grant_twelfth, month_of_year
from transitionsim.world import Integers, State


def open_seats(state: State) -> None:
    """Euros become seats: what this year's budget still pays for decides whether programmes are open."""
    world = state.world
    world["seats_open"] = False
    if state.road is None:
        return
    starts, targets = [], []
    for programme in state.programmes:
        grant_twelfth(state, programme.in_force, programme.ledger)
        if programme.in_force[state.month] and programme.ledger.available >= programme.cost:
            starts.append(programme.starts)
            targets.append(programme.target)
    if starts:
        world["seats_open"] = True
        world["earliest_start"] = min(starts)
        # 0 surplus profiles, 1 the displaced only, 2 everyone: the widest of the open programmes.
        world["seat_target"] = 2 if 2 in targets else min(targets)
        posted = state.vacancy_window[0].mean(axis=0)
        pressure = state.jobless / np.maximum(posted, 0.5)
        world["surplus"] = pressure > state.jobless.sum() / max(float(posted.sum()), 0.5)
    if month_of_year(state) == 1:
        state.seats_used[:] = 0


def allocate_seats(state: State) -> None:
    """Seats are divided over courses by unfilled vacancies and go to applicants by keyed luck."""
    if not state.world["seats_open"]:
        return
    applicants = seats.gather_applicants(state.workers)
    # In post, people train for what their firm lacks, whether or not it may post a vacancy for it.
    in_force = [programme for programme in state.programmes if programme.in_force[state.month]]
    in_post = min(programme.starts for programme in in_force) == 0
    lacking = state.lacking_window.mean(axis=0) if in_post else 0.0
    unfilled = state.vacancy_window[1].mean(axis=0) + lacking
    a_year = state.vacancy_window[0].sum(axis=0) + 12.0 * lacking
    tables = (
        state.world["requirement"],
        state.world["required"],
        state.value("training.trainable"),
    )
    for number, programme in enumerate(state.programmes):
        if not programme.in_force[state.month]:
            continue
        offered = seats.divide_over_courses(
            programme.ledger.available // programme.cost, unfilled, a_year,
            state.value("training.course_cap"), state.seats_used,
        )  # fmt: skip
        luck = tuple(stream(state.seed, f"{name}/{number}", state.month) for name in ("course_choice", "seat_priority"))
        taken = seats.allocate_seats(
            state.workers, applicants, offered, tables, state.world["lacking"], (luck[0], luck[1]), number, state.month,
            programme.duration,
        )  # fmt: skip
        state.seats_used += taken
        programme.ledger.reserve(int(taken.sum()) * programme.cost)
        programme.enrolled = int(taken.sum())
        applicants = applicants[state.workers["programme"][applicants] < 0]


def pay_for_courses(state: State) -> None:
    """Courses are paid for the month, drop-outs release the rest, and on 31 December what is unspent lapses."""
    if state.road is None:
        return
    for number, programme in enumerate(state.programmes):
        _pay(programme, state.active[number])
    if month_of_year(state) == 12:
        for ledger in state.ledgers():
            ledger.close_year()


def _pay(programme: Programme, remaining: Integers) -> None:
    """Pay the month of everyone in a course and release what those who left it had reserved."""
    months = programme.duration
    now = remaining[months - np.arange(months)]
    before = np.concatenate([[programme.enrolled], programme.active[:-1]])
    rest = np.cumsum(np.array(programme.instalments)[::-1])[::-1]
    left = before - now
    programme.ledger.release(int((left * rest).sum()))
    programme.ledger.pay(int((now * np.array(programme.instalments)).sum()))
    programme.active = now.astype(np.int64)
    programme.enrolled_now = programme.enrolled
    programme.enrolled = 0
