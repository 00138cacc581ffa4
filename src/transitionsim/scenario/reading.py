"""Read a scenario from a file or by its name, and say everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from transitionsim.errors import InputError, Mistake, nearest
from transitionsim.regions import Region, load_region
from transitionsim.regions.fitted import find_fit
from transitionsim.regions.reading import names_a_file
from transitionsim.scenario.merging import Merged, merged, policy_id
from transitionsim.scenario.names import find_scenario
from transitionsim.scenario.schema import Scenario
from transitionsim.sentences import dotted, mistakes_in
from transitionsim.yamlfile import Node, is_file, mappings, printable, read_yaml

__all__ = ["load_scenario", "read_yaml"]

RULES_GROUP: Final = "transitionsim.rules"


def load_scenario(path_or_name: str | Path) -> Scenario:
    """Return a scenario by a path or a name (a file, then ./scenarios, then the shipped ones).

    Raises ``InputError`` with every mistake found, each with the file and line its value came from.
    """
    try:
        return _read(find_scenario(path_or_name))
    except InputError as error:
        raise InputError(_in_order(error.mistakes)) from None


def _read(path: Path) -> Scenario:
    content = merged(path)
    mistakes = list(content.mistakes)
    scenario = _validated(content, mistakes)
    region = _region(content, mistakes)
    if scenario is not None and region is not None:
        mistakes += _unfit_calibration(scenario, content, path, region)
    mistakes += _unfit_parameters(content.tree, region)
    mistakes += _unknown_rules(content.tree)
    if scenario is None or mistakes:
        raise InputError(mistakes)
    return scenario.placed(path, content.folders[_place(content.tree, "region").place.file])


def _validated(content: Merged, mistakes: list[Mistake]) -> Scenario | None:
    try:
        return Scenario.model_validate(content.tree.plain())
    except ValidationError as error:
        found = mistakes_in(error, content.tree, lambda loc: _named(loc, content.tree))
        if not content.complete:  # what is missing here may stand in the parent that was not found
            found = [mistake for mistake in found if ": is missing" not in mistake.text]
        mistakes += found
        return None


def _place(tree: Node, key: str) -> Node:
    return tree.child(key) or tree


def _region(content: Merged, mistakes: list[Mistake]) -> Region | None:
    """Return the region; add what is wrong with a profile of the user's own (the schema checks codes)."""
    node = content.tree.child("region")
    if node is None or not isinstance(node.value, str) or not node.value.isprintable():
        return None
    folder = content.folders[node.place.file]
    try:
        if names_a_file(node.value) and not is_file(folder / node.value):
            raise InputError.one(node.place.file, f"region: no profile file '{node.value}'", node.place.line)
        return load_region(node.value, folder)
    except InputError as error:
        if names_a_file(node.value):
            mistakes += error.mistakes
        return None


def _unfit_calibration(scenario: Scenario, content: Merged, path: Path, region: Region) -> Iterator[Mistake]:
    """Yield why the values fitted to the region cannot be taken over."""
    place = _place(content.tree, "calibration").place
    try:
        find_fit(scenario.calibration, region, path.parent)
    except InputError as error:
        for mistake in error.mistakes:
            yield Mistake(place.file, place.line, f"calibration: {mistake.text}")


def _unfit_parameters(tree: Node, region: Region | None) -> Iterator[Mistake]:
    """Yield parameters that fit the shared range but not that of the region."""
    node = tree.child("parameters")
    if region is None or node is None:
        return
    for key, value in mappings(node):
        if key in region.assumptions:
            text = region.register.problem_with(key, value.plain())
            if text is not None:
                yield Mistake(value.place.file, value.place.line, f"parameters.{key}: {text} in {region.code}")


def _unknown_rules(tree: Node) -> Iterator[Mistake]:
    node = tree.child("rules")
    if node is None or not isinstance(node.value, list) or not node.value:
        return
    installed = {point.name for point in entry_points(group=RULES_GROUP)}
    for rule in node.value:
        name = rule.value
        if isinstance(name, str) and name.replace("-", "_").isidentifier() and name not in installed:
            text = f"rules: no installed rule '{name}'" + nearest(name, installed)
            yield Mistake(rule.place.file, rule.place.line, text)


def _named(loc: Sequence[str | int], tree: Node) -> str:
    """Return a path of keys with policies named by their id instead of their number."""
    parts = list(loc)
    policies = tree.child("policies")
    if len(parts) < 2 or parts[0] != "policies" or not isinstance(parts[1], int) or policies is None:
        return dotted(parts)
    if isinstance(policies.value, list) and parts[1] < len(policies.value):
        parts[1] = policy_id(policies.value[parts[1]]) or str(parts[1] + 1)
    return dotted(parts)


def _in_order(mistakes: Sequence[Mistake]) -> list[Mistake]:
    """Return each mistake once, printable, file by file, in the order of the lines."""
    files = list(dict.fromkeys(mistake.file for mistake in mistakes))
    once = dict.fromkeys(Mistake(mistake.file, mistake.line, printable(mistake.text)) for mistake in mistakes)
    return sorted(once, key=lambda mistake: (files.index(mistake.file), mistake.line or 0))
