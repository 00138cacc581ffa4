"""Uncertain inputs: which parameters draws vary, and the values of every draw."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from transitionsim.errors import InputError, nearest
from transitionsim.evidence import Parameter, Register
from transitionsim.experiments.design import Swept
from transitionsim.experiments.sweep import extent
from transitionsim.regions import settable
from transitionsim.sweeps.points import unit_sample
from transitionsim.sweeps.question import GRADED, NONE, SWEPT, Question


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
