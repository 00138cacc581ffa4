"""Results made again: the same from a folder, a part of it, or a card alone; everything else is named or refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import remade

from transitionsim.claims.card import claim_id, read_card, written
from transitionsim.claims.reproduce import design_of, differences_of_code, packed, recipe_of, unlike, unpacked
from transitionsim.claims.source import read_source
from transitionsim.cli import main
from transitionsim.cli.templates import write_rule
from transitionsim.errors import InputError
from transitionsim.provenance import Code
from transitionsim.regions.fitted import FITS

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
        cards = {f"card of {name}": remade.card_of(one, place / f"{name}.yaml") for name, one in folders.items()}
        return folders | cards


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
    """A card changed by a function of it and its recipe, whose id was made to fit."""
    content = read_card(card)
    recipe = unpacked(content["recipe"], "card")
    change(content, recipe)
    content["recipe"] = packed(recipe)
    content["claim_id"] = claim_id(content)
    place.write_text(written(content))
    return place


@pytest.mark.parametrize("what", ["comparison", "sweep", "card of comparison", "card of sweep"])
def test_the_same_comes_again(made, what, capsys) -> None:
    code, said = reproduce(capsys, made[what])
    assert code == 0, said
    assert said.splitlines()[-1] == "reproduced: the same"
    assert ("comparison.csv" in said) == (what == "comparison")


def test_some_draws_can_be_made_again(made, capsys) -> None:
    code, said = reproduce(capsys, made["comparison"], "--sample", 1)
    assert (code, said.splitlines()[-1]) == (0, "reproduced: the same of 1 of 2 draws")
    assert reproduce(capsys, made["card of sweep"], "--sample", 1)[0] == 2


def test_what_was_made_again_can_be_kept(made, tmp_path, capsys) -> None:
    out = tmp_path / "again"
    assert reproduce(capsys, made["card of sweep"], "--out", out)[0] == 0
    assert (out / "table.csv").read_bytes() == (made["sweep"] / "table.csv").read_bytes()
    assert read_source(out).problems == ()
    code, said = reproduce(capsys, made["card of sweep"], "--out", out)
    assert (code, "not empty" in said) == (2, True)


def test_other_values_are_named(folder, monkeypatch, capsys) -> None:
    def other(scenario, seed, *, rules=(), careers=False):
        run = remade.fake.simulate(scenario, seed, careers=careers)
        run.series["retirements"] = run.series["retirements"] + 20
        return run

    remade.clean(monkeypatch, other)
    for words in ((), ("--sample", 1)):
        code, said = reproduce(capsys, folder, *words)
        assert (code, said.splitlines()[-1]) == (1, "not reproduced: other bytes or words")
        assert "retirements: value then " in said


def test_the_rows_of_two_tables_that_differ() -> None:
    then = pd.DataFrame({"scenario": ["a", "b"], "value": [1.0, float("nan")]})
    assert unlike(then, then.copy()) == ()
    assert unlike(then, then.assign(value=[2.0, float("nan")])) == ("a: value then 1.0, now 2.0",)
    assert unlike(then, then[:1]) == ("then 2 rows of 2 columns, now 1 of 2",)


def test_a_card_that_says_something_else_is_found_out(made, tmp_path, capsys) -> None:
    def better(content, recipe) -> None:
        content["estimate"]["median"] = -1e6

    code, said = reproduce(capsys, forged(made["card of comparison"], tmp_path / "card.yaml", better))
    assert code == 1
    assert "OTHER  the card's estimate" in said


@pytest.mark.parametrize("name", ["table.csv", "comparison.csv"])
def test_an_altered_or_missing_file_is_refused(folder, name, capsys) -> None:
    (folder / name).write_text((folder / name).read_text() + "x\n")
    code, said = reproduce(capsys, folder)
    assert (code, f"{name} was altered" in said) == (2, True)
    (folder / name).unlink()
    code, said = reproduce(capsys, folder)
    assert (code, f"{name} is missing" in said) == (2, True)


def test_an_altered_scenario_is_refused(made, tmp_path, capsys) -> None:
    def months(content, recipe) -> None:
        recipe["plan"]["scenarios"][1]["months"] = 24

    for name in ("card of comparison", "card of sweep"):
        code, said = reproduce(capsys, forged(made[name], tmp_path / "card.yaml", months))
        assert (code, "is not what it was" in said) == (2, True)


@pytest.mark.parametrize(("code_then", "words"), [(OTHER, ("d" * 12, "other code")), ({}, ("by which code",))])
def test_other_code_is_refused_and_goes_on_loudly(folder, code_then, words, capsys) -> None:
    edited(folder, lambda about: about.update(code=code_then))
    code, said = reproduce(capsys, folder)
    assert code == 2
    assert all(word in said for word in (*words, "--any-code"))
    code, said = reproduce(capsys, folder, "--any-code")
    assert code == 0, said
    assert "BUT NOT BY THE CODE THAT MADE THEM" in said.splitlines()[-1]


def test_code_of_the_same_sources_needs_no_commit() -> None:
    now = Code("0.1.0", "a" * 64, None, None)
    assert differences_of_code({"code": {"sources": "a" * 64, "dirty": None}}, now) == []


def test_rules_run_only_when_allowed(tmp_path, monkeypatch, capsys) -> None:
    """They travel as text, so that the file is not needed; the arm with the rules off is run without them again."""
    remade.clean(monkeypatch, remade.counting)
    rules, _ = write_rule("lucky", tmp_path)
    folder = remade.ruled(tmp_path / "ruled", rules)
    rules.unlink()
    code, said = reproduce(capsys, folder)
    assert (code, "--allow-code" in said) == (2, True)
    code, said = reproduce(capsys, folder, "--allow-code")
    assert code == 0, said
    table = pd.read_parquet(folder / "table.parquet")
    retired = table[table["indicator"] == "retirements"].groupby("scenario", observed=True)["value"].sum()
    assert retired["now"] > retired["now, rules off"]


def test_a_fit_of_ones_own_goes_with_the_results(tmp_path, monkeypatch, capsys) -> None:
    file = tmp_path / "far" / "my fit.yaml"
    file.parent.mkdir()
    shutil.copyfile(FITS / "ES22.yaml", file)
    folder = remade.with_fit(tmp_path / "fitted", file)
    shutil.rmtree(file.parent)
    monkeypatch.chdir(tmp_path)
    for what in (folder, remade.card_of(folder, tmp_path / "card.yaml")):
        code, said = reproduce(capsys, what)
        assert code == 0, said
    for path in (folder / "manifest.json", folder / "plan.json", tmp_path / "card.yaml"):
        assert str(tmp_path) not in path.read_text()


@pytest.mark.parametrize(
    "text",
    ["a: [", "words\n", "claim_id: tsc-1\nrecipe: {}\n", "[]\n", "claim_id: !!python/object:os.system x\nrecipe: y\n"],
)
def test_what_is_no_card_is_refused(tmp_path, text, capsys) -> None:
    card = tmp_path / "claim.yaml"
    card.write_text(text)
    code, said = reproduce(capsys, card)
    assert (code, "claim.yaml" in said, "Traceback" in said) == (2, True, False)


@pytest.mark.parametrize("field", ["plan", "files", "table_sha256", "code"])
@pytest.mark.parametrize("value", [None, 3, [3], {"x": 1}, "x"])
def test_a_forged_recipe_never_ends_in_a_traceback(made, tmp_path, field, value, capsys) -> None:
    content = read_card(made["card of sweep"])
    content["recipe"] = json.dumps({**unpacked(content["recipe"], "card"), field: value})
    content["claim_id"] = claim_id(content)
    (tmp_path / "card.yaml").write_text(written(content))
    code, said = reproduce(capsys, tmp_path / "card.yaml")
    assert code == 2 or field == "table_sha256", said
    assert "Traceback" not in said


@pytest.mark.parametrize("name", ["..", "../../escape.py", "/tmp/escape.py", "..\\escape.py", "plan.json", "table.csv"])
def test_a_recipe_brings_no_files_but_profiles_and_fits(tmp_path, name) -> None:
    place = tmp_path / "place"
    place.mkdir()
    with pytest.raises(InputError, match="neither a profile nor a fit"):
        design_of({"files": {name: "x"}, "plan": {"scenarios": []}}, place)
    assert list(tmp_path.rglob("*")) == [place]


@pytest.mark.parametrize("key", ["region", "calibration"])
@pytest.mark.parametrize("name", ["/etc/passwd.yaml", "../../secret.yaml", "./fit-01234567.yaml"])
def test_a_scenario_reads_no_file_of_this_machine(made, tmp_path, key, name) -> None:
    recipe = recipe_of(read_source(made["comparison"]))
    recipe["plan"]["scenarios"][0][key] = name
    with pytest.raises(InputError, match="does not bring"):
        design_of(recipe, tmp_path)


def test_an_unfinished_sweep_has_nothing_to_compare_with(tmp_path, capsys) -> None:
    import fake_model as fake
    import sweep_process as own

    file = tmp_path / "question.yaml"
    file.write_text(remade.QUESTION)
    own.run(tmp_path / "out", file, fake.simulate)
    for name in ("table.csv", "table.parquet", "manifest.json"):
        (tmp_path / "out" / name).unlink()
    code, said = reproduce(capsys, tmp_path / "out")
    assert (code, "--resume" in said) == (2, True)


def test_a_sweep_that_knew_enough_is_made_as_far_as_it_went(tmp_path, capsys) -> None:
    import fake_model as fake
    import sweep_process as own

    file = tmp_path / "question.yaml"
    file.write_text(remade.QUESTION.replace("draws: 2", "draws: 12"))
    ended = own.run(tmp_path / "out", file, fake.simulate, until=0.9)
    assert ended.complete
    assert ended.draws < 12
    code, said = reproduce(capsys, tmp_path / "out")
    assert code == 0, said
    assert f" x {ended.draws} draws" in said
