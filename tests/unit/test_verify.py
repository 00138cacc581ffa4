"""A sample of runs made again: the same in all bits, or the value that differs is named."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
import remade

from transitionsim.claims.source import read_source
from transitionsim.claims.verifying import chosen, default_count
from transitionsim.cli import main
from transitionsim.experiments.manifest import short_id
from transitionsim.report.folder import digests


@pytest.fixture(autouse=True)
def _clean(monkeypatch) -> None:
    remade.clean(monkeypatch)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Path]:
    """A comparison, and a sweep whose parts are gone."""
    place = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patched:
        remade.clean(patched)
        return {"comparison": remade.comparison(place / "comparison"), "sweep": remade.sweep(place / "sweep")}


@pytest.fixture
def folder(made, tmp_path) -> Path:
    """A comparison that may be changed."""
    return Path(shutil.copytree(made["comparison"], tmp_path / "mine"))


def verify(capsys, *words) -> tuple[int, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["verify", *map(str, words)])
    said = capsys.readouterr()
    return int(ended.value.code), said.err.partition("\n")[2] + said.out


def resealed(folder: Path) -> Path:
    """The folder with digests in its manifest that fit whatever its tables are now, as a forger would leave it."""
    path = folder / "manifest.json"
    about = json.loads(path.read_text())
    for name in ("table.csv", "table.parquet"):
        about["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    path.write_text(json.dumps(about))
    return folder


@pytest.mark.parametrize("what", ["comparison", "sweep"])
def test_runs_come_out_the_same(made, what, capsys) -> None:
    code, said = verify(capsys, made[what], "--runs", 4)
    assert code == 0, said
    assert said.count("same   ") == 1 + 4
    assert said.splitlines()[-1].startswith("verified: 4 of ")
    assert ("all its rows at the end" in said) == (what == "comparison"), "digests of runs went with the parts"


def test_the_sample_is_nobodys_choice(made, folder) -> None:
    source = read_source(made["comparison"])
    assert chosen(source, 3) == chosen(read_source(folder), 3)
    assert chosen(source, 3) != chosen(source, 3, "mine") or chosen(source, 3) != chosen(source, 3, "yours")
    assert set(chosen(source, 2)) < set(chosen(source, 5))
    arms = [arm.label for arm in source.plan.arms]
    assert sorted(arm for arm, _ in chosen(source, len(arms))) == sorted(arms), "every scenario has its turn"
    assert default_count(source) == max(3, len(arms))
    every = chosen(source, 10_000)
    assert len(every) == len(set(every)) == len(source.plan.arms) * len(source.plan.draws)


def test_an_altered_file_is_named_before_anything_runs(folder, capsys) -> None:
    path = folder / "table.csv"
    path.write_text(path.read_text().replace("dismissals", "dismissalz", 1))
    code, said = verify(capsys, folder)
    assert code == 1
    assert "table.csv was altered" in said
    assert "draw" not in said


def test_an_altered_table_of_a_sweep_is_named(made, tmp_path, capsys) -> None:
    folder = Path(shutil.copytree(made["sweep"], tmp_path / "mine"))
    path = folder / "table.csv"
    path.write_text(path.read_text().replace("involuntary_losses", "involuntary_gains", 1))
    code, said = verify(capsys, folder)
    assert code == 1
    assert "table.csv was altered" in said


def test_a_forged_value_is_found_though_its_digest_fits(folder, capsys) -> None:
    table = pd.read_parquet(folder / "table.parquet")
    rows = (table["scenario"] == "fast") & (table["draw"] == 1)
    place = int(rows.to_numpy().argmax())
    table.loc[place, "value"] += 1e-12 * table.loc[place, "value"]
    table.to_parquet(folder / "table.parquet", index=False)
    code, said = verify(capsys, resealed(folder), "--runs", 1000)
    assert code == 1
    assert said.count("OTHER") == 1
    assert f"{table.loc[place, 'indicator']}: then" in said
    assert said.splitlines()[-1] == "not verified: other values"


def test_two_tables_that_say_different_things_are_found_before_anything_runs(folder, capsys) -> None:
    table = pd.read_parquet(folder / "table.parquet")
    dismissals = (table["scenario"] == "fast") & (table["indicator"] == "dismissals") & (table["value"] > 0)
    table.loc[dismissals, "value"] *= 3
    table.to_parquet(folder / "table.parquet", index=False)
    code, said = verify(capsys, resealed(folder))
    assert code == 1
    assert re.search(r"OTHER  fast, draw 0, \d{4}-12, dismissals: table.csv says \S+, table.parquet \S+", said)
    assert "same   " not in said


def test_what_a_sample_would_have_missed_is_said(made, capsys) -> None:
    code, said = verify(capsys, made["comparison"])
    assert code == 0
    runs = len(read_source(made["comparison"]).sweep.values.groupby(["scenario", "draw"]))  # noqa: PD011
    count = default_count(read_source(made["comparison"]))
    assert f"verified: {count} of {runs} runs, bit for bit; one forged run among them all" in said
    assert f"with a chance of {100 * count / runs:.2g} %" in said
    assert "chance" not in verify(capsys, made["comparison"], "--runs", 1000)[1]


def test_other_rows_at_the_end_are_found(folder, capsys) -> None:
    path = folder / "manifest.json"
    about = json.loads(path.read_text())
    about["runs"][0]["digest"] = "0" * 64
    path.write_text(json.dumps(about))
    code, said = verify(capsys, folder, "--runs", 1000)
    assert code == 1
    assert said.count("at the end are NOT the same") == 1


def test_parts_of_a_sweep_prove_what_its_runs_ended_with(tmp_path, capsys) -> None:
    import fake_model as fake
    import sweep_process as own

    file = tmp_path / "question.yaml"
    file.write_text(remade.QUESTION)
    own.run(tmp_path / "out", file, fake.simulate)
    code, said = verify(capsys, tmp_path / "out", "--runs", 2)
    assert code == 0
    assert said.count("all its rows at the end") == 2


def test_groups_of_a_run_are_made_again_too(folder, capsys) -> None:
    def forge(table):
        return table.assign(value=table["value"].mask(table["scenario"].astype(str) == "reskilling", 0.0))

    remade.rewrite(folder / "tables.parquet", forge)
    about = json.loads((folder / "manifest.json").read_text())
    about["files"] = digests(folder)
    (folder / "manifest.json").write_text(json.dumps(about))
    code, said = verify(capsys, folder)
    assert code == 1
    assert said.count("its groups or indicators are NOT the same") == 1


def test_a_run_that_is_said_to_have_failed_is_run_again(folder, capsys) -> None:
    path = folder / "manifest.json"
    about = json.loads(path.read_text())
    about["failed"] = [{"scenario": "fast", "draw": 1, "seed": 1, "stage": "month", "cause": "out of memory"}]

    def without(table):
        return table[~((table["scenario"].astype(str) == "fast") & (table["draw"].astype(int) == 1))]

    for name in ("table.parquet", "tables.parquet", "indicators.parquet"):
        remade.rewrite(folder / name, without)
    lines = (folder / "table.csv").read_text().splitlines(keepends=True)
    columns = lines[0].split(",")
    at, draw = columns.index("scenario"), columns.index("draw")
    kept = [line for line in lines if (line.split(",")[at], line.split(",")[draw]) != ("fast", "1")]
    (folder / "table.csv").write_text("".join(kept))
    about["files"] = digests(folder)
    path.write_text(json.dumps(about))
    code, said = verify(capsys, folder)
    assert "OTHER  fast, draw 1: is said to have failed, and finishes" in said
    assert code == 1


def test_rules_of_ones_own_are_needed_and_never_taken_from_the_folder(folder, capsys) -> None:
    path = folder / "manifest.json"
    about = json.loads(path.read_text())
    mark = folder.parent / "executed"
    (folder / "rules.py").write_text(remade.RULES.format(mark=str(mark)))
    digest = hashlib.sha256((folder / "rules.py").read_bytes()).hexdigest()
    about["rules"] = [{"file": "rules.py", "sha256": digest}]
    path.write_text(json.dumps(about))
    code, said = verify(capsys, folder)
    assert code == 1
    assert "its id is not that of these scenarios, draws and rules" in said
    arms, draws = about["scenarios"], about["draws"]
    about["id"] = short_id(
        about["transitionsim"],
        [[one["label"], one["role"], one["digest"]] for one in arms],
        [[one["draw"], one["seed"], one["values"]] for one in draws],
        [digest],
    )
    path.write_text(json.dumps(about))
    code, said = verify(capsys, folder)
    assert code == 2
    assert "--allow-code" in said
    assert not mark.exists()


@pytest.mark.parametrize("key", ["scenarios", "draws", "runs", "files", "rules", "code"])
@pytest.mark.parametrize("value", [None, 3, [3], {"x": 1}, "x"])
def test_a_damaged_manifest_never_ends_in_a_traceback(folder, key, value, capsys) -> None:
    path = folder / "manifest.json"
    about = json.loads(path.read_text())
    about[key] = value
    path.write_text(json.dumps(about))
    code, said = verify(capsys, folder)
    assert code in (1, 2), said


def test_other_code_is_refused_or_said_loudly(folder, capsys) -> None:
    path = folder / "manifest.json"
    about = json.loads(path.read_text())
    about["code"]["sources"] = "f" * 64
    path.write_text(json.dumps(about))
    code, said = verify(capsys, folder)
    assert code == 2
    assert "--any-code" in said
    code, said = verify(capsys, folder, "--any-code")
    assert code == 0
    assert "BUT NOT BY THE CODE" in said.splitlines()[-1]


@pytest.mark.parametrize("runs", ["0", "-1"])
def test_at_least_one_run_is_asked_for(made, runs, capsys) -> None:
    code, said = verify(capsys, made["comparison"], "--runs", runs)
    assert code == 2
    assert "--runs" in said
