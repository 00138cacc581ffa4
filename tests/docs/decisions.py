"""Who decides what in a month: a row for each step and each kind of policy, read off the code and the register.

What a step reads is found in its own text: columns and readings of a rule, keys of the register and readings of a
market, and those of the functions of the package it calls. Grades and sources are those of the register.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any, Final

from transitionsim.evidence import Parameter, Sourced
from transitionsim.month import MONTH, OF_POLICIES, Step, meaning_of, name_of
from transitionsim.policies import kinds, populations
from transitionsim.regions import base_register
from transitionsim.regions.readings import READINGS
from transitionsim.rule import Rule

DECIDES: Final = {
    "open_budgets": "the public purse",
    "follow_the_road": "the scenario",
    "shift_orders": "customers, by chance",
    "pass_orders_down": "vehicle plants and their suppliers",
    "staff_other_trades": "other employers",
    "count_staff": "nobody: an account",
    "redeploy_staff": "each firm",
    "pay_short_time": "the public purse",
    "offer_early_exits": "firms, then volunteers",
    "give_notice": "each firm, by the law's criteria",
    "open_seats": "the training agency",
    "allocate_seats": "the training agency",
    "post_vacancies": "each firm",
    "match_jobs": "firms among the suitable, people among offers",
    "feel_the_slack": "nobody: an account",
    "count_moves": "nobody: an account",
    "respond_locally": "other employers",
    "count_people": "nobody: an account",
    "pay_for_courses": "the public purse",
    "close_budgets": "the public purse",
    "follow_earnings": "nobody: an account",
    "record": "nobody: an account",
    "audit": "nobody: an account",
}
"""Who decides in a step that is no rule of one agent; of a rule it is the agent, of a policy's step the policy."""
LAWS: Final = "by construction"
"""The grade of a step that reads no parameter."""
FITTED: Final = "of its tables"
"""The grade of a step that reads only what the start or another step wrote into the world."""
PACKAGE: Final = "transitionsim."
FAR: Final = ("transitionsim.world", "transitionsim.evidence", "transitionsim.audit", "transitionsim.recorder")
"""Modules that hold or check everything: what they read says nothing about one step."""


def decisions() -> list[tuple[str, str, str, str, str, str]]:
    """Return the rows: step, who decides, what it reads, the rule in words, grades, sources."""
    rows = []
    for heading in MONTH:
        for step in heading.steps:
            who = who_decides(step)
            keys = keys_read(step)
            tables = tables_read(step)
            reads = [*columns_read(step), *(f"`{key}`" for key in keys), *(f"world's `{name}`" for name in tables)]
            used = [base_register()[key] for key in keys]
            graded = grades(used) if used or not tables else FITTED
            row = (f"`{name_of(step)}`", who, ", ".join(reads) or "-", meaning_of(step), graded, sources(used))
            rows.append(row)
    for kind, policy in sorted(kinds().items()):
        own = [field.default for field in policy.model_fields.values() if isinstance(field.default, Sourced)]
        levers = ", ".join(f"`{name}`" for name in policy.model_fields if name not in ("kind", "id", "off"))
        words = (policy.__doc__ or "").strip().splitlines()[0]
        rows.append((f"policy `{kind}`", "the scenario", levers, words, grades(own) or LAWS, sources(own)))
    return rows


def who_decides(step: Step) -> str:
    """Return who decides in a step, in words."""
    if isinstance(step, Rule):
        return f"each of the {step.on}"
    return f"policy `{OF_POLICIES[step]}`" if step in OF_POLICIES else DECIDES[name_of(step)]


def grades(used: list[Any]) -> str:
    """Return how many parameters have which grade, best first: ``B 1, D 4``."""
    counted = [one.grade or "lever" for one in used]
    return ", ".join(f"{grade} {counted.count(grade)}" for grade in sorted(set(counted))) or LAWS


def sources(used: list[Any]) -> str:
    """Return the sources that are more than assumptions, and how many parameters rest on an assumption."""
    named = dict.fromkeys(one.source for one in used if one.grade in ("A", "B", "C"))
    assumed = sum(one.grade == "D" for one in used)
    parts = [*named, *([f"assumptions: {assumed} of {len(used)}"] if assumed else [])]
    return "; ".join(parts) or "-"


def columns_read(step: Step) -> list[str]:
    """Return the columns of its own agent that a rule names, as words in code quotes."""
    if not isinstance(step, Rule):
        return []
    own = {column.name for column in populations()[step.on]}
    agent = next(iter(inspect.signature(step.body).parameters))
    found = [name for tree in _trees(step.body) for name in _attributes(tree, (agent,))]
    return [f"`{name}`" for name in dict.fromkeys(found) if name in own]


def keys_read(step: Step) -> list[str]:
    """Return the keys of the register that a step reads, itself or through what it calls in the package."""
    body = step.body if isinstance(step, Rule) else step
    register = base_register()
    found: dict[str, None] = {}
    for tree in _trees(body):
        for name in _attributes(tree, ("world",)):
            found |= {READINGS[name][0]: None} if name in READINGS else {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                key = READINGS[node.value][0] if node.value in READINGS else node.value
                found |= {key: None} if key in register else {}
    return list(found)


def tables_read(step: Step) -> list[str]:
    """Return what a rule reads of the world that is no parameter: tables fitted at the start, the month's accounts."""
    if not isinstance(step, Rule):
        return []
    names = [name for tree in _trees(step.body) for name in _attributes(tree, ("world",))]
    return [name for name in dict.fromkeys(names) if name not in READINGS and name != "month"]


def _attributes(tree: ast.AST, owners: tuple[str, ...]) -> Iterator[str]:
    """Yield the attributes that are read of some names, not those only written."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        if isinstance(node.value, ast.Name) and node.value.id in owners:
            yield node.attr


def _trees(body: Callable[..., Any]) -> Iterator[ast.AST]:
    """Yield the syntax trees of a function and of all functions of the package it calls."""
    todo, seen = [body], set()
    while todo:
        function = _plain(todo.pop(0))
        if function is None or function in seen or function.__module__ in FAR:
            continue
        seen.add(function)
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        yield tree
        names = function.__globals__
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                todo += _called(node.func, names)


def _called(node: ast.expr, names: dict[str, Any]) -> list[Any]:
    """Return the function that a call names, if it is found by its name or as part of a module."""
    if isinstance(node, ast.Name) and node.id in names:
        return [names[node.id]]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        module = names.get(node.value.id)
        return [getattr(module, node.attr, None)] if isinstance(module, ModuleType) else []
    return []


def _plain(found: Any) -> FunctionType | None:
    """Return the plain function behind a compiled one, if it belongs to the package."""
    plain = getattr(found, "py_func", found)
    inside = isinstance(plain, FunctionType) and plain.__module__.startswith(PACKAGE)
    return plain if inside else None


def unused_in_the_month() -> list[Parameter]:
    """Return the parameters that no step of the month names: they are read at the start or on the road."""
    named = {key for heading in MONTH for step in heading.steps for key in keys_read(step)}
    return [one for one in base_register().values() if one.key not in named]
