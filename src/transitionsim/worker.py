"""What rules and markets alike do to a worker and ask of one.

A helper that writes changes the record it is handed: a rule of the house hands it the own agent, a market a row of the
people. A student's rule may call those that only read (see :mod:`transitionsim.reading`).
"""

from __future__ import annotations

from typing import Any, Final

from transitionsim.columns import INVOLUNTARY, NEVER, NOBODY
from transitionsim.compiling import both_ways

RECENT_MONTHS: Final = 24
"""Months after the loss of a job in which a person counts as recently displaced."""


@both_ways
def leave_employer(worker: Any, month: int) -> None:
    """End a job this month: its employer is remembered as the last one, and a notice is over."""
    worker.left_month = month
    worker.from_employer = worker.employer
    worker.employer = NOBODY
    worker.notice_end = NEVER


@both_ways
def leave_course(worker: Any) -> None:
    """Give up the seat in a course; of a course completed before, the month of its end is forgotten too."""
    worker.course = NOBODY
    worker.programme = NOBODY
    worker.course_end = NEVER


@both_ways
def left_involuntarily(worker: Any) -> bool:
    """Return whether the last job was lost for lack of orders or by closure."""
    return worker.cause in INVOLUNTARY


@both_ways
def recently_displaced(worker: Any, month: int) -> bool:
    """Return whether a job was lost for lack of orders or by closure within the last two years."""
    return bool(left_involuntarily(worker) and month - worker.left_month < RECENT_MONTHS)


@both_ways
def missing_skills(worker: Any, requirement: Any, profile: int) -> int:
    """Return the hundredths of skill that a job profile requires beyond those held; more than required helps nothing.

    ``requirement`` has shape (profiles, pillars).
    """
    missing = 0
    for k in range(len(worker.skills)):
        missing += max(0, requirement[profile, k] - worker.skills[k])
    return missing
