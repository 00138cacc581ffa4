"""Elementary functions against Python's: close, monotone where it matters, and the same bits compiled."""

from __future__ import annotations

import math
from itertools import pairwise

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transitionsim import arithmetic
from transitionsim.arithmetic import exp, log, power, share_out

EPSILON = 2.0**-52
XS = np.concatenate([np.linspace(-700, 700, 2801), np.linspace(-1, 1, 801), [0.0, -0.0, 1e-300, -1e-17]])
POSITIVE = np.concatenate([np.logspace(-300, 300, 3001), np.linspace(0.5, 2.0, 1501), [5e-324, 2.2e-308, 1.0]])


@numba.njit
def _exp(values):
    return np.array([exp(value) for value in values])


@numba.njit
def _log(values):
    return np.array([log(value) for value in values])


@numba.njit
def _power(values, exponent):
    return np.array([power(value, exponent) for value in values])


def test_exp_is_within_two_units_times_the_argument():
    for x in XS.tolist():
        assert abs(exp(x) - math.exp(x)) <= 2.0 * EPSILON * max(1.0, abs(x)) * math.exp(x), x


def test_log_is_within_two_units():
    for x in POSITIVE.tolist():
        assert abs(log(x) - math.log(x)) <= 2.0 * EPSILON * max(
            abs(math.log(x)), abs(x - 1.0) if 0.5 < x < 2 else 1.0
        ), x


def test_power_is_within_two_units_times_the_size_of_its_logarithm():
    for base in (1e-6, 0.1, 0.5, 0.9, 1.0, 1.1, 2.0, 10.0, 1e6):
        for exponent in (-3.0, -0.5, 0.0, 0.3, 1.0, 2.0, 7.5):
            size = max(1.0, abs(exponent * math.log(base)))
            assert abs(power(base, exponent) - base**exponent) <= 4.0 * EPSILON * size * base**exponent


def test_the_edges_are_as_documented():
    assert exp(-701.0) == 0.0
    assert exp(1e9) == exp(700.0)
    assert exp(0.0) == 1.0
    assert log(1.0) == 0.0
    assert log(0.0) == log(-3.0) == -745.0
    assert power(0.0, 2.0) == power(-1.0, 2.0) == 0.0
    assert power(3.0, 0.0) == 1.0


def test_exp_rises():
    values = [exp(x) for x in np.linspace(-5.0, 5.0, 20_001).tolist()]
    assert all(low < high for low, high in pairwise(values))


def test_compiled_gives_the_same_bits():
    assert _exp(XS).tobytes() == np.array([exp(x) for x in XS.tolist()]).tobytes()
    assert _log(POSITIVE).tobytes() == np.array([log(x) for x in POSITIVE.tolist()]).tobytes()
    assert _power(POSITIVE, 0.37).tobytes() == np.array([power(x, 0.37) for x in POSITIVE.tolist()]).tobytes()


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 10**6), st.lists(st.floats(0.0, 1e6), min_size=1, max_size=30))
def test_shares_sum_to_the_whole_and_are_within_one_of_the_exact_share(total, weights):
    parts = share_out(total, np.array(weights))
    assert parts.sum() == total
    assert (parts >= 0).all()
    whole = sum(weights)
    if whole > 1e-300:
        assert np.abs(parts - total * np.array(weights) / whole).max() <= 1.0 + 1e-6 * total


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1.0, 1.0, 1.0], [4, 3, 3]),
        (7, [0.0, 0.0], [7, 0]),
        (5, [-1.0, 2.0], [0, 5]),
        (0, [1.0, 2.0], [0, 0]),
        (3, [], []),
    ],
)
def test_shares_by_hand(total, weights, parts):
    assert share_out(total, np.array(weights, np.float64)).tolist() == parts


def test_the_module_uses_no_function_that_changes_with_the_machine():
    assert not {"math", "exp2", "ldexp"} & set(vars(arithmetic))
