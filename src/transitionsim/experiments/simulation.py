"""What a simulation is to an experiment: a scenario and a seed go in, a record comes out; and why one may fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from transitionsim.careers import Careers
from transitionsim.errors import AuditError, InputError, RunError
from transitionsim.experiments.results import Series

if TYPE_CHECKING:
    from transitionsim.panel import PanelSize


class RunLike(Protocol):
    """What a simulation gives back: monthly series in persons or cents, a digest of all rows, labels."""

    @property
    def series(self) -> Series:
        """Monthly values by name."""

    @property
    def digest(self) -> str:
        """SHA-256 of all rows at the end."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Notes that belong beside every number of the run."""

    @property
    def careers(self) -> Careers | None:
        """Who was employed when, if it was asked for."""


class Simulate(Protocol):
    """A simulation, importable by name so that it crosses processes."""

    def __call__(self, scenario: Any, seed: int, *, rules: Sequence[Any] = (), careers: bool = False) -> RunLike:
        """Run a scenario with a seed and a student's rules; keep careers when asked to."""


def simulate_model(scenario: Any, seed: int, *, rules: Sequence[Any] = (), careers: bool = False) -> RunLike:
    """Run the model of this package; imported only here so that reading results needs no compiler."""
    from transitionsim.model import simulate

    return simulate(scenario, seed, rules=rules, careers=careers)


@dataclass(frozen=True, slots=True)
class WithPanel:
    """A simulation that also follows a panel of persons; ``runs`` make the panel together."""

    size: PanelSize
    runs: int

    def __call__(self, scenario: Any, seed: int, *, rules: Sequence[Any] = (), careers: bool = False) -> RunLike:
        """Run a scenario with a seed and a student's rules; keep careers when asked to."""
        from transitionsim.model import simulate

        return simulate(scenario, seed, rules=rules, panel=self.size, runs=self.runs, careers=careers)


def stage_of(error: Exception) -> str:
    """Return at which stage of a run an error came: building, running, audit and so on."""
    if isinstance(error, RunError):
        return error.stage
    if isinstance(error, AuditError):
        return "audit"
    return "building" if isinstance(error, InputError) else "running"


def cause_of(error: Exception) -> str:
    """Return an error as one line; its kind stands before what was not meant for users."""
    text = " ".join(str(error).split())
    if isinstance(error, RunError | InputError | AuditError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
