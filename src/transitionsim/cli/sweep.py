"""The command that runs an experiment file: sweep."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transitionsim.cli.carrying import Running, carry_out, design_line, finish, time_in_words
from transitionsim.cli.options import (
    AllowCode,
    Json,
    OnCluster,
    Processes,
    Replace,
    UntilPrecision,
    at_least_one,
    share_of,
)
from transitionsim.cli.output import document, first_line, say
from transitionsim.errors import InputError

if TYPE_CHECKING:
    from transitionsim.experiments.engine import Outcome
    from transitionsim.experiments.planning import Design


def sweep(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Experiment file, such as experiments/pace-x-funding.yaml.")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="DIR", help="Go on with a sweep or a comparison.")
    ] = None,
    status: Annotated[
        Path | None, typer.Option("--status", metavar="DIR", help="Say how far one is, also while it runs.")
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="With --resume: run again what failed.")] = False,
    processes: Processes = None,
    cluster: OnCluster = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how large the design is, and run one pilot.")] = False,
    until_precision: UntilPrecision = None,
    allow_code: AllowCode = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the sweep.")] = None,
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Run an experiment file: every arm over every draw.

    Whatever stops it, --resume goes on, with a comparison too.

    Exit codes: 0 done, 1 some runs failed, 2 mistaken input, 3 interrupted and resumable.
    """
    if sum(one is not None for one in (file, resume, status)) != 1:
        text = "an experiment file is needed, or --resume or --status with the folder of an experiment"
        raise InputError.one("sweep", text)
    if status is not None:
        _say_status(status, as_json)
        return
    if failed and resume is None:
        raise InputError.one("--failed", "goes with --resume: it runs again what failed there")
    at_least_one("--processes", processes)
    running = Running(processes, cluster, share_of(until_precision), failed)
    if resume is not None:
        first_line(f"sweep: going on in {resume}")
        folder, design = resume, _resumed(resume, allow_code)
        sys.stderr.write(f"{design_line(design)}\n")
        done = carry_out(folder, design, running, resume=True)
    else:
        assert file is not None
        first_line(f"sweep: {file}")
        from transitionsim.experiments.planning import prepare

        design = prepare(file)
        if dry_run:
            _dry_run(design, processes, as_json)
            return
        sys.stderr.write(f"{design_line(design)}\n")
        folder = out or Path("results") / file.stem / design.plan.id
        done = carry_out(folder, design, running, replace=replace)
    if as_json:
        document(_ended(folder, design, done.outcome))
    finish(folder, done.outcome)


def _resumed(folder: Path, allow_code: bool) -> Design:
    """Return the design of a folder; rules of one's own in it are code that would be executed."""
    from transitionsim.experiments.store import read_plan

    if not folder.is_dir():
        raise InputError.one("--resume", f"{folder}: no such folder")
    design = read_plan(folder)
    if design.rules and not allow_code:
        names = ", ".join(rule.file for rule in design.rules)
        raise InputError.one(
            str(folder), f"holds rules of one's own ({names}) that would be executed; add --allow-code to allow it"
        )
    return design


def _ended(folder: Path, design: Design, outcome: Outcome) -> dict[str, Any]:
    return {
        "id": design.plan.id,
        "folder": str(folder),
        "runs": design.runs,
        "complete": outcome.complete,
        "draws": outcome.draws,
        "failed": [_failure(one) for one in outcome.failures],
        "recomputed": list(outcome.recomputed),
    }


def _failure(one: Any) -> dict[str, Any]:
    return {"scenario": one.arm, "draw": one.draw, "seed": one.seed, "stage": one.stage, "cause": one.cause}


def _dry_run(design: Design, count: int | None, as_json: bool) -> None:
    """Run some arms of the first draw, the first of them twice, with and without the start, and reckon."""
    from transitionsim.experiments.simulation import simulate_model
    from transitionsim.experiments.workers import cores

    plan = design.plan
    draw = plan.draws[0]
    last = len(design.scenarios) - 1
    pilots = sorted({0, last // 3, 2 * last // 3, last})
    seconds = []
    for place in (0, *pilots):
        scenario = design.scenarios[place]
        varied = scenario.with_drawn(draw.values)
        begun = time.process_time()
        simulate_model(varied, draw.seed)
        seconds.append(time.process_time() - begun)
    run = sum(seconds[1:]) / len(pilots)
    starts = len(plan.draws) * max(0.0, seconds[0] - seconds[1])
    processes = count or cores()
    total = (run * design.runs + starts) / processes
    if as_json:
        document(
            {
                "id": plan.id, "runs": design.runs, "seconds_a_run": run, "seconds": total, "workers": processes,
                "arms": [{"scenario": one.label, "role": one.role} for one in plan.arms],
                "inputs": [{"key": one.key, "range": one.extent, "grade": one.grade} for one in plan.swept],
            }
        )  # fmt: skip
        return
    say(design_line(design))
    for arm in plan.arms:
        say(f"  {arm.role:14} {arm.label}")
    for one in plan.swept:
        say(f"  varies         {one.key}: {one.extent} ({one.grade})")
    where = f"on {processes} idle core{'s' * (processes != 1)}"
    say(f"pilot: {run:.2f} s of processor time a run; about {time_in_words(total)} {where}")


def _say_status(folder: Path, as_json: bool) -> None:
    """Say how far an experiment is, what failed, and how to go on; reads only, while it runs too."""
    from transitionsim.experiments.planning import chunks_of
    from transitionsim.experiments.precision import precise_enough
    from transitionsim.experiments.store import failures_of, plan_of, table_is_whole, whole_parts

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
