"""Every shipped region can be made, at a coarse scale, and begins with the unemployment its profile says."""

from __future__ import annotations

import numpy as np
import pytest

from transitionsim.model import simulate
from transitionsim.regions import load_region, region_codes
from transitionsim.scenario import load_scenario

ROWS = 12_000


@pytest.mark.parametrize("code", region_codes())
def test_a_region_begins_where_its_profile_says(code: str) -> None:
    facts = load_region(code).facts
    scale = max(1, round(facts.labour_force.number * 1.45 / ROWS))
    values = {"region": code, "persons_per_agent": scale, "months": 3}
    series = simulate(load_scenario("no-transition").with_values(values), seed=1).series
    rate = series["unemployed"] / (series["unemployed"] + series["employment"])
    assert np.abs(rate.mean() - facts.unemployment_rate.number) < 0.005
    jobs = series["employment_automotive"].mean()
    assert jobs == pytest.approx(facts.automotive_persons.number, rel=0.05)
    vacancies = (series["vacancies"] / (series["vacancies"] + series["employment"])).mean()
    assert 0.6 * facts.vacancy_rate.number < vacancies < 1.4 * facts.vacancy_rate.number
