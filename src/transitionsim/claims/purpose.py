"""What a figure may be used for: a level on the ladder of purposes, earned by the evidence behind its drivers.

Level 0 is illustration, level 1 the exploration of scenarios, level 2 exploration with a model that reproduces patterns
it was not fitted to. Prediction (level 3) is never reached: nothing here was published before the data it speaks of.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from transitionsim.claims.drivers import Drivers
from transitionsim.claims.language import Language
from transitionsim.errors import InputError

Level = Literal[0, 1, 2]
PATTERNS_NEEDED: Final = 4
"""Independent patterns that a model must reproduce, none of them used in fitting, before level 2."""
_COLUMNS: Final = frozenset({"fact", "verdict", "fitted"})


@dataclass(frozen=True)
class Purpose:
    """The level of a figure, why it is not a higher one, and the patterns that earned level 2.

    ``reason`` is the name of a text, ``counts`` are the numbers in it; ``why`` is the text in English.
    """

    level: Level
    reason: str
    counts: Mapping[str, int] = field(default_factory=dict)
    patterns: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The level as cards hold it."""
        return f"L{self.level}"

    def why(self, words: Language) -> str:
        """Return why the level is no higher, in a language."""
        return words(f"page.why.{self.reason}", **self.counts)


def purpose_of(drivers: Drivers, *, own_rules: bool = False, patterns: Sequence[str] = ()) -> Purpose:
    """Return the level that a figure has earned.

    Level 0 while an input that carries its uncertainty is an assumption (grade D), or none was varied at all, or rules
    of one's own changed the model; level 1 with all of them graded A to C; level 2 with ``patterns`` as well.
    """
    if own_rules:
        return Purpose(0, "rules")
    if not drivers.rows:
        return Purpose(0, "fixed")
    if drivers.assumed:
        return Purpose(0, "assumed", {"count": len(drivers.assumed), "total": len(drivers.carrying)})
    if len(patterns) < PATTERNS_NEEDED:
        return Purpose(1, "patterns", {"count": len(patterns), "needed": PATTERNS_NEEDED})
    return Purpose(2, "top", patterns=tuple(patterns))


def patterns_in(path: Path) -> tuple[str, ...]:
    """Return the facts that hold and were not fitted, of a table that ``transitionsim facts --out`` wrote.

    Raises :class:`InputError` where the file is none.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise InputError.one("--facts", f"{path}: cannot be read as CSV") from None
    if not rows or not rows[0].keys() >= _COLUMNS:
        raise InputError.one(
            "--facts", f"{path}: is no table of transitionsim facts; it needs fact, verdict and fitted"
        )
    return tuple(row["fact"] for row in rows if row["verdict"] == "holds" and row["fitted"] == "no")
