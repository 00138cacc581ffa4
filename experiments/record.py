"""Run the experiments of this folder and write what came of each into a page.

    python experiments/record.py [NAME ...] [--workers 2] [--folder docs/experiments]

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

from transitionsim.report.numbers import number, printed, step_for
from transitionsim.sweeps.apart import lever_terms
from transitionsim.sweeps.comparing import compared, lever_matrix
from transitionsim.sweeps.contrasts import Measured, measured
from transitionsim.sweeps.figures import heat_map, tornado
from transitionsim.sweeps.intervals import mean_interval
from transitionsim.sweeps.plan import Sweep
from transitionsim.sweeps.question import Question, read_question
from transitionsim.sweeps.reading import read_sweep
from transitionsim.sweeps.samples import chosen, samples
from transitionsim.sweeps.sensitivity import sensitivity
from transitionsim.sweeps.wording import sorted_terms

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SHORT = 8
"""A grid of more points than these is shown as a matrix for each outcome."""
MATRIX_LEVERS = 2
"""With more levers than these every single arm is one line too many: the page shows what each lever contributes."""


def main() -> None:
    """Record the experiments asked for, all by default."""
    names = sorted(path.stem for path in HERE.glob("*.yaml"))
    parser = argparse.ArgumentParser(description="Run the experiments and write their pages.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"among {', '.join(names)}; all by default")
    parser.add_argument("--workers", type=int, default=2)
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
            [sys.executable, "-m", "transitionsim", "sweep", *begin, "--workers", str(asked.workers)], check=True
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
        text = heat_map(matrix.means, folder / f"{name}.png", title=title, unit=unit, foot=foot, step=matrix.step)
    tables = [as_table(rows)]
    answer = answered(last)
    if matrix is not None:
        answer = across(found, outcome, horizon, varied)
        if len(matrix.means) * len(matrix.means.columns) > SHORT:
            tables = matrices(found, table, against_label)
    if terms is not None:
        tables.append(terms_table(found, outcome, horizon))
    return "\n\n".join([f"**Answer.** {answer}", *tables, f"![{text}]({name}.png)"])


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
    first, together = rows.iloc[0], rows.iloc[-1]
    said = [f"{row['lever']} {as_printed(row)}" for row in (first, together)]
    title = f"{one.title[:1].upper()}{one.title[1:]}, to {horizon}: what each lever contributes"
    shown = rows.iloc[:-1].rename(columns={"lever": "name", "mean": "value"})[["name", "value", "low", "high"]]
    axis = f"Shapley term, {one.unit} (mean and 90 % interval)"
    foot = f"Sweep {found.plan.id}, {found.plan.region}. Intervals are bootstrapped over draws of the inputs."
    text = tornado(shown, folder / f"{name}.png", title=title, axis=axis, foot=foot)
    tables = [terms_table(found, key, year) for key in found.outcomes for year in found.horizons]
    answer = (
        f"**Answer.** In simulation, of the levers moved by the sizes below, {said[0]} {one.unit} of "
        f"{one.title} to {horizon} (90 % interval); {said[1]}. The sizes are choices: what can be compared is the "
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
    """Return the arms with the largest and the smallest mean in one sentence, each with its interval and answer."""
    ends = rows.sort_values("mean").iloc[[0, -1]] if len(rows) > 1 else rows
    said = []
    for row in ends.to_dict("records"):
        step = step_for(row["low"], row["high"])
        low, high, mean = (number(row[key], step) for key in ("low", "high", "mean"))
        verdict = "" if row["answer"] == "no size fixed" else f", {row['answer']}"
        said.append(f"{row['scenario']}: {mean} (90 % interval {low} to {high}{verdict})")
    first = rows.iloc[0]
    undecided = ((rows["low"] <= 0.0) & (rows["high"] >= 0.0)).all()
    opening = "no direction can be claimed. Against" if undecided else "against"
    return (
        f"In simulation, {opening} {first['against']} and to {first['horizon']}, {first['title']}, in {first['unit']}: "
        f"{'; '.join(said)}."
    )


def as_table(rows: pd.DataFrame) -> str:
    """Return one line for each outcome, horizon and arm."""
    lines = ["| outcome | to | arm | mean difference | 90 % interval | 9 draws in 10 | answer |", "| --- " * 7 + "|"]
    for row in rows.to_dict("records"):
        step = step_for(row["low"], row["high"])
        cells = {key: number(row[key], step) for key in ("mean", "low", "high", "p05", "p95")}
        lines.append(
            f"| {row['title']}, {row['unit']} | {row['horizon']} | {row['scenario']} | {cells['mean']} | "
            f"{cells['low']} to {cells['high']} | {cells['p05']} to {cells['p95']} | "
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
    text = tornado(result.table.head(17), folder / f"{name}.png", title=title, axis=axis, foot=foot)
    top = result.table.iloc[0]
    lines = [f"| input | {axis} | 90 % interval |", "| --- | --- | --- |"]
    lines += [
        f"| `{row.name}` | {row.value:,.3g} | {row.low:,.3g} to {row.high:,.3g} |"
        for row in result.table.itertuples(index=False)
    ]
    more = f" R2 {result.fit:.2f}." if result.fit == result.fit else ""
    warned = "".join(f"\n\n{one}" for one in result.warnings)
    said = (
        f"**Answer.** In simulation `{top['name']}` matters most for {found.outcomes[outcome].title} "
        f"({contrast.arm} less {contrast.against}): {axis} {top['value']:,.3g}, 90 % interval {top['low']:,.3g} to "
        f"{top['high']:,.3g}.{more}"
    )
    return "\n\n".join([said, "\n".join(lines) + warned, f"![{text}]({name}.png)"])


if __name__ == "__main__":
    main()
