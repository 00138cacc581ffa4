"""The demand for cars and their parts: the dated inputs of a scenario beside the mix of powertrains."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from transitionsim.dated import Dated
from transitionsim.evidence import Grade, Sourced
from transitionsim.months import Month
from transitionsim.regions.calendar import Calendar
from transitionsim.sentences import PlainModel, Text, Whole

FLAT = Dated.model_validate({"2025-01": 1.0})


class Sourcing(PlainModel):
    """How much of each kind of part is bought in the region, relative to the start."""

    combustion: Dated = Field(default=FLAT, description="engine, transmission, exhaust and fuel; relative to the start")
    neutral: Dated = Field(default=FLAT, description="body, chassis and interior; relative to the start")
    electric: Dated = Field(default=FLAT, description="drive, battery, power electronics; relative to the start")


class Demand(PlainModel):
    """How many cars are made, where, with how many parts from the region, and with how much labour."""

    volume: Dated = Field(
        default=FLAT,
        description="cars sold in Europe, relative to the start; linear between dates",
    )
    eu_share: Dated = Field(
        default=FLAT, description="share of them made in Europe; only its ratio to the first month counts"
    )
    allocation: Literal["frozen", "calendars"] = Field(
        default="frozen",
        description="calendars: plants follow their own calendar of models and volumes; frozen: as in the first month",
    )
    plants: dict[str, Calendar] = Field(
        default={}, description="calendars of plants by name, in place of those of the region's profile"
    )
    local_sourcing: Sourcing = Field(
        default=Sourcing(), description="parts bought in the region, relative to the start"
    )
    productivity: Dated = Field(
        default=FLAT, description="output for an hour of labour; only its ratio to the first month counts"
    )
    source: Text = Field(default="", description="where the paths come from")
    grade: Grade | None = Field(default=None, description="grade of the paths")


class Project(PlainModel):
    """A battery or drive plant with a place and a date; its jobs are NACE 27, not automotive (NACE C29)."""

    id: Text = Field(pattern=r"^[A-Za-z0-9_-]+$", description="name within the scenario")
    kind: Literal["battery", "electric-drive"] = Field(description="what it makes, which decides the profiles it hires")
    from_: Month = Field(alias="from", description="first month in which it hires, such as 2028-01")
    capacity: Sourced = Field(description="what it can make, such as 20 GWh/year")
    jobs_per_unit: Sourced = Field(description="persons for one unit of that capacity")
    ramp_months: Annotated[Whole, Field(ge=1, le=240)] = Field(
        default=36, description="months from the first hire to full staff"
    )

    @model_validator(mode="after")
    def _countable(self) -> Self:
        for name in ("capacity", "jobs_per_unit"):
            found = getattr(self, name)
            if isinstance(found.value, str) or found.value < 0:
                raise ValueError(f"{name} is {found.value}; a number of at least 0 is needed ({found.unit})")
        return self

    @property
    def jobs(self) -> int:
        """Persons at full capacity."""
        return round(self.capacity.number * self.jobs_per_unit.number)
