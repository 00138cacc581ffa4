"""What rules read of the register: for each name in the world, the parameter behind it and how it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from transitionsim.arithmetic import power
from transitionsim.columns import LIFE_OF_A_LINE
from transitionsim.evidence import Register


def _years(value: float) -> float:
    return 12.0 * value


def _half_life(value: float) -> float:
    """Return the share of a gap that closes in a month, from the months in which half of it does."""
    return 1.0 - power(2.0, -1.0 / value)


def _stays(value: float) -> float:
    """Return the mean share of a fixed cost still there over the ten years of a line, if it halves in some months."""
    step = 1.0 - _half_life(value)
    return float((1.0 - power(step, float(LIFE_OF_A_LINE))) / (LIFE_OF_A_LINE * (1.0 - step)))


def _kept_in_a_year(value: float) -> float:
    """Return the share that is left after a year, from the months in which half of it goes."""
    return power(2.0, -12.0 / value)


READINGS: Final[dict[str, tuple[str, Callable[[Any], Any]]]] = {
    # people
    "entry_age_low": ("people.entry_age_low", _years),
    "entry_age_high": ("people.entry_age_high", _years),
    "exit_age_low": ("people.exit_age_low", _years),
    "exit_age_high": ("people.exit_age_high", _years),
    "early_death_share": ("people.early_death_share", float),
    "tenure_new_months": ("tenure.new_months", int),
    "automotive_separation": ("tenure.automotive_ratio", float),
    "temporary_share": ("tenure.share_temporary_hires", float),
    # search
    "reach_limit": ("search.reach_limit", float),
    "mobility": ("search.mobility", float),
    "incumbent_months": ("search.incumbent_months", int),
    "incumbent_age": ("search.incumbent_age", _years),
    "incumbent_exit_factor": ("search.incumbent_exit_factor", float),
    # wages
    "scar_base": ("wages.scar_base", float),
    "scar_tenure": ("wages.scar_tenure", float),
    "scar_slack": ("wages.scar_slack", float),
    "scar_jobless": ("wages.scar_jobless", float),
    "scar_jobless_months": ("wages.scar_jobless_months", int),
    "scar_kept": ("wages.scar_half_life", _kept_in_a_year),
    # staff
    "look_ahead_months": ("firing.look_ahead_months", float),
    "firing_speed": ("firing.speed", float),
    "slack_share": ("firing.slack_share", float),
    "misfit_share": ("firing.misfit_share", float),
    "closure_share": ("firing.closure_share", float),
    "months_in_red": ("firing.months_in_red", int),
    "least_shortfall": ("short_time.least_shortfall", float),
    "short_time_most": ("short_time.most_months", int),
    "short_time_waiting": ("short_time.waiting_months", int),
    # money and conversion
    "materials_share": ("finance.materials_share", float),
    "fixed_cost_step": ("finance.fixed_cost_half_life", _half_life),
    "fixed_cost_stays": ("finance.fixed_cost_half_life", _stays),
    "liquidity_months": ("finance.liquidity_months", float),
    "overdraft_share": ("finance.overdraft_share", float),
    "credit_share": ("conversion.credit_share", float),
    "capture": ("conversion.capture", float),
    "months_to_build": ("conversion.months_to_build", int),
    "loan_months": ("conversion.loan_months", int),
    "dependence_threshold": ("conversion.dependence_threshold", float),
    # places
    "displaced_moves": ("region.displaced_moves", float),
    # learning
    "lock_in": ("training.lock_in", float),
    "course_quality": ("training.quality", float),
    "course_quality_spread": ("training.quality_spread", float),
    "course_pays_months": ("training.pays_months", int),
    "certificate_discount": ("training.certificate_discount", float),
    "wish_for_seat": ("training.wish", float),
}
"""Name in the world: key of the register, and how its value is written."""


def read(register: Register) -> dict[str, Any]:
    """Return every name of :data:`READINGS` with its value."""
    return {name: write(register.value(key)) for name, (key, write) in READINGS.items()}


_PACKAGE: Final = Path(__file__).resolve().parents[1]


def readers(keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return for each parameter the modules whose source reads it: by its key, or by a name of the world.

    A module that asks for the parameters of a theme in turn reads each of them.
    """
    asked: dict[str, set[str]] = {}
    for path in sorted(_PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        named = {*re.findall(r'\bvalue\(f?"([\w.]+)', text), *re.findall(r"\bscenario\.(\w+)", text)}
        named |= {READINGS[name][0] for name in re.findall(r'\bworld(?:\.|\[")(\w+)', text) if name in READINGS}
        asked[".".join(path.relative_to(_PACKAGE).with_suffix("").parts)] = named
    return {
        key: tuple(name for name, named in asked.items() if key in named or f"{key.partition('.')[0]}." in named)
        for key in keys
    }
