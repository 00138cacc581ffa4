"""V6: applications and vacancies meet as balls and urns."""

from __future__ import annotations

import numpy as np
import pytest

from tests.limits.laws import Floats, errors, moments, occupied, two_applications, two_rounds
from tests.unit import hand_made
from transitionsim.columns import NOBODY, UNEMPLOYED
from transitionsim.markets import jobs

MONTHS = 4000


def hired(seekers: int, vacancies: int, applications: int, rounds: int, seed: int = 1, months: int = MONTHS) -> Floats:
    """Return the hires of many months in which as many people meet as many vacancies of one profile, (months,)."""
    people = hand_made.people(seekers, status=UNEMPLOYED, employer=NOBODY, reach=1, applications=applications)
    firms = hand_made.firms(vacancies, premium=1.0)
    table = np.ones((vacancies, 1), np.int32)
    slots = jobs.list_vacancies(table, np.arange(vacancies), np.array([vacancies]))
    needed, full = np.full((1, 8), 50), np.array([400])
    found = np.empty(months)
    for month in range(months):
        taken = jobs.match(
            people, firms, np.arange(seekers, dtype=np.int32), slots, jobs.addresses(seed, month)[:rounds],
            needed, full, np.ones(1), 0.6, np.full((2, 1), 300_000.0), 0.0, 0.0,
        )  # fmt: skip
        places = taken[taken >= 0]
        assert len(np.unique(places)) == len(places), "nobody shares a vacancy"
        found[month] = len(places)
    return found


def agrees(found: Floats, law: Floats) -> None:
    """Fail unless mean and variance lie within four standard errors of those of a law."""
    mean, variance, _ = moments(law)
    of_mean, of_variance = errors(law, len(found))
    assert abs(found.mean() - mean) < 4 * of_mean
    assert abs(found.var() - variance) < 4 * of_variance


@pytest.mark.parametrize(("seekers", "vacancies"), [(10, 10), (5, 10), (24, 10)])
def test_one_application_in_one_round_is_balls_and_urns(seekers: int, vacancies: int) -> None:
    """V6. Hires of one round in which s people send one application each to v vacancies: mean v(1 - (1 - 1/v)^s),
    variance v(v-1)(1 - 2/v)^s + v(1 - 1/v)^s - v^2 (1 - 1/v)^(2s); for s = v = 10 6.513216 and .992795.

    Source: Butters 1977; Petrongolo and Pissarides 2001.
    Holds: within 4 standard errors of 4,000 months (.06 of a hire at s = v = 10), mean and variance; in law exactly.
    """
    law = occupied(seekers, vacancies)
    s, v = seekers, vacancies
    mean = v * (1 - (1 - 1 / v) ** s)
    variance = v * (v - 1) * (1 - 2 / v) ** s + v * (1 - 1 / v) ** s - v**2 * (1 - 1 / v) ** (2 * s)
    assert moments(law)[:2] == pytest.approx((mean, variance), rel=1e-9)
    if s == v == 10:
        assert (mean, variance) == pytest.approx((6.513215599, 0.9927953579430717), rel=1e-9)
    agrees(hired(s, v, applications=1, rounds=1), law)


@pytest.mark.parametrize(("seekers", "vacancies"), [(10, 10), (5, 10), (24, 10)])
def test_the_two_rounds_of_a_month_are_balls_and_urns_twice(seekers: int, vacancies: int) -> None:
    """V6. With the two rounds of a month those not hired throw once more at the vacancies still open, so the number
    hired is m + urn-ball(s - m, v - m), m being the hires of one round; for s = v = 10 mean 8.932.

    Source: own derivation from the urn-ball law.
    Holds: within 4 standard errors of 4,000 months, mean and variance; in law exactly.
    """
    law = two_rounds(seekers, vacancies)
    if seekers == vacancies == 10:
        assert moments(law)[0] == pytest.approx(8.932187, abs=1e-6)
    agrees(hired(seekers, vacancies, applications=1, rounds=jobs.ROUNDS), law)


@pytest.mark.parametrize(("seekers", "vacancies"), [(2, 2), (3, 2), (2, 3)])
def test_two_applications_each_fill_what_counting_every_case_says(seekers: int, vacancies: int) -> None:
    """V6. With two applications each a vacancy takes the luckiest of its applications and a person one of the
    vacancies that want them: the law follows by counting all choices and orders of luck.

    Source: own derivation, all cases counted.
    Holds: within 4 standard errors of 4,000 months, mean and variance; in law exactly.
    """
    agrees(hired(seekers, vacancies, applications=2, rounds=1), two_applications(seekers, vacancies))


def test_many_vacancies_are_filled_as_the_steady_state_assumes() -> None:
    """V6. In large numbers a vacancy is filled with chance 1 - exp(-s/v), on which the steady state is solved:
    367.2 of 400 with 1,000 applications.

    Source: Butters 1977; Petrongolo and Pissarides 2001.
    Holds: within 4 standard errors of 200 months plus the .10 by which 400 vacancies differ from the limit.
    """
    found = hired(1000, 400, applications=1, rounds=1, months=200)
    law = occupied(1000, 400)
    agrees(found, law)
    limit = 400 * (1 - np.exp(-1000 / 400))
    assert limit == pytest.approx(367.1660, abs=1e-4)
    assert abs(found.mean() - limit) < 4 * errors(law, 200)[0] + 0.11
