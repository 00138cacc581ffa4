"""Starts on disk: a region at the end of its burn-in is kept, so that the next run of it begins at once.

A start is named by a digest of everything it depends on: profile, parameters, scale, seed, and every source file
and table of the package. The folder belongs to the user alone, since what lies in it is unpickled; a file that is
incomplete or altered is made again. The oldest go when the folder grows beyond its limit.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import sys
import tempfile
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, Final

import numba
import numpy as np

from transitionsim.evidence import Register
from transitionsim.folders import cache_folder
from transitionsim.scenario import Scenario
from transitionsim.world import State

LIMIT: Final = 600_000_000
"""Bytes kept on disk."""
_DIGEST_LENGTH: Final = 64
_LONGEST_HEADER: Final = 100_000
_NOT_KEPT: Final = ("settings",)


def name_of(key: tuple[Any, ...]) -> str:
    """Return the name of the start with a key: a digest of the key, the package and the libraries."""
    digest = hashlib.sha256(repr(key).encode())
    digest.update(_package().encode())
    digest.update(repr((sys.version, np.__version__, numba.__version__, numba.config.CPU_NAME)).encode())
    return digest.hexdigest()


@cache
def _package() -> str:
    """Return a digest of all source files and tables of this package."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted((*folder.rglob("*.py"), *folder.rglob("*.yaml"))):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def fetch(name: str, scenario: Scenario, register: Register) -> State | None:
    """Return a kept start, its arrays writable, or None where there is none or it was damaged."""
    digest = hashlib.sha256()
    try:
        path = cache_folder("starts") / name
        with path.open("rb") as stream:
            sizes = json.loads(stream.readline(_LONGEST_HEADER))
            if stream.tell() + sum(sizes) + _DIGEST_LENGTH != path.stat().st_size:
                return None
            parts = [bytearray(size) for size in sizes]
            for part in parts:
                stream.readinto(part)
                digest.update(part)
            if stream.read(_DIGEST_LENGTH) != digest.hexdigest().encode():
                return None
    except (OSError, ValueError, TypeError):
        return None
    return State(settings=scenario.settings(register), **pickle.loads(parts[0], buffers=parts[1:]))


def keep(name: str, state: State) -> None:
    """Keep a start on disk; where that cannot be done the run goes on without.

    A line with the sizes of the parts, the parts (the state, then the arrays as they lie in memory), their digest.
    """
    values = {field.name: getattr(state, field.name) for field in fields(State) if field.name not in _NOT_KEPT}
    arrays: list[pickle.PickleBuffer] = []
    head = pickle.dumps(values, protocol=5, buffer_callback=arrays.append)
    parts = [memoryview(head), *(array.raw() for array in arrays)]
    digest = hashlib.sha256()
    try:
        folder = cache_folder("starts")
        handle, unfinished = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "wb") as stream:
            stream.write(json.dumps([part.nbytes for part in parts]).encode() + b"\n")
            for part in parts:
                stream.write(part)
                digest.update(part)
            stream.write(digest.hexdigest().encode())
        Path(unfinished).replace(folder / name)
        _prune(folder)
    except OSError:
        return


def _prune(folder: Path) -> None:
    """Remove the oldest files until the folder is within its limit."""
    found = sorted(((path.stat().st_mtime, path.stat().st_size, path) for path in folder.iterdir()), reverse=True)
    total = 0
    for _, size, path in found:
        total += size
        if total > LIMIT:
            path.unlink(missing_ok=True)
