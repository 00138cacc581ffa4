"""The lines of the record: what was measured, the band it should lie in, and by how much it misses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

PLACE = re.compile(r"(<!-- record: (\S+) -->\n).*?(<!-- end of record -->)", re.DOTALL)
COLUMNS = ("check", "measure", "value", "unit", "low", "high", "seeds", "persons per row", "note")


@dataclass(frozen=True)
class Line:
    """One measure of one check; a band open to one side has one limit, a measure without limits is only shown."""

    check: str
    measure: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    seeds: int = 1
    scale: int = 1
    note: str = ""

    @property
    def missed_by(self) -> float:
        """How far the value lies outside its band, 0 inside; a value that is no number misses by infinity."""
        if self.value != self.value:
            return float("inf")
        below = 0.0 if self.low is None else self.low - self.value
        above = 0.0 if self.high is None else self.value - self.high
        return max(0.0, below, above)

    @property
    def verdict(self) -> str:
        """``passes``, ``misses by x``, or ``shown`` for a measure without a band.

        >>> Line("steady", "drift", 0.25, "points", -0.1, 0.1).verdict
        'misses by 0.15'
        """
        if self.low is None and self.high is None:
            return "shown"
        return "passes" if self.missed_by == 0.0 else f"misses by {number(self.missed_by)}"

    @property
    def band(self) -> str:
        """The band in words.

        >>> Line("steady", "drift", 0.25, "points", high=0.1).band
        'at most 0.1'
        """
        if self.low is not None and self.high is not None:
            return number(self.low) if self.low == self.high else f"{number(self.low)} to {number(self.high)}"
        if self.low is not None:
            return f"at least {number(self.low)}"
        return "" if self.high is None else f"at most {number(self.high)}"


def number(value: float) -> str:
    """Return a number with as many digits as a reader needs.

    >>> number(1234.5), number(0.01234), number(-3.0)
    ('1,234', '0.0123', '-3')
    """
    if value != value or abs(value) == float("inf"):
        return "undefined"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def as_table(lines: Iterable[Line]) -> pd.DataFrame:
    """Return lines as a table that keeps their limits as numbers."""
    rows = [
        (one.check, one.measure, one.value, one.unit, one.low, one.high, one.seeds, one.scale, one.note)
        for one in lines
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def from_table(table: pd.DataFrame) -> list[Line]:
    """Return the lines of a table; an empty limit is none."""
    whole = table.astype(object).where(table.notna(), None)
    rows: list[list[Any]] = whole[list(COLUMNS)].to_numpy().tolist()
    return [
        Line(*(_empty(name) if value is None else value for name, value in zip(COLUMNS, row, strict=True)))
        for row in rows
    ]


def _empty(name: str) -> Any:
    return {"note": "", "value": float("nan")}.get(name)


def markdown(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table of a page."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(" ".join(str(cell).split()) for cell in line) + " |\n" for line in lines)


def page_table(lines: Iterable[Line]) -> str:
    """Return the table of the page of checks."""
    return markdown(
        ("check", "measure", "measured", "unit", "band", "result", "seeds", "persons per row", "note"),
        (
            (one.check, one.measure, number(one.value), one.unit, one.band, one.verdict, one.seeds, one.scale, one.note)
            for one in lines
        ),
    )


def write_page(path: Path, name: str, text: str) -> None:
    """Put a text into the place of a page that is kept for the record of this name."""
    before = path.read_text(encoding="utf-8")
    after = PLACE.sub(lambda found: f"{found[1]}{text}{found[3]}" if found[2] == name else found[0], before)
    path.write_text(after, encoding="utf-8")
