"""Standard output and standard error on any machine: other encodings, no stream at all, a reader who has gone."""

from __future__ import annotations

import codecs
import os
import sys
from contextlib import suppress
from typing import Any, Final, TextIO, cast

NEAREST: Final = "transitionsim.nearest"


class Lenient:
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
    codecs.register_error(NEAREST, _nearest)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - lives as long as Python
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=NEAREST)
    if not isinstance(sys.stderr, Lenient):
        sys.stderr = cast("TextIO", Lenient(sys.stderr))


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Return how the characters that cannot be encoded are written, and where to go on: a minus stays a minus."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    from anyascii import anyascii

    return anyascii(error.object[error.start : error.end]) or "?", error.end


def give_up_output() -> None:
    """Let what standard output still holds go nowhere, so that Python can close it in peace."""
    with suppress(OSError):  # a stream in the place of standard output may have no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
