"""Carrying out an experiment in its folder, whichever command planned it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from transitionsim.errors import InputError, RunError

if TYPE_CHECKING:
    from transitionsim.experiments.engine import Outcome, State
    from transitionsim.experiments.planning import Design
    from transitionsim.experiments.results import Results
    from transitionsim.experiments.simulation import Simulate

SOME_FAILED: Final = 1
INTERRUPTED: Final = 3
_SHOWN: Final = 5
_LINE_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Running:
    """How an experiment is run: on so many processes or a cluster, until a precision, failed runs again."""

    processes: int | None = None
    cluster: str | None = None
    until: float | None = None
    again: bool = False
    simulate: Simulate | None = None


@dataclass(frozen=True)
class Done:
    """A finished experiment; with whole records its runs are there, and where anything is compared its table."""

    outcome: Outcome
    results: Any = None
    table: Any = None


def carry_out(folder: Path, design: Design, running: Running, *, resume: bool = False, replace: bool = False) -> Done:
    """Run a design in a folder, and write what is told of it; leaves with exit code 3 where it is to be resumed.

    What cannot be shown at all, because a rule of one's own is mistaken or no pair of runs finished, leaves no folder.
    """
    from transitionsim.experiments.store import emptied, locked, write_plan
    from transitionsim.experiments.workers import workers as opened
    from transitionsim.files import missing_folders

    if not resume:
        _refuse_taken(folder, replace)
    made = missing_folders(folder / "plan.json")
    begun = False
    with opened(running.processes, running.cluster, len(design.chunks)) as found:
        try:
            with locked(folder):
                begun = not resume
                if begun:
                    emptied(folder)
                    write_plan(folder, design)
                outcome = _worked(folder, design, found, running)
                return _told(folder, design, outcome)
        except (InputError, RunError):
            if begun:
                _remove(folder, made)
            raise


def _refuse_taken(folder: Path, replace: bool) -> None:
    """Refuse a folder that holds something, unless it is results that may be replaced."""
    from transitionsim.experiments.manifest import LOCK, MANIFEST, PLAN
    from transitionsim.files import cannot_write

    if folder.is_file():
        raise InputError.one("--out", f"{folder} is a file; a folder is needed")
    try:
        holds = [one.name for one in folder.iterdir() if one.name != LOCK] if folder.is_dir() else []
    except OSError as error:
        raise cannot_write(folder, error) from None
    results = {PLAN, MANIFEST} & set(holds)
    if holds and replace and not results:
        raise InputError.one("--out", f"{folder} holds something else than results; it is left alone")
    if holds and not replace:
        way = f"go on with transitionsim sweep --resume {folder}, " if PLAN in holds and MANIFEST not in holds else ""
        text = f"{folder} exists and is not empty; {way}name another folder, or add --replace"
        raise InputError.one("--out", text)


def _remove(folder: Path, made: Sequence[Path]) -> None:
    """Remove a folder in which nothing worth keeping came about, and the folders made for it."""
    import shutil
    from contextlib import suppress

    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        for one in made:
            if one.exists():
                one.rmdir()


def _worked(folder: Path, design: Design, found: Any, running: Running) -> Outcome:
    from transitionsim.experiments.engine import work_through
    from transitionsim.experiments.simulation import simulate_model

    go_on = f"transitionsim sweep --resume {folder}{' --allow-code' if design.rules else ''}"
    try:
        with watched() as tell:
            outcome = work_through(
                folder, design, found, tell=tell, until=running.until, again=running.again,
                simulate=running.simulate or simulate_model,
            )  # fmt: skip
    except KeyboardInterrupt:
        sys.stderr.write(f"interrupted at once; go on: {go_on}\n")
        raise typer.Exit(INTERRUPTED) from None
    except RunError as error:
        if error.stage != "writing":
            raise
        sys.stderr.write(f"{error}\ngo on: {go_on}\n")
        raise typer.Exit(INTERRUPTED) from None
    for sentence in outcome.recomputed:
        sys.stderr.write(f"found: {sentence}\n")
    if not outcome.complete:
        _say_failures(folder, outcome)
        sys.stderr.write(f"interrupted; go on: {go_on}\n")
        raise typer.Exit(INTERRUPTED)
    return outcome


def _told(folder: Path, design: Design, outcome: Outcome) -> Done:
    """Write what is told of a finished experiment; raise what there is to say where nothing can be shown."""
    mistakes = dict.fromkeys(mistake for failure in outcome.failures for mistake in failure.mistakes)
    if design.rules and mistakes:
        # A rule that did wrong in one run was at work in all the others.
        raise InputError(list(mistakes))
    if not design.plan.whole:
        return Done(outcome)
    from transitionsim.experiments.comparing import compared
    from transitionsim.experiments.reading import results_of
    from transitionsim.report.folder import write_results

    results = results_of(folder, design, outcome.draws)
    _worth_showing(results)
    table = compared(results.found) if len(design.arms) > 1 else None
    write_results(folder, results, table)
    return Done(outcome, results, table)


def _worth_showing(results: Results) -> None:
    """Raise the first cause when there is nothing to show: no run, or no pair of runs."""
    if results.failures and not results.complete_draws():
        first = results.failures[0]
        if first.mistakes:
            raise InputError(first.mistakes)
        raise RunError(first.stage, f"nothing to show; {first.arm}, seed {first.seed}: {first.cause}")


def design_line(design: Design) -> str:
    """Return the size of a design in one line."""
    plan = design.plan
    inputs = len({draw.inputs for draw in plan.draws})
    seeds = len(plan.draws) // inputs
    varied = f", {len(plan.swept)} uncertain inputs" if plan.swept else ", inputs held fixed"
    return (
        f"design: {len(plan.arms)} arms x {inputs} draws x {seeds} seed{'s' * (seeds != 1)} = {design.runs:,} runs"
        f"{varied}; id {plan.id}"
    )


def finish(folder: Path, outcome: Outcome) -> None:
    """Say where results stand and which runs failed; leaves with exit code 1 where some did."""
    sys.stderr.write(f"written: {folder}\n")
    _say_failures(folder, outcome)
    if outcome.failures:
        raise typer.Exit(SOME_FAILED)


def _say_failures(folder: Path, outcome: Outcome) -> None:
    for failure in outcome.failures[:_SHOWN]:
        where = f"{failure.arm}, draw {failure.draw}, seed {failure.seed}"
        sys.stderr.write(f"failed: {where}, at {failure.stage}: {failure.cause}\n")
    if len(outcome.failures) > _SHOWN:
        sys.stderr.write(f"failed: {len(outcome.failures) - _SHOWN} more, see transitionsim sweep --status {folder}\n")
    if outcome.failures:
        sys.stderr.write(f"run them again: transitionsim sweep --resume {folder} --failed\n")


@contextmanager
def watched() -> Iterator[Any]:
    """Give what tells a user how far a sweep is: a line on the terminal that moves, lines every few seconds else."""
    moving = sys.stderr.isatty()
    last = [0.0]

    def tell(state: State) -> None:
        now = time.monotonic()
        if now - last[0] < (0.5 if moving else _LINE_SECONDS) or state.done in (0, state.runs):
            return
        last[0] = now
        line = progress_line(state)
        sys.stderr.write(f"\r\x1b[2K{line}" if moving else f"{line}\n")
        sys.stderr.flush()

    try:
        yield tell
    finally:
        if moving:
            sys.stderr.write("\r\x1b[2K")


def progress_line(state: State) -> str:
    """Return how far a sweep is in one line: runs, pace, time left, failures, precision."""
    left = state.seconds_left
    parts = [f"{state.done:,} of {state.runs:,} runs"]
    if left is not None:
        pace = state.fresh / max(time.monotonic() - state.begun, 1e-9)
        parts += [f"{pace:.1f} a second", f"about {time_in_words(left)} left"]
    if state.failed:
        parts.append(f"{state.failed} failed")
    if state.precision is not None and state.precision.relative < 10.0:
        parts.append(f"{state.precision.outcome} known to {state.precision.relative:.0%}")
    if state.stopping:
        parts.append("finishing what is under way")
    return ", ".join(parts)


def time_in_words(seconds: float) -> str:
    """Return a time as a user reads it: seconds, minutes or hours."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
