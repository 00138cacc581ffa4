"""Facts: each measure on data made by hand whose answer is known, and the verdict over seeds."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import special
from tests.unit.hand_made import firms, people

from transitionsim.columns import DISMISSAL, EMPLOYED, INACTIVE, UNEMPLOYED
from transitionsim.experiments.intervals import mean_interval
from transitionsim.facts import cases, displaced, market
from transitionsim.facts.definition import Fact, found, verdict
from transitionsim.facts.firms import Growth
from transitionsim.facts.lives import Cohort, Laboratory, live
from transitionsim.facts.measures import (
    elasticity,
    growth_shape,
    matching,
    percent,
    slope,
    smoothed,
    tail_exponent,
    turning,
)
from transitionsim.facts.places import Movers
from transitionsim.facts.table import FACTS
from transitionsim.regions import load_region
from transitionsim.scenario import load_scenario

ROUND = 2 * np.pi * np.arange(96) / 96


def test_a_loop_has_a_sense():
    assert turning(np.cos(ROUND), np.sin(ROUND)) == pytest.approx(1.0, abs=0.01)
    assert turning(np.cos(ROUND), -np.sin(ROUND)) == pytest.approx(-1.0, abs=0.01)
    assert turning(np.cos(ROUND), -np.cos(ROUND)) == pytest.approx(0.0, abs=1e-12)
    lagging = turning(5 + 2 * np.sin(ROUND + np.pi), 1 + 0.1 * np.sin(ROUND + np.pi / 6))
    assert lagging == pytest.approx(math.sin(np.pi - np.pi / 6), abs=0.01), "unit and place do not count"
    assert math.isnan(turning(np.ones(4), np.arange(4)))


def test_vacancies_that_lead_make_a_loop_counter_clockwise():
    """Unemployment falls a quarter of a year after vacancies rise."""
    boom = np.sin(ROUND)
    assert turning(-np.roll(boom, 3), boom) > 0.1
    assert turning(-np.roll(boom, -3), boom) < -0.1


def test_slope_and_smoothing():
    x = np.arange(10.0)
    assert slope(x, 3 - 2 * x) == pytest.approx(-2.0)
    assert math.isnan(slope(np.ones(3), np.arange(3)))
    u = np.append(np.linspace(2, 9, 30), 0.0)
    assert elasticity(u, np.append(3 * u[:-1] ** -0.8, 5.0)) == pytest.approx(-0.8), "months without are left out"
    assert math.isnan(elasticity(u[:11], u[:11]))
    assert smoothed(np.ones(12), 6) == pytest.approx(np.ones(12))
    assert smoothed(np.eye(1, 12, 5)[0], 6).sum() == pytest.approx(1.0)


def test_matching_gives_back_the_function_it_was_made_with():
    seekers, vacancies = 1000 + 300 * np.sin(ROUND), 200 + 90 * np.cos(ROUND)
    alpha, returns = matching(0.3 * seekers**0.6 * vacancies**0.4, seekers, vacancies)
    assert (alpha, returns) == pytest.approx((0.6, 1.0))
    assert matching(0.3 * seekers**0.6 * vacancies**0.2, seekers, vacancies)[1] == pytest.approx(0.8)


def test_a_tail_has_the_exponent_it_was_made_with():
    sizes = 20 * (1 - (np.arange(5000) + 0.5) / 5000) ** (-1 / 1.06)
    assert tail_exponent(sizes, np.ones(5000), 20) == pytest.approx(1.06, rel=0.01)
    twice = tail_exponent(np.repeat(sizes, 2), np.ones(10_000), 20)
    assert tail_exponent(sizes, np.full(5000, 2.0), 20) == pytest.approx(twice)


def test_a_tent_is_told_from_a_bell():
    middle = (np.arange(4000) + 0.5) / 4000
    tent = np.sign(middle - 0.5) * -np.log(1 - 2 * np.abs(middle - 0.5))
    assert growth_shape(0.1 * tent + 0.02) == pytest.approx(1.0, abs=0.05)
    assert growth_shape(special.ndtri(middle)) == pytest.approx(2.0, abs=0.05)
    assert math.isnan(growth_shape(np.zeros(100)))


def a_fact(low, high, **more):
    return Fact("a", "a", "%", low, high, "FOUND", "B", "a book", "no", "", "It means.", lambda _: 0.0, **more)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((1.0, 1.1, 0.9), "holds"),
        ((5.0, 5.1, 4.9), "fails by 3"),
        ((-5.0, -5.1, -4.9), "fails by 5"),
        ((1.0, 4.0, 1.5), "undecided"),
        ((1.0,), "undecided"),
        ((math.nan, math.nan), "not measured"),
        ((0.0, 0.0, 0.0), "holds"),
    ],
)
def test_verdicts(values, said):
    finding = found(a_fact(0.0, 2.0), values, "ES")
    assert finding.verdict == said
    assert finding.failed == said.startswith("fails")


def test_an_open_target_has_one_end():
    interval = mean_interval(np.array([3.0, 3.1]), np.zeros(2, np.int64))
    assert verdict(interval, (0.0, None)) == verdict(interval, (None, 9.0)) == "holds"
    assert verdict(interval, (None, 0.0)).startswith("fails by 3")


def test_the_target_of_earnings_is_that_of_the_country():
    (fact,) = (fact for fact in displaced.FACTS if fact.name == "earnings-loss")
    assert fact.limits("ES") == fact.limits("IT") == (25.0, 35.0)
    assert fact.limits("SE") == (0.0, 10.0)
    assert fact.limits("AT") == (10.0, 30.0)
    assert found(fact, (20.0, 20.0), "SE").missed_by == 10.0


def test_every_fact_says_what_it_rests_on():
    names = [fact.name for fact in FACTS]
    assert len(set(names)) == len(names)
    for fact in FACTS:
        assert fact.source, fact.name
        assert fact.meaning.endswith("."), fact.name
        assert fact.fitting, fact.name
        assert fact.low is not None or fact.high is not None
        assert (fact.basis == "RECALLED") == (fact.grade == "D"), f"{fact.name}: what was not read is grade D"


def test_hazards_count_the_months_lived_at_each_duration():
    """Ten people, a month and a year without a job: five of the first and one of the second find one."""
    rows = people(20, status=UNEMPLOYED, jobless_since=np.repeat([-1, -12], 10), hired=-99, hired_from=UNEMPLOYED)
    search = market.Search()
    search(SimpleNamespace(workers=rows), 0)
    for row in (0, 1, 2, 3, 4, 10):
        rows[row]["status"], rows[row]["hired"] = EMPLOYED, 1
    search(SimpleNamespace(workers=rows), 1)
    assert (search.exits / np.maximum(search.at_risk, 1)).tolist() == [0.5, 0.0, 0.0, 0.1]
    assert search.seekers == [20, 14]
    assert search.found == [0, 6]


def a_closure():
    """Four people lose their job in month 0 at firm 0, one at firm 1: two months later, back, inactive, gone, left."""
    rows = people(5, status=UNEMPLOYED, left_month=0, cause=DISMISSAL, from_employer=[0, 0, 0, 0, 1], wage_before=1000)
    state = SimpleNamespace(workers=rows, employers=firms(2))
    cohort = Cohort((2,), lambda now: now.employers["number"] == 0)
    for month in range(2):
        cohort(state, month)
    rows["status"] = [EMPLOYED, EMPLOYED, INACTIVE, EMPLOYED, EMPLOYED]
    rows["wage"] = [900, 1100, 0, 2000, 2000]
    rows["birth_month"][3] = 0  # an entrant has taken the row
    cohort(state, 2)
    return cohort


def test_a_cohort_is_who_left_the_firm_and_what_became_of_each():
    age, employed, pay, inactive = a_closure().seen(2)
    assert age.tolist() == [40.0] * 4
    assert employed.tolist() == [1, 1, 0, 0], "an entrant in the row is not the person"
    assert inactive.tolist() == [0, 0, 1, 0]
    assert pay[:2].tolist() == [0.9, 1.1]
    assert np.isnan(pay[2:]).all()
    assert a_closure().seen(10).shape == (4, 0)
    assert cases.back_in_work(a_closure(), 2) == 50.0
    assert math.isnan(cases.back_in_work(a_closure(), 10))


def test_the_envelope_is_that_of_the_conditions():
    shares = {condition.name: share for condition, share in zip(cases.CONDITIONS, range(20, 90, 5), strict=True)}
    laboratory = Laboratory("ES22", 10, 0, Path())
    for name, share in shares.items():
        seen = np.zeros((4, 100))
        seen[1, :share] = 1.0
        laboratory.kept[f"closure {name}"] = Cohort((), lambda _: np.zeros(0, bool), later={12: [seen]})
    assert (cases.lowest(laboratory), cases.highest(laboratory)) == (20.0, 85.0)


def test_movers_are_counted_against_those_who_could_move():
    rows = people(10, status=UNEMPLOYED, displaced_month=np.repeat([-32_767, 3], 5))
    movers = Movers()
    movers(SimpleNamespace(workers=rows), 0)
    rows["status"][[0, 5, 6]] = 5
    movers(SimpleNamespace(workers=rows), 1)
    assert movers.lived.tolist() == [5, 5]
    assert movers.moved.tolist() == [2, 1], "displaced first"


def test_growth_is_that_of_open_suppliers_of_some_size():
    rows = firms(4, posts_start=[5, 5, 1, 5], revenue=[100.0, 100.0, 100.0, 100.0], tier=[1, 1, 1, 0])
    seen, state = Growth(), SimpleNamespace(employers=rows, scale=10)
    for month in range(24):
        if month == 12:
            rows["revenue"] = [200.0, 50.0, 100.0, 300.0]
        seen(state, month)
    assert np.exp(seen.rates[0]).tolist() == pytest.approx([2.0, 0.5]), "small ones and plants do not count"


def test_a_profile_changes_what_is_stated_and_nothing_else(tmp_path):
    laboratory = Laboratory("ES22", 10, 0, tmp_path)
    own, usual = (
        load_region(laboratory.profile(unemployment=0.12, share_over_50=0.25, exit_age=65.0)),
        load_region("ES22"),
    )
    assert own.facts.unemployment_rate.number == 0.12
    assert own.plants[0].share_over_50.number == 0.25
    assert own.plants[0].exit_age.number == 65.0
    assert own.facts.labour_force == usual.facts.labour_force
    assert own.plants[0].persons == usual.plants[0].persons
    assert usual.facts.unemployment_rate.number == 0.0729


def test_other_employers_follow_what_drives_them(small):
    """Nothing changes with a drive of nothing, and the local response must be off."""
    off = small("no-transition", mechanisms__local_response=False)
    still, driven, more = (live(off, 1, others=others) for others in (None, np.zeros(24), np.full(24, 0.05)))
    assert driven.digest() == still.digest()
    assert more.series["posts"][-1] > 1.03 * still.series["posts"][-1]
    assert more.unemployment_rate < still.unemployment_rate
    with pytest.raises(ValueError, match="local response"):
        live(small("no-transition"), 1, others=np.zeros(24))


def test_the_wave_has_its_period_and_swing():
    demand = market.wave(2 * market.PERIOD)
    assert demand[: market.PERIOD] == pytest.approx(demand[market.PERIOD :], abs=1e-12)
    assert demand.max() == pytest.approx(market.SWING)
    assert percent(float((demand > 0).sum()), len(demand)) == pytest.approx(50.0, abs=2.0)


def test_the_backcast_is_of_one_plant_alone(tmp_path):
    elsewhere = Laboratory("SE23", 10, 0, tmp_path)
    assert math.isnan(cases.most_dismissed(elsewhere))
    assert load_scenario("no-transition").with_values({"region": "SE23"}).load_region().name
