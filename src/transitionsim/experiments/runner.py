"""Running a design: one task is one draw with all its arms, on as many processes as wanted.

Arms of a draw share the region's start, which costs more than a run, so a draw is never split. Results are
put in the order of draws and arms whatever finished first; the number of processes changes no byte of them.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from concurrent.futures import ProcessPoolExecutor as Pool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from transitionsim.breakdowns import FirmsAtEnd
from transitionsim.careers import Careers
from transitionsim.errors import AuditError, InputError, Mistake, RunError
from transitionsim.experiments.design import PLACEBO, Arm, Design, Draw, essence
from transitionsim.experiments.displacement import Displacement, displacement
from transitionsim.histories import Earnings
from transitionsim.indicators.record import by_year, last_months
from transitionsim.plugins import rules_from_file
from transitionsim.tables import BY_NAME

if TYPE_CHECKING:
    from transitionsim.panel import Panel, PanelSize
    from transitionsim.scenario import Scenario

Series = Mapping[str, NDArray[Any]]
Progress = Callable[[int, int, int], None]
"""Told the arms done, the arms in all and the arms failed; called several times a second."""

_POLL_SECONDS: Final = 0.25
_WATCH_SECONDS: Final = 1.0


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


@dataclass(frozen=True, slots=True)
class ArmRun:
    """One finished run: its draw and arm, the monthly series, the digest of its last rows, its labels, its panel."""

    draw: int
    seed: int
    arm: str
    series: Series
    digest: str
    labels: tuple[str, ...]
    panel: Panel | None = None
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


Finished = list[ArmRun | Failure]


@dataclass(frozen=True, slots=True)
class _Task:
    draw: Draw
    design: Design
    simulate: Simulate

    def __call__(self, after_each: Callable[[Finished], None] | None = None) -> Finished:
        """Run all arms of the draw, one after the other, so that they share the start of the region."""
        known: dict[str, RunLike] = {}
        careers: dict[str, Careers] = {}
        finished: Finished = []
        for arm in self.design.arms:
            finished.append(self._one(arm, known, careers))
            if after_each:
                after_each(finished)
        return [self._with_displacement(row, careers) for row in finished]

    def _with_displacement(self, row: ArmRun | Failure, careers: Mapping[str, Careers]) -> ArmRun | Failure:
        """Return a finished run with what its courses displaced; careers do not outlive the draw."""
        compared = [arm.label for arm in self.design.shown[1:] if not arm.plain]
        baseline = self.design.baseline.label
        if isinstance(row, Failure) or row.arm not in compared or not careers.keys() >= {row.arm, baseline}:
            return row
        return replace(row, displacement=displacement(careers[row.arm], careers[baseline], careers.get(PLACEBO)))

    def _one(self, arm: Arm, known: dict[str, RunLike], careers: dict[str, Careers]) -> ArmRun | Failure:
        draw = self.draw
        try:
            run = self._run(arm, known)
            if run.careers is not None:
                careers[arm.label] = run.careers
            series = {name: np.array(values) for name, values in run.series.items()}
            return ArmRun(
                draw.number, draw.seed, arm.label, series, run.digest, tuple(run.labels),
                panel=getattr(run, "panel", None), tables=_yearly(arm.scenario, getattr(run, "tables", {})),
                places=getattr(run, "places", {}), firms=getattr(run, "firms", None),
                earnings=getattr(run, "earnings", None),
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001  a run may fail in any way a rule can; the other runs must go on
            mistakes = error.mistakes if isinstance(error, InputError) else ()
            return Failure(draw.number, draw.seed, arm.label, stage_of(error), cause_of(error), mistakes)

    def _run(self, arm: Arm, known: dict[str, RunLike]) -> RunLike:
        scenario = arm.scenario.with_drawn(self.draw.values)
        # A scenario that says the same as an earlier arm has the same run: it is not run again.
        digest = f"{essence(scenario)}{' plain' if arm.plain else ''}"
        if digest not in known:
            paths = () if arm.plain else self.design.rules
            rules = [rule for path in paths for rule in rules_from_file(path)]
            keep = self.design.follows_careers
            known[digest] = self.simulate(scenario, self.draw.seed, rules=rules, careers=keep)
        return known[digest]


def _yearly(scenario: Scenario, tables: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float64]]:
    """Return monthly tables by calendar year, a twelfth of the size."""
    lasts = last_months(int(scenario.start), scenario.months)
    return {name: by_year(values, lasts, BY_NAME[name].kind == "flow") for name, values in tables.items()}


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


def cores() -> int:
    """Return the number of processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_design(
    design: Design,
    *,
    processes: int | None = None,
    progress: Progress | None = None,
    simulate: Simulate = simulate_model,
    executor: Executor | None = None,
) -> Results:
    """Run every arm of every draw and return the results in order; a run that fails becomes a row.

    ``processes`` is the number of local processes (default: one for each core); with 1, or a single draw,
    all runs in this process. An ``executor`` of one's own (a cluster's, for one) takes their place.
    Raises :class:`InputError` for fewer than one process. On Ctrl-C all processes end and nothing is kept.
    """
    if processes is not None and processes < 1:
        raise InputError.one("--processes", f"found {processes}, at least 1 is needed")
    tasks = [_Task(draw, design, simulate) for draw in design.draws]
    count = min(processes or cores(), len(tasks))
    tell = progress or _silent
    if executor is None and count == 1:
        finished = _here(tasks, tell)
    else:
        with _pool(count, executor) as pool:
            finished = _spread(tasks, pool, tell)
    rows = [row for draw in finished for row in draw]
    runs = tuple(row for row in rows if isinstance(row, ArmRun))
    return Results(design, runs, tuple(row for row in rows if isinstance(row, Failure)))


def _silent(done: int, total: int, failed: int) -> None:
    """Say nothing."""


def _here(tasks: Sequence[_Task], tell: Progress) -> list[Finished]:
    total = sum(len(task.design.arms) for task in tasks)
    before: Finished = []
    finished = []
    tell(0, total, 0)
    for task in tasks:
        finished.append(task(lambda now: tell(len(before) + len(now), total, _failed([*before, *now]))))
        before.extend(finished[-1])
    return finished


def _spread(tasks: Sequence[_Task], pool: Executor, tell: Progress) -> list[Finished]:
    total = sum(len(task.design.arms) for task in tasks)
    futures = {pool.submit(task): task for task in tasks}
    finished: dict[int, Finished] = {}
    waiting: set[Future[Finished]] = set(futures)
    while waiting:
        rows = [row for done in finished.values() for row in done]
        tell(len(rows), total, _failed(rows))
        ready, waiting = wait(waiting, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED)
        for future in ready:
            finished[futures[future].draw.number] = _result(future, futures[future])
    rows = [row for done in finished.values() for row in done]
    tell(len(rows), total, _failed(rows))
    return [finished[task.draw.number] for task in tasks]


def _result(future: Future[Finished], task: _Task) -> Finished:
    try:
        return future.result()
    except (BrokenExecutor, CancelledError):
        cause = (
            "its process ended without a word: out of memory, killed, or a script that starts runs outside "
            "`if __name__ == '__main__':`"
        )
        draw = task.draw
        return [Failure(draw.number, draw.seed, arm.label, "running", cause) for arm in task.design.arms]


def _failed(rows: Sequence[ArmRun | Failure]) -> int:
    return sum(isinstance(row, Failure) for row in rows)


@contextmanager
def _pool(count: int, given: Executor | None) -> Iterator[Executor]:
    """Give the executor handed in, or local processes that do not outlive an interruption."""
    if given is not None:
        yield given
        return
    others = set(multiprocessing.active_children())
    # Spawned, not forked: a fork copies the locks of running threads and hangs now and then.
    context = multiprocessing.get_context("spawn")
    pool = Pool(count, mp_context=context, initializer=end_with, initargs=(os.getpid(),))
    try:
        yield pool
    except BaseException:
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    pool.shutdown()


def end_with(parent: int) -> None:
    """Let this process end when its parent is gone, also one that was gone before this began.

    A parent that is killed tells nobody; a worker would wait for work for ever.
    """
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os._exit(1)


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
