"""Displacement as text: what participants of courses win in work, what others lose, and the ratio of the two."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

from transitionsim.experiments.displacement import WINDOWS
from transitionsim.experiments.numbers import NOTHING, printed

if TYPE_CHECKING:
    import pandas as pd

WIDTH: Final = 118
_YEAR: Final = 12.0
_REASON: Final = "undefined: the participants' change spans zero or lies within the placebo floor"


def displacement_text(table: pd.DataFrame) -> str:
    """Return the displacement of every scenario with participants, wrapped at 118 characters."""
    lines = ["Displacement: years of employment over the whole run, scenario minus baseline in the same draw"]
    for row in table.itertuples():
        lines.append(_line(row))
        lines.append(_since(row))
    note = (
        f"Each number: median (5th\u202695th percentile) of {table['n'].max()} paired draws. The ratio is what others "
        "lose for each year that participants win: 0 is no displacement, 1 moves work between people. Participants are "
        "compared with their paired selves, a held-out check of lock-in."
    )
    return "\n".join(textwrap.fill(text, WIDTH, subsequent_indent="  ") for text in [*lines, note])


def _line(row: Any) -> str:
    ratio = _cell(row, "ratio", 1.0, 0.01) if row.defined else _REASON
    floor = printed(0.0, row.placebo_p05 / _YEAR, row.placebo_p95 / _YEAR).extent
    return (
        f"{row.scenario}: {_cell(row, 'participants', 1.0)} participants {_cell(row, 'own_change', _YEAR)} years (for "
        f"the same people one irrelevant seat changes {floor}); all others {_cell(row, 'others_change', _YEAR)} years; "
        f"displacement ratio {ratio}"
    )


def _since(row: Any) -> str:
    cells = [f"months {low} to {high} {_cell(row, f'since_course_{low}_{high}', 1.0, 0.1)}" for low, high in WINDOWS]
    return f"{row.scenario}: employment of participants since their course began, % points: {'; '.join(cells)}"


def _cell(row: Any, name: str, divisor: float, finest: float = 1.0) -> str:
    values = [getattr(row, f"{name}_{part}") / divisor for part in ("median", "p05", "p95")]
    if values[0] != values[0]:
        return NOTHING
    return printed(values[0], values[1], values[2], finest).cell
