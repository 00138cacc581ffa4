"""The plan of a sweep and what was read back of it, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transitionsim.experiments.design import Role, Swept
from transitionsim.experiments.outcomes import BASES
from transitionsim.experiments.results import Failure
from transitionsim.series import BY_NAME

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class PlannedArm:
    """One arm: a scenario with one lever point; ``point`` is -1 for a scenario of its own."""

    label: str
    role: Role
    point: int
    levers: Mapping[str, Any]
    digest: str
    without_rules: bool = False
    """Run without the rules of one's own that the other arms have."""


@dataclass(frozen=True)
class RuleFile:
    """A file of rules of one's own as a plan holds it: as text, so that the plan can be run on anywhere."""

    file: str
    sha256: str
    text: str


@dataclass(frozen=True)
class PlannedDraw:
    """One draw: a seed and the values of the uncertain inputs; draws of one ``inputs`` differ by seed only."""

    number: int
    seed: int
    inputs: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Effect:
    """The smallest effect of interest, fixed before running."""

    outcome: str
    size: float
    unit: str


@dataclass(frozen=True)
class Plan:
    """What a sweep runs."""

    question: str
    id: str
    version: str
    region: str
    arms: tuple[PlannedArm, ...]
    draws: tuple[PlannedDraw, ...]
    indicators: tuple[str, ...]
    horizons: tuple[int, ...]
    smallest_effect: Effect | None
    design: str
    swept: tuple[Swept, ...]
    sampling: Mapping[str, Any]
    futures: tuple[str, ...] = ()
    """Levers that nobody chooses: part of the future for regret."""
    rules: tuple[RuleFile, ...] = ()
    denominator: str = "NACE C29"
    """What automotive jobs are counted by in the region."""
    whole: bool = False
    """Whether the whole record of every run is kept: what has no levers and asks for no values of its own."""

    @property
    def kept(self) -> tuple[str, ...]:
        """The values kept of every run: those asked for, or all series and the outcomes that they do not hold.

        What outcomes are a part of is kept beside them.
        """
        if not self.whole:
            return (*self.indicators, *BASES)
        return (*BY_NAME, *(name for name in self.indicators if name not in BY_NAME), *BASES)


@dataclass(frozen=True)
class Sweep:
    """A sweep as far as it has run."""

    plan: Plan
    values: pd.DataFrame
    failures: tuple[Failure, ...]
    complete: bool
    folder: Path
