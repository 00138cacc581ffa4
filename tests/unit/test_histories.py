"""Earnings after displacement: made-up histories whose answer is reckoned by hand, and whole runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from transitionsim import histories
from transitionsim.columns import DISMISSAL, EMPLOYED, NO_CAUSE, UNEMPLOYED, WORKER, record_type
from transitionsim.histories import COMPARISON, DISPLACED, begin, displaced_earnings_loss, no_earnings
from transitionsim.model import TransitionModel

LOST, STAFF = np.array([0], np.int32), np.array([1], np.int32)


def live(found: histories.Histories, rows: np.ndarray, month: int) -> None:
    """Live through a month in which person 0 is displaced and person 1 on the staff, if it is the first."""
    first = month == 0
    histories.live(found, rows, STAFF if first else STAFF[:0], LOST if first else LOST[:0], month, np.uint64(1))


def two_people() -> np.ndarray:
    """Return a person who lost a job in month 0, and one on the staff of an automotive firm, both 45 years old."""
    rows = np.zeros(2, record_type(WORKER))
    rows["birth_month"], rows["hired"], rows["left_month"] = -540, -60, -99
    rows["tenure_lost"], rows["wage_before"] = 60, 200_000
    rows["status"], rows["cause"], rows["left_month"][0] = [UNEMPLOYED, EMPLOYED], [DISMISSAL, NO_CAUSE], 0
    rows["wage"] = 200_000
    return rows


def test_a_history_by_hand() -> None:
    """Six months without a job, then 80 % of the wage; the other works on and loses the job after 18 months."""
    rows, found = two_people(), begin(2)
    for month in range(24):
        if month == 6:
            rows["status"][0], rows["wage"][0] = EMPLOYED, 160_000
        if month == 18:
            rows["status"][1] = UNEMPLOYED
        live(found, rows, month)
    loss = displaced_earnings_loss(found.earnings, found.earnings)
    assert loss.by_year[0] == pytest.approx(1.0 - 0.4 / 1.0)
    assert loss.by_year[1] == pytest.approx(1.0 - 0.8 / 0.5)
    assert np.isnan(loss.by_year[2:]).all()
    assert loss.overall == pytest.approx(1.0 - (0.4 + 0.8) / (1.0 + 0.5))
    assert (loss.people, loss.matched) == (1, 1.0)


def test_a_history_ends_when_an_entrant_takes_the_row() -> None:
    rows, found = two_people(), begin(2)
    for month in range(12):
        if month == 5:
            rows["birth_month"][1] = -240
        live(found, rows, month)
    assert found.earnings.months[COMPARISON].sum() == 5
    assert found.earnings.months[DISPLACED].sum() == 12


def test_nobody_is_followed_for_more_than_seven_years() -> None:
    rows, found = two_people(), begin(2)
    for month in range(100):
        live(found, rows, month)
    assert found.earnings.months.sum(axis=(1, 2)).tolist() == [84, 84]
    assert len(found.followed) == 0


def test_the_comparison_is_weighted_like_the_displaced() -> None:
    """Three quarters of the displaced are of a cell whose others keep all, a quarter of one whose others keep half."""
    arm, null = no_earnings(1), no_earnings(1)
    for cell, displaced, others in ((0, 30, 1.0), (1, 10, 0.5)):
        arm.months[DISPLACED, cell, 0], arm.earned[DISPLACED, cell, 0] = displaced, displaced * 4000
        null.months[COMPARISON, cell, 0], null.earned[COMPARISON, cell, 0] = 100, 100 * 10_000 * others
    arm.months[DISPLACED, 2, 0] = 10
    found = displaced_earnings_loss(arm, null)
    assert found.by_year[0] == pytest.approx(1.0 - 0.4 / (0.75 * 1.0 + 0.25 * 0.5))
    assert found.matched == pytest.approx(0.8), "a cell without comparison is left out, and said"


def test_the_comparison_group_of_the_own_arm_does_not_count() -> None:
    arm, null = no_earnings(1), no_earnings(1)
    arm.months[:, 0, 0], arm.earned[:, 0, 0] = 10, [50_000, 10_000]
    null.months[:, 0, 0], null.earned[:, 0, 0] = 10, [0, 100_000]
    assert displaced_earnings_loss(arm, null).overall == pytest.approx(0.5)


def test_without_displaced_there_is_no_number() -> None:
    found = displaced_earnings_loss(no_earnings(1), no_earnings(1))
    assert np.isnan(found.overall)
    assert found.people == 0


CUT = {"demand__volume": {"2025-01": 1.0, "2025-06": 1.0, "2025-07": 0.6}}


def test_the_displaced_are_those_of_the_ledger_and_are_found_again(small: Any) -> None:
    """Every person displaced is looked up twelve and eighteen months later, in a run with a deep cut in demand."""
    model = TransitionModel(small("no-transition", months=48, **CUT), rng=3)
    rows, lost, expected = model.workers.rows, [], {12: [0] * 48, 18: [0] * 48}
    for month in range(48):
        model.step()
        for start, person, birth in lost:
            if month - start in expected and rows["birth_month"][person] == birth:
                expected[month - start][month] += int(rows["status"][person] == EMPLOYED)
        gone = np.nonzero((rows["left_month"] == month) & (rows["cause"] >= 0) & (rows["cause"] <= 2))[0]
        lost += [(month, int(i), int(rows["birth_month"][i])) for i in gone]
    series = model.series
    ledger = series["dismissals"] + series["closures"] + series["temporary_not_renewed"]
    assert ledger.sum() > 50
    assert (series["displaced"] == ledger).all()
    assert series["displaced_employed_12m"].tolist() == expected[12]
    assert series["displaced_employed_18m"].tolist() == expected[18]
    assert 0 < series["displaced_job_to_job"].sum() < series["displaced"].sum()


def test_displaced_people_earn_less_than_others_like_them(small: Any) -> None:
    """The trough is at the start; later years are better."""
    cut = TransitionModel(small("no-transition", months=120, **CUT), rng=3).run()
    calm = TransitionModel(small("no-transition", months=120), rng=3).run()
    found = displaced_earnings_loss(cut.state.record.histories.earnings, calm.state.record.histories.earnings)
    assert found.by_year[0] > found.by_year[4:].mean() > 0.0
    assert found.matched > 0.9


def test_the_table_holds_every_month_followed(run_small: Any) -> None:
    model = run_small("no-transition", months=30, **CUT)
    table, earnings = model.earnings, model.state.record.histories.earnings
    assert table["person_months"].sum() == earnings.months.sum()
    assert set(table["group"]) == {"displaced", "comparison"}
    calm = table[(table["group"] == "comparison") & (table["year"] == 0)]
    assert 0.85 < np.average(calm["relative_earnings"], weights=calm["person_months"]) <= 1.0
    assert table["person_months"].max() <= 12 * 3 * table["people"].max()
    earned = sum(int(model.series[f"earned_{group}"].sum()) for group in ("displaced", "comparison"))
    before = sum(int(model.series[f"earned_before_{group}"].sum()) for group in ("displaced", "comparison"))
    assert earned / before == pytest.approx(earnings.earned.sum() / earnings.months.sum() / 10_000, abs=0.02)


def test_a_large_staff_is_drawn_from(monkeypatch: pytest.MonkeyPatch, small: Any) -> None:
    """About as many as wanted enter each January, and on average they fare like all."""
    whole = TransitionModel(small("no-transition", months=96), rng=3).run().state.record.histories.earnings
    monkeypatch.setattr(histories, "SAMPLE", 150)
    drawn = TransitionModel(small("no-transition", months=96), rng=3).run().state.record.histories.earnings
    entered = [one.people[COMPARISON, :, 0].sum() for one in (drawn, whole)]
    assert 8 * 120 < entered[0] < 8 * 180 < entered[1]
    mean = [one.earned[COMPARISON].sum() / one.months[COMPARISON].sum() / 10_000 for one in (drawn, whole)]
    assert mean[0] == pytest.approx(mean[1], abs=0.03)
