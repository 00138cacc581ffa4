"""What every policy has: a kind, a name of its own, two dates and a budget in euros a year."""

from __future__ import annotations

from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from transitionsim.evidence import Sourced, measured
from transitionsim.months import Month
from transitionsim.sentences import Flag, PlainModel, Text

Budget = Annotated[Sourced, measured("EUR/year", 0, 1e12)]


class Policy(PlainModel):
    """A policy in force from one month to another, both included, with a budget for each year."""

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

    def in_force(self, start: Month, months: int) -> NDArray[np.bool_]:
        """Return for each month of a run whether the policy is in force."""
        calendar = start + np.arange(months)
        return (calendar >= self.from_) & (calendar <= self.to)

    def enter(self, state: Any, in_force: NDArray[np.bool_]) -> None:
        """Open the policy's account in a run and write what rules read of it into the world.

        ``state`` is the :class:`transitionsim.world.State` of the run, ``in_force`` says for each month of
        it whether the policy is in force.
        """
        raise TypeError(f"the policy module of '{self.kind}' does not say what the policy does")
