"""Finished runs of a design with their whole records, as tables, texts and figures are made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from transitionsim.breakdowns import FirmsAtEnd
from transitionsim.errors import Mistake
from transitionsim.experiments.displacement import Displacement
from transitionsim.histories import Earnings

if TYPE_CHECKING:
    from transitionsim.experiments.contrasts import Measured
    from transitionsim.experiments.design import Arm
    from transitionsim.experiments.planning import Design

Series = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class ArmRun:
    """One finished run: its draw and arm, the monthly series, the digest of its last rows and its labels."""

    draw: int
    seed: int
    arm: str
    series: Series
    digest: str
    labels: tuple[str, ...]
    displacement: Displacement | None = None
    """What its courses changed for participants and for others, against the baseline of the draw."""
    tables: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    """Tables by calendar year: flows summed over it, stocks in its last month."""
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the places along a dimension of the tables are called."""
    firms: FirmsAtEnd | None = None
    earnings: Earnings | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that could not be finished: at which stage, and why; ``mistakes`` when it was the user's input."""

    draw: int
    seed: int
    arm: str
    stage: str
    cause: str
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """All runs of a design, ordered by draw and arm, and the runs that failed."""

    design: Design
    runs: tuple[ArmRun, ...]
    failures: tuple[Failure, ...]
    found: Measured
    """What every run comes to."""

    def arm(self, label: str) -> Arm:
        """Return the arm of a label."""
        return next(arm for arm in self.design.arms if arm.label == label)

    def of(self, arm: str) -> dict[int, ArmRun]:
        """Return the finished runs of an arm by draw."""
        return {run.draw: run for run in self.runs if run.arm == arm}

    def complete_draws(self) -> set[int]:
        """Return the draws that something can be said about: the first arm and the baseline are finished."""
        needed = {self.design.arms[0].label, self.design.baseline.label}
        return set.intersection(*(set(self.of(label)) for label in needed))

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the notes of all runs, each once, in the order met."""
        return tuple(dict.fromkeys(label for run in self.runs for label in run.labels))
