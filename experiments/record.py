"""Run the experiments of this folder and write what came of each into a page.

    python experiments/record.py [NAME ...] [--workers 2] [--folder docs/experiments]

For each file: the sweep is begun, or gone on with, in ``results/experiments/NAME``; its comparison (or, for a screening
design, its sensitivity) becomes a table, a figure and a sentence in ``docs/experiments/NAME.md``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd

from transitionsim.report.numbers import number, step_for
from transitionsim.sweeps.comparing import compared
from transitionsim.sweeps.contrasts import Measured, measured
from transitionsim.sweeps.figures import tornado
from transitionsim.sweeps.plan import Sweep
from transitionsim.sweeps.question import Question, read_question
from transitionsim.sweeps.reading import read_sweep
from transitionsim.sweeps.samples import chosen, samples
from transitionsim.sweeps.sensitivity import sensitivity

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


def main() -> None:
    """Record the experiments asked for, all by default."""
    names = sorted(path.stem for path in HERE.glob("*.yaml"))
    parser = argparse.ArgumentParser(description="Run the experiments and write their pages.")
    parser.add_argument("names", nargs="*", default=names, choices=[*names, []])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "experiments")
    asked = parser.parse_args()
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
    body = screened(name, sweep, found, folder) if screening else differences(name, sweep, found, folder)
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


def differences(name: str, sweep: Sweep, found: Measured, folder: Path) -> str:
    """Return sentence, table and figure of a comparison of arms with the baseline, or else with no transition."""
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
    text = tornado(shown, folder / f"{name}.png", title=title, axis=axis, foot=foot)
    return f"**Answer.** {answered(last)}\n\n{as_table(rows)}\n\n![{text}]({name}.png)"


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
    row = rows.iloc[0]
    undecided = ((rows["low"] <= 0.0) & (rows["high"] >= 0.0)).all()
    opening = "no direction can be claimed. Against" if undecided else "against"
    return (
        f"In simulation, {opening} {row['against']} and to {row['horizon']}, {row['title']}, in {row['unit']}: "
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
