"""Who writes what: a part of the state is written by the files that ``writers.WRITERS`` names, and by no other.

Looked for in two ways: in the text, where a file sets a field of a part, and in a run, where a step leaves a field
otherwise than it found it, whatever kernel it called.
"""

from __future__ import annotations

import ast
import hashlib
import pickle
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from transitionsim import world
from transitionsim.careers import Careers
from transitionsim.entering import burnt_in, enter
from transitionsim.living import LivedMonth
from transitionsim.policies import kinds, policy_from
from transitionsim.road import flat_road
from transitionsim.scenario import Scenario
from transitionsim.world import State
from transitionsim.writers import START, WRITERS

SOURCE = Path(__file__).resolve().parents[2] / "src" / "transitionsim"
PARTS = {one.name for one in fields(State)}
EUROS = {"value": 50_000_000, "unit": "EUR/year", "source": "scenario lever"}
OF_POLICY = {one.__module__.removeprefix("transitionsim."): one for one in kinds().values()}
BEGINS = ("public.policies", "public.instruments", "world")
POLICIES: tuple[dict[str, Any], ...] = (
    {"kind": "reskilling", "starts": "before-notice", "cost_per_seat": {**EUROS, "value": 4000, "unit": "EUR"}},
    {"kind": "sme-support"},
    {"kind": "early-retirement"},
    {"kind": "short-time-work", "budget": {**EUROS, "value": 12}},
    {"kind": "wage-insurance"},
    {
        "kind": "mobility-grant",
        "grant": {**EUROS, "value": 3000, "unit": "EUR"},
        "factor": {**EUROS, "value": 10, "unit": "ratio"},
    },
)


def test_a_state_has_few_parts_and_every_field_its_writers() -> None:
    assert len(PARTS) <= 14
    assert set(WRITERS) == set(_fields())


def test_files_set_only_fields_that_are_theirs() -> None:
    wrong = sorted(f"{file} sets {name}" for file, name in set_in_text() if not (file in START or may(file, name)))
    assert not wrong, "\n".join(wrong)


def test_steps_change_only_fields_of_their_files(changed: set[tuple[str, str]]) -> None:
    wrong = sorted(f"{file} changes {name}" for file, name in changed if not may(file, name))
    assert not wrong, "\n".join(wrong)


def test_nobody_is_named_who_writes_nothing(changed: set[tuple[str, str]]) -> None:
    named = {(file, name) for name, files in WRITERS.items() for file in files}
    named |= {(file, name) for file, policy in OF_POLICY.items() for name in policy.writes}
    idle = sorted(f"{file}: {name}" for file, name in named - changed - set_in_text())
    assert not idle, "\n".join(idle)


def may(file: str, name: str) -> bool:
    """Return whether a file may write a field; a policy writes its own account, and the world when it begins."""
    own = (*OF_POLICY[file].writes, *BEGINS) if file in OF_POLICY else ()
    return file in WRITERS[name] or name in own


def _fields() -> Iterator[str]:
    """Yield what WRITERS names: the fields of parts that have some, and the other parts whole."""
    for part in fields(State):
        kind = getattr(world, str(part.type), None)
        if is_dataclass(kind) and kind is not world.Settings:
            yield from (f"{part.name}.{one.name}" for one in fields(kind))
        else:
            yield part.name


def set_in_text() -> set[tuple[str, str]]:
    """Return the files and the fields that they set by name."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        file = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                found |= {(file, name) for name in _set_in(function)}
    return found


def _set_in(function: ast.FunctionDef) -> Iterator[str]:
    known: dict[str, tuple[str, ...]] = {"state": (), "now": ()}
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            value = getattr(node, "value", None)
            pairs = [(target, value)]
            if isinstance(target, ast.Tuple):
                values = value.elts if isinstance(value, ast.Tuple) else [None] * len(target.elts)
                pairs = list(zip(target.elts, values, strict=True))
            for one, given in pairs:
                if isinstance(one, ast.Name):
                    path = _path(given, known)
                    if path is not None:
                        known[one.id] = path
                    continue
                path = _path(one, known)
                if path and path[0] in PARTS:
                    whole = ".".join(path[:2])
                    yield whole if whole in WRITERS else path[0]


def _path(node: ast.AST | None, known: dict[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return the names behind a state that an expression leads through, or None for anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name) and node.id in known:
        return (*known[node.id], *reversed(names))
    return None


@pytest.fixture(scope="module")
def changed(small: Any) -> set[tuple[str, str]]:
    """Return the files of steps and the fields they change in a run in which everything happens."""
    scenario = small("fast", months=30, electrification__pace=3.0, short_time__most_months=1)
    dates = {"from": "2025-01", "to": "2030-12", "budget": EUROS}
    chosen = tuple(policy_from({**dates, **one}) for one in POLICIES)
    return _changed_in(scenario.model_copy(update={"policies": chosen}))


def _changed_in(scenario: Scenario) -> set[tuple[str, str]]:
    register, seed = scenario.register(), 3
    state = burnt_in(scenario, register, seed, flat_road(scenario, register, scenario.load_region().plant_names))
    state = enter(state, scenario, shared=False)
    state.record.careers = Careers.empty(len(state.workers), scenario.months, state.scale)
    state.counts.came_back = 1  # nobody does in this run: that the count begins anew is seen all the same
    found = set()
    month = LivedMonth((), False)
    before = dict(_digests(state))
    while state.month < scenario.months:
        for step in month.passes(state):
            step(state)
            after = dict(_digests(state))
            file = step.__module__.removeprefix("transitionsim.")
            found |= {(file, name) for name, digest in after.items() if digest != before[name]}
            before = after
        state.month += 1
        before["month"] = dict(_digests(state))["month"]
    return found


def _digests(state: State) -> Iterator[tuple[str, str]]:
    for name in WRITERS:
        part, _, field = name.partition(".")
        value = getattr(state, part)
        value = getattr(value, field) if field else value
        if name == "settings":
            value = replace(value, looked_up={})
        elif name == "world":
            value = {key: one for key, one in value.items() if key != "employers"}
        content = value.tobytes() if hasattr(value, "tobytes") else pickle.dumps(value)
        yield name, hashlib.blake2b(content, digest_size=8).hexdigest()
