"""The agents: the occupational-mobility model person by person, as rules and a market on the ordinary engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.arithmetic import share_out
from transitionsim.columns import Records, record_type
from transitionsim.draws import agent_keys, stream
from transitionsim.engine import Sweep
from transitionsim.replications.definition import (
    LONG_TERM,
    STEPS,
    Floats,
    Start,
    Targets,
    Trajectory,
)
from transitionsim.replications.market import taken_on
from transitionsim.replications.mean_field import openings, quotient, separations
from transitionsim.replications.networks import Network
from transitionsim.replications.rules import EMPLOYED, JOBLESS_AT_START, RULES, UNEMPLOYED, WORKER

PLACE: Final = "occupational-mobility"
"""Whose luck it is: keys of persons are made of this name and a number."""

Counts = NDArray[np.int64]


class Labour:
    """A labour force of whole persons and posts: ``scale`` times the start of the mean field, rounded to keep totals.

    ``workers`` holds one record for each person, ``vacancies`` the open posts by occupation, ``spells`` the persons
    without a job by the step in which they lost it.
    """

    def __init__(
        self,
        start: Start,
        targets: Targets,
        network: Network,
        scale: float,
        seed: int,
        *,
        interpret: bool | None = None,
    ) -> None:
        self.targets, self.scale, self.seed, self.step = targets, scale, seed, 0
        self.entries = network.entries()
        self.workers = _people(start, scale)
        self.unemployed = self._count(self.workers["status"] == UNEMPLOYED)
        self.employed = self._count(self.workers["status"] == EMPLOYED)
        self.vacancies = _whole(scale * start.vacancies)
        self.spells = np.zeros(STEPS + 1, np.int64)
        self.sweep = Sweep(RULES, WORKER, self._world(), interpret=interpret, lists="stirred")

    def live(self) -> None:
        """Live through one step: rules first, then the market, on the vacancies that stood open when it began."""
        vacancies, without = self.vacancies, self._gap() < 0.0
        opened = (without & (self.employed == 0)).astype(np.int64)
        listed = self.sweep(self.workers, self._world(), self.seed, self.step)
        lost, at_work = listed[self.workers["left"][listed]], listed[self.workers["opened"][listed]]
        luck = stream(self.seed, "applicant_taken", self.step)
        chosen = taken_on(self.workers, listed, int(vacancies.sum()), luck)
        hired = chosen[chosen >= 0]
        filled = np.repeat(np.arange(len(vacancies)), vacancies)[chosen >= 0]
        separated = self._by_occupation(lost)
        opened += self._by_occupation(at_work)
        leaving = self._by_occupation(hired)
        taken = np.bincount(filled, minlength=len(vacancies))
        self._hire(hired, filled)
        self.step += 1
        self.spells[self.step] += len(lost)
        self.unemployed = self.unemployed + separated - leaving
        self.employed = self.employed + taken - separated
        self.vacancies = vacancies + opened - taken

    def rates(self) -> tuple[float, float, float]:
        """Return unemployment, vacancies and long-term unemployment in per cent, as in :class:`Trajectory`."""
        jobless, posts, employed = int(self.unemployed.sum()), int(self.vacancies.sum()), int(self.employed.sum())
        long_term = int(self.spells[: max(0, self.step - LONG_TERM + 1)].sum())
        force = jobless + employed
        return 100.0 * jobless / force, 100.0 * posts / max(1, posts + employed), 100.0 * long_term / force

    def _hire(self, hired: Counts, filled: Counts) -> None:
        since = self.workers["since"][hired]
        self.spells -= np.bincount(since[since != JOBLESS_AT_START], minlength=len(self.spells))
        self.workers["status"][hired] = EMPLOYED
        self.workers["occupation"][hired] = filled

    def _gap(self) -> Floats:
        return self.employed + self.vacancies - self.scale * self.targets.at(self.step + 1)

    def _world(self) -> dict[str, Any]:
        """Return what the rules read: chances by occupation and where its people find vacancies."""
        employed, gap = self.employed.astype(float), self._gap()
        return {
            "step": self.step,
            "separation": quotient(separations(employed, gap), employed),
            "opening": quotient(openings(employed, gap), employed),
            "reach": np.cumsum(self.entries * self.vacancies, axis=1),
            "first": np.cumsum(self.vacancies) - self.vacancies + 1,
            "vacancies": self.vacancies,
        }

    def _by_occupation(self, rows: NDArray[Any]) -> Counts:
        return np.bincount(self.workers["occupation"][rows], minlength=len(self.entries))

    def _count(self, which: NDArray[np.bool_]) -> Counts:
        return np.bincount(self.workers["occupation"][which], minlength=len(self.entries))


def agents(
    start: Start, targets: Targets, network: Network, scale: float, seed: int, *, interpret: bool | None = None
) -> Trajectory:
    """Return the trajectory of one seed."""
    labour = Labour(start, targets, network, scale, seed, interpret=interpret)
    found = np.empty((STEPS, 3))
    for t in range(STEPS):
        found[t] = labour.rates()
        if t + 1 < STEPS:
            labour.live()
    return Trajectory(*found.T)


def mean_and_deviation(runs: Sequence[Trajectory]) -> tuple[Trajectory, Trajectory]:
    """Return the mean over seeds and their standard deviation (n - 1); the latter is not a number for one seed."""
    values = np.array([(run.unemployment, run.vacancies, run.long_term) for run in runs])
    if len(runs) == 1:
        return runs[0], Trajectory(*np.full(values.shape[1:], np.nan))
    return Trajectory(*values.mean(axis=0)), Trajectory(*values.std(axis=0, ddof=1))


def persons_of(start: Start, scale: float) -> int:
    """Return how many persons a scale makes."""
    return int(_whole(scale * start.unemployed).sum() + _whole(scale * start.employed).sum())


def _people(start: Start, scale: float) -> Records:
    """Return one record for each person, by status and occupation."""
    unemployed, employed = _whole(scale * start.unemployed), _whole(scale * start.employed)
    occupations = np.arange(len(unemployed))
    people = np.zeros(int(unemployed.sum() + employed.sum()), record_type(WORKER))
    people["key"] = agent_keys(PLACE, "workers", len(people))
    people["occupation"] = np.repeat(np.tile(occupations, 2), np.concatenate((unemployed, employed)))
    people["status"][: int(unemployed.sum())] = UNEMPLOYED
    people["since"] = JOBLESS_AT_START
    return people


def _whole(numbers: Floats) -> Counts:
    """Return whole numbers near the given ones, with the sum that rounding their sum gives."""
    return share_out(round(float(numbers.sum())), numbers)
