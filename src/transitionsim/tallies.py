"""Tallies: counting people, once after lives have moved and once when the month is over."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    AGE_LIMITS,
    AWAY,
    EMPLOYED,
    IN_TRAINING,
    NEVER,
    NOBODY,
    OTHER_END,
    RETIREMENT,
    TEMPORARY_NOT_RENEWED,
    UNEMPLOYED,
    Records,
)
from transitionsim.compiling import compiled

Counts = NDArray[np.int64]
MOST_COURSE_MONTHS: Final = 61
STAFF: Final = 0
POSTS: Final = 1
VACANT: Final = 2
QUANTITIES: Final = VACANT + 1
"""First dimension of the counts by sector; staff and posts stand where the breakdowns have them."""
AUTOMOTIVE: Final = 0
SECTORS: Final = 16
"""The sector of automotive employers, and how many a column can tell apart."""
LATER: Final = 6
"""Months after a course at which its people are counted again, as the ESF+ asks."""


@compiled
def count_staff(
    workers: Records,
    employers: Records,
    month: int,
    known_until: int,
    staff: NDArray[np.int32],
    leaving: NDArray[np.int32],
    on_notice: NDArray[np.int32],
    separations: Counts,
    lost: tuple[Counts, Counts, Counts],
    automotive_staff: NDArray[np.int32],
) -> int:
    """Count staff by employer and profile, exits for good until ``known_until``, and this month's separations.

    ``staff``, ``leaving`` and ``on_notice`` have shape (employers, profiles); who is on notice does not count as
    leaving, so that nobody is counted out twice. ``separations`` (causes, 2) has automotive employers first;
    ``lost`` takes those of them for lack of orders or by closure by employer, profile and age band, unless it has
    no employers.
    Writes the counts into the rows of the employers, lists the rows of the automotive staff in
    ``automotive_staff`` (as long as the people) and returns how many they are.
    """
    for f in range(staff.shape[0]):
        employers[f].exits = 0
        employers[f].trainees = 0
        for o in range(staff.shape[1]):
            leaving[f, o] = 0
            on_notice[f, o] = 0
    automotive = 0
    # People without an employer are counted in a row of their own, so that no branch depends on who works.
    count = np.zeros((staff.shape[0] + 1, staff.shape[1]), np.int32)
    own = np.zeros(staff.shape[0] + 1, np.int8)
    for f in range(staff.shape[0]):
        own[f + 1] = 1 if employers[f].sector == 0 else 0
    for i in range(len(workers)):
        row = workers[i]
        at = np.int64(row.employer) + 1
        count[at, row.profile] += 1
        automotive_staff[automotive] = i
        automotive += own[at]
        # One guess a row, not four: most people are in none of these cases.
        soon, notice, learns = row.exit_month <= known_until, row.notice_end != NEVER, row.course != NOBODY
        if not (soon | notice | learns | (row.left_month == month)):
            continue
        if at > 0:
            f = row.employer
            if notice:
                on_notice[f, row.profile] += 1
            elif soon:
                leaving[f, row.profile] += 1
            if learns and not notice:
                employers[f].trainees += 1
        if row.left_month == month:
            f = row.from_employer
            separations[row.cause, 0 if employers[f].sector == 0 else 1] += 1
            if row.cause <= TEMPORARY_NOT_RENEWED and employers[f].sector == 0 and len(lost[0]) > 0:
                age = month - row.birth_month
                lost[0][f] += 1
                lost[1][row.profile] += 1
                lost[2][int(age >= AGE_LIMITS[0]) + int(age >= AGE_LIMITS[1]) + int(age >= AGE_LIMITS[2])] += 1
            if row.cause >= OTHER_END:
                employers[f].exits += 1
    for f in range(staff.shape[0]):
        total = 0
        going = 0
        noticed = 0
        for o in range(staff.shape[1]):
            staff[f, o] = count[f + 1, o]
            total += staff[f, o]
            going += leaving[f, o]
            noticed += on_notice[f, o]
        employers[f].staff = total
        employers[f].leaving = going
        employers[f].on_notice = noticed
    return automotive


@compiled
def rows_of(workers: Records, rows: NDArray[np.int32], asked: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return those of the rows whose employer is asked for, (employers,)."""
    found = np.empty(len(rows), np.int32)
    count = 0
    for i in rows:
        found[count] = i
        count += 1 if asked[workers[i].employer] else 0
    return found[:count].copy()


@compiled
def update_exit_rates(employers: Records) -> None:
    """Move each automotive firm's own exit rate towards this month's, with a mean age of 24 months."""
    for f in range(len(employers)):
        if employers[f].sector == 0 and employers[f].staff + employers[f].exits > 0:
            rate = employers[f].exits / (employers[f].staff + employers[f].exits)
            employers[f].exit_rate += (rate - employers[f].exit_rate) / 24.0


class Counted(NamedTuple):
    """What is counted at the end of a month.

    ``by_status`` has shape (6,): everybody employed, else residents only; ``commuters`` (2,): people who live
    outside the region, with a job in it and without; ``jobless`` (profiles,): unemployed by profile;
    ``unemployed_by_age`` (age bands,): unemployed residents; ``long_term`` (2,): the unemployed residents, and those
    in training, whose last job ended a year ago or earlier; ``in_course`` (1,): people in a course, employed or not;
    ``completed`` (4,): added to by those who completed a course this month, those of them employed, those who
    completed one ``LATER`` months ago and began no other since, and those of them employed; ``supply`` (profiles,):
    people of the labour force who hold a profile's skills; ``purse`` (2,): benefits due and gross wages, in cents.
    """

    by_status: Counts
    commuters: Counts
    jobless: Counts
    unemployed_by_age: Counts
    long_term: Counts
    in_course: Counts
    completed: Counts
    supply: Counts
    purse: Counts


@compiled
def count_people(
    workers: Records,
    month: int,
    benefit: tuple[int, int, int],
    holds: Counts,
    counted: Counted,
    displaced: NDArray[np.int32],
) -> None:
    """Count people at the end of the month, and what the public purse gives and takes.

    ``benefit`` is the share of the last wage in thousandths, the most paid in cents and the months for which it is
    paid. Skills are those of the pair of profiles a person worked in, which ``holds`` gives as bits, or of a course
    that brought its profile within reach. ``displaced`` takes the rows of the people who lost a job for lack of orders
    or by closure this month, as many as it has room for.
    """
    share, most, months = benefit
    by_status, jobless, long_term, supply = counted.by_status, counted.jobless, counted.long_term, counted.supply
    for table in (by_status, counted.commuters, jobless, long_term, supply, counted.purse):
        table[:] = 0
    counted.unemployed_by_age[:] = 0
    counted.in_course[:] = 0
    profiles = len(jobless)
    size = profiles * profiles
    # Everyone is counted in one table by status, place of living and pair of profiles: no branch to guess.
    groups = np.zeros(2 * len(by_status) * size, np.int32)
    wages = np.int64(0)
    lost = 0
    benefits = np.int64(0)
    for i in range(len(workers)):
        row = workers[i]
        status = np.int64(row.status)
        pair = np.int64(row.profile) * profiles + row.second
        groups[(2 * status + row.commuter) * size + pair] += 1
        wages += np.int64(row.wage) * (status == EMPLOYED)
        if (status == UNEMPLOYED) | (status == IN_TRAINING):
            resident = 1 - np.int64(row.commuter)
            age = month - row.birth_month
            band = int(age >= AGE_LIMITS[0]) + int(age >= AGE_LIMITS[1]) + int(age >= AGE_LIMITS[2])
            counted.unemployed_by_age[band] += resident * (status == UNEMPLOYED)
            long_term[status - UNEMPLOYED] += resident * (month - row.jobless_since >= 12)
            benefits += min(row.wage * share // 1000, most) * (month - row.left_month < months)
        learnt, learns, left = row.trained != NOBODY, row.course != NOBODY, row.left_month == month
        if not (learnt | learns | left):
            continue
        if learnt and status <= IN_TRAINING:
            supply[row.trained] += (row.reach >> row.trained) & ~(holds[pair] >> row.trained) & 1
        if left and 0 <= row.cause <= TEMPORARY_NOT_RENEWED and lost < len(displaced):
            displaced[lost] = i
            lost += 1
        if learns:
            counted.in_course[0] += 1
        elif row.course_end == month or row.course_end == month - LATER:
            at = 0 if row.course_end == month else 2
            counted.completed[at] += 1
            counted.completed[at + 1] += 1 if status == EMPLOYED else 0
    counted.purse[0] = benefits
    counted.purse[1] = wages
    for kind in range(len(by_status)):
        for commuter in range(2):
            for pair in range(size):
                people = groups[(2 * kind + commuter) * size + pair]
                if people == 0:
                    continue
                if commuter == 0 or kind == EMPLOYED:
                    by_status[kind] += people
                if commuter == 1:
                    counted.commuters[0 if kind == EMPLOYED else 1] += people
                if kind == UNEMPLOYED:
                    jobless[pair // profiles] += people
                if kind <= IN_TRAINING:
                    for o in range(profiles):
                        supply[o] += people if (holds[pair] >> o) & 1 else 0


@compiled
def note_employed(workers: Records, employed: NDArray[np.uint8]) -> None:
    """Write for each person whether they are employed: bit ``i % 8`` of byte ``i // 8``, all zero before."""
    for i in range(len(workers)):
        employed[i >> 3] |= np.uint8((1 if workers[i].status == EMPLOYED else 0) << (i & 7))


@compiled
def count_posts(posts: NDArray[np.int32], by_profile: Counts) -> None:
    """Count the posts of all employers by profile."""
    by_profile[:] = 0
    for f in range(posts.shape[0]):
        for o in range(posts.shape[1]):
            by_profile[o] += posts[f, o]


@compiled
def count_misplaced(
    employers: Records,
    staff: NDArray[np.int32],
    vacancies: NDArray[np.int32],
    misplaced: Counts,
    by_sector: Counts,
) -> None:
    """Count people above the posts of their employer, and posts that are neither filled nor open, shape (2,).

    Firm by firm: staff and vacancies above the posts, or below them. Vacancies posted ahead of known exits
    count as staff above the posts. So employment = posts - vacancies + the first - the second.
    ``by_sector`` takes staff, posts and vacancies by sector, shape (``QUANTITIES``, ``SECTORS``).
    """
    misplaced[:] = 0
    by_sector[:] = 0
    for f in range(len(employers)):
        people, vacant, posts = np.int64(0), np.int64(0), np.int64(employers[f].posts)
        for o in range(staff.shape[1]):
            people += staff[f, o]
            vacant += vacancies[f, o]
        sector = employers[f].sector
        by_sector[STAFF, sector] += people
        by_sector[POSTS, sector] += posts
        by_sector[VACANT, sector] += vacant
        gap = people + vacant - posts
        if gap > 0:
            misplaced[0] += gap
        else:
            misplaced[1] -= gap


CAUSES: Final = RETIREMENT + 1
STATES: Final = AWAY + 1
