"""What a scenario file may say. Every key is described here once; editors get it as JSON Schema."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PlainValidator, PrivateAttr, SerializeAsAny, ValidationInfo, field_validator

from transitionsim.dated import DatedMix
from transitionsim.errors import InputError, Mistake, nearest
from transitionsim.evidence import (
    ASSUMED,
    DRAWN,
    LABOUR_CONTENT,
    LEVER,
    Attribution,
    Grade,
    PlainValue,
    Register,
    Value,
)
from transitionsim.mechanisms import Mechanisms
from transitionsim.months import Month
from transitionsim.policies import Policy, policy_from
from transitionsim.regions import Region, base_register, load_region, region_codes, settable
from transitionsim.regions.calendar import Calendar
from transitionsim.regions.fitted import NO_FIT, Fit, find_fit
from transitionsim.regions.reading import names_a_file
from transitionsim.scenario.demand import Demand, Project
from transitionsim.scenario.owning import PATHS, without_file_names
from transitionsim.scenario.setting import changed
from transitionsim.sentences import Number, PlainModel, Text, Whole, problems
from transitionsim.world import Settings
from transitionsim.yamlfile import shown_path


class Electrification(PlainModel):
    """How the cars made in Europe become electric."""

    basis: Literal["production", "registrations"] = Field(
        description="what the mix counts: production, or registrations (a proxy)"
    )
    pace: Number = Field(
        default=1.0,
        ge=0.0,
        le=10.0,
        description="speed along the path: 1.2 runs through it 1.2 times as fast",
    )
    legal_status: Text = Field(default="", description="law or proposal the path rests on, with its date")
    source: Text = Field(default="", description="where the mix comes from")
    grade: Grade | None = Field(default=None, description="grade of the mix; registrations are at best C")
    mix: DatedMix = Field(description="shares of cars made by powertrain, linear between dates")

    @field_validator("grade")
    @classmethod
    def _no_better_than_its_basis(cls, grade: Grade | None, info: ValidationInfo) -> Grade | None:
        if grade in ("A", "B") and info.data.get("basis") == "registrations":
            raise ValueError(f"found '{grade}'; registrations are a proxy for production, C or D is allowed")
        return grade


class Jobs(PlainModel):
    """Whether firms look for people at all."""

    openings: Literal["posts", "none"] = Field(
        default="posts", description="posts: unfilled posts are vacancies; none: no vacancy"
    )


AnyPolicy = Annotated[SerializeAsAny[Policy], PlainValidator(policy_from)]


class Scenario(PlainModel):
    """A scenario: a region, a span of months, the road to electric cars, and policies."""

    name: Text = Field(default="", description="title, for tables and figures")
    notes: Text = Field(default="", description="what a reader must know")
    region: Text = Field(min_length=1, description="code of a region, or path of a profile of your own")
    start: Month = Field(description="first month, such as 2025-01")
    months: Whole = Field(default=192, ge=1, le=1200, description="number of months simulated")
    persons_per_agent: Whole = Field(default=1, ge=1, le=10_000, description="people that one row stands for")
    electrification: Electrification = Field(description="how the cars made become electric")
    demand: Demand = Field(
        default=Demand(), description="how many cars are made, where, and with which parts and labour"
    )
    projects: tuple[Project, ...] = Field(default=(), description="battery and drive plants with a place and a date")
    labour_content: Literal["less", "equal", "more"] = Field(
        default="equal",
        description="labour a battery car takes against a combustion car; disputed, hence a switch",
    )
    policies: tuple[AnyPolicy, ...] = Field(default=(), description="policies, each with dates and euros")
    mechanisms: Mechanisms = Field(default=Mechanisms(), description="switches of the model's mechanisms")
    jobs: Jobs = Field(default=Jobs(), description="the demand for labour")
    calibration: Text = Field(
        default=NO_FIT,
        min_length=1,
        description="none; stored: the values fitted to the region that come with it; or the path of a fit file",
    )
    parameters: dict[str, PlainValue] = Field(default={}, description="other values for registered parameters")
    evidence: dict[str, Attribution] = Field(
        default={},
        description="source and grade of single paths (demand.volume) and parameters (parameters.search.mobility)",
    )
    rules: tuple[Text, ...] = Field(default=(), description="names of installed rules; never a path to code")
    _source_path: Path | None = PrivateAttr(None)
    _region_folder: Path | None = PrivateAttr(None)

    @field_validator("region")
    @classmethod
    def _known_region(cls, region: str) -> str:
        if not names_a_file(region) and region not in region_codes():
            raise ValueError(f"no region '{region}'" + nearest(region, region_codes()))
        return region

    @field_validator("projects")
    @classmethod
    def _each_project_once(cls, projects: tuple[Project, ...]) -> tuple[Project, ...]:
        names = [project.id for project in projects]
        twice = [
            ((place,), f"project '{name}' is given twice") for place, name in enumerate(names) if name in names[:place]
        ]
        if twice:
            raise problems("projects", twice)
        return projects

    @field_validator("policies")
    @classmethod
    def _distinct(cls, policies: tuple[Policy, ...]) -> tuple[Policy, ...]:
        ids = [policy.id for policy in policies]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"two policies have the id '{twice[0]}'; give each its own id")
        return tuple(policy for policy in policies if not policy.off)

    @field_validator("parameters")
    @classmethod
    def _registered(cls, parameters: dict[str, Value]) -> dict[str, Value]:
        register, found = base_register(), []
        for key, value in parameters.items():
            text = register.problem_with(key, value)
            if key == LABOUR_CONTENT:
                text = "is a key of the scenario itself; write it outside parameters"
            if text is not None:
                found.append(((key,), text))
        if found:
            raise problems("parameters", found)
        return parameters

    @field_validator("evidence")
    @classmethod
    def _of_something(cls, evidence: dict[str, Attribution]) -> dict[str, Attribution]:
        keys = [key for key in base_register() if key != LABOUR_CONTENT]
        names = [*(".".join(path) for path in PATHS), *(f"parameters.{key}" for key in keys)]
        found = [((key,), "no such path or parameter" + nearest(key, names)) for key in evidence if key not in names]
        if found:
            raise problems("evidence", found)
        return evidence

    @field_validator("rules")
    @classmethod
    def _never_a_path(cls, rules: tuple[str, ...]) -> tuple[str, ...]:
        found = [
            (
                (place,),
                f"'{name}' is not the name of an installed rule; code in a file comes in by --rules only",
            )
            for place, name in enumerate(rules)
            if not name.replace("-", "_").isidentifier()
        ]
        if found:
            raise problems("rules", found)
        return rules

    @property
    def source_path(self) -> Path | None:
        """The file the scenario was read from; nothing for one made in Python."""
        return self._source_path

    def at(self, month: int) -> Month:
        """Return the calendar month of a month of the run, counted from 0."""
        return Month(self.start + month)

    def settings(self, register: Register) -> Settings:
        """Return what a run is told once, with the parameters of a register."""
        return Settings(
            name=self.name,
            start=self.start,
            months=self.months,
            labour_content=self.labour_content,
            openings=self.jobs.openings == "posts",
            mechanisms=self.mechanisms,
            register=register,
        )

    def load_region(self) -> Region:
        """Return the profile of the scenario's region."""
        return load_region(self.region, self._region_folder)

    def fit(self) -> Fit | None:
        """Return the values fitted to the region that the scenario takes over, or nothing.

        A relative path is followed from the scenario's file, then from the working folder. Raises ``InputError`` for
        a fit that is missing, altered, of another region or of another register.
        """
        folder = self._source_path.parent if self._source_path is not None else self._region_folder
        return find_fit(self.calibration, self.load_region(), folder)

    def register(self) -> Register:
        """Return every parameter as this scenario sets it."""
        register, fit = self.load_region().register, self.fit()
        if fit is not None:
            register = register.with_fitted(fit.values, fit.origin)
        told = {key.removeprefix("parameters."): one for key, one in self.evidence.items()}
        register = register.with_overrides(self.parameters, told)
        if LABOUR_CONTENT not in self.model_fields_set:
            return register
        switch = Attribution(source=LEVER, grade=register[LABOUR_CONTENT].grade or ASSUMED)
        return register.with_overrides({LABOUR_CONTENT: self.labour_content}, {LABOUR_CONTENT: switch})

    def evidence_of(self, path: str) -> tuple[str, str]:
        """Return source and grade of a dated path of the demand, such as ``demand.volume``; a lever has no grade."""
        if path in self.evidence:
            return self.evidence[path].source, self.evidence[path].grade
        *_, inner, name = path.split(".")
        holder = self.demand.local_sourcing if inner == "local_sourcing" else self.demand
        told = self.demand.source if name in holder.model_fields_set else ""
        return told or LEVER, (self.demand.grade or "") if told else ""

    def calendars(self) -> dict[str, Calendar]:
        """Return the calendar of every plant that has one, by the plant's name, as this scenario lets it run.

        The scenario's own stand in place of the profile's; with ``allocation: frozen`` each stays as it is in the
        first month. Raises ``InputError`` for a plant that the region does not have.
        """
        region = self.load_region()
        found = {plant.name: plant.calendar for plant in region.plants if plant.calendar is not None}
        known = region.plant_names
        mistakes = [
            Mistake(shown_path(self._source_path) if self._source_path else "scenario", None, text)
            for name in self.demand.plants
            if name not in known
            for text in [f"demand.plants.{name}: {region.code} has no plant of that name" + nearest(name, known)]
        ]
        if mistakes:
            raise InputError(mistakes)
        found.update(self.demand.plants)
        if self.demand.allocation == "frozen":
            return {name: calendar.frozen(self.start) for name, calendar in found.items()}
        return found

    def policy(self, policy_id: str) -> Policy | None:
        """Return the policy with an id, or nothing."""
        return next((policy for policy in self.policies if policy.id == policy_id), None)

    def written(self, *, only_set: bool = False) -> dict[str, Any]:
        """Return the scenario as plain values, as a file would hold them."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=only_set)

    def digest(self) -> str:
        """Return the SHA-256 of everything in the scenario that can change a result, in canonical JSON.

        Name, notes, ``evidence`` and the file's name and place do not count; a region of the user's own counts with
        all it says, a fit with its own digest.
        """
        content = {
            key: value
            for key, value in self.written().items()
            if key not in ("name", "notes", "calibration", "evidence")
        }
        fit = self.fit()
        if fit is not None:
            content["calibration"] = fit.digest
        if names_a_file(self.region):
            content["region"] = self.load_region().digest()
        text = json.dumps(without_file_names(content), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def with_values(self, values: Mapping[str, Any], file: str = "--set") -> Self:
        """Return the scenario with other values, each named by a dotted key or by a registered parameter.

        Raises ``InputError`` with a mistake for each that does not fit; ``file`` says where they came from.
        """
        found = changed(self, values, file).placed(self._source_path, self._region_folder)
        if found.calibration != self.calibration or found.region != self.region:
            found.fit()
        return found

    def with_drawn(self, values: Mapping[str, Any], draw: str = "draw") -> Self:
        """Return the scenario with values that were drawn from the ranges of registered parameters: grades stay."""
        if not values:
            return self
        known = self.load_region().register
        drawn = {
            f"parameters.{key}": Attribution(source=DRAWN, grade=known[key].grade or ASSUMED)
            for key in values
            if key in known and key != LABOUR_CONTENT
        }
        found = self.with_values(values, draw)
        return found.model_copy(update={"evidence": {**found.evidence, **drawn}})

    def with_draw(self, draw: int, seed_base: int = 0) -> Self:
        """Return the scenario with the swept parameters of one draw; what the scenario sets, or was fitted, stays."""
        free = Register({one.key: settable(one) for one in self.load_region().register.values() if one.swept})
        drawn, fit = free.draw(draw, seed_base), self.fit()
        own = {*self.parameters, *(self.model_fields_set & {LABOUR_CONTENT}), *(fit.values if fit else ())}
        return self.with_drawn({key: value for key, value in drawn.items() if key not in own}, f"draw {draw}")

    def placed(self, source_path: Path | None, region_folder: Path | None) -> Self:
        """Return the scenario with its file, and the folder from which a path to its region is followed."""
        self._source_path, self._region_folder = source_path, region_folder
        return self

    @property
    def region_folder(self) -> Path | None:
        """The folder from which a path to a region of the user's own is followed."""
        return self._region_folder
