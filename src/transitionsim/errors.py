"""The errors a user can meet, each one sentence that says where, what and what is allowed.

::

    TransitionSimError
    ├── InputError      a file, an option or a rule of the user's is mistaken; carries every mistake found
    ├── AuditError      an identity of the model does not hold: people, jobs, orders or euros were lost
    └── RunError        a run could not be finished; says at which stage

The command line prints an ``InputError`` as one unwrapped line for each mistake on standard error
and leaves with exit code 2. No user error shows a traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class TransitionSimError(Exception):
    """Anything this package raises on purpose."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in the input: where it stands, what was found and what is allowed.

    >>> str(Mistake("fast.yaml", 7, "demand.volum: unknown key; did you mean 'volume'?"))
    "fast.yaml:7: demand.volum: unknown key; did you mean 'volume'?"
    >>> str(Mistake("--seeds", None, "found 0, at least 1 is needed"))
    '--seeds: found 0, at least 1 is needed'
    """

    file: str
    line: int | None
    text: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {' '.join(self.text.split())}"


class InputError(TransitionSimError):
    """The user's input is mistaken; ``mistakes`` holds all that were found, in the order of the file."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))

    @classmethod
    def one(cls, file: str, text: str, line: int | None = None) -> InputError:
        """Return an error with a single mistake."""
        return cls([Mistake(file, line, text)])


class AuditError(TransitionSimError):
    """An identity of the model does not hold."""


class RunError(TransitionSimError):
    """A run could not be finished; ``stage`` is building, running, recording or writing."""

    def __init__(self, stage: str, text: str) -> None:
        self.stage = stage
        super().__init__(f"{stage}: {text}")


def nearest(found: str, allowed: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` for the nearest allowed name, or the list of allowed names.

    >>> nearest("budgett", ["budget", "from"])
    "; did you mean 'budget'?"
    >>> nearest("zzz", ["budget", "from"])
    "; allowed are 'budget', 'from'"
    """
    names = sorted(set(allowed))
    close = difflib.get_close_matches(found, names, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{close[0]}'?"
    if not names:
        return ""
    shown = ", ".join(f"'{name}'" for name in names[:12])
    return f"; allowed are {shown}" + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def no_part(column: str, place: int, length: int) -> str:
    """Say that a column has no part at a place.

    >>> no_part("skills", 16, 8)
    'skills[16]; skills[0] to skills[7] is allowed'
    """
    return f"{column}[{place}]; {column}[0] to {column}[{length - 1}] is allowed"
