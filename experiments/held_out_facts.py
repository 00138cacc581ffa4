"""The model held against facts outside its calibration: the table, and the figures of the cases and of the loop.

    python -m experiments.held_out_facts [--seeds 8] [--scale 5]

writes ``docs/facts/table.csv``, ``closures.csv``, ``cycle.csv``, ``closures.png`` and ``cycle.png``, and the tables of
``docs/facts.md``. Eight seeds at five persons to a row take six minutes of an idle
core.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from experiments.sweeping import DOCS, markdown, write_page

from transitionsim.experiments.intervals import mean_interval
from transitionsim.facts.cases import HORIZONS
from transitionsim.facts.definition import number, span
from transitionsim.facts.market import SWING
from transitionsim.facts.measures import smoothed
from transitionsim.facts.table import FACTS, Measured, measured, write

FOLDER = DOCS / "facts"
PAGE = DOCS / "facts.md"
RECORDED = (
    (31.0, "Opel Bochum,\na year later", "-"),
    (68.0, "MG Rover,\n10 months", (0, (5, 1.5))),
    (81.0, "best EGF\ncases", (0, (1, 1))),
    (90.0, "MG Rover,\n3 years", (0, (3, 1, 1, 1))),
)
"""Shares in work after recorded closures, percent."""


def closures(result: Measured) -> pd.DataFrame:
    """Return by condition and months after the closure the mean share in work and its 90 % interval over seeds."""
    lines = []
    for name in result.envelope:
        for place, months in enumerate(HORIZONS):
            shares = np.array([one[name][place] for one in result.envelopes])
            found = mean_interval(shares, np.zeros(len(shares), np.int64))
            lines.append({"condition": name, "months": months, "in work": found.mean, "low": found.low,
                          "high": found.high})  # fmt: skip
    return pd.DataFrame(lines)


def cycles(result: Measured) -> pd.DataFrame:
    """Return unemployment and vacancies in each month of the cycle: the mean over seeds and every seed."""
    found = {}
    for name in ("unemployment", "vacancies"):
        seeds = np.stack([getattr(one, name) for one in result.cycles])
        found[name] = seeds.mean(axis=0)
        found |= {f"{name}, seed {seed}": values for seed, values in enumerate(seeds)}
    return pd.DataFrame({"month": np.arange(len(found["unemployment"])), **found})


def draw_closures(table: pd.DataFrame, path: Path) -> None:
    """Draw the share in work under every condition beside what was recorded."""
    sns.set_theme(style="ticks", context="paper")
    palette = sns.color_palette("colorblind")
    figure, axes = plt.subplots(figsize=(9.5, 5.4))
    names = list(dict.fromkeys(table["condition"]))
    for months, colour, marker, shift in ((12, palette[0], "o", 0.14), (36, palette[1], "s", -0.14)):
        part = table[table["months"] == months]
        height = len(names) - 1 - np.arange(len(names)) + shift
        axes.hlines(height, part["low"], part["high"], color=colour, linewidth=1.6)
        when = "a year" if months == 12 else "three years"
        axes.plot(part["in work"], height, marker, color=colour, markersize=5, label=f"simulated, after {when}")
    for share, name, style in RECORDED:
        axes.axvline(share, color="0.35", linestyle=style, linewidth=1.0)
        axes.text(share, len(names) - 0.3, name, ha="center", va="bottom", color="0.25")
    axes.set_yticks(len(names) - 1 - np.arange(len(names)), names)
    axes.set(xlim=(25, 97), ylim=(-0.6, len(names) - 0.4), xlabel="in work, % of those displaced by the closure")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncol=2, frameon=False)
    sns.despine(figure)
    figure.tight_layout()
    figure.savefig(path, dpi=140, metadata={"Software": None})
    plt.close(figure)


def draw_cycle(table: pd.DataFrame, path: Path) -> None:
    """Draw the loop of unemployment and vacancies over a demand cycle, with its sense of turning."""
    sns.set_theme(style="ticks", context="paper")
    palette = sns.color_palette("colorblind")
    figure, axes = plt.subplots(figsize=(6.4, 5.0))
    for seed in range(sum(name.startswith("vacancies, seed") for name in table)):
        across, up = (smoothed(table[f"{name}, seed {seed}"], 6) for name in ("unemployment", "vacancies"))
        axes.plot(np.append(across, across[0]), np.append(up, up[0]), color="0.82", linewidth=0.7)
    across, up = (smoothed(table[name], 6) for name in ("unemployment", "vacancies"))
    axes.plot(np.append(across, across[0]), np.append(up, up[0]), color=palette[0], linewidth=1.8)
    for month, words, offset in (
        (0, "recovery", (8, -3)),
        (24, "boom", (6, 6)),
        (48, "downturn", (-58, -4)),
        (72, "slump", (6, -10)),
    ):
        axes.plot(across[month], up[month], "o", color=palette[3], markersize=5)
        axes.annotate(words, (across[month], up[month]), xytext=offset, textcoords="offset points", color=palette[3])
    for month in (12, 36, 60, 84):
        start, end = (across[month], up[month]), (across[month + 4], up[month + 4])
        axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": palette[0], "linewidth": 1.8})
    axes.set(xlabel="unemployment, %", ylabel="vacancies, % of all posts")
    axes.set_title(f"A demand cycle of eight years, posts {100 * SWING:.0f} % above and below:\n"
                   "mean of the seeds (blue) and single seeds (grey), smoothed over six months")  # fmt: skip
    sns.despine(figure)
    figure.tight_layout()
    figure.savefig(path, dpi=140, metadata={"Software": None})
    plt.close(figure)


def tables() -> dict[str, str]:
    """Return the tables of the page, made of what was recorded."""
    record = pd.read_csv(FOLDER / "table.csv")
    record = record.astype(object).where(record.notna(), None)
    rows, misses = [], []
    for one in record.itertuples(index=False):
        extent = f" ({number(one.low)} to {number(one.high)})" if one.low is not None else ""
        simulated = "" if one.simulated is None else f"{number(one.simulated)}{extent}"
        rows.append((f"`{one.fact}`", f"{one.title}, {one.unit}", span((one.target_low, one.target_high)), simulated,
                     one.verdict, one.fitted, f"{one.grade}, {one.basis}: {one.source}"))  # fmt: skip
        if one.meaning:
            misses.append(f"- `{one.fact}` {one.verdict}. {one.meaning}\n")
    shares = pd.read_csv(FOLDER / "closures.csv").pivot_table(index="condition", columns="months", sort=False,
                                                            values=["in work", "low", "high"])  # fmt: skip
    cases = [
        (name, *(f"{one['in work', m]:.1f} ({one['low', m]:.1f} to {one['high', m]:.1f})" for m in HORIZONS))
        for name, one in shares.iterrows()
    ]
    fitted = [(f"`{fact.name}`", fact.fitted, fact.fitting) for fact in FACTS if fact.fitted != "no"]
    return {
        "facts": markdown(("name", "fact", "target", "simulated (90 %)", "verdict", "fitted", "source"), rows),
        "misses": "".join(misses),
        "closures": markdown(("local conditions", *(f"after {m} months" for m in HORIZONS)), cases),
        "fitted": markdown(("name", "fitted", "why"), fitted),
    }


def write_tables() -> None:
    """Write the tables of the page from their records."""
    for name, text in tables().items():
        write_page(PAGE, name, text)


def main() -> None:
    """Measure everything and write the record."""
    parser = argparse.ArgumentParser(description="Hold the model against facts outside its calibration.")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--scale", type=int, default=5, help="persons to a row")
    parser.add_argument("--drawn", action="store_true", help="only draw and write anew what was recorded")
    asked = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    if not asked.drawn:
        result = measured("ES22", asked.seeds, asked.scale, FACTS, lambda done, of: print(done, "of", of, flush=True))
        with (FOLDER / "table.csv").open("w", encoding="utf-8", newline="\n") as file:
            write(file, result)
        for name, table in (("closures", closures(result)), ("cycle", cycles(result))):
            table.to_csv(FOLDER / f"{name}.csv", index=False, float_format="%.5g", lineterminator="\n")
    draw_closures(pd.read_csv(FOLDER / "closures.csv"), FOLDER / "closures.png")
    draw_cycle(pd.read_csv(FOLDER / "cycle.csv"), FOLDER / "cycle.png")
    write_tables()


if __name__ == "__main__":
    main()
