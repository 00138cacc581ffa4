"""Running a design in one call: in a folder that stays, or in a temporary one whose records are read back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from transitionsim.experiments.contrasts import Measured, measured
from transitionsim.experiments.engine import State, Tell, work_through
from transitionsim.experiments.planning import Design
from transitionsim.experiments.reading import read_sweep, results_of
from transitionsim.experiments.results import Results
from transitionsim.experiments.simulation import Simulate, simulate_model
from transitionsim.experiments.store import locked, write_plan
from transitionsim.experiments.workers import workers

Progress = Callable[[int, int, int], None]
"""Told the runs done, the runs in all and the runs failed; called several times a second."""


def run_design(
    design: Design,
    *,
    processes: int | None = None,
    progress: Progress | None = None,
    simulate: Simulate = simulate_model,
) -> Results:
    """Run every arm of every draw and return the results in order; a run that fails becomes a row.

    ``processes`` is the number of local processes (default: one for each core); with 1, or a single draw, all runs in
    this process. Raises :class:`InputError` for fewer than one process. After Ctrl-C nothing is kept.
    """

    def told(state: State) -> None:
        if progress is not None:
            progress(state.done, state.runs, state.failed)

    with _run_aside(design, processes, told, simulate) as folder:
        return results_of(folder, design)


def values_of_design(
    design: Design,
    *,
    processes: int | None = None,
    tell: Tell = lambda state: None,
    simulate: Simulate = simulate_model,
) -> Measured:
    """Run every arm of every draw and return what every finished run comes to; as :func:`run_design` otherwise."""
    with _run_aside(design, processes, tell, simulate) as folder:
        return measured(read_sweep(folder))


@contextmanager
def _run_aside(design: Design, processes: int | None, tell: Tell, simulate: Simulate) -> Iterator[Path]:
    """Give a temporary folder in which a design has been run."""
    with tempfile.TemporaryDirectory(prefix="transitionsim-") as place:
        folder = Path(place)
        with workers(processes, None, len(design.chunks)) as found, locked(folder):
            write_plan(folder, design)
            outcome = work_through(folder, design, found, tell=tell, simulate=simulate)
        if not outcome.complete:
            raise KeyboardInterrupt
        yield folder
