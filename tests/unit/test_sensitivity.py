"""Sensitivity on functions whose indices are known: the design decides the method, the truth lies in the intervals."""

from __future__ import annotations

import json

import fake_sweep as fake
import matplotlib.image
import numpy as np
import pytest
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample
from test_compare_sweep import run

from transitionsim.errors import InputError
from transitionsim.experiments.contrasts import measured
from transitionsim.experiments.samples import chosen, samples
from transitionsim.experiments.sensitivity import sensitivity

NAMES = ["pace", "share", "idle"]
PROBLEM = {"num_vars": 3, "names": NAMES, "bounds": [[0.0, 1.0]] * 3}


def sampled(rows, function, *, seeds=1, kind, size, arms=("paid",), without=(), over="inputs", noise=0.0, names=NAMES):
    """A sweep over sampled rows, whose first scenario differs from the baseline by the function of the row."""
    rows = [dict(zip(names, row, strict=True)) for row in rows]

    def formula(arm, draw, name, year):
        own = {} if over == "levers" else draw.values
        values = arm.levers or own
        level = 1000 * fake.noise(1, draw.number)
        if arm.role != "scenario":
            return level
        return level + function(*(values[one] for one in names)) + noise * fake.noise(2, draw.number, arm.point + 1)

    sampling = {"kind": kind, "names": names, "bounds": [[0.0, 1.0]] * len(names), "size": size, "seed": 3}
    points = {f"p{number}": row for number, row in enumerate(rows)} if over == "levers" else None
    draws = fake.draws(4, seeds) if over == "levers" else fake.draws(len(rows), seeds, rows)
    labels = () if over == "levers" else arms
    return fake.sweep(
        formula, arms=fake.arms(*labels, levers=points), draws=draws, sampling=sampling, without=without
    )  # fmt: skip


def analysed(sweep, **more):
    found = measured(sweep)
    return sensitivity(sweep.plan.sampling, samples(found, chosen(found, **more)))


def test_morris_finds_slopes_interaction_and_what_is_idle() -> None:
    rows = morris_sample.sample(PROBLEM, 40, seed=6)
    found = analysed(sampled(rows, lambda pace, share, idle: 10 * pace + 6 * pace * share, kind="morris", size=40))
    assert found.method == "morris"
    assert found.table["name"].tolist() == ["pace", "share", "idle"]
    pace, share, idle = found.table.itertuples()
    assert pace.low < 13.0 < pace.high
    assert share.low < 3.0 < share.high
    assert (idle.value, idle.second, idle.low, idle.high) == pytest.approx((0, 0, 0, 0), abs=1e-9)
    assert pace.second_low < pace.second < pace.second_high
    assert found.samples == 40


def test_a_straight_line_has_no_interaction() -> None:
    rows = morris_sample.sample(PROBLEM, 12, seed=5)
    found = analysed(sampled(rows, lambda pace, share, idle: 10 * pace - 4 * share, kind="morris", size=12))
    assert found.table["second"].to_numpy() == pytest.approx(0, abs=1e-6)
    assert dict(zip(found.table["name"], found.table["mu"], strict=True))["share"] == pytest.approx(-4)


def test_our_effects_are_those_of_salib() -> None:
    from SALib.analyze import morris

    rows = morris_sample.sample(PROBLEM, 15, seed=9)
    values = np.array([3 * a + np.sin(5 * b) * c for a, b, c in rows])
    theirs = morris.analyze(PROBLEM, rows, values, seed=1)
    found = analysed(sampled(rows, lambda a, b, c: 3 * a + np.sin(5 * b) * c, kind="morris", size=15))
    ours = found.table.set_index("name")
    assert ours.loc[NAMES, "value"].to_numpy() == pytest.approx(np.asarray(theirs["mu_star"], dtype=float))
    assert ours.loc[NAMES, "second"].to_numpy() == pytest.approx(np.asarray(theirs["sigma"], dtype=float))
    for name in NAMES:
        assert ours.loc[name, "low"] <= ours.loc[name, "value"] <= ours.loc[name, "high"]


def test_a_switch_of_two_choices_is_screened_too() -> None:
    """Four levels that stand for two choices: some steps change nothing in sight."""
    rows = [
        [pace, "less" if share < 0.5 else "more", idle]
        for pace, share, idle in morris_sample.sample(PROBLEM, 30, seed=2)
    ]
    function = lambda pace, share, idle: 10 * pace + (5 if share == "more" else 0)  # noqa: E731
    found = analysed(sampled(rows, function, kind="morris", size=30))
    sizes = dict(zip(found.table["name"], found.table["value"], strict=True))
    assert sizes["pace"] == pytest.approx(10)
    assert sizes["share"] > 4
    assert sizes["idle"] == pytest.approx(0, abs=1e-9)


def test_a_failed_run_costs_its_trajectory_only() -> None:
    rows = morris_sample.sample(PROBLEM, 10, seed=5)
    sweep = sampled(rows, lambda pace, share, idle: 10 * pace, kind="morris", size=10, without=[("paid", 6)])
    found = analysed(sweep)
    assert found.samples == 9
    assert found.warnings == (
        "1 trajectories left out, because runs of them failed",
        "9 trajectories; below 10 the order may be luck",
    )
    assert found.table["value"].iloc[0] == pytest.approx(10)


def test_sobol_indices_of_a_line_with_an_interaction_are_found() -> None:
    """For a + b + 3 a b on the unit cube the shares are known: first 0.4467 each, total 0.5533."""
    rows = sobol_sample.sample(PROBLEM, 256, calc_second_order=False, seed=4)
    found = analysed(sampled(rows, lambda a, b, c: a + b + 3 * a * b, kind="sobol", size=256))
    spread = 2 * 2.5**2 / 12 + 9 / 144
    alone = (2.5**2 / 12) / spread
    for row in found.table.itertuples():
        if row.name != "idle":
            assert row.second_low < alone < row.second_high
            assert row.low < 1 - alone < row.high
    assert found.table["name"].iloc[-1] == "idle"
    assert found.table["value"].iloc[-1] == pytest.approx(0, abs=1e-9)
    assert found.warnings == ()


@pytest.mark.parametrize("second", [True, False])
def test_both_designs_of_saltelli_are_told_apart(second: bool) -> None:
    rows = sobol_sample.sample(PROBLEM, 64, calc_second_order=second, seed=4)
    found = analysed(sampled(rows, lambda a, b, c: 3 * a + b, kind="sobol", size=64))
    assert found.method == "sobol"
    assert found.samples == 64
    assert found.table["value"].iloc[0] == pytest.approx(0.9, abs=0.15)


def test_too_few_samples_are_said_to_be_too_few() -> None:
    rows = sobol_sample.sample(PROBLEM, 8, calc_second_order=False, seed=4)
    found = analysed(sampled(rows, lambda a, b, c: a + b + c, kind="sobol", size=8, noise=1.0))
    assert any("too few samples" in text for text in found.warnings)


def test_levers_are_the_samples_where_the_design_says_so() -> None:
    rows = morris_sample.sample(PROBLEM, 8, seed=5)
    found = analysed(sampled(rows, lambda a, b, c: 10 * a, kind="morris", size=8, over="levers", seeds=2))
    assert found.of == "lever points"
    assert found.table["value"].iloc[0] == pytest.approx(10)


def test_seeds_of_a_sample_are_averaged_before_inputs_are_blamed() -> None:
    rows = morris_sample.sample(PROBLEM, 30, seed=5)
    one, many = (
        analysed(sampled(rows, lambda a, b, c: 10 * a, kind="morris", size=30, seeds=seeds, noise=2.0))
        for seeds in (1, 16)
    )
    idle = [dict(zip(found.table["name"], found.table["value"], strict=True))["idle"] for found in (one, many)]
    assert idle[1] < 0.5 * idle[0]


def test_other_designs_are_regressed_on_ranks() -> None:
    rows = np.random.default_rng(1).random((80, 3))
    found = analysed(sampled(rows, lambda a, b, c: np.exp(4 * a) - 3 * b, kind="latin-hypercube", size=80))
    assert found.method == "rank regression"
    pace, share, idle = found.table.itertuples()
    assert [pace.name, share.name, idle.name] == NAMES
    assert pace.low > 0 > share.high
    assert idle.low < 0 < idle.high
    assert found.fit > 0.85
    assert found.warnings == ()


def test_ranks_of_a_valley_explain_nothing_and_say_so() -> None:
    rows = np.random.default_rng(2).random((80, 3))
    found = analysed(sampled(rows, lambda a, b, c: (a - 0.5) ** 2, kind="latin-hypercube", size=80))
    assert found.fit < 0.3
    assert "a monotone line explains little" in found.warnings[0]


def test_choices_are_regressed_one_by_one_against_the_first() -> None:
    luck = np.random.default_rng(3).random((60, 2))
    rows = [[a, "less" if b < 0.3 else "equal" if b < 0.6 else "more", 0] for a, b in luck]
    effect = {"less": 5, "equal": 0, "more": -5}
    found = analysed(sampled(rows, lambda a, b, c: a + effect[b], kind="", size=60))
    value = dict(zip(found.table["name"], found.table["value"], strict=True))
    assert set(value) == {"pace", "share = less", "share = more"}
    assert value["share = less"] > 0 > value["share = more"]


def test_what_cannot_be_explained_is_one_sentence() -> None:
    rows = np.random.default_rng(1).random((20, 3))
    with pytest.raises(InputError, match="the same in all samples"):
        analysed(sampled(rows, lambda *_: 4.0, kind="", size=20))
    with pytest.raises(InputError, match="no input varies"):
        analysed(sampled(rows[:1].repeat(20, axis=0), lambda a, b, c: a, kind="", size=20, noise=1.0))
    with pytest.raises(InputError, match="needs at least 6"):
        analysed(sampled(rows[:5], lambda a, b, c: a, kind="", size=5))
    sweep = sampled(rows, lambda a, b, c: a, kind="", size=20)
    with pytest.raises(InputError, match="did you mean 'involuntary_losses'"):
        analysed(sweep, outcome="involuntary_loss")
    with pytest.raises(InputError, match="did you mean 'paid'"):
        analysed(sweep, arm="payd")


@pytest.mark.parametrize("kind", ["morris", "sobol", ""])
def test_the_command_prints_indices_and_draws_a_tornado(kind, tmp_path, capsys, monkeypatch) -> None:
    design = {
        "morris": lambda: morris_sample.sample(PROBLEM, 10, seed=5),
        "sobol": lambda: sobol_sample.sample(PROBLEM, 16, calc_second_order=False, seed=4),
        "": lambda: np.random.default_rng(1).random((40, 3)),
    }
    sweep = sampled(design[kind](), lambda a, b, c: 900 * a - 300 * b, kind=kind, size=16 if kind == "sobol" else 10)
    folder = fake.place(monkeypatch, sweep, tmp_path / "sweep")
    assert run("analyse", "sensitivity", str(folder)) == 0
    out = capsys.readouterr().out
    assert out.index("pace") < out.index("share") < out.index("idle")
    assert "paid against no transition" in out
    picture = matplotlib.image.imread(folder / "analysis" / "sensitivity.png")
    assert picture.shape[1] > 1000
    assert run("analyse", "sensitivity", str(folder), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sensitivity"][0]["name"] == "pace"
    assert "Simulated, not a forecast" in found["alternative_text"]
