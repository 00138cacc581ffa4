"""What a figure may be used for: a level on the ladder of purposes, earned by the evidence behind its drivers.

Level 0 is illustration, level 1 the exploration of scenarios, level 2 exploration with a model that reproduces patterns
it was not fitted to. Prediction (level 3) is never reached: nothing here was published before the data it speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from transitionsim.claims.drivers import Drivers
from transitionsim.claims.language import Language

Level = Literal[0, 1, 2]
PATTERNS_NEEDED: Final = 4
"""Independent patterns that a model must reproduce, none of them used in fitting, before level 2."""


@dataclass(frozen=True)
class Patterns:
    """Facts that the model reproduces without having been fitted to them, and the table that says so.

    ``names`` are those of the package's own facts, ``titles`` what they are called; ``sha256`` is the digest of the
    table's file. Which facts there are, whether the model was fitted to them and where they are known from is the
    package's word, not the table's; what was simulated is the table's, which ``transitionsim validate facts`` makes
    again.
    """

    names: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True)
class Purpose:
    """The level of a figure, why it is not a higher one, and the patterns that earned level 2.

    ``reason`` is the name of a text, ``counts`` are the numbers in it.
    """

    level: Level
    reason: str
    counts: Mapping[str, int] = field(default_factory=dict)
    patterns: Patterns = Patterns()

    @property
    def name(self) -> str:
        """The level as cards hold it."""
        return f"L{self.level}"

    def why(self, words: Language) -> str:
        """Return why the level is no higher, in a language."""
        return words(f"page.why.{self.reason}", **self.counts)


def purpose_of(drivers: Drivers, *, own_rules: bool = False, patterns: Patterns | None = None) -> Purpose:
    """Return the level that a figure has earned.

    Level 0 while an input that carries its uncertainty is an assumption (grade D), or an assumption that draws vary by
    default was held at one value, or none was varied at all, or rules of one's own changed the model; level 1 with all
    of them graded A to C; level 2 with ``patterns`` as well.
    """
    if own_rules:
        return Purpose(0, "rules")
    if not drivers.rows:
        return Purpose(0, "fixed")
    if drivers.assumed:
        return Purpose(0, "assumed", {"count": len(drivers.assumed), "total": len(drivers.carrying)})
    if drivers.held:
        return Purpose(0, "held", {"count": len(drivers.held)})
    shown = patterns or Patterns()
    if len(shown.names) < PATTERNS_NEEDED:
        return Purpose(1, "patterns", {"count": len(shown.names), "needed": PATTERNS_NEEDED})
    return Purpose(2, "top", patterns=shown)
