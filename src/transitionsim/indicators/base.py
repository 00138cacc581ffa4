"""What an indicator is: one function of a run's record, with everything a reader must know beside its number."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from transitionsim.indicators.frameworks import FRAMEWORKS
from transitionsim.indicators.record import Arms, Record, Values

Direction = Literal["lower is better", "higher is better", "neither"]
Against = Literal["no transition", "baseline", "nothing"]
Function = Callable[[Arms], Values]

FRAMEWORK: Final = "a regional proposal under the Route 35 themes"
"""What the set of indicators is; no definitions of indicators were published under those themes."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    ``function`` gives its values by group. A *level* needs one run only; a comparison takes the level of a scenario
    less that in the arm ``against``, and the level itself where that is "nothing". With ``paired`` the function itself
    takes two arms of a draw, the scenario and the one ``against``. ``needs`` and ``tables`` name what it reads of the
    record: series or parts, and tables.
    """

    code: str
    name: str
    unit: str
    denominator: str
    direction: Direction
    source: str
    is_not: str
    function: Function
    needs: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    against: Against = "no transition"
    paired: bool = False
    taken_beside: bool = False
    """What it needs was taken when both runs of a pair ran, so that only the record of the scenario holds it."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Units of groups that have another one."""
    ratio: tuple[str, str] | None = None
    """Groups whose ratio is formed over draws, and only where the interval of the second does not span zero."""
    ratio_unit: str = ""
    thresholds: tuple[float, ...] = ()
    """What one unit of the second group of ``ratio`` may cost; the share of draws in which it costs less is given."""

    @property
    def framework(self) -> str:
        """The framework that the indicator can be laid beside."""
        return FRAMEWORKS[self.code]

    @property
    def meaning(self) -> str:
        """The description of the function: what is counted and how."""
        return " ".join(inspect.cleandoc(self.function.__doc__ or "").split())

    def unit_of(self, group: str) -> str:
        """Return the unit of one group."""
        return self.units.get(group, self.unit)

    def can_read(self, record: Record) -> bool:
        """Return whether a record holds all that the function reads."""
        return record.has(self.needs, self.tables)


def indicator(code: str, name: str, **texts: object) -> Callable[[Function], Indicator]:
    """Return a decorator that makes a function an indicator."""

    def made(function: Function) -> Indicator:
        return Indicator(code=code, name=name, function=function, **texts)  # type: ignore[arg-type]

    return made
