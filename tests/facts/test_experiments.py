"""The experiments that come with the package: each runs, small, from its file to its comparison."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from transitionsim.experiments.comparing import compared
from transitionsim.experiments.contrasts import measured
from transitionsim.experiments.engine import work_through
from transitionsim.experiments.planning import prepare
from transitionsim.experiments.question import read_question
from transitionsim.experiments.reading import read_sweep
from transitionsim.experiments.store import write_plan
from transitionsim.experiments.workers import Processes

FOLDER = Path(__file__).parents[2] / "experiments"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_it_says_what_would_refute_it_and_has_a_page(file: Path) -> None:
    question, _ = read_question(file)
    assert question.question.endswith("?")
    assert question.refuted_by
    page = (FOLDER.parent / "docs" / "experiments" / f"{file.stem}.md").read_text(encoding="utf-8")
    assert question.question in page
    assert prepare(file).plan.id in page, "the page is of another plan: python experiments/record.py"
    assert (FOLDER.parent / "docs" / "experiments" / f"{file.stem}.png").is_file()


@pytest.mark.parametrize("name", ["before-or-after-dismissal", "slower-electrification", "what-matters"])
def test_it_runs_from_its_file_to_its_comparison(name: str, tmp_path: Path) -> None:
    _, tree = read_question(FOLDER / f"{name}.yaml")
    content = tree.plain()
    assert isinstance(content, dict)
    small = {"persons_per_agent": 200, "months": 48}
    content |= {"set": {**content["set"], **small}, "draws": 2, "inputs": ["firing.speed"]}  # type: ignore[dict-item]
    content.pop("horizons", None)
    file = tmp_path / f"{name}.yaml"
    file.write_text(json.dumps(content))
    prepared = prepare(file)
    write_plan(tmp_path / "out", prepared)
    ended = work_through(tmp_path / "out", prepared, Processes(1))
    assert ended.complete
    assert not ended.failures
    table = compared(measured(read_sweep(tmp_path / "out")))
    assert table["n"].min() >= 2
    assert set(table["outcome"]) == set(prepared.plan.indicators)
