"""Every shipped region can be made, at a coarse scale, and begins with the unemployment its profile says.

Rows are as few as keep the chance of unemployment to a third of the .5 points allowed.
"""

from __future__ import annotations

import numpy as np
import pytest

from transitionsim.model import simulate
from transitionsim.regions import load_region, region_codes
from transitionsim.scenario import load_scenario

FEWEST = 7_000
"""Rows of the labour force."""
CHANCE = 0.0017
"""Largest standard deviation of the unemployment rate by chance."""


@pytest.mark.parametrize("code", region_codes())
def test_a_region_begins_where_its_profile_says(code: str) -> None:
    facts = load_region(code).facts
    rate = facts.unemployment_rate.number
    scale = round(facts.labour_force.number / max(FEWEST, rate * (1.0 - rate) / CHANCE**2))
    values = {"region": code, "persons_per_agent": scale, "months": 3}
    series = simulate(load_scenario("no-transition").with_values(values), seed=1).series
    unemployment = series["unemployed"] / (series["unemployed"] + series["employment"] - series["commuters"])
    assert np.abs(unemployment.mean() - rate) < 0.005
    jobs = series["employment_automotive"].mean()
    assert jobs == pytest.approx(facts.automotive_persons.number, rel=0.05)
    vacancies = (series["vacancies"] / (series["vacancies"] + series["employment"])).mean()
    assert 0.6 * facts.vacancy_rate.number < vacancies < 1.4 * facts.vacancy_rate.number
