"""The command line on another machine: other encodings, no user numbers, closed streams, a full disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from transitionsim.cli.streams import NEAREST

TINY = ("--set", "persons_per_agent=1000", "--set", "months=12")
COMMAND = (sys.executable, "-m", "transitionsim")
WINDOWS = """
import os, sys
del os.getuid
from transitionsim.cli import main
main(sys.argv[1:])
"""


def call(*arguments, program=COMMAND, encoding="utf-8", **options):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    found = subprocess.run(
        [*program, *arguments], env=environment, capture_output=True, timeout=120, check=False, **options
    )
    said = found.stderr.decode(encoding)
    assert "Traceback" not in said, said
    return found.returncode, found.stdout.decode(encoding), said


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_console_that_lacks_letters_gets_the_nearest(encoding, tmp_path):
    code, out, _ = call("list", encoding=encoding)
    assert code == 0
    assert "Slaskie" in out.replace("\u015a", "S").replace("\u0105", "a").replace("\u0142", "l")
    assert "SK02" in out
    code, out, said = call("compare", "current-policy", "fast", "--draws", "2", "--processes", "1", *TINY, "--out", "x",
                           encoding=encoding, cwd=tmp_path)  # fmt: skip
    assert code == 0, said
    assert "placebo seat - baseline" in out
    assert "?" not in out
    assert said.splitlines()[-1] == "written: x"


def test_a_minus_is_never_lost():
    from transitionsim.cli.streams import prepare

    prepare()
    said = "\u2212900\u2026100 \u2264 \u0141\u00f3d\u017a, \u0421\u043e\u0444\u0438\u044f"
    assert said.encode("ascii", NEAREST) == b"-900...100 <= Lodz, Sofiya"


def test_json_reads_back_under_every_encoding():
    code, out, _ = call("list", "--json", encoding="ascii")
    assert code == 0
    assert {"Śląskie", "Västsverige"} <= {region["name"] for region in json.loads(out)["regions"]}


def test_a_system_without_user_numbers(tmp_path):
    windows = (sys.executable, "-c", WINDOWS)
    code, out, said = call("run", "fast", *TINY, "--out", "x", program=windows, encoding="cp1252", cwd=tmp_path)
    assert code == 0, said
    assert "2025-12" in out
    assert (tmp_path / "x" / "table.csv").exists()


RUN = "run fast --set persons_per_agent=1000 --set months=12 --out x"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell with pipefail")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("list parameters | head -2", 0),
        ("list parameters | true", 0),
        (f"{RUN} | true", 0),
        (f"{RUN} 2>&1 | true", 0),
        ("run nosuch 2>&1 | true", 2),
        (f"{RUN} 2> >(exec true)", 0),
        (f"{RUN} 2> /dev/full", 0),
        ("run nosuch 2> /dev/full", 2),
    ],
)
def test_a_reader_who_leaves_costs_no_result_and_no_exit_code(command, code, tmp_path):
    line = f"set -o pipefail; {sys.executable} -m transitionsim {command}"
    found = subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)
    assert found.returncode == code, found.stderr
    assert "rror" not in found.stderr
    assert (tmp_path / "x" / "manifest.json").exists() == ("--out x" in command)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_output_that_takes_nothing_is_one_sentence():
    with Path("/dev/full").open("w") as full:
        found = subprocess.run([*COMMAND, "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert found.returncode == 1
    assert found.stderr == "transitionsim: cannot be read or written: no space left on device\n"


@pytest.mark.parametrize("closed", ["1", "2"])
def test_a_closed_stream_is_written_into_nothing(closed):
    line = f"{sys.executable} -m transitionsim list {closed}>&-"
    found = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=120, check=False)
    assert found.returncode == 0
    assert found.stderr == ""


SMALL_FILES = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
from transitionsim.cli import main
main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("run", "fast", *TINY, "--out", "there/x"), "writing: cannot write plan.json: file too large; make room"),
        (
            ("report", "results", "--exploratory", "--out", "there"),
            "--out: cannot write to there/report.html: file too",
        ),
        (
            ("report", "results", "--explore", "--out", "there/x.html"),
            "--out: cannot write to there/x.html: file too large",
        ),
        (
            ("report", "results", "--crate", "--out", "there/x.zip"),
            "--out: cannot write to there/x.zip: file too large",
        ),
        (("report", "results", "--crate", "--out", "there"), "--out: cannot write to there: file too large"),
        (("report", "results", "--exploratory", "--pdf", "--out", "there"), "--out: cannot write to there"),
        (("reproduce", "results", "--any-code", "--out", "there"), "writing: cannot write plan.json: file too large"),
        (("analyse", "regret", "sweep", "--out", "there"), "--out: cannot write to there: file too large"),
        (("new", "rule", "mine", "--out", "there"), "NAME: cannot write to there/mine.py: file too large"),
    ],
)
def test_a_full_disk_is_one_sentence_and_leaves_nothing(results, arguments, text):
    before = set(results.rglob("*"))
    program = SMALL_FILES if arguments[0] not in ("analyse", "new") else SMALL_FILES.replace("2000", "60")
    code, _, said = call(*arguments, program=(sys.executable, "-c", program), cwd=results)
    assert code == (1 if text.startswith("writing") else 2), said
    assert said.splitlines()[-1].startswith(text)
    assert set(results.rglob("*")) == before


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
def test_a_sweep_that_could_not_begin_says_begin_again(results):
    code, _, said = call(
        "sweep", "question.yaml", "--out", "there", program=(sys.executable, "-c", SMALL_FILES), cwd=results
    )
    assert code == 1
    assert said.splitlines()[-1] == "writing: cannot write plan.json: file too large; make room and begin again"
    assert not (results / "there").exists()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are any bytes on Linux only")
def test_a_name_that_is_no_text_is_one_sentence(tmp_path):
    (tmp_path / os.fsdecode(b"lat\xe9.yaml")).write_text("extends: fast\n")
    code, _, said = call("run", os.fsdecode(b"lat\xe9.yaml"), *TINY, "--out", "x", cwd=tmp_path)
    assert code == 2
    assert len(said.splitlines()) == 2
    assert not (tmp_path / "x").exists()


def test_an_umlaut_in_a_name_is_no_mistake_where_the_system_knows_none(tmp_path):
    (tmp_path / "ü.yaml").write_text(
        "extends: fast\ndemand: {volume: {2025: 0.5}}\nparameters: {search.mobility: 0.4}\n"
    )
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    found = subprocess.run(
        [*COMMAND, "check", "ü.yaml"], env=environment, cwd=tmp_path, capture_output=True, check=False
    )
    assert found.returncode == 0, found.stderr


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return a folder in which a tiny comparison stands under ``results``."""
    folder = tmp_path_factory.mktemp("any-machine")
    code, _, said = call("compare", "current-policy", "fast", "--draws", "2", "--processes", "1", *TINY,
                         "--out", "results", cwd=folder)  # fmt: skip
    assert code == 0, said
    (folder / "question.yaml").write_text(QUESTION)
    code, _, said = call("sweep", "question.yaml", "--out", "sweep", cwd=folder)
    assert code == 0, said
    return folder


QUESTION = """
question: Does the pace matter?
baseline: current-policy
set: {persons_per_agent: 1000, months: 12}
levers: {pace: {key: electrification.pace, values: [1, 1.2]}}
draws: 2
"""
