"""Populations: Mesa's vocabulary on top of one structured array.

A :class:`Population` answers to the verbs of a Mesa ``AgentSet`` (``select``, ``get``, ``set``, ``agg``,
``do``, ``map``, ``groupby``) while its agents are records of one array. A single agent is a :class:`Row`, a
view of two fields made on demand: ``isinstance(row, mesa.Agent)`` holds, ``row.wage`` reads and writes the
column, nothing is registered or kept.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, overload

import mesa
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transitionsim.columns import Column, Records, by_name
from transitionsim.errors import InputError, nearest
from transitionsim.groups import Groups
from transitionsim.rule import KEY

Mask = NDArray[np.bool_]
Filter = Callable[["Row"], bool]
Aggregate = Callable[[NDArray[Any]], Any]


class Row(mesa.Agent):  # type: ignore[misc]
    """One agent: reads and writes its columns as attributes; as good as any other view of the same row."""

    def __init__(self, population: Population, place: int) -> None:
        # Mesa's own __init__ would register the agent with the model and keep it in memory.
        object.__setattr__(self, "_population", population)
        object.__setattr__(self, "_place", place)

    @property
    def model(self) -> Any:
        """The model this agent lives in."""
        return self._population.model

    @property
    def unique_id(self) -> int:
        """A number that no other agent of the model has, if its populations were given distinct ones."""
        return int(self._population.first_id + self._place)

    @property
    def pos(self) -> None:
        """No position: agents live in a region, not on a grid."""
        return None

    def remove(self) -> None:
        """Refuse: rows are never taken out, an agent that leaves changes its status."""
        raise TypeError("agents of a population are not removed; change the status of the row")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        parts = next((column.parts for column in self._population.columns if column.name == name), ())
        return Parts(self, parts) if parts else self._population.whole(name).item(self._place)

    def __setattr__(self, name: str, value: Any) -> None:
        self._population.write(name, self._place, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)}" for name in self._population.names)
        return f"<{type(self).__name__} {self.unique_id}: {values}>"

    def _identity(self) -> tuple[int, int]:
        return self._population.identity, self._place


class Parts(Sequence[Any]):
    """A column of several parts of one agent, each read and written by its place, as in a rule."""

    def __init__(self, row: Row, names: Sequence[str]) -> None:
        self._row, self._names = row, names

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, place: Any) -> Any:
        return getattr(self._row, self._names[place])

    def __setitem__(self, place: int, value: Any) -> None:
        setattr(self._row, self._names[place], value)


class Worker(Row):
    """One person, or the persons that one record stands for."""


class Employer(Row):
    """One employer: a plant, a supplier or a firm of the rest of the economy."""


AGENT_TYPES: Final[Mapping[str, type[Row]]] = {"workers": Worker, "employers": Employer}
"""The class of the rows of a population, by the population's name; :class:`Row` for all others."""


class Population:
    """All agents of one kind, or a selection of them, in the order of their rows.

    ``rows`` has shape (n,) and one field for each of ``columns``; ``first_id`` is the ``unique_id`` of the
    first row, ``world`` what bounds some columns. ``population.wage`` is the column, to be read: of a whole
    population and of a slice a view that follows the run, of a selection a copy. Written is through :meth:`set` or a
    row, which refuse what the column may not hold. A column of several parts is one column for each of them, under
    its name. Unknown columns raise ``AttributeError``.
    """

    def __init__(
        self,
        model: Any,
        name: str,
        rows: Records,
        columns: Sequence[Column],
        *,
        first_id: int = 1,
        world: Mapping[str, Any] | None = None,
    ) -> None:
        self.model, self.name, self.columns, self.first_id = model, name, tuple(columns), first_id
        self.world = {} if world is None else world
        self.agent_type = AGENT_TYPES.get(name, Row)
        self._all = rows
        self._named = by_name(rows, self.columns)
        self._places: NDArray[np.int64] | slice = slice(None)
        self._numbers = np.arange(len(rows))

    @property
    def rows(self) -> Records:
        """The records, of shape (n,), to be read."""
        return _read_only(self._all[self._places])

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self._named)

    @property
    def identity(self) -> int:
        """A number that all selections of one population share."""
        return id(self._all)

    def whole(self, name: str) -> NDArray[Any]:
        """Return a column of all rows, to be read, also where this is a selection of them."""
        if name not in self._named:
            raise AttributeError(f"{self.name} have no column '{name}'{nearest(name, self.names)}")
        return _read_only(self._named[name])

    def write(self, name: str, places: Any, value: Any) -> None:
        """Write into places of a column what it may hold; raise :class:`InputError` for anything else."""
        self.whole(name)
        column = next(one for one in self.columns if name in one.names)
        limits, values = column.limits(self.world), np.asarray(value)
        if values.dtype.kind not in "biuf" or name == KEY:
            allowed = "it is the address of the agent's luck" if name == KEY else "a number is needed"
            raise InputError.one(self.name, f"{name} cannot be {value!r}; {allowed}")
        wrong = ~((values >= limits[0]) & (values <= limits[1]))
        if wrong.any():
            raise InputError.one(self.name, f"{name} cannot be {values[wrong].flat[0]}; {column.allowed(limits)}")
        cut = values != np.floor(values) if values.dtype.kind == "f" and column.dtype != "f8" else np.zeros(1, bool)
        if cut.any():
            raise InputError.one(self.name, f"{name} cannot be {values[cut].flat[0]}; a whole number is needed")
        self._named[name][places] = value

    def __getattr__(self, name: str) -> NDArray[Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.whole(name)[self._places]

    def __len__(self) -> int:
        return len(self._numbers[self._places])

    def __iter__(self) -> Iterator[Row]:
        return (self.agent_type(self, place) for place in self._numbers[self._places].tolist())

    def __contains__(self, agent: object) -> bool:
        same = isinstance(agent, Row) and agent._population.identity == self.identity
        return same and agent._place in self._numbers[self._places]  # type: ignore[attr-defined]

    @overload
    def __getitem__(self, place: int | np.integer[Any]) -> Row: ...
    @overload
    def __getitem__(self, place: slice | Mask | NDArray[np.int64]) -> Population: ...
    def __getitem__(self, place: Any) -> Row | Population:
        """Return one agent, or the selection that a slice, a mask or an array of places makes."""
        if isinstance(place, slice) and isinstance(self._places, slice):
            return self._part(_slice_of(range(len(self._all))[self._places][place]))
        found = self._numbers[self._places][place]
        return self._part(found) if isinstance(found, np.ndarray) else self.agent_type(self, int(found))

    def select(
        self,
        filter_func: Filter | Mask | None = None,
        at_most: float = math.inf,
        *,
        agent_type: type | None = None,
        **values: Any,
    ) -> Population:
        """Return the agents that a mask or a function of one agent accepts and whose columns have the values.

        ``at_most`` keeps the first so many of them; a fraction such as 0.5, so large a share of all.
        """
        wanted = np.ones(len(self), bool)
        if agent_type is not None and not issubclass(self.agent_type, agent_type):
            wanted[:] = False
        for name, value in values.items():
            wanted &= getattr(self, name) == value
        if callable(filter_func):
            wanted &= np.fromiter((bool(filter_func(agent)) for agent in self), bool, len(self))
        elif filter_func is not None:
            wanted &= np.asarray(filter_func, bool)
        places = self._numbers[self._places][wanted]
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        return self._part(places if at_most == math.inf else places[: int(at_most)])

    def get(self, names: str | Sequence[str]) -> Any:
        """Return a column, of shape (n,), or for several names a list with the values of each agent."""
        if isinstance(names, str):
            return getattr(self, names)
        columns = [getattr(self, name).tolist() for name in names]
        return [list(values) for values in zip(*columns, strict=True)]

    def set(self, name: str, value: Any) -> Population:
        """Write a value, or one for each agent, into a column; returns this population."""
        self.write(name, self._places, value)
        return self

    def agg(self, name: str, func: Aggregate | Sequence[Aggregate]) -> Any:
        """Return what a function, or each of several, makes of a column; whole numbers come as int64."""
        column = getattr(self, name)
        # Python's sum over int8 values would overflow.
        column = column.astype(np.int64) if column.dtype.kind == "i" else column
        return func(column) if callable(func) else [each(column) for each in func]

    def do(self, method: str | Callable[..., Any], *args: Any, **options: Any) -> Population:
        """Call a function, or a method by name, with every agent in turn; returns this population."""
        self.map(method, *args, **options)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **options: Any) -> list[Any]:
        """Return the list of what a function, or a method by name, gives for every agent."""
        if isinstance(method, str):
            return [getattr(agent, method)(*args, **options) for agent in self]
        return [method(agent, *args, **options) for agent in self]

    def groupby(self, by: str | Callable[[Row], Any]) -> Groups:
        """Return the agents grouped by a column or by a function of one agent, in the order of the values."""
        if isinstance(by, str):
            keys, group = np.unique(getattr(self, by), return_inverse=True)
            return Groups({key.item(): self[np.flatnonzero(group == i)] for i, key in enumerate(keys)})
        places: dict[Any, list[int]] = {}
        for place, key in enumerate(self.map(by)):
            places.setdefault(key, []).append(place)
        return Groups({key: self[np.array(found)] for key, found in sorted(places.items())})

    def frame(self) -> pd.DataFrame:
        """Return a table with one line for each agent, indexed by ``unique_id``."""
        index = pd.Index(self._numbers[self._places] + self.first_id, name="unique_id")
        return pd.DataFrame({name: getattr(self, name) for name in self.names}, index=index)

    def to_list(self) -> list[Row]:
        """Return a list of all agents."""
        return list(self)

    def __repr__(self) -> str:
        return f"<{len(self)} {self.name}>"

    def _part(self, places: NDArray[np.int64] | slice) -> Population:
        part = copy.copy(self)
        part._places = places
        return part


def _read_only(values: NDArray[Any]) -> NDArray[Any]:
    """Return a view through which nothing can be written."""
    view = values.view()
    view.flags.writeable = False
    return view


def _slice_of(rows: range) -> slice:
    """Return the slice that picks the rows of a range; a slice cannot stop at -1 when it runs backwards."""
    if not rows:
        return slice(0, 0)
    stop = rows[-1] + (1 if rows.step > 0 else -1)
    return slice(rows[0], None if stop < 0 else stop, rows.step)
