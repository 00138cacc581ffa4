"""Working through a plan: chunks go out to workers, what comes back is stored, and nothing else is remembered.

The parent alone writes. A few chunks more than there are workers are under way at any time, so that memory does not
grow with the sweep. A worker that dies takes its chunk with it: that is tried again, alone, and when it dies alone
twice it is a failure like any other.
"""

from __future__ import annotations

import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from transitionsim.experiments.planning import Chunk, Design
from transitionsim.experiments.precision import Precision, checkpoints, precise_enough
from transitionsim.experiments.published import finish
from transitionsim.experiments.results import Failure
from transitionsim.experiments.simulation import Simulate, cause_of, simulate_model
from transitionsim.experiments.store import failures_of, finished, is_finished, write_part
from transitionsim.experiments.work import Done, Task
from transitionsim.experiments.workers import Workers

_POLL_SECONDS: Final = 0.25
_AHEAD: Final = 2
"""Chunks under way for each worker."""
_DIED: Final = "its process ended without a word, twice: out of memory, or killed"


@dataclass
class State:
    """How far a sweep is; told several times a second."""

    runs: int
    done: int = 0
    failed: int = 0
    begun: float = field(default_factory=time.monotonic)
    fresh: int = 0
    """Runs done since this process began."""
    precision: Precision | None = None
    stopping: bool = False

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the end at the pace so far; none before the first chunk is back."""
        if not self.fresh:
            return None
        return (time.monotonic() - self.begun) * (self.runs - self.done) / self.fresh


@dataclass(frozen=True)
class Outcome:
    """How a sweep ended: all draws, enough draws for the precision asked, or interrupted."""

    complete: bool
    draws: int
    failures: tuple[Failure, ...]
    recomputed: tuple[str, ...]
    """A sentence for each part that was found cut, altered or foreign."""


Tell = Callable[[State], None]


def work_through(
    folder: Path,
    design: Design,
    workers: Workers,
    *,
    tell: Tell = lambda state: None,
    until: float | None = None,
    again: bool = False,
    simulate: Simulate = simulate_model,
) -> Outcome:
    """Run what is not done yet, chunk by chunk, and write the table when all is done.

    ``until`` stops a sweep when the paired difference is known to that share of itself, looked at only after fixed
    numbers of draws so that the answer does not depend on who finished first. ``again`` runs chunks with failures
    anew. On Ctrl-C what is under way is finished and stored; a second one leaves at once.
    """
    parts, wrong = finished(folder, design.plan)
    if again:
        for number, path in list(parts.items()):
            if failures_of(path):
                path.unlink()
                del parts[number]
    if not wrong and until is None and len(parts) == len(design.chunks) and is_finished(folder, design.plan):
        tell(State(design.runs, design.runs))
        return Outcome(True, len(design.plan.draws), _failures(parts), ())
    sweep = _Sweep(folder, design, parts, simulate, until)
    with _interruptible(sweep.state):
        sweep.work(workers, tell)
    enough = sweep.enough
    draws = len(design.plan.draws) if enough is None else enough
    kept = [one for one in design.chunks if one.draw < draws]
    complete = all(one.number in parts for one in kept)
    if complete:
        for number in [number for number in parts if number > kept[-1].number]:
            parts.pop(number).unlink()
        finish(folder, design.plan, [parts[one.number] for one in kept], draws)
    return Outcome(complete, draws, _failures(parts), tuple(wrong))


def _failures(parts: Mapping[int, Path]) -> tuple[Failure, ...]:
    return tuple(failure for number in sorted(parts) for failure in failures_of(parts[number]))


class _Sweep:
    """The bookkeeping of one process: what waits, what is under way, what came back."""

    def __init__(
        self, folder: Path, design: Design, parts: dict[int, Path], simulate: Simulate, until: float | None
    ) -> None:
        self.folder, self.design, self.parts, self.until = folder, design, parts, until
        self._simulate = simulate
        self._waiting = deque(one for one in design.chunks if one.number not in parts)
        self._suspects: deque[Chunk] = deque()
        self._strikes: Counter[int] = Counter()
        self._by_draw = [0] * len(design.plan.draws)
        for one in design.chunks:
            self._by_draw[one.draw] += one.number not in parts
        done = sum(len(one.arms) for one in design.chunks if one.number in parts)
        self.state = State(design.runs, done, sum(len(failures_of(path)) for path in parts.values()))
        self.enough: int | None = None
        self._stops = checkpoints(len(self._by_draw))
        self._look()

    def work(self, workers: Workers, tell: Tell) -> None:
        """Send chunks out until all are back, or an interruption or the precision ends it."""
        tell(self.state)
        while self._pending():
            executor = workers.open()
            try:
                self._round(executor, workers.count, tell)
            except BaseException:
                workers.close(executor, at_once=True)
                raise
            workers.close(executor)

    def _pending(self) -> bool:
        return bool(self._waiting or self._suspects) and not self.state.stopping and self.enough is None

    def _round(self, executor: Executor, width: int, tell: Tell) -> None:
        """Send chunks to one executor until there are none, or until it breaks: then all under way are suspects."""
        under_way: dict[Future[Done], Chunk] = {}
        while under_way or self._pending():
            self._send(executor, under_way, width)
            ready, _ = wait(under_way, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED)
            broken = False
            for future in ready:
                chunk = under_way.pop(future)
                try:
                    done = future.result()
                except Exception as error:  # noqa: BLE001  a task catches its own: this is its process, or the way to it
                    broken = broken or isinstance(error, BrokenExecutor)
                    self._suspect(chunk, error, alone=not under_way and len(ready) == 1)
                else:
                    self._store(done)
            tell(self.state)
            if broken:
                for chunk in under_way.values():
                    self._suspects.append(chunk)
                return

    def _send(self, executor: Executor, under_way: dict[Future[Done], Chunk], width: int) -> None:
        """Keep the workers busy; a suspect goes alone, so that it takes no other with it when it dies again."""
        while self._pending():
            alone = bool(self._suspects)
            if under_way if alone else len(under_way) >= _AHEAD * width:
                return
            chunk = self._suspects.popleft() if alone else self._waiting.popleft()
            try:
                under_way[executor.submit(Task.of(self.design, chunk, self._simulate))] = chunk
            except BrokenExecutor:
                (self._suspects if alone else self._waiting).appendleft(chunk)
                return
            if alone:
                return

    def _suspect(self, chunk: Chunk, error: Exception, *, alone: bool) -> None:
        """Try a chunk again, alone, whose worker died; it is given up when it was alone and died twice."""
        self._strikes[chunk.number] += alone
        if self._strikes[chunk.number] < 2:
            self._suspects.append(chunk)
            return
        died = isinstance(error, BrokenExecutor)
        self._store(
            self._given_up(chunk, _DIED if died else f"its process gave nothing back, twice: {cause_of(error)}")
        )

    def _store(self, done: Done) -> None:
        self.parts[done.chunk] = write_part(self.folder, self.design.plan, done)
        chunk = self.design.chunks[done.chunk]
        self._by_draw[chunk.draw] -= 1
        self.state.done += len(chunk.arms)
        self.state.fresh += len(chunk.arms)
        self.state.failed += len(done.failures)
        self._look()

    def _look(self) -> None:
        """See whether enough draws are done, at the fixed numbers of draws only, in their order."""
        while self._stops and self.enough is None and not any(self._by_draw[: self._stops[0]]):
            draws = self._stops.pop(0)
            if self.until is None and draws < len(self._by_draw):
                continue
            chunks = [one for one in self.design.chunks if one.draw < draws]
            paths = [self.parts[one.number] for one in chunks]
            self.state.precision = precise_enough(self.design.plan, paths, draws, self.until)
            if self.state.precision is not None and self.state.precision.reached:
                self.enough = draws

    def _given_up(self, chunk: Chunk, cause: str) -> Done:
        plan, draw = self.design.plan, self.design.plan.draws[chunk.draw]
        labels = [plan.arms[place].label for place in chunk.arms]
        failures = tuple(Failure(draw.number, draw.seed, label, "running", cause) for label in labels)
        return Done(chunk.number, (), {}, failures)


@contextmanager
def _interruptible(state: State) -> Iterator[None]:
    """Let the first Ctrl-C ask for an end, and the second one make it."""

    def stop(number: int, frame: object) -> None:
        if state.stopping:
            raise KeyboardInterrupt
        state.stopping = True

    try:
        before = signal.signal(signal.SIGINT, stop)
    except ValueError:  # not the main thread: whoever started it keeps its own way to stop
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
