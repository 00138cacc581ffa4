"""Living through a month: its steps in order, rules that follow each other fused into one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from transitionsim.columns import POPULATIONS, Column
from transitionsim.engine import Sweep
from transitionsim.month import LISTS, MONTH, RESTS, Heading, Step
from transitionsim.plugins import arrange
from transitionsim.rule import Rule, tables_with
from transitionsim.world import State


class LivedMonth:
    """The month with a student's rules in it, its rules fused into passes, ready to be lived."""

    def __init__(self, extra: Sequence[Rule], interpret: bool | None) -> None:
        self.extra = tuple(extra)
        self.interpret = interpret
        self.headings = with_rules(MONTH, self.extra)
        self.columns: Mapping[str, tuple[Column, ...]] = tables_with(self.extra, POPULATIONS)
        self._passes: list[Sweep | Any] | None = None

    def passes(self, state: State) -> list[Any]:
        """Return the steps of the month with consecutive rules fused; rules are rehearsed and compiled once."""
        if self._passes is None:
            self._passes = []
            waiting: list[Rule] = []
            for step in (step for heading in self.headings for step in heading.steps):
                if waiting and not (isinstance(step, Rule) and step.on == waiting[0].on):
                    self._passes.append(self._sweep(waiting, state))
                    waiting = []
                if isinstance(step, Rule):
                    waiting.append(step)
                else:
                    self._passes.append(step)
        return self._passes

    def _sweep(self, rules: Sequence[Rule], state: State) -> Any:
        population = rules[0].on
        lists = next((LISTS[rule.name] for rule in rules if rule.name in LISTS), None)
        sweep = Sweep(rules, self.columns[population], state.world, interpret=self.interpret, lists=lists)
        flags = [RESTS.get(rule.name) for rule in rules]
        resting = tuple(flag for flag in flags if flag is not None) if None not in flags else ()

        def live(now: State) -> None:
            if resting and all(now.world[flag] for flag in resting):
                return
            listed = sweep(getattr(now, population), now.world, now.seed, now.month)
            now.listed = {lists: listed} if lists is not None else {}

        return live

    def live(self, state: State) -> None:
        """Live through one month and move the calendar on."""
        for step in self.passes(state):
            step(state)
        state.month += 1


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
