"""Keyed luck: the same person, purpose and month always meet the same luck.

A shared generator hands out numbers in the order they are asked for, so that one more draw in one scenario
shifts all later ones and hides a policy behind noise. Here a number is computed from its address instead:
``hash(seed, purpose, month, agent)``. Nothing is stored, so nothing can get out of step.

A *purpose* is a name such as ``"early_exit"``, one for each decision, never shared by two; renaming the
function that makes the decision moves nobody's luck. The *key* of an agent is made of its region's code and a
local number, so that adding a region moves nobody's luck either.

The mixing function is the 64-bit finaliser of Steele, Lea and Flood (2014, "Fast splittable pseudorandom
number generators", OOPSLA) with the constants of Stafford's thirteenth variant. ``uniform`` (NumPy) and
``uniform_at`` (compiled, one number) agree bit for bit.

>>> keys = agent_keys("ES22", "workers", 4)
>>> everyone = uniform(stream(2027, "early_exit", 3), keys)
>>> bool((uniform(stream(2027, "early_exit", 3), keys[[3, 1]]) == everyone[[3, 1]]).all())
True
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.compiling import both_ways

Keys = NDArray[np.uint64]

_MASK: Final = (1 << 64) - 1
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_GOLDEN: Final = 0x9E3779B97F4A7C15
_30: Final = np.uint64(30)
_27: Final = np.uint64(27)
_31: Final = np.uint64(31)
_11: Final = np.uint64(11)
UNIT: Final = 1.0 / 9007199254740992.0
"""2 to the power of -53: draws are multiples of it in [0, 1)."""


def mix(value: int) -> int:
    """Return 64 well-mixed bits of a whole number (plain Python, for addresses)."""
    value &= _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


@lru_cache(maxsize=4096)
def number_of(name: str) -> int:
    """Return the 64-bit number of a name: the first eight bytes of its BLAKE2b digest."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")


def base(seed: int, purpose: str) -> int:
    """Return the part of an address that a month does not change."""
    return mix(mix(seed * _GOLDEN + 1) ^ number_of(purpose))


def stream(seed: int, purpose: str, month: int) -> np.uint64:
    """Return the address shared by all draws for one purpose in one month of one seed."""
    return np.uint64(mix(base(seed, purpose) + (month + 65_536) * _GOLDEN))


def streams(bases: Keys, month: int) -> Keys:
    """Return the addresses of many purposes in one month, from what :func:`base` gave; any shape."""
    return _mixed(bases + np.uint64((month + 65_536) * _GOLDEN & _MASK))


def agent_keys(region: str, population: str, count: int, start: int = 0) -> Keys:
    """Return the keys of ``count`` agents of one population of one region, from local number ``start`` on."""
    base = np.uint64(mix(number_of(f"{region}/{population}")))
    local = np.arange(start, start + count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        return _mixed(base + local * np.uint64(_GOLDEN))


def _mixed(value: Keys) -> Keys:
    with np.errstate(over="ignore"):
        value = (value ^ (value >> _30)) * _FIRST
        value = (value ^ (value >> _27)) * _SECOND
        return value ^ (value >> _31)


def uniform(address: np.uint64, keys: Keys) -> NDArray[np.float64]:
    """Return one draw in [0, 1) for each key, from the address that :func:`stream` made."""
    return (_mixed(keys ^ np.uint64(address)) >> _11).astype(np.float64) * UNIT


@both_ways
def bits_at(address: np.uint64, key: np.uint64) -> np.uint64:
    """Return the 64 bits behind one draw."""
    value = address ^ key
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@both_ways
def uniform_at(address: np.uint64, key: np.uint64) -> float:
    """Return the draw of one key at one address; the compiled form of :func:`uniform`."""
    return (bits_at(address, key) >> np.uint64(11)) * UNIT
