"""Levers taken apart: terms worked out by hand, terms that close, and designs that cannot be taken apart."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import fake_sweep as fake
import numpy as np
import pandas as pd
import pytest

from transitionsim.cli import main
from transitionsim.experiments.apart import ALL, lever_terms
from transitionsim.experiments.contrasts import measured
from transitionsim.experiments.wording import sorted_terms

OUTCOME = "involuntary_losses"
VALUES = {"pace": (0, 1), "share": (1.0, 0.9), "volume": ("small", "large")}
POINTS = {
    f"{pace}, {share}, {volume}": {"pace": pace, "share": share, "volume": volume}
    for pace, share, volume in product(*VALUES.values())
}


def losses(arm, draw, name, year) -> float:
    """Pace adds 100, share 30, both together 20 more; volume adds noise of the draw; all share the draw's level."""
    level = 1000.0 * fake.noise(1, draw.number)
    pace, less = arm.levers.get("pace", 0), arm.levers.get("share") == 0.9
    volume = arm.levers.get("volume") == "large"
    return level + 100 * pace + 30 * less + 20 * pace * less + volume * (50 + 5 * fake.noise(2, draw.number))


def sweep_of(points=None, **more):
    chosen = POINTS if points is None else points
    return fake.sweep(losses, arms=fake.arms(levers=chosen), draws=fake.draws(12, 1), indicators=(OUTCOME,), **more)


def test_terms_are_those_worked_out_by_hand() -> None:
    terms = lever_terms(measured(sweep_of()), OUTCOME, 2035)
    assert terms is not None
    mean = terms.set_index("lever")["mean"]
    assert mean["pace"] == pytest.approx(100 + 20 / 2)
    assert mean["share"] == pytest.approx(30 + 20 / 2)
    assert mean["volume"] == pytest.approx(50, abs=5)
    assert mean[ALL] == pytest.approx(mean[["pace", "share", "volume"]].sum())
    assert (terms["n"] == 12).all()


def test_the_luck_of_a_draw_is_not_in_the_terms_and_its_own_effect_is() -> None:
    terms = lever_terms(measured(sweep_of()), OUTCOME, 2035)
    assert terms is not None
    width = (terms["high"] - terms["low"]).to_numpy()
    assert width[:2] == pytest.approx([0.0, 0.0], abs=1e-6)
    assert 1.0 < width[2] < 15.0


def test_values_stand_from_the_first_to_the_second() -> None:
    terms = lever_terms(measured(sweep_of()), OUTCOME, 2035)
    assert terms is not None
    assert terms[["lever", "first", "second"]].to_numpy().tolist()[1] == ["share", "1.0", "0.9"]


def test_a_draw_that_one_arm_did_not_finish_is_left_out() -> None:
    terms = lever_terms(measured(sweep_of(without=[("1, 0.9, large", 3)])), OUTCOME, 2035)
    assert terms is not None
    assert (terms["n"] == 11).all()


@pytest.mark.parametrize("gone", ["0, 1.0, small", "1, 0.9, large"])
def test_a_grid_with_a_gap_is_not_taken_apart(gone: str) -> None:
    points = {label: levers for label, levers in POINTS.items() if label != gone}
    assert lever_terms(measured(sweep_of(points)), OUTCOME, 2035) is None


def test_three_values_of_a_lever_or_one_lever_are_not_taken_apart() -> None:
    more = {**POINTS, "2, 1.0, small": {"pace": 2, "share": 1.0, "volume": "small"}}
    assert lever_terms(measured(sweep_of(more)), OUTCOME, 2035) is None
    assert lever_terms(measured(sweep_of({"0": {"pace": 0}, "1": {"pace": 1}})), OUTCOME, 2035) is None


def test_the_largest_term_is_first_and_the_sum_last() -> None:
    terms = pd.DataFrame({"lever": ["a", "b", "c", ALL], "mean": [1.0, -9.0, 3.0, -5.0]})
    assert sorted_terms(terms)["lever"].tolist() == ["b", "c", "a", ALL]


def test_compare_prints_and_keeps_the_terms(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fake.place(monkeypatch, sweep_of(), tmp_path / "sweep")
    with pytest.raises(SystemExit) as ended:
        main(["analyse", "compare", str(folder)])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "what each lever contributes" in said
    assert said.index("pace  ") < said.index("all levers")
    kept = pd.read_csv(folder / "analysis" / "terms.csv")
    assert np.isclose(kept["mean"][:3].sum(), kept["mean"][3])
    with pytest.raises(SystemExit):
        main(["analyse", "compare", str(folder), "--json"])
    assert [row["lever"] for row in json.loads(capsys.readouterr().out)["terms"]] == [*VALUES, ALL]
