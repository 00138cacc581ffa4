"""Run the experiments of this folder and write what came of each into a page.

    python experiments/record.py [NAME ...] [--processes 2] [--folder docs/experiments]

For each file: the sweep is begun, or gone on with, in ``results/experiments/NAME``; its comparison (or, for a screening
design, its sensitivity) becomes a table, a figure and a sentence in ``docs/experiments/NAME.md``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
from scipy.stats import ttest_ind

from transitionsim.experiments.apart import lever_terms
from transitionsim.experiments.comparing import compared, lever_matrix
from transitionsim.experiments.contrasts import Measured, measured
from transitionsim.experiments.figures import heat_map, tornado
from transitionsim.experiments.intervals import mean_interval
from transitionsim.experiments.numbers import number, printed, step_for
from transitionsim.experiments.plan import Sweep
from transitionsim.experiments.question import Question, read_question
from transitionsim.experiments.reading import read_sweep
from transitionsim.experiments.samples import Contrast, chosen, samples
from transitionsim.experiments.sensitivity import sensitivity
from transitionsim.experiments.wording import sorted_terms

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FEW = 6
"""Differences that an answer can hold; of more it tells the ends."""
TEN = 10.0
SHORT = 8
"""A grid of more points than these is shown as a matrix for each outcome."""
MATRIX_LEVERS = 2
"""With more levers than these every single arm is one line too many: the page shows what each lever contributes."""


def main() -> None:
    """Record the experiments asked for, all by default."""
    names = sorted(path.stem for path in HERE.glob("*.yaml"))
    parser = argparse.ArgumentParser(description="Run the experiments and write their pages.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"among {', '.join(names)}; all by default")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "experiments")
    asked = parser.parse_args()
    if unknown := sorted({*asked.names} - {*names}):
        parser.error(f"no experiment is called {', '.join(unknown)}; there are {', '.join(names)}")
    asked.folder.mkdir(parents=True, exist_ok=True)
    for name in asked.names or names:
        out = ROOT / "results" / "experiments" / name
        begin = (
            ["--resume", str(out)] if (out / "plan.json").is_file() else [str(HERE / f"{name}.yaml"), "--out", str(out)]
        )
        subprocess.run(
            [sys.executable, "-m", "transitionsim", "sweep", *begin, "--processes", str(asked.processes)], check=True
        )
        page = page_of(name, read_sweep(out), asked.folder)
        (asked.folder / f"{name}.md").write_text(page, encoding="utf-8")
        print(f"{name}: written", flush=True)


def page_of(name: str, sweep: Sweep, folder: Path) -> str:
    """Return the page of an experiment; its figure is drawn beside it."""
    question, _ = read_question(HERE / f"{name}.yaml")
    found = measured(sweep)
    screening = bool(sweep.plan.sampling) and question.inputs_design != "random"
    body = (
        screened(name, sweep, found, folder)
        if screening
        else differences(name, sweep, found, folder, [*question.levers])
    )
    inputs = len({draw.inputs for draw in sweep.plan.draws})
    varied = ", ".join(f"`{one.key}`" for one in sweep.plan.swept) or "none"
    held = ", ".join(f"`{key}` {value}" for key, value in question.set.items()) or "nothing"
    runs = len(sweep.plan.arms) * len(sweep.plan.draws)
    parts = [
        f"# {question.question}",
        "Simulated under stated assumptions, not a forecast.",
        body,
        *([f"**To be known.** {question.notes}"] if question.notes else []),
        f"**What would refute it.** {question.refuted_by}",
        f"**Design.** {len(sweep.plan.arms)} arms x {inputs} draws of inputs x {len(sweep.plan.draws) // inputs} "
        f"seeds = {runs:,} runs of {sweep.plan.region}; every arm of a draw shares its luck and its inputs. Uncertain "
        f"inputs: {varied}. {scale_of(question)}Held in all arms, the baseline too: {held}. "
        f"Failed runs: {len(sweep.failures)}. The file: "
        f"[`experiments/{name}.yaml`](../../experiments/{name}.yaml).",
        f"```sh skip\ntransitionsim sweep experiments/{name}.yaml --out results/{name}\n"
        f"transitionsim {'sensitivity' if screening else 'compare'} results/{name}\n```",
        f"Written by `python experiments/record.py {name}`; sweep {sweep.plan.id}.",
    ]
    return "\n\n".join(parts) + "\n"


def scale_of(question: Question) -> str:
    """Return what must be known of a coarse scale."""
    persons = int(question.set.get("persons_per_agent", 1))
    if persons == 1:
        return ""
    return (
        f"A record stands for {persons} persons, so that it runs on a laptop; [coarse records](../odd.md) let more "
        "people go in all arms alike, and single lines of the job ledger want one person to a record. "
    )


def differences(name: str, sweep: Sweep, found: Measured, folder: Path, varied: Sequence[str]) -> str:
    """Return sentence, table and figure of a comparison of arms with the baseline, or else with no transition."""
    outcome, horizon = next(iter(found.outcomes)), found.horizons[-1]
    terms = lever_terms(found, outcome, horizon)
    if terms is not None and len(terms) > MATRIX_LEVERS + 1:
        return taken_apart(name, found, folder)
    table = compared(found)
    rows = table[table["role"] == "scenario"]
    against = rows.groupby("outcome", sort=False)["against"].agg(lambda one: baseline_first(list(one), found))
    rows = rows[[one == against[key] for key, one in zip(rows["outcome"], rows["against"], strict=True)]]
    first = rows[(rows["outcome"] == next(iter(found.outcomes)))]
    last = first[first["horizon"] == first["horizon"].max()]
    shown = last.rename(columns={"scenario": "name", "mean": "value"})[["name", "value", "low", "high"]]
    title = f"{last['title'].iloc[0][:1].upper()}{last['title'].iloc[0][1:]}, to {last['horizon'].iloc[0]}"
    axis = f"difference from {last['against'].iloc[0]}, {last['unit'].iloc[0]} (mean and 90 % interval)"
    foot = f"Sweep {sweep.plan.id}, {sweep.plan.region}. Intervals are bootstrapped over draws of the inputs."
    against_label = last["against"].iloc[0]
    matrix = lever_matrix(found, table, outcome, horizon, against_label)
    if matrix is None:
        text = tornado(shown, folder / f"{name}.png", title=title, axis=axis, foot=foot)
    else:
        unit, title = last["unit"].iloc[0], f"{title}: mean difference from {against_label}"
        text = heat_map(matrix, folder / f"{name}.png", title=title, unit=unit, foot=f"Sweep {found.plan.id}.")
    tables = [as_table(rows)]
    answer = answered(first)
    if matrix is not None:
        answer = across(found, outcome, horizon, varied)
        if len(matrix.means) * len(matrix.means.columns) > SHORT:
            tables = matrices(found, table, against_label)
    if terms is not None:
        tables.append(terms_table(found, outcome, horizon))
    return "\n\n".join([f"**Answer.** {answer}", *tables, beside(found, first), f"![{text}]({name}.png)"])


def across(found: Measured, outcome: str, horizon: int, varied: Sequence[str]) -> str:
    """Return what each of two levers changes from its first to its last value, at every value of the other.

    The lever that the file names last is told first.
    """
    one = found.outcomes[outcome]
    told = []
    for second, first in (varied[::-1], varied):
        points = {(arm.levers[first], arm.levers[second]): arm.label for arm in found.plan.arms if arm.levers}
        down, along = (list(dict.fromkeys(values)) for values in zip(*points, strict=True))
        pairs = [found.pairs(outcome, horizon, points[value, along[-1]], points[value, along[0]]) for value in down]
        means = [mean_interval(pair.numbers, pair.clusters) for pair in pairs]
        said = "; ".join(
            f"{printed(mean.mean, mean.low, mean.high)} at {first} {value:,}"
            for mean, value in zip(means, down, strict=True)
        )
        sure = sum(not mean.low <= 0.0 <= mean.high for mean in means)
        claim = (
            f"the interval spans zero at {'all' if not sure else len(down) - sure} of them" if sure < len(down) else ""
        )
        told.append(f"{second} of {along[-1]:,} instead of {along[0]:,}: {said}{f' ({claim})' if claim else ''}")
    return (
        f"In simulation, {one.title} to {horizon}, in {one.unit}, change by (mean, 90 % interval): {'. '.join(told)}."
    )


def matrices(found: Measured, table: pd.DataFrame, against: str) -> list[str]:
    """Return a table for each outcome at the last horizon: the first lever down, the second across."""
    parts = []
    for key, one in found.outcomes.items():
        rows = table[(table["outcome"] == key) & (table["horizon"] == found.horizons[-1])]
        rows = rows[(rows["against"] == against) & (rows["role"] == "scenario")]
        levers = {arm.label: tuple(arm.levers.values()) for arm in found.plan.arms if arm.levers}
        first, second = next(dict.fromkeys(arm.levers) for arm in found.plan.arms if arm.levers)
        down, along = (list(dict.fromkeys(values)) for values in zip(*levers.values(), strict=True))
        cells = {levers[row["scenario"]]: as_printed(pd.Series(row)) for row in rows.to_dict("records")}
        title = f"{one.title[:1].upper()}{one.title[1:]}, to {found.horizons[-1]}, {one.unit}"
        lines = [f"{title}: mean difference from {against} (90 % interval)", ""]
        lines.append(f"| {first} \\ {second} | " + " | ".join(f"{value:,}" for value in along) + " |")
        lines.append("| --- " * (len(along) + 1) + "|")
        lines += [f"| {value:,} | " + " | ".join(cells[value, other] for other in along) + " |" for value in down]
        parts.append("\n".join(lines))
    return parts


def taken_apart(name: str, found: Measured, folder: Path) -> str:
    """Return sentence, tables and figure of what each of many levers contributes."""
    outcome, horizon = next(iter(found.outcomes)), found.horizons[-1]
    terms = lever_terms(found, outcome, horizon)
    assert terms is not None
    one = found.outcomes[outcome]
    rows = sorted_terms(terms)
    said = "; ".join(f"{row['lever']} {as_printed(row)}" for _, row in rows.iterrows())
    title = f"{one.title[:1].upper()}{one.title[1:]}, to {horizon}: what each lever contributes"
    shown = rows.iloc[:-1].rename(columns={"lever": "name", "mean": "value"})[["name", "value", "low", "high"]]
    axis = f"Shapley term, {one.unit} (mean and 90 % interval)"
    foot = f"Sweep {found.plan.id}, {found.plan.region}. Intervals are bootstrapped over draws of the inputs."
    text = tornado(shown, folder / f"{name}.png", title=title, axis=axis, foot=foot)
    tables = [terms_table(found, key, year) for key in found.outcomes for year in found.horizons]
    answer = (
        f"**Answer.** In simulation, moved by the sizes below, the levers contribute to {one.title} to {horizon}, in "
        f"{one.unit} (mean, 90 % interval): {said}. The sizes are choices: what can be compared is the "
        "worth of these sizes, not of the levers."
    )
    return "\n\n".join([answer, *tables, f"![{text}]({name}.png)"])


def as_printed(row: pd.Series) -> str:
    """Return a mean and its interval, ``300 (100 to 500)``."""
    return str(printed(row["mean"], row["low"], row["high"]))


def terms_table(found: Measured, outcome: str, horizon: int) -> str:
    """Return what each lever contributes to an outcome; in every draw the lines above the last sum to it."""
    terms = lever_terms(found, outcome, horizon)
    assert terms is not None
    one = found.outcomes[outcome]
    lines = [
        f"| {one.title}, to {horizon}, {one.unit} | from | to | Shapley term (90 % interval) |",
        "| --- " * 4 + "|",
    ]
    lines += [
        f"| {row['lever']} | {row['first']} | {row['second']} | {as_printed(row)} |"
        for _, row in sorted_terms(terms).iterrows()
    ]
    return "\n".join(lines)


def baseline_first(references: list[str], found: Measured) -> str:
    """Return the baseline where arms are compared with it, else the first reference."""
    baseline = found.arm("baseline")
    return baseline.label if baseline is not None and baseline.label in references else references[0]


def answered(rows: pd.DataFrame) -> str:
    """Return the answer in one sentence: all arms and horizons where they are few, else the ends at the last horizon.

    Each mean has its interval; where this spans zero the words say so.
    """
    few = rows if len(rows) <= FEW else rows[rows["horizon"] == rows["horizon"].max()]
    few = few if len(few) <= FEW else few.sort_values("mean").iloc[[0, -1]]
    one = rows.iloc[0]
    said = []
    for row in few.to_dict("records"):
        step = step_for(row["low"], row["high"])
        low, high, mean = (number(row[key], step) for key in ("low", "high", "mean"))
        spans = ", which spans zero" if row["low"] <= 0.0 <= row["high"] and row["low"] < row["high"] else ""
        said.append(f"{row['scenario']} to {row['horizon']}: {mean} ({low} to {high}{spans})")
    which = "" if len(few) == len(rows) else " the least and the most are"
    return (
        f"In simulation, against {one['against']}, {one['title']} change, in {one['unit']} (mean, 90 % interval), by"
        f"{which} {'; '.join(said)}."
    )


def beside(found: Measured, rows: pd.DataFrame) -> str:
    """Return what a reader needs beside a table of differences: size fixed before, what cannot matter, the columns."""
    parts = [
        "*All together*: intervals of all arms of an outcome that hold at once. *9 draws in 10*: where single draws "
        "lie."
    ]
    effect = found.plan.smallest_effect
    if effect is not None:
        parts.append(
            f"*Answer*: the smallest effect of interest, fixed before, is {effect.size:,.6g} {effect.unit} of "
            f"{found.outcomes[effect.outcome].title}; *larger than* and *equivalent to none* are said of intervals "
            "that lie wholly beyond or within it, of several arms together; *undecided* of all others, some that "
            "leave zero out."
        )
    known = rows.dropna(subset=["placebo_p05"])
    if len(known):
        row = known.iloc[0]
        step = step_for(row["placebo_p05"], row["placebo_p95"])
        low, high = number(row["placebo_p05"], step), number(row["placebo_p95"], step)
        parts.append(
            f"*The floor*: one training seat that cannot matter moves {row['title']} to {row['horizon']} by {low} to "
            f"{high} {row['unit']} in nine draws of ten, by luck alone; single draws within it mean nothing."
        )
    return " ".join(parts)


def as_table(rows: pd.DataFrame) -> str:
    """Return one line for each outcome, horizon and arm."""
    head = ("outcome", "to", "arm", "mean difference", "90 % interval", "all together", "9 draws in 10", "answer")
    lines = [f"| {' | '.join(head)} |", "| --- " * len(head) + "|"]
    for row in rows.to_dict("records"):
        step = step_for(row["low"], row["high"])
        names = ("mean", "low", "high", "p05", "p95", "low_together", "high_together")
        cells = {key: number(row[key], step) for key in names}
        together = f"{cells['low_together']} to {cells['high_together']}" if row["together"] > 1 else ""
        lines.append(
            f"| {row['title']}, {row['unit']} | {row['horizon']} | {row['scenario']} | {cells['mean']} | "
            f"{cells['low']} to {cells['high']} | {together} | {cells['p05']} to {cells['p95']} | "
            f"{'' if row['answer'] == 'no size fixed' else row['answer']} |"
        )
    return "\n".join(lines)


def screened(name: str, sweep: Sweep, found: Measured, folder: Path) -> str:
    """Return sentence, table and figure of a sensitivity analysis."""
    outcome = next(iter(found.outcomes))
    contrast = chosen(found, outcome)
    baseline = found.arm("baseline")
    if baseline is not None and contrast.arm != baseline.label:
        contrast = replace(contrast, against=baseline.label)
    result = sensitivity(sweep.plan.sampling, samples(found, contrast))
    unit = found.outcomes[outcome].unit
    title = f"{found.outcomes[outcome].title}: {contrast.arm} less {contrast.against}"
    axis = {"morris": f"mean absolute effect over the range, {unit}", "sobol": "first-order index"}.get(
        result.method, "standardised rank coefficient"
    )
    foot = f"Sweep {sweep.plan.id}, {sweep.plan.region}."
    second_name = {"morris": "spread of the effect (sigma)", "sobol": "first order"}.get(result.method, "")
    shown = result.table.head(17) if second_name else result.table[["name", "value", "low", "high"]].head(17)
    text = tornado(shown, folder / f"{name}.png", title=title, axis=axis, foot=foot, second_name=second_name)
    step = step_for(float(result.table["low"].min()), float(result.table["high"].max()), finest_of(result.table))
    lines = [f"| input | {axis} | 90 % interval |", "| --- | --- | --- |"]
    lines += [
        f"| `{row['name']}` | {number(row['value'], step)} | "
        f"{number(row['low'], step)} to {number(row['high'], step)} |"
        for row in result.table.to_dict("records")
    ]
    warned = "".join(f"\n\n{one[:1].upper()}{one[1:]}." for one in result.warnings)
    what = f"{found.outcomes[outcome].title} ({contrast.arm} less {contrast.against})"
    said = one_input(sweep, found, contrast) if len(result.table) == 1 else told_apart(result.table, what, axis, step)
    return "\n\n".join([f"**Answer.** {said}", "\n".join(lines) + warned, f"![{text}]({name}.png)"])


def finest_of(table: pd.DataFrame) -> float:
    """Return the finest step a column of indices is printed with."""
    return 1.0 if float(table["value"].max()) >= TEN else 0.01


def told_apart(table: pd.DataFrame, what: str, axis: str, step: float) -> str:
    """Return which inputs can be told from the largest one and which cannot, in one sentence."""
    top = table.iloc[0]
    level = [f"`{row['name']}`" for _, row in table.iterrows() if row["high"] >= top["low"]]
    below = [f"`{row['name']}`" for _, row in table.iterrows() if row["high"] < top["low"]]
    rest = f" Clearly below it: {', '.join(below)}." if below else ""
    told = f"It cannot be told from {', '.join(level[1:])}." if len(level) > 1 else "No other reaches its interval."
    return (
        f"In simulation, for {what}, `{top['name']}` has the largest {axis}: {number(top['value'], step)} "
        f"(90 % interval {number(top['low'], step)} to {number(top['high'], step)}). {told}{rest}"
    )


def one_input(sweep: Sweep, found: Measured, contrast: Contrast) -> str:
    """Return the mean of a contrast, and how far it differs between the upper and the lower half of its one input."""
    key = sweep.plan.swept[0].key
    pairs = contrast.pairs(found)
    inputs = {draw.number: float(dict(draw.values)[key]) for draw in sweep.plan.draws}
    at = pd.Series([inputs[int(draw)] for draw in pairs.draws])
    worth = pd.Series(pairs.numbers).groupby(pairs.clusters).mean()
    place = at.groupby(pairs.clusters).mean()
    upper, lower = worth[place > place.median()], worth[place <= place.median()]
    mean = mean_interval(pairs.numbers, pairs.clusters)
    gap = float(upper.mean() - lower.mean())
    found_gap = ttest_ind(upper, lower, equal_var=False).confidence_interval(0.9)
    spans = ", which spans zero: no dependence can be claimed" if found_gap.low <= 0.0 <= found_gap.high else ""
    one = found.outcomes[contrast.outcome]
    return (
        f"In simulation, {contrast.arm} less {contrast.against} is, in {one.title} ({one.unit}; mean, 90 % interval), "
        f"{printed(mean.mean, mean.low, mean.high)}; in the upper half of `{key}` (from {place.median():.2f} to "
        f"{place.max():.2f}) it is {printed(gap, found_gap.low, found_gap.high)} more than in the lower half (from "
        f"{place.min():.2f}){spans}."
    )


if __name__ == "__main__":
    main()
