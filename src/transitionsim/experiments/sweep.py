"""Draws over the swept parameters: one value of each for every draw, the same in all arms."""

from __future__ import annotations

from collections.abc import Sequence

from transitionsim.errors import InputError
from transitionsim.evidence import Parameter, Register
from transitionsim.experiments.design import Arm, Draw, Swept
from transitionsim.regions import settable


def swept_draws(arms: Sequence[Arm], count: int) -> tuple[tuple[Draw, ...], tuple[Swept, ...]]:
    """Return ``count`` draws with their values, and what is swept.

    A key that an arm itself sets, in its file or by ``--set``, is swept in no arm: the arms would no longer
    differ by what their files say. Raises :class:`InputError` for fewer than one draw.
    """
    if count < 1:
        raise InputError.one("--draws", f"found {count}, at least 1 is needed")
    register = arms[0].scenario.load_region().register
    fixed: set[str] = set().union(*(keys_set_by(arm) for arm in arms))
    swept = [settable(one) for one in register.values() if one.swept and one.key not in fixed]
    varied = Register({one.key: one for one in swept})
    draws = tuple(Draw(number, number, varied.draw(number)) for number in range(count))
    return draws, tuple(Swept(one.key, extent(one), one.grade or "-") for one in swept)


def keys_set_by(arm: Arm) -> set[str]:
    """Return the registered parameters that an arm sets itself, or that were fitted to its region: these are frozen."""
    own, fit = {"labour_content"} & set(arm.scenario.model_fields_set), arm.scenario.fit()
    return {*arm.scenario.parameters, *own, *(fit.values if fit else ())}


def extent(parameter: Parameter) -> str:
    """Return the range of a parameter in words."""
    if parameter.choices:
        return " | ".join(parameter.choices)
    unit = "" if parameter.unit in ("ratio", "share", "1", "") else f" {parameter.unit}"
    return f"{parameter.low:.6g} to {parameter.high:.6g}{unit}"
