"""Uncertain inputs: which parameters draws vary, and the values of every draw."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from transitionsim.errors import InputError, nearest
from transitionsim.evidence import Parameter, Register
from transitionsim.experiments.design import Swept
from transitionsim.experiments.points import unit_sample
from transitionsim.experiments.question import GRADED, NONE, SWEPT, Question
from transitionsim.regions import settable

if TYPE_CHECKING:
    from transitionsim.scenario import Scenario


def uncertain(question: Question, register: Register, held: Collection[str]) -> list[Parameter]:
    """Return the parameters that draws vary: those asked for that no arm sets itself and that have a range."""
    asked = question.inputs
    if asked == NONE:
        return []
    if isinstance(asked, tuple):
        unknown = [key for key in asked if key not in register]
        if unknown:
            raise InputError.one("inputs", f"no parameter '{unknown[0]}'" + nearest(unknown[0], register))
        return [settable(register[key]) for key in asked if key not in held]
    every = [settable(one) for one in register.values() if one.key not in held]
    free = [one for one in every if one.choices or one.low != one.high]
    if asked == SWEPT:
        return [one for one in free if one.swept]
    return [one for one in free if (one.grade or "") in GRADED[asked] and (one.choices or one.low is not None)]


def allowed(register: Register, keys: Sequence[str]) -> list[Parameter]:
    """Return the parameters of some keys with the ranges that draws take them from; keys must be registered."""
    return [settable(register[key]) for key in keys]


def values_of(design: str, count: int, parameters: Sequence[Parameter]) -> list[dict[str, Any]]:
    """Return the values of every draw of a design: they depend on its kind, its size and the ranges alone."""
    if design == "random":
        wide = Register({one.key: one.model_copy(update={"swept": True}) for one in parameters})
        return [dict(wide.draw(number)) for number in range(count)]
    unit = unit_sample(design, len(parameters), count)
    inside = unit.clip(0.0, 1.0 - 1e-12)
    return [{one.key: one.at(float(place)) for one, place in zip(parameters, row, strict=True)} for row in inside]


def swept(parameter: Parameter) -> Swept:
    """Return what is said of a varied input: its key, its range in words and its grade."""
    return Swept(parameter.key, extent(parameter), parameter.grade or "-")


def keys_set_by(scenario: Scenario) -> set[str]:
    """Return the registered parameters that a scenario sets itself, or takes over from a fit: these are frozen.

    A key that any arm sets is varied in no arm: the arms would no longer differ by what their files say.
    """
    fit = scenario.fit()
    own = {"labour_content"} & set(scenario.model_fields_set)
    return {*scenario.parameters, *own, *(fit.values if fit else ())}


def extent(parameter: Parameter) -> str:
    """Return the range of a parameter in words."""
    if parameter.choices:
        return " | ".join(parameter.choices)
    unit = "" if parameter.unit in ("ratio", "share", "1", "") else f" {parameter.unit}"
    return f"{parameter.low:.6g} to {parameter.high:.6g}{unit}"
