"""Fitted values in a scenario: frozen in every arm, below what the scenario sets, refused when they do not hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.conftest import SMALL
from tests.unit.fake_region import told_apart

from transitionsim.calibration.calibrating import calibrated
from transitionsim.calibration.simulating import Size
from transitionsim.cli import main
from transitionsim.errors import InputError
from transitionsim.experiments.design import Arm, no_transition_of
from transitionsim.experiments.manifest import document
from transitionsim.experiments.planning import comparison_design, prepare
from transitionsim.experiments.store import read_plan, write_plan
from transitionsim.model import TransitionModel
from transitionsim.regions import load_region
from transitionsim.regions.fitted import FITS, Fit, find_fit, read_fit, written_fit
from transitionsim.scenario import Scenario, load_scenario
from transitionsim.scenario.differences import resolved as values_of

KEYS = ("flows.job_to_job", "search.mobility")
SWEPT = "search.mobility"


@pytest.fixture(scope="module")
def fit() -> Fit:
    region = str(SMALL["region"])
    return calibrated(region, Size(1, 36, (0, 1)), 12, keys=KEYS, simulate=told_apart).fit()


@pytest.fixture
def path(fit: Fit, tmp_path: Path) -> Path:
    file = tmp_path / "fit.yaml"
    file.write_text(written_fit(fit), encoding="utf-8")
    return file


@pytest.fixture
def scenario(path: Path, small: Any) -> Scenario:
    return small(calibration=str(path))


@pytest.fixture
def cli(capsys: Any) -> Any:
    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


def test_a_file_of_a_fit_holds_all_of_it(fit: Fit, path: Path) -> None:
    assert read_fit(path) == fit
    assert written_fit(read_fit(path)) == path.read_text(encoding="utf-8")


def test_without_a_fit_nothing_changes(small: Any) -> None:
    plain = small()
    assert plain.calibration == "none"
    assert small(calibration="none").digest() == plain.digest()
    assert plain.fit() is None
    assert plain.fit() is None
    assert dict(plain.register()) == dict(load_region(plain.region).register)


def test_a_run_with_a_fit_is_the_run_with_these_values(fit: Fit, scenario: Scenario, small: Any) -> None:
    by_hand = small(months=2).with_values(fit.values)
    of_fit = scenario.with_values({"months": 2})
    models = [TransitionModel(one, rng=1).run() for one in (of_fit, by_hand, small(months=2))]
    digests = [model.digest() for model in models]
    assert digests[0] == digests[1] != digests[2]
    assert f"2 parameters {fit.origin}" in models[0].labels


def test_fitted_values_are_the_same_in_every_arm_and_draw(fit: Fit, scenario: Scenario, path: Path) -> None:
    policy = load_scenario("reskilling").with_values({**SMALL, "calibration": str(path)})
    for arm in (scenario, no_transition_of(scenario), policy, no_transition_of(policy), policy.with_draw(3)):
        register = arm.register()
        assert {key: register.value(key) for key in KEYS} == fit.values
        assert register.origin(KEYS[0]) == fit.origin
    free = load_scenario("current-policy").with_values(SMALL).with_draw(3)
    assert free.register().value(SWEPT) != free.load_region().register.value(SWEPT), "it is a swept parameter"


def test_draws_vary_no_fitted_value_and_arms_share_the_fit(scenario: Scenario, small: Any) -> None:
    arms = [Arm("a", scenario), Arm("b", small("fast", calibration=scenario.calibration))]
    design = comparison_design(arms[0], arms[1:], draws=2)
    assert SWEPT not in {one.key for one in design.swept}
    assert SWEPT not in design.draws[0].values
    assert SWEPT in {one.key for one in comparison_design(Arm("a", small()), [], draws=2).swept}
    with pytest.raises(InputError, match=r"calibration is none, in the baseline it is .*; such runs cannot be paired"):
        comparison_design(arms[0], [Arm("b", small("fast"))], draws=2)


def test_a_sweep_keeps_its_fit_with_the_plan(fit: Fit, path: Path) -> None:
    file = path.with_name("question.yaml")
    held = f"{{months: 24, region: {SMALL['region']}, persons_per_agent: 1, calibration: {path}}}"
    file.write_text(
        f"question: Kept?\nbaseline: current-policy\nscenarios: [fast]\nset: {held}\ninputs: swept\ndraws: 2\n"
        "indicators: [posts_lost]\n",
        encoding="utf-8",
    )
    prepared = prepare(file)
    assert SWEPT not in {one.key for one in prepared.plan.swept}
    folder = path.with_name("out")
    folder.mkdir()
    write_plan(folder, prepared)
    path.unlink()
    again = read_plan(folder).scenarios
    assert {one.fit().digest for one in again} == {fit.digest}


def test_what_the_scenario_sets_stands_above_the_fit(fit: Fit, scenario: Scenario) -> None:
    register = scenario.with_values({SWEPT: 0.3}).register()
    assert register.value(SWEPT) == 0.3
    assert register.value(KEYS[0]) == fit.values[KEYS[0]]


def test_a_fit_is_shown_and_counts_in_digest_and_manifest(fit: Fit, scenario: Scenario, small: Any, path: Path) -> None:
    assert scenario.digest() != small().digest()
    moved = path.with_name("moved.yaml")
    path.rename(moved)
    assert small(calibration=str(moved)).digest() == scenario.with_values({"calibration": str(moved)}).digest()
    again = small(calibration=str(moved))
    rows = {row.key: row for row in values_of(again)}
    assert rows["calibration"].value == str(moved)
    assert rows[f"parameters.{SWEPT}"].value == fit.values[SWEPT]
    assert rows[f"parameters.{SWEPT}"].source.startswith("fitted")
    assert document(again)["calibration"] == f"./fit-{fit.digest[:8]}.yaml", "no folder goes into a plan"


def test_a_path_is_followed_from_the_scenario_s_file(path: Path) -> None:
    file = path.with_name("mine.yaml")
    file.write_text(f"extends: current-policy\nregion: {SMALL['region']}\ncalibration: fit.yaml\n", encoding="utf-8")
    assert load_scenario(file).fit() is not None


def _altered(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_altered_fit_is_refused(fit: Fit, path: Path, cli: Any) -> None:
    value = fit.values[SWEPT]
    _altered(path, f'"value": {value}', f'"value": {value + 0.01}')
    code, out, err = cli("calibrate", "--check", str(path))
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "does not match its digest" in err
    file = path.with_name("mine.yaml")
    file.write_text(f"extends: current-policy\nregion: {SMALL['region']}\ncalibration: fit.yaml\n", encoding="utf-8")
    code, out, err = cli("run", str(file))
    assert code == 2
    assert "mine.yaml:3: calibration: does not match its digest" in err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"region": "DE1"}, "was fitted to DE1, the region is SMALL"),
        ({"profile": "0" * 64}, "was fitted to another profile of SMALL"),
        ({"register_digest": "0" * 64}, "was fitted with another version of the register"),
    ],
)
def test_a_fit_of_something_else_is_refused(
    change: dict[str, str], said: str, fit: Fit, path: Path, small: Any, cli: Any
) -> None:
    path.write_text(written_fit(fit.model_copy(update=change).sealed()), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        small(calibration=str(path))
    code, _, err = cli("run", "current-policy", "--set", f"region={SMALL['region']}", "--set", f"calibration={path}")
    assert code == 2
    assert said in err
    assert len(err.splitlines()) == 2, "the first line says what begins"


def test_a_value_outside_its_range_is_refused(fit: Fit, path: Path, small: Any) -> None:
    wide = fit.parameters[SWEPT].model_copy(update={"value": 7.0})
    far = fit.model_copy(update={"parameters": {**fit.parameters, SWEPT: wide}}).sealed()
    path.write_text(written_fit(far), encoding="utf-8")
    with pytest.raises(InputError, match=r"search\.mobility: found 7"):
        small(calibration=str(path))


def test_a_region_without_a_stored_fit_says_how_to_make_one(small: Any) -> None:
    with pytest.raises(InputError, match="nothing is stored for SMALL; fit it with: transitionsim calibrate SMALL"):
        small(calibration="stored")
    with pytest.raises(InputError, match="none, stored or the path of a fit file is needed"):
        small(calibration="yes")


def test_the_digest_of_a_register_sees_values_and_ranges() -> None:
    register = load_region("ES22").register
    assert register.digest() == load_region("ES22").register.digest()
    assert register.with_overrides({SWEPT: 0.5}).digest() != register.digest()


@pytest.mark.parametrize("file", sorted(FITS.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_fit_that_comes_with_the_package_holds(file: Path) -> None:
    """A change of the profile or the register asks for the fit to be made anew."""
    region = load_region(file.stem)
    fit = find_fit("stored", region)
    assert fit is not None
    assert written_fit(fit) == file.read_text(encoding="utf-8")
    for key, one in fit.parameters.items():
        assert one.low <= one.value <= one.high, key
    scenario = load_scenario("current-policy").with_values({"region": region.code, "calibration": "stored"})
    assert scenario.register().value(SWEPT) == fit.values[SWEPT]
