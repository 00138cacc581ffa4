"""Kernels on disk: a new one for every edit, a private folder, one text for two processes."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from transitionsim import cache, draws, engine
from transitionsim.columns import Column, record_type
from transitionsim.engine import Sweep
from transitionsim.plugins import rules_from_file
from transitionsim.rule import rule

TABLE = (Column("key", "u8", "", ""), Column("money", "f8", "", ""))


@pytest.fixture(autouse=True)
def _folder_of_the_test(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def things(count):
    rows = np.zeros(count, record_type(TABLE))
    rows["key"] = draws.agent_keys("ES22", "things", count)
    return rows


def run(rules, rows):
    Sweep(rules, TABLE, {}, interpret=False)(rows, {}, 11, 0)
    return rows


FILE = """
from transitionsim.rule import rule

RATE = {rate}

@rule(on="things", after="floats")
def pay(thing, world, luck):
    thing.money = RATE
"""


def test_an_edited_file_gives_a_new_kernel(tmp_path):
    file = tmp_path / "my_rules.py"
    for rate in (2.5, 3.5):
        file.write_text(FILE.format(rate=rate))
        assert run(rules_from_file(file), things(3))["money"].tolist() == [rate] * 3


def test_a_constant_computed_at_import_gives_a_new_kernel(monkeypatch):
    for value in (1.0, 2.0):
        monkeypatch.setitem(globals(), "COMPUTED", value)
        assert run([computed], things(2))["money"].tolist() == [value] * 2


COMPUTED = 0.0


@rule(on="things")
def computed(thing, world, luck):
    thing.money = COMPUTED


def test_compiling_is_announced_once_and_kept_on_disk(tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(engine, "on_compile", said.append)
    file = tmp_path / "my_rules.py"
    file.write_text(FILE.format(rate=7.5))
    rules = rules_from_file(file)
    run(rules, things(2))
    assert said == [engine.COMPILING]
    run(rules, things(2))
    assert len(said) == 1
    kernels = tmp_path / "transitionsim" / "kernels"
    assert (kernels.stat().st_mode & 0o777) == 0o700
    name = next(kernels.glob("*.py")).stem
    del sys.modules[name]
    run(rules, things(2))
    assert len(said) == 1
    assert sys.modules[name].sweep.stats.cache_hits


def test_a_folder_of_ours_that_others_can_enter_is_closed(tmp_path):
    (tmp_path / "transitionsim").mkdir(mode=0o755)
    assert cache.folder() == tmp_path / "transitionsim" / "kernels"
    assert ((tmp_path / "transitionsim").stat().st_mode & 0o777) == 0o700


def test_a_folder_that_is_not_ours_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 123_456)
    assert tmp_path not in cache.folder().parents


def test_a_link_in_place_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "transitionsim").symlink_to(tmp_path / "elsewhere")
    assert tmp_path not in cache.folder().parents


@pytest.mark.parametrize("blocked", ["", "transitionsim"])
def test_without_a_folder_the_kernel_goes_to_a_temporary_one(tmp_path, monkeypatch, blocked):
    (tmp_path / "cache" / blocked).parent.mkdir(exist_ok=True)
    (tmp_path / "cache" / blocked).write_text("a file")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = cache.folder()
    assert folder.is_dir()
    assert tmp_path not in folder.parents
    assert (folder.stat().st_mode & 0o777) == 0o700


def test_a_full_disk_sends_the_kernel_to_a_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "folder", lambda: tmp_path / "nowhere")
    file = tmp_path / "my_rules.py"
    file.write_text(FILE.format(rate=9.25))
    assert run(rules_from_file(file), things(2))["money"].tolist() == [9.25] * 2


TWIN = """
import numpy as np
from transitionsim.columns import Column, record_type
from transitionsim.engine import Sweep
from transitionsim.plugins import rules_from_file
from pathlib import Path
import sys
table = (Column("key", "u8", "", ""), Column("money", "f8", "", ""))
rows = np.zeros(2, record_type(table))
rules = rules_from_file(Path(sys.argv[1]))
print("ready", flush=True)
input()
Sweep(rules, table, {})(rows, {}, 1, 1)
print(rows["money"].tolist())
"""


def test_two_processes_may_build_the_same_kernel_at_once(tmp_path):
    file = tmp_path / "my_rules.py"
    file.write_text(FILE.format(rate=4.5))
    twins = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(TWIN), str(file)],
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for twin in twins:
        assert twin.stdout.readline() == "ready\n"
    for twin in twins:
        twin.stdin.write("go\n")
        twin.stdin.flush()
    results = [twin.communicate(timeout=60) for twin in twins]
    assert [out for out, _ in results] == ["[4.5, 4.5]\n"] * 2, results
    assert len(list((tmp_path / "transitionsim" / "kernels").glob("*.py"))) == 1
