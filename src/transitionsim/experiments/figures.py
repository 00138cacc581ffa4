"""Figures of sweeps: colours safe for colour-blind readers, numbers in the picture, the caveat in the image."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from transitionsim import __version__
from transitionsim.experiments.manifest import CAVEAT
from transitionsim.experiments.numbers import finest_for, number, printed

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.experiments.comparing import LeverMatrix

_GREY: Final = "#5a5a5a"
_RED: Final = "#9c2f2f"
_BLUE: Final = "#0173b2"
_ORANGE: Final = "#de8f05"


def heat_map(grid: LeverMatrix, path: Path, *, title: str, unit: str, foot: str) -> str:
    """Draw the mean differences of a grid of two levers into a PNG; return its alternative text.

    Cells whose interval spans zero have no colour and stand in grey: nothing is claimed of them.
    """
    import seaborn as sns

    matrix, step = grid.means, grid.step
    largest = float(np.nanmax(np.abs(matrix.to_numpy()))) or 1.0
    height = 2.6 + 0.62 * len(matrix)
    figure, axes = _figure(max(7.2, 3.4 + 1.05 * matrix.shape[1]), height, left=0.19, bottom=1.25 / height, right=0.99)
    # Blue to orange through white differs in lightness and in hue that all readers tell apart.
    colours = sns.diverging_palette(240, 35, s=85, l=62, as_cmap=True)
    cells = matrix.to_numpy()
    sure = grid.sure.to_numpy()
    mesh = axes.pcolormesh(
        np.where(sure, cells, 0.0), cmap=colours, vmin=-largest, vmax=largest, edgecolors="white", linewidth=1.0
    )
    for (down, across), value in np.ndenumerate(cells):
        axes.text(
            across + 0.5,
            down + 0.5,
            number(value, step),
            ha="center",
            va="center",
            color="#111111" if sure[down, across] else _GREY,
        )
    figure.colorbar(mesh, ax=axes, label=unit, pad=0.02).outline.set_visible(False)
    axes.set_xticks(np.arange(matrix.shape[1]) + 0.5, [_told(value) for value in matrix.columns])
    axes.set_yticks(np.arange(matrix.shape[0]) + 0.5, [_told(value) for value in matrix.index])
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_xlabel(str(matrix.columns.name).replace("_", " "))
    axes.set_ylabel(str(matrix.index.name).replace("_", " "))
    smallest, most = number(float(np.nanmin(matrix)), step), number(float(np.nanmax(matrix)), step)
    text = (
        f"Heat map of {title}: {matrix.index.name} up, {matrix.columns.name} across; from {smallest} to {most} {unit}; "
        f"{int(sure.sum())} of {sure.size} cells have an interval that leaves zero out. {CAVEAT.capitalize()}."
    )
    _finish(figure, path, title, f"Grey numbers: the 90 % interval spans zero. {foot}", text)
    return text


def tornado(rows: pd.DataFrame, path: Path, *, title: str, axis: str, foot: str, second_name: str = "") -> str:
    """Draw numbers with their intervals from top to bottom into a PNG; return its alternative text.

    ``rows`` has ``name``, ``value``, ``low`` and ``high``; optional ``second`` is a diamond, with a legend.
    """
    shown = rows.iloc[::-1]
    places = np.arange(len(shown), dtype=np.float64)
    height = 2.3 + 0.42 * len(shown)
    longest = max((len(str(name)) for name in shown["name"]), default=1)
    figure, axes = _figure(10.0, height, left=min(0.45, 0.06 + 0.0082 * longest), bottom=1.35 / height, right=0.97)
    value = shown["value"].to_numpy(dtype=np.float64)
    colours = [_BLUE if one >= 0 else _ORANGE for one in value]
    axes.barh(places, value, height=0.62, color=colours, alpha=0.85)
    low, high = (shown[name].to_numpy(dtype=np.float64) for name in ("low", "high"))
    known = np.isfinite(low) & np.isfinite(high)
    axes.hlines(places[known], low[known], high[known], color="#222222", linewidth=1.6)
    for end in (low, high):
        axes.plot(end[known], places[known], "|", color="#222222", markersize=8)
    if "second" in shown:
        axes.plot(
            shown["second"].to_numpy(dtype=np.float64),
            places,
            "D",
            color=_ORANGE,
            markersize=6,
            markeredgecolor="white",
            label=second_name,
        )
        axes.legend(loc="lower right", frameon=False)
    axes.axvline(0.0, color=_GREY, linewidth=0.9)
    axes.set_yticks(places, [str(name) for name in shown["name"]])
    axes.set_xlabel(axis)
    axes.grid(axis="x", color="#e4e4e4", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    told = "; ".join(f"{row.name} {_with_ends(row)}" for row in rows.itertuples(index=False))
    text = f"Bars from top to bottom: {title}. {axis}: {told}. {CAVEAT.capitalize()}."
    _finish(figure, path, title, foot, text)
    return text


def _with_ends(row: Any) -> str:
    """Return a value and its interval with no more digits than the interval supports."""
    width = row.high - row.low
    if not math.isfinite(width):
        return number(row.value, finest_for(abs(row.value)))
    finest = 10.0 ** (math.floor(math.log10(width)) - 1) if width > 0 else 0.01
    return str(printed(row.value, row.low, row.high, min(1.0, finest)))


def _figure(width: float, height: float, *, left: float, bottom: float, right: float) -> tuple[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((left, bottom, right - left, 1.0 - bottom - 0.75 / height))
    return figure, axes


def _finish(figure: Any, path: Path, title: str, foot: str, text: str) -> None:
    width, height = figure.get_size_inches()
    figure.text(0.02, 1.0 - 0.36 / height, title, fontsize=13, fontweight="bold", va="center")
    words = f"transitionsim {__version__}, {CAVEAT}. {foot}"
    lines = textwrap.wrap(words, int(width * 13))
    figure.text(0.02, 0.12 / height, "\n".join(lines), fontsize=8.5, color=_GREY, va="bottom", linespacing=1.35)
    figure.text(0.985, 1.0 - 0.12 / height, CAVEAT, fontsize=9, ha="right", va="top", style="italic", color=_RED)
    figure.savefig(path, dpi=140, metadata={"Title": title, "Description": text, "Software": "transitionsim"})


def _told(value: Any) -> str:
    return f"{value:,.10g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
