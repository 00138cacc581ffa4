"""The engine: consecutive rules become one pass over the rows of a population.

Since a rule touches only its own row, rules that follow each other are applied to each row in turn, which
reads every row from memory once. Compiled, a pass is a generated module that imports nothing but names and
calls the rules in a loop; :attr:`Sweep.source` shows it. Interpreted (``TRANSITIONSIM_INTERPRET=1``), the
same rules run as plain Python with ``print`` and breakpoints, and give the same bytes.
"""

from __future__ import annotations

import os
import re
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import numba
import numpy as np
from numba.core.errors import NumbaError, NumbaWarning
from numpy.typing import NDArray

from transitionsim import cache, interpreter
from transitionsim.columns import Column, Records, record_type
from transitionsim.compiling import forget
from transitionsim.draws import mix, number_of, stream
from transitionsim.errors import InputError, Mistake, nearest
from transitionsim.folders import temporary_folder
from transitionsim.kernels import Scratch, fractions, scratch_of, source_of
from transitionsim.reading import functions_behind, is_ours, names_in, read, written_in
from transitionsim.rehearsal import rehearse
from transitionsim.rule import KEY, Rule, distinct

TABLE_TYPES: Final = ("f8", "i8", "i4", "i2", "i1", "b1")
"""Types of an array in the world; other populations come as record arrays."""
COMPILING: Final = "compiling the rules for the first time; this takes some seconds"

Listed = NDArray[np.int32]
_NONE: Final[Listed] = np.empty(0, np.int32)
_WHOLE: Final = (int, np.integer, np.bool_)
_LOCK: Final = threading.RLock()
"""Held while a pass is made: runs of several threads share passes, and make each once."""

on_compile: Callable[[str], None] | None = None
"""Called with a sentence before rules are really compiled, so that a command line can say why it is
silent."""


class Sweep:
    """One pass over all rows of one population in which consecutive rules are applied to each row in turn.

    ``columns`` is the table of the population (added columns included), ``world`` a prototype of what the
    rules read: it gives names, types and layouts, which must stay, while values may change from call to call.
    ``interpret`` overrides the environment; ``lists`` names a column, and a call then returns the rows in which it
    is not zero after the rules. Raises :class:`InputError` for every mistake that the source of the rules shows.
    """

    source: str
    """The generated module as text."""
    reads: tuple[str, ...]
    """Names of the world that the rules mention; only these are handed over."""

    def __init__(
        self,
        rules: Sequence[Rule],
        columns: Sequence[Column],
        world: Mapping[str, Any],
        *,
        interpret: bool | None = None,
        lists: str | None = None,
    ) -> None:
        self.rules = tuple(rules)
        self.lists = lists
        if not self.rules:
            raise ValueError("a sweep needs at least one rule")
        distinct(self.rules)
        self.draws = tuple(draw for one in self.rules for draw in one.draws)
        self.interpret = interpreted(interpret)
        _check(self.rules, columns, world)
        mentioned = _mentioned(self.rules)
        self.reads = tuple(name for name in world if name in mentioned)
        self._row_type = record_type(columns)
        self._columns = {column.name: column for column in columns}
        self._scratches = tuple(
            scratch_of(place, self._row_type, _mentioned([one]), written_in(one.body))
            for place, one in enumerate(self.rules)
            if not is_ours(one.body)
        )
        read = {name: world[name] for name in self.reads}
        self.source = source_of(self.rules, self.reads, read, lists, self._scratches)
        self._types = {name: _type_of(name, world[name]) for name in self.reads}
        self._kinds = {name: kind for name in self.reads if (kind := _kind_of(world[name])) is not None}
        self._whole = tuple(name for name, kind in self._kinds.items() if kind is not float)
        self._gather = _gather(self.reads)
        self._bases: tuple[int | None, NDArray[np.uint64]] = (None, np.empty(0, np.uint64))
        self._kernel: Any = None
        self._ready = False

    def prepare(self, rows: Records, world: Mapping[str, Any]) -> None:
        """Rehearse the rules on copies of a few rows and compile them; the first call does it if nobody has.

        Raises :class:`InputError` with file and line for what no rule may do and what cannot be compiled.
        """
        self._refuse_shared(rows, world)
        rehearse(self.rules, rows, self._view(world), self._bounds(world))
        if not self.interpret:
            self._kernel = _kernel(self.rules, self.source, self._row_type, self._scratches, self._types)
        self._ready = True

    def __call__(self, rows: Records, world: Mapping[str, Any], seed: int, month: int) -> Listed:
        """Apply the rules to all rows, in place, with the luck of a seed and a month; return the rows listed.

        ``rows`` has shape (n,) and the record type of the columns. Raises ``TypeError`` where the rows or the
        world are of another type than announced, and :class:`InputError` where a stranger's rule writes what its
        column may not hold or reads beyond a table; the pass ends there, and that rule has not touched that row.
        """
        if not self._ready:
            self.prepare(rows, world)
        for name in self._whole:
            # The compiler would cut a fraction off without a word.
            if not isinstance(world[name], _WHOLE):
                raise TypeError(self._mismatch(rows, world))
        if self.interpret:
            self._interpreted(self.rules, rows, world, seed, month)
            return np.nonzero(rows[self.lists])[0].astype(np.int32) if self.lists else _NONE
        found = np.empty(len(rows), np.int32) if self.lists else _NONE
        own = self._for_strangers(world) if self._scratches else []
        try:
            count = self._kernel(rows, found, self._bases_of(seed), month, *own, *self._gather(world))
        except TypeError as error:
            raise TypeError(self._mismatch(rows, world)) from error
        except (IndexError, ArithmeticError, ValueError) as error:
            if not self._scratches or own[0][0] < 0:
                raise
            raise self._mistake_at(int(own[0][0]), rows, world, seed, month) from error
        if count < 0:
            raise self._mistake_at(int(own[0][0]), rows, world, seed, month)
        return found[:count].copy() if self.lists else _NONE

    def _for_strangers(self, world: Mapping[str, Any]) -> list[Any]:
        """Return what a pass with strangers' rules is handed: where it stands, the bounds, and the scratch records."""
        bounds = self._bounds(world)
        limits = [bounds[self.rules[one.place].name][name][:2] for one in self._scratches for name in one.written]
        records = [np.zeros(1, one.record) for one in self._scratches]
        return [np.full(1, -1, np.int64), np.array(limits, np.float64).reshape(-1, 2), *records]

    def _bounds(self, world: Mapping[str, Any]) -> interpreter.Bounds:
        """Return what the columns that strangers' rules write may hold in this world."""
        found = {}
        for scratch in self._scratches:
            columns = [self._columns[name] for name in scratch.written]
            limits = {column: column.limits(world) for column in columns}
            found[self.rules[scratch.place].name] = {
                column.name: interpreter.Bound(*limits[column], column.allowed(limits[column])) for column in columns
            }
        return found

    def _mistake_at(self, place: int, rows: Records, world: Mapping[str, Any], seed: int, month: int) -> InputError:
        """Return what a stranger's rule did wrong where a pass has stopped: the rule is tried on the row once more."""
        row, number = divmod(place, len(self.rules))
        one = self.rules[number]
        try:
            self._interpreted([one], rows[row : row + 1].copy(), world, seed, month)
        except InputError as error:
            return error
        return InputError([one.mistake("reads beyond a table, divides by zero or writes what a column may not hold")])

    def _refuse_shared(self, rows: Records, world: Mapping[str, Any]) -> None:
        """Refuse a world that shows the rows being written: the order of the agents would matter."""
        shared = [
            one.mistake(f"reads world.{name}, which this pass over {one.on} writes; hand over a copy")
            for name in self.reads
            if isinstance(world[name], np.ndarray) and np.may_share_memory(world[name], rows)
            for one in self.rules
            if name in _mentioned([one])
        ]
        if shared:
            raise InputError(shared)

    def _interpreted(
        self, rules: Sequence[Rule], rows: Records, world: Mapping[str, Any], seed: int, month: int
    ) -> None:
        addresses = {draw: int(stream(seed, draw, month)) for draw in self.draws}
        luck = interpreter.keyed(addresses, rows[KEY] if addresses else None)
        interpreter.run(rules, rows, self._view(world), luck, self._bounds(world))

    def _view(self, world: Mapping[str, Any]) -> interpreter.WorldView:
        return interpreter.world_view(world, self.reads, self._kinds)

    def _bases_of(self, seed: int) -> NDArray[np.uint64]:
        """Return the part of each draw's address that a month does not change."""
        known, bases = self._bases
        if known != seed:
            start = mix(seed * 0x9E3779B97F4A7C15 + 1)
            bases = np.array([mix(start ^ number_of(draw)) for draw in self.draws], dtype=np.uint64)
            # One assignment: runs of two threads may share a sweep.
            self._bases = (seed, bases)
        return bases

    def _mismatch(self, rows: Records, world: Mapping[str, Any]) -> str:
        """Say what a call handed over that differs from what the sweep was built for."""
        wrong = [
            f"world.{name} is {found}, announced was {kind}"
            for name, kind in self._types.items()
            if (found := _type_of(name, world[name])) != kind
        ]
        if numba.typeof(rows) != _rows_type(self._row_type):
            wrong.insert(0, f"the rows are {rows.dtype}, announced were {self._row_type} without gaps")
        return f"sweep over {self.rules[0].on}: {'; '.join(wrong)}"


def interpreted(asked: bool | None = None) -> bool:
    """Return whether rules run as plain Python: as asked, or else as the environment says."""
    by_default = os.environ.get("TRANSITIONSIM_INTERPRET", "") not in ("", "0")
    return bool(numba.config.DISABLE_JIT) or (by_default if asked is None else asked)


def _check(rules: Sequence[Rule], columns: Sequence[Column], world: Mapping[str, Any]) -> None:
    """Refuse rules of several populations, luck without keys and whatever the source of the rules shows."""
    mistakes = [mistake for one in rules for mistake in read(one, columns, world)]
    names = {column.name for column in columns}
    for one in rules:
        if one.on != rules[0].on:
            mistakes.append(one.mistake(f"is on {one.on}, but its sweep is over {rules[0].on}"))
        if one.draws and KEY not in names:
            mistakes.append(one.mistake(f"declares luck, but {one.on} have no column '{KEY}'"))
        mistakes += [
            one.mistake(f"column '{name}' was not added to the table of {one.on}{nearest(name, names)}")
            for name in one.adds
            if name not in names
        ]
    if mistakes:
        raise InputError(mistakes)


def _mentioned(rules: Iterable[Rule]) -> set[str]:
    """Return every name that rules, and the functions they call, look up."""
    return {name for one in rules for each in functions_behind(one.body) for name in names_in(each.__code__)}


def _kind_of(value: Any) -> type | None:
    """Return bool, int or float for a number, None for an array."""
    if isinstance(value, np.ndarray):
        return None
    if isinstance(value, bool | np.bool_):
        return bool
    return int if isinstance(value, int | np.integer) else float


def _type_of(name: str, value: Any) -> Any:
    """Return the compiler's type of a value of the world; raises ``TypeError`` for what is not allowed."""
    if isinstance(value, bool | np.bool_):
        return numba.types.boolean
    if isinstance(value, int | np.integer):
        if not -(2**63) <= value < 2**63:
            raise TypeError(f"world.{name} is {value}; a whole number of 64 bits is needed")
        return numba.types.int64
    if isinstance(value, float):
        return numba.types.float64
    table = isinstance(value, np.ndarray) and value.ndim in (1, 2)
    if table and (value.dtype.names is not None or value.dtype.str[1:] in TABLE_TYPES):
        return numba.typeof(value)
    kind = f"array of {value.dtype} and shape {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
    raise TypeError(f"world.{name} is {kind}; a number or a 1-D or 2-D array of {', '.join(TABLE_TYPES)} is needed")


def _rows_type(row_type: np.dtype[np.void]) -> Any:
    return numba.typeof(np.empty(0, row_type))


def _gather(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Return a function that picks the named values of a world, in order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda world: [world[name] for name in names]


def _kernel(
    rules: Sequence[Rule],
    source: str,
    row_type: np.dtype[np.void],
    scratches: Sequence[Scratch],
    types: Mapping[str, Any],
) -> Any:
    """Return the compiled pass, from the disk where it was compiled before."""
    kinds = numba.types
    own = (
        [kinds.int64[::1], kinds.float64[:, ::1], *(_rows_type(scratch.record) for scratch in scratches)]
        if scratches
        else []
    )
    signature = (_rows_type(row_type), kinds.int32[::1], kinds.uint64[::1], kinds.int64, *own, *types.values())
    digest = cache.digest_of(rules, source, [str(kind) for kind in signature])
    name = f"transitionsim_{rules[0].on}_{digest}"
    with _LOCK:
        try:
            module = cache.load(name, source, {"RULES": tuple(rules)}, cache.folder())
        except OSError:
            # The folder exists and yet cannot hold the code: a full disk, or one mounted read-only.
            module = cache.load(f"{name}_", source, {"RULES": tuple(rules)}, temporary_folder())
        strangers = [rules[scratch.place] for scratch in scratches]
        try:
            unset = _compiled(module.sweep, signature)
        except (NumbaError, LookupError, ValueError, NotImplementedError) as error:
            # The compiler raises Python's own errors too: for a column that is none, a step of nothing, None.
            raise InputError([_placed(strangers or rules, str(error), _telling(str(error)))]) from error
        checked = [(one, getattr(module, f"rule_{one.name}")) for one in strangers]
        mistakes = [one.mistake(text, line) for one, body in checked for line, text in fractions(body)]
        mistakes += [_placed(strangers, text, said) for text, said in unset if strangers]
        if mistakes:
            forget(module.sweep)
            raise InputError(mistakes)
        return module.sweep


def _compiled(kernel: Any, signature: tuple[Any, ...]) -> list[tuple[str, str]]:
    """Compile a kernel for one signature, or fetch it from the disk, and allow no other.

    Returns what the compiler says of variables that may have no value where they are read, with a sentence for each.
    """
    if kernel.signatures:
        return []
    stored = Path(kernel.stats.cache_path).glob(f"{kernel.py_func.__module__}.*.nbi")
    if on_compile is not None and not any(stored):
        on_compile(COMPILING)
    kept = numba.config.ALWAYS_WARN_UNINIT_VAR
    numba.config.ALWAYS_WARN_UNINIT_VAR = 1
    try:
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always", NumbaWarning)
            kernel.compile(signature)
    finally:
        numba.config.ALWAYS_WARN_UNINIT_VAR = kept
    kernel.disable_compile()
    found = [(str(one.message), re.match(r"Detected uninitialized variable (\w+)", str(one.message))) for one in seen]
    return [(text, f"'{name[1]}' may have no value here; give it one before") for text, name in found if name]


def _placed(rules: Sequence[Rule], text: str, said: str) -> Mistake:
    """Return what the compiler says as a sentence at the line of the rule it speaks of."""
    for file, line in reversed(re.findall(r'File "([^"]+)", line (\d+)', text)):
        before = [
            one
            for one in rules
            if Path(one.body.__code__.co_filename).resolve() == Path(file).resolve() and one.line < int(line)
        ]
        if before:
            return max(before, key=lambda one: one.line).mistake(f"cannot be compiled: {said}", int(line))
    return rules[0].mistake(f"cannot be compiled: {said}")


def _telling(text: str) -> str:
    """Return the line of a compiler's message that says most about the rule."""
    lines = [re.sub(r" at 0x[0-9a-f]+|Numba\w*Error: ", "", line.strip()) for line in text.splitlines() if line.strip()]
    for start in ("Cannot modify", "Unknown attribute", "Untyped global", "Cannot unify", ">>> "):
        found = [line for line in lines if start in line]
        if found:
            return found[-1].replace(">>> ", "no such operation: ")
    return next((line for line in lines if not line.startswith(("Failed in", "During:"))), "unknown reason")
