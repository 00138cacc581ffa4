"""The interpreted engine: rules run as plain Python, for ``print``, breakpoints and rehearsal.

A rule sees views instead of arrays. They hand out Python numbers, so that the arithmetic is Python's; they
refuse what the compiled engine would do silently and wrongly (an unknown name, a write to the world, a number
that does not fit its column); and they give the same bytes as compiled code wherever they do not refuse.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import FrameType
from typing import Any, Final, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import Records, type_limits
from transitionsim.draws import UNIT, mix
from transitionsim.errors import InputError, nearest, no_part
from transitionsim.rule import KEY, Rule

_NO_KEY: Final = "the key is the address of the agent's luck and not readable; declare a draw instead"


class Refused(AttributeError):
    """A rule did what no rule may do; the text says what and what is allowed."""


Part = tuple[int, ...]
"""The place of a part within a column of several; empty where the column is one number."""


class Bound(NamedTuple):
    """What a column may hold in a world: the lowest and the highest value, and both in words."""

    low: float
    high: float
    allowed: str


Bounds = Mapping[str, Mapping[str, Bound]]
"""For each rule that is checked, by its name, the bounds of the columns it writes."""


class AgentView:
    """One row of the population a rule is on: columns are read and written as attributes.

    What is written stays a draft until the rule has ended and :func:`commit` has looked at it.
    """

    __slots__ = ("_columns", "_draft", "_row", "_rule")

    def __init__(self, one: Rule, columns: Mapping[str, NDArray[Any]], row: int) -> None:
        object.__setattr__(self, "_rule", one)
        object.__setattr__(self, "_columns", columns)
        object.__setattr__(self, "_row", row)
        object.__setattr__(self, "_draft", {})

    def __getattr__(self, name: str) -> Any:
        column = _column(self._columns, self._rule.on, name)
        return PartsView(self, name, column.shape[1]) if column.ndim > 1 else _read(self, name, ())

    def __setattr__(self, name: str, value: Any) -> None:
        if _column(self._columns, self._rule.on, name).ndim > 1:
            raise Refused(f"writes {name} whole; write it part by part, {name}[k] = ...")
        _write(self, name, (), value)

    def __repr__(self) -> str:
        return f"<row {self._row} of {self._rule.on}: {_shown(self._columns, self._row)}>"


class PartsView:
    """A column of several parts of the agent a rule is on: each is read and written by its place."""

    __slots__ = ("_agent", "_length", "_name")

    def __init__(self, agent: AgentView, name: str, length: int) -> None:
        self._agent, self._name, self._length = agent, name, length

    def __getitem__(self, place: int) -> Any:
        return _read(self._agent, self._name, self._part("reads", place))

    def __setitem__(self, place: int, value: Any) -> None:
        _write(self._agent, self._name, self._part("writes", place), value)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __repr__(self) -> str:
        return repr(list(self))

    def _part(self, does: str, place: int) -> Part:
        if not isinstance(place, int) or isinstance(place, bool):
            raise Refused(f"{self._name} is indexed by whole numbers, found {place!r}")
        if not -self._length <= place < self._length:
            raise Refused(f"{does} {no_part(self._name, place, self._length)}")
        return (place % self._length,)


def _read(agent: AgentView, name: str, part: Part) -> Any:
    """Return what an agent's column, or a part of it, holds, as a plain Python number."""
    if (name, part) in agent._draft:
        return agent._draft[name, part][0]
    # Numbered by the row alone, ``item`` would count through the parts of all rows.
    return agent._columns[name].item((agent._row, *part))


def _write(agent: AgentView, name: str, part: Part, value: Any) -> None:
    """Put a number into the draft of an agent, with the line of the rule that writes it."""
    fitting = _fitting(value, agent._columns[name].dtype, name)
    agent._draft[name, part] = (fitting, _line(agent._rule, sys._getframe(1)))


def commit(agent: AgentView, bounds: Mapping[str, Bound]) -> None:
    """Write the draft of an agent into its row, all or nothing.

    Columns without a bound hold every number that fits their record type. Raises :class:`InputError` for what a column
    may not hold.
    """
    for (name, part), (value, line) in agent._draft.items():
        column = agent._columns[name]
        if name in bounds:
            low, high, allowed = bounds[name]
            fits = low <= value <= high
        else:
            low, high = type_limits(column.dtype)
            allowed = f"{low} to {high} is allowed"
            fits = column.dtype.kind == "f" or low <= value <= high
        old = column.item((agent._row, *part))
        if not fits and value != old and (value == value or old == old):
            what = name + "".join(f"[{place}]" for place in part)
            raise InputError([agent._rule.mistake(f"writes {what} {value}; {allowed}", line)])
    for (name, part), (value, _) in agent._draft.items():
        agent._columns[name][(agent._row, *part)] = value


class RecordView:
    """One row of another population, or of any table of records in the world: read only."""

    __slots__ = ("_name", "_row", "_rows")

    def __init__(self, name: str, rows: Records, row: int) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_row", row)

    def __getattr__(self, name: str) -> Any:
        column = _column(_fields(self._rows), self._name, name)
        return TableView(f"{self._name}[...].{name}", column[self._row]) if column.ndim > 1 else column.item(self._row)

    def __setattr__(self, name: str, value: Any) -> None:
        _refuse_write(f"world.{self._name}[...].{name}")

    def __repr__(self) -> str:
        return f"<row {self._row} of world.{self._name}: {_shown(_fields(self._rows), self._row)}>"


class TableView:
    """An array of the world: indexed as in NumPy, read only, handing out Python numbers."""

    __slots__ = ("_name", "_table")

    def __init__(self, name: str, table: NDArray[Any]) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_table", table)

    def __getitem__(self, place: int | tuple[int, ...]) -> Any:
        if not all(isinstance(number, int) for number in (place if isinstance(place, tuple) else (place,))):
            raise Refused(f"world.{self._name} is indexed by whole numbers, found {place!r}")
        try:
            found = self._table[place]
        except IndexError:
            shape = " x ".join(str(length) for length in self._table.shape)
            raise Refused(f"world.{self._name} has {shape} entries, number {place} was asked for") from None
        if isinstance(found, np.ndarray):
            return TableView(self._name, found)
        if isinstance(found, np.void):
            return RecordView(self._name, self._table, place % len(self._table))  # type: ignore[operator]
        return found.item()

    def __setitem__(self, place: object, value: Any) -> None:
        _refuse_write(f"world.{self._name}[...]")

    def __getattr__(self, name: str) -> Any:
        if self._table.dtype.names is not None:
            return TableView(f"{self._name}.{name}", _column(_fields(self._table), self._name, name))
        if name in ("shape", "size"):
            return getattr(self._table, name)
        raise Refused(f"world.{self._name} is a table of numbers without '{name}'; read it as world.{self._name}[...]")

    def __setattr__(self, name: str, value: Any) -> None:
        _refuse_write(f"world.{self._name}.{name}")

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self._table)))

    def __repr__(self) -> str:
        return f"<world.{self._name}: {self._table!r}>"


class WorldView:
    """The world as a rule sees it: numbers and tables by name, read only; ``known`` are all names."""

    __slots__ = ("_known", "_values")

    def __init__(self, values: Mapping[str, Any], known: Iterable[str]) -> None:
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_known", known)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise Refused(f"the world has no '{name}'{nearest(name, self._known)}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        _refuse_write(f"world.{name}")

    def __repr__(self) -> str:
        return f"<world: {', '.join(self._values)}>"


class LuckView:
    """The luck of one rule on one row: one draw in [0, 1) for each name it declares."""

    __slots__ = ("_draw", "_names")

    def __init__(self, names: Sequence[str], draw: Callable[[str], float]) -> None:
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "_draw", draw)

    def __getattr__(self, name: str) -> Any:
        if name not in self._names:
            hint = nearest(name, self._names) if self._names else f"; declare it: draws=('{name}',)"
            raise Refused(f"the rule declares no draw '{name}'{hint}")
        return self._draw(name)

    def __setattr__(self, name: str, value: Any) -> None:
        raise Refused("luck cannot be written")

    def __repr__(self) -> str:
        return f"<luck: {', '.join(f'{name}={self._draw(name)}' for name in self._names)}>"


def world_view(world: Mapping[str, Any], names: Sequence[str], kinds: Mapping[str, type]) -> WorldView:
    """Return the named part of the world as rules see it; ``kinds`` gives the type of each number."""
    values = {}
    for name in names:
        kind = kinds.get(name)
        values[name] = TableView(name, world[name]) if kind is None else kind(world[name])
    return WorldView(values, world)


def run(
    rules: Sequence[Rule],
    rows: Records,
    world: WorldView,
    draw: Callable[[str, int], float],
    bounds: Bounds,
) -> None:
    """Apply rules to every row in turn, interpreted; ``draw`` gives the luck of (name, row).

    Raises :class:`InputError` with file and line where a rule does what no rule may do, writes what ``bounds`` do
    not allow, or fails.
    """
    columns = _fields(rows)
    for row in range(len(rows)):
        for one in rules:
            luck = LuckView(one.draws, lambda name, row=row: draw(name, row))  # type: ignore[misc]
            agent = AgentView(one, columns, row)
            try:
                one.body(agent, world, luck)
            except (
                Refused,
                ArithmeticError,
                LookupError,
                TypeError,
                ValueError,
                AttributeError,
                NameError,
                RuntimeError,
            ) as error:
                raise _placed(one, error) from error
            commit(agent, bounds.get(one.name, {}))


def keyed(addresses: Mapping[str, int], keys: NDArray[np.uint64] | None) -> Callable[[str, int], float]:
    """Return the draw of (name, row) from the addresses of the names and the keys of the rows.

    Plain whole numbers are mixed, since NumPy's unsigned scalars warn when they wrap around.
    """
    known = [] if keys is None else keys.tolist()
    return lambda name, row: (mix(addresses[name] ^ known[row]) >> 11) * UNIT


def _placed(one: Rule, error: Exception) -> InputError:
    """Return an error with the innermost line of the rule's own file."""
    file = one.body.__code__.co_filename
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == file]
    text = str(error) if isinstance(error, Refused) else f"{_named(error)}: {error}"
    return InputError([one.mistake(text, lines[-1] if lines else None)])


def _line(one: Rule, frame: FrameType | None) -> int | None:
    """Return the line of a rule's own file in which a frame, or one that has called it, stands."""
    while frame is not None and frame.f_code.co_filename != one.body.__code__.co_filename:
        frame = frame.f_back
    return None if frame is None else frame.f_lineno


def _named(error: Exception) -> str:
    return "divides by zero" if isinstance(error, ZeroDivisionError) else type(error).__name__


def _fields(rows: Records) -> dict[str, NDArray[Any]]:
    return {name: rows[name] for name in rows.dtype.names or ()}


def _shown(columns: Mapping[str, NDArray[Any]], row: int) -> str:
    return ", ".join(f"{name}={column[row].tolist()}" for name, column in columns.items() if name != KEY)


def _column(columns: Mapping[str, NDArray[Any]], owner: str, name: str) -> NDArray[Any]:
    if name == KEY:
        raise Refused(_NO_KEY)
    try:
        return columns[name]
    except KeyError:
        allowed = [column for column in columns if column != KEY]
        raise Refused(f"{owner} have no column '{name}'{nearest(name, allowed)}") from None


def _refuse_write(target: str) -> NoReturn:
    raise Refused(f"writes {target}, but a rule may only change its own agent; use a market or a policy")


def _fitting(value: Any, dtype: np.dtype[Any], name: str) -> int | float | bool:
    """Return a value as a number of the kind that its column stores; refuse what compiled code would cut off."""
    if not isinstance(value, int | float):
        raise Refused(f"writes {type(value).__name__} into the column '{name}'; a number is needed")
    if dtype.kind == "f":
        return float(value)
    if isinstance(value, float):
        raise Refused(f"writes the fraction {value} into the whole-number column '{name}'; write int(...) of it")
    return value != 0 if dtype.kind == "b" else int(value)
