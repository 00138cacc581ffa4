"""Training seats: euros become seats, seats are divided over courses, courses go to the people who apply.

Courses follow the unfilled vacancies of the last twelve months, each capped at a share of its profile's
vacancies of a year. An applicant takes the course drawn by the seats offered among those that lead to a profile
out of reach today; when a course has more applicants than seats, keyed luck decides, the same in every scenario.
How many seats can be started at all is the providers' (``markets/providers.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transitionsim.arithmetic import share_out
from transitionsim.columns import EMPLOYED, HIGHER, IN_TRAINING, NEVER, NOBODY, Records
from transitionsim.compiling import compiled
from transitionsim.draws import uniform_at
from transitionsim.ledger import Running
from transitionsim.worker import missing_skills

Integers = NDArray[np.int64]


class Curriculum(NamedTuple):
    """What courses lead to, by profile.

    ``requirement`` (profiles, skills) in hundredths, what is ``required`` in all, the ``level`` of qualification, and
    ``trainable``, the largest shortfall of what is required that a course can bridge, as a share.
    """

    requirement: Integers
    required: Integers
    level: Integers
    trainable: float


@dataclass(kw_only=True)
class Programme(Running):
    """What a policy offers in this market: seats at a price, and the people in its courses."""

    cost: int
    duration: int
    instalments: tuple[int, ...]
    starts: int
    """When a person may take a seat, by place in ``policies.reskilling.STARTS``."""
    active: Integers
    """People in courses by months since enrolment, at the end of last month."""
    enrolled: int = 0
    """People enrolled this month, until their first month is paid."""
    enrolled_now: int = 0
    """People enrolled this month, for the record."""
    paid_for_places: int = 0
    """Cents paid to providers for further places, to date."""

    def pay_for_places(self, amount: int) -> None:
        """Pay providers for further places, at once."""
        self.ledger.reserve(amount)
        self.ledger.pay(amount)
        self.paid_for_places += amount


def room_in_courses(vacancies_year: NDArray[np.float64], cap: float, used: Integers) -> Integers:
    """Return the seats that courses may still take this year, shape (profiles,).

    ``vacancies_year`` are the vacancies posted in the last twelve months by profile, of which courses may train for
    the share ``cap``; ``used`` the seats already given this year.
    """
    return np.asarray(np.maximum(0, np.floor(cap * vacancies_year).astype(np.int64) - used))


def divide_over_courses(seats: int, unfilled: NDArray[np.float64], room: Integers) -> Integers:
    """Return seats by course, shape (profiles,), proportional to unfilled vacancies, as far as there is room.

    What no course may take is not offered.
    """
    offered = np.zeros(len(unfilled), np.int64)
    left = seats
    for _ in range(3):
        weights = np.where(room > offered, unfilled, 0.0)
        if left <= 0 or not (weights > 0.0).any():
            break
        more = np.minimum(share_out(left, weights), room - offered)
        offered += more
        left -= int(more.sum())
    return offered


@compiled
def _choose(
    workers: Records,
    applicants: NDArray[np.int32],
    offered: Integers,
    taught: Curriculum,
    course_luck: np.uint64,
    seat_luck: np.uint64,
    in_post_of: Integers,
    lacking: NDArray[np.int32],
    course: Integers,
    priority: NDArray[np.float64],
) -> None:
    """Write the course each applicant chooses, -1 for none, and the luck that orders them."""
    requirement, required, level, trainable = taught
    profiles = len(offered)
    weight = np.empty(profiles)
    for j in range(len(applicants)):
        person = workers[applicants[j]]
        total = 0.0
        for o in range(profiles):
            weight[o] = 0.0
            useful = in_post_of[j] < 0 or lacking[in_post_of[j], o] > 0
            studied = level[o] < HIGHER or person.qualification == HIGHER
            new = offered[o] > 0 and o != person.profile and not (person.reach >> o) & 1
            if useful and studied and new and missing_skills(person, requirement, o) <= trainable * required[o]:
                weight[o] = offered[o]
                total += weight[o]
        course[j] = -1
        if total > 0.0:
            aim = uniform_at(course_luck, person.key) * total
            for o in range(profiles):
                if weight[o] > 0.0:
                    course[j] = o
                    aim -= weight[o]
                    if aim < 0.0:
                        break
        priority[j] = uniform_at(seat_luck, person.key)


@compiled
def count_courses(workers: Records, month: int, active: Integers) -> None:
    """Count the people in courses into ``active`` (programmes, months), by the months that they still have to go."""
    active[:] = 0
    for i in range(len(workers)):
        if workers[i].course != NOBODY:
            to_go = min(max(workers[i].course_end - month, 0), active.shape[1] - 1)
            active[workers[i].programme, to_go] += 1


@compiled
def gather_applicants(workers: Records) -> NDArray[np.int32]:
    """Return the rows of the people who apply for a seat at any programme."""
    rows = np.empty(len(workers), np.int32)
    count = 0
    for i in range(len(workers)):
        if workers[i].wants_seat != 0:
            rows[count] = i
            count += 1
    return rows[:count].copy()


def allocate_seats(
    workers: Records,
    applicants: NDArray[np.int32],
    offered: Integers,
    taught: Curriculum,
    lacking: NDArray[np.int32],
    luck: tuple[np.uint64, np.uint64],
    programme: int,
    month: int,
    duration: int,
) -> NDArray[np.intp]:
    """Enrol applicants and return which of them were, as places in ``applicants``.

    ``luck`` are the addresses of the choice of course and of the order. People in a job train for a profile that their
    firm is ``lacking`` (employers, profiles). People without a job become trainees; people on notice or in a job
    attend beside it.
    """
    course = np.empty(len(applicants), np.int64)
    priority = np.empty(len(applicants))
    people = workers.take(applicants)
    in_post = (people["status"] == EMPLOYED) & (people["notice_end"] == NEVER)
    in_post_of = np.where(in_post, people["employer"], -1).astype(np.int64)
    _choose(
        workers, applicants, offered, taught, luck[0], luck[1], in_post_of, lacking, course, priority,
    )  # fmt: skip
    order = np.lexsort((workers["key"][applicants], priority, course))
    sorted_course = course[order]
    place = np.arange(len(order)) - np.searchsorted(sorted_course, sorted_course)
    limit = np.where(sorted_course >= 0, offered[np.maximum(sorted_course, 0)], 0)
    chosen = order[place < limit]
    rows = applicants[chosen]
    workers["course"][rows] = course[chosen]
    workers["programme"][rows] = programme
    workers["course_end"][rows] = month + duration
    workers["enrolled"][rows] = month
    jobless = rows[workers["status"][rows] != EMPLOYED]
    workers["status"][jobless] = IN_TRAINING
    workers["since"][jobless] = month
    workers["notice_end"][jobless] = NEVER
    return np.asarray(chosen)
