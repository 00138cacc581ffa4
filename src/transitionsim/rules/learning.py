"""Learning: attending a course, dropping out, qualifying, and applying for a seat."""

from __future__ import annotations

from typing import Any

from transitionsim.columns import (
    EMPLOYED,
    HIGHER,
    IN_TRAINING,
    NEVER,
    NOBODY,
    OTHER_ECONOMY,
    UNEMPLOYED,
)
from transitionsim.compiling import both_ways
from transitionsim.rule import rule
from transitionsim.worker import missing_skills, recently_displaced

BEFORE_NOTICE = 0
ON_NOTICE = 1
AFTER_DISMISSAL = 2
SURPLUS = 0
DISPLACED = 1
EVERYONE = 2


@both_ways
def can_do(worker: Any, world: Any, profile: int) -> bool:
    """Return whether a person's skills reach a job profile without further training.

    Work of higher education is out of reach of those who have none: a course does not replace it.
    """
    missing = missing_skills(worker, world.requirement, profile)
    studied = world.level[profile] < HIGHER or worker.qualification == HIGHER
    return bool(studied and missing <= world.reach_limit * world.required[profile])


@rule(on="workers", draws=("drop_out", "course_quality"))
def attend_course(worker: Any, world: Any, luck: Any) -> None:
    """A trainee goes on, drops out, or completes the course and adds its skills to those held.

    How much of what the profile requires is taught differs from one completion to the next, evenly around the mean
    quality and never beyond none or all of it. Skills are added by maximum, never replaced. A trainee who is still
    employed may then take a post of the new profile in the same firm (see the step ``redeploy_staff``). A person
    without a job returns to the search.
    """
    if worker.course == NOBODY:
        return
    done = world.month >= worker.course_end
    if not done and luck.drop_out >= world.drop_out[worker.programme]:
        return
    if done:
        course = worker.course
        quality = world.course_quality + (2.0 * luck.course_quality - 1.0) * world.course_quality_spread
        quality = max(0.0, min(1.0, quality))
        for k in range(len(worker.skills)):
            worker.skills[k] = max(worker.skills[k], int(quality * world.requirement[course, k]))
        # A course opens the profile it was for; what else its skills might be good for, nobody has certified.
        if can_do(worker, world, course) and not (worker.reach >> course) & 1:
            worker.reach += 1 << course
        worker.trained = course
    else:
        worker.course_end = NEVER
    if worker.status == IN_TRAINING:
        worker.status = UNEMPLOYED
        worker.since = world.month
    worker.course = NOBODY
    worker.programme = NOBODY


@both_ways
def admits(worker: Any, world: Any, programme: int) -> bool:
    """Return whether a training programme admits a person, by its own start and its own target."""
    start = world.seat_starts[programme]
    if worker.status == EMPLOYED:
        if worker.notice_end != NEVER:
            return bool(start != AFTER_DISMISSAL)
        if start != BEFORE_NOTICE:
            return False
        firm = world.employers[worker.employer]
        return bool(firm.tier < OTHER_ECONOMY and (firm.posts_year < firm.staff or firm.misfits > 0))
    if worker.status != UNEMPLOYED:
        return False
    if recently_displaced(worker, world.month):
        return True
    target = world.seat_targets[programme]
    return bool(target == EVERYONE or (target == SURPLUS and world.surplus[worker.profile]))


@rule(on="workers", draws=("wish_for_seat",))
def apply_for_seat(worker: Any, world: Any, luck: Any) -> None:
    """A person applies for a training seat at the open programmes that admit them, some months sooner, some later.

    Admission follows the programme's start: staff of firms whose published orders need fewer people in a year
    (before notice), people on notice or displaced in the last two years (on notice), the displaced without a job
    (after dismissal); and its target: surplus profiles, the displaced, or everyone without a job. The wish is one
    for each person and month, however many programmes there are. Close to the pension nobody applies.
    """
    worker.wants_seat = 0
    if world.seats_open == 0 or luck.wish_for_seat >= world.wish_for_seat:
        return
    if worker.course != NOBODY or worker.exit_month - world.month < world.course_pays_months:
        return
    mask = 0
    for programme in range(world.programmes):
        if (world.seats_open >> programme) & 1 and admits(worker, world, programme):
            mask += 1 << programme
    worker.wants_seat = mask
