"""The command of the facts: what it prints and writes, and that a mistake is one line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.conftest import SMALL

from transitionsim.cli import main
from transitionsim.facts.table import COLUMNS

REGION = str(SMALL["region"])


@pytest.fixture
def cli(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(("validate", "facts", *arguments))
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


def test_a_table_and_a_file_of_the_facts_that_were_asked_for(cli, tmp_path):
    only = ("--only", "long-term-share", "--only", "firm-growth", "--only", "backcast-dismissals")
    code, out, err = cli(REGION, "--seeds", "2", "--scale", "2", *only, "--out", "facts.csv")
    assert code == 0, err
    assert "Small test region" in out
    lines = out.splitlines()
    assert [line.split()[0] for line in lines[2:5]] == ["long-term-share", "firm-growth", "backcast-dismissals"]
    assert "1 not measured" in out
    with (tmp_path / "facts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert [row["seeds"] for row in rows] == ["2", "2", "0"]
    assert rows[2]["simulated"] == ""
    for row in rows:
        assert bool(row["meaning"]) == row["verdict"].startswith("fails")
        assert (f"{row['fact']} {row['verdict']}: {row['meaning']}" in lines) == bool(row["meaning"])


def test_json_holds_the_same_and_repeats(cli):
    arguments = (REGION, "--seeds", "1", "--scale", "2", "--only", "exit-hazard", "--json")
    code, out, err = cli(*arguments)
    assert code == 0, err
    document = json.loads(out)
    (fact,) = document["facts"]
    assert fact["fact"] == "exit-hazard"
    assert fact["verdict"] == "undecided", "one seed has no interval"
    assert fact["low"] is None
    assert 0.0 < fact["simulated"] < 1.0
    assert cli(*arguments)[1] == out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ES2",), "no region 'ES2'"),
        (("--only", "beveridge-slop"), "did you mean 'beveridge-slope'"),
        (("--seeds", "0"), "--seeds: found 0"),
        (("--scale", "0"), "--scale: found 0"),
        (("--scale", "20000"), "persons_per_agent"),
        (("--out", "nowhere/facts.csv"), "cannot write to nowhere/facts.csv"),
        (("--out", "."), "no ordinary file"),
        (("missing.yaml",), "missing.yaml"),
    ],
)
def test_a_mistake_is_one_line(cli, arguments, said, tmp_path):
    code, out, err = cli(*arguments)
    assert code == 2
    assert out == ""
    (line,) = err.splitlines()[1:]
    assert said in line
    assert list(tmp_path.iterdir()) == []


def test_a_profile_is_found_from_the_working_folder(cli, tmp_path):
    (tmp_path / "mine.yaml").write_text(Path(REGION).read_text(encoding="utf-8"), encoding="utf-8")
    code, out, err = cli("mine.yaml", "--seeds", "1", "--scale", "10", "--only", "firm-size")
    assert code == 0, err
    assert "Small test region (mine.yaml)" in out


def test_every_theme_is_measured_in_a_region_without_data_of_its_own(cli):
    """At a tiny size: a number, or a plain word that there is none, never a crash; in the order of the table."""
    wanted = [
        "beveridge-loop",
        "matching-returns",
        "earnings-loss",
        "attrition-share",
        "displaced-move-more",
        "rover-three-years",
        "rover-lower-pay",
    ]
    only = [word for name in reversed(wanted) for word in ("--only", name)]
    code, out, err = cli(REGION, "--seeds", "1", "--scale", "10", "--json", *only)
    assert code == 0, err
    found = {one["fact"]: one for one in json.loads(out)["facts"]}
    assert list(found) == wanted
    assert -1.0 <= found["beveridge-loop"]["simulated"] <= 1.0
    assert 0.0 <= found["rover-three-years"]["simulated"] <= 100.0
    assert {one["verdict"] for one in found.values()} <= {"undecided", "not measured"}, "one seed has no interval"
