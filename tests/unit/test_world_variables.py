"""The world is declared: a run has exactly these names, each of its type, moved by its writer and by nobody else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from transitionsim.columns import AWAY, GROUP_NAMES, SKILLS
from transitionsim.errors import InputError
from transitionsim.living import LivedMonth
from transitionsim.model import TransitionModel, state_of
from transitionsim.month import MONTH, Step, name_of
from transitionsim.policies import populations
from transitionsim.reading import read
from transitionsim.regions import base_register
from transitionsim.regions.start import PROGRAMMES
from transitionsim.rule import Rule, rule
from transitionsim.scenario.schema import Mechanisms
from transitionsim.usage import PACKAGE, WORLD, place_of, usage_of
from transitionsim.world_variables import ALL_STEPS, RECORDS, START, SWITCH, blank_world
from transitionsim.world_variables import WORLD as DECLARED

STEPS: dict[str, Step] = {name_of(step): step for heading in MONTH for step in heading.steps}
BY_NAME = {one.name: one for one in DECLARED}
NUMBERS = {"f8": float, "i8": int, "?": bool}
BEGINNING = ("regions/start.py", "regions/newcomers.py", "entering.py")
"""Files that write the world before the first month."""


@pytest.fixture
def model(small):
    return TransitionModel(small("reskilling-and-sme-support"), rng=1)


def test_the_world_of_a_run_has_the_declared_names(model):
    assert len(BY_NAME) == len(DECLARED)
    assert state_of(model).world.keys() == BY_NAME.keys()


def test_each_is_of_its_type_and_its_shape(model):
    world = state_of(model).world
    sizes = {
        "profiles": world["profiles"],
        "pairs": world["profiles"] ** 2,
        "skills": len(SKILLS),
        "programmes": PROGRAMMES,
        "component groups": len(GROUP_NAMES),
        "statuses": AWAY + 1,
        "pace classes": world["pace_count"],
        "kinds of employer": 2,
        "employers": len(model.employers),
    }
    for one in DECLARED:
        value = world[one.name]
        if not one.shape:
            assert isinstance(value, NUMBERS[one.dtype]), one.name
            assert one.dtype == "?" or not isinstance(value, bool), one.name
            continue
        assert value.shape == tuple(sizes[dimension] for dimension in one.shape), one.name
        assert one.dtype == RECORDS or value.dtype == np.dtype(one.dtype), one.name
        assert value.dtype == one.blank(sizes).dtype, one.name


def test_each_has_a_unit_a_meaning_and_a_writer_that_there_is():
    register = base_register()
    for one in DECLARED:
        explained = one.explained(register)
        assert explained.meaning, one.name
        assert explained.unit or one.dtype == "?", one.name
        assert one.writer in {START, SWITCH, ALL_STEPS, *STEPS}, one.name
        assert not one.parameter or one.parameter in register, one.name
        assert one.writer != SWITCH or one.name in Mechanisms.model_fields, one.name
        assert one.written_by in {one.parameter, f"mechanisms.{one.name}", one.writer}
    assert BY_NAME["incumbent_age"].explained(register).unit == "months"
    assert BY_NAME["mobility"].explained(register).meaning.startswith("weight of a vacancy outside the own job profile")


def test_what_a_step_writes_in_its_source_is_declared_to_be_its_own():
    written = {
        (one.name, name)
        for name, step in STEPS.items()
        for one in usage_of(step, populations()).written
        if one.owner == WORLD
    }
    assert written == {(one.name, one.writer) for one in DECLARED if one.writer in STEPS}


def test_nothing_else_in_the_package_writes_the_world():
    """Whoever assigns to a name of the world is the start, or the step that the table names, or a function it calls."""
    own = {
        name: {(place_of(each).split(":")[0], each.__name__) for each in usage_of(step, populations()).calls}
        | {(place_of(step).split(":")[0], name)}
        for name, step in STEPS.items()
    }
    found = set()
    for file, function, name in _writes():
        if file.startswith(BEGINNING) or (file.startswith("policies/") and function == "begin"):
            continue
        assert name in BY_NAME, f"{file}: {function} writes world[{name!r}]"
        assert (file, function) in own.get(BY_NAME[name].writer, ()), f"{file}: {function} writes {name}"
        found.add(name)
    assert {"month", "seats_open", "grant_offered"} <= found


def _writes() -> Iterator[tuple[str, str, Any]]:
    """Yield (file, function, name) of every assignment to an entry of the world in the package; name may be None."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
                        owner = node.value
                        if "world" in (getattr(owner, "attr", ""), getattr(owner, "id", "")):
                            name = node.slice.value if isinstance(node.slice, ast.Constant) else None
                            yield path.relative_to(PACKAGE).as_posix(), function.name, name


def test_nothing_moves_in_a_run_but_by_its_writer(model):
    """Not even in place: a table that a kernel is handed is compared before and after."""
    state, month = state_of(model), LivedMonth((), None)
    moved = set()
    for _ in range(13):
        for step in month.passes(state):
            before = {name: np.copy(value) for name, value in state.world.items() if name != "employers"}
            step(state)
            changed = {name for name, value in before.items() if not np.array_equal(value, state.world[name])}
            assert all(BY_NAME[name].writer == step.__name__ for name in changed), (step, changed)
            moved |= changed
        state.month += 1
    assert {"month", "pull", "pair_within_reach", "lacking", "entrant_profiles", "unemployment_gap"} <= moved


@pytest.mark.parametrize("name", [name for name, step in STEPS.items() if isinstance(step, Rule)])
def test_no_rule_reads_a_name_that_is_not_declared(name):
    one = STEPS[name]
    assert read(one, populations()[one.on], blank_world({})) == []


def test_every_name_is_used_and_every_name_that_is_used_is_declared():
    used = {name for step in STEPS.values() for name in usage_of(step, populations()).of(WORLD)}
    used |= {column.within for table in populations().values() for column in table if column.within}
    assert used == BY_NAME.keys()


def test_a_name_that_is_not_there_is_answered_with_the_nearest():
    @rule(on="workers", after="look_for_work")
    def mislead(worker, world, luck):
        if world.unemploymnt_gap > 0.0 and not world.drop_ot[0]:
            worker.applications = 0

    found = read(mislead, populations()["workers"], blank_world({}))
    assert [mistake.text for mistake in found] == [
        "rule mislead: the world has no 'drop_ot'; did you mean 'drop_out'?",
        "rule mislead: the world has no 'unemploymnt_gap'; did you mean 'unemployment_gap'?",
    ]


@pytest.mark.parametrize("name", ["mobility", "people"])
def test_a_rule_cannot_need_a_parameter_by_a_name_of_the_world(small, name):
    need = {"value": 1.0, "unit": "share", "range": (0, 1), "source": "assumption", "grade": "D"}

    @rule(on="workers", after="look_for_work", needs={name: need})
    def take_over(worker, world, luck):
        """Do nothing."""

    with pytest.raises(InputError, match=f"the world has a '{name}' already; choose another name"):
        TransitionModel(small(), rng=1, rules=[take_over])
