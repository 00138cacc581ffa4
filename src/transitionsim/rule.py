"""Rules: plain functions of one agent, with the place, the luck and the columns they need.

A rule reads its own agent and the world, draws luck by name and writes its own agent, nothing else::

    @rule(on="workers", draws=("early_exit",))
    def retire(worker, world, luck):
        \"\"\"A worker retires at the pension age, or earlier with the hazard of the age band.\"\"\"
        if worker.status == RETIRED:
            return
        if worker.age_months >= world.pension_age_months or luck.early_exit <
        world.early_exit[worker.age_band]:
            worker.status = RETIRED

The name of a draw is its purpose (see :mod:`transitionsim.draws`): renaming the function moves nobody's luck,
renaming the draw does. A student's rule says where it stands (``after="quits"`` or ``replaces="retire"``),
which columns it adds (``adds={"ties": "i2"}``) and which sourced parameters it needs::

    needs={"tie_strength": {"value": 0.1, "unit": "share", "range": (0, 1), "source": "assumption", "grade":
    "D"}}

which it then reads as ``world.tie_strength``.
"""

from __future__ import annotations

import inspect
import keyword
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any, Final, TypeAlias

from transitionsim.columns import ALLOWED_TYPES, Column, columns_of
from transitionsim.errors import InputError, Mistake, nearest

Body: TypeAlias = Callable[[Any, Any, Any], None]

KEY: Final = "key"
"""The column that holds the address of an agent's luck; no rule reads it."""
ADDED_TYPES: Final = tuple(dtype for dtype in ALLOWED_TYPES if dtype != "u8")
"""Record types of a column that a rule may add; ``u8`` is kept for keys."""
GRADES: Final = ("A", "B", "C", "D")
_NEED_KEYS: Final = ("value", "unit", "range", "source", "grade")


@dataclass(frozen=True, slots=True)
class Need:
    """A sourced parameter that a rule requires: value, unit, range (low, high), source, grade A to D."""

    value: float
    unit: str
    range: tuple[float, float]
    source: str
    grade: str


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule: its function and everything the model must know to place, feed and check it.

    ``on`` is the population whose rows it sees, ``file`` and ``line`` say where it is written, ``meaning`` is
    the first line of its docstring. Calling the rule calls its function, which is how one rule is tried
    alone.
    """

    name: str
    on: str
    body: Body
    draws: tuple[str, ...]
    adds: Mapping[str, str]
    needs: Mapping[str, Need]
    file: str
    line: int
    after: str | None
    replaces: str | None
    meaning: str

    def __call__(self, agent: Any, world: Any, luck: Any) -> None:
        """Apply the rule to one agent."""
        self.body(agent, world, luck)

    def mistake(self, text: str, line: int | None = None) -> Mistake:
        """Return a mistake in this rule, at ``line`` or where the rule begins."""
        return Mistake(self.file, self.line if line is None else line, f"rule {self.name}: {text}")


def rule(
    *,
    on: str,
    draws: Sequence[str] = (),
    adds: Mapping[str, str] | None = None,
    needs: Mapping[str, Mapping[str, Any]] | None = None,
    after: str | None = None,
    replaces: str | None = None,
) -> Callable[[Body], Rule]:
    """Make a rule of a plain function of (agent, world, luck).

    ``on`` names the population; ``draws`` the luck it needs, one name for each decision; ``adds`` new columns
    with their record types; ``needs`` sourced parameters; ``after`` or ``replaces`` another rule's name, its
    place in the month. Raises :class:`InputError` with file and line for every mistake in this declaration.
    """

    def made(body: Body) -> Rule:
        if not isinstance(body, FunctionType):
            raise InputError.one(
                "rule", f"found {type(body).__name__}, a plain function of (agent, world, luck) is needed"
            )
        place = Rule(
            name=body.__name__,
            on=on,
            body=body,
            draws=() if isinstance(draws, str) else tuple(draws),
            adds=dict(adds or {}),
            needs={name: _need(given) for name, given in (needs or {}).items()},
            file=as_typed(body.__code__.co_filename),
            line=body.__code__.co_firstlineno,
            after=after,
            replaces=replaces,
            meaning=(inspect.getdoc(body) or "").partition("\n")[0],
        )
        texts = _body_mistakes(body)
        if isinstance(draws, str):
            texts.append(f"draws is the text '{draws}'; a tuple of names is needed, such as draws=('{draws}',)")
        texts += _declaration_mistakes(place)
        for name, given in (needs or {}).items():
            texts += _need_mistakes(name, given)
        if texts:
            raise InputError([place.mistake(text) for text in texts])
        return place

    return made


def as_typed(file: str) -> str:
    """Return a file's name as the user would type it: relative to the current folder where it lies inside."""
    path = Path(file)
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else file


def _body_mistakes(body: FunctionType) -> list[str]:
    """Say what keeps a function from being the body of a rule."""
    code = body.__code__
    plain = "the body must be a plain function of (agent, world, luck)"
    if body.__name__ == "<lambda>":
        return [f"{plain}, found a lambda"]
    if code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        return [f"{plain}, found a generator or coroutine"]
    extra = code.co_kwonlyargcount or body.__defaults__ or code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS)
    if code.co_argcount != 3 or extra:
        return [f"{plain}, found parameters {inspect.signature(body)}"]
    if code.co_freevars:
        names = ", ".join(f"'{name}'" for name in code.co_freevars)
        return [f"the body uses {names} of an enclosing function; put it at the top of the file or into `needs`"]
    return []


def _declaration_mistakes(made: Rule) -> list[str]:
    texts = []
    for kind, names in (("draw", made.draws), ("column", made.adds), ("parameter", made.needs)):
        texts += [f"'{name}' is no name for a {kind}" for name in names if not _is_name(name)]
    texts += [f"draw '{name}' is declared twice" for name in sorted(set(made.draws)) if made.draws.count(name) > 1]
    texts += [
        f"column '{name}' has type '{dtype}'; allowed are {', '.join(ADDED_TYPES)}"
        for name, dtype in made.adds.items()
        if dtype not in ADDED_TYPES
    ]
    if made.after is not None and made.replaces is not None:
        texts.append("both after and replaces are given; a rule stands in one place")
    return texts


def _is_name(name: object) -> bool:
    named = isinstance(name, str) and name.isidentifier() and not keyword.iskeyword(name)
    return named and not str(name).startswith("_")


def _need(given: Mapping[str, Any]) -> Need:
    """Return a need as it was given; what is wrong with it is said by :func:`_need_mistakes`."""
    if not isinstance(given, Mapping):
        return Need(0.0, "", (0.0, 0.0), "", "")
    return Need(
        given.get("value", 0.0),
        given.get("unit", ""),
        tuple(given["range"]) if isinstance(given.get("range"), tuple | list) else (0.0, 0.0),
        given.get("source", ""),
        given.get("grade", ""),
    )


def _need_mistakes(name: str, given: Mapping[str, Any]) -> list[str]:
    """Say what is wrong with one required parameter."""
    if not isinstance(given, Mapping):
        return [f"needs['{name}'] is no mapping with the keys {', '.join(_NEED_KEYS)}"]
    texts = [
        f"needs['{name}']: unknown key '{key}'{nearest(key, _NEED_KEYS)}" for key in given if key not in _NEED_KEYS
    ]
    texts += [f"needs['{name}']: '{key}' is missing" for key in _NEED_KEYS if key not in given]
    if texts:
        return texts
    numbers = (given["value"], *given["range"]) if isinstance(given["range"], tuple | list) else ()
    if len(numbers) != 3 or not all(isinstance(number, int | float) for number in numbers):
        return [f"needs['{name}']: value must be a number and range two numbers (low, high)"]
    if any(isinstance(number, int) and abs(number) >= 2**63 for number in numbers):
        texts.append(f"needs['{name}']: {max(numbers, key=abs)} is beyond whole numbers of 64 bits")
    if not numbers[1] <= numbers[0] <= numbers[2]:
        texts.append(f"needs['{name}']: the value {numbers[0]} lies outside its range {numbers[1]} to {numbers[2]}")
    if given["grade"] not in GRADES:
        texts.append(f"needs['{name}']: grade '{given['grade']}' is unknown; allowed are {', '.join(GRADES)}")
    if not str(given["source"]).strip():
        texts.append(f"needs['{name}']: the source is empty; write 'assumption' where there is none")
    return texts


def distinct(rules: Iterable[Rule]) -> None:
    """Refuse two rules of one name and two rules that share a draw.

    One draw read by two decisions ties them together and biases the model. Raises :class:`InputError` naming
    both.
    """
    names: dict[str, Rule] = {}
    draws: dict[str, Rule] = {}
    mistakes = []
    for one in rules:
        other = names.setdefault(one.name, one)
        if other is not one:
            mistakes.append(one.mistake(f"the name is taken by the rule at {other.file}:{other.line}"))
            continue
        for draw in one.draws:
            first = draws.setdefault(draw, one)
            if first is not one:
                mistakes.append(one.mistake(f"draw '{draw}' belongs to rule {first.name} ({first.file}:{first.line})"))
    if mistakes:
        raise InputError(mistakes)


def tables_with(rules: Iterable[Rule], tables: Mapping[str, Sequence[Column]]) -> dict[str, tuple[Column, ...]]:
    """Return the column tables of all populations with the columns that rules add.

    Two rules may add the same column with the same type and share it. Raises :class:`InputError` for a rule
    on an unknown population, a column that exists already and a column added with two types.
    """
    added: dict[str, dict[str, str]] = {name: {} for name in tables}
    mistakes = []
    for one in rules:
        if one.on not in tables:
            mistakes.append(one.mistake(f"there is no population '{one.on}'{nearest(one.on, tables)}"))
            continue
        own = {name for column in tables[one.on] for name in (column.name, *column.names)}
        for name, dtype in one.adds.items():
            if name in own:
                mistakes.append(one.mistake(f"{one.on} have a column '{name}' already"))
            elif added[one.on].setdefault(name, dtype) != dtype:
                mistakes.append(one.mistake(f"another rule adds the column '{name}' with type '{added[one.on][name]}'"))
    if mistakes:
        raise InputError(mistakes)
    return {name: columns_of(table, added[name]) for name, table in tables.items()}


def needs_of(rules: Iterable[Rule]) -> dict[str, Need]:
    """Return the parameters that rules need, by name; raises :class:`InputError` where two rules disagree."""
    found: dict[str, tuple[Rule, Need]] = {}
    mistakes = []
    for one in rules:
        for name, need in one.needs.items():
            other, known = found.setdefault(name, (one, need))
            if known != need:
                there = f"{other.name} ({other.file}:{other.line})"
                mistakes.append(one.mistake(f"parameter '{name}' is given otherwise by rule {there}"))
    if mistakes:
        raise InputError(mistakes)
    return {name: need for name, (_, need) in found.items()}
