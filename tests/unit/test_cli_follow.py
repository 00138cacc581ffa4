"""The command that follows one life: what it prints, that it can be repeated, and that a mistake is one line."""

from __future__ import annotations

import json
import shlex

import pytest
from tests.conftest import SMALL

from transitionsim.cli import main
from transitionsim.cli.follow import ILLUSTRATION, OTHER_START

WHERE = tuple(word for key, value in SMALL.items() for word in ("--set", f"{key}={value}"))


@pytest.fixture
def cli(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


def test_two_scenarios_stand_side_by_side_with_the_warning(cli):
    code, out, err = cli("follow", "current-policy", "fast", "--worker", "17", *WHERE)
    assert code == 0, err
    assert " ".join(ILLUSTRATION.split()) in " ".join(out.split())
    head = next(line for line in out.splitlines() if "current-policy" in line and "again" not in line)
    assert head.split() == ["current-policy", "fast"]
    start = next(line for line in out.splitlines() if line.startswith("start:"))
    assert start.endswith("the same")
    assert max(len(line) for line in out.splitlines() if not line.startswith("again")) <= 118


def test_the_command_printed_repeats_a_story_found_by_a_word(cli):
    code, out, err = cli("follow", "no-transition", "--worker", "random", "--seed", "3", "--to", "2026", *WHERE)
    assert code == 0, err
    again = next(line for line in out.splitlines() if line.startswith("again")).removeprefix("again").split(maxsplit=1)
    words = shlex.split(again[1] if again[0] == "transitionsim" else " ".join(again))
    assert cli(*words)[1] == out


def test_json_is_one_document_with_every_line(cli):
    code, out, err = cli("follow", "current-policy", "fast", "--worker", "17", "--json", *WHERE)
    assert code == 0, err
    content = json.loads(out)
    assert (content["person"], content["warning"]) == (17, ILLUSTRATION)
    assert [one["label"] for one in content["scenarios"]] == ["current-policy", "fast"]
    story = content["scenarios"][0]["story"]
    assert story[0]["kind"] == "start"
    assert [line["month"] for line in story if line["kind"] == "year"] == ["2025-12", "2026-12"]


def test_scenarios_that_begin_otherwise_are_not_passed_off_as_twins(cli, tmp_path):
    (tmp_path / "poorer.yaml").write_text("extends: fast\nname: Poorer\nparameters:\n  wages.other_ratio: 0.7\n")
    code, out, err = cli("follow", "fast", "poorer.yaml", "--worker", "17", "--json", *WHERE)
    assert code == 0, err
    assert OTHER_START in json.loads(out)["notes"]
    _, out, _ = cli("follow", "fast", "slow", "--worker", "17", "--json", *WHERE)
    assert OTHER_START not in json.loads(out)["notes"]


def test_only_the_months_asked_for_are_told(cli):
    _, out, _ = cli(
        "follow", "current-policy", "--worker", "17", "--from", "2026-02", "--to", "2026-12", "--json", *WHERE
    )
    months = [line["month"] for line in json.loads(out)["scenarios"][0]["story"] if line["kind"] != "start"]
    assert months[-1] == "2026-12"
    assert min(months) >= "2026-02"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("current-policy", "fast", "slow"), "transitionsim follow: found 3 scenarios; one or two are needed"),
        (("current-policy", "current-policy"), "current-policy: given twice"),
        (
            ("current-policy", "other.yaml"),
            "other: region is DED, in the baseline it is ES22; such runs cannot be paired",
        ),
        (("current-policy", "--seed", "-1"), "--seed: found -1, at least 0 is needed"),
        (("current-policy", "--from", "soon"), "--from: 'soon' is not a month; write it as 2025-01"),
        (("current-policy", "--from", "2030", "--to", "2029"), "--to: 2029-01 is before --from 2030-01"),
        (("current-policy", "--worker", "anna"), "--worker: found 'anna'"),
        (("current-policy", "--set", "month=3"), "month: unknown key; did you mean 'months'?"),
        (("current-policy", "--rules", "mine.py"), "add --allow-code to allow it"),
    ],
)
def test_a_mistake_is_one_line(cli, tmp_path, arguments, text):
    (tmp_path / "other.yaml").write_text("extends: fast\nname: Elsewhere\nregion: DED\n")
    code, out, err = cli("follow", *arguments)
    assert (code, out) == (2, "")
    lines = [line for line in err.splitlines() if not line.startswith("transitionsim 0.1.0")]
    assert len(lines) == 1, err
    assert text in lines[0]
