"""Uncertain inputs: which parameters draws vary, and the values of every draw."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from transitionsim.errors import InputError, nearest
from transitionsim.evidence import Parameter, Register
from transitionsim.experiments.design import Swept
from transitionsim.experiments.sweep import extent
from transitionsim.regions import base_register
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
        return [_allowed(register[key]) for key in asked if key not in held]
    every = [_allowed(one) for one in register.values() if one.key not in held]
    free = [one for one in every if one.choices or one.low != one.high]
    if asked == SWEPT:
        return [one for one in free if one.swept]
    return [one for one in free if (one.grade or "") in GRADED[asked] and (one.choices or one.low is not None)]


def _allowed(parameter: Parameter) -> Parameter:
    """Return a parameter whose range lies within what a scenario may set; a country's own range may be wider."""
    shared = base_register().get(parameter.key)
    if shared is None or shared.low is None or shared.high is None or parameter.low is None or parameter.high is None:
        return parameter
    low, high = max(parameter.low, shared.low), min(parameter.high, shared.high)
    if low > high:  # what the country says lies outside: it stays as it is
        low = high = parameter.low
    return parameter.model_copy(update={"low": low, "high": high})


def drawn(question: Question, parameters: list[Parameter], register: Register) -> list[dict[str, Any]]:
    """Return the values of the uncertain inputs, one mapping for each draw of them."""
    if not parameters:
        return [{}] * question.draws
    if question.inputs_design == "random":
        wide = Register({one.key: one.model_copy(update={"swept": True}) for one in parameters})
        return [dict(wide.draw(number)) for number in range(question.draws)]
    unit = unit_sample(question.inputs_design, len(parameters), question.draws)
    inside = unit.clip(0.0, 1.0 - 1e-12)
    return [{one.key: one.at(float(place)) for one, place in zip(parameters, row, strict=True)} for row in inside]


def swept(parameter: Parameter) -> Swept:
    """Return what is said of a varied input: its key, its range in words and its grade."""
    return Swept(parameter.key, extent(parameter), parameter.grade or "-")
