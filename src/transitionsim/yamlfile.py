"""Read a YAML file written by a stranger: safely, with the line of every value, refusing what is not needed.

The file is plain YAML 1.2: mappings, lists, text, numbers, true and false. Anchors, aliases and tags are
refused, since a few lines of them can unfold to gigabytes or name code.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from transitionsim.errors import InputError, Mistake

LARGEST: Final = 1_000_000
"""Bytes; a larger file is refused before it is parsed."""
DEEPEST: Final = 12
"""Levels of mappings and lists inside each other."""
MOST_VALUES: Final = 20_000
"""Keys and values of a file."""
LONGEST_NUMBER: Final = 30
"""Characters of a number."""
LONGEST_TEXT: Final = 600
"""Characters of a mistake's sentence."""

Plain = str | int | float | bool | None | dict[str, "Plain"] | list["Plain"]

_NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})
_FLAGS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE: Final = re.compile(r"[-+]?[0-9][0-9_]*")
_BROKEN: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?")
_ENDLESS: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, as shown to the user."""

    file: str
    line: int


@dataclass(slots=True)
class Node:
    """A value of a file and the line it stands on (for a value under a key: the line of the key)."""

    value: str | int | float | bool | dict[str, Node] | list[Node] | None
    place: Place

    def plain(self) -> Plain:
        """Return the value without its lines."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def child(self, key: str) -> Node | None:
        """Return the value under a key of a mapping, or nothing."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def nearest_place(self, loc: Sequence[str | int]) -> Place:
        """Return the line of the value at a path of keys, or of the innermost mapping that would hold it."""
        node = self
        for part in loc:
            inner: Node | None = None
            if isinstance(node.value, dict):
                inner = node.value.get(str(part))
            elif isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
                inner = node.value[part]
            if inner is None:
                break
            node = inner
        return node.place


def shown_path(path: Path) -> str:
    """Return a path as short as it can be said from the working folder."""
    try:
        relative = os.path.relpath(path)
    except ValueError:
        return str(path)
    return printable(str(path) if relative.startswith("..") else relative)


def is_file(path: Path) -> bool:
    """Return whether a path names an ordinary file; a name the system cannot hold names none."""
    try:
        return path.is_file()
    except OSError:
        return False


def read_yaml(path: Path, *, largest: int = LARGEST) -> Node:
    """Return the values of a YAML file with their lines; raise ``InputError`` for anything but plain YAML.

    A file of more than ``largest`` bytes is not read.
    """
    file = shown_path(path)
    return parse_yaml(_text_of(path, file, largest), file)


def _text_of(path: Path, file: str, largest: int) -> str:
    try:
        if path.is_dir():
            raise InputError.one(file, "is a folder; a YAML file is needed")
        if not path.exists():
            raise InputError.one(file, "no such file")
        if not path.is_file():
            raise InputError.one(file, "is not an ordinary file")
        with path.open("rb") as stream:
            content = stream.read(largest + 1)
    except OSError as error:
        raise InputError.one(file, f"cannot be read: {error.strerror}") from None
    if len(content) > largest:
        raise InputError.one(file, f"is larger than {largest:,} bytes and was not read", 1)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError.one(file, "is not UTF-8 text; save it as UTF-8", line) from None


def parse_yaml(text: str, file: str) -> Node:
    """Return the values of YAML text; ``file`` is how its mistakes name the place."""
    builder = _Builder(file)
    line = 1
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            line = event.start_mark.line + 1
            builder.take(event, line)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = mark.line + 1 if mark is not None else line
        raise InputError.one(file, f"is not valid YAML: {error.problem or error.context}", at) from None
    except YAMLError as error:
        raise InputError.one(file, f"is not valid YAML: {str(error).splitlines()[0]}", line) from None
    except (
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        NotImplementedError,
        TypeError,
        ValueError,
    ):
        # The parser lets a few malformed escapes and directives through as errors of its own code.
        raise InputError.one(file, "is not valid YAML after this line", line) from None
    if builder.mistakes:
        raise InputError(builder.mistakes)
    if builder.root is None:
        raise InputError.one(file, "is empty", 1)
    return builder.root


@dataclass(slots=True)
class _Open:
    """A mapping or list being read; ``key`` is the key waiting for its value."""

    node: Node
    key: str | None = None
    key_line: int = 1


@dataclass(slots=True)
class _Builder:
    """Builds the tree from the parser's events with a list of open levels, so that depth costs no stack."""

    file: str
    root: Node | None = None
    open: list[_Open] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    values: int = 0

    def take(self, event: Any, line: int) -> None:
        name = type(event).__name__
        self.values += 1
        if self.values > MOST_VALUES:
            raise InputError.one(self.file, f"holds more than {MOST_VALUES:,} keys and values", line)
        if name == "AliasEvent" or getattr(event, "anchor", None):
            raise InputError.one(self.file, "anchors and aliases (& and *) are not allowed; write the value out", line)
        if name == "ScalarEvent":
            self._scalar(event, line)
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            self._no_tag(event, line)
            if len(self.open) >= DEEPEST:
                raise InputError.one(self.file, f"is nested deeper than {DEEPEST} levels", line)
            self._begin(Node({} if name == "MappingStartEvent" else [], Place(self.file, line)), line)
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            self.open.pop()
        elif name == "DocumentStartEvent" and self.root is not None:
            raise InputError.one(self.file, "holds a second document (---); one is allowed", line)

    def _no_tag(self, event: Any, line: int) -> None:
        if event.tag is not None and str(event.tag) != "!":
            raise InputError.one(self.file, f"tags such as {str(event.tag)[:60]!a} are not allowed", line)

    def _begin(self, node: Node, line: int) -> None:
        if self._awaits_key():
            raise InputError.one(self.file, "a key must be a word or a date, not a mapping or a list", line)
        self._put(node)
        self.open.append(_Open(node))

    def _awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].node.value, dict) and self.open[-1].key is None

    def _scalar(self, event: Any, line: int) -> None:
        self._no_tag(event, line)
        if self._awaits_key():
            level = self.open[-1]
            level.key, level.key_line = str(event.value), line
            if level.key in level.node.value:  # type: ignore[operator]
                self.mistakes.append(Mistake(self.file, line, f"{printable(level.key)}: this key stands here twice"))
            return
        plain = event.style is None and str(event.tag) != "!"
        try:
            value = scalar(event.value) if plain else event.value
        except ValueError as error:
            self.mistakes.append(Mistake(self.file, line, str(error)))
            value = None
        self._put(Node(value, Place(self.file, line)))

    def _put(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        level = self.open[-1]
        if isinstance(level.node.value, dict):
            assert level.key is not None
            level.node.value[level.key] = Node(node.value, Place(self.file, level.key_line))
            level.key = None
        elif isinstance(level.node.value, list):
            level.node.value.append(node)


def scalar(text: str) -> str | int | float | bool | None:
    """Return what an unquoted word means in YAML 1.2 (so ``no`` is a word, and ``2027-01`` is text).

    >>> scalar("12_000_000"), scalar(".5"), scalar("no"), scalar("2027-01"), scalar("true"), scalar("~")
    (12000000, 0.5, 'no', '2027-01', True, None)
    """
    if text in _NOTHING:
        return None
    if text in _FLAGS:
        return _FLAGS[text]
    if _ENDLESS.fullmatch(text):
        return float(text.replace(".", ""))
    number = _WHOLE.fullmatch(text) or _BROKEN.fullmatch(text)
    if number is None:
        return text
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} characters is too long")
    digits = text.replace("_", "")
    return int(digits) if _WHOLE.fullmatch(text) else float(digits)


def printable(text: str) -> str:
    r"""Return text with control characters and the like written out, cut to a readable length.

    >>> printable("a\x1b[31m")
    'a\\x1b[31m'
    """
    shorter = text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "..."
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in shorter)


def mappings(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield the keys and values of a mapping; nothing for any other value."""
    if isinstance(node.value, dict):
        yield from node.value.items()
