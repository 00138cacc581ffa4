"""A damaged file of compiled code is removed, said once, and made again; the results are the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import numpy as np
from transitionsim.columns import Column, record_type
from transitionsim.compiling import compiled
from transitionsim.engine import Sweep
from transitionsim.plugins import rules_from_file
from transitionsim.tallies import count_posts
from pathlib import Path
import sys
table = (Column("key", "u8", "", ""), Column("money", "f8", "", ""))
rows = np.zeros(2, record_type(table))
sweep = Sweep(rules_from_file(Path(sys.argv[1])), table, {}, interpret=False)
sweep(rows, {}, 1, 1)
by_profile = np.zeros(3, np.int64)
count_posts(np.ones((4, 3), np.int32), by_profile)
hits = len(sweep._kernel.stats.cache_hits) + len(count_posts.stats.cache_hits)
print(rows["money"].tolist(), by_profile.tolist(), hits)
"""
RULES = """
from transitionsim.rule import rule

@rule(on="things")
def pay(thing, world, luck):
    thing.money = 4.5
"""
ANSWER = "[4.5, 4.5] [4, 4, 4]"


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """Return a folder with rules and a cache in which everything is compiled."""
    folder = tmp_path_factory.mktemp("warm")
    (folder / "rules.py").write_text(RULES)
    once = _runner(folder / "rules.py", folder)
    assert once() == (0, "")
    assert once() == (2, "")
    shutil.copytree(folder / "cache", folder / "whole")
    return folder


@pytest.fixture
def cache(warm):
    """Return the package's folder in the warm cache, whole again and where it was: its place is part of its names."""
    shutil.rmtree(warm / "cache")
    shutil.copytree(warm / "whole", warm / "cache")
    return warm / "cache" / "transitionsim"


@pytest.fixture
def run(warm, cache):
    """Return a program run with the warm cache: it gives the hits of the cache and what is said."""
    return _runner(warm / "rules.py", warm)


def _runner(rules, folder):
    def once():
        environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
        found = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(rules)],
            env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert found.returncode == 0, found.stderr
        answer, _, hits = found.stdout.strip().rpartition(" ")
        assert answer == ANSWER
        return int(hits), found.stderr

    return once


def _cut(paths: list[Path]) -> None:
    for path in paths:
        path.write_bytes(path.read_bytes()[:100])


def _emptied(paths: list[Path]) -> None:
    for path in paths:
        path.write_bytes(b"")


def _foreign(paths: list[Path]) -> None:
    for path in paths:
        path.write_bytes(b"not machine code at all, and long enough to be taken for it" * 9)


def _one_bit(paths: list[Path]) -> None:
    for path in paths:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)


def _a_folder(paths: list[Path]) -> None:
    for path in paths:
        path.unlink()
        path.mkdir()


def _swapped(paths: list[Path]) -> None:
    contents = [path.read_bytes() for path in paths]
    for path, content in zip(paths, [*contents[1:], contents[0]], strict=True):
        path.write_bytes(content)


@pytest.mark.parametrize("kind", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", [_cut, _emptied, _foreign, _one_bit, _a_folder, _swapped])
def test_a_damaged_cache_heals(run, cache, damage, kind):
    paths = sorted(cache.rglob(f"*.{kind}"))
    assert len(paths) == 2
    damage(paths)
    assert run() == (0, f"{cache}: damaged files of compiled code are removed and made again\n")
    assert run() == (2, "")


@pytest.mark.parametrize("damage", [_cut, _emptied, _foreign, _a_folder])
def test_generated_code_heals(run, cache, damage):
    (module,) = (cache / "kernels").glob("*.py")
    damage([module])
    assert run() == (2, f"{cache}: damaged files of compiled code are removed and made again\n")
    assert run() == (2, "")
    assert {path.suffix for path in (cache / "kernels").iterdir() if path.is_file()} == {".py"}


def test_a_file_in_place_of_a_folder_is_removed(run, cache):
    shutil.rmtree(cache / "kernels")
    (cache / "kernels").write_text("not a folder")
    assert run() == (2, f"{cache}: damaged files of compiled code are removed and made again\n")
    assert run() == (2, "")


def test_code_of_another_state_of_the_source_is_not_run(tmp_path):
    (tmp_path / "rules.py").write_text(RULES)
    run = _runner(tmp_path / "rules.py", tmp_path)
    run()
    folder = tmp_path / "cache" / "transitionsim"
    (old,) = folder.rglob("*sweep*.nbc")
    kept = old.read_bytes()
    (tmp_path / "rules.py").write_text(RULES.replace("4.5", "9.5"))
    with pytest.raises(AssertionError, match=r"9\.5"):
        run()
    (new,) = [path for path in folder.rglob("*sweep*.nbc") if path != old]
    new.write_bytes(kept)
    with pytest.raises(AssertionError, match=r"9\.5"):
        run()
