"""Every command's help ends in two examples, and each of them runs as it is written."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.docs.blocks import ROOT
from tests.unit import fake_model
from transitionsim.cli import app, main
from transitionsim.cli.carrying import Running, carry_out
from transitionsim.experiments.design import Arm
from transitionsim.experiments.planning import comparison_design
from transitionsim.regions.fitted import FITS


def commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All commands with the words that lead to them."""
    own = typer.main.get_command(app) if group is None else group
    for name, command in own.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands())
EXAMPLES = [
    line.strip().removeprefix("transitionsim ")
    for command in COMMANDS.values()
    for line in command.epilog.splitlines()
    if line.startswith("  ")
]
MADE = next(one for one in EXAMPLES if "--out results/mine" in one)
OCCUPATIONS = (
    "id,employment_0,auto_prob,unemployment_0,vacancies_0,D_0,D_f\n1,900,0.2,60,40,940,960\n2,800,0.7,40,50,850,790\n"
)


def left(words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(shlex.split(words))
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the results, the experiments and the inputs that examples speak of."""
    folder = tmp_path_factory.mktemp("examples")
    for name in ("experiments", "scenarios"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "occupations.csv").write_text(OCCUPATIONS)
    shutil.copyfile(FITS / "ES22.yaml", folder / "fit.yaml")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        assert left(MADE) == 0
    arms = [
        Arm(name, fake_model.scenario(bev=bev, months=60, persons_per_agent=20))
        for name, bev in (("a", 0.8), ("b", 1.0))
    ]
    many = comparison_design(arms[0], arms[1:], draws=30)
    carry_out(folder / "results" / "many", many, Running(processes=1, simulate=fake_model.simulate))
    return folder


def test_there_are_thirteen_commands_each_said_in_one_short_sentence() -> None:
    assert len({path[0] for path in COMMANDS}) == 13
    group = typer.main.get_command(app)
    for command in (*COMMANDS.values(), *group.commands.values()):
        first = (command.help or "").strip().splitlines()[0]
        assert first.endswith(".")
        assert len(first) < 60, first


def test_every_command_has_two_examples() -> None:
    assert {path: command.epilog.count("\n  transitionsim ") for path, command in COMMANDS.items()} == dict.fromkeys(
        COMMANDS, 2
    )


@pytest.mark.parametrize("words", [one for one in EXAMPLES if one != MADE])
def test_an_example_runs(words: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    assert left(words) == 0
