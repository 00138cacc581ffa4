"""The state of one run: the populations, the tables between them, and what rules may read of the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import EMPLOYED, IN_TRAINING, UNEMPLOYED, Records
from transitionsim.evidence import Register
from transitionsim.histories import Histories
from transitionsim.ledger import Grants, Ledger, Programme
from transitionsim.markets.orders import Network
from transitionsim.regions.tables import Components, JobProfiles
from transitionsim.scenario import Scenario

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Table = NDArray[np.int32]


@dataclass
class Road:
    """The dated inputs of a scenario, month by month, long enough for the furthest look ahead.

    ``content`` has shape (months, groups): vehicle sets per car made; ``volume`` (months,): cars made relative
    to the start; ``assembly`` (months,): labour hours of final assembly relative to the start;
    ``electric_value`` (months, groups): years of combustion revenue that a line begun in a month would bring
    back in electric orders, discounted.
    """

    content: Floats
    volume: Floats
    assembly: Floats
    electric_value: Floats


@dataclass
class State:
    """Everything that changes in a run. Tables have shape (employers, profiles) unless said otherwise."""

    scenario: Scenario
    register: Register
    seed: int
    scale: int
    month: int
    workers: Records
    employers: Records
    jobs: JobProfiles
    parts: Components
    network: Network
    world: dict[str, Any]
    """What rules read: names and values; ``regions/start.py`` makes them."""
    staff: Table
    posts: Table
    posts_start: Table
    vacancies: Table
    leaving: Table
    on_notice: Integers
    cell_phase: Floats
    phase: Floats
    employer_order: Integers
    orders: Integers
    purchases: Integers
    delivered: Integers
    group_hours: Floats
    total_hours: Floats
    hours_start: Floats
    hires_window: Integers
    """Hires by profile in each of the last 36 months, shape (36, profiles)."""
    vacancy_window: Floats
    """Vacancies before and after matching in each of the last 12 months, shape (2, 12, profiles)."""
    automotive_staff: Table
    """Rows of the people employed in automotive firms after lives have moved, the first ``automotive_count``."""
    lacking_window: Floats
    """Posts that automotive firms lack people for, by profile, in each of the last 12 months."""
    separations: Integers
    hires: Integers
    hires_by_profile: Integers
    by_profile: Integers
    by_status: Integers
    jobless: Integers
    long_term: Integers
    active: Integers
    automotive_count: int = 0
    response: float = 0.0
    road: Road | None = None
    programmes: list[Programme] = field(default_factory=list)
    grants: list[Grants] = field(default_factory=list)
    seats_used: Integers = field(default_factory=lambda: np.zeros(0, np.int64))
    unemployment_start: float = 0.0
    posts_reference: int = 0
    employed_before: int = -1
    series: dict[str, NDArray[Any]] = field(default_factory=dict)
    displaced: Table = field(default_factory=lambda: np.zeros(0, np.int32))
    """Rows of the people who lost a job for lack of orders or by closure this month."""
    histories: Histories = field(default_factory=Histories)
    """What people earn in the years after they lost an automotive job, and what others like them earn."""
    values: dict[str, float] = field(default_factory=dict)
    """Parameters looked up so far."""

    def jobless_rate(self) -> float:
        """Return the unemployed and people in training as a share of the labour force, as last counted."""
        seeking = int(self.by_status[UNEMPLOYED] + self.by_status[IN_TRAINING])
        return seeking / max(seeking + int(self.by_status[EMPLOYED]), 1)

    def ledgers(self) -> list[Ledger]:
        """Return the account of every policy of the run."""
        return [*(one.ledger for one in self.programmes), *(one.ledger for one in self.grants)]

    def value(self, key: str) -> float:
        """Return a parameter as a number; looked up in the register once, since a month asks often."""
        if key not in self.values:
            self.values[key] = float(self.register.value(key))
        return self.values[key]
