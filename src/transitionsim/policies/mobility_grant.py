"""Mobility grant: euros for displaced people who take a job in another region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from transitionsim.columns import (
    AWAY,
    IN_TRAINING,
    UNEMPLOYED,
    Records,
)
from transitionsim.compiling import compiled
from transitionsim.draws import stream, uniform, uniform_at
from transitionsim.errors import InputError
from transitionsim.evidence import Sourced, measured
from transitionsim.ledger import Running
from transitionsim.policies.base import Hook, Policy
from transitionsim.quantities import Series
from transitionsim.worker import leave_course, recently_displaced
from transitionsim.world import State

FACTOR: Final = Sourced(
    value=1.5,
    unit="ratio",
    low=1.0,
    high=3.0,
    grade="D",
    source="assumption; no measurement for displaced European workers was found",
)


@dataclass(kw_only=True)
class Moves(Running):
    """A mobility grant in a run: cents for one row of people, and what a grant does."""

    grant: int
    factor: float
    """How much likelier a displaced person moves with the grant."""
    granted: int = 0
    """Grants paid this month, in rows."""


@compiled
def claimants(workers: Records, month: int, address: np.uint64, chance: float) -> NDArray[np.int64]:
    """Return the rows of the displaced who left this month, and of those without a job who would with a grant."""
    rows = np.empty(len(workers), np.int64)
    count = 0
    for i in range(len(workers)):
        row = workers[i]
        if row.commuter or not recently_displaced(row, month):
            continue
        left = row.status == AWAY and row.since == month
        jobless = row.status == UNEMPLOYED or row.status == IN_TRAINING
        if left or (jobless and uniform_at(address, row.key) < chance):
            rows[count] = i
            count += 1
    return rows[:count].copy()


def grant_moves(state: State) -> None:
    """Displaced people get a grant for a job elsewhere, also who would go anyway."""
    for policy in state.public.offers(Moves):
        policy.granted = 0
        affordable = policy.ledger.available // max(1, policy.grant)
        if policy.in_force[state.month] and affordable > 0:
            _grant(state, policy, affordable)


def _grant(state: State, policy: Moves, affordable: int) -> None:
    """Pay one grant to each claimant by keyed luck; who leaves only because of it, leaves.

    Moves that happen in any case are replaced by people who come: such a claimant gets the money, and the region
    stays as it is.
    """
    workers, often = state.workers, state.settings.value("region.displaced_moves")
    anyway = often * state.settings.value("region.gross_moves") / 12.0
    chance = policy.factor * anyway + (policy.factor - 1.0) * often * float(state.world["leaving_hazard"])
    address = stream(state.seed, "granted_move", state.month)
    rows = claimants(workers, state.month, address, chance)
    luck = uniform(stream(state.seed, "move_priority", state.month), workers["key"][rows])
    rows = rows[np.lexsort((workers["key"][rows], luck))][:affordable]
    policy.ledger.reserve(len(rows) * policy.grant)
    policy.ledger.pay(len(rows) * policy.grant)
    policy.granted = len(rows)
    stays = workers["status"][rows] != AWAY
    more = uniform(address, workers["key"][rows]) >= anyway
    state.counts.moved_away += int((stays & more).sum())
    _leave(workers, rows[stays & more], state.month)


@compiled
def _leave(workers: Records, rows: NDArray[np.int64], month: int) -> None:
    """Write into the rows of people that they have left the region."""
    for i in rows:
        person = workers[i]
        person.status = AWAY
        person.since = month
        leave_course(person)


def _granted(state: State) -> int:
    return sum(one.granted for one in state.public.offers(Moves))


class MobilityGrant(Policy):
    """One grant for each displaced person who moves, until the year's budget is used up."""

    kind: Literal["mobility-grant"] = "mobility-grant"
    grant: Annotated[Sourced, measured("EUR", 1, 1e6)] = Field(description="euros for one move")
    factor: Annotated[Sourced, measured("ratio", 1, 20)] = Field(
        default=FACTOR, description="how much likelier a displaced person without a job moves with the grant"
    )

    series: ClassVar = (
        Series("mobility_grants", "flow", "persons", "displaced people who got a grant for a job elsewhere", _granted),
    )
    hooks: ClassVar = (Hook(after="count_moves", step=grant_moves),)
    writes: ClassVar = ("workers", "counts.moved_away")

    def begin(self, state: State) -> Moves:
        """Open the account; the step that grants moves asks it for money."""
        if state.public.offers(Moves):
            raise InputError.one(self.id, "a run holds at most one mobility-grant policy")
        settings = state.settings
        return Moves(
            id=self.id,
            ledger=self.account(),
            in_force=self.in_force(settings.start, settings.months) & settings.mechanisms.migration,
            grant=round(self.grant.number * 100) * state.scale,
            factor=self.factor.number,
        )
