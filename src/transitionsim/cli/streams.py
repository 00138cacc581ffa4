"""Standard output and standard error on any machine: other encodings, no stream at all, a reader who has gone."""

from __future__ import annotations

import codecs
import os
import sys
import unicodedata
from contextlib import suppress
from typing import Any, Final, TextIO, cast

_NEAREST: Final = "transitionsim.nearest"
_LOOK_ALIKE: Final = {
    **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\u2014\u2500\u2501", "-"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2018\u2019\u201a", "'"),
    **dict.fromkeys("\u2502\u251c\u2514", "|"),
    **dict.fromkeys("\u00b0\u2022\u00b7", "*"),
    "\u20ac": "EUR",
    "\u00d7": "x",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2192": "->",
    "\u0142": "l",
    "\u0141": "L",
    "\u00df": "ss",
    "\u00f8": "o",
    "\u00d8": "O",
    "\u00e6": "ae",
    "\u0111": "d",
}
"""What stands for a character that an encoding lacks and that has no letter below its accents."""


class Patient:
    """Standard error that loses what it cannot write: what is said on the way must never end a run."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text, if anybody takes it."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Hand on what was written, if anybody takes it."""
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def prepare() -> None:
    """Make both streams write anything: what their encoding lacks by its nearest look, into nothing where they lack."""
    codecs.register_error(_NEAREST, _nearest)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - lives as long as Python
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_NEAREST)
    if not isinstance(sys.stderr, Patient):
        sys.stderr = cast("TextIO", Patient(sys.stderr))


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Return how the characters that cannot be encoded are written, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(character: str) -> str:
    """Return a character in ASCII: a look-alike, the letter below its accents, or a question mark.

    >>> "".join(map(_plain, "\u2212900\u2026100 in \u015al\u0105skie"))
    '-900...100 in Slaskie'
    """
    bare = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return _LOOK_ALIKE.get(character) or bare or "?"


def give_up_output() -> None:
    """Let what standard output still holds go nowhere, so that Python can close it in peace."""
    with suppress(OSError):  # a stream in the place of standard output may have no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
