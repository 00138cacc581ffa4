"""Results of the model itself, made again from their folders, with a region of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
import remade

from transitionsim.claims.reproduce import recipe_of
from transitionsim.claims.source import read_source
from transitionsim.cli import main

REGION = Path(__file__).parents[1] / "small-region.yaml"
SETTING = {"region": str(REGION), "persons_per_agent": 10, "months": 24}
QUESTION = f"""
question: Why?
baseline: current-policy
draws: 1
inputs: [firing.speed]
set: {{region: '{REGION}', persons_per_agent: 10, months: 24}}
"""


def ended(*words) -> int:
    with pytest.raises(SystemExit) as found:
        main([str(word) for word in words])
    return int(found.value.code)


def test_the_model_gives_the_same_bytes_for_each_kind_of_results(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    remade.committed(monkeypatch)
    Path("question.yaml").write_text(QUESTION)
    small = [word for key, value in SETTING.items() for word in ("--set", f"{key}={value}")]
    assert ended("run", "reskilling", *small, "--out", "a") == 0
    assert ended("compare", "current-policy", "reskilling", "--draws", 1, *small, "--out", "b") == 0
    assert ended("sweep", "question.yaml", "--processes", 1, "--out", "c") == 0
    for name in ("a", "b", "c"):
        capsys.readouterr()
        assert "region.yaml" in recipe_of(read_source(Path(name)))["files"]
        code = ended("reproduce", name, "--processes", 1)
        assert (code, capsys.readouterr().out.splitlines()[-1]) == (0, "reproduced: the same")
        code = ended("reproduce", name, "--sample", 1)
        assert (code, capsys.readouterr().out.splitlines()[-1]) == (0, "reproduced: the same of 1 of 1 draws")
