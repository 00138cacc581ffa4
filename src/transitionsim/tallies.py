"""Tallies: counting people, once after lives have moved and once when the month is over."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    AWAY,
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


@compiled
def count_staff(
    workers: Records,
    employers: Records,
    month: int,
    staff: NDArray[np.int32],
    leaving: NDArray[np.int32],
    on_notice: Counts,
    separations: Counts,
    automotive_staff: NDArray[np.int32],
) -> int:
    """Count staff by employer and profile, known exits of the next two months, and this month's separations.

    ``staff`` and ``leaving`` have shape (employers, profiles), ``on_notice`` (employers,), ``separations``
    (causes, 2) with automotive employers first. Writes the counts into the rows of the employers, lists the rows
    of the automotive staff in ``automotive_staff`` (as long as the people) and returns how many they are.
    """
    for f in range(staff.shape[0]):
        on_notice[f] = 0
        employers[f].exits = 0
        employers[f].trainees = 0
        for o in range(staff.shape[1]):
            leaving[f, o] = 0
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
        if at > 0 and (row.exit_month <= month + 2 or row.notice_end != NEVER or row.course != NOBODY):
            f = row.employer
            if row.exit_month <= month + 2:
                leaving[f, row.profile] += 1
            if row.notice_end != NEVER:
                on_notice[f] += 1
            elif row.course != NOBODY:
                employers[f].trainees += 1
        if row.left_month == month:
            f = row.from_employer
            separations[row.cause, 0 if employers[f].sector == 0 else 1] += 1
            if row.cause >= OTHER_END:
                employers[f].exits += 1
    for f in range(staff.shape[0]):
        total = 0
        going = 0
        for o in range(staff.shape[1]):
            staff[f, o] = count[f + 1, o]
            total += staff[f, o]
            going += leaving[f, o]
        employers[f].staff = total
        employers[f].leaving = going
        employers[f].on_notice = on_notice[f]
    return automotive


@compiled
def update_exit_rates(employers: Records) -> None:
    """Move each automotive firm's own exit rate towards this month's, with a mean age of 24 months."""
    for f in range(len(employers)):
        if employers[f].sector == 0 and employers[f].staff + employers[f].exits > 0:
            rate = employers[f].exits / (employers[f].staff + employers[f].exits)
            employers[f].exit_rate += (rate - employers[f].exit_rate) / 24.0


@compiled
def count_people(
    workers: Records,
    month: int,
    by_status: Counts,
    jobless: Counts,
    long_term: Counts,
    active: Counts,
    displaced: NDArray[np.int32],
) -> None:
    """Count people at the end of the month.

    ``by_status`` has shape (6,); ``jobless`` (profiles,): unemployed by profile; ``long_term`` (1,): the
    unemployed whose last job ended a year ago or earlier; ``active`` (programmes, months): people in a course
    by programme and months still to go; ``displaced`` takes the rows of the people who lost a job for lack of
    orders or by closure this month, as many as it has room for.
    """
    lost = 0
    by_status[:] = 0
    jobless[:] = 0
    long_term[:] = 0
    active[:] = 0
    for i in range(len(workers)):
        row = workers[i]
        by_status[row.status] += 1
        if row.status == UNEMPLOYED:
            jobless[row.profile] += 1
            if month - row.jobless_since >= 12:
                long_term[0] += 1
        if row.left_month == month and 0 <= row.cause <= TEMPORARY_NOT_RENEWED and lost < len(displaced):
            displaced[lost] = i
            lost += 1
        if row.course != NOBODY:
            active[row.programme, min(max(row.course_end - month, 0), active.shape[1] - 1)] += 1


CAUSES: Final = RETIREMENT + 1
STATES: Final = AWAY + 1
