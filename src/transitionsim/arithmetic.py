"""Elementary functions made of + - * / only, so that every machine and engine gives the same bits.

``math.exp`` and NumPy's ``exp`` differ from each other and change with the processor; a rule or a market
that needs one of them takes it from here. Errors are below two units in the last place times the size of the
argument, far below anything an economic model can tell apart.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.compiling import both_ways, compiled

_LN2_HIGH: Final = 6.93147180369123816490e-01
_LN2_LOW: Final = 1.90821492927058770002e-10
_LN2: Final = 6.931471805599453094e-01
_ROOT_HALF: Final = 0.7071067811865476


@both_ways
def exp(x: float) -> float:
    """Return e to the power of ``x``; 0 below -700, and the value at 700 above it.

    The argument is reduced to [-ln 2 / 2, ln 2 / 2] and a Taylor polynomial of degree 13 is taken there.

    >>> abs(exp(1.0) - 2.718281828459045) < 1e-14
    True
    """
    if x < -700.0:
        return 0.0
    if x > 700.0:
        x = 700.0
    scaled = x / _LN2
    k = int(scaled + 0.5) if scaled >= 0.0 else int(scaled - 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    total = 1.0
    for i in range(13, 0, -1):
        total = 1.0 + total * r / i
    factor = 2.0 if k >= 0 else 0.5
    steps = k if k >= 0 else -k
    scale = 1.0
    while steps > 0:
        if steps % 2 == 1:
            scale = scale * factor
        factor = factor * factor
        steps = steps // 2
    return total * scale


@both_ways
def log(x: float) -> float:
    """Return the natural logarithm of a positive number; -745 for zero and below.

    >>> abs(log(10.0) - 2.302585092994046) < 1e-14
    True
    """
    if x < 5e-324:
        return -745.0
    k = 0
    while x >= 4294967296.0:
        x = x * (1.0 / 4294967296.0)
        k += 32
    while x < 1.0 / 4294967296.0:
        x = x * 4294967296.0
        k -= 32
    while x > 1.4142135623730951:
        x = x * 0.5
        k += 1
    while x < _ROOT_HALF:
        x = x * 2.0
        k -= 1
    s = (x - 1.0) / (x + 1.0)
    square = s * s
    total = 0.0
    for i in range(23, 0, -2):
        total = total * square + 1.0 / i
    return 2.0 * s * total + k * _LN2


@both_ways
def power(base: float, exponent: float) -> float:
    """Return ``base`` to the power of ``exponent`` for a positive base; 0 for a base of 0 or less.

    >>> abs(power(2.0, 0.5) - 1.4142135623730951) < 1e-14
    True
    """
    if base <= 0.0:
        return 0.0
    return exp(exponent * log(base))


@compiled
def share_out(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Divide a whole number over weights so that the parts sum to it exactly (largest remainder).

    Ties go to the lower index. All-zero or negative weights get nothing but the first place, which then
    takes the total. ``weights`` has shape (n,); returns whole numbers of shape (n,).

    >>> share_out(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4, 3, 3]
    """
    n = len(weights)
    parts = np.zeros(n, np.int64)
    whole = 0.0
    for i in range(n):
        if weights[i] > 0.0:
            whole += weights[i]
    if n == 0 or total == 0:
        return parts
    if whole <= 0.0:
        parts[0] = total
        return parts
    rest = np.empty(n, np.float64)
    given = 0
    for i in range(n):
        exact = total * weights[i] / whole if weights[i] > 0.0 else 0.0
        parts[i] = int(exact)
        rest[i] = exact - parts[i] if weights[i] > 0.0 else -1.0
        given += parts[i]
    order = np.argsort(-rest, kind="mergesort")
    place = 0
    while given < total:
        parts[order[place % n]] += 1
        given += 1
        place += 1
    place = n - 1
    while given > total:
        if parts[order[place % n]] > 0:
            parts[order[place % n]] -= 1
            given -= 1
        place -= 1
    return parts
