"""Crates: every file is there and named, the archive is the same bytes each time, and results come of it again."""

from __future__ import annotations

import getpass
import hashlib
import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
import remade

from transitionsim.claims.crate import CITATION, RECIPE, write_crate
from transitionsim.claims.reproduce import packed, recipe_of
from transitionsim.claims.source import read_source
from transitionsim.cli import main
from transitionsim.errors import InputError
from transitionsim.scenario import load_scenario

ROOT = Path(__file__).resolve().parents[2]
METADATA = "ro-crate-metadata.json"


@pytest.fixture(autouse=True)
def _clean(monkeypatch) -> None:
    remade.clean(monkeypatch)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Path]:
    """A comparison with its card and something else in its folder, and a sweep."""
    place = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patched:
        remade.clean(patched)
        folders = {"comparison": remade.comparison(place / "comparison"), "sweep": remade.sweep(place / "sweep")}
        remade.card_of(folders["comparison"], folders["comparison"] / "claim.yaml")
    (folders["comparison"] / "my secret notes.txt").write_text("not to be handed on")
    (folders["comparison"] / "rules.py").write_text("print('code')")
    return folders


def command(*words) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return int(ended.value.code)


@pytest.fixture(params=["comparison", "sweep"])
def crate(request, made, tmp_path) -> Path:
    """A crate as a folder."""
    pytest.importorskip("rocrate", reason="the extra 'crate' is not installed")
    assert command("report", made[request.param], "--out", tmp_path / "crate", "--crate") == 0
    return tmp_path / "crate"


def test_every_part_exists_and_every_id_resolves(crate) -> None:
    graph = json.loads((crate / METADATA).read_text())["@graph"]
    known = {one["@id"]: one for one in graph}
    assert len(known) == len(graph)
    parts = [one["@id"] for one in known["./"]["hasPart"]]
    assert sorted([*parts, METADATA]) == sorted(path.name for path in crate.iterdir())
    for name in parts:
        content = (crate / name).read_bytes()
        assert known[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert known[name]["contentSize"] == str(len(content))
    for one in graph:
        for key, value in one.items():
            named = [ref["@id"] for ref in (value if isinstance(value, list) else [value]) if isinstance(ref, dict)]
            assert all(name in known or name.startswith("https://w3id.org/ro/crate/") for name in named), (key, named)


def test_the_run_names_program_scenarios_and_table(crate) -> None:
    graph = {one["@id"]: one for one in json.loads((crate / METADATA).read_text())["@graph"]}
    action = graph["#run"]
    assert action["@type"] == "CreateAction"
    program = graph[action["instrument"]["@id"]]
    assert program["identifier"] == remade.COMMIT
    assert program["softwareVersion"]
    assert {one["@id"] for one in action["result"]} == {"table.csv", "table.parquet"}
    objects = {one["@id"] for one in action["object"]}
    assert {"scenario-0.yaml", RECIPE, "#register", "#region"} <= objects
    register = read_source(crate).region().register.digest()
    assert graph["#register"]["value"] == f"sha256:{register}"
    libraries = json.loads((crate / "environment.json").read_text())["libraries"]
    assert "numpy" in libraries


def test_it_is_read_again_by_rocrate(crate) -> None:
    from rocrate.rocrate import ROCrate

    found = ROCrate(crate)
    assert {one.id for one in found.data_entities} >= {
        "table.csv",
        "table.parquet",
        "manifest.json",
        CITATION,
        "LICENSE",
    }
    assert found.license["identifier"] == "Apache-2.0"


def test_results_come_of_a_crate_again(crate, capsys) -> None:
    assert command("reproduce", crate, "--processes", 1) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "reproduced: the same"
    assert command("reproduce", crate, "--sample", 1) == 0


def test_its_scenarios_are_files_that_run(crate) -> None:
    arms = read_source(crate).plan.arms
    for place, arm in enumerate(arms):
        assert load_scenario(crate / f"scenario-{place}.yaml").digest() == arm.digest


def test_nothing_else_is_handed_on(crate) -> None:
    names = {path.name for path in crate.iterdir()}
    assert not {"rules.py", "my secret notes.txt"} & names
    for path in crate.iterdir():
        content = path.read_bytes()
        if path.suffix != ".parquet":
            assert str(Path.home()).encode() + b"/" not in content or str(Path.home()) == "/"
            assert str(ROOT).encode() not in content
            assert str(crate.parent).encode() not in content
    person = getpass.getuser()
    if len(person) > 4:
        assert person not in (crate / METADATA).read_text()


def test_a_card_goes_with_it(made, tmp_path) -> None:
    pytest.importorskip("rocrate", reason="the extra 'crate' is not installed")
    assert command("report", made["comparison"], "--out", tmp_path / "crate", "--crate") == 0
    assert command("reproduce", tmp_path / "crate" / "claim.yaml") == 0
    assert (tmp_path / "crate" / RECIPE).read_text() == packed(recipe_of(read_source(made["comparison"]))) + "\n"


def test_the_archive_is_the_same_bytes_each_time(made, tmp_path, monkeypatch) -> None:
    pytest.importorskip("rocrate", reason="the extra 'crate' is not installed")
    copied = Path(shutil.copytree(made["sweep"], tmp_path / "sweep"))
    assert command("report", made["sweep"], "--out", tmp_path / "one.zip", "--crate") == 0
    monkeypatch.chdir(tmp_path)
    assert command("report", "sweep", "--crate") == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "sweep-crate.zip").read_bytes()
    assert copied.is_dir()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.namelist() == sorted(archive.namelist())
    assert command("report", "sweep", "--crate") == 2, "an archive that is there is left alone"
    assert command("reproduce", "one.zip") == 2


def test_altered_results_are_not_packed(made, tmp_path, capsys) -> None:
    folder = Path(shutil.copytree(made["comparison"], tmp_path / "mine"))
    (folder / "table.csv").write_text("x")
    assert command("report", folder, "--crate") == 2
    assert "altered" in capsys.readouterr().err


def test_the_extra_is_named_where_it_is_missing(made, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "rocrate.rocrate", None)
    with pytest.raises(InputError, match=r"transitionsim\[crate\]"):
        write_crate(read_source(made["sweep"]), tmp_path / "x.zip")


def test_the_citation_file_is_valid() -> None:
    citation = pytest.importorskip("cffconvert.citation", reason="cffconvert is not installed")
    found = citation.Citation((ROOT / CITATION).read_text(encoding="utf-8"))
    found.validate()
    assert "transitionsim" in found.as_bibtex()
