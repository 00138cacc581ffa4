"""Commands that run experiments of many runs: sweep and status."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from transitionsim.cli.runs import Json, at_least_one, document, first_line, say
from transitionsim.errors import InputError, RunError

if TYPE_CHECKING:
    from transitionsim.sweeps.engine import Outcome, State
    from transitionsim.sweeps.planning import Prepared
    from transitionsim.sweeps.workers import Workers

SOME_FAILED: Final = 1
INTERRUPTED: Final = 3
_SHOWN: Final = 5
_LINE_SECONDS: Final = 5.0


def sweep(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Experiment file, such as experiments/pace-x-funding.yaml.")
    ] = None,
    resume: Annotated[Path | None, typer.Option("--resume", metavar="DIR", help="Go on with a sweep.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="With --resume: run again what failed.")] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="Processes to run on. Default: all cores.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="local|ADDRESS", help="Run on a Dask cluster instead.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how large the design is, and run one pilot.")] = False,
    until_precision: Annotated[
        str | None,
        typer.Option("--until-precision", metavar="P%", help="Stop when differences are known to so many percent."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the sweep.")] = None,
    as_json: Json = False,
) -> None:
    """Run every arm of an experiment over every draw; whatever stops it, --resume goes on.

    Exit codes: 0 done, 1 some runs failed, 2 mistaken input, 3 interrupted and resumable.
    """
    if (file is None) == (resume is None):
        raise InputError.one("sweep", "an experiment file is needed, or --resume with the folder of a sweep")
    if failed and resume is None:
        raise InputError.one("--failed", "goes with --resume: it runs again what failed there")
    at_least_one("--workers", workers)
    until = _share(until_precision)
    if resume is not None:
        first_line(f"sweep: going on in {resume}")
        _resume(resume, workers, cluster, until, failed, as_json)
        return
    assert file is not None
    first_line(f"sweep: {file}")
    from transitionsim.sweeps.planning import prepare

    prepared = prepare(file)
    if dry_run:
        _dry_run(prepared, workers, as_json)
        return
    folder = out or Path("results") / file.stem / prepared.plan.id
    from transitionsim.sweeps.store import PLAN, locked, write_plan
    from transitionsim.sweeps.workers import workers as opened

    with opened(workers, cluster) as found, locked(folder):
        if (folder / PLAN).is_file():
            raise InputError.one(str(folder), "holds a sweep already; go on with --resume, or name another with --out")
        if any(one.name != "lock" for one in folder.iterdir()):
            raise InputError.one(str(folder), "is not empty; name another folder with --out")
        write_plan(folder, prepared)
        _work(folder, prepared, found, until, False, as_json)


def _resume(
    folder: Path, workers: int | None, cluster: str | None, until: float | None, failed: bool, as_json: bool
) -> None:
    from transitionsim.sweeps.store import locked, read_plan
    from transitionsim.sweeps.workers import workers as opened

    if not folder.is_dir():
        raise InputError.one("--resume", f"{folder}: no such folder")
    prepared = read_plan(folder)
    with opened(workers, cluster) as found, locked(folder):
        _work(folder, prepared, found, until, failed, as_json)


def _work(folder: Path, prepared: Prepared, found: Workers, until: float | None, again: bool, as_json: bool) -> None:
    from transitionsim.sweeps.engine import work_through

    sys.stderr.write(f"{design_line(prepared)}\n")
    try:
        with watched() as tell:
            outcome = work_through(folder, prepared, found, tell=tell, until=until, again=again)
    except KeyboardInterrupt:
        sys.stderr.write(f"interrupted at once; go on: transitionsim sweep --resume {folder}\n")
        raise typer.Exit(INTERRUPTED) from None
    except RunError as error:
        if error.stage != "writing":
            raise
        sys.stderr.write(f"{error}\ngo on: transitionsim sweep --resume {folder}\n")
        raise typer.Exit(INTERRUPTED) from None
    for sentence in outcome.recomputed:
        sys.stderr.write(f"found: {sentence}\n")
    if as_json:
        document(_ended(folder, prepared, outcome))
    _finish(folder, outcome)


def design_line(prepared: Prepared) -> str:
    """Return the size of a design in one line."""
    plan = prepared.plan
    inputs = len({draw.inputs for draw in plan.draws})
    seeds = len(plan.draws) // inputs
    varied = f", {len(plan.swept)} uncertain inputs" if plan.swept else ", inputs held fixed"
    return (
        f"design: {len(plan.arms)} arms x {inputs} draws x {seeds} seed{'s' * (seeds != 1)} = {prepared.runs:,} runs"
        f"{varied}; id {plan.id}"
    )


def _finish(folder: Path, outcome: Outcome) -> None:
    for failure in outcome.failures[:_SHOWN]:
        where = f"{failure.arm}, draw {failure.draw}, seed {failure.seed}"
        sys.stderr.write(f"failed: {where}, at {failure.stage}: {failure.cause}\n")
    if len(outcome.failures) > _SHOWN:
        sys.stderr.write(f"failed: {len(outcome.failures) - _SHOWN} more, see transitionsim status {folder}\n")
    if outcome.failures:
        sys.stderr.write(f"run them again: transitionsim sweep --resume {folder} --failed\n")
    if not outcome.complete:
        sys.stderr.write(f"interrupted; go on: transitionsim sweep --resume {folder}\n")
        raise typer.Exit(INTERRUPTED)
    sys.stderr.write(f"written: {folder}\n")
    if outcome.failures:
        raise typer.Exit(SOME_FAILED)


def _ended(folder: Path, prepared: Prepared, outcome: Outcome) -> dict[str, Any]:
    return {
        "id": prepared.plan.id,
        "folder": str(folder),
        "runs": prepared.runs,
        "complete": outcome.complete,
        "draws": outcome.draws,
        "failed": [_failure(one) for one in outcome.failures],
        "recomputed": list(outcome.recomputed),
    }


def _failure(one: Any) -> dict[str, Any]:
    return {"scenario": one.arm, "draw": one.draw, "seed": one.seed, "stage": one.stage, "cause": one.cause}


def _dry_run(prepared: Prepared, count: int | None, as_json: bool) -> None:
    """Run some arms of the first draw, the first of them twice, with and without the start, and reckon."""
    from transitionsim.experiments.runner import cores, simulate_model

    plan = prepared.plan
    draw = plan.draws[0]
    last = len(prepared.scenarios) - 1
    pilots = sorted({0, last // 3, 2 * last // 3, last})
    seconds = []
    for place in (0, *pilots):
        scenario = prepared.scenarios[place]
        varied = scenario.with_drawn(draw.values)
        begun = time.process_time()
        simulate_model(varied, draw.seed)
        seconds.append(time.process_time() - begun)
    run = sum(seconds[1:]) / len(pilots)
    starts = len(plan.draws) * max(0.0, seconds[0] - seconds[1])
    processes = count or cores()
    total = (run * prepared.runs + starts) / processes
    if as_json:
        document(
            {
                "id": plan.id, "runs": prepared.runs, "seconds_a_run": run, "seconds": total, "workers": processes,
                "arms": [{"scenario": one.label, "role": one.role} for one in plan.arms],
                "inputs": [{"key": one.key, "range": one.extent, "grade": one.grade} for one in plan.swept],
            }
        )  # fmt: skip
        return
    say(design_line(prepared))
    for arm in plan.arms:
        say(f"  {arm.role:14} {arm.label}")
    for one in plan.swept:
        say(f"  varies         {one.key}: {one.extent} ({one.grade})")
    where = f"on {processes} idle core{'s' * (processes != 1)}"
    say(f"pilot: {run:.2f} s of processor time a run; about {time_in_words(total)} {where}")


def _share(text: str | None) -> float | None:
    """Return a precision such as ``2%`` as a share."""
    if text is None:
        return None
    number = text.strip().removesuffix("%")
    try:
        share = float(number) / (100.0 if text.strip().endswith("%") else 1.0)
    except ValueError:
        share = 0.0
    if not 0.0 < share < 1.0:
        raise InputError.one("--until-precision", f"found '{text}'; a share between 0 and 100 % is needed, such as 2%")
    return share


def status(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a sweep.")],
    as_json: Json = False,
) -> None:
    """Say how far a sweep is, what failed, and how to go on; reads only, while it runs too."""
    from transitionsim.sweeps.planning import chunks_of
    from transitionsim.sweeps.precision import precise_enough
    from transitionsim.sweeps.store import failures_of, plan_of, table_is_whole, whole_parts

    plan = plan_of(folder)
    chunks = chunks_of(plan)
    parts, wrong = whole_parts(folder, plan)
    done = sum(len(one.arms) for one in chunks if one.number in parts)
    failures = [failure for path in parts.values() for failure in failures_of(path)]
    whole = next((one.draw for one in chunks if one.number not in parts), len(plan.draws))
    paths = [parts[one.number] for one in chunks if one.draw < whole and one.number in parts]
    precision = precise_enough(plan, paths, whole, None) if whole >= 2 else None
    complete = table_is_whole(folder) and not wrong
    total = len(plan.arms) * len(plan.draws)
    if as_json:
        known = None if precision is None else {"outcome": precision.outcome, "relative": precision.relative}
        rest = {"failed": [_failure(one) for one in failures], "draws": whole, "precision": known, "damaged": wrong}
        document({"id": plan.id, "complete": complete, "runs": total, "done": done, **rest})
        return
    say(f"sweep {plan.id}: {plan.question}")
    say(f"{done:,} of {total:,} runs done, {len(failures)} failed; {'complete' if complete else 'not complete'}")
    if precision is not None:
        say(
            f"precision: {precision.outcome} of {precision.arm} {precision.mean:,.0f} "
            f"+- {precision.half_width:,.0f} after {precision.draws} draws"
        )
    for name, problem in wrong.items():
        say(f"damaged: {name} {problem}")
    for failure in failures:
        say(f"failed: {failure.arm}, draw {failure.draw}, seed {failure.seed}, at {failure.stage}: {failure.cause}")
    if failures:
        say(f"run them again: transitionsim sweep --resume {folder} --failed")
    if not complete:
        say(f"go on: transitionsim sweep --resume {folder}")


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
