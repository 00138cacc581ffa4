"""The occupational-mobility model of del Rio-Chanona et al. (2021): its constants, its start and its shocks.

People are employed in, or were last employed in, one of n occupations; a step is 6.75 weeks. The mean field
(``mean_field``) and the agents (``agents``) share what stands here and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from transitionsim.arithmetic import exp, log

Floats = NDArray[np.float64]
Shock = Literal["none", "automation", "cycle"]

SHOCKS: Final[tuple[str, ...]] = get_args(Shock)
STEPS: Final = 600
"""States of a trajectory; t = 0 is the start."""
SEPARATION: Final = 0.01600001
"""Employed who lose their job in a step whatever the demand, as a share."""
OPENING: Final = 0.01200001
"""Vacancies that open in a step whatever the demand, for each person employed."""
ADJUSTMENT: Final = 10.0 * SEPARATION
"""Part of the distance between realised and target demand that is closed in a step."""
LONG_TERM: Final = 3
"""A spell without a job is long-term when it began at least so many steps before the present one."""

AUTOMATION_FROM: Final = 100
HALF_WAY: Final = 0.5 * 30.0 * 52.0 / 6.75
"""Steps from the beginning of automation until half of it is done: fifteen years."""
AUTOMATION_PACE: Final = log(9999.0) / HALF_WAY
CYCLE_FROM: Final = 80
CYCLE_PERIOD: Final = 103
CYCLE_AMPLITUDE: Final = 0.065


@dataclass(frozen=True)
class Start:
    """Persons and posts by occupation at t = 0, each of shape (n,)."""

    employed: Floats
    unemployed: Floats
    vacancies: Floats

    @property
    def demand(self) -> Floats:
        """Demand for labour before any shock: everybody who is employed or unemployed."""
        return self.employed + self.unemployed


def start_of(employment: Floats) -> Start:
    """Return the start that follows from employment by occupation, of shape (n,), in persons."""
    return Start(employment, SEPARATION * employment, OPENING * employment)


def automated(demand: Floats, probability: Floats) -> Floats:
    """Return demand after automation: hours fall with the probability, the total is kept by shorter hours for all.

    The probabilities must not all be 1.
    """
    left = demand * (1.0 - probability)
    return left * float(demand.sum() / left.sum())


@dataclass(frozen=True)
class Targets:
    """Demand by occupation, step by step; ``first`` before the shock and ``last`` after automation, shape (n,)."""

    shock: str
    first: Floats
    last: Floats

    def at(self, t: int) -> Floats:
        """Return the demand aimed at in step ``t``, of shape (n,)."""
        if self.shock == "automation" and t >= AUTOMATION_FROM:
            done = 1.0 / (1.0 + exp(-AUTOMATION_PACE * (t - (AUTOMATION_FROM + HALF_WAY))))
            return self.first + (self.last - self.first) * done
        if self.shock == "cycle" and t >= CYCLE_FROM:
            return self.first * (1.0 - CYCLE_AMPLITUDE * sine_of_turns(t + CYCLE_FROM, CYCLE_PERIOD))
        return self.first


def sine_of_turns(part: int, whole: int) -> float:
    """Return the sine of ``part / whole`` turns with the same bits on every machine.

    >>> sine_of_turns(1, 4), sine_of_turns(1, 2), sine_of_turns(7, 4)
    (1.0, 0.0, -1.0)
    """
    half = whole / 2.0
    along = float(part % whole)
    sign = -1.0 if along >= half else 1.0
    along = along - half if along >= half else along
    angle = 6.283185307179586 * min(along, half - along) / whole
    total = 1.0
    for i in range(24, 0, -2):
        total = 1.0 - total * angle * angle / (i * (i + 1))
    return sign * angle * total + 0.0


@dataclass(frozen=True)
class Trajectory:
    """What the model says, in per cent, for t = 0 to 599; each of shape (600,)."""

    unemployment: Floats
    """Unemployed as a share of the labour force."""
    vacancies: Floats
    """Vacancies as a share of all posts, filled or not."""
    long_term: Floats
    """Unemployed for the long term as a share of the labour force."""
