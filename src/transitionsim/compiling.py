"""The door to numba: typed decorators for functions that run compiled.

``compiled`` is for markets and other kernels, ``both_ways`` for small functions that rules call and that
must run as plain Python too. Compiled code is kept on disk beside the module by numba.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.extending import register_jitable

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile a kernel on its first call, keep it on disk, release the interpreter lock while it runs."""
    return cast("Function", numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def both_ways(function: Function) -> Function:
    """Mark a function as callable from compiled code; called from Python it stays plain Python."""
    return cast("Function", register_jitable(function))
