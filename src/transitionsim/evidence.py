"""Numbers with a unit, a source and a grade, and the register of everything the model assumes.

Grades: ``A`` official statistic, ``B`` peer-reviewed, ``C`` grey literature or proxy, ``D`` assumption. A
number of grade D always has a range. What no source gives stands once in a register that all regions inherit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import numpy as np
from pydantic import AfterValidator, Field, PlainValidator, ValidationError, WithJsonSchema, model_validator

from transitionsim.errors import InputError, Mistake, nearest
from transitionsim.sentences import Flag, Number, PlainModel, Text, Whole, dotted, mistakes_in, shown
from transitionsim.yamlfile import Node, mappings, read_yaml

Grade = Literal["A", "B", "C", "D"]
Value = int | float | str
LEVER: Final = "scenario lever"
"""The source of a number that a scenario sets on purpose, such as a budget; it has no grade."""
OWN_VALUE: Final = "own value"
"""The source of a number that was set on the command line or by a lever; one of a file says "own values of FILE"."""
DRAWN: Final = "drawn from its range"
"""The source of a number in a run whose inputs are drawn."""
ASSUMED: Final = "D"
SHARED: Final = "all regions"
"""Where a parameter's value comes from when neither country, region nor scenario says otherwise."""
FITTED: Final = "fitted"
"""How the source of a number begins that was fitted to a region's own record."""
LABOUR_CONTENT: Final = "labour_content"
"""The one parameter that is a key of the scenario itself, so neither regions nor ``parameters`` set it."""


def plain_value(found: object) -> Value:
    """Return a number or a text as it is kept; raise ``ValueError`` for anything else."""
    if isinstance(found, str) and found.strip():
        return found
    if isinstance(found, int | float) and not isinstance(found, bool) and abs(found) <= 1e300:
        return int(found) if found == found // 1 else found  # 5.0 and 5 are the same scenario
    raise ValueError(f"found {shown(found)}; a finite number or a text is needed")


PlainValue = Annotated[Value, PlainValidator(plain_value), WithJsonSchema({"type": ["number", "string"]})]


class Sourced(PlainModel):
    """A value with where it comes from and how sure it is."""

    needed = "a value with unit and source is needed, such as {value: 1, unit: EUR, source: ...}"

    value: PlainValue = Field(description="the number or text itself")
    unit: Text = Field(description="what one of it is, such as EUR/year, persons or share")
    low: Number | None = Field(default=None, description="lowest plausible value")
    high: Number | None = Field(default=None, description="highest plausible value")
    source: Text = Field(min_length=1, description=f"statistic, paper, 'assumption' or '{LEVER}'")
    grade: Grade | None = Field(default=None, description="A official, B peer-reviewed, C grey or proxy, D assumption")
    year: Whole | None = Field(default=None, ge=1900, le=2200, description="year the value is about")
    note: Text = Field(default="", description="what a reader must know to use it")

    @model_validator(mode="after")
    def _honest(self) -> Self:
        if self.grade is None and self.source != LEVER:
            raise ValueError(f"grade is missing: A, B, C or D (only a '{LEVER}' has none)")
        # A value of the user's own is one point that was chosen: nobody knows its range.
        own = self.source.startswith(OWN_VALUE)
        check_range(self.value, self.low, self.high, needed=self.grade == ASSUMED and not own)
        return self

    @property
    def number(self) -> float:
        """The value as a number; a text raises ``TypeError``."""
        if isinstance(self.value, str):
            raise TypeError(f"'{self.value}' is not a number")
        return float(self.value)


class Measured:
    """Checks a sourced number for its unit and the values it can take."""

    def __init__(self, unit: str, low: float, high: float = 1e9, *, whole: bool = False) -> None:
        self.unit, self.low, self.high, self.whole = unit, low, high, whole

    def __call__(self, found: Sourced) -> Sourced:
        """Return the value unchanged, or raise ``ValueError`` with a sentence."""
        if isinstance(found.value, str):
            raise ValueError(f"value is '{found.value}'; a number is needed ({self.unit})")
        if found.unit != self.unit:
            raise ValueError(f"unit is '{found.unit}'; '{self.unit}' is needed")
        if self.whole and found.value != found.value // 1:
            raise ValueError(f"value is {found.value}; a whole number is needed ({self.unit})")
        if found.value < self.low:
            raise ValueError(f"value is {found.value}; at least {self.low:.15g} is needed ({self.unit})")
        if found.value > self.high:
            raise ValueError(f"value is {found.value}; at most {self.high:.15g} is allowed ({self.unit})")
        return found


def measured(unit: str, low: float, high: float = 1e9, *, whole: bool = False) -> AfterValidator:
    """Return the check of a sourced number's unit and range, for a field of a file."""
    return AfterValidator(Measured(unit, low, high, whole=whole))


def check_range(value: Value, low: float | None, high: float | None, *, needed: bool) -> None:
    """Raise ``ValueError`` when a number lies outside its range, or has none though it needs one."""
    if isinstance(value, str):
        return
    if (low is None) != (high is None):
        raise ValueError("low and high go together; one is missing")
    if low is None or high is None:
        if needed:
            raise ValueError("an assumption (grade D) needs a range: low and high are missing")
        return
    if low > high:
        raise ValueError(f"low {low:.15g} is above high {high:.15g}")
    if not low <= value <= high:
        raise ValueError(f"value {value:.15g} is outside its range {low:.15g} to {high:.15g}")


class Attribution(PlainModel):
    """Where a number comes from and how sure it is, for numbers that have no room for it beside them."""

    source: Text = Field(min_length=1, description="statistic, paper, 'assumption'")
    grade: Grade = Field(default="D", description="A official, B peer-reviewed, C grey or proxy, D assumption")


class Parameter(Sourced):
    """A registered number (or choice) of the model: what it means and whether sweeps draw it."""

    key: Text = Field(description="theme and name, such as firing.look_ahead_months")
    meaning: Text = Field(min_length=1, description="one sentence on what it says about the world")
    choices: tuple[Text, ...] = Field(default=(), description="the values allowed, for a choice")
    swept: Flag = Field(default=False, description="whether paired draws vary it over its range")
    whole: Flag = Field(default=False, description="whether it is a whole number")

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if isinstance(self.value, str) != bool(self.choices):
            raise ValueError("a text needs its choices, and a number has none")
        if self.choices and self.value not in self.choices:
            raise ValueError(f"found '{self.value}'" + nearest(str(self.value), self.choices))
        if self.swept and not self.choices and self.low is None:
            raise ValueError("a swept number needs a range: low and high are missing")
        if self.whole and any(part is not None and part != int(part) for part in (self.number, self.low, self.high)):
            raise ValueError("value, low and high must be whole numbers")
        return self

    def problem_with(self, found: object) -> str | None:
        """Return a sentence saying why a value may not replace this one, or nothing when it may."""
        if self.choices:
            return None if found in self.choices else f"found {shown(found)}" + nearest(str(found), self.choices)
        if isinstance(found, bool) or not isinstance(found, int | float):
            return f"found {shown(found)}; a number is needed ({self.unit})"
        if self.whole and found != found // 1:
            return f"found {shown(found)}; a whole number is needed ({self.unit})"
        low, high = (self.value, self.value) if self.low is None else (self.low, self.high)
        if not low <= found <= high:  # type: ignore[operator]
            span = f"it is fixed at {low}" if low == high else f"{low:.15g} to {high:.15g} is allowed"
            return f"found {shown(found)}; {span} ({self.unit})"
        return None

    def at(self, luck: float) -> Value:
        """Return the value at a place between 0 and 1 of the range; choices share it out evenly."""
        if self.choices:
            return self.choices[int(luck * len(self.choices))]
        if self.low is None or self.high is None:
            return self.value
        if self.whole:
            return int(self.low) + int(luck * (int(self.high) - int(self.low) + 1))
        return self.low + luck * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Register(Mapping[str, Parameter]):
    """Every parameter of the model by its key, and who said so where it is not the file that all regions share."""

    parameters: Mapping[str, Parameter]
    origins: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Parameter:
        if key not in self.parameters:
            raise KeyError(f"no parameter '{key}'" + nearest(key, self.parameters))
        return self.parameters[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.parameters)

    def __len__(self) -> int:
        return len(self.parameters)

    def value(self, key: str) -> Any:
        """Return the value of a parameter: a float, a whole number for a whole one, a text for a choice."""
        parameter = self[key]
        if isinstance(parameter.value, str):
            return parameter.value
        return int(parameter.value) if parameter.whole else float(parameter.value)

    def origin(self, key: str) -> str:
        """Return where a parameter's value comes from: all regions, country ES, region ES22, or the scenario."""
        return self.origins.get(key, SHARED)

    def problem_with(self, key: str, found: object) -> str | None:
        """Return a sentence saying why ``key`` cannot be set to a value, or nothing when it can."""
        if key not in self.parameters:
            return "unknown parameter" + nearest(key, self.parameters)
        return self.parameters[key].problem_with(found)

    def with_overrides(
        self, values: Mapping[str, Value], evidence: Mapping[str, Attribution] | None = None, file: str = "parameters"
    ) -> Register:
        """Return the register with other values; raise ``InputError`` for one that does not fit.

        A value without ``evidence`` is the user's own, of grade D. What was registered is told in the note.
        """
        found = [(key, self.problem_with(key, value)) for key, value in values.items()]
        mistakes = [Mistake(file, None, f"{key}: {text}") for key, text in found if text is not None]
        if mistakes:
            raise InputError(mistakes)
        changes = {}
        for key, value in values.items():
            before = self[key]
            if value != before.value:
                own = (evidence or {}).get(key, Attribution(source=OWN_VALUE))
                note = f"in place of {before.value} ({before.source})"
                changes[key] = {"value": value, "source": own.source, "grade": own.grade, "year": None, "note": note}
        return self._updated(changes, "scenario")

    def with_fitted(self, values: Mapping[str, float], origin: str) -> Register:
        """Return the register with values fitted to a region in place of assumed ones; ranges and grades stay."""
        changes = {}
        for key, value in values.items():
            before = self[key]
            changes[key] = {"value": value, "source": f"{FITTED} ({origin}) instead of {before.value}: {before.source}"}
        return self._updated(changes, origin)

    def digest(self) -> str:
        """Return the SHA-256 of every value and range, in canonical JSON: equal ones make the same model."""
        content = {key: [one.value, one.low, one.high, one.unit] for key, one in self.parameters.items()}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def with_sourced(self, values: Mapping[str, Sourced], origin: str) -> Register:
        """Return the register with a country's or a region's own evidence in place of the shared one (same units).

        A range that it does not give is inherited; keys and units were checked on reading the file.
        """
        return self._updated({key: value.model_dump(exclude_unset=True) for key, value in values.items()}, origin)

    def _updated(self, changes: Mapping[str, Mapping[str, Any]], origin: str) -> Register:
        changed = {key: self[key].model_copy(update=dict(update)) for key, update in changes.items()}
        return Register({**self.parameters, **changed}, {**self.origins, **dict.fromkeys(changes, origin)})

    def draw(self, draw: int, seed_base: int = 0) -> dict[str, Value]:
        """Return one value for each swept parameter, from its range and the number of the draw.

        Each value has its own address, so that another parameter or another draw moves none of them.
        """
        from transitionsim import draws  # compiled code stands behind it: loaded only by those who draw

        origin = np.zeros(1, dtype=np.uint64)
        values = {}
        for key, parameter in self.parameters.items():
            if parameter.swept:
                luck = draws.uniform(draws.stream(seed_base + draw, f"parameter:{key}", 0), origin)
                values[key] = parameter.at(float(luck[0]))
        return values


def load_register(path: Path) -> Register:
    """Return the register in a file; every mistake in it is named with its line."""
    tree = read_yaml(path)
    parameters: dict[str, Parameter] = {}
    mistakes: list[Mistake] = []
    for key, node in _entries(tree):
        content = node.plain()
        try:
            parameters[key] = Parameter.model_validate(
                {**content, "key": key} if isinstance(content, dict) else content
            )
        except ValidationError as error:
            mistakes += mistakes_in(error, node, partial(_under, key))
    if mistakes:
        raise InputError(mistakes)
    return Register(parameters)


def _under(key: str, loc: Sequence[str | int]) -> str:
    return dotted([key, *loc])


def _entries(tree: Node) -> Iterator[tuple[str, Node]]:
    for theme, node in mappings(tree):
        if node.child("value") is not None:
            yield theme, node
            continue
        for name, entry in mappings(node):
            yield f"{theme}.{name}", entry


def share_of_grade_d(values: Iterable[Sourced]) -> float:
    """Return the share of graded values that are assumptions, 0 to 1; levers of a scenario do not count."""
    grades = [value.grade for value in values if value.grade is not None]
    return grades.count("D") / len(grades) if grades else 0.0
