"""What every policy has: a kind, a name of its own, two dates, a budget in euros a year, and its place in the month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from transitionsim.columns import Column
from transitionsim.evidence import Sourced, measured
from transitionsim.ledger import Ledger, Running
from transitionsim.months import Month
from transitionsim.quantities import Series
from transitionsim.sentences import Flag, PlainModel, Text
from transitionsim.world import State

Budget = Annotated[Sourced, measured("EUR/year", 0, 1e12)]


@dataclass(frozen=True)
class Hook:
    """A step of a policy in the month: what it does, and the step or rule of the economy that it stands behind.

    It is there in every run, so that the month is one page, and does nothing where the policy is not running.
    """

    after: str
    step: Callable[[State], None]


class Policy(PlainModel):
    """A policy in force from one month to another, both included, with a budget for each year."""

    columns: ClassVar[Mapping[str, tuple[Column, ...]]] = {}
    """What the policy alone keeps in the rows of a population."""
    series: ClassVar[tuple[Series, ...]] = ()
    """What the policy alone leaves behind each month."""
    hooks: ClassVar[tuple[Hook, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ()
    """What its hooks write beside its own account, by the names of ``writers.WRITERS``."""

    kind: Text
    id: Text = Field(
        default="", pattern=r"^[A-Za-z0-9_-]*$", description="name within the scenario; by default the kind"
    )
    from_: Month = Field(alias="from", description="first month, such as 2027-01")
    to: Month = Field(description="last month, included, such as 2033-12")
    budget: Budget = Field(description="euros available in a year, at least 0")
    off: Flag = Field(default=False, description="true removes a policy that a parent scenario brought in")

    @model_validator(mode="before")
    @classmethod
    def _named_by_kind(cls, found: Any) -> Any:
        if isinstance(found, dict) and found.get("id") is None and isinstance(found.get("kind"), str):
            return {**found, "id": found["kind"]}
        return found

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.from_ > self.to:
            raise ValueError(f"from {self.from_} is after to {self.to}")
        return self

    @classmethod
    def word(cls) -> str:
        """Return the word by which scenario files name this kind of policy."""
        return str(cls.model_fields["kind"].default)

    def account(self) -> Ledger:
        """Return an empty account with the policy's budget for a year."""
        return Ledger(round(self.budget.number * 100))

    def in_force(self, start: Month, months: int) -> NDArray[np.bool_]:
        """Return for each month of a run whether the policy is in force."""
        calendar = start + np.arange(months)
        return (calendar >= self.from_) & (calendar <= self.to)

    def begin(self, state: State) -> Running:
        """Return the policy as it runs, its account open, and write what rules read of it into the world."""
        raise TypeError(f"the policy module of '{self.kind}' does not say what the policy does")

    @classmethod
    def fault(cls, state: State) -> str:
        """Say which identity of this kind of policy is broken, beside those of every ledger; nothing if none is."""
        del state
        return ""
