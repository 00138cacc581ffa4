"""A sweep in a process of its own, to be killed and interrupted, with models that are slow, moody or deadly."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import fake_model as fake

from transitionsim.errors import RunError
from transitionsim.experiments.engine import Outcome, work_through
from transitionsim.experiments.planning import prepare
from transitionsim.experiments.results import Failure
from transitionsim.experiments.store import PLAN, locked, read_plan, write_plan
from transitionsim.experiments.workers import Processes


def slow(scenario, seed, *, rules=(), careers=False):
    time.sleep(0.04)
    return fake.simulate(scenario, seed, rules=rules, careers=careers)


def endless(scenario, seed, *, rules=(), careers=False):
    """A model that says that it began, and does not end for an hour."""
    Path(os.environ["SWEEP_MARK"]).write_text("begun")
    time.sleep(3600)


def moody(scenario, seed, *, rules=(), careers=False):
    """A model in which a rule raises for one seed."""
    if seed == 3:
        raise RunError("running", "rule moody: division by zero at seed 3")
    return fake.simulate(scenario, seed, rules=rules, careers=careers)


def deadly(scenario, seed, *, rules=(), careers=False):
    """A model that kills its process: always at seed 2, once at seed 4."""
    mark = Path(os.environ["SWEEP_MARK"])
    if seed == 2 or (seed == 4 and not mark.exists()):
        if seed == 4:
            mark.write_text("once")
        os.kill(os.getpid(), signal.SIGKILL)
    return fake.simulate(scenario, seed, rules=rules, careers=careers)


def run(folder: Path, file: Path, simulate, workers: int = 2, **how) -> Outcome:
    """Begin a sweep in a folder, or go on with it."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        if not (folder / PLAN).is_file():
            write_plan(folder, prepare(file))
        return work_through(folder, read_plan(folder), Processes(workers), simulate=simulate, **how)


def causes(outcome: Outcome) -> set[tuple[int, str]]:
    """The seed and the stage of every failure."""
    return {(one.seed, one.stage) for one in outcome.failures if isinstance(one, Failure)}


if __name__ == "__main__":
    ended = run(Path(sys.argv[1]), Path(sys.argv[2]), slow)
    sys.exit(0 if ended.complete else 3)
