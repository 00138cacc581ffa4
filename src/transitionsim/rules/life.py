"""Life: leaving for good, entering, giving up the search and taking it up again."""

from __future__ import annotations

from typing import Any

from transitionsim.columns import (
    EMPLOYED,
    IN_TRAINING,
    INACTIVE,
    LONG_AGO,
    NEVER,
    NO_CAUSE,
    NOBODY,
    OTHER_END,
    PERMANENT,
    RETIREMENT,
    TO_INACTIVITY,
    UNEMPLOYED,
)
from transitionsim.rule import rule
from transitionsim.worker import leave_course, leave_employer


@rule(on="workers", draws=("entry_age", "exit_age", "early_death", "entry_profile", "pace"))
def leave_for_good(worker: Any, world: Any, luck: Any) -> None:
    """A person whose exit month has come, by pension or death, leaves, and an entrant takes the row.

    The exit month was drawn at birth and does not depend on what happened at work, so births are the same in
    every scenario. The entrant comes from school as an inactive person, with a profile drawn from the hires of
    the last three years: pupils choose what was wanted, with a lag. Simplified: no migration of pupils, one
    profile each.
    """
    if world.month < worker.exit_month or not world.ageing:
        return
    leave_employer(worker, world.month)
    leave_course(worker)
    worker.cause = RETIREMENT
    # Of who had no job none has ended; the row must not tell of one.
    if worker.status != EMPLOYED:
        worker.cause = NO_CAUSE
        worker.left_month = LONG_AGO
        worker.from_employer = NOBODY
    entry_age = world.entry_age_low + luck.entry_age * (world.entry_age_high - world.entry_age_low)
    exit_age = world.exit_age_low + luck.exit_age * (world.exit_age_high - world.exit_age_low)
    if luck.early_death < world.early_death_share:
        exit_age = entry_age + luck.exit_age * (world.exit_age_low - entry_age)
    worker.birth_month = world.month - int(entry_age)
    worker.exit_month = world.month + 1 + int(exit_age - entry_age)
    chosen = 0
    while chosen < world.profiles - 1 and luck.entry_profile >= world.entrant_profiles[chosen]:
        chosen += 1
    worker.profile = chosen
    worker.second = chosen
    worker.qualification = world.level[chosen]
    for k in range(len(worker.skills)):
        worker.skills[k] = world.requirement[chosen, k]
    worker.reach = world.own_reach[chosen]
    worker.pace = world.pace_classes[int(luck.pace * world.pace_count)]
    worker.status = INACTIVE
    worker.since = world.month
    worker.contract = PERMANENT
    worker.hired = LONG_AGO
    worker.jobless_since = world.month
    worker.displaced_month = LONG_AGO
    worker.trained = NOBODY
    worker.enrolled = LONG_AGO
    worker.wage = 0
    worker.wage_before = 0
    worker.scar = 0
    worker.scar_due = -1
    worker.tenure_lost = 0
    worker.profile_lost = 0


@rule(on="workers", draws=("give_up",))
def give_up_the_search(worker: Any, world: Any, luck: Any) -> None:
    """An unemployed person leaves the search, more rarely when it is long known to take time.

    The hazard falls with the person's own pace, since those who find work slowly also stay registered; people
    displaced from a job of two years or more, and not yet near the pension, stay in the search much longer
    (an assumption: without it re-employment after a closure could never reach what is observed).
    """
    if worker.status != UNEMPLOYED or worker.since == world.month or not world.inactivity:
        return
    hazard = world.give_up * worker.pace * 0.01
    if worker.displaced_month != LONG_AGO:
        hazard = hazard * world.incumbent_exit_factor
    if luck.give_up < hazard:
        worker.status = INACTIVE
        worker.since = world.month


@rule(on="workers", draws=("start_looking",))
def start_looking(worker: Any, world: Any, luck: Any) -> None:
    """An inactive person takes up the search; the clock of unemployment goes on after a short stay only."""
    if luck.start_looking >= world.start_looking or not world.inactivity:
        return
    if worker.status != INACTIVE or worker.since == world.month:
        return
    if world.month - worker.since >= 3:
        worker.jobless_since = world.month
    worker.status = UNEMPLOYED
    worker.since = world.month


@rule(on="workers", draws=("separation",))
def separate(worker: Any, world: Any, luck: Any) -> None:
    """An ordinary separation: a contract ends or a person stops working, far more often in the first months.

    These are not transition losses: they have their own causes and the firm refills the post. Jobs in automotive
    firms end more rarely: people stay there longer than elsewhere. A temporary contract becomes permanent when the
    first months are over. Displaced incumbents stop working as rarely as they give up the search, until they have
    held a job as long again.
    """
    held = world.month - worker.hired
    if held == world.tenure_new_months and worker.status == EMPLOYED and worker.notice_end == NEVER:
        worker.contract = PERMANENT
    if held == world.incumbent_months and worker.status == EMPLOYED and worker.notice_end == NEVER:
        worker.displaced_month = LONG_AGO
    # Luck is asked first: it turns most people away, whatever they are.
    if luck.separation >= world.separation_new or not world.separations:
        return
    if worker.status != EMPLOYED or worker.notice_end != NEVER:
        return
    hazard = world.separation_new if held < world.tenure_new_months else world.separation_old
    if luck.separation < hazard and world.employers[worker.employer].sector == 0:
        hazard = hazard * world.automotive_separation
    to_search = hazard * world.separation_to_unemployment
    to_rest = hazard - to_search
    if worker.displaced_month != LONG_AGO:
        to_rest = to_rest * world.incumbent_exit_factor
    if luck.separation >= to_search + to_rest:
        return
    leave_employer(worker, world.month)
    leave_course(worker)
    worker.since = world.month
    worker.jobless_since = world.month
    if luck.separation < to_search:
        worker.status = UNEMPLOYED
        worker.cause = OTHER_END
    else:
        worker.status = INACTIVE
        worker.cause = TO_INACTIVITY


@rule(on="workers")
def serve_notice(worker: Any, world: Any, luck: Any) -> None:
    """Notice runs out: the person becomes unemployed, or goes on with the course begun on notice.

    The cause was written when notice was given. Long tenure makes an incumbent, who stays in the search.
    """
    if worker.notice_end > world.month or worker.status != EMPLOYED:
        return
    worker.status = UNEMPLOYED if worker.course == NOBODY else IN_TRAINING
    worker.since = world.month
    worker.jobless_since = world.month
    worker.wage_before = worker.wage
    leave_employer(worker, world.month)
    long_held = world.month - worker.hired >= world.incumbent_months
    if long_held and world.month - worker.birth_month < world.incumbent_age:
        worker.displaced_month = world.month


LIVES = (leave_for_good, serve_notice, separate, give_up_the_search, start_looking)
"""The rules of a life in the order in which a month applies them."""
