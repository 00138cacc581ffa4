"""Results on disk: tidy tables, a folder that is told whole, a manifest that can be handed on."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import fake_model as fake
import pandas as pd
import pytest

from transitionsim.cli.carrying import Running, carry_out
from transitionsim.errors import InputError
from transitionsim.experiments.canonical import canonical
from transitionsim.experiments.design import Arm
from transitionsim.experiments.manifest import as_json, shareable_command
from transitionsim.experiments.planning import comparison_design, single_design
from transitionsim.experiments.reading import results_of

SMALL = {"persons_per_agent": 20, "months": 30}
HERE = Running(processes=1, simulate=fake.simulate)
FILES = {
    "comparison.csv", "figure.png", "indicators-compared.csv", "indicators.parquet", "lock", "manifest.json",
    "parts", "plan.json", "records", "table.csv", "table.parquet", "tables.parquet",
}  # fmt: skip


def paid(**more):
    arms = [Arm("paid", fake.scenario(seats=1.2e7, **SMALL | more))]
    return comparison_design(Arm("current-policy", fake.scenario(**SMALL | more)), arms, draws=2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A finished comparison."""
    out = tmp_path_factory.mktemp("store") / "deep" / "results"
    carry_out(out, paid(), HERE)
    return out


def test_stocks_are_those_of_december_and_flows_sums_of_the_year(folder):
    table = pd.read_parquet(folder / "table.parquet")
    run = results_of(folder, paid()).of("paid")[1]
    mine = table[(table["scenario"] == "paid") & (table["draw"] == 1)].set_index(["indicator", "year"])["value"]
    assert mine["posts_automotive", 2026] == run.series["posts_automotive"][23]
    assert mine["dismissals", 2026] == run.series["dismissals"][12:24].sum()
    assert mine["dismissals", 2027] == run.series["dismissals"][24:].sum()
    assert mine["spent_cents", 2027] == run.series["spent_cents"][-1]
    months = table[table["indicator"] == "dismissals"].drop_duplicates(["year", "month"])[["year", "month"]]
    assert months.to_numpy().tolist() == [[2025, 12], [2026, 12], [2027, 6]]


def test_a_run_that_does_not_start_in_january_is_cut_at_december(tmp_path):
    arm = Arm("late", fake.scenario(months=14).model_copy(update={"start": fake.Month.parse("2025-11")}))
    carry_out(tmp_path / "out", single_design(arm, seeds=1), HERE)
    table = pd.read_parquet(tmp_path / "out" / "table.parquet")
    assert table[table["indicator"] == "dismissals"]["month"].tolist() == [12, 12]


@pytest.mark.parametrize(
    ("value", "text"), [(3.0, "3"), (-0.0, "0"), (1 / 3, "0.333333333"), (1e20, "1e+20"), (-2.5, "-2.5")]
)
def test_numbers_have_one_form(value, text):
    assert canonical(value) == text


def test_both_tables_hold_the_same(folder):
    table = pd.read_parquet(folder / "table.parquet")
    pd.testing.assert_frame_equal(
        pd.read_csv(folder / "table.csv"), table, check_dtype=False, check_categorical=False
    )  # fmt: skip


def test_a_folder_holds_what_is_told_of_it(folder):
    assert {path.name for path in folder.iterdir()} == FILES


def test_where_nothing_can_be_shown_no_folder_is_left(tmp_path):
    def fails(scenario, seed, *, rules=(), careers=False):
        raise InputError.one("x", "cannot be")

    with pytest.raises(InputError, match="cannot be"):
        carry_out(tmp_path / "deep" / "results", paid(), Running(processes=1, simulate=fails))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("make", "options", "text"),
    [
        (lambda out: out.write_text("mine"), {}, "is a file; a folder is needed"),
        (lambda out: (out.mkdir(), (out / "x").write_text("mine")), {}, "exists and is not empty"),
        (lambda out: (out.mkdir(), (out / "x").write_text("mine")), {"replace": True}, "it is left alone"),
    ],
)
def test_what_lies_there_is_not_written_over(tmp_path, make, options, text):
    out = tmp_path / "results"
    make(out)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError) as caught:
        carry_out(out, paid(), HERE, **options)
    assert text in str(caught.value)
    assert len(caught.value.mistakes) == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="cannot be written to"):
        carry_out(tmp_path / "file" / "results", paid(), HERE)


def test_earlier_results_are_replaced_as_a_whole_when_asked(tmp_path):
    out = tmp_path / "results"
    carry_out(out, paid(), HERE)
    carry_out(out, single_design(Arm("alone", fake.scenario(**SMALL)), seeds=1), HERE, replace=True)
    assert {path.name for path in out.iterdir()} < FILES
    assert set(pd.read_csv(out / "table.csv")["scenario"]) == {"alone"}
    assert len(list(tmp_path.iterdir())) == 1


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "results").mkdir()
    carry_out(tmp_path / "results", paid(), HERE)
    assert (tmp_path / "results" / "table.csv").is_file()


def test_a_folder_names_no_place_and_repeats_the_experiment(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", [sys.executable, "compare", str(Path.home() / "my scenarios" / "fast.yaml")])
    carry_out(tmp_path / "out", paid(region="ITC1"), HERE)
    content = json.loads((tmp_path / "out" / "manifest.json").read_text())
    written = json.loads((tmp_path / "out" / "plan.json").read_text())
    assert written["command"] == [Path(sys.executable).name, "compare", "fast.yaml"]
    assert [note.partition(":")[0] for note in content["labels"]] == ["stylised region"]
    for name in ("manifest.json", "plan.json"):
        text = (tmp_path / "out" / name).read_text()
        assert not [
            place for place in (str(Path.home()), str(Path.cwd()), sys.prefix) if place in text and place != "/"
        ]
        assert '"/' not in text
    plan = json.loads((folder / "plan.json").read_text())["plan"]
    assert [draw["seed"] for draw in plan["draws"]] == [0, 1]
    assert set(plan["draws"][0]["values"]) == {swept["key"] for swept in plan["swept"]}
    assert [one.get("policies") for one in plan["scenarios"]][2][0]["kind"] == "reskilling"


def test_the_id_is_that_of_the_experiment():
    assert paid().plan.id == paid().plan.id
    assert paid(months=31).plan.id != paid().plan.id
    assert len(paid().plan.id) == 8


@pytest.mark.parametrize(
    ("word", "shared"),
    [
        ("results/demo", "results/demo"),
        ("/home/me/results", "results"),
        ("C:\\Users\\me\\out", "out"),
        ("--rules=/home/me/r.py", "--rules=r.py"),
        ("a=1", "a=1"),
        ("region=/home/me/mine.yaml", "region=mine.yaml"),
        ("~/x/y", "y"),
    ],
)
def test_a_command_is_told_without_folders_of_the_users(word, shared):
    assert shareable_command([word]) == [shared]


def test_what_is_no_number_is_null_in_json():
    assert as_json({"a": float("nan"), "b": [float("inf"), 1.5]}) == '{"a": null, "b": [null, 1.5]}'
