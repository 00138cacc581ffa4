"""Files of a replication: the occupations, a network as a matrix, and the trajectory that is written."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

import numpy as np

from transitionsim.errors import InputError, Mistake, nearest
from transitionsim.files import cannot_write
from transitionsim.replications.definition import Floats, Trajectory, automated, start_of

COLUMNS: Final = ("id", "employment_0", "auto_prob", "unemployment_0", "vacancies_0", "D_0", "D_f")
RATES: Final = ("unemployment_rate_pct", "vacancy_rate_pct", "longterm_unemployment_rate_pct")
MOST: Final = 1e15
"""Largest number of persons in an occupation; beyond it sums would lose whole persons."""
SAME: Final = 1e-6
"""Relative difference up to which a derived column of the input counts as agreeing."""
_SHOWN: Final = 20

Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Occupations:
    """Employment in persons and probability of automation by occupation, shape (n,), and notes about the file."""

    file: str
    employment: Floats
    probability: Floats
    notes: tuple[str, ...]


def read_occupations(path: Path) -> Occupations:
    """Read occupations from a CSV file with a header; every mistake is told with its line.

    Start and targets follow from ``employment_0`` and ``auto_prob``. The other columns must hold numbers; where they
    are not what follows from those two, a note says so, and they are not used.
    """
    lines = _lines("--inputs", path)
    if not lines:
        raise InputError.one(str(path), f"is empty; a header with {', '.join(COLUMNS)} is needed")
    places = _places(path, lines[0])
    if len(lines) == 1:
        raise InputError.one(str(path), "has no occupation below its header")
    values = {name: np.zeros(len(lines) - 1) for name in COLUMNS[1:]}
    mistakes: list[Mistake] = []
    seen: dict[str, int] = {}
    for place, (number, cells) in enumerate(lines[1:]):
        try:
            if len(cells) != len(lines[0][1]):
                raise ValueError(f"has {len(cells)} values, the header names {len(lines[0][1])}")
            name = cells[places["id"]].strip()
            if name in seen:
                raise ValueError(f"id: '{name}' stands in line {seen[name]} already")
            seen[name] = number
            for column in COLUMNS[1:]:
                most = 1.0 if column == "auto_prob" else math.inf if column == "D_f" else MOST
                values[column][place] = _number(cells[places[column]], column, most)
        except ValueError as error:
            mistakes.append(Mistake(str(path), number, str(error)))
    _raise(str(path), mistakes)
    if not values["employment_0"].any():
        raise InputError.one(str(path), "employment_0: nobody is employed in any occupation")
    notes = _notes(path, values, [number for number, _ in lines[1:]])
    return Occupations(str(path), values["employment_0"], values["auto_prob"], notes)


def _places(path: Path, header: Line) -> dict[str, int]:
    number, names = header[0], [name.strip() for name in header[1]]
    mistakes = [
        Mistake(str(path), number, f"column '{name}' is missing{nearest(name, names)}")
        for name in COLUMNS
        if name not in names
    ]
    mistakes += [
        Mistake(str(path), number, f"column '{name}' stands there twice") for name in COLUMNS if names.count(name) > 1
    ]
    _raise(str(path), mistakes)
    return {name: names.index(name) for name in COLUMNS}


def _notes(path: Path, values: dict[str, Floats], numbers: Sequence[int]) -> tuple[str, ...]:
    """Return a note for each derived column that is not what employment and probability make."""
    start = start_of(values["employment_0"])
    derived = {"unemployment_0": start.unemployed, "vacancies_0": start.vacancies, "D_0": start.demand}
    if (values["auto_prob"] < 1.0)[values["employment_0"] > 0.0].any():
        derived["D_f"] = automated(start.demand, values["auto_prob"])
    notes = []
    for name, expected in derived.items():
        other = np.flatnonzero(~np.isclose(values[name], expected, rtol=SAME, atol=0.0))
        if len(other):
            first = other[0]
            notes.append(
                f"{path}:{numbers[first]}: {name}: found {values[name][first]:.12g}, employment_0 and auto_prob make "
                f"{expected[first]:.12g} ({len(other)} line{'s' * (len(other) != 1)} differ); what they make is used"
            )
    return tuple(notes)


def read_matrix(path: Path, size: int) -> Floats:
    """Read a headerless matrix of ``size`` rows and columns: no entry negative, no row all zero."""
    lines = _lines("--network", path)
    matrix = np.zeros((len(lines), size))
    mistakes: list[Mistake] = []
    for place, (number, cells) in enumerate(lines):
        try:
            if len(cells) != size:
                raise ValueError(f"has {len(cells)} entries, the inputs name {size} occupations")
            for j, cell in enumerate(cells):
                matrix[place, j] = _number(cell, f"entry {j + 1}", math.inf)
            if not matrix[place].any():
                raise ValueError("every entry of the row is zero: people of this occupation could apply nowhere")
        except ValueError as error:
            mistakes.append(Mistake(str(path), number, str(error)))
    _raise(str(path), mistakes)
    if len(lines) != size:
        raise InputError.one(str(path), f"has {len(lines)} rows, the inputs name {size} occupations")
    return matrix


def _lines(option: str, path: Path) -> list[Line]:
    """Return the lines of a CSV file that are not blank, each with its number."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except OSError as error:
        raise InputError.one(option, f"cannot read {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise InputError.one(str(path), "is not a text file in UTF-8") from None
    except csv.Error as error:
        raise InputError.one(str(path), f"is not a CSV file: {error}", reader.line_num) from None


def _number(text: str, name: str, most: float) -> float:
    """Return a number from 0 to ``most``; raises ``ValueError`` with a sentence for anything else."""
    try:
        value = float(text) if "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{name}: '{text.strip()}' is no number")
    if value < 0.0:
        raise ValueError(f"{name}: {text.strip()} is negative")
    if value > most:
        raise ValueError(f"{name}: {text.strip()} is more than {most:g}")
    return value


def _raise(file: str, mistakes: list[Mistake]) -> None:
    """Raise the mistakes there are; after twenty the rest is only counted."""
    if len(mistakes) > _SHOWN:
        rest = len(mistakes) - _SHOWN
        mistakes = [*mistakes[:_SHOWN], Mistake(file, None, f"{rest} more line{'s' * (rest != 1)} with mistakes")]
    if mistakes:
        raise InputError(mistakes)


@contextmanager
def written_whole(out: Path, keep: Sequence[Path]) -> Iterator[TextIO]:
    """Give a text file that takes the name ``out`` only when everything is in it; its folder must exist.

    Raises :class:`InputError` before anything is computed where ``out`` cannot be written or is one of ``keep``.
    """
    place = out.resolve()
    if place.exists() and not place.is_file():
        raise InputError.one("--out", f"{out} is no ordinary file")
    if any(place == other.resolve() for other in keep):
        raise InputError.one("--out", f"{out} is a file that is read; name another")
    partial = place.with_name(f".{place.name}.{os.getpid()}.partial")
    try:
        if place.exists():
            place.open("ab").close()
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        partial.replace(place)
    except OSError as error:
        raise cannot_write(out, error) from None
    finally:
        with suppress(OSError):
            partial.unlink()


def write_trajectory(file: TextIO, trajectory: Trajectory, deviation: Trajectory | None = None) -> None:
    """Write a line for each step, every number with all its digits; with a deviation its columns behind."""
    parts = [trajectory] if deviation is None else [trajectory, deviation]
    columns = [column for part in parts for column in (part.unemployment, part.vacancies, part.long_term)]
    names = ["t", *RATES, *(f"{name}_sd" for name in RATES if deviation is not None)]
    file.write(",".join(names) + "\n")
    for t, values in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        file.write(",".join([str(t), *map(repr, values)]) + "\n")
