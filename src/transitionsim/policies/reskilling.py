"""Reskilling: euros become seats in courses, before notice, on notice or after dismissal."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import numpy as np
from pydantic import Field

from transitionsim.errors import InputError
from transitionsim.evidence import Sourced, measured
from transitionsim.ledger import instalments
from transitionsim.markets.seats import Programme
from transitionsim.policies.base import Policy
from transitionsim.world import State

STARTS: Final = ("before-notice", "on-notice", "after-dismissal")
"""When a person may take a seat, in the order of the codes that rules read."""
TARGETS: Final = ("surplus", "displaced", "everyone")
DURATION: Final = Sourced(
    value=9,
    unit="months",
    low=3,
    high=24,
    grade="D",
    source="assumption; from short courses to a full second qualification",
)
DROP_OUT: Final = Sourced(
    value=0.2,
    unit="share",
    low=0.1,
    high=0.3,
    grade="B",
    source="Waller 2008: one in five participants in Germany leaves early",
)


class Reskilling(Policy):
    """Seats in courses for people whose job ends, paid from a yearly budget."""

    kind: Literal["reskilling"] = "reskilling"
    starts: Literal["before-notice", "on-notice", "after-dismissal"] = Field(
        description="when a person may take a seat: before-notice, on-notice or after-dismissal"
    )
    cost_per_seat: Annotated[Sourced, measured("EUR", 1, 1e6)] = Field(description="euros for one seat, whole course")
    duration_months: Annotated[Sourced, measured("months", 1, 60, whole=True)] = Field(
        default=DURATION, description="length of the course"
    )
    drop_out: Annotated[Sourced, measured("share", 0, 1)] = Field(
        default=DROP_OUT, description="share of participants who leave before the end"
    )
    target: Literal["surplus", "displaced", "everyone"] = Field(
        default="surplus",
        description="who may apply: people in profiles with a surplus, displaced people, or everyone",
    )

    def begin(self, state: State) -> Programme:
        """Open the account; write whom it admits and the monthly chance of dropping out into the world."""
        duration = int(self.duration_months.number)
        cost = round(self.cost_per_seat.number * 100) * state.scale
        number = len(state.public.offers(Programme))
        if number == len(state.world["drop_out"]):
            raise InputError.one(self.id, f"a run holds at most {number} reskilling policies")
        drop_out = state.world["drop_out"].copy()
        # A course of n months has n - 1 months in which to leave early. Rounded, so that a power taken
        # differently on another machine cannot move anyone's luck.
        drop_out[number] = round(1.0 - (1.0 - self.drop_out.number) ** (1.0 / max(1, duration - 1)), 12)
        state.world["drop_out"] = drop_out
        for name, code in (("seat_starts", STARTS.index(self.starts)), ("seat_targets", TARGETS.index(self.target))):
            state.world[name] = state.world[name].copy()
            state.world[name][number] = code
        state.world["programmes"] = number + 1
        settings = state.settings
        return Programme(
            id=self.id,
            ledger=self.account(),
            in_force=self.in_force(settings.start, settings.months) & settings.mechanisms.training,
            cost=cost,
            duration=duration,
            instalments=instalments(cost, duration),
            starts=STARTS.index(self.starts),
            active=np.zeros(duration, np.int64),
        )

    @classmethod
    def fault(cls, state: State) -> str:
        """Say whether other sums are set aside than the courses still cost that people are in."""
        for programme in state.public.offers(Programme):
            rest = np.cumsum(np.array(programme.instalments)[::-1])[::-1]
            owed = int((programme.active[:-1] * rest[1:]).sum())
            if owed != programme.ledger.reserved:
                return f"{programme.ledger.reserved} cents reserved, {owed} owed for courses"
        return ""
