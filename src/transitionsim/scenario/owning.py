"""Evidence of a scenario's own values: what changes without a source of its own is an assumption, of grade D.

A source belongs to the number it was written for. Where a file, ``--set`` or a lever changes a number and names no
source, the number is the user's own, and nothing of the evidence for the number before stays beside it. A source that
is named without a grade counts as an assumption too; a sourced value has always needed both.

Everything here works on plain values: a scenario before and after a change, and what the change itself says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from transitionsim.evidence import ASSUMED, LEVER, OWN_VALUE
from transitionsim.months import Month

Keys = tuple[str, ...]
Tree = Mapping[str, Any]
Marks = Iterator[tuple[Keys, Any]]

MIX: Final = ("electrification", "mix")
PATHS: Final = (
    ("demand", "volume"),
    ("demand", "eu_share"),
    ("demand", "productivity"),
    ("demand", "local_sourcing", "combustion"),
    ("demand", "local_sourcing", "neutral"),
    ("demand", "local_sourcing", "electric"),
)
"""Dated paths that share one source in a file; where theirs differ, it stands under ``evidence`` by their name."""
CALENDARS: Final = ("demand", "plants")
EVIDENCE: Final = "evidence"
BY_NAME: Final = ("policies", "projects")
"""Lists whose entries have names, and are looked up by them."""
_FORMS: Final = ("vehicles", "mix", "claims")
_OF_A_NUMBER: Final = ("grade", "year", "note", "low", "high")
"""What else a sourced value says of the number that its source gave."""


def in_file(name: str) -> str:
    """Return the source of numbers that a file sets without one."""
    return f"{OWN_VALUE}s of {name}"


def entry_name(entry: Tree) -> str:
    """Return the name of a policy or a project as written: its id, or else its kind."""
    return str(entry.get("id") or entry.get("kind") or "")


def own_evidence(before: Tree, after: Tree, given: Tree, said: str) -> dict[Keys, Any]:
    """Return what must stand beside the numbers of a scenario that are its own.

    ``before`` and ``after`` are the scenario before and after a change, ``given`` is what the change says, ``said``
    the source of own values. Policies and projects are addressed by their names; ``None`` in the answer removes a key.
    """
    old, new, told = _named(before), _named(after), _named(given)
    return {
        **dict(_of_mix(old, new, told, said)),
        **dict(_of_calendars(old, new, told, said)),
        **dict(_of_paths(old, new, told, said)),
        **dict(_of_parameters(old, new, told, said)),
        **{key: mark for name in BY_NAME for key, mark in _of_numbers((name,), old, new, told, said)},
    }


def without_file_names(content: Any) -> Any:
    """Return plain values in which own values name no file: a scenario is the same under another name."""
    if isinstance(content, Mapping):
        plain = {key: without_file_names(value) for key, value in content.items()}
        own = str(plain.get("source", "")).startswith(OWN_VALUE) and plain.get("grade") == ASSUMED
        return {**plain, "source": "", "grade": None} if own else plain
    return [without_file_names(value) for value in content] if isinstance(content, list) else content


def at(tree: Any, keys: Sequence[str]) -> Any:
    """Return what stands at a path of keys, or nothing."""
    for key in keys:
        if not isinstance(tree, Mapping):
            return None
        tree = tree.get(key)
    return tree


def _of_mix(before: Tree, after: Tree, given: Tree, said: str) -> Marks:
    place, told = MIX[:1], _mapping(at(given, MIX[:1]))
    mix, basis = (_same(at(before, (*place, key)), at(after, (*place, key))) for key in ("mix", "basis"))
    if at(after, MIX) is None or not told:
        return
    yield from _beside(place, at(before, place), told, said, changed=not (mix and basis), goes=("legal_status",))


def _of_calendars(before: Tree, after: Tree, given: Tree, said: str) -> Marks:
    for name, calendar in _mapping(at(after, CALENDARS)).items():
        place = (*CALENDARS, name)
        old, told = _mapping(at(before, place)), _mapping(at(given, place))
        if told and isinstance(calendar, Mapping):
            changed = not all(_same(old.get(form), calendar.get(form)) for form in _FORMS)
            yield from _beside(place, old, told, said, changed=changed, goes=("note",))
            # A file replaces a calendar whole: one that says the same keeps what was said of it.
            kept = [key for key in ("source", "grade", "note") if old.get(key) and key not in calendar]
            yield from (((*place, key), old[key]) for key in kept if not changed and not told.get("source"))


def _beside(place: Keys, before: Any, told: Tree, said: str, *, changed: bool, goes: Keys) -> Marks:
    """Yield source and grade of one thing, and what goes with the old evidence where the thing has changed."""
    sourced = bool(told.get("source"))
    if changed:
        yield from (((*place, key), None) for key in goes if key not in told)
    if changed and not sourced:
        yield (*place, "source"), said
        yield (*place, "grade"), ASSUMED
    elif sourced and "grade" not in told and (changed or told["source"] != _mapping(before).get("source")):
        yield (*place, "grade"), ASSUMED


def _of_paths(before: Tree, after: Tree, given: Tree, said: str) -> Marks:
    demand, told, known = at(given, ("demand",)), at(given, (EVIDENCE,)), at(before, (EVIDENCE,))
    demand, told, known = _mapping(demand), _mapping(told), _mapping(known)
    old = {key: value for key in ("source", "grade") if (value := at(before, ("demand", key)))}
    there = [keys for keys in PATHS if at(after, keys) is not None]
    changed = [keys for keys in there if not _same(at(before, keys), at(after, keys))]
    sourced = bool(demand.get("source"))
    anew = sourced and (bool(changed) or demand["source"] != old.get("source"))
    if anew and "grade" not in demand:
        yield ("demand", "grade"), ASSUMED
    for keys in there:
        name = ".".join(keys)
        if name in told:
            continue
        if keys in changed and not sourced:
            yield (EVIDENCE, name), {"source": said, "grade": ASSUMED}
        elif name in known and anew and (keys in changed or not changed):
            yield (EVIDENCE, name), None
        elif changed and keys not in changed and name not in known and old and demand.keys() & old.keys():
            yield (EVIDENCE, name), old


def _of_parameters(before: Tree, after: Tree, given: Tree, said: str) -> Marks:
    told = _mapping(at(given, (EVIDENCE,)))
    for key in _mapping(at(given, ("parameters",))):
        name = f"parameters.{key}"
        if name not in told and at(before, ("parameters", key)) != at(after, ("parameters", key)):
            yield (EVIDENCE, name), {"source": said, "grade": ASSUMED}


def _of_numbers(place: Keys, before: Tree, after: Tree, given: Tree, said: str) -> Marks:
    """Yield what changes beside sourced values, such as the cost of a seat, wherever they stand below a place."""
    old, new, told = at(before, place), at(after, place), at(given, place)
    if not isinstance(new, Mapping) or told is None:
        return
    if "value" not in new:
        for key in new:
            yield from _of_numbers((*place, key), before, after, given, said)
        return
    told = told if isinstance(told, Mapping) else {"value": told}
    changed, sourced = _mapping(old).get("value") != new["value"], bool(told.get("source"))
    if not isinstance(old, Mapping) or not (changed or (sourced and told["source"] != old.get("source"))):
        return
    if not sourced and old.get("source") in (None, "", LEVER):
        return
    yield from (((*place, key), None) for key in _OF_A_NUMBER if key in new and key not in told)
    if not sourced:
        yield (*place, "source"), said
        yield (*place, "grade"), ASSUMED


def _named(tree: Tree) -> dict[str, Any]:
    """Return a tree in which the entries of lists of policies and projects stand under their names."""
    return {key: _by_name(value) if key in BY_NAME else value for key, value in tree.items()}


def _by_name(entries: Any) -> Any:
    if not isinstance(entries, list):
        return entries
    return {entry_name(entry): entry for entry in entries if isinstance(entry, Mapping)}


def _same(one: Any, other: Any) -> bool:
    return bool(_canonical(one) == _canonical(other))


def _canonical(value: Any) -> Any:
    """Return a value with its months written in one way, so that 2025 and 2025-01 are the same."""
    return {_month(key): _canonical(one) for key, one in value.items()} if isinstance(value, Mapping) else value


def _month(key: str) -> str:
    try:
        return str(Month.parse(key))
    except ValueError:
        return key


def _mapping(found: Any) -> Tree:
    return found if isinstance(found, Mapping) else {}
