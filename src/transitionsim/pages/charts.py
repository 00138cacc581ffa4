"""The chart of a report, drawn as SVG for pages and as PNG to be handed on, with the caveat inside the image.

Where every year was kept: both scenarios above each other on the left, their paired difference on the right, each with
its band. Else the paired differences of all scenarios at the horizon, as points with bars.
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim import __version__
from transitionsim.claims.bundle import Bundle
from transitionsim.claims.estimate import Estimate
from transitionsim.claims.language import Language
from transitionsim.experiments.numbers import number
from transitionsim.experiments.paired import HIGH, LOW
from transitionsim.pages.naming import heading, named

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Paths = NDArray[np.float64]
OURS: Final = "#0173b2"
THEIRS: Final = "#a85500"
GREY: Final = "#5a5a5a"
CAVEAT_COLOUR: Final = "#9c2f2f"
_FEWEST_YEARS: Final = 3
_WIDE: Final = 34
_DPI: Final = 150


@dataclass(frozen=True)
class Chart:
    """A chart as bytes, in words, and whether it shows years or the scenarios of one year."""

    svg: bytes
    png: bytes
    alternative: str
    by_year: bool


@dataclass(frozen=True)
class Path:
    """A quantity year by year: quantiles over draws, (years, 3): low, median, high."""

    years: tuple[int, ...]
    scenario: Paths
    against: Paths
    difference: Paths


def chart(bundle: Bundle, claim: str, *, exploratory: bool = False) -> Chart:
    """Return the chart of a report; ``claim`` is the id that stands in the image and in its metadata.

    An ``exploratory`` one says so across the whole image.
    """
    import matplotlib as mpl
    import seaborn as sns
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Drawn

    path = _path(bundle)
    rows = 1 if path is not None else len(bundle.others)
    # Names of users are text: a dollar sign begins no formula.
    plain = mpl.rc_context(
        {"svg.hashsalt": "transitionsim", "svg.fonttype": "path", "font.size": 10, "text.parse_math": False}
    )
    with sns.axes_style("ticks"), plain:
        figure = Drawn(figsize=(9.6, 3.9 if path is not None else 1.7 + 0.34 * max(rows, 3)))
        FigureCanvasAgg(figure)
        if path is not None:
            _by_year(figure, bundle, path)
        else:
            _by_arm(figure, bundle)
        _frame(figure, bundle, claim)
        if exploratory:
            _watermark(figure, bundle.words)
        words = {"Title": claim, "Description": f"{heading(bundle)} ({bundle.words('caveat')})"}
        svg, png = io.BytesIO(), io.BytesIO()
        program = f"transitionsim {__version__}"
        figure.savefig(svg, format="svg", metadata={**words, "Creator": program, "Date": None})
        figure.savefig(png, format="png", dpi=_DPI, metadata={**words, "Software": program})
    return Chart(svg.getvalue(), png.getvalue(), alternative(bundle), path is not None)


def alternative(bundle: Bundle) -> str:
    """Return the chart in words: the sentence of the claim, which holds all of its numbers."""
    return bundle.statement


def _path(bundle: Bundle) -> Path | None:
    """Return the quantity of every year up to the horizon; nothing where years were not kept."""
    quantity = bundle.quantity
    found = bundle.source.measured(quantity.outcome, every_year=True)
    years = tuple(year for year in found.horizons if year <= quantity.horizon)
    if quantity.outcome in found.cannot or len(years) < _FEWEST_YEARS:
        return None
    pairs = [found.pairs(quantity.outcome, year, quantity.scenario, quantity.against) for year in years]
    own = [found.level(quantity.outcome, year, quantity.scenario) for year in years]
    other = [found.level(quantity.outcome, year, quantity.against) for year in years]
    if not all(len(one) for one in (*pairs, *own, *other)):
        return None
    tables = [np.array([np.quantile(one.numbers, (LOW, 0.5, HIGH)) for one in part]) for part in (own, other, pairs)]
    return Path(years, *tables)


def _by_year(figure: Figure, bundle: Bundle, path: Path) -> None:
    words, quantity, names = bundle.words, bundle.quantity, named(bundle)
    short = {"scenario": _shortened(quantity.scenario, words), "against": _shortened(quantity.against, words)}
    left, right = figure.subplots(1, 2, gridspec_kw={"wspace": 0.66})
    figure.subplots_adjust(left=0.085, right=0.87, top=0.80, bottom=0.15)
    years = np.array(path.years)
    _band(left, years, path.against, THEIRS, "--")
    _band(left, years, path.scenario, OURS, "-")
    left.set_ylim(bottom=min(0.0, float(left.get_ylim()[0])))
    _ends(left, ((path.scenario, short["scenario"], OURS), (path.against, short["against"], THEIRS)))
    _titled(left, words("page.chart_levels", **names), words.unit(quantity.unit))
    floor = bundle.estimate.floor
    if floor.n:
        right.axhspan(floor.low, floor.high, color=GREY, alpha=0.12, linewidth=0)
    _band(right, years, path.difference, OURS, "-")
    if not path.difference.any() and (floor.n == 0 or floor.low == floor.high):
        right.set_ylim(-1.0, 1.0)
    right.axhline(0, color=GREY, linewidth=0.9)
    _ends(right, ((path.difference, _extent(bundle.estimate, words), OURS),))
    _titled(right, words("page.difference"), words.unit(quantity.unit), words("page.chart_difference", **short))
    for axes in (left, right):
        axes.set_xlim(years[0], years[-1])
        _ticks(axes, words)


def _band(axes: Axes, years: NDArray[np.int64], values: Paths, colour: str, style: str) -> None:
    axes.fill_between(years, values[:, 0], values[:, 2], color=colour, alpha=0.13, linewidth=0)
    for edge in (0, 2):
        axes.plot(years, values[:, edge], color=colour, linestyle=style, linewidth=0.7, alpha=0.6)
    axes.plot(years, values[:, 1], color=colour, linestyle=style, linewidth=2.1)


def _ends(axes: Axes, lines: Sequence[tuple[Paths, str, str]]) -> None:
    """Write the name of every line beside its end, names pushed apart."""
    bottom, top = axes.get_ylim()
    ordered = sorted(lines, key=lambda one: float(one[0][-1, 1]))
    heights = [float(one[0][-1, 1]) for one in ordered]
    texts = ["\n".join(textwrap.wrap(name, 17, max_lines=3, placeholder="…")) for _, name, _ in ordered]
    for place in range(1, len(heights)):
        rows = (texts[place - 1] + "\n" + texts[place]).count("\n") + 1
        step = (0.04 + 0.03 * rows) * (top - bottom)
        if heights[place] - heights[place - 1] < step:
            middle = (heights[place] + heights[place - 1]) / 2
            heights[place - 1], heights[place] = middle - step / 2, middle + step / 2
    for (_, _, colour), text, height in zip(ordered, texts, heights, strict=True):
        axes.annotate(
            text, (1.02, height), xycoords=("axes fraction", "data"), color=colour, fontsize=9, fontweight="bold",
            va="center", linespacing=0.95, annotation_clip=False,
        )  # fmt: skip


def _by_arm(figure: Figure, bundle: Bundle) -> None:
    words, quantity, names = bundle.words, bundle.quantity, named(bundle)
    axes = figure.subplots()
    height = float(figure.get_size_inches()[1])
    figure.subplots_adjust(left=0.30, right=0.97, top=1 - 0.85 / height, bottom=0.75 / height)
    floor = bundle.estimate.floor
    if floor.n:
        axes.axvspan(floor.low, floor.high, color=GREY, alpha=0.12, linewidth=0)
    axes.axvline(0, color=GREY, linewidth=0.9)
    for place, one in enumerate(bundle.others):
        chosen = one.quantity.scenario == quantity.scenario
        colour = OURS if chosen else GREY
        axes.plot([one.total.low, one.total.high], [place, place], color=colour, linewidth=3.0 if chosen else 1.6)
        axes.plot([one.total.median], [place], marker="D" if chosen else "o", color=colour, markersize=6)
    labels = [_shortened(one.quantity.scenario, words) for one in bundle.others]
    axes.set_yticks(range(len(labels)), labels=labels)
    for label, one in zip(axes.get_yticklabels(), bundle.others, strict=True):
        label.set_fontweight("bold" if one.quantity.scenario == quantity.scenario else "normal")
    axes.invert_yaxis()
    _titled(axes, words("page.chart_arms", **names), "", words("page.beside", **names))
    axes.set_xlabel(words.unit(quantity.unit))
    _ticks(axes, words, sideways=True)


def _shortened(name: str, words: Language) -> str:
    """Return a name in quotation marks that fits beside a chart: of a long one both ends, where names often differ."""
    half = (_WIDE - 1) // 2
    return words.quoted(name if len(name) <= _WIDE else f"{name[:half]}…{name[-half:]}")


def _extent(found: Estimate, words: Language) -> str:
    one = found.printed
    low, high = words.number(one.low), words.number(one.high)
    return low if low == high else words("page.range", low=low, high=high)


def _titled(axes: Axes, title: str, unit: str, below: str = "") -> None:
    """Write a title of ours, and ``below`` it in smaller letters what names scenarios."""
    width = 46 if unit else 62
    wrapped = "\n".join(textwrap.wrap(title, width, max_lines=3, placeholder="…"))
    smaller = textwrap.wrap(below, width, max_lines=2, placeholder="…")
    look: dict[str, Any] = {"loc": "left", "fontsize": 10.5, "fontweight": "bold", "linespacing": 1.15}
    axes.set_title(wrapped, pad=6 + 11 * len(smaller), **look)
    place: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
    axes.annotate("\n".join(smaller), (0, 1), (0, 5), fontsize=9, color=GREY, **place)
    if unit:
        axes.set_ylabel(unit, fontsize=9, color=GREY)


def _ticks(axes: Axes, words: Language, *, sideways: bool = False) -> None:
    import seaborn as sns
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    sns.despine(ax=axes)
    amounts = axes.xaxis if sideways else axes.yaxis

    def shown(value: float, _: Any) -> str:
        apart = float(np.diff(amounts.get_majorticklocs()[:2])[0])
        return words.number(number(value, min(1.0, 10.0 ** math.floor(math.log10(apart)))))

    amounts.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    amounts.set_major_formatter(FuncFormatter(shown))
    if sideways:
        axes.tick_params(axis="y", length=0)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axes.grid(axis="x" if sideways else "y", color="#e4e4e4", linewidth=0.7)
    axes.set_axisbelow(True)


def _frame(figure: Figure, bundle: Bundle, claim: str) -> None:
    """Write the caveat and the claim into the image, so that it cannot travel without them."""
    height = float(figure.get_size_inches()[1])
    look: dict[str, Any] = {"fontsize": 9, "va": "center"}
    figure.text(
        0.985, 1 - 0.16 / height, bundle.words("caveat"), ha="right", style="italic", color=CAVEAT_COLOUR, **look
    )
    foot = f"transitionsim {__version__}, {bundle.claim.region}, {claim}"
    figure.text(0.015, 0.14 / height, foot, color=GREY, **look)


def _watermark(figure: Figure, words: Language) -> None:
    text = words("page.exploratory").partition(".")[0].upper()
    look: dict[str, Any] = {"fontsize": 44, "color": CAVEAT_COLOUR, "alpha": 0.16, "ha": "center", "va": "center"}
    figure.text(0.5, 0.5, text, rotation=20, fontweight="bold", **look)
