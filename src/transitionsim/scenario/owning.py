"""Evidence of a scenario's own values: what changes without a source of its own is an assumption, of grade D.

A source belongs to the number it was written for. Where a file, ``--set`` or a lever changes a number and names no
source, the number becomes the user's own, and nothing of the evidence for the number before stays beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from transitionsim.evidence import ASSUMED, LEVER, OWN_VALUE

Path = tuple[str, ...]
Tree = Mapping[str, Any]

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
OF_A_NUMBER: Final = ("year", "note")
"""What else a sourced value says of the number that its source gave."""


def in_file(name: str) -> str:
    """Return the source of numbers that a file sets without one."""
    return f"own values of {name}"


def own_sourced(before: Tree, given: Tree, said: str) -> dict[str, Any]:
    """Return what changes beside the value of a sourced number that ``given`` changes; ``None`` removes a key.

    A lever stays a lever. ``said`` is the source of own values. A source of one's own needs a grade of its own.
    """
    if "value" not in given or given["value"] == before.get("value") or before.get("source") in (None, LEVER):
        return {}
    found: dict[str, Any] = {key: None for key in OF_A_NUMBER if key in before and key not in given}
    if "source" not in given:
        return {**found, "source": said, "grade": ASSUMED}
    return found if "grade" in given else {**found, "grade": None}


def own_evidence(before: Tree, after: Tree, given: Tree, said: str) -> dict[Path, Any]:
    """Return what must stand beside the dated paths, calendars and parameters of a scenario that are its own.

    ``before`` and ``after`` are the scenario as plain values before and after a change, ``given`` is what the change
    says; ``None`` in the answer removes a key.
    """
    return {
        **_of_mix(before, after, given, said),
        **dict(_of_calendars(before, after, said)),
        **dict(_of_paths(before, after, given, said)),
        **dict(_of_parameters(before, after, given, said)),
    }


def unnamed(content: Any) -> Any:
    """Return plain values in which own values name no file: a scenario is the same under another name."""
    if isinstance(content, Mapping):
        own = isinstance(content.get("source"), str) and content["source"].startswith(OWN_VALUE)
        return {key: unnamed(value) for key, value in content.items()} | ({"source": "", "grade": None} if own else {})
    return [unnamed(value) for value in content] if isinstance(content, list) else content


def _of_mix(before: Tree, after: Tree, given: Tree, said: str) -> dict[Path, Any]:
    road = at(given, MIX[:1])
    same = all(at(before, (MIX[0], key)) == at(after, (MIX[0], key)) for key in ("mix", "basis"))
    if same or at(after, MIX) is None or not isinstance(road, Mapping):
        return {}
    if "source" not in road:
        law = {} if "legal_status" in road or not at(after, (MIX[0], "legal_status")) else {"legal_status": None}
        return {(MIX[0], key): text for key, text in {"source": said, "grade": ASSUMED, **law}.items()}
    return {} if "grade" in road else {(MIX[0], "grade"): ASSUMED}


def _of_calendars(before: Tree, after: Tree, said: str) -> Iterator[tuple[Path, Any]]:
    plants = at(after, CALENDARS)
    for name, calendar in plants.items() if isinstance(plants, Mapping) else ():
        place = (*CALENDARS, name)
        if not isinstance(calendar, Mapping) or at(before, place) == calendar:
            continue
        # A calendar stands in place of another as a whole; through --set a part of it may change.
        kept = at(before, (*place, "source"))
        if not calendar.get("source") or calendar["source"] == kept:
            yield (*place, "source"), said
            yield (*place, "grade"), ASSUMED
        elif not calendar.get("grade"):
            yield (*place, "grade"), ASSUMED


def _of_paths(before: Tree, after: Tree, given: Tree, said: str) -> Iterator[tuple[Path, Any]]:
    demand, told, known = at(given, ("demand",)), at(given, (EVIDENCE,)), at(before, (EVIDENCE,))
    demand = demand if isinstance(demand, Mapping) else {}
    told, known = told if isinstance(told, Mapping) else {}, known if isinstance(known, Mapping) else {}
    there = [path for path in PATHS if at(after, path) is not None]
    changed = [path for path in there if at(before, path) != at(after, path)]
    sourced = "source" in demand
    if changed and sourced and "grade" not in demand:
        yield ("demand", "grade"), ASSUMED
    for path in there:
        name = ".".join(path)
        if name in told:
            continue
        if path in changed and not sourced:
            yield (EVIDENCE, name), {"source": said, "grade": ASSUMED}
        elif name in known and sourced and (path in changed or not changed):
            yield (EVIDENCE, name), None
        elif changed and sourced and path not in changed and name not in known:
            old = {key: at(before, ("demand", key)) for key in ("source", "grade")}
            yield (EVIDENCE, name), {key: text for key, text in old.items() if text is not None}


def _of_parameters(before: Tree, after: Tree, given: Tree, said: str) -> Iterator[tuple[Path, Any]]:
    told, values = at(given, (EVIDENCE,)), at(given, ("parameters",))
    told, values = told if isinstance(told, Mapping) else {}, values if isinstance(values, Mapping) else {}
    for key in values:
        name = f"parameters.{key}"
        if name not in told and at(before, ("parameters", key)) != at(after, ("parameters", key)):
            yield (EVIDENCE, name), {"source": said, "grade": ASSUMED}


def at(tree: Any, path: Sequence[str]) -> Any:
    """Return what stands at a path of keys, or nothing."""
    for key in path:
        if not isinstance(tree, Mapping):
            return None
        tree = tree.get(key)
    return tree
