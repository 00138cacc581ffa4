"""People in a job pass over vacancies that pay clearly less, and change jobs as often as the region's flows say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from transitionsim.columns import EMPLOYED, QUIT_TO_JOB
from transitionsim.model import TransitionModel
from transitionsim.regions.offers import Exits, accepted_share

STILL = Exits(leave=0.0, job_to_job=0.003, new=0.01, old=0.01, new_months=18, mean=0.013, filled=1.0 - 1e-12)


def moves(model: TransitionModel) -> np.ndarray:
    """Return new wage over old for all who change jobs and are not on notice, over the run."""
    rows, found = model.workers.rows, []
    while model.running:
        before = rows[["wage", "status"]].copy()
        model.step()
        moved = (before["status"] == EMPLOYED) & (rows["hired"] == model.month - 1) & (rows["hired_from"] == EMPLOYED)
        moved &= rows["cause"] == QUIT_TO_JOB
        found.append(rows["wage"][moved] / before["wage"][moved])
    return np.concatenate(found)


def test_nobody_in_a_job_takes_a_clearly_worse_paid_one(small: Any) -> None:
    gain = moves(TransitionModel(small("fast", months=60), rng=2))
    assert len(gain) > 100
    assert gain.min() > 0.9499, "the accepted loss is 5 %, and wages are whole cents"
    assert (gain < 1.0).any(), "a small loss is accepted"


def test_a_smaller_accepted_loss_is_kept_too(small: Any) -> None:
    gain = moves(TransitionModel(small("fast", months=36, **{"search__accepted_loss": 0.0}), rng=2))
    assert gain.min() > 0.9999


def test_the_mechanism_can_be_switched_off(small: Any) -> None:
    assert (moves(TransitionModel(small("fast", months=36, mechanisms__choosy=False), rng=2)) < 0.8).any()


def test_people_change_jobs_as_often_as_without_choice(small: Any) -> None:
    """The applications of the employed are the more frequent the fewer vacancies they would take."""
    often = [
        len(moves(TransitionModel(small("no-transition", months=180, mechanisms__choosy=choosy), rng=5)))
        for choosy in (True, False)
    ]
    assert often[0] == pytest.approx(often[1], rel=0.25)


def test_who_accepts_everything_accepts_everything() -> None:
    wage, staff = np.array([[2.0, 3.0], [1.0, 2.0]]), np.ones((4, 2))
    premium, automotive = np.array([0.8, 0.9, 1.0, 1.1]), np.array([True, False, True, False])
    assert (accepted_share(wage, premium, automotive, staff, np.ones((2, 2)), 0.0, STILL) == 1.0).all()


def test_the_accepted_share_by_hand() -> None:
    """One profile, two firms of one size; people of the better paying one stay, those of the other take all."""
    wage, staff = np.array([[2.0], [1.0]]), np.array([[10.0], [10.0]])
    found = accepted_share(wage, np.ones(2), np.array([True, False]), staff, np.ones((1, 1)), 0.95, STILL)
    # Quits q from the poor firm, 0.003 on average, so x = share of vacancies in the rich firm is known:
    # acceptance of the poor is 1 and of the rich x; taken = (1 + x) / 2; exits are 0.01 + 0.003 * taken / mean.
    x = 0.5
    for _ in range(50):
        mean = (1.0 + x) / 2.0
        rich, poor = 0.01 + 0.003 * x / mean, 0.01 + 0.003 / mean
        x = rich / (rich + poor)
    assert found[0, 0] == pytest.approx((1.0 + x) / 2.0, abs=1e-5)
    assert x < 0.5


def test_vacancies_that_few_want_stay_open_and_are_met_more_often() -> None:
    wage, staff = np.array([[2.0], [1.0]]), np.array([[10.0], [10.0]])
    found = [
        float(
            accepted_share(
                wage, np.ones(2), np.array([True, False]), staff, np.ones((1, 1)), 0.95, replace(STILL, filled=filled)
            )[0, 0]
        )
        for filled in (0.3, 0.7, STILL.filled)
    ]
    assert found[0] < found[1] < found[2]
