"""What a monthly series is: its name, its unit and its meaning; that of a policy says too how it is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["stock", "flow", "to date"]
Count = Callable[[Any], Any]
"""Returns a number of rows, firms or cents from the state at the end of a month."""


@dataclass(frozen=True, slots=True)
class Series:
    """One monthly series: a stock at the end of the month, a flow of the month, or a total to date."""

    name: str
    kind: Kind
    unit: str
    meaning: str
    count: Count | None = field(default=None, compare=False)
    """How a policy counts its own, in rows where the unit is persons; ``recorder`` has the counts of all others."""
