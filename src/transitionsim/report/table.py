"""The comparison as text: every arm a row, every outcome a column, median and 90 % interval in every cell.

The table is made of plain text, so that it reads the same on a screen, in a log and in an e-mail; a table
too wide for its page is cut into blocks of columns that repeat the names of the arms.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from transitionsim.experiments.comparing import own_contrasts
from transitionsim.experiments.design import NO_TRANSITION
from transitionsim.experiments.numbers import NOTHING, Printed, finest_for, number, printed

if TYPE_CHECKING:
    import pandas as pd

WIDTH: Final = 118
SHOWN: Final = ("baseline", "scenario", "placebo")
FLOOR_MARK: Final = "\u00b0"
_ROLE_WORDS: Final = {"baseline": " (baseline)", "scenario": "", "placebo": " \u2212 baseline"}
_GAP: Final = "  "
_MILLION: Final = 1e6

_HEADS: Final[dict[str, tuple[str, str]]] = {
    "posts_lost": ("posts lost (a)", "at the end"),
    "involuntary_losses": ("lost jobs (b+c+d)", "involuntarily, in all"),
    "hires_forgone": ("hires forgone (f)", "in all"),
    "losses_avoided": ("(b+c+d) avoided", "against baseline"),
    "net_employment": ("net employment", "change at the end"),
    "jobless_rate": ("unemployed + training", "mean, % points"),
    "euros_spent": ("spent", "million euros"),
    "euros_returned": ("returned", "million euros"),
}
"""Two lines over each column, by outcome."""


def in_print(row: Any) -> Printed:
    """Return the numbers of one row of a comparison as printed, euros in millions."""
    return _printed(row.unit, row.median, row.p05, row.p95)


def background_in_print(row: Any) -> Printed:
    """Return the level in the reference arm that a row's difference is taken from."""
    return _printed(row.unit, row.background, row.background_p05, row.background_p95)


def _printed(unit: str, median: float, low: float, high: float) -> Printed:
    if unit == "EUR":
        scaled = [value / _MILLION for value in (median, low, high)]
        return printed(scaled[0], scaled[1], scaled[2], finest_for(max(map(abs, scaled))))
    return printed(median, low, high, 0.01 if unit == "percentage points" else 1.0)


def comparison_text(table: pd.DataFrame, width: int = WIDTH) -> str:
    """Return the headline outcomes of a comparison as a plain table at most ``width`` characters wide.

    Raises ``ValueError`` for a table without intervals, n, background or denominator: no number stands alone.
    """
    needed = {"n", "p05", "p95", "background", "denominator_name", "interval_holds"}
    if missing := sorted(needed - set(table.columns)):
        raise ValueError(f"a comparison cannot be printed without {', '.join(missing)}")
    rows = own_contrasts(table)
    rows = rows[rows["headline"]]
    arms = _arms(rows)
    names = ["", "", *(_name(rows, label, role) for label, role in arms), "no transition, level"]
    labels = [label for label, _ in arms]
    columns = [_column(rows[rows["outcome"] == key], labels) for key in dict.fromkeys(rows["outcome"])]
    return "\n\n".join([*_blocks(names, columns, width), _notes(rows)])


def _arms(rows: pd.DataFrame) -> list[tuple[str, str]]:
    shown = rows[rows["role"].isin(SHOWN)]
    pairs = dict.fromkeys(zip(shown["scenario"], shown["role"], strict=True))
    return sorted(pairs, key=lambda pair: SHOWN.index(pair[1]))


def _name(rows: pd.DataFrame, label: str, role: str) -> str:
    """Return the name of an arm's row, with its own n where runs of it failed."""
    n = rows.loc[rows["scenario"] == label, "n"].max()
    return f"{label}{_ROLE_WORDS[role]}" + (f", n = {n}" if n < rows["n"].max() else "")


def _column(rows: pd.DataFrame, labels: Sequence[str]) -> list[str]:
    """Return the head and the cells of one outcome, from the top down."""
    by_arm: dict[str, Any] = {str(row.scenario): row for row in rows.itertuples()}
    first = next(iter(by_arm.values()))
    level = background_in_print(first).cell if first.against == NO_TRANSITION else NOTHING
    return [*_HEADS[first.outcome], *(_cell(by_arm.get(label)) for label in labels), level]


def _cell(row: Any) -> str:
    if row is None or row.n == 0:
        return NOTHING
    within = not row.beyond_placebo and row.role != "placebo" and row.unit != "EUR"
    return f"{in_print(row).cell}{FLOOR_MARK if within else ''}"


def _blocks(names: Sequence[str], columns: Sequence[Sequence[str]], width: int) -> list[str]:
    left = _padded(names)
    blocks: list[list[list[str]]] = [[]]
    for column in columns:
        cells = _padded(column)
        taken = sum(len(part[0]) + len(_GAP) for part in [left, *blocks[-1]])
        if blocks[-1] and taken + len(cells[0]) > width:
            blocks.append([])
        blocks[-1].append(cells)
    return [_joined([left, *block]) for block in blocks]


def _padded(cells: Sequence[str]) -> list[str]:
    wide = max(map(len, cells))
    return [cell.ljust(wide) for cell in cells]


def _joined(columns: Sequence[Sequence[str]]) -> str:
    lines = [_GAP.join(parts).rstrip() for parts in zip(*columns, strict=True)]
    rule = "\u2500" * max(map(len, lines))
    return "\n".join([*lines[:2], rule, *lines[2:-2], rule, *lines[-2:]])


def _notes(rows: pd.DataFrame) -> str:
    n = rows["n"].max()
    notes = [
        f"Each cell: median (5th\u202695th percentile) of {n} paired differences, scenario minus no transition; "
        "for posts lost and hires forgone no transition minus scenario; for losses avoided baseline minus "
        f"scenario. The interval holds {rows['interval_holds'].iloc[0]}.",
        f"Denominators: posts, jobs, hires and employment of {_of(rows, 'automotive jobs')}; "
        f"unemployed and in training of {_of(rows, 'labour force')}.",
        "(a) posts; (b) dismissals for lack of orders, (c) closures, (d) temporary contracts not renewed; "
        "(f) hires that no transition has and the scenario has not.",
        f"{FLOOR_MARK} No effect to report: the median lies within what one irrelevant training seat changes "
        "(row placebo seat).",
    ]
    return "\n".join(textwrap.fill(note, WIDTH, subsequent_indent="  ") for note in notes)


def _of(rows: pd.DataFrame, words: str) -> str:
    found = rows[rows["denominator_name"].str.contains(words)].iloc[0]
    return f"{number(found['denominator'], 1.0)} {found['denominator_name']}"
