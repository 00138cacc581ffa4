"""Staff of a firm made by hand: misfits, who gets notice, how long it is, what is a collective redundancy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hand_made import firms, people

from transitionsim.columns import CLOSURE, DISMISSAL, NEVER, PERMANENT, TEMPORARY, TEMPORARY_NOT_RENEWED, Records
from transitionsim.markets.notices import NoticeTerms, collective_redundancies, give_notice
from transitionsim.markets.redeployment import count_misfits

TERMS = NoticeTerms(
    temporary=1, under_2_years=2, to_10_years=3, over_10_years=5, consultation=1, collective_small=10,
    collective_share=0.1, collective_large=30, tenure_points=3, age_points=1, age_from=30,
)  # fmt: skip


@pytest.mark.parametrize(("serving", "left"), [(0, 3), (2, 1), (3, 0)])
def test_people_on_notice_are_no_misfits(serving: int, left: int) -> None:
    """Three people too many in one profile, three too few in another: those on notice are on their way out."""
    employers = firms()
    staff, posts = np.array([[8, 2]], np.int32), np.array([[5, 5]], np.int32)
    on_notice = np.array([[serving, 0]], np.int32)
    rows = np.zeros(1, np.int64)
    assert count_misfits(employers, rows, posts, staff, np.zeros_like(staff), on_notice) == left
    assert employers["misfits"][0] == left


def noticed(workers: Records, employers: Records, terms: NoticeTerms = TERMS, surplus: Any = True) -> Records:
    """Return the rows of the people who get notice in month 0."""
    rows = np.arange(len(workers), dtype=np.int32)
    employers["staff"] = np.bincount(workers["employer"], minlength=len(employers))
    on_notice = np.zeros((len(employers), 2), np.int32)
    many = np.broadcast_to(surplus, (len(employers), 2))
    give_notice(workers, rows, employers, 0, terms, 1, on_notice, many)
    found = workers[workers["notice_end"] != NEVER]
    assert on_notice.sum() == len(found)
    return found


def test_temporary_contracts_end_before_permanent_staff_get_notice() -> None:
    """Seven of ten go: the four on temporary contracts first, though they have been there longest."""
    workers = people(10, contract=[TEMPORARY] * 4 + [PERMANENT] * 6, hired=[-100] * 4 + [-72] * 6)
    found = noticed(workers, firms(dismissals=7))
    assert (found["cause"] == [TEMPORARY_NOT_RENEWED] * 4 + [DISMISSAL] * 3).all()
    assert (found["notice_end"] == [1] * 4 + [3] * 3).all()


def test_on_short_time_only_temporary_contracts_of_profiles_with_too_many_end() -> None:
    columns = {"contract": [TEMPORARY] * 4 + [PERMANENT] * 6, "profile": [0, 0, 0, 1] + [0] * 6}
    found = noticed(people(10, **columns), firms(dismissals=7, short_time=0.4), surplus=[True, False])
    assert (found["cause"] == TEMPORARY_NOT_RENEWED).all()
    assert len(found) == 3


def test_a_firm_that_closes_keeps_nobody_for_short_time() -> None:
    found = noticed(people(10), firms(closing=True, short_time=0.4))
    assert len(found) == 10
    assert (found["cause"] == CLOSURE).all()


@pytest.mark.parametrize(("tenure", "months"), [(0, 2), (23, 2), (24, 3), (119, 3), (120, 5), (400, 5)])
def test_notice_grows_with_tenure(tenure: int, months: int) -> None:
    found = noticed(people(1, hired=-tenure), firms(dismissals=1))
    assert found["notice_end"].tolist() == [months]


def test_social_selection_follows_its_points() -> None:
    """Long service protects, or age where the country says so; without points luck decides."""
    columns = {"hired": [-200, -30], "birth_month": [-450, -650]}
    assert noticed(people(2, **columns), firms(dismissals=1))["hired"].tolist() == [-30]
    by_age = replace(TERMS, tenure_points=0)
    assert noticed(people(2, **columns), firms(dismissals=1), by_age)["hired"].tolist() == [-200]
    none = replace(TERMS, tenure_points=0, age_points=0)
    columns["hired"] = [-30, -200]
    keys = people(2)["key"]
    assert noticed(people(2, **columns), firms(dismissals=1), none)["key"].tolist() == [keys.min()]


@pytest.mark.parametrize(
    ("staff", "dismissed", "collective"),
    [(20, 20, False), (21, 9, False), (21, 10, True), (99, 9, False), (99, 10, True), (100, 9, False),
     (100, 10, True), (250, 24, False), (250, 25, True), (299, 29, False), (299, 30, True), (300, 29, False),
     (300, 30, True), (4000, 29, False), (4000, 30, True), (4000, 0, False)],
)  # fmt: skip
def test_many_dismissals_at_once_are_a_collective_redundancy(staff: int, dismissed: int, collective: bool) -> None:
    """The thresholds of Directive 98/59/EC, to the person, whatever a row stands for."""
    counted = np.array([dismissed])
    assert collective_redundancies(firms(staff=staff), counted, TERMS, 1).tolist() == [collective]
    thinned = firms(staff=staff, represents=10)
    assert collective_redundancies(thinned, counted, TERMS, 10).tolist() == [collective]
    if staff % 10 == 0 and dismissed % 10 == 0:
        assert collective_redundancies(firms(staff=staff // 10), counted // 10, TERMS, 10).tolist() == [collective]


@pytest.mark.parametrize(("dismissed", "months"), [(29, 3), (30, 4)])
def test_in_a_collective_redundancy_notice_begins_after_the_consultation(dismissed: int, months: int) -> None:
    found = noticed(people(400), firms(dismissals=dismissed))
    assert found["notice_end"].tolist() == [months] * dismissed


def test_temporary_contracts_make_no_collective_redundancy() -> None:
    workers = people(400, contract=[TEMPORARY] * 20 + [PERMANENT] * 380)
    found = noticed(workers, firms(dismissals=49))
    assert set(found["notice_end"][found["contract"] == PERMANENT].tolist()) == {3}


def test_nobody_is_known_to_leave_where_nobody_ages(run_small: Any) -> None:
    """Else firms would hire in place of people who stay."""
    assert run_small("no-transition", months=6).state.labour.leaving.sum() > 0
    assert run_small("no-transition", months=6, mechanisms__ageing=False).state.labour.leaving.sum() == 0
