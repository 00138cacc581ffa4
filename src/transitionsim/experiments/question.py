"""An experiment file: the question, what is compared, what varies, and what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, PlainValidator, ValidationError, WithJsonSchema, model_validator

from transitionsim.errors import InputError, Mistake, nearest
from transitionsim.evidence import Value, plain_value
from transitionsim.experiments.outcomes import OUTCOMES
from transitionsim.sentences import Flag, Number, PlainModel, Text, Whole, dotted, mistakes_in
from transitionsim.series import BY_NAME
from transitionsim.yamlfile import Node, read_yaml

SAMPLED: Final = ("latin-hypercube", "sobol", "morris")
"""Designs that draw points from a range; the others take the values they are given."""
GRADED: Final = {"grade D": "D", "grade C or D": "CD"}
"""Words for the uncertain inputs of some grades; ``swept`` are those that a comparison varies."""
SWEPT: Final = "swept"
NONE: Final = "none"
MOST_RUNS: Final = 2_000_000
"""Runs that one sweep may ask for; a plan holds every one of them."""


def _setting(found: object) -> Value | bool:
    return found if isinstance(found, bool) else plain_value(found)


Setting = Annotated[Value | bool, PlainValidator(_setting), WithJsonSchema({"type": ["number", "string", "boolean"]})]
"""What a key of a scenario can be set to: a number, a text, or true and false for a switch."""


class Lever(PlainModel):
    """Something a scenario can set: one key or several that move together, with values or a range."""

    key: Text = Field(default="", description="key as --set takes it, such as electrification.pace")
    keys: tuple[Text, ...] = Field(default=(), description="keys that move together, in place of one key")
    values: tuple[Setting | tuple[Setting, ...], ...] = Field(
        default=(), description="values; with several keys a list of one value for each"
    )
    low: Number | None = Field(default=None, description="lowest value, for sampled designs")
    high: Number | None = Field(default=None, description="highest value, for sampled designs")
    future: Flag = Field(default=False, description="whether nobody chooses it: regret takes it as part of the future")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.key) == bool(self.keys):
            raise ValueError("one key or several keys are needed, not both")
        if bool(self.values) == (self.low is not None or self.high is not None):
            raise ValueError("values are needed, or low and high for a sampled design")
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high go together; one is missing")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"low {self.low:.15g} is not below high {self.high:.15g}")
        for value in self.values:
            if (len(value) if isinstance(value, tuple) else 1) != max(1, len(self.keys)):
                raise ValueError(f"each value must have {max(1, len(self.keys))} parts, one for each key")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The keys that the lever sets."""
        return self.keys or (self.key,)


class SmallestEffect(PlainModel):
    """The smallest difference that would matter, fixed before anything runs."""

    outcome: Text = Field(description="one of the outcomes")
    size: Number = Field(gt=0.0, description="in the unit of the outcome")


class Question(PlainModel):
    """An experiment: arms from scenarios and levers, draws from seeds and uncertain inputs."""

    question: Text = Field(min_length=1, description="what is asked, in one sentence")
    notes: Text = Field(default="", description="what a reader must know")
    refuted_by: Text = Field(default="", description="what would show that the answer is wrong, said before running")
    baseline: Text = Field(min_length=1, description="scenario that levers change and others are compared with")
    scenarios: tuple[Text, ...] = Field(default=(), description="further scenarios, by name or file")
    levers: dict[str, Lever] = Field(default={}, description="what is set on the baseline, point by point")
    design: Literal["grid", "list", "zip", "latin-hypercube", "sobol", "morris"] = Field(
        default="grid", description="grid: all combinations; list: one lever at a time; zip: values side by side"
    )
    size: Whole = Field(default=64, ge=2, le=100_000, description="points, or trajectories, of a sampled design")
    inputs: Literal["none", "swept", "grade D", "grade C or D"] | tuple[Text, ...] = Field(
        default="none", description="uncertain inputs that draws vary: none, swept, by grade, or a list of keys"
    )
    inputs_design: Literal["random", "latin-hypercube", "sobol", "morris"] = Field(
        default="random", description="how the values of uncertain inputs are drawn"
    )
    draws: Whole = Field(default=24, ge=1, le=1_000_000, description="draws of the inputs, or trajectories or blocks")
    seeds: Whole = Field(default=1, ge=1, le=10_000, description="seeds for each draw of the inputs")
    indicators: tuple[Text, ...] = Field(default=(), description="outcomes or monthly series that are kept")
    horizons: tuple[Whole, ...] = Field(default=(), description="years at whose end outcomes are read; the last one")
    smallest_effect: SmallestEffect | None = Field(default=None, description="smallest difference that would matter")
    placebo: Flag = Field(default=True, description="an arm with one training seat that cannot matter")
    no_transition: Flag = Field(default=True, description="an arm in which the road stands still, without policies")
    set: dict[str, Setting] = Field(default={}, description="values held in all arms")

    @model_validator(mode="after")
    def _answerable(self) -> Self:
        self._keeps_what_is_known()
        self._has_levers_for_its_design()
        self._has_inputs_that_can_vary()
        return self

    def _keeps_what_is_known(self) -> None:
        known = [one.key for one in OUTCOMES]
        for name in self.indicators:
            if name not in known and name not in BY_NAME:
                raise ValueError(f"indicators: no outcome or series '{name}'" + nearest(name, [*known, *BY_NAME]))
        for field, listed in (("indicators", self.indicators), ("horizons", self.horizons)):
            again = next((one for place, one in enumerate(listed) if one in listed[:place]), None)
            if again is not None:
                raise ValueError(f"{field}: {again} stands there twice")
        if self.smallest_effect is not None and self.smallest_effect.outcome not in (self.indicators or known):
            kept = self.indicators or known
            raise ValueError(
                f"smallest_effect: '{self.smallest_effect.outcome}' is not kept"
                + nearest(self.smallest_effect.outcome, kept)
            )

    def _has_levers_for_its_design(self) -> None:
        for name, lever in self.levers.items():
            if (self.design in SAMPLED) != (lever.low is not None):
                needed = "low and high" if self.design in SAMPLED else "values"
                raise ValueError(f"levers.{name}: the design '{self.design}' needs {needed}")
        if self.design in SAMPLED and not self.levers:
            raise ValueError(f"design: '{self.design}' draws points of levers, and there are none")
        keys = [key for lever in self.levers.values() for key in lever.names]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"levers: '{twice[0]}' is set by two of them; one would undo the other")
        if self.design == "zip" and len({len(lever.values) for lever in self.levers.values()}) > 1:
            raise ValueError("levers: the design 'zip' needs as many values in each")

    def _has_inputs_that_can_vary(self) -> None:
        if self.inputs == ():
            raise ValueError(f"inputs: an empty list; '{NONE}' holds all of them fixed")
        levers = {key for lever in self.levers.values() for key in lever.names}
        both = sorted(levers & {*self.inputs}) if isinstance(self.inputs, tuple) else []
        if both:
            raise ValueError(f"inputs: '{both[0]}' is set by a lever, so that it cannot vary between draws")
        if self.inputs_design != "random" and self.inputs == NONE:
            raise ValueError(f"inputs_design: '{self.inputs_design}' needs inputs that vary")
        if self.draws * self.seeds > MOST_RUNS:
            raise ValueError(
                f"draws: {self.draws * self.seeds:,} of draws and seeds; at most {MOST_RUNS:,} runs fit a sweep"
            )

    @property
    def kept(self) -> tuple[str, ...]:
        """The outcomes and series that are kept."""
        return self.indicators or tuple(one.key for one in OUTCOMES)


def read_question(path: Path) -> tuple[Question, Node]:
    """Return an experiment file with the lines of its values; raise ``InputError`` with every mistake in it."""
    tree = read_yaml(path)
    try:
        return Question.model_validate(tree.plain()), tree
    except ValidationError as error:
        raise InputError(_once([_at_its_line(one, tree) for one in mistakes_in(error, tree, _dotted)])) from None


def _once(mistakes: Sequence[Mistake]) -> list[Mistake]:
    """Return mistakes without the second sentence on a value that could have been a list too."""
    said = [(one, one.text.rpartition("; ")[0]) for one in mistakes]
    first: dict[tuple[int | None, str], Mistake] = {}
    for one, found in said:
        first.setdefault((one.line, found or one.text), one)
    return list(first.values())


def _at_its_line(mistake: Mistake, tree: Node) -> Mistake:
    """Return a mistake of the file as a whole at the line of the key that its sentence begins with."""
    text = mistake.text.removeprefix("Value error, ")
    path = text.partition(":")[0].split(".")
    if mistake.line != tree.place.line or tree.child(path[0]) is None:
        return Mistake(mistake.file, mistake.line, text)
    place = tree.nearest_place(path)
    return Mistake(place.file, place.line, text)


def _dotted(loc: Sequence[str | int]) -> str:
    return dotted([part for part in loc if not any(word in str(part) for word in ("literal", "tuple", "function-"))])


def is_question(path: Path) -> bool:
    """Return whether a YAML file asks a question, which makes it an experiment and no scenario."""
    return read_yaml(path).child("question") is not None


def placed(error: InputError, tree: Node, loc: Sequence[str | int], what: str) -> list[Mistake]:
    """Return the mistakes of a value as mistakes of the line in the experiment file where it stands."""
    place = tree.nearest_place(loc)
    return [Mistake(place.file, place.line, f"{what}: {mistake.text}") for mistake in error.mistakes]


def file_schema() -> dict[str, Any]:
    """Return the JSON Schema of experiment files, for editors."""
    return Question.model_json_schema()
