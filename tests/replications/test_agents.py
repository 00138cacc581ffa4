"""The agents: whole persons that add up, in no order, and whose mean over seeds is the mean field."""

from __future__ import annotations

import numpy as np
import pytest

from transitionsim.columns import NEVER, record_type
from transitionsim.draws import agent_keys, stream
from transitionsim.replications.agents import Labour, agents, mean_and_deviation, persons_of
from transitionsim.replications.definition import STEPS, Start, Targets, Trajectory, automated, start_of
from transitionsim.replications.market import taken_on
from transitionsim.replications.mean_field import mean_field
from transitionsim.replications.networks import complete, loop, of_matrix, ring
from transitionsim.replications.rules import EMPLOYED, UNEMPLOYED, WORKER, lose_job

EMPLOYMENT = np.array([900.0, 2500.0, 400.0, 1200.0])
PROBABILITY = np.array([0.9, 0.2, 0.6, 0.1])
START = start_of(EMPLOYMENT)
TARGETS = Targets("automation", START.demand, automated(START.demand, PROBABILITY))
UNEVEN = of_matrix(np.array([[3.0, 1, 0, 0], [1, 2, 1, 0], [0, 1, 5, 1], [1, 0, 0, 1]]))


def labour_of(network=UNEVEN, seed=0, scale=1.0, **options):
    return Labour(START, TARGETS, network, scale, seed, **options)


def test_counts_are_those_of_the_rows():
    """After every step each count is the number of rows, nobody is lost, and posts are whole and never negative."""
    labour = labour_of()
    persons = len(labour.workers)
    assert persons == persons_of(START, 1.0) == round(START.demand.sum())
    for step in range(1, 120):
        labour.live()
        rows = labour.workers
        for status, counts in ((UNEMPLOYED, labour.unemployed), (EMPLOYED, labour.employed)):
            assert counts.tolist() == np.bincount(rows["occupation"][rows["status"] == status], minlength=4).tolist()
        assert int(labour.unemployed.sum() + labour.employed.sum()) == persons
        assert (labour.vacancies >= 0).all()
        jobless = rows["since"][rows["status"] == UNEMPLOYED]
        long_term = 100.0 * np.count_nonzero(step - jobless[jobless != NEVER] >= 3) / persons
        assert labour.rates()[2] == pytest.approx(long_term, rel=1e-15)


def test_both_engines_give_the_same_people():
    compiled, interpreted = labour_of(scale=0.1), labour_of(scale=0.1, interpret=True)
    for _ in range(40):
        compiled.live()
        interpreted.live()
        assert compiled.workers.tobytes() == interpreted.workers.tobytes()
        assert compiled.rates() == interpreted.rates()


def test_the_order_of_the_rows_changes_nothing():
    one, other = labour_of(), labour_of()
    order = np.random.default_rng(2).permutation(len(one.workers))
    other.workers = other.workers[order]
    for _ in range(60):
        one.live()
        other.live()
    for column in WORKER:
        same = one.workers[column.name][order] == other.workers[column.name]
        assert same.all(), column.name


def test_a_seed_is_a_trajectory():
    first = agents(START, TARGETS, UNEVEN, 0.2, 5)
    again, other = agents(START, TARGETS, UNEVEN, 0.2, 5), agents(START, TARGETS, UNEVEN, 0.2, 6)
    assert first.unemployment.tobytes() == again.unemployment.tobytes()
    assert first.unemployment.tobytes() != other.unemployment.tobytes()
    mean, deviation = mean_and_deviation([first, other])
    np.testing.assert_allclose(mean.vacancies, (first.vacancies + other.vacancies) / 2, rtol=1e-15)
    np.testing.assert_allclose(
        deviation.long_term, abs(first.long_term - other.long_term) / 2**0.5, rtol=1e-9, atol=1e-12
    )
    alone, unknown = mean_and_deviation([first])
    assert alone is first
    assert np.isnan(unknown.unemployment).all()


@pytest.mark.parametrize(
    ("network", "shock"), [(complete(4), "none"), (ring(4, 0.6), "automation"), (loop(4, 0.8), "cycle")]
)
def test_the_mean_over_seeds_is_the_mean_field(network, shock):
    """61,000 persons, eight seeds: every step within five standard errors, every hundred steps within .05 points.

    The standard error is that of the seeds, pooled over time: eight seeds alone would make it too uncertain.
    """
    targets = Targets(shock, START.demand, TARGETS.last)
    expected = mean_field(START, targets, network)
    found, deviation = mean_and_deviation([agents(START, targets, network, 12.0, seed) for seed in range(8)])
    for name in ("unemployment", "vacancies", "long_term"):
        mean, wanted = getattr(found, name), getattr(expected, name)
        spread = float(np.sqrt(np.mean(getattr(deviation, name) ** 2)))
        assert abs(mean - wanted).max() < 5.0 * spread / 8**0.5, name
        for begin in range(0, STEPS, 100):
            level = slice(begin, begin + 100)
            assert mean[level].mean() == pytest.approx(wanted[level].mean(), abs=0.05), (name, begin)


def test_noise_falls_with_the_root_of_the_number_of_persons():
    spreads = []
    for scale in (0.4, 6.4):
        runs = [agents(START, TARGETS, complete(4), scale, seed) for seed in range(6)]
        deviation = mean_and_deviation(runs)[1].unemployment[20:]
        spreads.append(float(np.sqrt(np.mean(deviation**2))))
    assert spreads[0] / spreads[1] == pytest.approx(4.0, rel=0.35)


def test_an_application_goes_by_nearness_times_vacancies():
    labour = labour_of(scale=200.0)
    labour.vacancies = np.array([3, 5, 2, 4])
    listed = labour.sweep(labour.workers, labour._world(), 0, 0)
    rows = labour.workers[listed]
    applied = np.repeat(np.arange(4), labour.vacancies)[rows["vacancy"][rows["vacancy"] > 0] - 1]
    origins = np.repeat(np.arange(4), labour.unemployed)
    for origin in range(4):
        share = np.bincount(applied[origins == origin], minlength=4) / labour.unemployed[origin]
        weight = labour.entries[origin] * labour.vacancies
        error = 4.5 * np.sqrt(0.25 / labour.unemployed[origin])
        np.testing.assert_allclose(share, weight / weight.sum(), atol=error)
        assert (share[weight == 0] == 0).all()
    posts = np.bincount(rows["vacancy"][rows["vacancy"] > 0], minlength=15)[1:]
    for kind in np.split(posts, np.cumsum(labour.vacancies)[:-1]):
        assert np.ptp(kind) < 9 * np.sqrt(kind.mean()), "posts of an occupation are equally likely"


def test_each_vacancy_takes_one_of_its_applicants_at_random():
    people = np.zeros(6, record_type(WORKER))
    people["key"] = agent_keys("test", "workers", 6)
    people["vacancy"] = [1, 1, 1, 3, 0, 3]
    everyone = np.arange(6, dtype=np.int32)
    wins = np.zeros(6)
    for step in range(3000):
        chosen = taken_on(people, everyone, 3, stream(1, "applicant_taken", step))
        assert chosen[1] == -1
        assert people["vacancy"][chosen[[0, 2]]].tolist() == [1, 3]
        wins[chosen[[0, 2]]] += 1
    np.testing.assert_allclose(wins / 3000, [1 / 3] * 3 + [1 / 2, 0, 1 / 2], atol=0.04)


def test_filled_posts_have_the_mean_of_balls_in_urns():
    """Ten applicants, ten posts: 10 (1 - .9^10) = 6.513 are filled on average, with a variance of .993."""
    start = Start(np.array([0.0]), np.array([10.0]), np.array([10.0]))
    filled = []
    for seed in range(600):
        labour = Labour(start, Targets("none", start.demand, start.demand), complete(1), 1.0, seed)
        labour.live()
        filled.append(int(labour.employed[0]))
    assert np.mean(filled) == pytest.approx(6.513215599, abs=4 * (0.9928 / 600) ** 0.5)
    assert np.var(filled) == pytest.approx(0.9928, rel=0.3)


def test_an_empty_occupation_that_is_wanted_opens_one_vacancy():
    start = Start(np.array([0.0, 50.0]), np.array([5.0, 0.0]), np.array([0.0, 0.0]))
    labour = Labour(start, Targets("none", start.demand, start.demand), complete(2), 1.0, 0)
    labour.live()
    assert labour.vacancies[0] == 1
    assert labour.unemployed.tolist()[0] == 5, "nobody could apply in the first step"


def test_who_lost_a_job_in_a_step_looks_for_another_in_the_next():
    labour = labour_of()
    for _ in range(5):
        before = labour.workers["status"].copy()
        labour.live()
        lost = labour.workers["left"]
        assert lost.any()
        assert (before[lost] == EMPLOYED).all()
        assert (labour.workers["vacancy"][lost] == 0).all()
        assert (labour.workers["since"][lost] == labour.step).all()
        assert lose_job.draws == ("job_lost",)


def test_without_shock_the_rates_are_those_of_the_definition():
    trajectory = agents(START, Targets("none", START.demand, START.demand), complete(4), 1.0, 0)
    assert isinstance(trajectory, Trajectory)
    assert trajectory.unemployment[0] == pytest.approx(100 * 0.01600001 / 1.01600001, abs=0.02)
    assert (trajectory.long_term[:4] == 0).all()
    assert trajectory.long_term[4] > 0
