"""What a region's profile says: facts and named plants, each with unit, source, year and grade."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Final, Literal, Self

from pydantic import Field, PrivateAttr, model_validator

from transitionsim.evidence import Register, Sourced, measured
from transitionsim.regions.calendar import Calendar
from transitionsim.sentences import PlainModel, Text

DENOMINATOR: Final = "NACE C29"
"""What automotive means, unless a profile says that its figures follow another concept."""
LARGEST_PLANT: Final = "largest vehicle plant, not named"
"""The name of the vehicle plant of a region in which none is named."""


Persons = Annotated[Sourced, measured("persons", 1, whole=True)]
Count = Annotated[Sourced, measured("local units", 1, whole=True)]
ShareFact = Annotated[Sourced, measured("share", 0, 1)]
Wage = Annotated[Sourced, measured("EUR/year", 1)]
Age = Annotated[Sourced, measured("years", 45, 75)]
Vehicles = Annotated[Sourced, measured("vehicles/year", 1)]


class Facts(PlainModel):
    """The numbers a region is made from."""

    population: Persons = Field(description="inhabitants")
    labour_force: Persons = Field(description="employed and unemployed people")
    unemployment_rate: ShareFact = Field(description="unemployed people per person in the labour force")
    long_term_share: ShareFact = Field(description="share of the unemployed who have had no job for a year or more")
    vacancy_rate: ShareFact = Field(description="vacancies per job, filled or vacant, at the end of a month")
    automotive_persons: Persons = Field(description="persons employed in what the denominator names")
    automotive_plants: Count = Field(description="local units of what the denominator names")
    automotive_wage: Wage = Field(description="gross wages per person employed in what the denominator names")


class Plant(PlainModel):
    """A vehicle plant known by name; its people are among the region's automotive persons."""

    name: Text = Field(min_length=1, description="name of the plant")
    persons: Persons = Field(description="people employed in the plant")
    vehicles_per_year: Vehicles | None = Field(default=None, description="vehicles made in a year")
    calendar: Calendar | None = Field(default=None, description="the plant's own calendar of models and volumes")
    share_over_50: ShareFact | None = Field(default=None, description="share of the staff aged fifty and over")
    exit_age: Age | None = Field(default=None, description="age at which the staff leaves working life")
    note: Text = Field(default="", description="what a reader must know about these numbers")


class Country(PlainModel):
    """What holds in a whole country: evidence between the shared assumptions and that of its regions."""

    code: Text = Field(pattern=r"^[A-Z]{2}$", description="two-letter code of the country")
    name: Text = Field(min_length=1, description="name of the country")
    note: Text = Field(default="", description="what a reader must know about these values")
    assumptions: dict[str, Sourced] = Field(description="the country's evidence in place of shared assumptions")


class Region(PlainModel):
    """A region's profile. What it does not say is inherited from its country, then from the shared assumptions."""

    code: Text = Field(pattern=r"^[A-Za-z0-9_-]{2,16}$", description="NUTS code, or a short code of your own")
    name: Text = Field(min_length=1, description="name of the region")
    nuts_level: Literal[0, 1, 2, 3] | None = Field(
        default=None, description="NUTS level, nothing for a region of your own"
    )
    country: Text = Field(pattern=r"^[A-Z]{2}$", description="two-letter code of the country")
    denominator: Literal["NACE C29", "INSEE automotive supply chain"] = Field(
        default=DENOMINATOR, description="what automotive means here"
    )
    note: Text = Field(default="", description="what a reader must know about this profile")
    facts: Facts = Field(description="the numbers the region is made from")
    plants: tuple[Plant, ...] = Field(default=(), description="vehicle plants known by name")
    suppliers_note: Text = Field(default="", description="what is known about the region's suppliers")
    assumptions: dict[str, Sourced] = Field(
        default={}, description="the region's own evidence in place of its country's and the shared assumptions"
    )
    _register: Register | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        facts = self.facts
        automotive = facts.automotive_persons.number
        if facts.labour_force.number > facts.population.number:
            raise ValueError("the labour force is larger than the population")
        if automotive >= facts.labour_force.number * (1.0 - facts.unemployment_rate.number):
            raise ValueError("more people work in car making than are employed in the region")
        if automotive < facts.automotive_plants.number:
            raise ValueError("there are more automotive plants than automotive persons")
        named = sum(plant.persons.number for plant in self.plants)
        if named > automotive:
            raise ValueError(
                f"the named plants employ {named:.0f} persons, more than the {automotive:.0f} automotive ones"
            )
        if len({plant.name for plant in self.plants}) < len(self.plants):
            raise ValueError("two plants have the same name")
        return self

    @property
    def register(self) -> Register:
        """The shared assumptions with the country's and this region's own evidence in place of some."""
        if self._register is None:
            raise ValueError("this region was not read from a file; use load_region")
        return self._register

    @property
    def plant_names(self) -> tuple[str, ...]:
        """The vehicle plants in the order of their rows; one without a name where none is named."""
        return tuple(plant.name for plant in self.plants) or (LARGEST_PLANT,)

    def sourced(self) -> dict[str, Sourced]:
        """Return every fact of the profile by its key, plants by their name."""
        found = {f"region.{key}": getattr(self.facts, key) for key in Facts.model_fields}
        for plant in self.plants:
            found[f"region.plants.{plant.name}.persons"] = plant.persons
            for key in ("vehicles_per_year", "share_over_50", "exit_age"):
                if getattr(plant, key) is not None:
                    found[f"region.plants.{plant.name}.{key}"] = getattr(plant, key)
        return found

    def digest(self) -> str:
        """Return the SHA-256 of everything the profile says, in canonical JSON."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
