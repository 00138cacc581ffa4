"""Calibration: what is measured, what is recovered, and what a person sees who gets it wrong."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.unit.fake_region import AT, KEYS, alike, told_apart

from transitionsim.calibration import calibrating
from transitionsim.calibration.calibrating import Calibration, calibrated, flow_lines
from transitionsim.calibration.free import FREE, LOOKED_AT, free_parameters
from transitionsim.calibration.measures import (
    FLOWS,
    Snapshot,
    employer_changes,
    flow_rates,
    moves,
    occupation_changes,
)
from transitionsim.calibration.recovery import columns, recovered
from transitionsim.calibration.simulating import Size, arm_of, simulated
from transitionsim.calibration.surrogate import Surrogate, halton, nearest_place, terms
from transitionsim.calibration.targets import shared_evidence, targets_of
from transitionsim.cli import main
from transitionsim.columns import AWAY, EMPLOYED, INACTIVE, UNEMPLOYED
from transitionsim.errors import InputError
from transitionsim.regions import base_register, load_region
from transitionsim.regions.fitted import read_fit, written_fit

REGION = str(Path(__file__).parents[1] / "small-region.yaml")
SIZE = Size(1, 36, (0, 1, 2))


def snapshot(month: int, rows: list[tuple[int, int, int, int, int, int]]) -> Snapshot:
    """Return people as status, employer, profile, month hired, month of birth and month of exit."""
    return Snapshot(month, *(np.array(column) for column in zip(*rows, strict=True)))


def fake(simulate: Any = told_apart, points: int = 12) -> Calibration:
    return calibrated(REGION, SIZE, points, keys=KEYS, simulate=simulate)


def test_changes_are_those_of_the_same_persons_employed_at_both_dates() -> None:
    before = snapshot(0, [
        (EMPLOYED, 1, 5, -30, -400, 90),  # stays
        (EMPLOYED, 1, 5, -30, -401, 90),  # another employer, same profile
        (EMPLOYED, 2, 5, -30, -402, 90),  # another employer and profile
        (EMPLOYED, 2, 6, -30, -403, 90),  # another profile with the same employer
        (EMPLOYED, 3, 6, -30, -404, 90),  # loses the job
        (UNEMPLOYED, -1, 6, -900, -405, 90),  # finds one
        (EMPLOYED, 3, 7, -30, -700, 6),  # retires: an entrant holds the row and a job
        (EMPLOYED, 4, 7, -30, -406, 90),  # left in between and is back: has not changed
    ])  # fmt: skip
    after = snapshot(12, [
        (EMPLOYED, 1, 5, -30, -400, 90),
        (EMPLOYED, 9, 5, 4, -401, 90),
        (EMPLOYED, 9, 8, 5, -402, 90),
        (EMPLOYED, 2, 8, -30, -403, 90),
        (UNEMPLOYED, -1, 6, -30, -404, 90),
        (EMPLOYED, 9, 8, 7, -405, 90),
        (EMPLOYED, 9, 8, 8, -240, 400),
        (EMPLOYED, 4, 7, 9, -406, 90),
    ])  # fmt: skip
    assert employer_changes(before, after) == 2 / 5
    assert occupation_changes(before, after) == 2 / 5
    assert after.tenure.tolist() == [42, 8, 7, 42, 5, 4, 3]
    assert employer_changes(after, after) == 0.0


def test_flows_are_shares_of_the_state_left_and_leave_out_who_went_away() -> None:
    before = np.array([EMPLOYED] * 4 + [UNEMPLOYED] * 2 + [INACTIVE] * 5 + [AWAY])
    after = np.array([EMPLOYED, EMPLOYED, UNEMPLOYED, INACTIVE, EMPLOYED, AWAY, *[INACTIVE] * 4, EMPLOYED, EMPLOYED])
    rates = flow_rates(moves(before, after))
    assert set(rates) == set(FLOWS)
    assert rates["employed_to_unemployed"] == rates["employed_to_inactive"] == 1 / 4
    assert rates["unemployed_to_employed"] == 1.0, "who went away is in neither state"
    assert rates["inactive_to_employed"] == 1 / 5
    assert rates["inactive_to_unemployed"] == rates["unemployed_to_inactive"] == 0.0


def test_a_run_measures_every_target_and_sees_the_search_of_the_employed() -> None:
    arm = arm_of(REGION, Size(1, 12, (1,)))
    slow, fast = (simulated(arm, {"flows.job_to_job": value}, 1) for value in (0.001, 0.005))
    assert {one.name for one in targets_of(load_region(REGION))} <= set(slow)
    assert fast["employer_changes"] > 1.3 * slow["employer_changes"]
    assert fast["mean_tenure"] < slow["mean_tenure"]
    assert simulated(arm, {"flows.job_to_job": 0.001}, 1) == slow


def test_the_surrogate_is_exact_for_a_quadratic_and_so_are_its_slopes() -> None:
    places = halton(12, 2)

    def truth(at: Any) -> Any:
        x, y = np.moveaxis(np.asarray(at), -1, 0)
        return np.stack([1 + 2 * x - y + 3 * x * y, x * x - 0.5 * y * y], axis=-1)

    found = Surrogate.through(places, truth(places))
    at = np.array([0.3, 0.8])
    assert found.at(at) == pytest.approx(truth(at))
    assert found.slope(at) == pytest.approx(np.array([[2 + 3 * 0.8, -1 + 3 * 0.3], [0.6, -0.8]]))
    assert found.missed.max() < 1e-12
    goal = truth(np.array([0.62, 0.27]))
    place, left = nearest_place(lambda one: found.at(one) - goal, found.slope, places[:3])
    assert place == pytest.approx([0.62, 0.27], abs=1e-5)
    assert left < 1e-12
    assert terms(2) == 6


def test_known_parameters_are_recovered_and_intervals_hold_them() -> None:
    calibration = fake()
    rows = recovered(calibration, vectors=8)
    assert len(rows) == 16
    assert max(abs(one.relative_error) for one in rows) < 0.12
    assert sum(one.inside for one in rows) >= 12
    assert all(one.low <= one.found <= one.high for one in rows)
    assert calibration.fit().directions == 2
    told = {one.key: one for one in columns(calibration)}
    assert set(told) == {*KEYS, *LOOKED_AT}
    assert all(told[key].told_apart for key in KEYS)
    assert not any(told[key].told_apart for key in LOOKED_AT), "the stand-in does not see them at all"


def test_two_parameters_that_act_as_one_are_not_told_apart() -> None:
    calibration = fake(alike)
    assert calibration.fit().directions == 1
    told = {one.key: one for one in columns(calibration)}
    assert not any(told[key].told_apart for key in KEYS)
    assert told[KEYS[0]].cosine > 0.99
    assert told[KEYS[0]].nearest == KEYS[1]


def test_the_fit_comes_as_near_as_the_ends_of_the_ranges_allow() -> None:
    calibration = fake()
    fit = calibration.fit()
    jobs, mobility = (fit.parameters[key] for key in KEYS)
    # 6 % and 3 % a year are met by .003 and .6: there the stand-in has its 6 % and 3 %.
    assert jobs.value == pytest.approx(AT[KEYS[0]], rel=0.05)
    assert mobility.value == pytest.approx(AT[KEYS[1]], rel=0.1)
    assert not jobs.at_edge
    assert fit.free_parameters == 2
    assert fit.targets_counted == len(fit.targets) == 13
    assert fit.runs == calibration.evaluator.runs <= (12 + 3) * 3
    recovered(calibration, vectors=1)
    assert calibration.fit() == fit, "what is run afterwards does not move it"
    misfit = fit.targets["occupation_changes"]
    assert misfit.misfit == pytest.approx((misfit.simulated - misfit.target) / misfit.tolerance, abs=1e-3)

    def little(arm: Any, values: Any, seed: int) -> dict[str, float]:
        found = told_apart(arm, values, seed)
        return {**found, "occupation_changes": 0.5 * found["occupation_changes"]}

    assert fake(little).fit().parameters[KEYS[1]].at_edge


def test_employer_changes_give_way_first() -> None:
    tolerance = {one.name: one.tolerance / one.value for one in targets_of(load_region(REGION))}
    assert max(tolerance, key=lambda name: tolerance[name]) == "employer_changes"
    assert "tenure_under_12_months" in tolerance, "Navarra's country has the survey"
    assert shared_evidence()["tenure_under_12_months"].country == "ES"
    assert "tenure_under_12_months" not in {one.name for one in targets_of(load_region("FRC"))}


def test_the_same_calibration_gives_the_same_bytes() -> None:
    assert len({written_fit(fake().fit()) for _ in range(2)}) == 1


def test_free_parameters_stay_in_the_ranges_of_the_register() -> None:
    for one in free_parameters(base_register()):
        assert one.at(0.0) == pytest.approx(one.low)
        assert one.at(1.0) == pytest.approx(one.high)
        assert one.at(one.place(one.before)) == pytest.approx(one.before)
    assert not set(FREE) & set(LOOKED_AT)


def test_flows_beyond_a_factor_of_two_are_refused(tmp_path: Path, cli: Any) -> None:
    factors = {one.name: one.factor for one in flow_lines(load_region("ES22"))}
    assert all(0.5 < factor < 2.0 for factor in factors.values())
    text = Path(REGION).read_text(encoding="utf-8")
    full = "unemployment_rate: {value: 0.004, unit: share, low: 0.003, high: 0.09"
    path = tmp_path / "full.yaml"
    path.write_text(text.replace("unemployment_rate: {value: 0.07, unit: share, low: 0.05, high: 0.09", full))
    code, out, err = cli("calibrate", str(path))
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 2, "the first line says what begins"
    assert "needs a flow changed by a factor of" in err


@pytest.fixture
def cli(capsys: Any) -> Any:
    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


@pytest.fixture
def quick(monkeypatch: Any) -> None:
    """Let the command calibrate the stand-in."""
    monkeypatch.setattr(calibrating, "calibrated", partial(calibrated, simulate=told_apart))


@pytest.mark.usefixtures("quick")
def test_the_command_writes_a_fit_and_prints_its_residuals(tmp_path: Path, cli: Any) -> None:
    path = tmp_path / "fit.yaml"
    code, out, err = cli("calibrate", REGION, "--points", "23", "--out", str(path), "--identifiability")
    assert code == 0, err
    for words in (
        "employed_to_unemployed",
        "90 % interval",
        "misfit",
        "5 parameters against 13 targets",
        "runs of the",
    ):
        assert words in out
    fit = read_fit(path)
    assert fit.region == "SMALL"
    assert f"{fit.targets['employer_changes'].misfit:.2f}".rstrip("0") in out
    code, out, err = cli("calibrate", "--check", str(path), REGION)
    assert (code, err) == (0, "")
    assert fit.digest[:8] in out
    code, _, err = cli("calibrate", "--check", str(path))
    assert code == 2
    assert "was fitted to SMALL, a region of your own; name its profile before --check" in err
    code, out, _ = cli("calibrate", REGION, "--points", "23", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["fit"]["parameters"].keys() == FREE.keys()
    assert found["fit"]["digest"] == fit.digest, "the recovery does not move the fit"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ES99",), "no region 'ES99'"),
        ((), "name a region"),
        ((REGION, "--seeds", "1"), "at least 2 are needed"),
        ((REGION, "--seeds", "0"), "at least 1 is needed"),
        ((REGION, "--points", "10"), "at least 23 points"),
        ((REGION, "--scale", "0"), "at least 1 is needed"),
        ((REGION, "--out", "no/such/folder/fit.yaml"), "cannot write to"),
        (("--check", "nothing.yaml"), "no such file"),
        (("--check", REGION), "region: is missing"),
    ],
)
def test_a_mistake_is_one_sentence(arguments: tuple[str, ...], said: str, cli: Any) -> None:
    code, _, err = cli("calibrate", *arguments)
    assert code == 2
    lines = [line for line in err.splitlines() if not line.startswith("transitionsim 0")]
    assert len(lines) == 1
    assert said in lines[0]


def test_a_region_that_cannot_be_lived_in_is_refused() -> None:
    def refused(arm: Any, values: Any, seed: int) -> dict[str, float]:
        raise InputError.one("region", "too far from Europe's")

    with pytest.raises(InputError, match="only 0 of 12 points"):
        fake(refused)
