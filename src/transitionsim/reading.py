"""Reading a rule's source: every branch is compared with the columns, the world and the luck there are.

A rule may use: ``if``, ``for ... in range(...)``, ``while``, numbers and tuples of them; ``+ - * / // %`` and
comparisons; ``abs``, ``min``, ``max``, ``int``, ``float``, ``bool``, ``len``, ``range`` and ``print``; the
functions of :mod:`transitionsim.arithmetic`; helpers marked with :func:`transitionsim.compiling.both_ways`, of this
package those that write nothing; constants of its file. Whole numbers are of 64 bits: beyond them compiled code wraps
around. The syntax tree is looked at to find names and lines; it is never rewritten.
"""

from __future__ import annotations

import ast
import builtins
import dis
import inspect
import linecache
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

import numpy as np
from numba.core.registry import cpu_target

from transitionsim.columns import Column
from transitionsim.errors import Mistake, nearest, no_part
from transitionsim.rule import KEY, Rule, as_typed

PACKAGE: Final = "transitionsim"
ALLOWED_CALLS: Final = ("abs", "bool", "breakpoint", "float", "int", "len", "max", "min", "print", "range")
_IN_A_HELPER: Final = "in a helper; return the value, and let the rule write its own agent"
_FORMS: Final[Mapping[type[ast.AST], str]] = {
    ast.Lambda: "a lambda",
    ast.FunctionDef: "a function inside a function",
    ast.ClassDef: "a class",
    ast.ListComp: "a list comprehension",
    ast.SetComp: "a set comprehension",
    ast.DictComp: "a dictionary comprehension",
    ast.GeneratorExp: "a generator expression",
    ast.List: "a list",
    ast.Set: "a set",
    ast.Dict: "a dictionary",
    ast.Try: "try",
    ast.With: "with",
    ast.Raise: "raise",
    ast.Import: "an import inside a function",
    ast.ImportFrom: "an import inside a function",
    ast.Global: "global",
    ast.Nonlocal: "nonlocal",
    ast.Delete: "del",
    ast.Assert: "assert",
    ast.NamedExpr: "an assignment inside an expression",
}
_OPERATORS: Final[Mapping[type[ast.AST], str]] = {
    ast.Pow: "uses **; use transitionsim.arithmetic.power, which gives the same bits everywhere",
    ast.MatMult: "uses @, which no rule may",
    ast.Invert: "uses ~; write `not ...` for truth values",
}


def read(one: Rule, columns: Sequence[Column], world: Mapping[str, Any]) -> list[Mistake]:
    """Return every mistake that the source of a rule shows, in the order of its lines.

    ``world`` maps the names a rule may read to numbers and arrays. A rule without source (typed into a bare
    interpreter) cannot be read; then only rehearsal looks at it.
    """
    found: set[tuple[str, int, str]] = set()
    body = one.body
    assert isinstance(body, FunctionType)
    for function in (body, *helpers(body)):
        tree = _tree(function)
        if tree is None:
            continue
        checks: list[Any] = [_forms, _Globals(function, tree).texts]
        if function is body:
            checks.append(_Names(one, tree, columns, world).texts)
        else:
            checks.append(_writes)
        same = function.__code__.co_filename == body.__code__.co_filename
        file = one.file if same else as_typed(function.__code__.co_filename)
        found.update((file, line, f"rule {one.name}: {text}") for line, text in _placed(tree, checks))
    return [Mistake(file, line, text) for file, line, text in sorted(found)]


def helpers(body: FunctionType) -> list[FunctionType]:
    """Return the functions outside this package that a rule calls, directly or through others."""
    return [function for function in functions_behind(body)[1:] if not is_ours(function)]


def functions_behind(body: Any) -> list[FunctionType]:
    """Return a rule's body and every function that it calls, directly or through others."""
    found: list[FunctionType] = [body]
    for function in found:
        names = set(names_in(function.__code__))
        for name in globals_in(function.__code__):
            value = function.__globals__.get(name)
            # A function may be named through its module: arithmetic.exp.
            inside = [getattr(value, other, None) for other in names] if isinstance(value, ModuleType) else []
            found += [one for one in (value, *inside) if isinstance(one, FunctionType) and one not in found]
    return found


def globals_in(code: CodeType) -> set[str]:
    """Return the names that a code object looks up in its file or in Python; names of attributes are others."""
    found = {one.argval for one in dis.get_instructions(code) if one.opname == "LOAD_GLOBAL"}
    return found.union(*(globals_in(constant) for constant in code.co_consts if isinstance(constant, CodeType)))


def written_in(body: Any) -> set[str]:
    """Return the names of all attributes that a rule's body, and the functions it calls, may write."""
    codes = [function.__code__ for function in functions_behind(body)]
    return {one.argval for code in codes for one in dis.get_instructions(code) if one.opname == "STORE_ATTR"}


def names_in(code: CodeType) -> Iterator[str]:
    """Return the names that a code object looks up: globals and attributes."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_in(constant)


def is_ours(value: Any) -> bool:
    """Return whether a module, or a function with all it may do, belongs to this package and not to a student."""
    module = value.__name__ if isinstance(value, ModuleType) else value.__module__ or ""
    return module == PACKAGE or module.startswith(f"{PACKAGE}.")


def _tree(function: FunctionType) -> ast.FunctionDef | None:
    """Return the syntax tree of a function with the line numbers of its file, or None without source."""
    code = function.__code__
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename, function.__globals__)
    if not lines:
        return None
    first = code.co_firstlineno
    last = max((end for _, end, _, _ in code.co_positions() if end is not None), default=first)
    try:
        tree = ast.parse(textwrap.dedent("".join(lines[first - 1 : last])))
    except SyntaxError:
        # The last line may run on beyond what the code knows; the slow way finds the whole block.
        tree = ast.parse(textwrap.dedent("".join(inspect.getblock(lines[first - 1 :]))))
    ast.increment_lineno(tree, first - 1)
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == code.co_name)
    return next(found, None)


def _is_store(node: ast.Name | ast.Attribute | ast.Subscript) -> bool:
    return not isinstance(node.ctx, ast.Load)


def _placed(tree: ast.FunctionDef, checks: Iterable[Any]) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of every mistake that the checks find in the statements of a function."""
    for statement in tree.body:
        for node in ast.walk(statement):
            for check in checks:
                for text in check(node):
                    yield getattr(node, "lineno", tree.lineno), text


def _forms(node: ast.AST) -> Iterator[str]:
    """Refuse forms on which the two engines would differ or which do not compile."""
    if type(node) in _FORMS:
        yield f"uses {_FORMS[type(node)]}, which no rule may"
    if isinstance(node, ast.BinOp | ast.AugAssign | ast.UnaryOp) and type(node.op) in _OPERATORS:
        yield _OPERATORS[type(node.op)]
    if isinstance(node, ast.Attribute) and node.attr == KEY:
        yield "reads the key, which is the address of the agent's luck; declare a draw instead"


def _writes(node: ast.AST) -> Iterator[str]:
    """Refuse a helper that writes: whose row it would be, nobody could say."""
    if isinstance(node, ast.Attribute | ast.Subscript) and _is_store(node):
        yield f"writes {ast.unparse(node)} {_IN_A_HELPER}"


def _taken_apart(tree: ast.FunctionDef) -> Iterator[ast.expr]:
    """Yield the expressions of a function that are indexed or whose length is asked for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            yield node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len":
            yield from node.args


class _Globals:
    """Looks at the names a function takes from its file or from Python."""

    def __init__(self, function: FunctionType, tree: ast.FunctionDef) -> None:
        self.function = function
        stored = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and _is_store(node)]
        self.own = {*function.__code__.co_varnames, *stored}

    def texts(self, node: ast.AST) -> Iterator[str]:
        """Refuse a name that is unknown or not of a kind that both engines read alike."""
        named = self._named(node)
        if isinstance(named, FunctionType) and is_ours(named) and not is_ours(self.function) and _stores(named):
            yield f"calls {ast.unparse(node)}, which writes {_IN_A_HELPER}"
        if not isinstance(node, ast.Name) or _is_store(node) or node.id in self.own:
            return
        name = node.id
        if name in self.function.__globals__:
            text = _unreadable(name, self.function.__globals__[name])
            if text:
                yield text
        elif not hasattr(builtins, name):
            known = {*self.own, *(each for each in self.function.__globals__ if not each.startswith("_"))}
            yield f"'{name}' is not defined{nearest(name, known)}"
        elif name == "round":
            yield "uses round, which differs between engines; write int(x + 0.5) for a positive number"
        elif name not in ALLOWED_CALLS:
            yield f"uses '{name}'; of Python's own functions a rule may call {', '.join(ALLOWED_CALLS)}"

    def _named(self, node: ast.AST) -> Any:
        """Return what a name, or a name of a module, stands for outside the function."""
        match node:
            case ast.Name(name) if name not in self.own:
                return self.function.__globals__.get(name)
            case ast.Attribute(owner, name):
                module = self._named(owner)
                return getattr(module, name, None) if isinstance(module, ModuleType) else None
        return None


def _stores(function: FunctionType) -> bool:
    """Return whether a function, or one that it calls, writes into a record or a table."""
    codes = [each.__code__ for each in functions_behind(function)]
    return any(one.opname in ("STORE_ATTR", "STORE_SUBSCR") for code in codes for one in dis.get_instructions(code))


def _unreadable(name: str, value: Any) -> str:
    """Say why a rule may not read a global value, or return nothing."""
    if isinstance(value, ModuleType):
        instead = "transitionsim.arithmetic has exp, log and power, a declared draw is luck"
        return "" if is_ours(value) else f"uses the module '{name}'; {instead}"
    if isinstance(value, Rule):
        return f"uses the rule '{name}'; rules run one after the other and do not call each other"
    if isinstance(value, FunctionType):
        return "" if _compiles(value) else f"calls '{name}', which lacks the mark @both_ways of transitionsim.compiling"
    if hasattr(value, "py_func"):
        return f"calls '{name}', which is compiled by itself; mark it @both_ways of transitionsim.compiling instead"
    if _is_constant(value):
        return ""
    if isinstance(value, int):
        return f"reads '{name}', a whole number beyond 64 bits"
    kind = type(value).__name__
    allowed = "a rule may read numbers and tuples of its file, a table goes into the world"
    return f"reads '{name}', a {kind}; {allowed}"


def _is_constant(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(_is_constant(part) for part in value)
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return False
    return isinstance(value, int | float | str) and not isinstance(value, np.generic)


def _compiles(function: FunctionType) -> bool:
    """Return whether a function was marked as callable from compiled code."""
    context = cpu_target.typing_context
    context.refresh()
    return context._lookup_global(function) is not None


class _Names:
    """Looks at what a rule's body reads and writes through its three parameters."""

    def __init__(self, one: Rule, tree: ast.FunctionDef, columns: Sequence[Column], world: Mapping[str, Any]) -> None:
        self.one, self.world = one, world
        self.columns = {column.name: column.parts for column in columns if column.name != KEY}
        self.parts = {name: f"{column.name}[{k}]" for column in columns for k, name in enumerate(column.parts)}
        self.parameters = [argument.arg for argument in tree.args.args]
        self.agent, self.place, self.luck = self.parameters
        self.records = dict(self._records(tree))
        self.in_parts = {id(node) for node in _taken_apart(tree)}

    def texts(self, node: ast.AST) -> Iterator[str]:
        """Refuse unknown names and writes to anything but a column of the rule's own agent."""
        if isinstance(node, ast.Attribute):
            yield from self._attribute(node)
        elif isinstance(node, ast.Subscript):
            yield from self._subscript(node)
        elif isinstance(node, ast.Name) and _is_store(node) and node.id in self.parameters:
            yield f"assigns to '{node.id}' itself; write to its columns"

    def _attribute(self, node: ast.Attribute) -> Iterator[str]:
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if _is_store(node) and owner != self.agent:
            yield self._refused(node)
        elif node.attr == KEY:
            return
        elif owner == self.agent and node.attr not in self.columns:
            part = self.parts.get(node.attr)
            hint = f"; a rule knows it as {part}" if part else nearest(node.attr, self.columns)
            yield f"{self.one.on} have no column '{node.attr}'{hint}"
        elif owner == self.agent and self.columns[node.attr] and id(node) not in self.in_parts:
            yield f"uses {ast.unparse(node)} whole; it is read and written part by part, as {ast.unparse(node)}[k]"
        elif owner == self.place and node.attr not in self.world:
            yield f"the world has no '{node.attr}'{nearest(node.attr, self.world)}"
        elif owner == self.luck and node.attr not in self.one.draws:
            hint = nearest(node.attr, self.one.draws) or f"; declare it: draws=('{node.attr}',)"
            yield f"the rule declares no draw '{node.attr}'{hint}"
        elif self._is_plain_table(node.value) and node.attr not in ("shape", "size"):
            yield f"uses {ast.unparse(node)}; a table of numbers is read entry by entry"
        else:
            table = self.records.get(owner) or self._table(node.value)
            fields = [name for name in self.world[table].dtype.names if name != KEY] if table else ()
            if table and node.attr not in fields:
                yield f"{table} have no column '{node.attr}'{nearest(node.attr, fields)}"

    def _subscript(self, node: ast.Subscript) -> Iterator[str]:
        """Refuse to write anything but one part of a column of the own agent, and to name a part that is not there."""
        match node.value:
            case ast.Attribute(ast.Name(self.agent), name):
                length = len(self.columns.get(name, ()))
            case _:
                name, length = "", 0
        if not length:
            if _is_store(node):
                yield self._refused(node)
        elif isinstance(node.slice, ast.Slice | ast.Tuple):
            yield f"uses {ast.unparse(node)}; a part is one whole number"
        elif isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int) and node.slice.value >= length:
            yield f"{'writes' if _is_store(node) else 'reads'} {no_part(name, node.slice.value, length)}"

    def _refused(self, node: ast.expr) -> str:
        return f"writes {ast.unparse(node)}, but a rule may only change its own agent; use a market or a policy"

    def _records(self, tree: ast.FunctionDef) -> Iterator[tuple[str, str]]:
        """Yield (local name, table) for names that always stand for a row of another population."""
        stores = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and _is_store(node)]
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                table = self._table(node.value)
                if table and stores.count(node.targets[0].id) == 1:
                    yield node.targets[0].id, table

    def _is_plain_table(self, node: ast.expr) -> bool:
        """Return whether an expression is ``world.name`` of an array of numbers."""
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            return False
        value = self.world.get(node.attr) if node.value.id == self.place else None
        return isinstance(value, np.ndarray) and value.dtype.names is None

    def _table(self, node: ast.expr) -> str:
        """Return the record table that an expression like ``world.employers[...]`` reads, or nothing."""
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
            inner = node.value
            if isinstance(inner.value, ast.Name) and inner.value.id == self.place:
                value = self.world.get(inner.attr)
                if isinstance(value, np.ndarray) and value.dtype.names is not None:
                    return inner.attr
        return ""
