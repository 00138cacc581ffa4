"""A comparison is an experiment like any other: one plan, one table, stopped, gone on with, until it knows enough."""

from __future__ import annotations

from pathlib import Path

import fake_model as fake
import pytest
import typer

from transitionsim.cli import main
from transitionsim.cli.analyse import compare as analysed
from transitionsim.cli.carrying import INTERRUPTED, Running, carry_out
from transitionsim.cli.scenarios import arms_of
from transitionsim.experiments.planning import comparison_design, prepare
from transitionsim.experiments.store import PARTS, read_plan

SMALL = {"persons_per_agent": 20, "months": 36}
QUESTION = f"""
question: What does it change?
baseline: current-policy
scenarios: [fast, reskilling]
set: {{persons_per_agent: {SMALL["persons_per_agent"]}, months: {SMALL["months"]}}}
inputs: swept
draws: 12
"""
WORDS = [f"{key}={value}" for key, value in SMALL.items()]
HERE = Running(processes=1, simulate=fake.simulate)


def compared(draws: int = 12, rules: tuple[Path, ...] = ()):
    """The comparison that the experiment file asks for too."""
    baseline, *others = arms_of(["current-policy", "fast", "reskilling"], WORDS)
    return comparison_design(baseline, others, draws=draws, rules=rules)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A finished comparison."""
    folder = tmp_path_factory.mktemp("comparison") / "whole"
    carry_out(folder, compared(), HERE)
    return folder


def test_the_same_design_by_command_and_by_file_is_one_plan_and_one_table(whole, tmp_path) -> None:
    file = tmp_path / "question.yaml"
    file.write_text(QUESTION)
    design = prepare(file)
    assert design.plan.id == compared().plan.id
    carry_out(tmp_path / "sweep", design, HERE)
    assert files(tmp_path / "sweep") == files(whole)
    assert {"comparison.csv", "indicators-compared.csv", "displacement.csv", "table.csv"} >= set(files(whole))
    for folder, place in ((whole, "a"), (tmp_path / "sweep", "b")):
        analysed(folder, tmp_path / place)
    assert (tmp_path / "a" / "comparison.csv").read_bytes() == (tmp_path / "b" / "comparison.csv").read_bytes()
    assert (tmp_path / "a" / "comparison.csv").read_bytes() == files(whole)["comparison.csv"]


def test_a_comparison_that_was_stopped_goes_on_to_the_same_bytes(whole, tmp_path, capsys) -> None:
    def stops(scenario, seed, *, rules=(), careers=False):
        if seed == 5:
            raise KeyboardInterrupt
        return fake.simulate(scenario, seed, rules=rules, careers=careers)

    folder = tmp_path / "stopped"
    with pytest.raises(typer.Exit) as left:
        carry_out(folder, compared(), Running(processes=1, simulate=stops))
    assert left.value.exit_code == INTERRUPTED
    assert f"transitionsim sweep --resume {folder}" in capsys.readouterr().err
    assert 0 < len(list((folder / PARTS).iterdir())) < 12
    with pytest.raises(SystemExit) as ended:
        main(["compare", "current-policy", "fast", "--draws", "1", "--out", str(folder)])
    assert ended.value.code == 2
    assert f"go on with transitionsim sweep --resume {folder}" in capsys.readouterr().err
    carry_out(folder, read_plan(folder), HERE, resume=True)
    assert files(folder) == files(whole)


def test_a_comparison_stops_when_it_knows_enough(tmp_path) -> None:
    done = carry_out(tmp_path / "enough", compared(48), Running(processes=1, simulate=fake.simulate, until=0.5))
    assert done.outcome.draws < 48
    assert set(done.table["n"]) == {done.outcome.draws}


def test_rules_of_ones_own_go_with_the_plan_and_run_again_only_when_allowed(tmp_path, capsys) -> None:
    rules = tmp_path / "mine.py"
    rules.write_text(
        "from transitionsim.rule import rule\n\n\n"
        '@rule(on="workers", after="look_for_work")\ndef rest(worker, world, luck):\n    worker.applications = 0\n'
    )
    folder = tmp_path / "ruled"
    carry_out(folder, compared(1, (rules,)), HERE)
    rules.unlink()
    with pytest.raises(SystemExit) as ended:
        main(["sweep", "--resume", str(folder)])
    assert ended.value.code == 2
    assert "add --allow-code to allow it" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["sweep", "--resume", str(folder), "--allow-code"])
    assert ended.value.code == 0


def test_who_loses_is_kept_of_a_sweep_too(tmp_path) -> None:
    from transitionsim.claims.bundle import bundle
    from transitionsim.claims.language import language
    from transitionsim.claims.source import read_source

    file = tmp_path / "question.yaml"
    levers = "levers: {pace: {key: electrification.pace, values: [0.5, 1.5]}}\nindicators: [involuntary_losses]\n"
    file.write_text(QUESTION.replace("draws: 12", "draws: 2").replace("scenarios: [fast, reskilling]\n", "") + levers)
    design = prepare(file)
    assert not design.plan.whole
    carry_out(tmp_path / "out", design, HERE)
    found = bundle(read_source(tmp_path / "out"), language("en"))
    assert found.losers.kept
    assert {one.by for one in found.losers.groups} == {"tier"}, "the stand-in has no other table"
