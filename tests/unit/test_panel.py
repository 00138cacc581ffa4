"""Panels: the same persons in every scenario, rows that are the population's, and sizes that cannot be."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet
from tests.conftest import SMALL

from transitionsim.cli import main
from transitionsim.columns import EMPLOYED, NEVER, STATUS_NAMES, TIER_NAMES
from transitionsim.errors import InputError
from transitionsim.experiments import panel_table
from transitionsim.model import TransitionModel, simulate
from transitionsim.panel import Panel, PanelSize, sampled
from transitionsim.rule import rule

TEN = PanelSize.parse("10%")


@pytest.fixture
def folder(capsys, tmp_path, monkeypatch):
    """Return a function that runs a scenario on the command line and gives its exit code, errors and folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str):
        settings = [word for key, value in SMALL.items() for word in ("--set", f"{key}={value}")]
        with pytest.raises(SystemExit) as left:
            main(["run", *settings, *arguments, "--processes", "1", "--out", "here"])
        return int(left.value.code or 0), capsys.readouterr().err, tmp_path / "here"

    return call


def test_a_panel_follows_the_same_persons_in_every_scenario_and_others_for_another_seed(small):
    panels = [simulate(small(name, months=6), 1, panel=TEN).panel for name in ("current-policy", "fast", "reskilling")]
    assert len(panels[0].rows) == round(0.1 * len(TransitionModel(small(), rng=1).state.workers))
    assert all((panel.rows == panels[0].rows).all() for panel in panels)
    other = simulate(small(months=6), 2, panel=TEN).panel
    assert len(np.intersect1d(other.rows, panels[0].rows)) < 0.2 * len(other.rows)


def test_a_sample_goes_with_the_keys_and_the_smaller_is_part_of_the_larger(small):
    keys = TransitionModel(small(), rng=1).state.workers["key"]
    few, many = sampled(keys, 1, 20), sampled(keys, 1, 200)
    assert set(few) < set(many)
    shuffled = np.argsort(keys)
    assert set(keys[few]) == set(keys[shuffled][sampled(keys[shuffled], 1, 20)])


def test_a_panel_s_rows_are_the_population_s(small):
    model = TransitionModel(small("reskilling", months=6), rng=1)
    panel = Panel.begin(model.state, TEN)
    while model.running:
        model.step()
        panel.take(model.state)
        people, now = model.state.workers[panel.rows], panel.record[panel.months - 1]
        for name in ("status", "wage", "profile", "contract", "course", "cause", "notice_end", "hired", "since"):
            assert (now[name] == people[name]).all()
        employed = people["employer"] >= 0
        firms = model.state.employers[people["employer"][employed]]
        assert (now["tier"][employed] == firms["tier"]).all()
        assert (now["sector"][employed] == firms["sector"]).all()
        assert ((now["size"][employed] <= 2) == firms["sme"]).all()
        small_firms = firms["posts_start"] < 10
        assert small_firms.any()
        assert (now["size"][employed][small_firms] == 0).all()
        assert (now["tier"][~employed] == -1).all()
    assert len(panel) == 6 * len(panel.rows)


def test_watching_changes_nothing(small):
    assert simulate(small(months=8), 1, panel=TEN).digest == simulate(small(months=8), 1).digest


def test_a_new_life_begins_where_an_entrant_takes_the_row(small):
    everyone = PanelSize.parse("100%")
    model = TransitionModel(small(months=12), rng=1)
    leaves = model.state.workers["exit_month"].copy()
    lives = simulate(small(months=12), 1, panel=everyone).panel.lives()
    expected = (np.arange(12)[:, None] >= leaves[None, :]) & (leaves > 0)[None, :]
    once = lives.max(axis=0) <= 2
    assert once.mean() > 0.99
    assert (lives[:, once] == 1 + expected[:, once]).all()
    assert (lives == 2).any()


@rule(on="workers", after="look_for_work", adds={"ties": "i2"})
def make_friends(worker, world, luck):
    """Everybody gains a friend each month."""
    worker.ties = worker.ties + 1


def test_a_student_s_column_is_kept(small):
    panel = simulate(small(months=3), 1, rules=[make_friends], panel=TEN).panel
    assert panel.added == ("ties",)
    assert panel.record["ties"].tolist() == [[month] * len(panel.rows) for month in (1, 2, 3)]


def test_the_table_says_in_words_and_euros_what_the_rows_hold(folder, small):
    code, err, path = folder("current-policy", "--panel", "10%", "--seeds", "2", "--set", "months=14")
    assert code == 0, err
    table = pd.read_parquet(path / "panel.parquet")
    entry = json.loads((path / "manifest.json").read_text())["panel"]
    assert [column["name"] for column in entry["columns"]] == list(table.columns)
    assert (entry["rows"], entry["persons"]) == (len(table), table[table["seed"] == 1]["person"].nunique())
    model = TransitionModel(small(months=14), rng=1).run()
    last = table[(table["month"] == "2026-02") & (table["seed"] == 1)].reset_index(drop=True)
    rows = model.state.workers[last["person"] - 1]
    assert last["status"].tolist() == [STATUS_NAMES[code] for code in rows["status"]]
    assert (last["wage"].fillna(0.0) * 100).round().astype(int).tolist() == rows["wage"].tolist()
    at_work = rows["status"] == EMPLOYED
    tiers = model.state.employers["tier"][rows["employer"][at_work]]
    assert last["tier"][at_work].tolist() == [TIER_NAMES[code] for code in tiers]
    assert last["tier"][~at_work].isna().all()
    assert last["tenure_months"][at_work].tolist() == (13 - rows["hired"][at_work]).tolist()
    assert last["notice_months"].notna().tolist() == (rows["notice_end"] != NEVER).tolist()
    assert last["age"].tolist() == ((13 - rows["birth_month"]) // 12).tolist()


def test_a_panel_written_in_parts_is_the_same(folder, monkeypatch):
    code, err, path = folder("current-policy", "--panel", "10%", "--set", "months=14")
    assert code == 0, err
    whole = pd.read_parquet(path / "panel.parquet")
    monkeypatch.setattr(panel_table, "PART_ROWS", 1000)
    code, err, path = folder("current-policy", "--panel", "10%", "--set", "months=14", "--replace")
    assert code == 0, err
    assert parquet.read_metadata(path / "panel.parquet").num_row_groups == 7
    pd.testing.assert_frame_equal(pd.read_parquet(path / "panel.parquet"), whole)


def test_the_file_itself_says_what_its_columns_mean(folder):
    code, err, path = folder("current-policy", "--panel", "7", "--set", "months=2")
    assert code == 0, err
    schema = parquet.read_schema(path / "panel.parquet")
    assert all(field.metadata[b"meaning"] for field in schema)
    assert schema.field("wage").metadata[b"unit"] == b"EUR a month"
    assert parquet.read_metadata(path / "panel.parquet").num_rows == 14


@pytest.mark.parametrize("text", ["0%", "101%", "abc", "-5", "0", "1.5", "%", "1e2%", "", "9" * 5000, "nan%"])
def test_a_mistaken_size_is_a_sentence_before_any_run(folder, text):
    code, err, path = folder("current-policy", "--panel", text)
    said = [line for line in err.splitlines() if not line.startswith("transitionsim 0.1.0")]
    assert code == 2
    assert len(said) == 1
    assert said[0].startswith(f"--panel: found '{text}'; what is needed: a share above 0% and up to 100% such as 1%")
    assert not path.exists()


def test_a_panel_that_cannot_be_kept_is_refused_before_any_run(folder):
    code, err, path = folder("current-policy", "--panel", "100%", "--seeds", "5000")
    assert (code, path.exists()) == (2, False)
    assert "at most 50,000,000 are kept: ask for " in err.splitlines()[-1]
    code, err, _ = folder("current-policy", "--panel", "5000")
    assert (code, "found 5,000; the region has 4,") == (2, err.splitlines()[-1].removeprefix("--panel: ")[:30])


def test_the_largest_panel_that_is_named_is_accepted(small):
    state = TransitionModel(small(months=24), rng=1).state
    runs = 20_000
    with pytest.raises(InputError, match="ask for 104 persons or fewer"):
        Panel.begin(state, PanelSize.parse("105"), runs)
    assert len(Panel.begin(state, PanelSize.parse("104"), runs).rows) == 104
