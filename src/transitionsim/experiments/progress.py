"""How far a run is, on standard error: a bar with the time left on a terminal, a few plain lines elsewhere.

Nothing is shown for what ends within two seconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from transitionsim.experiments.running import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

PATIENCE_SECONDS: Final = 2.0
LINE_SECONDS: Final = 15.0


class Plain:
    """Plain lines, one every fifteen seconds at most; for logs and pipes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start = clock()
        self._last = self._start

    def __call__(self, done: int, total: int, failed: int) -> None:
        """Write a line when it is time for one."""
        now = self._clock()
        if now - self._last < LINE_SECONDS or done in (0, total):
            return
        self._last = now
        left = (now - self._start) * (total - done) / done
        problem = f", {failed} failed" if failed else ""
        print(f"{done} of {total} runs done{problem}, about {left:.0f} s left", file=sys.stderr, flush=True)  # noqa: T201


class OnTerminal:
    """A bar that appears after two seconds and shows the time left."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._bar: Bar | None = None

    def __call__(self, done: int, total: int, failed: int) -> None:
        """Draw or move the bar."""
        if self._bar is None:
            if time.monotonic() - self._start < PATIENCE_SECONDS or done == total:
                return
            self._bar = _bar()
            self._bar.start()
            self._bar.add_task("runs", total=total, failed="")
        said = f"{failed} failed" if failed else ""
        self._bar.update(self._bar.task_ids[0], completed=done, failed=said)

    def close(self) -> None:
        """Take the bar off the screen."""
        if self._bar is not None:
            self._bar.stop()


def _bar() -> Bar:
    from rich import progress
    from rich.console import Console

    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
        progress.TextColumn("elapsed,"),
        progress.TimeRemainingColumn(),
        progress.TextColumn("left  {task.fields[failed]}"),
        console=Console(stderr=True),
        transient=True,
    )


@contextmanager
def watched() -> Iterator[Progress]:
    """Give what tells a user how far the runs are, and clear it away afterwards, also when interrupted."""
    if not sys.stderr.isatty():
        yield Plain()
        return
    bar = OnTerminal()
    try:
        yield bar
    finally:
        bar.close()
