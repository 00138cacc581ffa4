"""Keyed luck: uniform, independent along every axis of the address, and the same number in every engine.

Seeds are fixed, so a test either always passes or always fails. The false-alarm rate, the share of good
generators that a threshold would reject, is 1e-6 for every single test: about one in 10,000 for this file.
"""

from __future__ import annotations

import warnings

import numba
import numpy as np
import pytest
from scipy import stats

from transitionsim import draws, kernels

FALSE_ALARM = 1e-6
N = 200_000
KEYS = draws.agent_keys("ES22", "workers", N)


def at(purpose="early_exit", month=7, seed=2027, keys=KEYS):
    return draws.uniform(draws.stream(seed, purpose, month), keys)


def fits_uniform(counts):
    """Chi-square of counts that should all be equal."""
    return stats.chisquare(counts).pvalue > FALSE_ALARM


def independent(first, second, cells=32):
    """Chi-square on pairs: each cell of a square grid is equally likely."""
    grid = np.floor(first * cells).astype(int) * cells + np.floor(second * cells).astype(int)
    return fits_uniform(np.bincount(grid, minlength=cells * cells))


def uncorrelated(first, second):
    correlation = np.corrcoef(first, second)[0, 1]
    return abs(correlation) < stats.norm.isf(FALSE_ALARM / 2) / np.sqrt(len(first))


@pytest.mark.parametrize("month", [-65_536, -1, 0, 1, 191])
@pytest.mark.parametrize("seed", [0, 1, -1, 2**63])
def test_one_address_is_uniform(seed, month):
    found = at(seed=seed, month=month)
    assert found.min() >= 0.0
    assert found.max() < 1.0
    assert stats.kstest(found, "uniform").pvalue > FALSE_ALARM
    assert fits_uniform(np.bincount((found * 4096).astype(int), minlength=4096))


def test_the_low_bits_are_uniform_too():
    low = (at() * 2.0**53).astype(np.uint64) & np.uint64(1023)
    assert fits_uniform(np.bincount(low.astype(int), minlength=1024))


PAIRS = {
    "the next month": (at(), at(month=8)),
    "the next year": (at(), at(month=19)),
    "another purpose": (at(), at(purpose="quit")),
    "a purpose with a similar name": (at(purpose="quit_1"), at(purpose="quit_2")),
    "the next seed": (at(), at(seed=2028)),
    "seed and month exchanged": (at(seed=7, month=8), at(seed=8, month=7)),
    "the neighbouring key": (at()[:-1], at()[1:]),
    "the second neighbour": (at()[:-2], at()[2:]),
    "another region": (at(), at(keys=draws.agent_keys("DE11", "workers", N))),
    "another population": (at(), at(keys=draws.agent_keys("ES22", "employers", N))),
    "next month and neighbouring key": (at()[:-1], at(month=8)[1:]),
}


@pytest.mark.parametrize("name", PAIRS)
def test_pairs_along_the_address_are_independent(name):
    first, second = PAIRS[name]
    assert independent(first, second)
    assert uncorrelated(first, second)
    assert uncorrelated(first > 0.99, second > 0.99)


def test_triples_of_months_fill_the_cube():
    """Serial test in three dimensions, where linear generators fall into planes."""
    cells = 16
    places = np.zeros(N, int)
    for month in (1, 2, 3):
        places = places * cells + np.floor(at(month=month) * cells).astype(int)
    assert fits_uniform(np.bincount(places, minlength=cells**3))


def test_one_person_over_many_months_has_no_rhythm():
    """Lags and spectrum of one person's draws; the ordinates of a periodogram are nearly exponential."""
    months = 4096
    for key in KEYS[:4]:
        series = np.array([at(month=month, keys=KEYS[:1] * 0 + key)[0] for month in range(months)]) - 0.5
        for lag in (1, 2, 3, 12, 24):
            assert uncorrelated(series[:-lag], series[lag:])
        power = np.abs(np.fft.rfft(series)[1:-1]) ** 2 / (months / 12.0)
        assert power.max() < -np.log(FALSE_ALARM / len(power))


def test_runs_above_and_below_the_middle():
    above = at() > 0.5
    runs = 1 + int((above[1:] != above[:-1]).sum())
    up, down = int(above.sum()), int((~above).sum())
    mean = 1 + 2 * up * down / N
    spread = np.sqrt((mean - 1) * (mean - 2) / (N - 1))
    assert abs(runs - mean) < stats.norm.isf(FALSE_ALARM / 2) * spread


def test_sums_over_months_spread_as_independent_draws_do():
    """Personal means would spread too widely if months shared luck, too little if they balanced it."""
    months = 120
    total = sum(at(month=month) for month in range(months))
    ratio = total.var() / (months / 12.0)
    assert abs(ratio - 1.0) < stats.norm.isf(FALSE_ALARM / 2) * np.sqrt(2.0 / N)


@pytest.mark.parametrize("what", ["key", "address"])
def test_every_bit_of_the_input_turns_half_of_the_output(what):
    """Avalanche: 4,000 keys, each of 64 bits turned, each of 64 output bits near one half."""
    keys = KEYS[:4000]
    address = draws.stream(2027, "quit", 3)
    before = draws._mixed(keys ^ address)
    worst = 0.0
    for bit in range(64):
        turned = np.uint64(1 << bit)
        after = draws._mixed((keys ^ turned) ^ address if what == "key" else keys ^ (address ^ turned))
        change = (before ^ after)[:, None] >> np.arange(64, dtype=np.uint64) & np.uint64(1)
        worst = max(worst, float(np.abs(change.mean(axis=0) - 0.5).max()))
    assert worst < stats.norm.isf(FALSE_ALARM / 2 / 4096) * 0.5 / np.sqrt(4000)


def test_streams_differ_wherever_their_addresses_do():
    purposes = [f"purpose_{number}" for number in range(20)]
    found = {
        int(draws.stream(seed, name, month)) for seed in range(20) for name in purposes for month in range(-20, 192)
    }
    assert len(found) == 20 * 20 * 212


def test_keys_are_distinct_and_do_not_move_when_a_region_is_added_or_grows():
    regions = [draws.agent_keys(region, "workers", 100_000) for region in ("ES22", "DE11", "CZ02")]
    assert len(np.unique(np.concatenate(regions))) == 300_000
    assert (draws.agent_keys("ES22", "workers", 10) == regions[0][:10]).all()
    assert (draws.agent_keys("ES22", "workers", 10, start=90) == regions[0][90:100]).all()


@numba.njit
def _compiled(address, keys):
    result = np.empty(len(keys))
    for i in range(len(keys)):
        result[i] = draws.uniform_at(address, keys[i])
    return result


@numba.njit
def _monthly(base, month):
    return kernels.address(base, month)


def test_numpy_compiled_and_plain_python_agree_bit_for_bit():
    keys = np.concatenate([KEYS[:2000], np.array([0, 1, 2**63, 2**64 - 1], np.uint64)])
    address = draws.stream(2027, "quit", 3)
    vector = draws.uniform(address, keys)
    assert _compiled(address, keys).tobytes() == vector.tobytes()
    plain = [(draws.mix(int(address) ^ key) >> 11) * draws.UNIT for key in keys.tolist()]
    assert np.array(plain).tobytes() == vector.tobytes()


@pytest.mark.parametrize("month", [-65_536, -700, -1, 0, 1, 191, 32_767])
def test_kernels_finish_addresses_as_streams_do(month):
    for seed in (0, -3, 2027, 2**70):
        base = draws.mix(draws.mix(seed * 0x9E3779B97F4A7C15 + 1) ^ draws.number_of("quit"))
        assert _monthly(np.uint64(base), month) == draws.stream(seed, "quit", month)


def test_vector_draws_do_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        at(keys=draws.agent_keys("ES22", "workers", 10))
