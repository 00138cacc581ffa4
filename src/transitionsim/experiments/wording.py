"""The analyses of a sweep as text: what was asked, what varied, and tables of at most a page's width where they fit."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from transitionsim import __version__
from transitionsim.experiments.manifest import CAVEAT
from transitionsim.experiments.numbers import NOTHING, finest_for, number, printed, step_for
from transitionsim.experiments.samples import LEVEL

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.experiments.contrasts import Measured
    from transitionsim.experiments.plan import Sweep
    from transitionsim.experiments.sensitivity import Sensitivity

WIDTH: Final = 118
FLOOR_MARK: Final = "\u00b0"
_LABEL: Final = 12
_MILLION: Final = 1e6
_WORDS: Final = {"inputs": "draws of inputs", "seeds": "seeds"}


def header(sweep: Sweep, found: Measured) -> str:
    """Return the lines above every analysis."""
    lines = [f"transitionsim {__version__}: {CAVEAT}", *(line(*fact) for fact in facts(sweep, found))]
    return "\n".join(lines)


def facts(sweep: Sweep, found: Measured) -> list[tuple[str, str]]:
    """Return what the header says, as labels and texts."""
    plan = sweep.plan
    done = {draw for levels in found.levels.values() for runs in levels.values() for draw in runs}
    draws = [draw for draw in plan.draws if draw.number in done]
    inputs = {draw.inputs for draw in draws}
    seeds = len(draws) / max(1, len(inputs))
    varies = f"{_counted(len(inputs), 'draw')} of inputs, {_counted(seeds, 'seed')} each"
    if len(set(found.inputs.values())) == 1:
        varies = f"{_counted(len(draws), 'seed')}, inputs held fixed"
    size = plan.smallest_effect
    told = [
        ("question", plan.question),
        ("region", plan.region),
        (
            "design",
            f"{plan.design}; {len(plan.arms)} arms, {len(draws)} draws{_of_planned(len(draws), len(plan.draws))}",
        ),
        ("varies", varies),
        ("intervals", f"hold {found.interval_holds}"),
    ]
    if plan.swept:
        told.append(("inputs", "; ".join(f"{one.key} {one.extent} ({one.grade})" for one in plan.swept)))
    if size is not None:
        told.append(("effect", f"smallest of interest, fixed before: {size.size:,.6g} {size.unit} of {size.outcome}"))
    if not sweep.complete:
        told.append(("incomplete", "the sweep has not finished; what is shown is what there is"))
    if sweep.failures:
        told.append(("failed", f"{len(sweep.failures)} runs; they are left out of every pair"))
    told += [("left out", f"{key}: {why}") for key, why in found.cannot.items()]
    return told


def _of_planned(done: int, planned: int) -> str:
    return "" if done == planned else f" of {planned} planned"


def _counted(count: float, what: str) -> str:
    return f"{count:.3g} {what}{'s' * (count != 1)}"


def line(label: str, text: str) -> str:
    """Return one labelled line, wrapped."""
    return textwrap.fill(
        text, WIDTH, initial_indent=label.ljust(_LABEL), subsequent_indent=" " * _LABEL,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of cells as a table: the first row is the head, the first column is on the left."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(wide) for cell, wide in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
    lines = [one.rstrip() for one in lines]
    return "\n".join([lines[0], "\u2500" * max(map(len, lines)), *lines[1:]])


def comparison_text(found: Measured, table: pd.DataFrame) -> str:
    """Return a block for each outcome and horizon: the baseline against no transition, arms against the baseline."""
    blocks = []
    for _, rows in table.groupby(["outcome", "horizon"], sort=False):
        first = rows.iloc[0]
        unit = "million EUR" if first["unit"] == "EUR" else str(first["unit"])
        head = f"{first['title']}, to {first['horizon']}, {unit}: mean (90 % interval) of paired differences"
        shown = [*map(_row, _shown(found, rows)), *_beside(first)]
        blocks.append(f"{head}\n{columns([_HEAD, *shown])}")
    return "\n\n".join([*blocks, _notes(found, table)])


_HEAD: Final = (
    "arm", "mean (90 %)", "all together", "9 draws in 10", "answer", "sd seeds", "sd inputs", "needed"
)  # fmt: skip


def _shown(found: Measured, rows: pd.DataFrame) -> list[Any]:
    """Return the rows printed: against the baseline where there is one, and the baseline against no transition."""
    baseline = found.arm("baseline")
    rows = rows[rows["role"] != "placebo"]
    if baseline is None:
        return list(rows.itertuples())
    own = (rows["scenario"] == baseline.label) | (rows["against"] == baseline.label)
    return list(rows[own].itertuples())


def _beside(row: Any) -> list[list[str]]:
    """Return what stands below a block: what a seat that cannot matter changes, and the level differences come on."""
    scale = _MILLION if row["unit"] == "EUR" else 1.0
    found = []
    for name, low, high in (
        ("placebo seat \u2212 baseline", "placebo_p05", "placebo_p95"),
        (f"level: {row['against']}", "background_p05", "background_p95"),
    ):
        ends = _ends(row[low] / scale, row[high] / scale, _finest_of(row["unit"], row[high] / scale))
        found.append([name, NOTHING, NOTHING, ends, *[NOTHING] * 4])
    return found


def _row(row: Any) -> list[str]:
    name = f"{row.scenario} \u2212 {row.against}" if row.role == "baseline" else str(row.scenario)
    if row.n == 0:
        return [name, *[NOTHING] * 7]
    scale = _MILLION if row.unit == "EUR" else 1.0
    finest = _finest_of(row.unit, max(abs(row.p05), abs(row.p95)) / scale)
    mean = printed(row.mean / scale, row.low / scale, row.high / scale, finest)
    mark = FLOOR_MARK if row.placebo_p05 == row.placebo_p05 and not row.beyond_placebo and row.unit != "EUR" else ""
    largest = np.nanmax([row.sd_seeds, row.sd_inputs, 0.0]) / scale
    step = step_for(0.0, 2.0 * largest, finest)
    return [
        name,
        f"{mean.cell}{mark}" if row.low == row.low else f"{number(row.mean / scale, finest)}{mark}",
        _ends(row.low_together / scale, row.high_together / scale, finest),
        _ends(row.p05 / scale, row.p95 / scale, finest),
        _answer(row),
        number(row.sd_seeds / scale, step),
        number(row.sd_inputs / scale, step),
        NOTHING if row.needed != row.needed or row.needed is None else f"{int(row.needed):,}",
    ]


def _finest_of(unit: str, largest: float) -> float:
    if unit == "EUR":
        return finest_for(abs(largest))
    return 0.01 if unit in ("percentage points", "percent", "ratio") else 1.0


def _ends(low: float, high: float, finest: float) -> str:
    if low != low:
        return NOTHING
    return printed(low, low, high, finest).extent.replace(" to ", "\u2026")


def _answer(row: Any) -> str:
    if row.size != row.size:
        return NOTHING
    return f"larger than {row.size:,.6g}" if row.answer == "larger than" else str(row.answer)


def _notes(found: Measured, table: pd.DataFrame) -> str:
    unit = "blocks of the design" if found.block > 1 else _WORDS[str(table["cluster"].iloc[0])]
    most = f"{table['n'].max()} pairs in {table['clusters'].max()} {unit}"
    methods = "; ".join(dict.fromkeys(table["method"]))
    notes = [
        f"Each line is an arm minus the baseline, draw by draw, over {most}; the first line is the baseline minus no "
        "transition (for 'lost', 'forgone' and 'avoided' the reverse). mean: bootstrap over "
        f"{unit} ({methods}). all together: intervals of all arms that hold at once. 9 draws in 10: 5th to 95th "
        "percentile of single draws.",
        "answer: the interval against the smallest effect of interest, by two one-sided tests. sd: spread of single "
        "differences between seeds with the inputs fixed, and between inputs beyond it. needed: "
        f"{unit} for a half-width of half the smallest effect, or of a tenth of the mean where none was fixed "
        "and its sign is known.",
        f"{FLOOR_MARK} No effect to report: the median lies within what one training seat that cannot matter changes.",
    ]
    return "\n".join(textwrap.fill(note, WIDTH, subsequent_indent="  ") for note in notes)


def matrix_text(matrix: pd.DataFrame, title: str, step: float) -> str:
    """Return the mean differences of a grid of two levers as text, rounded to a step."""
    rows = [[f"{matrix.index.name} \\ {matrix.columns.name}", *map(_lever, matrix.columns)]]
    rows += [
        [_lever(label), *(number(value, step) for value in row)]
        for label, row in zip(matrix.index, matrix.to_numpy(), strict=True)
    ]
    return f"{title}\n{columns(rows)}"


def terms_text(terms: pd.DataFrame, title: str, unit: str) -> str:
    """Return what every lever contributes as text, the largest first and all of them together last."""
    scale = _MILLION if unit == "EUR" else 1.0
    rows = [["lever", "from", "to", "term (90 %)"]]
    every: list[Any] = list(sorted_terms(terms).itertuples())
    for row in every:
        mean = printed(row.mean / scale, row.low / scale, row.high / scale, _finest_of(unit, abs(row.mean) / scale))
        rows.append([row.lever, row.first, row.second, mean.cell if row.low == row.low else mean.median])
    note = (
        "Shapley terms: what a lever changes, averaged over all orders of moving them; in every draw they sum to the "
        "last line."
    )
    return "\n".join([title, columns(rows), textwrap.fill(note, WIDTH, subsequent_indent="  ")])


def sorted_terms(terms: pd.DataFrame) -> pd.DataFrame:
    """Return the terms of levers, the largest first; the line of all levers stays last."""
    import pandas as pd

    one, together = terms.iloc[:-1], terms.iloc[-1:]
    return pd.concat([one.loc[one["mean"].abs().sort_values(ascending=False, kind="stable").index], together])


def _lever(value: Any) -> str:
    return f"{value:,.10g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def sensitivity_title(found: Measured, result: Sensitivity) -> str:
    """Return what a sensitivity is of, in one line."""
    one = result.contrast
    title = found.outcomes[one.outcome].title
    what = f"{one.arm} against {one.against}" if one.against != LEVEL else f"level in {one.arm}"
    if result.of == "lever points":
        what = f"lever points against {one.against}" if one.against != LEVEL else "level at lever points"
    return f"{title[:1].upper()}{title[1:]}, to {one.horizon}: {what}"


def sensitivity_text(result: Sensitivity, title: str) -> str:
    """Return the indices as text, the most important input first."""
    main, second = result.words
    share = result.method != "morris"
    finest = 0.01 if share else 1.0 if result.table["value"].max() >= 10 else 0.01
    rows = [["input", f"{main} (90 %)", *([f"{second} (90 %)"] if second else [])]]
    every: list[Any] = list(result.table.itertuples())
    for row in every:
        cells = [printed(row.value, row.low, row.high, finest).cell]
        if second:
            cells.append(printed(row.second, row.second_low, row.second_high, finest).cell)
        rows.append([str(row.name), *cells])
    fit = f"; R2 of ranks {result.fit:.2f}" if result.fit == result.fit else ""
    notes = [f"Over {sample_words(result)}{fit}.", *(f"Warning: {text}." for text in result.warnings)]
    lines = [textwrap.fill(note, WIDTH, subsequent_indent="  ") for note in notes]
    return "\n".join([f"{title} ({result.method})", columns(rows), *lines])


_SAMPLES: Final = {"morris": "trajectories", "sobol": "blocks of samples", "rank regression": "samples"}


def sample_words(result: Sensitivity) -> str:
    """Return how many samples of what a sensitivity rests on."""
    return f"{result.samples:,} {_SAMPLES[result.method]} ({result.of})"
