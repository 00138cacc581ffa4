"""What a step of the month uses: the columns, names of the world and parameters that it reads and writes.

Found in its source and in that of the functions it calls, which are followed from argument to parameter: whatever
stands for the state, the world, the rows of a population or one of their tables is known by where it came from. Nothing
is run. What is reached in other ways, such as through a table of functions, is not seen.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Final, TypeAlias

from transitionsim import world_variables
from transitionsim.columns import Column
from transitionsim.rule import Rule, as_typed

PACKAGE: Final = Path(__file__).parent
STATE: Final = "state"
WORLD: Final = "world"
REGISTER: Final = "register"
POPULATIONS: Final = ("workers", "employers")
_OF_STATE: Final = {"world": WORLD, "settings": REGISTER, **{name: name for name in POPULATIONS}}
_BY_ROWS: Final = ("take", "copy")
"""Methods of an array of rows that give rows again."""
_ELSEWHERE: Final = ("numpy", "transitionsim.arithmetic", "transitionsim.draws")
"""Modules whose functions take numbers only and are not followed."""


@dataclass(frozen=True)
class Part:
    """A table of the world or a column of a population: whose it is, and its name."""

    owner: str
    name: str


@dataclass(frozen=True)
class Words:
    """Texts that an expression may stand for, such as the names that a loop goes through."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Several:
    """A tuple of what its places stand for."""

    places: tuple[Meant, ...]


Meant: TypeAlias = str | Part | Words | Several | None
"""What an expression stands for: the state, the world, the register, a population (each by its name), or a part."""


@dataclass
class Usage:
    """What is read and written, each once, in the order of the source; and the functions that are called.

    A part's ``owner`` is a population, ``world`` or, for a parameter read by its key, ``register``.
    """

    read: dict[Part, None] = field(default_factory=dict)
    written: dict[Part, None] = field(default_factory=dict)
    calls: list[FunctionType] = field(default_factory=list)

    def of(self, owner: str) -> dict[str, str]:
        """Return the names used of an owner with how each is: read, written, or both."""
        used = [part for part in (*self.read, *self.written) if part.owner == owner]
        return {one.name: ", ".join(self._how(one)) for one in used}

    @property
    def parameters(self) -> tuple[str, ...]:
        """The keys of the registered parameters that are read, by the key itself or through the world."""
        keys = {Part(WORLD, one.name): one.parameter for one in world_variables.WORLD if one.parameter}
        found = [part.name if part.owner == REGISTER else keys.get(part, "") for part in self.read]
        return tuple(dict.fromkeys(key for key in found if key))

    def _how(self, part: Part) -> Iterable[str]:
        return (how for how, parts in (("read", self.read), ("written", self.written)) if part in parts)


def usage_of(step: Rule | Callable[..., None], tables: Mapping[str, Sequence[Column]]) -> Usage:
    """Return what a rule, or a step of the model, uses; ``tables`` are the columns there are."""
    columns = {name: {column.name for column in table} for name, table in tables.items()}
    usage = Usage()
    given = (step.on, WORLD) if isinstance(step, Rule) else (STATE,)
    _Follower(usage, columns).function(function_of(step), given, {})
    return usage


def function_of(step: Rule | Callable[..., Any]) -> FunctionType:
    """Return the function that a step is: of a rule its body."""
    function = step.body if isinstance(step, Rule) else step
    assert isinstance(function, FunctionType)
    return function


def place_of(step: Rule | Callable[..., Any]) -> str:
    """Return where a step or a function is written, such as ``rules/work.py:12``: inside the package relative to it."""
    code = function_of(step).__code__
    path = Path(code.co_filename)
    file = path.relative_to(PACKAGE).as_posix() if path.is_relative_to(PACKAGE) else as_typed(code.co_filename)
    return f"{file}:{code.co_firstlineno}"


class _Follower:
    """Follows functions through a step; each is looked at once for what its parameters stand for."""

    def __init__(self, usage: Usage, columns: Mapping[str, set[str]]) -> None:
        self.usage, self.columns = usage, columns
        self.seen: dict[tuple[FunctionType, tuple[tuple[str, Meant], ...]], Meant] = {}

    def function(self, found: FunctionType, given: Sequence[Meant], named: Mapping[str, Meant]) -> Meant:
        """Look at a function called with arguments that stand for something; return what its result stands for."""
        tree = ast.parse(textwrap.dedent(inspect.getsource(found))).body[0]
        assert isinstance(tree, ast.FunctionDef)
        local = _bound(tree, given, named)
        key = (found, tuple(local.items()))
        if key not in self.seen:
            if self.seen and found not in self.usage.calls:
                self.usage.calls.append(found)
            self.seen[key] = None  # what calls itself is looked at once
            self.seen[key] = _Body(self, found.__globals__, local).statements(tree.body)
        return self.seen[key]


def _bound(tree: ast.FunctionDef, given: Sequence[Meant], named: Mapping[str, Meant]) -> dict[str, Meant]:
    """Return what the parameters of a function stand for."""
    parameters = [argument.arg for argument in (*tree.args.posonlyargs, *tree.args.args)]
    return {**dict(zip(parameters, given, strict=False)), **named}


class _Body:
    """Walks through the statements of one function, in order, and notes what is used."""

    def __init__(self, follower: _Follower, names: Mapping[str, Any], local: dict[str, Meant]) -> None:
        self.follower, self.usage, self.names, self.local = follower, follower.usage, names, local
        self.inner: dict[str, ast.FunctionDef] = {}
        self.result: Meant = None

    def statements(self, body: Sequence[ast.AST]) -> Meant:
        """Walk through statements and return what the function's result stands for."""
        for node in body:
            self.visit(node)
        return self.result

    def visit(self, node: ast.AST) -> None:
        """Note what a statement uses."""
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            value = None if node.value is None else self.meant(node.value)
            if isinstance(node, ast.AugAssign):
                self.note(self.usage.read, self.meant(node.target))
                value = None
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                self.store(target, value)
        elif isinstance(node, ast.For | ast.comprehension):
            self.store(node.target, _each(self.meant(node.iter)))
            self.visit_inside(node, "target", "iter")
        elif isinstance(node, ast.FunctionDef):
            self.inner[node.name] = node
        elif isinstance(node, ast.Return):
            self.result = None if node.value is None else self.meant(node.value)
        elif isinstance(node, ast.expr):
            self.meant(node)
        else:
            self.visit_inside(node)

    def visit_inside(self, node: ast.AST, *without: str) -> None:
        """Note what the parts of a node use, comprehensions' loops before what is done in them."""
        fields = sorted(ast.iter_fields(node), key=lambda pair: pair[0] != "generators")
        for name, value in fields:
            if name not in without:
                for one in value if isinstance(value, list) else [value]:
                    if isinstance(one, ast.AST):
                        self.visit(one)

    def note(self, where: dict[Part, None], meant: Meant) -> None:
        """Note the use of a part, or of each part of a tuple."""
        for one in meant.places if isinstance(meant, Several) else (meant,):
            if isinstance(one, Part):
                where[one] = None

    def store(self, target: ast.expr, value: Meant) -> None:
        """Note what a target of an assignment writes, and what its name stands for from here on."""
        if isinstance(target, ast.Name):
            self.local[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            places = value.places if isinstance(value, Several) else ()
            for number, one in enumerate(target.elts):
                self.store(one, places[number] if len(places) == len(target.elts) else None)
        else:
            self.note(self.usage.written, self.meant(target, quiet=True))

    def meant(self, node: ast.expr, *, quiet: bool = False) -> Meant:
        """Return what an expression stands for, and note what it reads.

        A quiet one is not read itself: it is written, or handed to a function that is followed.
        """
        found: Meant = None
        if isinstance(node, ast.Name):
            found = self.local.get(node.id)
        elif isinstance(node, ast.Constant):
            found = Words((node.value,)) if isinstance(node.value, str) else None
        elif isinstance(node, ast.JoinedStr):
            found = self.joined(node)
        elif isinstance(node, ast.Tuple | ast.List):
            return Several(tuple(self.meant(one, quiet=quiet) for one in node.elts))
        elif isinstance(node, ast.Attribute):
            found = self.member(self.meant(node.value, quiet=True), Words((node.attr,)))
        elif isinstance(node, ast.Subscript):
            found = self.member(self.meant(node.value, quiet=True), self.meant(node.slice), entry=True)
        elif isinstance(node, ast.Call):
            found = self.called(node)
        elif isinstance(node, ast.IfExp):
            self.meant(node.test)
            either = (self.meant(node.body, quiet=quiet), self.meant(node.orelse, quiet=quiet))
            return either[0] or either[1]
        else:
            self.visit_inside(node)
        if not quiet:
            self.note(self.usage.read, found)
        return found

    def joined(self, node: ast.JoinedStr) -> Meant:
        """Return the texts that a formatted text may be, as far as its parts are known."""
        texts = [""]
        for one in node.values:
            part = self.meant(one.value if isinstance(one, ast.FormattedValue) else one)
            if not isinstance(part, Words):
                return None
            texts = [text + more for text in texts for more in part.texts]
        return Words(tuple(texts))

    def member(self, owner: Meant, name: Meant, *, entry: bool = False) -> Meant:
        """Return what a named member, or an entry, of something stands for."""
        names = _texts(name)
        if isinstance(owner, Part | Several):
            return owner if entry else None
        if owner == STATE and names:
            return _OF_STATE.get(names[0])
        if owner == REGISTER and names == ("register",):
            return REGISTER
        if owner == WORLD and names:
            if names[0] not in POPULATIONS:
                return _parts(WORLD, names)
            self.note(self.usage.read, Part(WORLD, names[0]))
            return names[0]
        if isinstance(owner, str) and owner in POPULATIONS:
            columns = [one for one in names if one in self.follower.columns[owner]]
            return _parts(owner, columns) if columns else owner if entry else None
        return None

    def called(self, node: ast.Call) -> Meant:
        """Note what a call uses, in the function that is called too, and return what its result stands for."""
        owner = self.meant(node.func.value, quiet=True) if isinstance(node.func, ast.Attribute) else None
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        found = self.callee(node.func)
        quiet = found is not None
        given: list[Meant] = []
        for one in node.args:
            meant = self.meant(one.value if isinstance(one, ast.Starred) else one, quiet=quiet)
            given += meant.places if isinstance(one, ast.Starred) and isinstance(meant, Several) else (meant,)
        named = {one.arg: self.meant(one.value, quiet=quiet) for one in node.keywords if one.arg}
        if owner in (STATE, REGISTER) and method == "value":
            self.note(self.usage.read, _parts(REGISTER, _texts(given[0])))
        if method == "at" and given:  # np.add.at and its like write into their first argument
            self.note(self.usage.written, given[0])
        if isinstance(found, ast.FunctionDef):
            inside = _Body(self.follower, self.names, {**self.local, **_bound(found, given, named)})
            return inside.statements(found.body)
        if found is not None:
            return self.follower.function(found, given, named)
        if isinstance(owner, Part):
            self.note(self.usage.read, owner)
        return owner if method in _BY_ROWS and isinstance(owner, str) else None

    def callee(self, node: ast.expr) -> FunctionType | ast.FunctionDef | None:
        """Return the function that a call names, if it is found by its name or as part of a module."""
        if isinstance(node, ast.Name):
            found = self.inner.get(node.id) or self.names.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = self.names.get(node.value.id)
            found = getattr(module, node.attr, None) if isinstance(module, ModuleType) else None
        else:
            return None
        plain = getattr(found, "py_func", found)
        if isinstance(plain, ast.FunctionDef):
            return plain
        return plain if isinstance(plain, FunctionType) and not plain.__module__.startswith(_ELSEWHERE) else None


def _texts(meant: Meant) -> tuple[str, ...]:
    """Return the texts that something may be, those of a tuple one after the other."""
    if isinstance(meant, Several):
        return tuple(text for one in meant.places for text in _texts(one))
    return meant.texts if isinstance(meant, Words) else ()


def _parts(owner: str, names: Sequence[str]) -> Meant:
    """Return the named parts of an owner: one, or several."""
    parts = tuple(Part(owner, name) for name in names)
    return parts[0] if len(parts) == 1 else Several(parts)


def _each(meant: Meant) -> Meant:
    """Return what one turn of a loop stands for: a text of several, a row of rows."""
    return Words(texts) if (texts := _texts(meant)) else meant if isinstance(meant, str) else None


def readers(keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return for each parameter the modules whose source reads it: by its key, or by a name of the world.

    A module that asks for the parameters of a theme in turn reads each of them.
    """
    named_by = {one.name: one.parameter for one in world_variables.WORLD if one.parameter}
    asked: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        named = {*re.findall(r'\bvalue\(f?"([\w.]+)', text), *re.findall(r"\bscenario\.(\w+)", text)}
        named |= {named_by[name] for name in re.findall(r'\bworld(?:\.|\[")(\w+)', text) if name in named_by}
        asked[".".join(path.relative_to(PACKAGE).with_suffix("").parts)] = named
    return {
        key: tuple(name for name, named in asked.items() if key in named or f"{key.partition('.')[0]}." in named)
        for key in keys
    }
