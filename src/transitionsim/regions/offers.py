"""What people in a job make of the vacancies there are: the share that pays them enough, in expectation.

Wages differ between automotive and other employers and, by their premium, between firms. Who earns much finds
little that pays as well. So the applications of the employed must be the more frequent the fewer vacancies they
would take, if they are to change jobs as often as they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CLASSES: Final = 60
"""Classes of the firms' premium, for automotive and for other employers each."""
ITERATIONS: Final = 20


@dataclass(frozen=True)
class Exits:
    """Monthly hazards of leaving a job: for good, to another job, and ordinary separations in new and in old jobs."""

    leave: float
    job_to_job: float
    new: float
    old: float
    new_months: int
    mean: float
    """All of them together, for the mean of all jobs."""
    filled: float
    """Share of the open vacancies that is filled in a month."""


def accepted_share(
    wage: Floats,
    premium: Floats,
    automotive: NDArray[np.bool_],
    staff: Floats,
    weights: Floats,
    least: float,
    exits: Exits,
) -> Floats:
    """Return the share of the vacancies of each profile that people employed in each profile would take, (P, P).

    ``wage`` has shape (2, profiles): automotive and other employers, before the premium; ``premium`` and
    ``automotive`` (employers,); ``staff`` (employers, profiles). ``weights`` (profiles, profiles) say how often
    people of a profile apply to another, for one vacancy each. A vacancy is taken that pays ``least`` times the
    own wage or more. Firms that pay little lose people more often, have more people in the first months of a job,
    lose these more often again, and find fewer applicants, and so have more of the vacancies: their share is
    repeated until it agrees with itself.
    """
    pay, people = _classes(wage, premium, automotive, staff)
    vacancies, begun = people.copy(), np.full_like(people, exits.mean)
    share = np.ones((*people.shape, people.shape[1]))
    for _ in range(ITERATIONS):
        share = _share_above(pay, vacancies, least * pay)
        there = vacancies.sum(axis=0)
        taken = (share * (weights * there)[None, :, :]).sum(axis=2)
        mean = (taken * people).sum(axis=0) / np.maximum(people.sum(axis=0), 1e-12)
        begun = _exit_rate(exits, exits.job_to_job * taken / np.maximum(mean, 1e-12), begun)
        vacancies = people * begun / _filled(exits, pay, people, vacancies, weights, mean, least)
    every = people.sum(axis=0)
    found = (share * people[:, :, None]).sum(axis=0) / np.maximum(every, 1e-12)[:, None]
    return np.asarray(np.round(found, 6), dtype=np.float64)


def _exit_rate(exits: Exits, quits: Floats, begun: Floats) -> Floats:
    """Return the monthly exits from a job where ``begun`` of the jobs begin in a month and ``quits`` move on."""
    stay = (1.0 - exits.new) * (1.0 - exits.leave) * (1.0 - quits)
    new = np.minimum(1.0, begun * (1.0 - stay**exits.new_months) / (1.0 - stay))
    return np.asarray(exits.leave + quits + new * exits.new + (1.0 - new) * exits.old)


def _filled(
    exits: Exits, pay: Floats, people: Floats, vacancies: Floats, weights: Floats, mean: Floats, least: float
) -> Floats:
    """Return the share of the open vacancies of each class and profile that is filled in a month.

    All vacancies meet the same number of people without a job, and those of the employed who would come for the pay.
    """
    threshold = (least * pay).ravel()
    order = np.argsort(threshold, kind="stable")
    willing = np.empty_like(pay)
    for o in range(pay.shape[1]):
        sent = (people * (weights[:, o] / np.maximum(mean, 1e-12))[None, :]).ravel()
        upto = np.concatenate([[0.0], np.cumsum(sent[order])])
        willing[:, o] = upto[np.searchsorted(threshold[order], pay[:, o], side="right")]
    usual = (willing * vacancies).sum(axis=0) / np.maximum(vacancies.sum(axis=0), 1e-12)
    employed = exits.job_to_job / exits.mean
    applicants = -np.log(1.0 - exits.filled) * (1.0 - employed + employed * willing / np.maximum(usual, 1e-12))
    return np.asarray(1.0 - np.exp(-applicants))


def _classes(wage: Floats, premium: Floats, automotive: NDArray[np.bool_], staff: Floats) -> tuple[Floats, Floats]:
    """Return pay and people by class of employer and profile, shape (2 * classes, profiles)."""
    low, high = float(premium.min()), float(premium.max())
    width = max(high - low, 1e-9) / CLASSES
    place = np.minimum(((premium - low) / width).astype(np.int64), CLASSES - 1) + np.where(automotive, 0, CLASSES)
    people = np.zeros((2 * CLASSES, staff.shape[1]))
    np.add.at(people, place, staff)
    middle = low + (np.arange(CLASSES) + 0.5) * width
    return np.concatenate([middle[:, None] * wage[0], middle[:, None] * wage[1]]), people


def _share_above(pay: Floats, vacancies: Floats, least: Floats) -> Floats:
    """Return the share of each profile's vacancies that pay at least ``least``, shape (*least.shape, profiles)."""
    found = np.empty((*least.shape, pay.shape[1]))
    for o in range(pay.shape[1]):
        order = np.argsort(pay[:, o], kind="stable")
        below = np.concatenate([[0.0], np.cumsum(vacancies[order, o])])
        place = np.searchsorted(pay[order, o], least, side="left")
        found[:, :, o] = 1.0 - below[place] / below[-1] if below[-1] > 0.0 else 0.0
    return found
