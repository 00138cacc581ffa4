"""Learning: euros become seats, seats are taken, courses are paid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    AGE_LIMITS,
    EMPLOYED,
    HIGHER,
    IN_TRAINING,
    INACTIVE,
    NEVER,
    UNEMPLOYED,
    Records,
)
from transitionsim.draws import stream
from transitionsim.markets import seats
from transitionsim.markets.providers import Providers
from transitionsim.markets.seats import Programme
from transitionsim.world import Floats, Integers, State


def found_providers(state: State) -> None:
    """A scenario begins with places in proportion to the vacancies of the last twelve months, course by course."""
    a_month = _vacancies_of_a_year(state) / 12.0
    state.training.providers = Providers(
        state.settings.value("training.capacity_start") * a_month,
        state.settings.value("training.capacity_growth"),
        state.settings.mechanisms.provider_capacity,
    )


def _vacancies_of_a_year(state: State) -> Floats:
    """Return the vacancies newly posted in twelve months by profile: hires, and what those left have grown by."""
    posted, left = state.labour.vacancy_window
    last = (state.month - 1) % len(left)
    found: Floats = np.maximum(0.0, (posted - left).sum(axis=0) + left[last] - left[(last + 1) % len(left)])
    return found


def open_seats(state: State) -> None:
    """Euros become seats: what this year's budget still pays for decides which programmes are open."""
    world, before = state.world, state.world["seats_open"]
    world["seats_open"] = 0
    world["nobody_learns"] = not before and not state.counts.in_course[0]
    if state.prelude:
        return
    state.training.providers.open_month()
    for number, programme in enumerate(state.public.offers(Programme)):
        if programme.in_force[state.month] and programme.ledger.available >= programme.cost:
            world["seats_open"] += 1 << number
            world["nobody_learns"] = False
    if world["seats_open"]:
        posted = state.labour.vacancy_window[0].mean(axis=0)
        pressure = state.counts.jobless / np.maximum(posted, 0.5)
        world["surplus"] = pressure > state.counts.jobless.sum() / max(float(posted.sum()), 0.5)
    if state.month_of_year == 1:
        state.training.seats_used[:] = 0


def allocate_seats(state: State) -> None:
    """Seats are divided over courses by unfilled vacancies and go to applicants by keyed luck."""
    if not state.world["seats_open"]:
        return
    waiting = seats.gather_applicants(state.workers)
    for number, programme in enumerate(state.public.offers(Programme)):
        if programme.in_force[state.month]:
            applicants = waiting[(state.workers["wants_seat"][waiting] >> number) & 1 == 1]
            _enrol(state, number, programme, applicants)
            waiting = waiting[state.workers["programme"][waiting] < 0]


def _enrol(state: State, number: int, programme: Programme, applicants: NDArray[np.int32]) -> None:
    """Give the seats of one programme to the people who apply at it, and pay for places where they are too few."""
    affordable = programme.ledger.available // programme.cost
    unfilled, a_year = _wanted(state, programme)
    room = seats.room_in_courses(a_year, state.settings.value("training.course_cap"), state.training.seats_used)
    asked = seats.divide_over_courses(affordable, unfilled, room)
    offered = seats.divide_over_courses(affordable, unfilled, state.training.providers.within(room))
    before = state.workers[["course_end", "enrolled", "status"]][applicants]
    world = state.world
    trainable = state.settings.value("training.trainable")
    taught = seats.Curriculum(world["requirement"], world["required"], world["level"], trainable)
    # Luck goes by the name of the programme: one more before it in the list changes nobody's.
    purposes = (f"{purpose}/{programme.id}" for purpose in ("course_choice", "seat_priority"))
    luck = tuple(stream(state.seed, purpose, state.month) for purpose in purposes)
    chosen = seats.allocate_seats(
        state.workers, applicants, offered, taught, state.world["lacking"], (luck[0], luck[1]), number, state.month,
        programme.duration,
    )  # fmt: skip
    rows = applicants[chosen]
    taken = np.bincount(state.workers["course"][rows], minlength=len(offered)).astype(np.int64)
    state.training.seats_used += taken
    state.training.providers.take(taken)
    programme.enrolled = len(rows)
    programme.ledger.reserve(programme.enrolled * programme.cost)
    _make_places(state, programme, asked - offered, len(applicants) - len(rows))
    state.counts.learning.by_course += taken
    _count(state, rows, before[chosen])
    if state.record.careers is not None:
        state.record.careers.begin_course(rows, state.month)


def _make_places(state: State, programme: Programme, short: Integers, waiting: int) -> None:
    """Pay for further places in courses that are short of them, while people wait for a seat and money is left."""
    state.counts.learning.turned_away += min(waiting, max(0, int(short.sum())))
    short = np.maximum(0, short)
    wanted = short.astype(np.float64) * (min(waiting, int(short.sum())) / max(1, int(short.sum())))
    a_place = round(100.0 * state.settings.value("training.place_cost")) * state.scale
    programme.pay_for_places(state.training.providers.grow(wanted, a_place, programme.ledger.available))


def _count(state: State, rows: NDArray[np.int32], before: Records) -> None:
    """Count the people enrolled by what they did before, and those who are trained for the first time this year."""
    learning, people = state.counts.learning, state.workers.take(rows)
    employed = people["status"] == EMPLOYED
    in_post = employed & (people["notice_end"] == NEVER)
    learning.in_post += int(in_post.sum())
    learning.on_notice += int((employed & ~in_post).sum())
    learning.jobless += int((~employed).sum())
    # Who completes a course and begins another in one month is not among those whose course has ended.
    again = before["course_end"] == state.month
    learning.completed[0] += np.count_nonzero(again)
    learning.completed[1] += np.count_nonzero(again & employed)
    learning.participants += _participants(people, before["status"], state.month)
    first = before["enrolled"] < state.month - state.month_of_year + 1
    automotive = employed & (state.employers["sector"][people["employer"]] == 0)
    learning.this_year += int(first.sum())
    learning.this_year_automotive += int((first & automotive).sum())


def _participants(people: Records, status: NDArray[np.int8], month: int) -> Integers:
    """Return how many people belong to each group of ``PARTICIPANT_NAMES``; ``status`` is that before the course."""
    age = month - people["birth_month"].astype(np.int64)
    jobless = (status == UNEMPLOYED) | (status == IN_TRAINING)
    groups = (
        np.ones(len(people), np.bool_),
        jobless,
        jobless & (month - people["jobless_since"].astype(np.int64) >= 12),
        status == INACTIVE,
        status == EMPLOYED,
        age < AGE_LIMITS[0],
        age >= AGE_LIMITS[-1],
        *(people["qualification"] == level for level in range(3)),
    )
    return np.array([np.count_nonzero(group) for group in groups], np.int64)


def _wanted(state: State, programme: Programme) -> tuple[Floats, Floats]:
    """Return the posts left unfilled and the vacancies of a year by profile, as a programme counts them.

    In post, people train for what their firm lacks too, where it may not post a vacancy for it. Courses are for basic
    and vocational work: none replaces higher education.
    """
    unposted = np.zeros(len(state.counts.jobless))
    if programme.starts == 0:
        vacant = state.labour.vacancies[state.orders.network.automotive].sum(axis=0)
        unposted = np.maximum(0.0, state.labour.lacking_window.mean(axis=0) - vacant)
    taught = state.world["level"] < HIGHER
    unfilled = taught * (state.labour.vacancy_window[1].mean(axis=0) + unposted)
    return unfilled, _vacancies_of_a_year(state) + unposted


def pay_for_courses(state: State) -> None:
    """Who is in a course is counted; courses are paid for the month, drop-outs release the rest."""
    programmes = state.public.offers(Programme)
    if not any(one.enrolled or one.enrolled_now or one.active.any() for one in programmes):
        return
    seats.count_courses(state.workers, state.month, state.training.active)
    for number, programme in enumerate(programmes):
        _pay(programme, state.training.active[number])


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
