"""Follow ``extends`` and merge a scenario file into its parent, keeping the line of every value."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from transitionsim.errors import InputError, Mistake, nearest
from transitionsim.scenario.names import first_file, scenario_names, shipped_folder
from transitionsim.scenario.owning import CALENDARS, EVIDENCE, MIX, PATHS, in_file, own_evidence
from transitionsim.yamlfile import Node, Place, read_yaml, shown_path

LONGEST_CHAIN: Final = 20
REPLACED_WHOLE: Final = (MIX, *PATHS)
"""Dated paths: dates of a parent never mix with dates of a child. Calendars and evidence are replaced whole too."""


@dataclass(slots=True)
class Merged:
    """A scenario file merged into its parents; ``folders`` says where each file (as shown) stands."""

    tree: Node
    folders: dict[str, Path]
    mistakes: list[Mistake] = field(default_factory=list)
    complete: bool = True


def merged(path: Path, below: tuple[Path, ...] = ()) -> Merged:
    """Return the content of a file merged into that of its parents.

    A missing, circular or forbidden parent is a mistake; the file's own content then stands alone and
    ``complete`` is false, so that its other mistakes can be found all the same.
    """
    tree = read_yaml(path)
    if not isinstance(tree.value, dict):
        raise InputError.one(tree.place.file, "a mapping of keys to values is needed", tree.place.line)
    result = Merged(tree, {shown_path(path): path.parent})
    named = tree.value.pop("extends", None)
    if named is None:
        _mark_own(Node({}, tree.place), tree, tree)
        return result
    try:
        parent = _parent_of(path, named, below)
    except InputError as error:
        result.mistakes, result.complete = list(error.mistakes), False
        return result
    above = merged(parent, (*below, path.resolve()))
    result.folders = {**above.folders, **result.folders}
    result.mistakes, result.complete = above.mistakes, above.complete
    result.tree = Node(_over(above.tree, tree, (), result.mistakes).value, tree.place)
    _mark_own(above.tree, tree, result.tree)
    return result


def _mark_own(parent: Node, child: Node, whole: Node) -> None:
    """Write evidence of their own beside the numbers that a file changes."""
    said = in_file(Path(child.place.file).name)
    for keys, found in own_evidence(_mapping(parent), _mapping(whole), _mapping(child), said).items():
        node: Node | None = whole
        for key in keys[:-1]:
            node = node and _opened(node, key, child.place)
        if node is None or not isinstance(node.value, dict):
            continue  # something else than a mapping stands there, which the schema refuses
        if found is None:
            node.value.pop(keys[-1], None)
        else:
            node.value[keys[-1]] = _node(found, child.place)


def _opened(node: Node, key: str, place: Place) -> Node | None:
    """Return what stands under a key, or the policy of that name, as a mapping that no parent shares."""
    if isinstance(node.value, list):
        for number, entry in enumerate(node.value):
            if policy_id(entry) == key and isinstance(entry.value, dict):
                node.value[number] = Node(dict(entry.value), entry.place)
                return node.value[number]
        return None
    if not isinstance(node.value, dict):
        return None
    old = node.value.get(key, Node({}, place))
    if not isinstance(old.value, dict | list):
        return None
    node.value[key] = Node(old.value.copy(), old.place)
    return node.value[key]


def _mapping(node: Node) -> dict[str, Any]:
    found = node.plain()
    return found if isinstance(found, dict) else {}


def _node(found: Any, place: Place) -> Node:
    """Return plain text, or a mapping of texts, as it would stand in a file."""
    return Node({key: Node(text, place) for key, text in found.items()} if isinstance(found, dict) else found, place)


def _parent_of(path: Path, named: Node, below: tuple[Path, ...]) -> Path:
    file, line, name = named.place.file, named.place.line, named.value
    if not isinstance(name, str) or not name:
        raise InputError.one(file, "extends: the name of one scenario file is needed", line)
    if Path(name).name != name or "\\" in name or name in (".", ".."):
        text = f"extends: '{name}' is outside the folder; a parent stands beside the file or in the package"
        raise InputError.one(file, text, line)
    parent = first_file(name, (path.parent, shipped_folder()))
    if parent is None:
        beside = {other.stem: other for other in path.parent.glob("*.yaml")}
        text = f"extends: no scenario '{name}' beside the file or in the package"
        raise InputError.one(file, text + nearest(Path(name).stem, {**beside, **scenario_names()}), line)
    if parent.resolve().parent not in (path.parent.resolve(), shipped_folder().resolve()):
        raise InputError.one(file, f"extends: '{name}' is a link to a file outside the folder", line)
    chain = (*below, path.resolve())
    if parent.resolve() in chain:
        circle = " -> ".join(link.name for link in (*chain[chain.index(parent.resolve()) :], parent))
        raise InputError.one(file, f"extends: goes round in a circle: {circle}", line)
    if len(chain) >= LONGEST_CHAIN:
        raise InputError.one(file, f"extends: more than {LONGEST_CHAIN} scenarios extend each other", line)
    return parent


def _over(parent: Node, child: Node, at: tuple[str, ...], mistakes: list[Mistake]) -> Node:
    """Return a child's value over its parent's: mappings by key, policies by id, everything else whole."""
    if at == ("policies",) and isinstance(parent.value, list) and isinstance(child.value, list):
        return Node(_policies_over(parent.value, child.value, mistakes), child.place)
    if not isinstance(parent.value, dict) or not isinstance(child.value, dict) or _replaced_whole(at):
        return child
    content = dict(parent.value)
    for key, node in child.value.items():
        content[key] = _over(content[key], node, (*at, key), mistakes) if key in content else node
    return Node(content, child.place)


def _replaced_whole(at: tuple[str, ...]) -> bool:
    return at in REPLACED_WHOLE or at[:-1] in (CALENDARS, (EVIDENCE,))


def policy_id(node: Node) -> str | None:
    """Return the id of a policy as written: its own, or else its kind."""
    for key in ("id", "kind"):
        named = node.child(key)
        if named is not None and isinstance(named.value, str) and named.value:
            return named.value
    return None


def _policies_over(parents: list[Node], children: list[Node], mistakes: list[Mistake]) -> list[Node]:
    result = list(parents)
    ids = [policy_id(node) for node in parents]
    for child in children:
        name = policy_id(child)
        if name is None or name not in ids:
            result.append(child)
            if _kind(child) is None and name is not None:
                text = f"policies.{name}: no policy of that id in the parent" + nearest(name, [i for i in ids if i])
                mistakes.append(Mistake(child.place.file, child.place.line, text))
            continue
        place = ids.index(name)
        same_kind = _kind(child) in (None, _kind(parents[place]))
        result[place] = _over(parents[place], child, ("policies", name), mistakes) if same_kind else child
    return result


def _kind(node: Node) -> object:
    kind = node.child("kind")
    return None if kind is None else kind.value
