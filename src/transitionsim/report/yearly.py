"""The runs of one scenario as a short table of years."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.experiments.design import NOISE_ONLY
from transitionsim.experiments.numbers import finest_for, printed
from transitionsim.experiments.outcomes import INVOLUNTARY, Series, jobless_rate, together
from transitionsim.experiments.paired import interval
from transitionsim.experiments.results import Results
from transitionsim.report.table import WIDTH

Monthly = NDArray[np.float64]
_GAP: Final = "  "


def _stock(name: str) -> Callable[[Series], Monthly]:
    return lambda series: np.asarray(series[name], dtype=np.float64)


_COLUMNS: Final[tuple[tuple[str, str, float, Callable[[Series], Monthly]], ...]] = (
    ("automotive", "jobs", 1.0, _stock("employment_automotive")),
    ("automotive", "posts", 1.0, _stock("posts_automotive")),
    ("lost jobs (b+c+d)", "to date", 1.0, lambda series: np.cumsum(together(series, INVOLUNTARY))),
    ("unemployed +", "training, %", 0.01, jobless_rate),
    ("spent, million", "euros to date", 0.0, lambda series: np.asarray(series["spent_cents"]) / 1e8),
)
"""Two lines over each column, the finest step (0: by size) and how the column is read month by month."""


def yearly_text(results: Results) -> str:
    """Return levels at the end of each year: median, and 5th to 95th percentile when there are several seeds."""
    scenario = results.design.baseline.scenario
    calendar = int(scenario.start) + np.arange(scenario.months)
    lasts = np.flatnonzero(np.append(calendar[1:] // 12 != calendar[:-1] // 12, True))
    ends = [f"{month // 12}-{month % 12 + 1:02d}" for month in calendar[lasts]]
    columns = [["end of", "month", *ends]]
    for first, second, finest, monthly in _COLUMNS:
        values = np.array([monthly(run.series)[lasts] for run in results.runs])
        columns.append([first, second, *(_cell(values[:, year], finest) for year in range(len(lasts)))])
    widths = [max(map(len, column)) for column in columns]
    rows = zip(*columns, strict=True)
    lines = [_GAP.join(cell.rjust(wide) for cell, wide in zip(row, widths, strict=True)) for row in rows]
    rule = "\u2500" * max(map(len, lines))
    return "\n".join([*lines[:2], rule, *lines[2:], "", _note(len(results.runs))])


def _cell(values: Monthly, finest: float) -> str:
    found = interval(values)
    step = finest or finest_for(abs(found.median))
    shown = printed(found.median, found.low, found.high, step)
    return shown.median if found.n == 1 else shown.cell


def _note(n: int) -> str:
    if n == 1:
        text = (
            "Levels of one simulated path: no interval, no baseline. What a scenario changes, and how sure that "
            "is, says transitionsim compare."
        )
    else:
        text = f"Levels, not effects: median (5th\u202695th percentile) of {n} seeds; {NOISE_ONLY}."
    return textwrap.fill(text, WIDTH)
