"""A story: what happens to one person of a run, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from transitionsim.columns import NOBODY
from transitionsim.model import TransitionModel, state_of
from transitionsim.months import Month
from transitionsim.rule import Rule
from transitionsim.scenario import Scenario
from transitionsim.stories import words
from transitionsim.stories.events import Moment, ending, ends, events, standing
from transitionsim.stories.words import Words
from transitionsim.world import State

Kind = Literal["start", "event", "year", "end"]
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a story, with its month and what it is: the start, an event, the year's end or the end."""

    month: Month
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """A person's life in one scenario, sentence by sentence; ``labels`` are the notes that belong beside the run."""

    lines: tuple[Line, ...]
    labels: tuple[str, ...]


def follow(person: int, scenario: Scenario, seed: int, rules: Sequence[Rule] = ()) -> Story:
    """Run a scenario and tell the life of the person with this number, from 1 on, until the end of the run or of it."""
    model = TransitionModel(scenario, rng=seed, rules=rules)
    said = Words(scenario.start, tuple(state_of(model).reference.jobs.names))
    now = _moment(state_of(model), person - 1)
    lines = [Line(scenario.start, "start", f"before the first month: {standing(now, said)}")]
    while model.running:
        before = now
        model.step()
        now = _moment(state_of(model), person - 1)
        lines += told(before, now, said)
        if ends(before, now):
            break
    return Story(tuple(lines), tuple(model.labels))


def told(before: Moment, after: Moment, said: Words) -> list[Line]:
    """Return the lines of a month: its events, and in December how the person stands."""
    date = Month(said.start + after.month)
    if ends(before, after):
        return [Line(date, "end", ending(before, after))]
    lines = [Line(date, "event", text) for text in events(before, after, said)]
    if date.month == _DECEMBER:
        lines.append(Line(date, "year", f"at the end of the year: {standing(after, said)}"))
    return lines


def _moment(state: State, place: int) -> Moment:
    """Return a person as the row stands now, in plain Python values."""
    rows = state.workers
    row = {name: rows[name][place].tolist() for name in rows.dtype.names or ()}
    return Moment(state.month - 1, row, words.employer(state, int(row.get("employer", NOBODY))))
