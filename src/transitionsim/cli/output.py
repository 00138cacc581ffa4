"""What a command prints: lines, JSON, and tables drawn by rich on a terminal, plain aligned lines everywhere else."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from transitionsim import __version__


def first_line(text: str) -> None:
    """Say on standard error what begins, before the imports that take a second."""
    sys.stderr.write(f"transitionsim {__version__} {text}\n")
    sys.stderr.flush()


def document(content: Any) -> None:
    """Print one JSON document, in ASCII, which every encoding holds."""
    from transitionsim.experiments.manifest import as_json

    say(as_json(content, indent=1, ascii_only=True, by_key=False))


def say(text: str) -> None:
    """Print text on standard output."""
    sys.stdout.write(f"{text}\n")


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; numbers stand to the right."""
    cells = [[written(cell) for cell in row] for row in rows]
    right = [all(isinstance(row[place], int | float) for row in rows) for place in range(len(header))]
    if sys.stdout.isatty():
        _drawn(header, cells, right)
    else:
        _aligned(header, cells, right)


def written(cell: object) -> str:
    """Return a cell as text, numbers without needless digits.

    >>> written(0.30000000000000004), written(12000000), written(None)
    ('0.3', '12,000,000', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}" if abs(cell) >= 10_000 else str(cell)
    if isinstance(cell, float):
        return f"{cell:,.10g}" if abs(cell) >= 10_000 else f"{cell:.10g}"
    return str(cell)


def _aligned(header: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[bool]) -> None:
    columns = [[title, *(row[place] for row in cells)] for place, title in enumerate(header)]
    widths = [max(map(len, column)) for column in columns]
    for line in zip(*columns, strict=True):
        padded = [
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ]
        say("  ".join(padded).rstrip())


def _drawn(header: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[bool]) -> None:
    from rich import box
    from rich.console import Console  # honours NO_COLOR
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD)
    for place, (title, to_right) in enumerate(zip(header, right, strict=True)):
        drawn.add_column(title, justify="right" if to_right else "left", overflow="fold", no_wrap=place == 0)
    for row in cells:
        drawn.add_row(*map(Text, row))
    Console(highlight=False).print(drawn)
