"""Where runs happen: this machine's processes, or a Dask cluster, both behind one interface, an ``Executor``."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, Protocol

from transitionsim.errors import InputError

LOCAL: Final = "local"
_WATCH_SECONDS: Final = 1.0
MISSING: Final = "the cluster needs the extra 'cluster': pip install 'transitionsim[cluster]'"


class Workers(Protocol):
    """Something that gives executors: a fresh one when the last is broken."""

    count: int

    def open(self) -> Executor:
        """Return an executor that takes tasks."""

    def close(self, executor: Executor, *, at_once: bool = False) -> None:
        """Let go of an executor, whatever state it is in; ``at_once`` does not wait for what is under way."""


class Here:
    """One process, that which asks: one task after the other."""

    count = 1

    def open(self) -> Executor:
        """Return an executor that does a task when it gets it."""
        return _Inline()

    def close(self, executor: Executor, *, at_once: bool = False) -> None:
        """Do nothing: nothing is under way."""


class _Inline(Executor):
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  as any executor does
            future.set_exception(error)
        return future


class Processes:
    """Local processes, started anew and not forked, deaf to Ctrl-C: the parent lets them finish."""

    def __init__(self, count: int | None) -> None:
        self.count = count or cores()

    def open(self) -> Executor:
        """Return a pool of processes."""
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.count, mp_context=context, initializer=_deaf, initargs=(os.getpid(),))

    def close(self, executor: Executor, *, at_once: bool = False) -> None:
        """End the processes; tasks that have not begun are dropped, and ``at_once`` those under way too."""
        if at_once:
            for process in multiprocessing.active_children():
                process.kill()
        executor.shutdown(wait=True, cancel_futures=True)


class Cluster:
    """The workers of a Dask cluster, by an executor that is a client of it."""

    def __init__(self, client: object, count: int) -> None:
        self.client = client
        self.count = count

    def open(self) -> Executor:
        """Return an executor that sends tasks to the cluster."""
        return self.client.get_executor(pure=False)  # type: ignore[attr-defined, no-any-return]

    def close(self, executor: Executor, *, at_once: bool = False) -> None:
        """Let go of the client's executor; the cluster stays, and nothing is waited for."""
        executor.shutdown(wait=False)


def cores() -> int:
    """Return the number of processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _deaf(parent: int) -> None:
    """Let a worker ignore Ctrl-C, and end when its parent is gone: a killed parent must leave nobody behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(parent)


def end_with(parent: int) -> None:
    """Let this process end when its parent is gone, also one that was gone before this began.

    A parent that is killed tells nobody; a worker would wait for work for ever.
    """
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os._exit(1)


@contextmanager
def workers(count: int | None, cluster: str | None, chunks: int) -> Iterator[Workers]:
    """Give local processes for so many chunks, or with ``cluster`` the workers of a Dask cluster.

    ``cluster`` is ``local`` or a scheduler's address. A single process is this one. Raises :class:`InputError` for
    fewer than one process, where the extra is not installed, the address is none, or nobody answers there.
    """
    if count is not None and count < 1:
        raise InputError.one("--processes", f"found {count}, at least 1 is needed")
    if cluster is None:
        needed = min(count or cores(), chunks)
        yield Here() if needed <= 1 else Processes(needed)
        return
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError.one("--cluster", MISSING) from None
    if cluster == LOCAL:
        # A worker that Dask starts anew would start this program anew too, were it not for the guard in `__main__`.
        with (
            LocalCluster(
                n_workers=count or cores(), threads_per_worker=1, processes=True, dashboard_address=None
            ) as own,
            Client(own) as client,
        ):
            yield Cluster(client, count or cores())
        return
    try:
        with Client(cluster, timeout=10) as client:
            yield Cluster(client, max(1, len(client.scheduler_info()["workers"])))
    except ValueError as error:
        text = f"'{cluster}' is no address: {str(error).splitlines()[0]}; tcp://host:port or local is needed"
        raise InputError.one("--cluster", text) from None
    except OSError:
        text = f"no scheduler answers at {cluster}; start one, or use --cluster local"
        raise InputError.one("--cluster", text) from None
