"""Does a region stand still without transition and without policy? Sixteen years of three regions.

    python experiments/steady_state.py [--seeds 4]

writes ``docs/steady-state/table.csv`` and ``figure.png``. Navarra runs at one row for each person, the larger
regions at five persons to a row. The bands drawn are those of the tests: unemployment within .1 points,
vacancies within .05 points and automotive employment within 1.5 % of the first year.
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

from transitionsim.model import simulate
from transitionsim.scenario import load_scenario

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "steady-state"
SCALES = {"ES22": 1, "DED": 5, "ITC1": 5}
BANDS = {"unemployment, %": 0.1, "vacancies, %": 0.05, "automotive employment, % of the first year": 1.5}


def yearly(values: np.ndarray) -> np.ndarray:
    """Return yearly means of a monthly series."""
    return values.reshape(-1, 12).mean(axis=1)


def measures(region: str, scale: int, seed: int) -> pd.DataFrame:
    """Return the yearly measures of one region and seed."""
    values = {"region": region, "persons_per_agent": scale}
    series = simulate(load_scenario("no-transition").with_values(values), seed).series
    labour = series["employment"] - series["commuters"] + series["unemployed"]
    jobs = yearly(series["employment_automotive"].astype(float))
    lost = series["dismissals"] + series["closures"] + series["temporary_not_renewed"]
    return pd.DataFrame(
        {
            "region": region,
            "persons per row": scale,
            "seed": seed,
            "year": 2025 + np.arange(len(jobs)),
            "unemployment, %": 100 * yearly(series["unemployed"] / labour),
            "vacancies, %": 100 * yearly(series["vacancies"] / (series["vacancies"] + series["employment"])),
            "automotive employment, % of the first year": 100 * jobs / jobs[0],
            "long-term share, %": 100 * yearly(series["long_term_unemployed"] / series["unemployed"]),
            "inactive per 100 in the labour force": 100 * yearly(series["inactive"] / labour),
            "involuntary losses in the year": lost.reshape(-1, 12).sum(axis=1),
        }
    )


def draw(table: pd.DataFrame, path: Path) -> None:
    """Draw three measures for every region, each seed a line, with the band of the tests."""
    sns.set_theme(style="whitegrid", context="paper")
    regions = list(dict.fromkeys(table["region"]))
    figure, axes = plt.subplots(len(regions), len(BANDS), figsize=(11, 2.6 * len(regions)), squeeze=False)
    for row, region in enumerate(regions):
        part = table[table["region"] == region]
        for column, (name, width) in enumerate(BANDS.items()):
            panel = axes[row, column]
            middle = part.loc[part["year"] == 2025, name].mean()
            panel.axhspan(middle - width, middle + width, color="0.9", zorder=0)
            for _, one in part.groupby("seed"):
                panel.plot(one["year"], one[name], linewidth=1.2, color=sns.color_palette("colorblind")[row])
            panel.set_ylim(middle - 2.5 * width, middle + 2.5 * width)
            panel.set_title(f"{region}: {name}", fontsize=9, loc="left")
            panel.tick_params(labelsize=8)
    figure.suptitle("No transition, no policy: yearly means, one line a seed; grey: the band of the tests", fontsize=10)
    figure.tight_layout()
    figure.savefig(path, dpi=140, metadata={"Software": None})
    plt.close(figure)


def main() -> None:
    """Run all regions and write the table and the figure."""
    parser = argparse.ArgumentParser(description="Run every shipped region without transition and without policy.")
    parser.add_argument("--seeds", type=int, default=4)
    seeds = parser.parse_args().seeds
    parts = [measures(region, scale, seed) for region, scale in SCALES.items() for seed in range(seeds)]
    table = pd.concat(parts, ignore_index=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    table.round(4).to_csv(FOLDER / "table.csv", index=False)
    draw(table, FOLDER / "figure.png")
    summary = table.groupby("region").agg(["min", "max"])
    print(summary.drop(columns=["seed", "year", "persons per row"]).round(3).T.to_string())


if __name__ == "__main__":
    main()
