"""V9: courses as a queue.

Months are steps, courses have a fixed length, and what providers have is counted as seats they start in a month, which
are lost when nobody takes them. So a stay obeys Little's law whatever its length; a saturated course turns out its
seats; and people who wait form the queue of a slotted server, which tends to its own law in continuous time as the
step shrinks. The queue with c servers held for exponential times (M/M/c) is not this model's, at any step.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.limits.conftest import Maker
from tests.limits.laws import queue
from tests.unit import hand_made
from transitionsim.columns import IN_TRAINING, NEVER, NOBODY, SKILLS, UNEMPLOYED
from transitionsim.markets import seats
from transitionsim.markets.providers import Providers
from transitionsim.model import TransitionModel

WIDE = {"training.course_cap": 1000.0, "training.lock_in": 0.0, "training.capacity_growth": 0.0,
        "training.trainable": 1.0, "training.pays_months": 0}  # fmt: skip
"""Courses not capped by vacancies, open to all, and trainees who look for nothing else until the end."""
COST = 1200


def made_up(value: float, unit: str) -> dict[str, Any]:
    """Return a number as a policy wants it."""
    return {"value": value, "unit": unit, "source": "scenario lever"}


def reskilling(limit: Maker, months: int, seats_a_year: float, drop_out: float, duration: int = 12) -> TransitionModel:
    """Return a region in which anyone without a job may train and nobody retires; places are without limit."""
    policy = {
        "kind": "reskilling", "id": "seats", "from": "2025-01", "to": "2040-12", "starts": "after-dismissal",
        "target": "everyone", "budget": made_up(round(seats_a_year * COST), "EUR/year"),
        "cost_per_seat": made_up(COST, "EUR"), "duration_months": made_up(duration, "months"),
        "drop_out": made_up(drop_out, "share"),
    }  # fmt: skip
    return limit(
        on=("separations",), months=months, assumptions=WIDE, policies=[policy],
        values={"mechanisms.provider_capacity": False},
    )  # fmt: skip


@pytest.mark.parametrize("duration", [3, 12, 24])
def test_the_people_in_courses_are_those_who_began_within_its_length(limit: Maker, duration: int) -> None:
    """V9. Little's law: with seats for all and nobody leaving, those in a course of D months are the beginners of the
    last D months, so that their mean number is arrivals times D.

    Source: Little 1961.
    Holds: exactly, month by month.
    """
    model = reskilling(limit, 72, seats_a_year=1e6, drop_out=0.0, duration=duration).run()
    begun, there = model.series["trainees_enrolled"], model.series["in_course"]
    assert begun.min() > 0
    assert model.series["trainees_turned_away"].sum() == 0
    due = np.convolve(begun, np.ones(duration, np.int64))[: len(begun)]
    assert (there == due).all()


def test_drop_outs_shorten_the_mean_stay_and_nothing_else(limit: Maker) -> None:
    """V9. Little's law for another law of stays: when a share h of trainees leaves each month, those in a course are
    arrivals times the mean stay, the sum of (1 - h)^k over k < D.

    Source: Little 1961.
    Holds: the mean of 120 months within 4 standard errors of independent stays (about 10,000).
    """
    duration, share = 12, 0.5
    model = reskilling(limit, 160, seats_a_year=1e6, drop_out=share, duration=duration).run()
    begun, there = model.series["trainees_enrolled"], model.series["in_course"]
    stays = (1 - share) ** (np.arange(duration) / (duration - 1))
    # Months from the fortieth on, and the beginners that each of them could still have in a course.
    due = np.convolve(begun, stays)[: len(begun)]
    chance = np.convolve(begun, stays * (1 - stays))[: len(begun)]
    error = np.sqrt(chance[40:].sum() * duration / 2)  # a stay kept is seen for months on end
    assert abs(there[40:].sum() - due[40:].sum()) < 4 * error
    assert error < 0.01 * due[40:].sum()
    assert due[40:].sum() < 0.8 * duration * begun[40:].sum()


def test_a_saturated_course_turns_out_its_seats(limit: Maker) -> None:
    """V9. Ten seats of twelve months with more people wanting one than there are: ten twelfths (.8333) begin a month,
    and ten are in the course for good.

    Source: throughput of a saturated deterministic server, seats / duration.
    Holds: exactly: after t months 1/2 + 10 t / 12 have begun, rounded down.
    """
    model = reskilling(limit, 72, seats_a_year=1e6, drop_out=0.0)
    model.state.training.providers.limited = True
    capacity = model.state.training.providers.capacity
    course = int(np.argmax(capacity * (model.state.world["level"] < 2)))
    capacity[:] = 0.0
    capacity[course] = 10 / 12
    begun, there = model.run().series["trainees_enrolled"], model.series["in_course"]
    assert (np.cumsum(begun) == np.floor(0.5 + 1e-9 + np.arange(1, 73) * 10 / 12)).all()
    assert (there[12:] == 10).all()
    assert model.series["trainees_turned_away"].min() > 0


def test_money_for_ten_seats_a_year_pays_for_ten_seats(limit: Maker) -> None:
    """V9. Where money and not places is short, a budget of ten seats a year makes the same throughput.

    Source: throughput of a saturated deterministic server.
    Holds: exactly: ten a year begin; ten are in the course after the first year, one more or less where nobody
    applied in the month in which a seat could be paid.
    """
    model = reskilling(limit, 72, seats_a_year=10, drop_out=0.0).run()
    assert (model.series["trainees_enrolled"].reshape(-1, 12).sum(axis=1) == 10).all()
    assert (np.abs(model.series["in_course"][12:] - 10) <= 1).all()


def waiting(load: float, steps: int, slots: int, seed: int = 3) -> np.ndarray:
    """Return how many people wait at the end of each step when a seat comes every ``steps`` steps, in ``slots`` slots.

    People come at random, ``load`` for each seat; they apply every step until they get a seat. ``steps`` makes the
    unit of time finer: arrivals, places and the length of the course are all scaled with it.
    """
    length = steps * slots
    come = np.random.default_rng(seed).poisson(load / steps, length)
    people = hand_made.people(int(come.sum()), status=UNEMPLOYED, employer=NOBODY, reach=1)
    needed = np.zeros((2, len(SKILLS)), np.int64)
    needed[:, 0], needed[1, 1] = 10, 10
    taught = seats.Curriculum(needed, needed.sum(axis=1), np.zeros(2, np.int64), 1.0)
    people["skills"][:, 0] = 10
    providers = Providers(np.array([0.0, 1 / steps]), growth=0.0)
    first = np.cumsum(come)
    here = people[:0]
    left = np.empty(length)
    for step in range(length):
        here = np.concatenate([here, people[first[step] - come[step] : first[step]]])
        here["wants_seat"] = 1
        providers.open_month()
        offered = providers.within(np.full(2, 1000))
        rows = seats.gather_applicants(here)
        luck = (np.uint64(2 * step + 1), np.uint64(2 * step))
        chosen = seats.allocate_seats(
            here, rows, offered, taught, np.zeros((1, 2), np.int32), luck, 0, step % 30_000, 12 * steps
        )
        providers.take(np.bincount(here["course"][rows[chosen]], minlength=2))
        assert (here["status"][rows[chosen]] == IN_TRAINING).all()
        assert (here["notice_end"][rows[chosen]] == NEVER).all()
        here = here[here["course"] == NOBODY]
        left[step] = len(here)
    return left


@pytest.mark.parametrize("steps", [1, 4])
def test_people_wait_as_at_a_slotted_server(steps: int) -> None:
    """V9. People who come at random, load r for each seat, wait as at a slotted server: r^2 / (2(1 - r)) right after
    a seat was given (.45 at r = .6), and r^2 / (2(1 - r)) + r (k - 1) / (2k) over all steps if a seat comes every k
    steps, which tends to r / (2(1 - r)) = .75 as the step shrinks. The queue that waits for ten such courses under
    M/M/c would be another one.

    Source: Pollaczek 1930, Khinchine 1932; Kleinrock 1975, section 5.
    Holds: mean within 4 standard errors from 40 batches of 140 seats; distance from the continuous law r / (2k).
    """
    load, slots = 0.6, 6_000
    left = waiting(load, steps, slots)[400 * steps :]
    law = load**2 / (2 * (1 - load))
    poisson = np.exp(-load) * np.cumprod(np.r_[1.0, load / np.arange(1, 40)])
    assert queue(poisson, 1) @ np.arange(400) == pytest.approx(law, rel=1e-6)
    batches = left[: len(left) // 40 * 40].reshape(40, -1).mean(axis=1)
    error = batches.std(ddof=1) / np.sqrt(40)
    assert error < 0.05
    assert abs(left.mean() - law - load * (steps - 1) / (2 * steps)) < 4 * error
    if steps > 1:
        assert load / (2 * (1 - load)) - (law + load * (steps - 1) / (2 * steps)) == pytest.approx(load / (2 * steps))
