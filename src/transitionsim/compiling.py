"""The door to numba: typed decorators for functions that run compiled.

``compiled`` is for markets and other kernels, ``both_ways`` for small functions that rules call and that
must run as plain Python too. Machine code is kept on disk, in a folder named by a digest of every source file
that a kernel can depend on: numba itself looks only at the file a function stands in, so an edited constant in
another file would give an old answer.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
from numba.extending import register_jitable

from transitionsim.folders import cache_folder
from transitionsim.sealed import SealedCache

Function = TypeVar("Function", bound=Callable[..., Any])
GROUND: Final = ("arithmetic.py", "columns.py", "compiling.py", "draws.py", "worker.py")
"""Modules from which kernels take constants and functions; beside these they use only their own file."""


def compiled(function: Function) -> Function:
    """Compile a kernel on its first call, keep it on disk, release the interpreter lock while it runs."""
    kept = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(cache_folder("markets", _digest(inspect.getfile(function))))
    try:
        dispatcher = numba.njit(nogil=True, error_model="numpy")(function)
        dispatcher._cache = SealedCache(function)
        return cast("Function", dispatcher)
    finally:
        numba.config.CACHE_DIR = kept


def forget(kernel: Any) -> None:
    """Forget the machine code of a kernel that is on disk."""
    kernel._cache.flush()


def both_ways(function: Function) -> Function:
    """Mark a function as callable from compiled code; called from Python it stays plain Python.

    Bounds are checked in it, since a stranger's rule may hand it any number.
    """
    return cast("Function", register_jitable(boundscheck=True)(function))


@cache
def _digest(file: str) -> str:
    """Return a digest of a kernel's file and of the ground modules."""
    folder = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    for path in (Path(file), *(folder / name for name in GROUND)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
