"""One figure for a comparison: who lost what by when, against no transition, with the background below.

Left posts lost, right involuntary losses; above the paired difference with its 90 % band for every arm, below
the level in the no-transition arm that the difference comes on top of. Colours are safe for colour-blind
readers and doubled by line styles; every line is named where it ends.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim import __version__
from transitionsim.experiments.comparing import own_contrasts
from transitionsim.experiments.design import NO_TRANSITION, Arm
from transitionsim.experiments.manifest import CAVEAT
from transitionsim.experiments.outcomes import INVOLUNTARY, Series, together
from transitionsim.experiments.paired import HIGH, LOW
from transitionsim.experiments.results import Results
from transitionsim.report.header import last_month, place
from transitionsim.report.table import in_print

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Monthly = NDArray[np.float64]
_STYLES: Final = (
    "-",
    (0, (5, 1.5)),
    (0, (1.2, 1.2)),
    (0, (6, 1.5, 1.2, 1.5)),
    (0, (3, 1, 1, 1, 1, 1)),
    (0, (8, 3)),
)
_COLOURS: Final = (0, 3, 2, 1, 4, 7, 5, 9, 6, 8)
"""Order in which the colours of seaborn's colour-blind palette are used."""
_GREY: Final = "#5a5a5a"
_FIRST_WHISKER: Final = 1.02
_BETWEEN_WHISKERS: Final = 0.022
"""Places of the end intervals beside the axes, in widths of the axes."""
_LABEL_WIDTH: Final = 16
_FOOT_WIDTH: Final = 190


@dataclass(frozen=True, slots=True)
class _Panel:
    """One column of the figure: an outcome, how it is read month by month, and its titles."""

    outcome: str
    title: str
    below: str
    monthly: Callable[[Series], Monthly]
    sign: int


_PANELS: Final = (
    _Panel(
        "posts_lost",
        "Posts lost (a): no transition minus scenario",
        "Automotive posts without transition",
        lambda series: np.asarray(series["posts_automotive"], dtype=np.float64),
        -1,
    ),
    _Panel(
        "involuntary_losses",
        "Involuntary losses so far (b+c+d): scenario minus no transition",
        "Involuntary losses so far without transition",
        lambda series: np.cumsum(together(series, INVOLUNTARY)),
        1,
    ),
)


def draw_figure(results: Results, table: pd.DataFrame, path: Path) -> str:
    """Draw a comparison into a PNG and return its alternative text. Needs at least one finished pair."""
    table = own_contrasts(table)
    import seaborn as sns
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    palette = sns.color_palette("colorblind")
    with sns.axes_style("ticks"):
        figure = Figure(figsize=(14, 7.6))
        FigureCanvasAgg(figure)
        room = {"left": 0.055, "right": 0.85, "top": 0.815, "bottom": 0.125}
        grid = figure.add_gridspec(2, 2, height_ratios=(3.6, 1), wspace=0.58, hspace=0.17, **room)
        for column, panel in enumerate(_PANELS):
            above = figure.add_subplot(grid[0, column])
            below = figure.add_subplot(grid[1, column], sharex=above)
            _differences(above, results, panel, palette)
            axes_title = f"{panel.title}\n{_at_the_end(table, panel)}"
            above.set_title(axes_title, loc="left", fontsize=11, linespacing=1.35)
            _background(below, results, panel)
    _frame(figure, results, table)
    text = alternative_text(results, table)
    about = {"Title": _title(results), "Description": text, "Software": "transitionsim"}
    figure.savefig(path, dpi=150, metadata=about)
    return text


def alternative_text(results: Results, table: pd.DataFrame) -> str:
    """Return the figure in words, for readers who do not see it."""
    table = own_contrasts(table)
    parts = []
    for panel in _PANELS:
        rows = table[(table["outcome"] == panel.outcome) & table["role"].isin(["baseline", "scenario"])]
        said = "; ".join(f"{row.scenario} {in_print(row)}" for row in rows.itertuples() if row.n)
        parts.append(f"{panel.title}, at the end, median (90 % interval): {said}.")
    head = f"Two panels of lines with 90 % bands, {_title(results)}."
    return " ".join([head, *parts, f"{CAVEAT.capitalize()}."])


def _at_the_end(table: pd.DataFrame, panel: _Panel) -> str:
    """Return what the baseline comes to, in plain words that claim no direction."""
    baseline = table[(table["outcome"] == panel.outcome) & (table["role"] == "baseline")]
    row: Any = next(baseline.itertuples())
    return f"{row.scenario}: {in_print(row).extent} at the end" if row.n else f"{row.scenario}: no finished pair"


def _title(results: Results) -> str:
    scenario = results.design.baseline.scenario
    span = f"{scenario.start} to {last_month(scenario)}"
    return f"{place(scenario)}, {span}: automotive jobs against no transition"


def _years(results: Results) -> Monthly:
    scenario = results.design.baseline.scenario
    # A value stands at the end of its month.
    return (int(scenario.start) + 1 + np.arange(scenario.months, dtype=np.float64)) / 12.0


def _paired(results: Results, arm: str, panel: _Panel) -> Monthly:
    """Return the paired differences by draw (rows) and month (columns)."""
    runs, reference = results.of(arm), results.of(NO_TRANSITION)
    both = sorted(runs.keys() & reference.keys())
    pairs = [(panel.monthly(runs[draw].series), panel.monthly(reference[draw].series)) for draw in both]
    return np.array([panel.sign * (here - there) for here, there in pairs])


def _drawn(results: Results) -> list[Arm]:
    """Return the arms that have a pair, without scenarios that are no transition itself: the zero line."""
    reference = results.of(NO_TRANSITION)
    digests = {draw: run.digest for draw, run in reference.items()}
    drawn = []
    for arm in results.design.shown:
        runs = results.of(arm.label)
        same = arm.role == "scenario" and all(run.digest == digests.get(draw) for draw, run in runs.items())
        if runs.keys() & reference.keys() and not same:
            drawn.append(arm)
    return drawn


def _differences(axes: Axes, results: Results, panel: _Panel, palette: Sequence[Any]) -> None:
    years = _years(results)
    ends = []
    for place_, arm in enumerate(_drawn(results)):
        colour = palette[_COLOURS[place_ % len(_COLOURS)]]
        style = _STYLES[place_ % len(_STYLES)]
        low, middle, high = np.quantile(_paired(results, arm.label, panel), (LOW, 0.5, HIGH), axis=0)
        axes.fill_between(years, low, high, color=colour, alpha=0.06, linewidth=0)
        for edge in (low, high):
            axes.plot(years, edge, color=colour, linestyle=style, linewidth=0.7, alpha=0.55)
        axes.plot(years, middle, color=colour, linestyle=style, linewidth=2.0)
        ends.append((float(middle[-1]), float(low[-1]), float(high[-1]), arm.label, colour))
    axes.axhline(0, color=_GREY, linewidth=0.8)
    _plain(axes)
    axes.tick_params(labelbottom=False)
    _name_ends(axes, ends)


def _name_ends(axes: Axes, ends: Sequence[tuple[float, float, float, str, Any]]) -> None:
    """Write each arm's name beside its end, with its interval as a whisker, names pushed apart."""
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom, top)
    beside = axes.get_yaxis_transform()
    ordered = sorted(ends)
    heights = _apart([end[0] for end in ordered], 0.085 * (top - bottom), bottom, top)
    right = _FIRST_WHISKER + _BETWEEN_WHISKERS * len(ordered)
    for number, ((middle, low, high, label, colour), height) in enumerate(zip(ordered, heights, strict=True)):
        x = _FIRST_WHISKER + _BETWEEN_WHISKERS * number
        look: dict[str, Any] = {"transform": beside, "color": colour, "clip_on": False}
        axes.plot([x, x], [low, high], linewidth=2.2, solid_capstyle="butt", **look)
        axes.plot([x], [middle], marker="o", markersize=4.5, **look)
        axes.plot([x, right], [middle, height], linewidth=0.6, alpha=0.6, **look)
        text = "\n".join(textwrap.wrap(label, _LABEL_WIDTH))
        axes.text(right + 0.01, height, text, va="center", fontsize=9, fontweight="bold", linespacing=0.95, **look)


def _apart(heights: Sequence[float], step: float, bottom: float, top: float) -> list[float]:
    """Return ascending heights at least ``step`` apart, as near to the given ones as a sweep up and down gets.

    >>> _apart([1.0, 1.1, 5.0], 1.0, 0.0, 6.0)
    [1.0, 2.0, 5.0]
    >>> _apart([5.8, 5.9], 1.0, 0.0, 6.0)
    [5.0, 6.0]
    """
    found = list(heights)
    for place_ in range(1, len(found)):
        found[place_] = max(found[place_], found[place_ - 1] + step)
    ceiling = top
    for place_ in range(len(found) - 1, -1, -1):
        found[place_] = max(bottom, min(found[place_], ceiling))
        ceiling = found[place_] - step
    return found


def _background(axes: Axes, results: Results, panel: _Panel) -> None:
    years = _years(results)
    levels = np.array([panel.monthly(run.series) for run in results.of(NO_TRANSITION).values()])
    if levels.size:
        low, middle, high = np.quantile(levels, (LOW, 0.5, HIGH), axis=0)
        axes.fill_between(years, low, high, color=_GREY, alpha=0.18, linewidth=0)
        axes.plot(years, middle, color=_GREY, linewidth=1.6)
    # A level of nothing at all still needs an axis on which a person could be seen.
    axes.set_ylim(bottom=0, top=None if levels.size and levels.max() > 0 else 10)
    axes.set_title(panel.below, loc="left", fontsize=9.5, color=_GREY)
    _plain(axes)


def _plain(axes: Axes) -> None:
    import seaborn as sns
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    sns.despine(ax=axes)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}".replace("-", "\u2212")))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    axes.margins(x=0)
    axes.grid(axis="y", color="#e4e4e4", linewidth=0.7)
    axes.set_axisbelow(True)


def _frame(figure: Any, results: Results, table: pd.DataFrame) -> None:
    design = results.design
    rows = table[table["outcome"] == "posts_lost"]
    share = rows.iloc[0]
    figure.text(0.055, 0.945, _title(results), fontsize=15, fontweight="bold")
    about = (
        f"Median and 90 % interval of {int(rows['n'].max())} paired draws "
        f"({design.interval_holds}); of {share['denominator']:,.0f} {share['denominator_name']}"
    )
    figure.text(0.055, 0.907, about, fontsize=10.5, color=_GREY)
    persons = design.baseline.scenario.persons_per_agent
    foot = [
        f"transitionsim {__version__}, {CAVEAT}.",
        f"One agent stands for {persons} person{'s' * (persons != 1)}. Baseline: {design.baseline.label}.",
        *(f"{label[:1].upper()}{label[1:]}." for label in results.labels),
    ]
    words = "\n".join(textwrap.wrap(" ".join(foot), _FOOT_WIDTH))
    figure.text(0.055, 0.075, words, fontsize=9, color=_GREY, va="top", linespacing=1.4)
    figure.text(0.98, 0.945, CAVEAT, fontsize=10.5, ha="right", style="italic", color="#9c2f2f")
