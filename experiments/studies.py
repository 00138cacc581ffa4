"""Set the model beside the headline studies: read two recorded sweeps, write their figures and what separates them.

    python experiments/record.py against-the-studies against-the-studies-spain
    python experiments/studies.py [--results results/experiments] [--folder docs]

writes ``studies/levels.csv``, ``studies/compared.csv`` and ``studies/figure.png`` under the folder; the tables of
``studies.md`` are made from them by ``python -m tests.docs.write_tables``.

A study's figure is compared as a share of its own base: the model's change in labour for powertrain parts, against the
arm without transition of the same draw, is put on the jobs that the study counts. Nothing is tuned to match.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd

from transitionsim.experiments.contrasts import Measured, measured
from transitionsim.experiments.reading import read_sweep

matplotlib.use("Agg")
from matplotlib import pyplot

ROOT = Path(__file__).resolve().parents[1]
SERIES = ("posts_combustion", "posts_electric", "posts_automotive")
STILL = "no transition"
BW, SPAIN = "against-the-studies", "against-the-studies-spain"


@dataclass(frozen=True)
class Step:
    """One line of a comparison: the sweep and arm it reads, what changed, which posts count, and the study's figure."""

    study: str
    sweep: str
    arm: str
    year: int
    counted: tuple[str, ...]
    published: str
    assumption: str


NET, GROSS, ALL = ("posts_combustion", "posts_electric"), ("posts_combustion",), ("posts_automotive",)
WALK = (
    ("model", "the model on the years of the study"),
    ("pace", "and the study's pace"),
    ("labour", "and less labour for electric parts"),
    ("accounting", "and firms that do nothing"),
    ("productivity", "and productivity 2 % a year"),
)


def steps() -> list[Step]:
    """Return the lines of all comparisons, each cumulative: one assumption more than the line above."""
    found = [Step("bw", BW, f"bw-{arm}", 2030, NET, "bw", text) for arm, text in WALK]
    found += [
        Step("bw", BW, "bw-productivity", 2030, GROSS, "bw-gross", "the same gross: combustion parts only"),
        Step("bw", BW, "bw-accounting", 2030, ALL, "bw-cluster", "no productivity, all automotive posts"),
        Step("bw-slow", BW, "bw-model", 2030, NET, "bw-slow", WALK[0][1]),
        Step("bw-slow", BW, "bw-slow-pace", 2030, NET, "bw-slow", WALK[1][1]),
        Step("bw-slow", BW, "bw-slow-accounting", 2030, NET, "bw-slow", "less labour, firms do nothing"),
        Step("bw-slow", BW, "bw-slow-productivity", 2030, NET, "bw-slow", WALK[4][1]),
        Step("elab", BW, "bw-model", 2030, NET, "elab", WALK[0][1]),
        Step("elab", BW, "bw-accounting", 2030, NET, "elab", "51 %, less labour, firms do nothing"),
        Step("elab", BW, "bw-productivity", 2030, NET, "elab", WALK[4][1]),
        Step("elab", BW, "bw-productivity", 2030, GROSS, "elab-gross", "the same gross: combustion parts only"),
        Step("ifo", BW, "bw-model", 2030, GROSS, "ifo-low", "the model, gross, lower figure"),
        Step("ifo", BW, "bw-accounting", 2030, GROSS, "ifo-low", "51 %, firms do nothing, lower figure"),
        Step("ifo", BW, "bw-accounting", 2030, GROSS, "ifo-high", "the same, upper figure"),
    ]  # fmt: skip
    spain = [*WALK[:4], ("chain", "and electric parts made here (presence .8)"), WALK[4]]
    for year in (2025, 2030, 2035):
        found += [Step("es", SPAIN, f"es-{arm}", year, NET, f"es-{year}", text) for arm, text in spain]
        text = "the same gross: combustion parts only"
        found.append(Step("es", SPAIN, "es-productivity", year, GROSS, f"es-{year}-combustion", text))
    return found


def totals(found: Measured, counted: tuple[str, ...], year: int, arm: str) -> np.ndarray:
    """Return the sum of some series of an arm by draw."""
    return np.sum([found.level(name, year, arm).numbers for name in counted], axis=0)


def compared(found: dict[str, Measured], published: pd.DataFrame) -> pd.DataFrame:
    """Return for each line the change in the model and in the study, as shares of their bases and in jobs."""
    lines = []
    for step in steps():
        sweep, paper = found[step.sweep], published.loc[step.published]
        start = totals(sweep, step.counted, step.year, STILL)
        share = totals(sweep, step.counted, step.year, step.arm) / start - 1.0
        change = paper["value"] - (paper["base"] if paper["quantity"] == "level" else 0.0)
        jobs = share * paper["base"]
        lines.append(
            {
                "study": step.study,
                "published as": step.published,
                "year": step.year,
                "arm": step.arm,
                "assumption": step.assumption,
                "posts counted": " + ".join(step.counted),
                "posts without transition": start.mean(),
                "model, %": 100 * share.mean(),
                "lowest, %": 100 * share.min(),
                "highest, %": 100 * share.max(),
                "study, %": 100 * change / paper["base"],
                "model, jobs of the study": jobs.mean(),
                "study, jobs": change,
                "gap, jobs": jobs.mean() - change,
            }
        )
    return pd.DataFrame(lines).round(2)


def levels(found: dict[str, Measured]) -> pd.DataFrame:
    """Return the mean, lowest and highest level of every series, arm and year."""
    lines: list[dict[str, Any]] = []
    for name, sweep in found.items():
        for year in sweep.horizons:
            for arm in sweep.plan.arms:
                for series in SERIES:
                    values = sweep.level(series, year, arm.label).numbers
                    ends = {"mean": values.mean(), "lowest": values.min(), "highest": values.max()}
                    lines.append(
                        {"sweep": name, "arm": arm.label, "year": year, "series": series, "draws": len(values), **ends}
                    )
    return pd.DataFrame(lines).round(1)


def draw(table: pd.DataFrame, path: Path) -> None:
    """Draw the model's range beside what the studies say, as shares of each study's base."""
    figure, axes = pyplot.subplots(1, 2, figsize=(15, 7), gridspec_kw={"width_ratios": [1.2, 1]})
    left = table[(table["study"] != "es")].reset_index(drop=True)
    titles = {"bw": "BWe mobil, 51 %", "bw-slow": "BWe mobil, 15 %", "elab": "ELAB 2.0", "ifo": "ifo"}
    for place, line in left.iterrows():
        at = -float(place)  # type: ignore[arg-type]
        axes[0].plot([line["lowest, %"], line["highest, %"]], [at, at], color="#1b6ca8", linewidth=5, alpha=0.45)
        axes[0].plot(line["model, %"], at, "o", color="#1b6ca8", label="model: mean and six draws" if at == 0 else None)
        axes[0].plot(line["study, %"], at, "D", color="#c0392b", label="the study" if at == 0 else None)
    names = [f"{titles[line['study']]}: {line['assumption']}" for _, line in left.iterrows()]
    axes[0].set_yticks([-float(place) for place in range(len(left))], names, fontsize=7.5)
    axes[0].set_xlim(-75, 30)
    axes[0].axvline(0, color="black", linewidth=0.8)
    axes[0].set_xlabel("change of powertrain posts to 2030, % of the base")
    axes[0].set_title("Baden-Württemberg and Germany", fontsize=10)
    axes[0].legend(fontsize=8, loc="lower right")
    right = table[(table["study"] == "es") & (table["posts counted"] == " + ".join(NET))]
    shown = {"es-model": "#1b6ca8", "es-pace": "#6c8a3a", "es-accounting": "#b9770e", "es-chain": "#6c3483"}
    for arm, colour in shown.items():
        part = right[right["arm"] == arm]
        years = [2020, *part["year"]]
        axes[1].plot(years, [0, *part["model, %"]], "o-", color=colour, label=arm.removeprefix("es-"))
        axes[1].fill_between(years, [0, *part["lowest, %"]], [0, *part["highest, %"]], color=colour, alpha=0.15)
    part = right[right["arm"] == "es-model"]
    axes[1].plot([2020, *part["year"]], [0, *part["study, %"]], "D--", color="#c0392b", label="CLEPA/PwC, Spain")
    axes[1].axhline(0, color="black", linewidth=0.8)
    axes[1].set_ylabel("change of powertrain posts, % of 2020")
    axes[1].set_title("Spain: Cataluña in the model", fontsize=10)
    axes[1].legend(fontsize=8)
    title = "The model beside the headline studies. Simulated under stated assumptions, not a forecast."
    figure.suptitle(title, fontsize=11)
    figure.tight_layout()
    figure.savefig(path, dpi=130, bbox_inches="tight")


def main() -> None:
    """Read the recorded sweeps and write tables and figure."""
    parser = argparse.ArgumentParser(description="Set the model beside the headline studies.")
    parser.add_argument("--results", type=Path, default=ROOT / "results" / "experiments")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs")
    asked = parser.parse_args()
    published = pd.read_csv(Path(__file__).parent / "study-roads" / "published.csv").set_index("key")
    found = {name: measured(read_sweep(asked.results / name)) for name in (BW, SPAIN)}
    folder = asked.folder / "studies"
    folder.mkdir(parents=True, exist_ok=True)
    table = compared(found, published)
    table.to_csv(folder / "compared.csv", index=False, lineterminator="\n")
    levels(found).to_csv(folder / "levels.csv", index=False, lineterminator="\n")
    draw(table, folder / "figure.png")
    print(table.to_string())


if __name__ == "__main__":
    main()
