"""Displacement: careers counted in bits, identities of the two changes, and when a ratio says nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import fake_model as fake
import numpy as np
import pytest

from transitionsim.careers import Careers
from transitionsim.columns import EMPLOYED
from transitionsim.experiments.design import PLACEBO, Arm
from transitionsim.experiments.displacement import displacement
from transitionsim.experiments.paired import displaced
from transitionsim.experiments.planning import comparison_design
from transitionsim.experiments.running import run_design
from transitionsim.model import TransitionModel, simulate
from transitionsim.report import page_of
from transitionsim.report.displacement import displacement_text

FUNDED = {"policies__reskilling__from": "2025-06", "policies__reskilling__budget": 500_000}
SMALL = {"persons_per_agent": 20, "months": 36}


def careers_of(employed: np.ndarray, first: dict[int, int], scale: int = 1) -> Careers:
    """Careers from a table (months, rows) of employment and the first courses of some rows."""
    careers = Careers.empty(employed.shape[1], employed.shape[0], scale)
    careers.employed[:] = np.packbits(employed.astype(bool), axis=1, bitorder="little")
    for row, month in first.items():
        careers.begin_course(np.array([row], np.int32), month)
    return careers


def test_careers_hold_who_was_employed_when(small: Any) -> None:
    """The bits are the status of every row at the end of every month, and change no byte of the run."""
    scenario = small("reskilling", months=20, **FUNDED)
    found = simulate(scenario, 3, careers=True)
    model = TransitionModel(scenario, rng=3)
    rows = np.arange(len(model.state.workers))
    assert found.careers is not None
    bits, total, took_part = found.careers.of(rows), np.zeros(len(rows), int), np.zeros(len(rows), bool)
    while model.running:
        model.step()
        employed = model.state.workers["status"] == EMPLOYED
        assert (bits[model.month - 1] == employed).all()
        total += employed
        took_part |= model.state.workers["enrolled"] == model.month - 1
    assert (found.careers.months_employed == total).all()
    assert (found.careers.took_part == took_part).all()
    assert took_part.any()
    assert found.digest == model.digest() == simulate(scenario, 3).digest
    assert simulate(scenario, 3).careers is None


def test_what_participants_and_others_win_is_what_employment_changes(small: Any) -> None:
    arms = [
        simulate(small(name, months=48, **more), 2, careers=True)
        for name, more in (("reskilling", FUNDED), ("current-policy", {}))
    ]
    found = displacement(arms[0].careers, arms[1].careers)
    change = (arms[0].series["employment"] - arms[1].series["employment"]).sum()
    assert found.participants == arms[0].careers.took_part.sum() > 0
    assert found.own_change + found.others_change == change


def test_a_run_against_itself_has_no_participants_and_no_ratio(small: Any) -> None:
    careers = simulate(small("reskilling", months=30, **FUNDED), 2, careers=True).careers
    found = displacement(careers, careers)
    assert (found.participants, found.own_change, found.others_change) == (0, 0, 0)
    assert np.isnan(found.ratio)
    assert np.isnan(found.since_course).all()


def test_a_ratio_by_hand() -> None:
    """Row 0 takes part in month 1 and works six months more, row 1 six less, row 2 three less; a row is ten persons."""
    base = np.zeros((40, 3), bool)
    base[:, 1] = base[:, 2] = True
    arm = base.copy()
    arm[12:18, 0], arm[12:18, 1], arm[0:3, 2] = True, False, False
    found = displacement(careers_of(arm, {0: 1}, 10), careers_of(base, {}, 10))
    assert (found.participants, found.own_change, found.others_change) == (10, 60, -90)
    assert found.ratio == pytest.approx(1.5)
    assert found.since_course == (0.0, pytest.approx(100 * 6 / 15), 0.0)
    assert (found.months_since, found.employed_since, found.twins_employed_since) == (390, 60, 0)


def test_within_the_placebo_floor_a_ratio_is_undefined() -> None:
    base, arm, seat = (np.zeros((12, 9), bool) for _ in range(3))
    arm[3:6, 0], seat[3:6, 0] = True, True
    courses = careers_of(arm, {0: 1})
    assert displacement(courses, careers_of(base, {})).ratio == 0.0
    inside = displacement(courses, careers_of(base, {}), careers_of(seat, {}))
    assert abs(inside.own_change) == abs(inside.floor) == 3
    assert np.isnan(inside.ratio)


def working(scenario: Any, seed: int, *, rules: Any = (), careers: bool = False) -> fake.FakeRun:
    """A fake run in which whoever takes part works more, at the cost of half as much work of others."""
    run = fake.simulate(scenario, seed, rules=rules)
    paid = any(policy.id == "reskilling" for policy in scenario.policies)
    table = np.zeros((36, 40), bool)
    table[:, 20:] = True
    if paid:
        table[12:, :10] = True
        table[12:, 20:25] = False
    if any(policy.id == "placebo-seat" for policy in scenario.policies):
        table[5, 1] = True
    kept = careers_of(table, dict.fromkeys(range(10), 3) if paid else {}) if careers else None
    return replace(run, careers=kept)


def results_of(*arms: Arm, simulate: Any = working) -> Any:
    return run_design(
        comparison_design(Arm("now", fake.scenario(**SMALL)), arms, draws=3, seeds=None), processes=1, simulate=simulate
    )


def test_a_comparison_says_whom_courses_displace() -> None:
    results = results_of(Arm("fast", fake.scenario(bev=1.0, **SMALL)), Arm("paid", fake.scenario(seats=1e7, **SMALL)))
    table = displaced(results)
    assert table["scenario"].tolist() == ["paid"]
    row = table.iloc[0]
    assert (row["n"], row["participants_median"], row["own_change_median"], row["others_change_median"]) == (
        3, 10, 240, -120,
    )  # fmt: skip
    assert row["defined"]
    assert row["ratio_median"] == row["ratio_p05"] == row["ratio_p95"] == 0.5
    assert row["placebo_p95"] == 1
    assert "displacement ratio 0.50" in " ".join(displacement_text(table).split())
    assert {run.arm for run in results.runs if run.displacement} == {"fast", "paid"}
    assert PLACEBO not in table["scenario"].tolist()


def test_the_net_training_effect_of_a_comparison_is_what_participants_win_less_what_others_lose() -> None:
    """Ten of ten participants work 24 of 33 months since their course, five others lose 24 months each."""
    from transitionsim.experiments.indicated import contrasts

    table = contrasts(results_of(Arm("paid", fake.scenario(seats=1e7, **SMALL))))
    rows = table[table["code"] == "K20"].set_index("group")
    assert rows["against"].unique().tolist() == ["now"]
    assert rows["n"].unique().tolist() == [3]
    assert rows.loc["in employment", "median"] == pytest.approx(100 * 24 / 33)
    assert rows.loc["deadweight", "median"] == 0.0
    assert rows.loc["effect on participants", "median"] == pytest.approx(100 * 24 / 33)
    assert rows.loc["displacement", "median"] == pytest.approx(100 * 12 / 33)
    assert rows.loc["all", "median"] == pytest.approx(100 * 12 / 33)
    assert rows.loc["placebo floor", "median"] == pytest.approx(100 * 1 / 330)


def test_an_undecided_change_of_participants_prints_no_ratio() -> None:
    def undecided(scenario: Any, seed: int, *, rules: Any = (), careers: bool = False) -> fake.FakeRun:
        run = working(scenario, seed, rules=rules, careers=careers)
        if run.careers is not None and seed == 1:
            run.careers.employed[12:, :2] = 0
        if run.careers is not None and seed == 1 and not run.careers.took_part.any():
            run.careers.employed[:, :2] = 255
        return run

    table = displaced(results_of(Arm("paid", fake.scenario(seats=1e7, **SMALL)), simulate=undecided))
    assert not table.iloc[0]["defined"]
    assert np.isnan(table.iloc[0]["ratio_median"])
    assert "undefined" in displacement_text(table)


def test_without_courses_nothing_is_kept_or_said() -> None:
    asked = []

    def noting(scenario: Any, seed: int, *, rules: Any = (), careers: bool = False) -> fake.FakeRun:
        asked.append(careers)
        return working(scenario, seed, rules=rules, careers=careers)

    results = results_of(Arm("fast", fake.scenario(bev=1.0, **SMALL)), simulate=noting)
    assert not any(asked)
    assert displaced(results).empty
    from transitionsim.experiments.comparing import compared

    assert "Displacement" not in page_of(results, compared(results.found))
