"""Measurements: time by part of the month, memory and start-up; also the program that fresh processes run.

Times are CPU times of this process, since other work on the machine moves the clock on the wall. Only what a user
waits for (start-up) is measured on the wall.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

from transitionsim import model
from transitionsim.columns import RETIRED, WORKER
from transitionsim.engine import Sweep
from transitionsim.entering import enter, start_of
from transitionsim.living import LivedMonth
from transitionsim.month import OF_POLICIES, name_of
from transitionsim.rule import Rule, rule
from transitionsim.scenario import Scenario, load_scenario
from transitionsim.world import State

ROOT = Path(__file__).resolve().parent.parent
SEED = 1

PART_OF_STEP = {
    "follow_the_road": ("firms", "orders"),
    "pass_orders_down": ("firms", "orders"),
    "shift_orders": ("firms", "orders"),
    "staff_other_trades": ("firms", "posts of the rest of the economy"),
    "redeploy_staff": ("firms", "redeployment"),
    "pay_short_time": ("firms", "short time"),
    "respond_locally": ("firms", "posts of the rest of the economy"),
    "offer_early_exits": ("notices", ""),
    "give_notice": ("notices", ""),
    "open_seats": ("seats", ""),
    "allocate_seats": ("seats", ""),
    "pay_for_courses": ("seats", ""),
    "post_vacancies": ("job market", "vacancies and reach"),
    "match_jobs": ("job market", "applications, matching, hires"),
    "count_staff": ("tallies and record", "staff"),
    "count_people": ("tallies and record", "people"),
    "open_budgets": ("tallies and record", "budgets"),
    "close_budgets": ("tallies and record", "budgets"),
    "count_moves": ("tallies and record", "people"),
    "feel_the_slack": ("tallies and record", "record, audit, slack"),
    "follow_earnings": ("tallies and record", "earnings"),
    "record": ("tallies and record", "record, audit, slack"),
    "audit": ("tallies and record", "record, audit, slack"),
}
"""Part and detail of every step that is no rule and of no policy; what is not listed is reported as "other"."""

Part = tuple[str, str]


@rule(on="workers", draws=("early_exit",))
def retire(worker: Any, world: Any, luck: Any) -> None:
    """A worker retires in the exit month, or earlier with the hazard of the level of qualification."""
    if worker.status == RETIRED:
        return
    if world.month >= worker.exit_month or luck.early_exit < world.early_exit[worker.qualification]:
        worker.status = RETIRED


def scenario_of(name: str, region: str, persons_per_agent: int) -> Scenario:
    """Return a shipped scenario for a region and a scale."""
    return load_scenario(name).with_values({"region": region, "persons_per_agent": persons_per_agent})


@dataclass
class Case:
    """One column of the table: a scenario in a region at a scale, and the times measured so far."""

    title: str
    scenario: Scenario
    start: State = field(init=False)
    start_seconds: float = field(init=False)
    whole: list[float] = field(default_factory=list)
    parts: dict[Part, list[float]] = field(default_factory=dict)
    series: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.month = LivedMonth((), False)
        began = time.process_time()
        self.start, _ = start_of(self.scenario, SEED)
        self.start_seconds = time.process_time() - began
        self.passes = list(labelled(self.month, enter(self.start, self.scenario)))

    @property
    def rows(self) -> int:
        """Return the number of workers."""
        return len(self.start.workers)

    def measure(self, months: int) -> None:
        """Live through some months twice, each time from the start: once as a whole, once with a clock between parts.

        The month before the clock starts brings the copy of the start into the caches.
        """
        state = enter(self.start, self.scenario)
        self.month.live(state)
        began = time.process_time_ns()
        for _ in range(months):
            self.month.live(state)
        self.whole.append((time.process_time_ns() - began) / (months * self.rows))
        self.series = {name: values[: state.month].tolist() for name, values in state.record.series.items()}
        state = enter(self.start, self.scenario)
        self.month.live(state)
        spent = dict.fromkeys((part for part, _ in self.passes), 0)
        for _ in range(months):
            for part, step in self.passes:
                began = time.process_time_ns()
                step(state)
                spent[part] += time.process_time_ns() - began
            state.month += 1
        for part, nanoseconds in spent.items():
            self.parts.setdefault(part, []).append(nanoseconds / (months * self.rows))


def labelled(month: Any, state: State) -> Iterator[tuple[Part, Callable[[State], None]]]:
    """Yield the passes of a month with the part each belongs to; rules in a row are one pass."""
    names: list[Part] = []
    before = ""
    for heading in month.headings:
        for step in heading.steps:
            if step in OF_POLICIES:
                names.append(("policies", OF_POLICIES[step]))
                before = ""
            elif not isinstance(step, Rule):
                names.append(PART_OF_STEP.get(name_of(step), ("other", name_of(step))))
                before = ""
            elif step.on != before:
                names.append(("firms", "books") if step.on == "employers" else ("rules", heading.title.lower()))
                before = step.on
    yield from zip(names, month.passes(state), strict=True)


def numpy_reference(repeats: int = 5) -> float:
    """Return the milliseconds NumPy needs to sort and count a million numbers: a yardstick for a machine."""
    rng = np.random.default_rng(1)
    values, groups = rng.random(1_000_000), rng.integers(0, 1000, 1_000_000)

    def once() -> float:
        began = time.process_time_ns()
        np.argsort(values)
        np.bincount(groups, weights=values)
        return (time.process_time_ns() - began) / 1e6

    return statistics.median(once() for _ in range(repeats))


def of_the_house(one: Rule) -> Rule:
    """Return a rule as if it belonged to the package: what it writes is not looked at."""
    body = FunctionType(one.body.__code__, one.body.__globals__, one.name)
    body.__module__ = "transitionsim.rules"
    return replace(one, body=body)


def retire_nanoseconds(start: State, one: Rule = retire, repeats: int = 5, months: int = 40) -> float:
    """Return the nanoseconds a row that a form of the rule ``retire`` takes as a compiled pass of its own."""
    world: dict[str, Any] = {"month": 0, "early_exit": np.array([0.0004, 0.0003, 0.0002])}
    sweep = Sweep([one], WORKER, world, interpret=False)
    sweep(start.workers.copy(), world, SEED, 0)
    times = []
    for _ in range(repeats):
        rows, spent = start.workers.copy(), 0
        for month in range(months):
            world["month"] = month
            began = time.process_time_ns()
            sweep(rows, world, SEED, month)
            spent += time.process_time_ns() - began
        times.append(spent / (months * len(rows)))
    return statistics.median(times)


# --- fresh processes ---------------------------------------------------------------------------------------


def fresh(*arguments: str, cache: Path | None = None) -> str:
    """Return what this module prints when it is run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.measure", *arguments]
    return run(command, cache).stdout


def run(command: Sequence[str], cache: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command from the root of the repository; raises ``CalledProcessError`` when it fails."""
    environment = dict(os.environ) | ({"XDG_CACHE_HOME": str(cache)} if cache else {})
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)


def program() -> str:
    """Return the command line of the package that belongs to this Python."""
    beside = Path(sys.executable).parent / "transitionsim"
    return str(beside) if beside.exists() else shutil.which("transitionsim") or "transitionsim"


def peak_bytes() -> int:
    """Return the most memory this process ever held.

    On Linux ``ru_maxrss`` of a child begins with what its parent held, so the kernel's own mark of this
    program is read where there is one.
    """
    return _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
        1 if sys.platform == "darwin" else 1024
    )


def _status(name: str) -> int:
    file = Path("/proc/self/status")
    lines = file.read_text().splitlines() if file.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)


def memory(scenario: str, region: str, persons_per_agent: int, months: int = 24) -> tuple[int, int, int, int]:
    """Return rows, bytes at most until the region is drawn, at most in all, and at the end of a run."""
    chosen = scenario_of(scenario, region, persons_per_agent)
    start_of(chosen, SEED)
    drawn = peak_bytes()
    one = model.TransitionModel(chosen, rng=SEED)
    for _ in range(months):
        one.step()
    return len(one.workers), drawn, peak_bytes(), _status("VmRSS")


def help_seconds(repeats: int = 5) -> float:
    """Return the seconds until ``transitionsim --help`` has ended, on the wall."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        run([program(), "--help"])
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def first_line_seconds(arguments: Sequence[str], repeats: int = 3) -> float:
    """Return the seconds until a command has written its first line, on the wall."""
    times = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            with subprocess.Popen(
                [program(), *arguments, "--out", folder], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            ) as process:
                assert process.stdout is not None
                process.stdout.readline()
                times.append(time.perf_counter() - began)
                process.stdout.read()
            if process.returncode:
                raise subprocess.CalledProcessError(process.returncode, arguments)
    return statistics.median(times)


def month_seconds(arguments: Sequence[str], cache: Path | None = None) -> tuple[float, float]:
    """Return the seconds until a command has lived through its first and its last month, on the wall."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "months"
        began = time.time()
        fresh("months", str(file), *arguments, "--out", str(Path(folder) / "out"), cache=cache)
        times = [float(line) - began for line in file.read_text().split()]
    return times[0], times[-1]


@contextmanager
def empty_cache() -> Iterator[Path]:
    """Give an empty folder for compiled code that is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _write_months(file: str, arguments: Sequence[str]) -> None:
    """Run the command line and append to a file when each month of a scenario has been lived."""
    from transitionsim.cli import main

    live = LivedMonth.live

    def noted(month: Any, state: State) -> None:
        live(month, state)
        if state.month > 0:
            with Path(file).open("a") as stream:
                stream.write(f"{time.time()}\n")

    LivedMonth.live = noted  # type: ignore[method-assign]
    main(arguments)


if __name__ == "__main__":
    if sys.argv[1] == "memory":
        print(*memory(sys.argv[2], sys.argv[3], int(sys.argv[4])))
    else:
        _write_months(sys.argv[2], sys.argv[3:])
