"""Intervals of sweeps, held against models whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from transitionsim.draws import agent_keys, stream, uniform
from transitionsim.experiments.intervals import (
    EQUIVALENT,
    LARGER,
    UNDECIDED,
    answer,
    clustered,
    clusters_needed,
    layers,
    mean_interval,
    simultaneous,
)

REPETITIONS = 400
CLUSTERS, SEEDS = 24, 2


def luck(purpose: str, *shape: int) -> np.ndarray:
    """Keyed draws in (0, 1) of any shape."""
    count = int(np.prod(shape))
    return (uniform(stream(11, purpose, 0), agent_keys("tests", purpose, count)) + 2.0**-54).reshape(shape)


def normal(purpose: str, *shape: int) -> np.ndarray:
    return special.ndtri(luck(purpose, *shape))


def skewed(purpose: str, *shape: int) -> np.ndarray:
    """Exponential with mean 1: the skewness is 2."""
    return -np.log(luck(purpose, *shape))


def repeated(between: np.ndarray, purpose: str, seeds: int = SEEDS) -> tuple[np.ndarray, np.ndarray]:
    """Differences of every repetition, clusters times seeds, with seed noise of a half; and the inputs numbers."""
    count, clusters = between.shape
    noise = 0.5 * normal(f"{purpose} seeds", count, clusters, seeds)
    return (between[:, :, None] + noise).reshape(count, -1), np.repeat(np.arange(clusters), seeds)


def coverage(values: np.ndarray, inputs: np.ndarray, truth: float) -> float:
    found = [mean_interval(one, inputs) for one in values]
    return float(np.mean([one.low <= truth <= one.high for one in found]))


@pytest.mark.parametrize("clusters", [3, 5, 24, 60])
def test_nine_intervals_in_ten_hold_the_true_mean_of_a_normal_effect(clusters: int) -> None:
    values, inputs = repeated(3.0 + normal(f"gauss {clusters}", REPETITIONS, clusters), f"gauss {clusters}")
    assert 0.86 <= coverage(values, inputs, 3.0) <= 0.95


@pytest.mark.parametrize(("clusters", "least"), [(24, 0.84), (60, 0.86)])
def test_and_nearly_so_of_a_skewed_one(clusters: int, least: float) -> None:
    values, inputs = repeated(skewed(f"skew {clusters}", REPETITIONS, clusters), f"skew {clusters}")
    assert least <= coverage(values, inputs, 1.0) <= 0.95


def test_the_two_sides_of_a_skewed_effect_are_missed_more_evenly_than_by_a_symmetric_interval() -> None:
    values, inputs = repeated(skewed("even", REPETITIONS, 40), "even")
    ours = [mean_interval(one, inputs) for one in values]
    above = np.mean([one.high < 1.0 for one in ours])
    means = np.array([clustered(one, inputs)[0] for one in values])
    reach = special.stdtrit(39, 0.95) * means.std(axis=1, ddof=1) / np.sqrt(40)
    assert above < np.mean(means.mean(axis=1) + reach < 1.0)


def test_rows_taken_as_independent_would_cover_far_less() -> None:
    """What clustering is for: with ten seeds each, an interval over rows holds the truth in half of the cases."""
    values, inputs = repeated(normal("rows", REPETITIONS, 12), "rows", seeds=10)
    rows = [mean_interval(one, np.zeros(len(one), np.int64)) for one in values[:200]]
    assert coverage(values, inputs, 0.0) >= 0.86
    assert np.mean([one.low <= 0.0 <= one.high for one in rows]) < 0.60


@pytest.mark.parametrize("clusters", [6, CLUSTERS])
def test_simultaneous_intervals_hold_together(clusters: int) -> None:
    own = normal("together", REPETITIONS, clusters, 6)
    common = normal("common", REPETITIONS, clusters, 1)
    together, alone = 0, 0
    for columns in own + common:
        together += all(low <= 0.0 <= high for low, high in simultaneous(columns))
        each = [mean_interval(column, np.arange(clusters)) for column in columns.T]
        alone += all(one.low <= 0.0 <= one.high for one in each)
    assert 0.86 <= together / REPETITIONS <= 0.96
    assert alone / REPETITIONS < 0.80


def test_a_single_column_is_an_interval_of_its_mean() -> None:
    values = normal("one", 40)
    ((low, high),) = simultaneous(values[:, None])
    alone = mean_interval(values, np.arange(40))
    assert (low + high) / 2 == pytest.approx(values.mean())
    assert high - low == pytest.approx(alone.high - alone.low, rel=0.12)


def test_columns_without_spread_neither_widen_the_others_nor_get_a_width() -> None:
    moving = normal("spread", 30, 1)
    still = np.full((30, 1), 4.0)
    both = simultaneous(np.hstack([moving, still]))
    assert both[1] == (4.0, 4.0)
    assert both[0] == pytest.approx(simultaneous(moving)[0])
    assert simultaneous(still) == [(4.0, 4.0)]


def test_bca_is_that_of_scipy_but_for_the_widened_levels() -> None:
    values = skewed("scipy", 400)
    ours = mean_interval(values, np.arange(400))
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=9999, confidence_level=0.9, method="BCa", rng=np.random.default_rng(1)
    ).confidence_interval
    width = theirs.high - theirs.low
    assert ours.method == "BCa"
    assert ours.low == pytest.approx(theirs.low, abs=0.06 * width)
    assert ours.high == pytest.approx(theirs.high, abs=0.06 * width)


def test_resamples_in_blocks_are_the_resamples_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from transitionsim.experiments import intervals

    values, inputs = skewed("blocks", 31), np.arange(31)
    whole, columns = mean_interval(values, inputs), simultaneous(normal("blocks", 31, 3))
    intervals._kept_resamples.cache_clear()
    monkeypatch.setattr(intervals, "_BLOCK", 1000)
    assert mean_interval(values, inputs) == whole
    assert simultaneous(normal("blocks", 31, 3)) == columns
    intervals._kept_resamples.cache_clear()


def test_a_cluster_counts_once_however_many_seeds_it_has() -> None:
    values = np.array([1.0, 1.0, 1.0, 5.0])
    assert mean_interval(values, np.array([0, 0, 0, 1])).mean == 3.0
    assert mean_interval(values, np.array([0, 0, 0, 0])).mean == 2.0
    assert mean_interval(values, np.array([0, 0, 0, 0])).unit == "seeds"


def test_the_order_of_draws_changes_nothing_but_the_numbering_of_clusters() -> None:
    values, inputs = repeated(normal("order", 1, 12), "order")
    again = np.argsort(luck("shuffle", len(inputs)))
    first, second = mean_interval(values[0], inputs), mean_interval(values[0][again], inputs[again])
    assert first.low == pytest.approx(second.low)
    assert first.high == pytest.approx(second.high)


def test_too_few_clusters_say_so() -> None:
    one = mean_interval(np.array([4.0, 6.0]), np.array([3, 3]))
    assert one.unit == "seeds"
    assert one.method.startswith("Student's t: fewer than 5")
    assert mean_interval(np.arange(9.0), np.arange(9)).method.startswith("percentile: fewer than 10")
    alone = mean_interval(np.array([4.0]), np.array([0]))
    assert (alone.mean, alone.method) == (4.0, "none: fewer than 2 clusters")
    assert np.isnan([alone.low, alone.high]).all()
    assert np.isnan(mean_interval(np.array([]), np.array([], np.int64)).mean)
    same = mean_interval(np.full(12, 7.0), np.arange(12))
    assert (same.low, same.high) == (7.0, 7.0)


def test_layers_find_the_two_spreads_they_were_made_of() -> None:
    values, inputs = repeated(2.0 * normal("layers", 1, 600), "layers", seeds=4)
    found = layers(values[0], inputs)
    assert found.between_seeds == pytest.approx(0.5, rel=0.05)
    assert found.between_inputs == pytest.approx(2.0, rel=0.08)


def test_layers_of_unequal_numbers_of_seeds_are_unbiased() -> None:
    inputs = np.repeat(np.arange(30), np.tile([1, 2, 5], 10))
    found = []
    for effect, noise in zip(normal("unequal", 300, 30), normal("unequal seeds", 300, 80), strict=True):
        one = layers(effect[inputs] + noise, inputs)
        found.append((one.between_seeds**2, one.between_inputs**2))
    assert np.mean(found, axis=0) == pytest.approx([1.0, 1.0], rel=0.08)


def test_layers_say_what_a_design_cannot_tell() -> None:
    values = normal("cannot", 6)
    single = layers(values, np.arange(6))
    assert np.isnan([single.between_seeds, single.between_inputs]).all()
    fixed = layers(values, np.zeros(6, np.int64))
    assert fixed.between_seeds == pytest.approx(values.std(ddof=1))
    assert np.isnan(fixed.between_inputs)


def test_two_one_sided_tests_err_in_one_case_of_twenty_at_the_edge() -> None:
    values, inputs = repeated(1.0 + normal("edge", REPETITIONS, CLUSTERS), "edge")
    found = [answer(one.low, one.high, 1.0) for one in (mean_interval(draws, inputs) for draws in values)]
    assert found.count(EQUIVALENT) / REPETITIONS <= 0.09
    assert found.count(LARGER) / REPETITIONS <= 0.09
    assert found.count(UNDECIDED) / REPETITIONS >= 0.84


def test_equivalence_and_size_are_found_where_they_are() -> None:
    values, inputs = repeated(normal("power", 100, CLUSTERS), "power")
    ends = [mean_interval(one, inputs) for one in values]
    assert np.mean([answer(one.low, one.high, 1.5) == EQUIVALENT for one in ends]) > 0.98
    assert np.mean([answer(one.low + 3, one.high + 3, 1.5) == LARGER for one in ends]) > 0.98
    assert answer(float("nan"), float("nan"), 1.0) == UNDECIDED


def test_the_clusters_said_to_be_needed_give_the_width_asked_for() -> None:
    pilot = normal("pilot", 30)
    needed = clusters_needed(pilot, np.arange(30), 0.2)
    assert needed is not None
    full = normal("full", needed) * pilot.std(ddof=1)
    found = mean_interval(full, np.arange(needed))
    assert (found.high - found.low) / 2 == pytest.approx(0.2, rel=0.2)
    assert clusters_needed(pilot[:1], np.arange(1), 0.2) is None
    assert clusters_needed(pilot, np.arange(30), 0.0) is None


def test_a_rare_effect_does_not_make_the_intervals_of_the_others_infinite() -> None:
    rng = np.random.default_rng(5)
    rare = np.zeros(24)
    rare[3] = 40.0
    usual = rng.normal(10.0, 2.0, 24)
    (low, high), (rare_low, rare_high) = simultaneous(np.column_stack([usual, rare]))
    assert 0.5 < (high - low) < 4.0
    assert rare_low < rare.mean() < rare_high
    assert np.isfinite([rare_low, rare_high]).all()
