"""What rules and markets alike do to a worker: the same bytes compiled and as plain Python."""

from __future__ import annotations

from typing import Any

import hand_made
import numpy as np
import pytest

from transitionsim.columns import (
    CAUSE_NAMES,
    CLOSURE,
    DISMISSAL,
    LONG_AGO,
    NEVER,
    NO_CAUSE,
    NOBODY,
    QUIT_TO_JOB,
    SKILLS,
    TEMPORARY_NOT_RENEWED,
)
from transitionsim.compiling import compiled
from transitionsim.worker import (
    leave_course,
    leave_employer,
    left_involuntarily,
    missing_skills,
    recently_displaced,
)


@compiled
def _leave(workers: Any, month: int) -> None:
    for i in range(len(workers)):
        leave_employer(workers[i], month)
        leave_course(workers[i])


@compiled
def _displaced(workers: Any, month: int) -> Any:
    found = np.zeros((2, len(workers)), np.bool_)
    for i in range(len(workers)):
        found[0, i] = left_involuntarily(workers[i])
        found[1, i] = recently_displaced(workers[i], month)
    return found


@compiled
def _missing(workers: Any, requirement: Any) -> Any:
    found = np.zeros(len(workers), np.int64)
    for i in range(len(workers)):
        found[i] = missing_skills(workers[i], requirement, 1)
    return found


class Plain:
    """A row as plain Python sees it."""

    def __init__(self, rows: Any, row: int) -> None:
        self.__dict__.update({name: rows[name][row].tolist() for name in rows.dtype.names})


def test_who_leaves_an_employer_and_a_course_has_neither_and_knows_the_last() -> None:
    people = hand_made.people(2, employer=7, notice_end=12, course=3, programme=1, course_end=20)
    one = Plain(people, 1)
    leave_employer(one, 9)
    leave_course(one)
    _leave(people, 9)
    assert vars(one) == vars(Plain(people, 1))
    assert (one.employer, one.from_employer, one.left_month, one.notice_end) == (NOBODY, 7, 9, NEVER)  # type: ignore[attr-defined]
    assert (one.course, one.programme, one.course_end) == (NOBODY, NOBODY, NEVER)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("left", "recent"), [(30, True), (7, True), (6, False), (LONG_AGO, False)])
def test_the_displaced_are_those_whose_job_was_lost_within_two_years(left: int, recent: bool) -> None:
    causes = range(NO_CAUSE, len(CAUSE_NAMES))
    people = hand_made.people(len(causes), left_month=left, cause=list(causes))
    lost = [cause in (DISMISSAL, CLOSURE, TEMPORARY_NOT_RENEWED) for cause in causes]
    assert lost[QUIT_TO_JOB - NO_CAUSE] is False
    rows = [Plain(people, row) for row in range(len(people))]
    assert [left_involuntarily(one) for one in rows] == lost
    assert [recently_displaced(one, 30) for one in rows] == [each and recent for each in lost]
    assert _displaced(people, 30).tolist() == [lost, [each and recent for each in lost]]


def test_what_is_held_beyond_the_requirement_helps_nothing() -> None:
    people = hand_made.people(2)
    people["skills"][0] = np.arange(len(SKILLS)) * 10
    people["skills"][1] = 100
    requirement = np.full((2, len(SKILLS)), 25, np.int64)
    assert _missing(people, requirement).tolist() == [25 + 15 + 5, 0]
    assert [missing_skills(Plain(people, row), requirement, 1) for row in range(2)] == [45, 0]
