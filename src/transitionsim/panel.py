"""A panel: what some persons do month after month, kept while a run goes on.

The persons are chosen by keyed luck, so a seed follows the same persons in every scenario, and the smaller of two
panels is a part of the larger. Watching changes nothing in a run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import NOBODY
from transitionsim.draws import stream, uniform
from transitionsim.employer_kinds import size_classes
from transitionsim.errors import InputError
from transitionsim.policies import populations
from transitionsim.world import State

MOST_ROWS: Final = 50_000_000
"""Rows of all seeds together that a panel may have; each takes about 30 bytes while the runs go on."""
_PURPOSE: Final = "panel"
_LONGEST: Final = 12
_KEPT: Final = (
    "status",
    "contract",
    "profile",
    "wage",
    "wage_before",
    "cause",
    "course",
    "birth_month",
    "exit_month",
    "since",
    "hired",
    "jobless_since",
    "displaced_month",
    "notice_end",
)
"""Columns of a worker that are copied every month; what a student's rules add comes on top."""
_OF_EMPLOYER: Final = (("tier", "i1"), ("sector", "i1"), ("size", "i1"))


@dataclass(frozen=True, slots=True)
class PanelSize:
    """How many persons a panel has: a share of all records, or a number of them.

    >>> PanelSize.parse("0.5%").persons(4350), PanelSize.parse("500").persons(4350)
    (22, 500)
    """

    share: float | None = None
    count: int | None = None

    @classmethod
    def parse(cls, text: str) -> PanelSize:
        """Return the size written as ``1%`` or ``500``; raise :class:`InputError` for anything else."""
        written = text.strip()
        digits = written.removesuffix("%").rstrip()
        plain = len(digits) <= _LONGEST and digits.isascii() and digits.replace(".", "", 1).isdigit()
        if plain and written.endswith("%") and 0.0 < float(digits) <= 100.0:
            return cls(share=float(digits) / 100.0)
        if plain and digits == written and "." not in digits and int(digits) > 0:
            return cls(count=int(digits))
        needed = "a share above 0% and up to 100% such as 1%, or a number of persons such as 500"
        raise InputError.one("--panel", f"found '{text}'; what is needed: {needed}")

    def persons(self, records: int) -> int:
        """Return how many of so many records are followed; at least one."""
        if self.count is not None:
            if self.count > records:
                raise InputError.one("--panel", f"found {self.count:,}; the region has {records:,} records of people")
            return self.count
        return max(1, int((self.share or 0.0) * records + 0.5))

    def __str__(self) -> str:
        return f"{self.count:,}" if self.count is not None else f"{100.0 * (self.share or 0.0):g}%"


def sampled(keys: NDArray[np.uint64], seed: int, persons: int) -> NDArray[np.int64]:
    """Return the rows of so many persons, chosen by the luck of their keys, in ascending order."""
    luck = uniform(stream(seed, _PURPOSE, 0), keys)
    return np.sort(np.lexsort((keys, luck))[:persons]).astype(np.int64)


@dataclass
class Panel:
    """The persons followed in one run; ``record`` holds one row for each month and person.

    ``rows`` has shape (persons,): the places of the persons among the workers. ``added`` are the columns of a
    student's rules.
    """

    rows: NDArray[np.int64]
    record: NDArray[np.void]
    profiles: tuple[str, ...]
    added: tuple[str, ...]
    months: int = 0

    @classmethod
    def begin(cls, state: State, size: PanelSize, runs: int = 1) -> Panel:
        """Return an empty panel of a run that is about to begin; refuse one that ``runs`` of make too large."""
        records = len(state.workers)
        persons = size.persons(records)
        months = state.settings.months
        total = persons * months * runs
        if total > MOST_ROWS:
            many = f"{size} of {records:,} records over {months} months and {runs} seed{'s' * (runs != 1)}"
            fitting = MOST_ROWS // (months * runs)
            text = f"{many} makes {total:,} rows; at most {MOST_ROWS:,} are kept: ask for {fitting:,} persons or fewer"
            raise InputError.one("--panel", text)
        own = state.workers.dtype
        house = {column.name for column in populations()["workers"]}
        added = tuple(name for name in own.names or () if name not in house)
        fields = [*((name, own[name]) for name in (*_KEPT, *added)), *_OF_EMPLOYER]
        return cls(
            sampled(state.workers["key"], state.seed, persons),
            np.zeros((months, persons), dtype=np.dtype(fields)),
            tuple(state.reference.jobs.names),
            added,
        )

    def take(self, state: State) -> None:
        """Write down the month that has just been lived."""
        people = state.workers[self.rows]
        now = self.record[self.months]
        for name in (*_KEPT, *self.added):
            now[name] = people[name]
        employer = people["employer"]
        without = employer == NOBODY
        sizes = size_classes(state.employers, state.scale)
        for name, values in (("tier", state.employers["tier"]), ("sector", state.employers["sector"]), ("size", sizes)):
            now[name] = np.where(without, -1, values[employer])
        self.months += 1

    def __len__(self) -> int:
        return len(self.rows) * self.months

    def lives(self) -> NDArray[np.int16]:
        """Return which person holds the row, counted from 1, shape (months, persons): an entrant begins a new life."""
        record = self.record[: self.months]
        born, leaves = record["birth_month"], record["exit_month"]
        month = np.arange(1, self.months)[:, None]
        entered = (leaves[:-1] <= month) & ((born[1:] != born[:-1]) | (leaves[1:] != leaves[:-1]))
        lives = np.ones(record.shape, np.int16)
        lives[1:] += np.cumsum(entered, axis=0, dtype=np.int16)
        return lives
