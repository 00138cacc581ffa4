"""Are known parameters recovered, and what is fitted to Navarra? About 300 runs, five minutes on one core.

    python experiments/identifiability.py [--region ES22]

writes ``docs/calibration/recovery.csv``, ``columns.csv`` and ``figure.png`` and, as ``transitionsim calibrate`` with
its defaults would, the fit that comes with the package: ``src/transitionsim/regions/fits/ES22.yaml``.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns

from transitionsim.calibration.calibrating import calibrated
from transitionsim.calibration.free import FREE
from transitionsim.calibration.recovery import columns, recovered
from transitionsim.calibration.simulating import Size
from transitionsim.cli.calibrate import MONTHS, POINTS, SCALE, SEEDS
from transitionsim.regions.fitted import FITS, written_fit

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "calibration"


def draw(table: pd.DataFrame, path: Path) -> None:
    """Draw the recovered against the true value, one panel for each parameter, with its 90 % interval."""
    sns.set_theme(style="whitegrid", context="paper")
    figure, axes = plt.subplots(1, len(FREE), figsize=(13, 3.1))
    for panel, key in zip(axes, FREE, strict=True):
        part = table[table["key"] == key]
        ends = [part[["true", "low"]].min().min(), part[["true", "high"]].max().max()]
        panel.plot(ends, ends, color="0.6", linewidth=1, zorder=1)
        for inside, colour, marker in ((True, "#0072B2", "o"), (False, "#D55E00", "s")):
            rows = part[part["inside"] == inside]
            spans = [rows["found"] - rows["low"], rows["high"] - rows["found"]]
            panel.errorbar(
                rows["true"], rows["found"], yerr=spans, fmt=marker, color=colour, markersize=4, linewidth=1.1, zorder=2
            )
        panel.set_xscale("log")
        panel.set_yscale("log")
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_locator(mpl.ticker.LogLocator(subs=(1.0, 2.0, 5.0)))
            axis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
            axis.set_minor_formatter(mpl.ticker.NullFormatter())
        panel.set_title(key, fontsize=9, loc="left")
        panel.set_xlabel("true", fontsize=8)
        panel.tick_params(labelsize=7.5)
    axes[0].set_ylabel("recovered", fontsize=8)
    figure.suptitle(
        "Known parameters recovered from synthetic records, with 90 % intervals; orange: the true value lies outside",
        fontsize=10,
    )
    figure.tight_layout()
    figure.savefig(path, dpi=140, metadata={"Software": None})
    plt.close(figure)


def main() -> None:
    """Calibrate, recover, and write tables, figure and fit."""
    parser = argparse.ArgumentParser(description="Recover known parameters and fit a region.")
    parser.add_argument("--region", default="ES22")
    region = parser.parse_args().region
    calibration = calibrated(region, Size(SCALE, MONTHS, tuple(range(SEEDS))), POINTS)
    fit = calibration.fit()
    table = pd.DataFrame([{**asdict(one), "relative_error": one.relative_error} for one in recovered(calibration)])
    seen = pd.DataFrame([{**asdict(one), "told_apart": one.told_apart} for one in columns(calibration)])
    FOLDER.mkdir(parents=True, exist_ok=True)
    table.to_csv(FOLDER / "recovery.csv", index=False, float_format="%.6g")
    seen.to_csv(FOLDER / "columns.csv", index=False, float_format="%.4g")
    draw(table, FOLDER / "figure.png")
    FITS.mkdir(exist_ok=True)
    (FITS / f"{fit.region}.yaml").write_text(written_fit(fit), encoding="utf-8", newline="\n")
    print(table.round(5).to_string())
    print(seen.round(3).to_string())
    print(calibration.directions.round(4), calibration.evaluator.runs, "runs")


if __name__ == "__main__":
    main()
