"""Change single values of a scenario by name, as ``--set`` and paired draws do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from transitionsim.errors import InputError, Mistake, nearest
from transitionsim.evidence import OWN_VALUE
from transitionsim.months import Month
from transitionsim.regions import base_register
from transitionsim.scenario.owning import BY_NAME, EVIDENCE, entry_name, own_evidence
from transitionsim.sentences import dotted
from transitionsim.yamlfile import scalar

Changed = TypeVar("Changed", bound="Scenario")

if TYPE_CHECKING:
    from transitionsim.scenario.schema import Scenario


def parse_setting(text: str) -> tuple[str, Any]:
    """Return the key and the value of ``key=value``; the value is read as in a scenario file.

    >>> parse_setting("electrification.pace=1.2")
    ('electrification.pace', 1.2)
    """
    key, sign, value = text.partition("=")
    if not sign or not key.strip():
        raise InputError.one("--set", f"'{text}' is not key=value, such as electrification.pace=1.2")
    try:
        return key.strip(), scalar(value.strip())
    except ValueError as error:
        raise InputError.one("--set", f"{key.strip()}: {error}") from None


def changed(scenario: Changed, values: Mapping[str, Any], file: str) -> Changed:
    """Return a scenario with other values; each key is a dotted path into it or a registered parameter."""
    every, own = scenario.written(), scenario.written(only_set=True)
    # What is not set has no evidence; but for policies and projects, whose defaults have their own.
    before, given = {**deepcopy(own), **{name: every[name] for name in BY_NAME}}, dict[str, Any]()
    for entry, policy in zip(own.get("policies", ()), scenario.policies, strict=False):
        entry.setdefault("kind", policy.kind)
    mistakes = []
    for key, value in values.items():
        path = _path(key, every)
        problem = _set(own, every, path, str(value) if isinstance(value, Month) else value)
        _note(given, path, value)
        if problem is not None:
            mistakes.append(Mistake(file, None, f"{key}: {problem}"))
    if mistakes:
        raise InputError(mistakes)
    if EVIDENCE in given and isinstance(own[EVIDENCE], Mapping):
        own[EVIDENCE] = {**every[EVIDENCE], **own[EVIDENCE]}
    for keys, found in own_evidence(before, own, given, OWN_VALUE).items():
        _write(own, keys, found)
    try:
        return type(scenario).model_validate(own)
    except ValidationError as error:
        raise InputError(
            [Mistake(file, None, f"{_named(e['loc'], own)}: {e['msg']}") for e in error.errors()]
        ) from None


def _path(key: str, every: Mapping[str, Any]) -> list[str]:
    if key not in every and key in base_register():
        return ["parameters", key]
    if key.startswith("parameters."):
        return key.split(".", maxsplit=1)
    return key.split(".")


def _set(own: Any, every: Any, path: Sequence[str], value: Any) -> str | None:
    """Set a value of what a scenario says itself; return what is wrong. ``every`` has the defaults too."""
    key, rest = _key(path[0], every), path[1:]
    if isinstance(every, list) and all(isinstance(entry, dict) for entry in every):
        names = [entry["id"] for entry in every]
        if key not in names:
            return f"no policy '{key}'" + nearest(key, names)
        if not rest:
            return "is a whole policy; name one of its keys"
        return _set(own[names.index(key)], every[names.index(key)], rest, value)
    if not isinstance(every, dict):
        return f"'{path[0]}' does not exist here"
    if not rest:
        return _put(own, every, path, key, value)
    if key not in every:
        return _unknown(path, every)
    if key not in own:
        own[key] = deepcopy(every[key])
    return _set(own[key], every[key], rest, value)


def _put(own: dict[str, Any], every: Mapping[str, Any], path: Sequence[str], key: str, value: Any) -> str | None:
    before = every.get(key)
    is_sourced = isinstance(before, dict) and {"value", "unit", "source"} <= before.keys()
    if before is not None and is_sourced and not isinstance(value, dict):
        own[key] = {**before, **own.get(key, {}), "value": value}
    elif key in every or _may_grow(every):
        own[key] = value
    else:
        return _unknown(path, every)
    return None


def _unknown(path: Sequence[str], every: Mapping[str, Any]) -> str:
    """Return the nearest key here or parameter; where nothing is near, the keys allowed here."""
    close = nearest(".".join(path), [*every, *base_register()])
    return "unknown key" + (close if "did you mean" in close else nearest(path[0], every))


def _note(given: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Note a value under its path in a tree of what was given; a sourced value has its number under ``value``."""
    for key in path[:-1]:
        inner = given.get(key, {})
        given[key] = inner if isinstance(inner, dict) else {"value": inner}
        given = given[key]
    old = given.get(path[-1])
    given[path[-1]] = {**old, "value": value} if isinstance(old, dict) and not isinstance(value, dict) else value


def _write(own: Any, keys: Sequence[str], found: Any) -> None:
    """Write evidence beside a value of what a scenario says itself, or take it away where it is nothing."""
    for key in keys[:-1]:
        own = next(one for one in own if entry_name(one) == key) if isinstance(own, list) else own.setdefault(key, {})
    own[keys[-1]] = found
    if found is None:
        del own[keys[-1]]


def _may_grow(every: Mapping[str, Any]) -> bool:
    """Return whether a mapping holds dates or parameters, which may get new keys."""
    return all(key[:4].isdecimal() or "." in key for key in every)


def _key(part: str, every: Any) -> str:
    if isinstance(every, dict) and every and all(key[:4].isdecimal() for key in every):
        try:
            return str(Month.parse(part))
        except ValueError:
            return part
    return part


def _named(loc: Sequence[str | int], own: Mapping[str, Any]) -> str:
    parts = [part for part in loc if part != "[key]"]
    if len(parts) > 1 and parts[0] == "policies" and isinstance(parts[1], int):
        parts[1] = str(own["policies"][parts[1]].get("id", parts[1]))
    return dotted(parts)
