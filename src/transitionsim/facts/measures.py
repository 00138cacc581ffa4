"""Measures on arrays: slopes, loops, elasticities, tails and the shape of growth rates; no model in here."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]


def slope(x: Any, y: Any) -> float:
    """Return the slope of a line through points by least squares; NaN where x does not vary.

    >>> slope([0.0, 1.0, 2.0], [1.0, 3.0, 5.0])
    2.0
    """
    across, up = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    apart = across - across.mean()
    spread = float((apart * apart).sum())
    return float((apart * (up - up.mean())).sum() / spread) if spread > 0.0 else math.nan


def turning(x: Any, y: Any) -> float:
    """Return how round a closed loop is, and its sense: 1 for a circle counter-clockwise, -1 clockwise, 0 for a line.

    The area enclosed, with its sign, over that of an ellipse with the same two standard deviations and no
    correlation; several rounds weigh as one.
    """
    across, up = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    size = 2.0 * math.pi * float(across.std() * up.std())
    area = 0.5 * float((across * np.roll(up, -1) - np.roll(across, -1) * up).sum())
    return area / size if size > 0.0 else math.nan


def smoothed(values: Any, months: int) -> Floats:
    """Return a running mean of a closed cycle."""
    one = np.asarray(values, dtype=np.float64)
    return np.asarray(np.mean([np.roll(one, shift) for shift in range(-(months // 2), months - months // 2)], axis=0))


def matching(hires: Any, seekers: Any, vacancies: Any) -> tuple[float, float]:
    """Return the elasticity of matches to seekers under constant returns, and the returns where they are left free.

    ln(m/s) = c + (1 - a) ln(v/s) gives a; ln m = c + a ln s + b ln v gives a + b. Months without any are left out;
    NaN for fewer than 12 others.
    """
    m, s, v = _logarithms(hires, seekers, vacancies)
    if len(m) < 12:
        return math.nan, math.nan
    design = np.stack([np.ones(len(m)), s, v], axis=1)
    free = np.linalg.lstsq(design, m, rcond=None)[0]
    return 1.0 - slope(v - s, m - s), float(free[1] + free[2])


def elasticity(x: Any, y: Any) -> float:
    """Return the slope of ln y on ln x where both are above 0; NaN for fewer than 12 such points."""
    across, up = _logarithms(x, y)
    return slope(across, up) if len(across) >= 12 else math.nan


def _logarithms(*series: Any) -> list[Floats]:
    values = np.stack([np.asarray(one, dtype=np.float64) for one in series])
    return list(np.log(values[:, (values > 0.0).all(axis=0)]))


def tail_exponent(sizes: Any, weights: Any, smallest: float) -> float:
    """Return the exponent a of P(S > s) ~ s^-a above a smallest size, by maximum likelihood (Hill)."""
    size, weight = np.asarray(sizes, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    kept = size >= smallest
    total = float((weight[kept] * np.log(size[kept] / smallest)).sum())
    return float(weight[kept].sum()) / total if total > 0.0 else math.nan


def growth_shape(rates: Any) -> float:
    """Return the shape of growth rates around their median: 1 is a tent (Laplace), 2 a bell (normal).

    The power b of the density exp(-|x/a|^b), by maximum likelihood; NaN for fewer than 30 rates.
    """
    apart = np.abs(np.asarray(rates, dtype=np.float64) - np.median(rates))
    apart = apart[apart > 0.0]
    if len(apart) < 30:
        return math.nan
    apart = apart / apart.mean()

    def unlikely(power: float) -> float:
        scale = power * float((apart**power).mean())
        return math.log(scale) / power + 1.0 / power + float(special.gammaln(1.0 + 1.0 / power))

    return float(optimize.minimize_scalar(unlikely, bounds=(0.2, 6.0), method="bounded").x)


def percent(part: float, whole: float) -> float:
    """Return a share in percent; NaN of nothing.

    >>> percent(1.0, 4.0), percent(1.0, 0.0)
    (25.0, nan)
    """
    return 100.0 * part / whole if whole else math.nan


def ratio(part: float, whole: float) -> float:
    """Return a ratio; NaN to nothing."""
    return part / whole if whole else math.nan
