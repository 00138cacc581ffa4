"""What an experiment file may ask: switches as levers, inputs of a grade, designs that meet, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from transitionsim.cli import main
from transitionsim.errors import InputError
from transitionsim.experiments.planning import prepare
from transitionsim.experiments.question import read_question

START = "question: Does it?\nbaseline: reskilling\ndraws: 3\n"


@pytest.fixture
def asked(tmp_path: Path):
    def write(more: str, start: str = START) -> Path:
        file = tmp_path / "question.yaml"
        file.write_text(f"{start}{more}")
        return file

    return write


def test_a_switch_can_be_a_lever_and_can_be_held(asked) -> None:
    more = (
        "set: {mechanisms.scars: false}\n"
        "levers: {short time: {key: mechanisms.short_time_work, values: [false, true]}}\n"
    )
    prepared = prepare(asked(more))
    labels = [arm.label for arm in prepared.plan.arms]
    assert labels[2:4] == ["short time=false", "short time=true"]
    assert [one.mechanisms.short_time_work for one in prepared.scenarios[2:4]] == [False, True]
    assert not any(one.mechanisms.scars for one in prepared.scenarios)


def test_a_switch_that_is_no_switch_is_refused_in_plain_words(asked) -> None:
    with pytest.raises(InputError) as caught:
        read_question(asked("levers: {a: {key: mechanisms.scars, values: [null]}}\n"))
    assert [one.text for one in caught.value.mistakes] == [
        "levers.a.values.0: found nothing; a finite number or a text is needed"
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("inputs: []\n", "an empty list; 'none' holds all of them fixed"),
        ("horizons: [2035, 2040, 2035]\n", "horizons: 2035 stands there twice"),
        ("indicators: [posts_lost, posts_lost]\n", "indicators: posts_lost stands there twice"),
    ],
)
def test_what_says_nothing_or_the_same_twice_is_refused(asked, more: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_question(asked(more))
    assert [said in one.text for one in caught.value.mistakes] == [True]
    assert caught.value.mistakes[0].line == 4


@pytest.mark.parametrize("inputs", ["grade D", "grade C or D", "swept"])
def test_every_value_drawn_is_one_that_a_scenario_may_set(asked, inputs: str) -> None:
    prepared = prepare(asked(f"inputs: {inputs}\n", START.replace("draws: 3", "draws: 40")))
    for draw in prepared.plan.draws:
        prepared.scenarios[0].with_values(dict(draw.values))


def test_trajectories_that_meet_keep_their_points_apart(asked) -> None:
    levers = (
        "levers: {p: {key: electrification.pace, low: 0.5, high: 1.5},"
        " l: {key: firing.slack_share, low: 0, high: 0.05}}"
    )
    plan = prepare(asked(f"design: morris\nsize: 5\n{levers}\n")).plan
    points = [arm for arm in plan.arms if arm.levers]
    assert len(points) == 5 * 3 == len({arm.label for arm in points})
    again = [arm for arm in points if arm.label.endswith("(2)")]
    assert again
    first = next(arm for arm in points if f"{arm.label} (2)" == again[0].label)
    assert (first.levers, first.digest) == (again[0].levers, again[0].digest)


@pytest.mark.parametrize(
    ("more", "line", "said"),
    [
        ("levers: {a: {key: electrification.pace, values: [1]}, b: {key: electrification.pace, values: [2]}}\n", 4,
         "'electrification.pace' is set by two of them"),
        ("inputs: none\ndesign: latin-hypercube\n", 5, "there are none"),
        ("levers: {a: {key: firing.slack_share, values: [0]}}\ninputs: [firing.slack_share]\n", 5, "is set by a lever"),
        ("seeds: 10000\n", 3, "at most 2,000,000 runs"),
        ("inputs: none\nindicators: [posts]\nsmallest_effect: {outcome: posts_lost, size: 1}\n", 6, "is not kept"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_line(asked, more: str, line: int, said: str) -> None:
    start = START if "seeds" not in more else START.replace("draws: 3", "draws: 1000000")
    with pytest.raises(InputError, match=said) as caught:
        prepare(asked(more, start))
    assert caught.value.mistakes[0].line == line
    assert "Value error" not in str(caught.value)


def test_runs_of_all_arms_count(asked) -> None:
    more = "seeds: 2\nlevers: {a: {key: electrification.pace, values: [0.5, 1.5]}}\n"
    with pytest.raises(InputError, match="asks for 2,500,000 runs"):
        prepare(asked(more, START.replace("draws: 3", "draws: 250000")))


def test_the_schema_allows_switches(capsys) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--schema", "experiment"])
    schema = json.loads(capsys.readouterr().out)
    assert schema["properties"]["set"]["additionalProperties"]["type"] == ["number", "string", "boolean"]
