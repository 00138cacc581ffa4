"""The mean field against plain loops, closed forms and symmetries, on generated inputs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.replications.plain import trajectory
from transitionsim.replications.definition import (
    ADJUSTMENT,
    OPENING,
    SEPARATION,
    SHOCKS,
    Targets,
    automated,
    sine_of_turns,
    start_of,
)
from transitionsim.replications.mean_field import flows, mean_field, openings, separations
from transitionsim.replications.networks import complete, loop, of_matrix, ring

N = 7
LUCK = np.random.default_rng(11)
EMPLOYMENT = 10.0 ** LUCK.uniform(1.0, 6.0, N)
PROBABILITY = LUCK.uniform(0.0, 1.0, N)
UNEVEN = LUCK.uniform(0.0, 3.0, (N, N)) * (LUCK.uniform(size=(N, N)) < 0.4) + np.diag(10.0 ** LUCK.uniform(-3, 3, N))
NO_ENTRY = np.where(np.arange(N) == 2, 0.0, 1.0) * np.ones((N, N))
AROUND = {0: 0.3, 1: 0.35, N - 1: 0.35}
NETWORKS = {
    "complete": (complete(N), [[1 / N] * N] * N),
    "loop": (loop(N, 0.55), [[0.55 if i == j else 0.45 / N for j in range(N)] for i in range(N)]),
    "ring": (
        ring(N, 0.3),
        [[{0: 0.3, 1: 0.35, N - 1: 0.35}.get((i - j) % N, 0.0) for j in range(N)] for i in range(N)],
    ),
    "uneven": (of_matrix(UNEVEN), UNEVEN.tolist()),
    "an occupation nobody can enter": (of_matrix(NO_ENTRY), NO_ENTRY.tolist()),
}


def path_of(employment, probability, network, shock):
    start = start_of(np.array(employment))
    found = mean_field(start, Targets(shock, start.demand, automated(start.demand, np.array(probability))), network)
    return np.array((found.unemployment, found.vacancies, found.long_term))


@pytest.mark.parametrize("shock", SHOCKS)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_step_is_that_of_plain_loops(name, shock):
    network, matrix = NETWORKS[name]
    found = path_of(EMPLOYMENT, PROBABILITY, network, shock)
    expected = np.array(trajectory(EMPLOYMENT.tolist(), PROBABILITY.tolist(), matrix, shock))
    assert found.shape == expected.shape == (3, 600)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=0)


@pytest.mark.parametrize("shock", SHOCKS)
def test_extreme_inputs_are_those_of_plain_loops(shock):
    """Nobody employed in one occupation, one wholly automated, one a trillion times another."""
    employment, probability = [1e-3, 0.0, 1e9, 50.0], [0.2, 0.5, 0.9, 1.0]
    matrix = [[0, 1, 2, 0], [1, 1, 0, 1], [1, 0, 1e-6, 4], [1, 1, 1, 1]]
    found = path_of(employment, probability, of_matrix(np.array(matrix, float)), shock)
    np.testing.assert_allclose(found, trajectory(employment, probability, matrix, shock), rtol=1e-9, atol=0)


@pytest.mark.parametrize("name", ["complete", "loop", "ring"])
def test_a_named_network_is_its_matrix(name):
    network, matrix = NETWORKS[name]
    np.testing.assert_allclose(network.entries(), matrix, rtol=1e-15)
    weights = 10.0 ** LUCK.uniform(-8, 8, N)
    np.testing.assert_allclose(network.onward(weights), np.array(matrix) @ weights, rtol=1e-14)
    np.testing.assert_allclose(network.inward(weights), np.array(matrix).T @ weights, rtol=1e-14)


def test_small_rings():
    assert ring(2, 0.4).entries().tolist() == [[0.4, 0.6], [0.6, 0.4]], "both neighbours are the same occupation"
    assert ring(1, 0.4).onward(np.array([2.0])).tolist() == [2.0]


def test_what_one_large_occupation_leaves_to_the_others_is_exact():
    """Others are summed without the large one, not as a difference from the total."""
    weights = np.array([1e20, 1.0, 2.0])
    np.testing.assert_allclose(loop(3, 0.0).onward(weights) * 3.0, [3.0, 1e20, 1e20], rtol=1e-15)


def test_the_steady_state_without_shock_has_a_closed_form():
    """On the complete network unemployed U, vacancies V and x = U / V solve two equations, whatever the composition."""
    low, high = 1.0, 10.0
    for _ in range(200):
        x = 0.5 * (low + high)
        excess = (1 - OPENING) * ADJUSTMENT * (x - 1) / -math.expm1(-x) - (SEPARATION - OPENING) / SEPARATION
        low, high = (x, high) if excess < 0 else (low, x)
    posts = SEPARATION / -math.expm1(-x)  # vacancies for each person employed
    unemployment, vacancies = 100 * x * posts / (1 + x * posts), 100 * posts / (1 + posts)
    finding = -math.expm1(-x) / x
    long_term = 100 * SEPARATION * (1 - finding) ** 3 / finding / (1 + x * posts)
    last = path_of(EMPLOYMENT, PROBABILITY, complete(N), "none")[:, -1]
    np.testing.assert_allclose(last, [unemployment, vacancies, long_term], rtol=1e-11)
    assert unemployment == pytest.approx(4.106572629624781, rel=1e-13)
    after = path_of(EMPLOYMENT, PROBABILITY, complete(N), "automation")[:, -1]
    np.testing.assert_allclose(after, last, rtol=1e-8)


def test_scale_and_order_change_nothing():
    network = of_matrix(UNEVEN)
    once = path_of(EMPLOYMENT, PROBABILITY, network, "automation")
    np.testing.assert_allclose(path_of(1000.0 * EMPLOYMENT, PROBABILITY, network, "automation"), once, rtol=1e-11)
    order = LUCK.permutation(N)
    turned = of_matrix(UNEVEN[np.ix_(order, order)])
    found = path_of(EMPLOYMENT[order], PROBABILITY[order], turned, "automation")
    np.testing.assert_allclose(found, once, rtol=1e-11)
    rows = of_matrix(UNEVEN * 10.0 ** LUCK.uniform(-5, 5, (N, 1)))
    np.testing.assert_allclose(path_of(EMPLOYMENT, PROBABILITY, rows, "automation"), once, rtol=1e-11)


def test_equal_networks_give_equal_paths():
    """A loop of 1 / (n + 1) is complete, so is a ring of three at one third; no mobility is complete without shock."""
    whole = path_of(EMPLOYMENT, PROBABILITY, complete(N), "automation")
    np.testing.assert_allclose(path_of(EMPLOYMENT, PROBABILITY, loop(N, 1 / (N + 1)), "automation"), whole, rtol=1e-11)
    three = path_of(EMPLOYMENT[:3], PROBABILITY[:3], complete(3), "cycle")
    np.testing.assert_allclose(path_of(EMPLOYMENT[:3], PROBABILITY[:3], ring(3, 1 / 3), "cycle"), three, rtol=1e-11)
    alone = path_of(EMPLOYMENT, PROBABILITY, loop(N, 1.0), "none")
    np.testing.assert_allclose(alone, path_of(EMPLOYMENT, PROBABILITY, complete(N), "none"), rtol=1e-11)


def test_less_mobility_more_unemployment_under_automation():
    peaks = [path_of(EMPLOYMENT, PROBABILITY, loop(N, own), "automation")[0].max() for own in (0.1, 0.5, 0.9)]
    assert peaks[0] < peaks[1] < peaks[2]


def test_nobody_is_lost_in_a_step():
    start = start_of(EMPLOYMENT)
    leaving, filled = flows(start.unemployed, start.vacancies, of_matrix(UNEVEN))
    assert leaving.sum() == pytest.approx(filled.sum(), rel=1e-14)
    assert (leaving <= start.unemployed).all()
    assert (filled <= start.vacancies).all()
    for size in (0.0, 1e3, -1e3, 1e12, -1e12):
        gap = np.full(N, size)
        assert (separations(EMPLOYMENT, gap) <= EMPLOYMENT * (1 + 1e-15)).all()
        assert (openings(EMPLOYMENT, gap) <= EMPLOYMENT * (1 + 1e-15)).all()
    np.testing.assert_array_equal(separations(EMPLOYMENT, np.full(N, -1.0)), SEPARATION * EMPLOYMENT)
    np.testing.assert_array_equal(openings(EMPLOYMENT, np.full(N, 1.0)), OPENING * EMPLOYMENT)


def test_automation_keeps_total_demand_and_a_cycle_repeats():
    start = start_of(EMPLOYMENT)
    last = automated(start.demand, PROBABILITY)
    assert last.sum() == pytest.approx(start.demand.sum(), rel=1e-14)
    grows = Targets("automation", start.demand, last)
    np.testing.assert_array_equal(grows.at(99), start.demand)
    done = (grows.at(100 + 231) - start.demand) / (last - start.demand)
    np.testing.assert_allclose(done, 0.9999, atol=1e-5)
    turns = Targets("cycle", start.demand, last)
    np.testing.assert_array_equal(turns.at(79), start.demand)
    np.testing.assert_array_equal(turns.at(80), turns.at(80 + 103))
    assert (turns.at(80) > start.demand).all(), "the cycle begins in an upswing"


@pytest.mark.parametrize("whole", [1, 2, 4, 103])
def test_the_sine_is_the_sine(whole):
    for part in range(3 * whole):
        assert sine_of_turns(part, whole) == pytest.approx(math.sin(2 * math.pi * part / whole), abs=5e-15)
