"""Whose life is told: a person by number, or the first one to whom something happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import NOBODY, Records
from transitionsim.draws import stream, uniform
from transitionsim.errors import InputError, nearest
from transitionsim.model import TransitionModel, state_of
from transitionsim.rule import Rule
from transitionsim.scenario import Scenario

_PURPOSE: Final = "follow"
Found = Callable[[Records, Records, int], NDArray[np.bool_]]
"""Tells from the rows before and after a month who is meant."""


def _displaced(before: Records, after: Records, month: int) -> NDArray[np.bool_]:
    return np.asarray(after["displaced_month"] == month)


def _trained(before: Records, after: Records, month: int) -> NDArray[np.bool_]:
    finished = (before["course"] != NOBODY) & (before["course_end"] <= month)
    return np.asarray(finished & (after["course"] == NOBODY) & (after["reach"] != before["reach"]))


_FIRST: Final[Mapping[str, tuple[Found, str]]] = {
    "displaced": (_displaced, "is displaced from a job of two years or more"),
    "trained": (_trained, "completes a course that opens a job profile"),
}
WORDS: Final = ("displaced", "trained", "random")


def person_of(key: str, scenario: Scenario, seed: int, rules: Sequence[Rule] = ()) -> int:
    """Return the number of a person, from 1 on: the number given, or whom a word means in this scenario.

    ``displaced`` and ``trained`` are the first to whom it happens, in a month with several the one with the lowest
    key; ``random`` is drawn by keyed luck. Raises :class:`InputError` for anything else, and when it is nobody.
    """
    if not key.isascii() or not (key.isdigit() or key in WORDS):
        raise InputError.one("--worker", f"found '{key}'{nearest(key, WORDS)}, or the number of a person")
    model = TransitionModel(scenario, rng=seed, rules=rules)
    rows = state_of(model).workers
    if key.isdigit():
        if not 1 <= int(key) <= len(rows):
            raise InputError.one("--worker", f"found {key}; the region has persons 1 to {len(rows):,}")
        return int(key)
    if key == "random":
        luck = uniform(stream(seed, _PURPOSE, 0), rows["key"])
        return int(np.lexsort((rows["key"], luck))[0]) + 1
    return _first(key, model)


def _first(word: str, model: TransitionModel) -> int:
    found, happens = _FIRST[word]
    while model.running:
        before, month = state_of(model).workers.copy(), model.month
        model.step()
        rows = state_of(model).workers
        places = np.flatnonzero(found(before, rows, month) & (before["exit_month"] > month))
        if len(places):
            return int(places[np.argmin(rows["key"][places])]) + 1
    text = f"nobody {happens} in this scenario with seed {model.seed}; name a number, or ask for 'random'"
    raise InputError.one("--worker", text)
