"""Comparing the arms of a sweep: known differences come back with both layers, answers and the placebo floor."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import fake_sweep as fake
import matplotlib.image
import numpy as np
import pytest

from transitionsim.cli import main
from transitionsim.errors import InputError
from transitionsim.experiments.comparing import compared, lever_matrix
from transitionsim.experiments.contrasts import measured
from transitionsim.experiments.design import NO_TRANSITION
from transitionsim.experiments.plan import Effect
from transitionsim.experiments.wording import comparison_text, header

KEYS = ("losses_avoided", "involuntary_losses")
POINTS = {
    f"pace={pace}, funding={euros}": {"pace": pace, "funding": euros} for pace in (0.8, 1.2) for euros in (0, 6, 12)
}
SIZE = Effect("losses_avoided", 100.0, "persons")


def losses(arm, draw, name, year) -> float:
    """1,000 without transition, 2,000 more for a pace of one, 40 fewer for each million; two layers of noise."""
    level = 1000 + 200 * fake.noise(1, draw.inputs) + 40 * fake.noise(2, draw.number)
    if arm.role == "no transition":
        return level
    own = {"paid": -500, "little": -1}.get(arm.label, 0)
    paid = arm.levers.get("funding", 0) * 40
    noise = 10 * fake.noise(3, draw.number, len(arm.label)) if arm.role == "scenario" else 0
    return level + (2000 + 300 * fake.noise(5, draw.inputs)) * arm.levers.get("pace", 1.0) - paid + own + noise


def table_of(*labels, levers=None, draws=None, **more):
    arms = fake.arms(*labels, levers=levers)
    found = measured(fake.sweep(losses, arms=arms, draws=draws or fake.draws(24, 2), indicators=KEYS, **more))
    return found, compared(found)


def row(table, outcome, scenario, against=fake.NOW):
    chosen = (table["outcome"] == outcome) & (table["scenario"] == scenario) & (table["against"] == against)
    (found,) = table[chosen].itertuples()
    return found


def test_a_known_difference_comes_back_with_its_layers() -> None:
    _, table = table_of("paid", effect=SIZE)
    paid = row(table, "losses_avoided", "paid")
    assert paid.mean == pytest.approx(500, abs=5)
    assert paid.low < paid.mean < paid.high
    assert (paid.n, paid.clusters, paid.cluster) == (48, 24, "inputs")
    assert paid.sd_seeds == pytest.approx(10, rel=0.35)
    assert paid.sd_inputs < 6
    baseline = row(table, "involuntary_losses", fake.NOW, NO_TRANSITION)
    assert baseline.sd_inputs == pytest.approx(300, rel=0.35)
    assert baseline.sd_seeds == pytest.approx(0, abs=1e-6)
    assert baseline.background == pytest.approx(1000, abs=150)


def test_both_references_stand_in_the_table_and_avoided_only_against_the_baseline() -> None:
    _, table = table_of("paid")
    assert len(table) == 1 + 1 + 2 + 2, "the placebo stands against the baseline in both outcomes"
    paid = row(table, "involuntary_losses", "paid", NO_TRANSITION)
    assert paid.mean == pytest.approx(1500, abs=150)
    assert row(table, "involuntary_losses", "paid").mean == -row(table, "losses_avoided", "paid").mean


def test_the_three_answers() -> None:
    _, table = table_of("paid", "little", "same", effect=SIZE)
    assert row(table, "losses_avoided", "paid").answer == "larger than"
    assert row(table, "losses_avoided", "little").answer == "equivalent to none"
    _, few = table_of("paid", draws=fake.draws(2, 1), effect=Effect("losses_avoided", 500.0, "persons"))
    assert row(few, "losses_avoided", "paid").answer == "undecided"
    assert row(few, "involuntary_losses", "paid").answer == "no size fixed"


def test_with_several_arms_the_answer_takes_the_interval_that_holds_for_all() -> None:
    _, table = table_of("paid", "little", "same")
    paid = row(table, "losses_avoided", "paid")
    assert paid.together == 3
    assert paid.high_together - paid.low_together > paid.high - paid.low
    _, alone = table_of("paid", effect=SIZE)
    assert row(alone, "losses_avoided", "paid").together == 1


def test_an_arm_like_the_baseline_is_within_the_placebo_floor() -> None:
    def noisy(arm, draw, name, year):
        return losses(arm, draw, name, year) + (5 * fake.noise(9, draw.number) if arm.role == "placebo" else 0)

    found = measured(fake.sweep(noisy, arms=fake.arms("paid", "little"), draws=fake.draws(24, 2), indicators=KEYS))
    table = compared(found)
    little = row(table, "losses_avoided", "little")
    assert little.placebo_p05 < 0 < little.placebo_p95
    assert not little.beyond_placebo
    assert row(table, "losses_avoided", "paid").beyond_placebo
    assert "\u00b0" in next(line for line in comparison_text(found, table).splitlines() if line.startswith("little"))


def test_fixed_inputs_are_said_to_hold_noise_only() -> None:
    found, table = table_of("paid", draws=fake.draws(1, 12))
    paid = row(table, "losses_avoided", "paid")
    assert (paid.cluster, paid.clusters) == ("seeds", 12)
    assert np.isnan(paid.sd_inputs)
    assert "inputs held fixed" in found.interval_holds
    assert "12 seeds" in comparison_text(found, table)


def test_failed_runs_leave_only_their_own_pairs_and_the_common_interval_their_draws() -> None:
    _, table = table_of("paid", "little", without=[("paid", 3), ("paid", 4)])
    assert row(table, "losses_avoided", "paid").n == 46
    assert row(table, "losses_avoided", "little").n == 48
    assert np.isfinite(row(table, "losses_avoided", "little").low_together)
    missing = [("paid", number) for number in range(48)]
    found, none = table_of("paid", "little", without=missing)
    empty = row(none, "losses_avoided", "paid")
    assert empty.n == 0
    assert np.isnan(empty.mean)
    assert np.isfinite(row(none, "losses_avoided", "little").low_together)
    assert "paid" in comparison_text(found, none)


def test_two_levers_make_a_matrix() -> None:
    found, table = table_of(levers=POINTS)
    matrix = lever_matrix(found, table, "losses_avoided", 2035, fake.NOW)
    assert matrix is not None
    assert matrix.means.shape == (2, 3)
    assert (matrix.means.index.name, matrix.means.columns.name) == ("pace", "funding")
    assert matrix.means.loc[0.8, 12] - matrix.means.loc[0.8, 0] == pytest.approx(480, abs=10)
    assert table_of("paid")[1] is not None
    assert lever_matrix(*table_of("paid"), "losses_avoided", 2035, fake.NOW) is None


def test_the_page_says_what_a_reader_must_know() -> None:
    arms = fake.arms("paid")
    sweep = fake.sweep(losses, arms=arms, draws=fake.draws(24, 2), indicators=(*KEYS, "jobless_rate"),
                       rows_of=KEYS, effect=SIZE)  # fmt: skip
    found = measured(sweep)
    text = header(sweep, found)
    for words in ("simulated, not a forecast", "Does it help?", "24 draws of inputs, 2 seeds each", "100 persons",
                  "jobless_rate: needs every month", "ES22"):  # fmt: skip
        assert words in text
    page = comparison_text(found, compared(found))
    assert "larger than 100" in page
    assert max(map(len, page.splitlines())) <= 130


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return int(left.value.code or 0)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sweep = fake.sweep(losses, arms=fake.arms(levers=POINTS), draws=fake.draws(12, 2), indicators=KEYS, effect=SIZE)
    return fake.place(monkeypatch, sweep, tmp_path / "grid")


def test_the_command_reads_a_folder_and_draws_the_matrix(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("analyse", "compare", str(folder)) == 0
    out = capsys.readouterr().out
    assert "pace \\ funding" in out
    assert "placebo seat" in out
    picture = matplotlib.image.imread(folder / "analysis" / "comparison.png")
    assert picture.shape[0] > 300
    assert (
        (folder / "analysis" / "comparison.csv")
        .read_text()
        .startswith("outcome,title,headline,own,unit,horizon,against")
    )


def test_as_json_it_is_one_document_with_every_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("analyse", "compare", str(folder), "--json", "--out", str(folder / "elsewhere")) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["comparison"]) == 6 + 1 + 2 * (6 + 1)
    assert found["caveat"] == "simulated, not a forecast"
    assert "Heat map" in found["alternative_text"]
    assert (folder / "elsewhere" / "comparison.csv").is_file()


def test_the_same_sweep_gives_the_same_bytes_whatever_the_order_of_its_rows(tmp_path, monkeypatch) -> None:
    arms, draws = fake.arms(levers=POINTS), fake.draws(12, 2)
    one = fake.sweep(losses, arms=arms, draws=draws, indicators=KEYS, effect=SIZE)
    table = one.values
    bytes_of = []
    for rows in (table, table.iloc[::-1]):
        folder = fake.place(monkeypatch, replace(one, values=rows), tmp_path / str(len(bytes_of)))
        assert run("analyse", "compare", str(folder)) == 0
        bytes_of.append((folder / "analysis" / "comparison.csv").read_bytes())
    assert bytes_of[0] == bytes_of[1]


def test_a_lonely_scenario_or_another_folder_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("analyse", "compare", str(tmp_path)) == 2
    assert "plan.json" in capsys.readouterr().err
    assert run("compare", "current-policy") == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_place_that_cannot_be_written_to_is_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "analysis").write_text("a file")
    assert run("analyse", "compare", str(folder)) == 2
    assert "cannot write to" in capsys.readouterr().err.splitlines()[-1]


def test_without_a_placebo_nothing_is_marked_as_within_it() -> None:
    sweep = fake.sweep(losses, arms=fake.arms("paid", placebo=False), draws=fake.draws(12, 2), indicators=KEYS)
    found = measured(sweep)
    page = comparison_text(found, compared(found))
    assert "\u00b0" not in page.split("Each line")[0]


def test_a_sweep_of_a_single_arm_is_one_sentence() -> None:
    for arms in (fake.arms(placebo=False)[1:], fake.arms(placebo=False)[:1]):
        found = measured(fake.sweep(losses, arms=arms, draws=fake.draws(4, 1), indicators=KEYS))
        with pytest.raises(InputError, match="compare"):
            compared(found)


def test_a_difference_of_unknown_sign_asks_for_no_number_of_draws() -> None:
    _, table = table_of("same")
    assert row(table, "losses_avoided", "same").needed is None or np.isnan(row(table, "losses_avoided", "same").needed)
    _, sized = table_of("same", effect=SIZE)
    assert row(sized, "losses_avoided", "same").needed >= 2


def test_points_that_are_no_full_grid_make_no_matrix() -> None:
    some = dict(list(POINTS.items())[1:])
    assert lever_matrix(*table_of(levers=some), "losses_avoided", 2035, fake.NOW) is None
    several = {f"{a}/{b}": {"pace": [a, a + 1], "funding": b} for a in (1, 2) for b in (0, 6)}
    found = measured(fake.sweep(lambda *_: 1.0, arms=fake.arms(levers=several), draws=fake.draws(4, 1)))
    matrix = lever_matrix(found, compared(found), "involuntary_losses", 2035, fake.NOW)
    assert matrix is not None
    assert matrix.means.index.tolist() == ["1/2", "2/3"]


def test_samples_of_one_block_of_a_screening_design_are_one_cluster() -> None:
    """The samples of a trajectory differ by one input each: they are no independent draws."""
    values = [{"pace": float(number), "idle": 0.0} for number in range(24)]
    sampling = {"kind": "morris", "names": ["pace", "idle"], "size": 8}
    arms, draws = fake.arms("paid"), fake.draws(24, 1, values)
    sweep = fake.sweep(losses, arms=arms, draws=draws, indicators=KEYS, sampling=sampling)
    found = measured(sweep)
    assert row(compared(found), "losses_avoided", "paid").clusters == 8
    assert "8 blocks of the design" in comparison_text(found, compared(found))
