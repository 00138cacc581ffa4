"""Scenario discovery: the box that cases were made with comes back in words, and chance is called chance."""

from __future__ import annotations

import json
import sys
from inspect import signature

import fake_sweep as fake
import numpy as np
import pytest
from test_compare_sweep import run

from transitionsim.errors import InputError
from transitionsim.experiments.contrasts import measured
from transitionsim.experiments.design import NO_TRANSITION
from transitionsim.experiments.discovery import cases, discover, parse_condition

OUTCOMES = ["involuntary_losses", "posts_lost"]


def rows(count: int, seed: int = 1) -> list[dict]:
    luck = np.random.default_rng(seed).random((count, 3))
    return [{"pace": a, "content": "less" if b < 0.5 else "more", "idle": c} for a, b, c in luck]


def losing(arm, draw, name, year) -> float:
    """3,000 more losses than without transition where the pace is above 0.7 and cars need less labour."""
    bad = arm.role != "no transition" and draw.values["pace"] > 0.7 and draw.values["content"] == "less"
    return 1000 * fake.noise(1, draw.number) + 3000 * bad


def swept(count: int = 200, formula=losing, labels=("paid",), **more):
    values = more.pop("values", rows(count))
    return fake.sweep(formula, arms=fake.arms(*labels, **more), draws=fake.draws(len(values), 1, values))


def found(sweep, where, arm=None):
    one = measured(sweep)
    return discover(*cases(one, parse_condition(where, list(one.outcomes)), arm))


def test_the_box_that_cases_were_made_with_comes_back() -> None:
    box = found(swept(), "involuntary_losses > 2000")
    limits = {limit.name: limit for limit in box.limits}
    assert set(limits) == {"pace", "content"}
    assert limits["content"].choices == ("less",)
    assert limits["pace"].low == pytest.approx(0.7, abs=0.03)
    assert box.coverage > 0.95
    assert box.density > 0.95
    assert box.warnings == ()
    words = box.words("involuntary_losses > 2000")
    assert "pace at least 0.695 (swept 0.006 to 0.999)" in words
    assert "content is less (of less, more)" in words
    assert f"{box.holding_inside} of {box.inside} cases" in words


def test_what_only_chance_would_limit_is_not_limited() -> None:
    luck = swept(formula=lambda arm, draw, name, year: (arm.role != "no transition") * 10 * fake.noise(7, draw.number))
    box = found(luck, "involuntary_losses > 0")
    assert len(box.limits) <= 1
    assert box.density < 0.75


def test_few_cases_inside_are_called_few() -> None:
    box = found(swept(40), "involuntary_losses > 2000")
    assert any("cases" in text and "more draws" in text for text in box.warnings)


def test_levers_and_policies_are_inputs_of_a_case_too() -> None:
    levers = {f"p{number}": {"funding": float(number)} for number in range(6)}

    def paying(arm, draw, name, year):
        return (1000 - 100 * arm.levers.get("funding", 0.0)) * (arm.role != "no transition")

    sweep = fake.sweep(paying, arms=fake.arms(levers=levers), draws=fake.draws(10, 1, rows(10)))
    box = found(sweep, "involuntary_losses < 650")
    (limit,) = box.limits
    assert limit.name == "funding"
    assert limit.low == pytest.approx(3.5, abs=0.51)

    def helped(arm, draw, name, year):
        return 1000.0 * (arm.role != "no transition") - 900 * (arm.label == "paid")

    policies = found(swept(40, helped, ("paid", "fast")), "involuntary_losses < 500")
    assert [str(limit) for limit in policies.limits] == ["policy is paid (of fast, paid)"]
    assert policies.coverage == policies.density == 1.0


def test_a_condition_may_have_several_parts() -> None:
    parts = parse_condition("involuntary_losses > 2_000 and posts_lost <= 1e3 and posts_lost >= -5", OUTCOMES)
    assert [(one.outcome, one.comparator, one.number) for one in parts] == [
        ("involuntary_losses", ">", 2000.0), ("posts_lost", "<=", 1000.0), ("posts_lost", ">=", -5.0),
    ]  # fmt: skip
    assert parts[1].holds(np.array([999.0, 1000.0, 1001.0, np.nan])).tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("involuntary_loss > 3", "did you mean 'involuntary_losses'"),
        ("involuntary_losses = 3", "write NAME > NUMBER"),
        ("involuntary_losses > many", "write NAME > NUMBER"),
        ("involuntary_losses > 1.2.3", "write NAME > NUMBER"),
        ("involuntary_losses > 3 and", "found nothing"),
        ("", "found nothing"),
        ("involuntary_losses > 3 or posts_lost > 1", "write NAME > NUMBER"),
    ],
)
def test_a_mistaken_condition_is_one_sentence(where: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_condition(where, OUTCOMES)
    assert words in str(caught.value)
    assert len(caught.value.mistakes) == 1


def test_nothing_to_tell_apart_is_said() -> None:
    with pytest.raises(InputError, match="none of 200 cases"):
        found(swept(), "involuntary_losses > 9e9")
    with pytest.raises(InputError, match="all of 200 cases"):
        found(swept(), "involuntary_losses > -9e9")
    with pytest.raises(InputError, match="did you mean 'paid'"):
        found(swept(), "involuntary_losses > 0", arm="payd")


def test_without_the_extra_one_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis", None)
    with pytest.raises(InputError, match=r"pip install 'transitionsim\[explore\]'"):
        found(swept(), "involuntary_losses > 2000")


def test_either_version_of_the_constructor_gives_the_same_box(monkeypatch: pytest.MonkeyPatch) -> None:
    """2.5 wants a threshold, 3.0 has none; nothing else that is used here differs."""
    from ema_workbench.analysis import prim

    class Later(prim.Prim):
        def __init__(self, x, y, obj_function=prim.PRIMObjectiveFunctions.LENIENT1):
            super().__init__(x, y, threshold=0.0, obj_function=obj_function)

    class Earlier(prim.Prim):
        def __init__(self, x, y, threshold):
            super().__init__(x, y)

    here = found(swept(), "involuntary_losses > 2000").words("so")
    monkeypatch.setattr(prim, "Prim", Later if "threshold" in signature(prim.Prim.__init__).parameters else Earlier)
    assert found(swept(), "involuntary_losses > 2000").words("so") == here


def test_the_command_prints_the_box(tmp_path, capsys, monkeypatch) -> None:
    folder = fake.place(monkeypatch, swept(), tmp_path / "sweep")
    assert run("analyse", "discover", str(folder), "--where", "involuntary_losses > 2000") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "involuntary_losses > 2000 mostly where" in out
    assert f"against {NO_TRANSITION}" in out
    assert run("analyse", "discover", str(folder), "--where", "involuntary_losses > 2000", "--json") == 0
    assert json.loads(capsys.readouterr().out)["density"] > 0.9
    assert run("analyse", "discover", str(folder), "--where", "losses > 2000") == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
