"""Navarra at one row for each person, without transition and without policy, stands still for fifteen years."""

from __future__ import annotations

import numpy as np
import pytest

from transitionsim.columns import EMPLOYED
from transitionsim.model import TransitionModel
from transitionsim.scenario import load_scenario


@pytest.fixture(scope="module")
def standing() -> tuple[TransitionModel, np.ndarray]:
    """Return the finished run at full scale and employment by profile at its first month.

    Everybody counts as a resident: who does is a lottery that changes no life, and would add its noise.
    """
    values = {"months": 181, "region.commuter_share": 0}
    model = TransitionModel(load_scenario("no-transition").with_values(values), rng=1)
    model.step()
    start = _by_profile(model)
    return model.run(), start


def _by_profile(model: TransitionModel) -> np.ndarray:
    rows = model.workers.rows
    return np.bincount(rows["profile"][rows["status"] == EMPLOYED], minlength=22)


def _labour_force(series: dict[str, np.ndarray]) -> np.ndarray:
    return series["employment"] - series["commuters"] + series["unemployed"]


def _yearly(values: np.ndarray) -> np.ndarray:
    return values[: len(values) // 12 * 12].reshape(-1, 12).mean(axis=1)


def test_unemployment_stays_within_a_tenth_of_a_point(standing: tuple[TransitionModel, np.ndarray]) -> None:
    """Yearly means; the monthly rate itself moves with a standard deviation of about .03 points."""
    series = standing[0].series
    rate = _yearly(series["unemployed"] / _labour_force(series))
    assert np.abs(rate - rate[0]).max() < 0.001
    assert abs(rate.mean() - 0.0729) < 0.001, "and at the region's own rate"


def test_residents_have_the_unemployment_of_everybody(standing: tuple[TransitionModel, np.ndarray]) -> None:
    """Commuters hold their share of the posts and no more, and leave the rate where it is."""
    series = TransitionModel(load_scenario("no-transition").with_values({"months": 36}), rng=1).run().series
    everybody = {name: values[:36] for name, values in standing[0].series.items()}
    residents = (series["unemployed"] / _labour_force(series)).mean()
    assert abs(residents - (everybody["unemployed"] / _labour_force(everybody)).mean()) < 0.0003
    assert np.abs(series["commuters"] / series["employment"] - 0.06).max() < 0.001


def test_vacancies_stay_within_a_twentieth_of_a_point(standing: tuple[TransitionModel, np.ndarray]) -> None:
    series = standing[0].series
    rate = _yearly(series["vacancies"] / (series["vacancies"] + series["employment"]))
    assert np.abs(rate - rate[0]).max() < 0.0005
    assert abs(rate.mean() - 0.009) < 0.001


def test_automotive_employment_stays_within_one_and_a_half_per_cent(
    standing: tuple[TransitionModel, np.ndarray],
) -> None:
    """Orders shift between suppliers all the time; the region's total stays."""
    jobs = standing[0].series["employment_automotive"]
    assert np.abs(jobs / jobs[0] - 1.0).max() < 0.0175, "any month"
    assert np.abs(_yearly(jobs) / _yearly(jobs)[0] - 1.0).max() < 0.015


def test_the_background_displaces_two_to_seven_per_cent_a_year(standing: tuple[TransitionModel, np.ndarray]) -> None:
    """Without a transition firms shrink and close too (OECD 2013: 2 to 7 % of employees are displaced in a year)."""
    series = standing[0].series
    lost = sum(series[name][:180].sum() for name in ("dismissals", "closures", "temporary_not_renewed"))
    assert 0.02 <= lost / 15 / series["employment_automotive"].mean() <= 0.07


def test_employment_by_profile_stays_within_two_per_cent(standing: tuple[TransitionModel, np.ndarray]) -> None:
    model, start = standing
    large = start >= 1000
    moved = np.abs(_by_profile(model)[large] / start[large] - 1.0)
    assert moved[start[large] >= 5000].max() < 0.02
    assert moved.max() < 0.04, "engine makers are few: what one supplier loses another with other parts wins"


def test_long_term_share_tenure_and_inactivity_are_the_profiles(
    standing: tuple[TransitionModel, np.ndarray],
) -> None:
    model = standing[0]
    series, rows = model.series, model.workers.rows
    share = series["long_term_unemployed"] / series["unemployed"]
    assert np.abs(share - 0.34).max() < 0.02
    inactive = series["inactive"] / _labour_force(series)
    assert np.abs(inactive / 0.45 - 1.0).max() < 0.01
    tenure = (model.month - rows["hired"][rows["status"] == EMPLOYED].astype(int)) / 12.0
    assert 7.0 < tenure.mean() < 10.0


def test_a_cut_in_demand_moves_the_region_and_does_not_spring_back() -> None:
    """Five per cent fewer cars: posts fall by about as much in automotive, and stay down."""
    values = {"persons_per_agent": 5, "months": 120}
    calm = TransitionModel(load_scenario("no-transition").with_values(values), rng=2).run().series
    cut = {**values, "demand.volume": {"2025-01": 1.0, "2026-01": 1.0, "2026-02": 0.95}}
    hit = TransitionModel(load_scenario("no-transition").with_values(cut), rng=2).run().series
    lost = calm["posts_automotive"] - hit["posts_automotive"]
    assert 0.04 * 11_607 < lost[24] < 0.06 * 11_607
    assert lost[-1] >= 0.95 * lost[24]
    seeking = [s["unemployed"] + s["in_training"] for s in (calm, hit)]
    assert (seeking[1] - seeking[0])[18:42].mean() > 0
    outside = [s["employment"] for s in (calm, hit)]
    assert (outside[1] - outside[0])[-24:].mean() < -0.5 * lost[-1]
