"""Models whose every mistake is one plain sentence, and the way from such a mistake to its line in a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from transitionsim.errors import Mistake, nearest
from transitionsim.yamlfile import Node, printable

PLAIN: Final = "plain"
"""The type of an error whose message is already a sentence for the user."""

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Text = Annotated[str, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Share = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0.0, le=1.0)]

_NEEDED: Final[Mapping[str, str]] = {
    "float_type": "a number is needed",
    "int_type": "a whole number is needed",
    "int_from_float": "a whole number is needed",
    "int_parsing_size": "a smaller number is needed",
    "finite_number": "a finite number is needed",
    "string_type": "text is needed; put it in quotes",
    "bool_type": "true or false is needed",
    "tuple_type": "a list is needed",
    "dict_type": "a mapping of keys to values is needed",
}
_LIMITS: Final[Mapping[str, tuple[str, str]]] = {
    "greater_than_equal": ("ge", "at least {} is needed"),
    "greater_than": ("gt", "more than {} is needed"),
    "less_than_equal": ("le", "at most {} is allowed"),
    "less_than": ("lt", "less than {} is needed"),
}


class PlainModel(BaseModel):
    """A frozen model that forbids unknown keys and says every mistake in a plain sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    needed: ClassVar[str] = "a mapping of keys to values is needed"
    """What to say when something else than this model's keys was found."""

    @model_validator(mode="wrap")
    @classmethod
    def _in_plain_words(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            raise problems(cls.__name__, [(e["loc"], _sentence(cls, e)) for e in error.errors()]) from None


def problems(title: str, found: Sequence[tuple[Sequence[str | int], str]]) -> ValidationError:
    """Return one error holding several sentences, each with the path of keys it is about."""
    details = [
        InitErrorDetails(
            type=PydanticCustomError(PLAIN, "{sentence}", {"sentence": sentence}), loc=tuple(loc), input=None
        )
        for loc, sentence in found
    ]
    return ValidationError.from_exception_data(title, details)


def _sentence(model: type[PlainModel], error: ErrorDetails) -> str:
    kind, found = error["type"], error["input"]
    if kind == PLAIN:
        return error["msg"]
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "missing":
        meaning = _meaning(model, str(error["loc"][0])) if len(error["loc"]) == 1 else None
        return "is missing" + (f": {meaning}" if meaning else "")
    if kind == "extra_forbidden":
        return "unknown key" + nearest(str(error["loc"][-1]), keys_of(model))
    if kind == "literal_error":
        return f"found {shown(found)}" + nearest(str(found), re.findall(r"'([^']+)'", error["ctx"]["expected"]))
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        return f"found {shown(found)}; " + words.format(f"{error['ctx'][name]:.15g}")
    if kind in ("model_type", "model_attributes_type"):
        return f"found {shown(found)}; {model.needed}"
    if kind not in _NEEDED and len(error["loc"]) == 1:
        return f"found {shown(found)}; what is needed: {_meaning(model, str(error['loc'][0]))}"
    return f"found {shown(found)}; {_NEEDED.get(kind, 'this is not a value allowed here')}"


def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the keys of a model as they are written in a file."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _meaning(model: type[BaseModel], key: str) -> str | None:
    for name, field in model.model_fields.items():
        if (field.alias or name) == key:
            return field.description
    return None


def shown(value: object) -> str:
    """Return a value as it would be written in a file, cut to a readable length.

    >>> shown(True), shown(None), shown("a"), shown({}), shown([1])
    ('true', 'nothing', "'a'", 'a mapping', 'a list')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, Mapping | BaseModel):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def mistakes_in(
    error: ValidationError, tree: Node, label: Callable[[Sequence[str | int]], str] | None = None
) -> list[Mistake]:
    """Return the mistakes of a model made from a file, each with the line its value came from."""
    found = []
    for detail in error.errors():
        loc = [part for part in detail["loc"] if part != "[key]"]
        place = tree.nearest_place(loc)
        key = (label or dotted)(loc)
        text = f"{key}: {detail['msg']}" if key else detail["msg"]
        found.append(Mistake(place.file, place.line, printable(text)))
    return found


def dotted(loc: Sequence[str | int]) -> str:
    """Return a path of keys as one readable name.

    >>> dotted(["electrification", "mix", "2030"])
    'electrification.mix.2030'
    """
    return ".".join(printable(str(part)) for part in loc)
