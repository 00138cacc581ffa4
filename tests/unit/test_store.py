"""Results on disk: a tidy table, a folder that is whole or absent, a manifest that can be handed on."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import fake_model as fake
import pandas as pd
import pytest

from transitionsim.errors import InputError
from transitionsim.experiments.compare import design_of
from transitionsim.experiments.design import Arm
from transitionsim.experiments.manifest import as_json, experiment_id, manifest, shareable_command
from transitionsim.experiments.paired import compared
from transitionsim.experiments.runner import run_design
from transitionsim.experiments.store import COLUMNS, canonical, results_folder, tidy, write_csv
from transitionsim.report.folder import write_results

SMALL = {"persons_per_agent": 20, "months": 30}


@pytest.fixture(scope="module")
def results():
    arms = [Arm("paid", fake.scenario(seats=1.2e7, **SMALL))]
    design = design_of(Arm("current-policy", fake.scenario(**SMALL)), arms, draws=2, seeds=None)
    return run_design(design, processes=1, simulate=fake.simulate)


def test_stocks_are_those_of_december_and_flows_sums_of_the_year(results):
    table = tidy(results)
    assert tuple(table.columns) == COLUMNS
    run = results.of("paid")[1]
    mine = table[(table["scenario"] == "paid") & (table["draw"] == 1)].set_index(["indicator", "year"])["value"]
    assert mine["posts_automotive", 2026] == run.series["posts_automotive"][23]
    assert mine["dismissals", 2026] == run.series["dismissals"][12:24].sum()
    assert mine["dismissals", 2027] == run.series["dismissals"][24:].sum()
    assert mine["spent_cents", 2027] == run.series["spent_cents"][-1]
    months = table.drop_duplicates(["year", "month"])[["year", "month"]].to_numpy().tolist()
    assert months == [[2025, 12], [2026, 12], [2027, 6]]


def test_a_run_that_does_not_start_in_january_is_cut_at_december():
    arm = Arm("late", fake.scenario(months=14).model_copy(update={"start": fake.Month.parse("2025-11")}))
    table = tidy(run_design(design_of(arm, [], draws=1, seeds=1), processes=1, simulate=fake.simulate))
    assert table.drop_duplicates("year")["month"].tolist() == [12, 12]


@pytest.mark.parametrize(
    ("value", "text"), [(3.0, "3"), (-0.0, "0"), (1 / 3, "0.333333333"), (1e20, "1e+20"), (-2.5, "-2.5")]
)
def test_numbers_have_one_form(value, text):
    assert canonical(value) == text


def test_tables_read_back_as_they_were(results, tmp_path):
    table = tidy(results)
    write_csv(table, tmp_path / "table.csv")
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "table.csv"), table, check_dtype=False)


def test_a_folder_holds_everything_or_is_not_there(results, tmp_path):
    out = tmp_path / "deep" / "results"
    with results_folder(out) as folder:
        write_results(folder, results, compared(results), command=["transitionsim", "compare"])
        assert not out.exists()
    names = {"table.parquet", "table.csv", "tables.parquet", "indicators.parquet", "indicators-compared.csv"}
    names |= {"comparison.csv", "manifest.json", "figure.png"}
    assert {path.name for path in out.iterdir()} == names
    assert [path.name for path in out.parent.iterdir()] == ["results"]
    assert (pd.read_parquet(out / "table.parquet")["value"] == tidy(results)["value"]).all()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_after_an_error_nothing_is_left(tmp_path, error):
    def fail():
        with results_folder(tmp_path / "deep" / "results") as folder:
            (folder / "table.csv").write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert list(tmp_path.iterdir()) == []


def open_folder(out, **options):
    with results_folder(out, **options):
        pytest.fail("no run may start")


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
    with pytest.raises(InputError) as caught:
        open_folder(out, **options)
    assert text in str(caught.value)
    assert len(caught.value.mistakes) == 1


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="cannot write to"):
        open_folder(tmp_path / "file" / "results")


def test_earlier_results_are_replaced_as_a_whole_when_asked(results, tmp_path):
    out = tmp_path / "results"
    for _ in range(2):
        with results_folder(out, replace=True) as folder:
            write_results(folder, results)
    names = {"table.parquet", "table.csv", "tables.parquet", "indicators.parquet", "manifest.json"}
    assert {path.name for path in out.iterdir()} == names
    assert len(list(tmp_path.iterdir())) == 1


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "results").mkdir()
    with results_folder(tmp_path / "results") as folder:
        (folder / "x").write_text("")
    assert (tmp_path / "results" / "x").is_file()


def test_the_manifest_repeats_the_experiment_and_names_no_place(results):
    command = [str(Path(sys.executable)), "compare", str(Path.home() / "my scenarios" / "fast.yaml")]
    text = as_json(manifest(results, command=command, extra={"sentence": "x"}))
    content = json.loads(text)
    assert content["command"] == [Path(sys.executable).name, "compare", "fast.yaml"]
    for place in (str(Path.home()), str(Path.cwd()), sys.prefix):
        assert place not in text or place == "/"
    assert '"/' not in text
    assert [draw["seed"] for draw in content["draws"]] == [0, 1]
    assert set(content["draws"][0]["values"]) == {swept["key"] for swept in content["swept"]}
    assert len(content["runs"]) == 8
    assert all(len(run["digest"]) == 64 for run in content["runs"])
    resolved = {arm["label"]: arm["resolved"] for arm in content["scenarios"]}
    assert resolved["paid"]["policies"][0]["kind"] == "reskilling"
    assert content["labels"] == []
    told = design_of(Arm("current-policy", fake.scenario(region="ITC1", **SMALL)), [], draws=1, seeds=None)
    notes = manifest(run_design(told, processes=1, simulate=fake.simulate))["labels"]
    assert [note.partition(":")[0] for note in notes] == ["stylised region"]


def test_the_id_is_that_of_the_experiment(results):
    design = results.design
    assert experiment_id(design) == experiment_id(design)
    other = design_of(Arm("current-policy", fake.scenario(bev=0.5, **SMALL)), [], draws=2, seeds=None)
    assert experiment_id(other) != experiment_id(design)
    assert len(experiment_id(design)) == 8


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
