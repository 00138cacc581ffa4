"""The command line on another machine: other encodings, no user numbers, closed streams, a full disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
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
    from transitionsim.cli.streams import _plain

    assert "".join(map(_plain, "\u2212900\u2026100 \u2264 \u0141\u00f3d\u017a")) == "-900...100 <= Lodz"


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


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell with pipefail")
@pytest.mark.parametrize("command", ["parameters", "list --json", "run fast --set persons_per_agent=1000 --out x"])
def test_a_reader_who_leaves_is_no_failure(command, tmp_path):
    line = f"set -o pipefail; {sys.executable} -m transitionsim {command} | head -1"
    found = subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)
    assert found.returncode == 0, found.stderr
    assert "rror" not in found.stderr


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
        (("run", "fast", *TINY, "--out", "there/x"), "--out: cannot write to there/x: file too large"),
        (
            ("report", "results", "--exploratory", "--out", "there"),
            "--out: cannot write to there/report.html: file too",
        ),
        (("explore", "results", "--out", "there/x.html"), "--out: cannot write to there/x.html: file too large"),
    ],
)
def test_a_full_disk_is_one_sentence_and_leaves_nothing(results, arguments, text):
    before = set(results.rglob("*"))
    code, _, said = call(*arguments, program=(sys.executable, "-c", SMALL_FILES), cwd=results)
    assert code == 2
    assert said.splitlines()[-1].startswith(text)
    assert {path for path in results.rglob("*") if path.is_file()} == {path for path in before if path.is_file()}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return a folder in which a tiny comparison stands under ``results``."""
    folder = tmp_path_factory.mktemp("any-machine")
    code, _, said = call("compare", "current-policy", "fast", "--draws", "2", "--processes", "1", *TINY,
                         "--out", "results", cwd=folder)  # fmt: skip
    assert code == 0, said
    return folder
