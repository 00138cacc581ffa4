"""Removing a policy removes nothing else: the package without its module lives the same months, byte for byte.

Only the columns that the policy declares for itself are gone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from transitionsim.model import TransitionModel
from transitionsim.policies import kinds

ROOT = Path(__file__).resolve().parents[2]
KINDS = tuple(kinds())
HIDE = """
import importlib.abc, pkgutil, sys

class Removed(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Removed())
found = pkgutil.iter_modules
pkgutil.iter_modules = lambda *args: (one for one in found(*args) if one.name != {last!r})
"""
LIVE = """
from transitionsim.model import TransitionModel
from transitionsim.policies import kinds
from transitionsim.scenario import load_scenario
from transitionsim.scenario.names import shipped_folder

assert {kind!r} not in kinds()
left = [path for path in shipped_folder().glob("*.yaml") if path.stem not in {gone!r}]
assert len(left) >= 4
for path in left:
    load_scenario(path)
values = {{"region": {region!r}, "persons_per_agent": 1, "months": 6}}
model = TransitionModel(load_scenario("current-policy").with_values(values), rng=1).run()
print(digest(model, {own!r}))
"""
DIGEST = '''
import hashlib

def digest(model, left_out):
    """Return a digest of all columns by name, but for some of one policy."""
    content = hashlib.sha256()
    for rows in (model.workers.rows, model.employers.rows):
        for name in sorted(set(rows.dtype.names) - set(left_out)):
            content.update(name.encode() + rows[name].tobytes())
    return content.hexdigest()
'''
REGION = str(ROOT / "tests" / "small-region.yaml")


def module_of(kind: str) -> str:
    """Return the module that holds a policy."""
    return kinds()[kind].__module__


def scenarios_of(kind: str, folder: Path) -> list[str]:
    """Return the scenarios that name a kind of policy, and those that extend one of them."""
    files = {path.name: YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")) for path in
             sorted(folder.glob("*.yaml"))}  # fmt: skip
    gone = {name for name, said in files.items() if any(one.get("kind") == kind for one in said.get("policies", ()))}
    for _ in files:
        gone |= {name for name, said in files.items() if said.get("extends") in gone}
    return sorted(name.removesuffix(".yaml") for name in gone)


def own_columns(kind: str) -> list[str]:
    """Return the names of the columns that a policy alone keeps."""
    return [column.name for table in kinds()[kind].columns.values() for column in table]


def digest_without(kind: str, source: Path, before: str = "") -> str:
    """Return the digest of six months that a fresh process lives on the package in a folder."""
    values = {"kind": kind, "gone": scenarios_of(kind, ROOT / "scenarios"), "region": REGION, "own": own_columns(kind)}
    code = before + DIGEST + LIVE.format(**values)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def whole(small: Any) -> Any:
    """Return a function that gives the digest of the same months with every policy there, without some columns."""
    model = TransitionModel(small("current-policy", months=6), rng=1).run()
    names: dict[str, Any] = {}
    exec(DIGEST, names)
    return lambda left_out: names["digest"](model, left_out)


@pytest.mark.parametrize("kind", KINDS)
def test_the_month_goes_on_without_a_policys_module(kind: str, whole: Any) -> None:
    """The module cannot be found; everything that does not name the policy stays as it is."""
    module = module_of(kind)
    hidden = HIDE.format(module=module, last=module.rsplit(".", 1)[1])
    assert digest_without(kind, ROOT / "src", hidden) == whole(own_columns(kind))


@pytest.mark.soak
def test_the_month_goes_on_with_a_policys_files_deleted(tmp_path: Path, whole: Any) -> None:
    """The same with the files gone from a copy of package and scenarios, one policy after the other."""
    package, scenarios = tmp_path / "src" / "transitionsim", tmp_path / "scenarios"
    shutil.copytree(ROOT / "src" / "transitionsim", package, ignore=shutil.ignore_patterns("__pycache__"))
    for kind in KINDS:
        shutil.copytree(ROOT / "scenarios", scenarios)
        for name in scenarios_of(kind, scenarios):
            (scenarios / f"{name}.yaml").unlink()
        module = package / "policies" / f"{module_of(kind).rsplit('.', 1)[1]}.py"
        text = module.read_text(encoding="utf-8")
        module.unlink()
        assert digest_without(kind, tmp_path / "src") == whole(own_columns(kind))
        module.write_text(text, encoding="utf-8")
        shutil.rmtree(scenarios)


def test_every_scenario_with_a_policy_is_known_to_hang_on_it() -> None:
    """What is deleted with a policy is what its kind names, through parents too."""
    found = scenarios_of("reskilling", ROOT / "scenarios")
    assert {"reskilling", "reskilling-and-sme-support"} <= set(found)
    assert "current-policy" not in found
