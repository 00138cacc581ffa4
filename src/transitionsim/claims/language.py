"""Words and numbers in the languages that claims are made in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from transitionsim.errors import InputError, nearest
from transitionsim.experiments.numbers import MINUS
from transitionsim.yamlfile import read_yaml

FOLDER: Final = Path(__file__).parent / "texts"
LANGUAGES: Final = ("en", "de", "es")
_INNER: Final = str.maketrans(dict.fromkeys('“”„«»"', "'"))


@dataclass(frozen=True)
class Language:
    """One language: its code and its texts by name."""

    code: str
    texts: Mapping[str, Any]

    def __call__(self, name: str, **values: object) -> str:
        """Return a text with its values in place; the name of a nested one has dots."""
        found: Any = self.texts
        for part in name.split("."):
            found = found[part]
        return str(found).format(**values) if values else str(found)

    def number(self, text: str) -> str:
        """Return a number as :func:`transitionsim.experiments.numbers.number` prints it with this language's marks.

        >>> language("de").number("−12,345.6")
        '−12.345,6'
        """
        marks = {",": str(self.texts["thousands"]), ".": str(self.texts["decimal"])}
        return "".join(marks.get(character, character) for character in text)

    def range(self, low: str, high: str) -> str:
        """Return two numbers of one sign as a range without signs, the smaller one first."""
        ends = [low.lstrip(MINUS), high.lstrip(MINUS)]
        if low != ends[0]:
            ends.reverse()
        ends = [self.number(end) for end in ends]
        return ends[0] if ends[0] == ends[1] else f"{ends[0]} {self.texts['to']} {ends[1]}"

    def quoted(self, name: str) -> str:
        """Return a user's words in quotation marks, on one line, so that they cannot pass for ours.

        Marks within them become single ones. What is not printable becomes a space: it might turn our words around.

        >>> language("en").quoted("fast   path"), language("de").quoted('der "schnelle"')
        ('“fast path”', "„der 'schnelle'“")
        """
        marks = str(self.texts["quotes"])
        shown = "".join(one if one.isprintable() else " " for one in name.translate(_INNER))
        return f"{marks[0]}{' '.join(shown.split())}{marks[1]}"

    def level(self, key: str, title: str) -> str:
        """Return what one scenario alone has of an outcome: posts, where the outcome are posts lost beside another.

        >>> language("en").level("posts_lost", ""), language("en").level("closures", "")
        ('posts in automotive firms', 'jobs ended by closure')
        """
        levels: Mapping[str, str] = self.texts["levels"]
        return levels[key] if key in levels else self.outcome(key, title)

    def outcome(self, key: str, title: str) -> str:
        """Return what an outcome is called; a plain series keeps its own title."""
        return str(self.texts["outcomes"].get(key, title))

    def place(self, name: str) -> str:
        """Return what a group of people is called; one that no text names keeps its own name."""
        return str(self.texts["places"].get(name, name.replace("_", " ")))

    def unit(self, unit: str) -> str:
        """Return what a unit is called."""
        return str(self.texts["units"].get(unit, unit))

    def listed(self, words: Sequence[str]) -> str:
        """Return words as a list in a sentence."""
        return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {self.texts['list_and']} {words[-1]}"


@cache
def language(code: str) -> Language:
    """Return a language by its code; raises :class:`InputError` for one that is not there."""
    if code not in LANGUAGES:
        raise InputError.one("--lang", f"found '{code}'{nearest(code, LANGUAGES)}")
    return Language(code, _plain(read_yaml(FOLDER / f"{code}.yaml").plain()))


def _plain(content: Any) -> Any:
    return {str(key): _plain(value) for key, value in content.items()} if isinstance(content, dict) else content
