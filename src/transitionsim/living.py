"""Living through a month: its steps in order, rules that follow each other fused into one pass."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from transitionsim.columns import Column
from transitionsim.engine import Sweep, interpreted
from transitionsim.month import LISTS, MONTH, RESTS, Heading, Step
from transitionsim.plugins import arrange
from transitionsim.policies import populations
from transitionsim.reading import is_ours
from transitionsim.rule import Rule, tables_with
from transitionsim.world import State

_KEPT: Final = 8
_LOCK: Final = threading.Lock()
_known: OrderedDict[tuple[Any, ...], list[Any]] = OrderedDict()
"""Passes of the months lived so far in this process: reading, rehearsing and compiling rules is done once."""


class LivedMonth:
    """The month with a student's rules in it, its rules fused into passes, ready to be lived."""

    def __init__(self, extra: Sequence[Rule], interpret: bool | None) -> None:
        self.extra = tuple(extra)
        self.interpret = interpret
        self.headings = with_rules(MONTH, self.extra)
        self.columns: Mapping[str, tuple[Column, ...]] = tables_with(self.extra, populations())
        self._passes: list[Sweep | Any] | None = None

    def passes(self, state: State) -> list[Any]:
        """Return the steps of the month with consecutive rules fused; rules are rehearsed and compiled once.

        Runs of one process share them, where rules, engine and what the world is made of are the same.
        """
        if self._passes is None:
            steps = tuple(step for heading in self.headings for step in heading.steps)
            key = (steps, interpreted(self.interpret), *_made_of(state.world))
            with _LOCK:
                if key not in _known:
                    _known[key] = self._fused(state)
                _known.move_to_end(key)
                while len(_known) > _KEPT:
                    _known.popitem(last=False)
                self._passes = _known[key]
        return self._passes

    def _fused(self, state: State) -> list[Any]:
        passes: list[Any] = []
        waiting: list[Rule] = []
        for step in (step for heading in self.headings for step in heading.steps):
            if waiting and not (isinstance(step, Rule) and step.on == waiting[0].on):
                passes.append(self._sweep(waiting, state))
                waiting = []
            if isinstance(step, Rule):
                waiting.append(step)
            else:
                passes.append(step)
        if waiting:
            passes.append(self._sweep(waiting, state))
        return passes

    def _sweep(self, rules: Sequence[Rule], state: State) -> Any:
        population = rules[0].on
        lists = next((LISTS[rule.name] for rule in rules if rule.name in LISTS), None)
        sweep = Sweep(rules, self.columns[population], state.world, interpret=self.interpret, lists=lists)
        flags = [RESTS.get(rule.name) if is_ours(rule.body) else None for rule in rules]
        resting = tuple(flag for flag in flags if flag is not None) if None not in flags else ()

        def live(now: State) -> None:
            if resting and all(now.world[flag] for flag in resting):
                return
            listed = sweep(getattr(now, population), now.world, now.seed, now.month)
            now.labour.listed = {lists: listed} if lists is not None else {}

        return live

    def live(self, state: State) -> None:
        """Live through one month and move the calendar on."""
        for step in self.passes(state):
            step(state)
        state.month += 1


def _made_of(world: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Give name and type of everything in a world, with the layout of arrays."""
    for name, value in world.items():
        if isinstance(value, np.ndarray):
            yield name, value.dtype, value.ndim, value.flags.c_contiguous, value.flags.writeable
        else:
            yield name, type(value)


def with_rules(month: Sequence[Heading], extra: Sequence[Rule]) -> tuple[Heading, ...]:
    """Return the month with a student's rules put behind or in place of the rules they name."""
    if not extra:
        return tuple(month)
    steps = arrange([step for heading in month for step in heading.steps], extra)
    headings, rest = [], list(steps)
    for heading in month:
        last = heading.steps[-1]
        own: list[Step] = []
        while rest:
            step = rest.pop(0)
            own.append(step)
            follows = rest[0] if rest else None
            if step is last or _replaces(step, last):
                if isinstance(follows, Rule) and follows in extra and follows.after == _name(last):
                    continue
                break
        headings.append(Heading(heading.title, tuple(own)))
    return tuple(headings)


def _replaces(step: Step, other: Step) -> bool:
    return isinstance(step, Rule) and step.replaces is not None and step.replaces == _name(other)


def _name(step: Step) -> str:
    return step.name if isinstance(step, Rule) else step.__name__
