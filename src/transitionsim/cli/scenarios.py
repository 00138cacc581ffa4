"""Scenarios and rules as a command line names them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transitionsim.errors import InputError, Mistake

if TYPE_CHECKING:
    from transitionsim.experiments.design import Arm


def allowed_rules(rules: Sequence[Path] | None, allow_code: bool) -> tuple[Path, ...]:
    """Return the files of rules; they are read here once, so that a mistake is said before the first run."""
    if rules and not allow_code:
        raise InputError.one("--rules", f"{rules[0]} holds code that would be executed; add --allow-code to allow it")
    from transitionsim.plugins import rules_from_file

    for path in rules or ():
        rules_from_file(path)
    return tuple(rules or ())


def arms_of(names: Sequence[str], setting: Sequence[str] | None) -> list[Arm]:
    """Return the scenarios as arms, with the values of ``--set``; every mistake in any of them is told."""
    from transitionsim.experiments.design import Arm
    from transitionsim.scenario import load_scenario, parse_setting

    arms: list[Arm] = []
    mistakes: list[Mistake] = []
    values = dict(parse_setting(text) for text in setting or ())
    for name in names:
        try:
            arms.append(Arm(_label(name), load_scenario(name)))
        except InputError as error:
            mistakes += error.mistakes
    arms = [] if mistakes else [Arm(arm.label, _with(arm, values, arms, mistakes)) for arm in arms]
    if mistakes:
        raise InputError(list(dict.fromkeys(mistakes)))
    return arms


def _with(arm: Arm, values: dict[str, Any], arms: Sequence[Arm], mistakes: list[Mistake]) -> Any:
    """Return an arm's scenario with the values set; one about a policy changes the scenarios that have it."""
    fitting = {key: value for key, value in values.items() if not _about_others(key, arm, arms)}
    try:
        return arm.scenario.with_values(fitting)
    except InputError as error:
        mistakes += error.mistakes
        return arm.scenario


def _about_others(key: str, arm: Arm, arms: Sequence[Arm]) -> bool:
    parts = key.split(".")
    if parts[0] != "policies" or len(parts) < 2 or arm.scenario.policy(parts[1]) is not None:
        return False
    return any(other.scenario.policy(parts[1]) is not None for other in arms)


def _label(name: str) -> str:
    path = Path(name)
    label = path.stem if path.suffix in (".yaml", ".yml") else path.name
    label.encode()  # a name of bytes that are no text stands in no table
    return label
