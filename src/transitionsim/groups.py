"""Several populations seen as one: groups of agents, and all agents of a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transitionsim.population import Population, Row


class Groups:
    """The agents of one population by the value of a column or a function: what ``groupby`` returns."""

    def __init__(self, groups: Mapping[Any, Population]) -> None:
        self.groups = dict(groups)

    def __iter__(self) -> Iterator[tuple[Any, Population]]:
        return iter(self.groups.items())

    def __len__(self) -> int:
        return len(self.groups)

    def count(self) -> dict[Any, int]:
        """Return the number of agents in each group."""
        return {key: len(group) for key, group in self}

    def agg(self, name: str, func: Callable[[Any], Any]) -> dict[Any, Any]:
        """Return what a function makes of a column in each group."""
        return {key: group.agg(name, func) for key, group in self}

    def map(self, func: Callable[[Population], Any]) -> dict[Any, Any]:
        """Return what a function makes of each group."""
        return {key: func(group) for key, group in self}

    def do(self, func: Callable[[Population], Any]) -> Groups:
        """Call a function with each group in turn; returns these groups."""
        self.map(func)
        return self


class Populations:
    """All agents of a model, population after population: what ``model.agents`` returns."""

    def __init__(self, populations: Sequence[Population]) -> None:
        self.populations = tuple(populations)

    @property
    def by_type(self) -> dict[type[Row], Population]:
        """The populations by the class of their agents: what ``model.agents_by_type`` returns."""
        return {population.agent_type: population for population in self.populations}

    def __len__(self) -> int:
        return sum(len(population) for population in self.populations)

    def __iter__(self) -> Iterator[Row]:
        return chain.from_iterable(self.populations)

    def __contains__(self, agent: object) -> bool:
        return any(agent in population for population in self.populations)

    def __getitem__(self, place: int) -> Row:
        """Return the agent at a place, counted through all populations."""
        rest = place + len(self) if place < 0 else place
        for population in self.populations if rest >= 0 else ():
            if rest < len(population):
                return population[rest]
            rest -= len(population)
        raise IndexError(f"there are {len(self)} agents, number {place} was asked for")

    def select(
        self, filter_func: Callable[[Row], bool] | None = None, *, agent_type: type | None = None
    ) -> Populations:
        """Return the agents that a function of one agent accepts, optionally those of one class only."""
        chosen = [each.select(filter_func, agent_type=agent_type) for each in self.populations]
        return Populations([each for each in chosen if len(each)])

    def get(self, names: str | Sequence[str]) -> list[Any]:
        """Return the list of every agent's value of a column, or of its values of several columns."""
        if isinstance(names, str):
            return [value for each in self.populations for value in each.get(names).tolist()]
        return [values for each in self.populations for values in each.get(names)]

    def set(self, name: str, value: Any) -> Populations:
        """Write one value into a column that all populations have; returns these agents."""
        for each in self.populations:
            each.set(name, value)
        return self

    def do(self, method: str | Callable[..., Any], *args: Any, **options: Any) -> Populations:
        """Call a function, or a method by name, with every agent in turn; returns these agents."""
        self.map(method, *args, **options)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **options: Any) -> list[Any]:
        """Return the list of what a function, or a method by name, gives for every agent."""
        return [found for each in self.populations for found in each.map(method, *args, **options)]

    def to_list(self) -> list[Row]:
        """Return a list of all agents."""
        return list(self)

    def __repr__(self) -> str:
        return f"<{', '.join(f'{len(each)} {each.name}' for each in self.populations)}>"
