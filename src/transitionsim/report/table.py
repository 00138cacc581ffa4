"""The comparison as text: every arm a row, every outcome a column, median and 90 % interval in every cell.

The table is made of plain text, so that it reads the same on a screen, in a log and in an e-mail; a table
too wide for its page is cut into blocks of columns that repeat the names of the arms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from transitionsim.experiments.design import NO_TRANSITION
from transitionsim.report.numbers import NOTHING, Printed, number, printed

if TYPE_CHECKING:
    import pandas as pd

WIDTH: Final = 118
SHOWN: Final = ("baseline", "scenario", "placebo")
FLOOR_MARK: Final = "\u00b0"
_ROLE_WORDS: Final = {"baseline": " (baseline)", "scenario": "", "placebo": " \u2212 baseline"}
_GAP: Final = "  "
_MILLION: Final = 1e6
_FINEST: Final = {"percentage points": 0.01, "EUR": 0.01}

_HEADS: Final[dict[str, tuple[str, str]]] = {
    "posts_lost": ("posts lost (a)", "at the end"),
    "involuntary_losses": ("involuntary losses (b+c+d)", "over the run"),
    "hires_forgone": ("hires forgone (f)", "over the run"),
    "losses_avoided": ("losses avoided (b+c+d)", "against the baseline"),
    "net_employment": ("net employment", "change at the end"),
    "jobless_rate": ("unemployed + in training", "mean, percentage points"),
    "euros_spent": ("million euros spent", "over the run"),
    "euros_returned": ("million euros returned", "over the run"),
}
"""Two lines over each column, by outcome."""


def in_print(row: Any) -> Printed:
    """Return the numbers of one row of a comparison as printed, euros in millions."""
    scale = _MILLION if row.unit == "EUR" else 1.0
    return printed(row.median / scale, row.p05 / scale, row.p95 / scale, _FINEST.get(row.unit, 1.0))


def background_in_print(row: Any) -> Printed:
    """Return the level in the reference arm that a row's difference is taken from."""
    scale = _MILLION if row.unit == "EUR" else 1.0
    values = (row.background / scale, row.background_p05 / scale, row.background_p95 / scale)
    return printed(*values, _FINEST.get(row.unit, 1.0))


def comparison_text(table: pd.DataFrame, width: int = WIDTH) -> str:
    """Return the headline outcomes of a comparison as a plain table at most ``width`` characters wide.

    Raises ``ValueError`` for a table without intervals, n, background or denominator: no number is printed bare.
    """
    needed = {"n", "p05", "p95", "background", "denominator_name", "interval_holds"}
    if missing := sorted(needed - set(table.columns)):
        raise ValueError(f"a comparison cannot be printed without {', '.join(missing)}")
    rows = table[table["headline"]]
    arms = _arms(rows)
    names = ["", "", *(f"{label}{_ROLE_WORDS[role]}" for label, role in arms), "no transition, level"]
    counts = ["", "n", *(str(rows.loc[rows["scenario"] == label, "n"].max()) for label, _ in arms), ""]
    labels = [label for label, _ in arms]
    columns = [_column(rows[rows["outcome"] == key], labels) for key in dict.fromkeys(rows["outcome"])]
    blocks = _blocks(names, counts, columns, width)
    return "\n\n".join([*blocks, _notes(rows)])


def _arms(rows: pd.DataFrame) -> list[tuple[str, str]]:
    shown = rows[rows["role"].isin(SHOWN)]
    pairs = dict.fromkeys(zip(shown["scenario"], shown["role"], strict=True))
    return sorted(pairs, key=lambda pair: SHOWN.index(pair[1]))


def _column(rows: pd.DataFrame, labels: Sequence[str]) -> list[str]:
    """Return the head and the cells of one outcome, from the top down."""
    by_arm: dict[str, Any] = {row.scenario: row for row in rows.itertuples()}
    first = next(iter(by_arm.values()))
    level = str(background_in_print(first)) if first.against == NO_TRANSITION else NOTHING
    return [*_HEADS[first.outcome], *(_cell(by_arm.get(label)) for label in labels), level]


def _cell(row: Any) -> str:
    if row is None:
        return NOTHING
    mark = "" if row.beyond_placebo or row.role == "placebo" else FLOOR_MARK
    return f"{in_print(row)}{mark}"


def _blocks(names: Sequence[str], counts: Sequence[str], columns: Sequence[Sequence[str]], width: int) -> list[str]:
    left = [_padded(names), _padded(counts, right=True)]
    blocks: list[list[list[str]]] = [[]]
    for column in columns:
        cells = _padded(column)
        taken = sum(len(part[0]) + len(_GAP) for part in [*left, *blocks[-1]])
        if blocks[-1] and taken + len(cells[0]) > width:
            blocks.append([])
        blocks[-1].append(cells)
    return [_joined([*left, *block]) for block in blocks]


def _padded(cells: Sequence[str], *, right: bool = False) -> list[str]:
    wide = max(map(len, cells))
    return [cell.rjust(wide) if right else cell.ljust(wide) for cell in cells]


def _joined(columns: Sequence[Sequence[str]]) -> str:
    lines = [_GAP.join(parts).rstrip() for parts in zip(*columns, strict=True)]
    rule = "\u2500" * max(map(len, lines))
    return "\n".join([*lines[:2], rule, *lines[2:-2], rule, *lines[-2:]])


def _notes(rows: pd.DataFrame) -> str:
    n = rows["n"].max()
    jobs = _of(rows, "automotive jobs")
    force = _of(rows, "labour force")
    return "\n".join(
        [
            f"Each cell: median (5th to 95th percentile) of {n} paired differences, arm minus no transition;",
            "  posts lost and hires forgone: no transition minus arm; losses avoided: baseline minus arm.",
            f"The interval holds {rows['interval_holds'].iloc[0]}.",
            f"Denominators: jobs, posts, hires and losses of {jobs}; rates of {force}.",
            f"{FLOOR_MARK} the median lies within what one irrelevant training seat changes (last rows): no effect to report.",
        ]
    )


def _of(rows: pd.DataFrame, words: str) -> str:
    found = rows[rows["denominator_name"].str.contains(words)].iloc[0]
    return f"{number(found['denominator'], 1.0)} {found['denominator_name']}"
