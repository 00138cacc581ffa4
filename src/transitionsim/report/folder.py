"""A results folder: tables, manifest and figure of one experiment."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from transitionsim.experiments.indicated import contrasts, levels, tidy_tables
from transitionsim.experiments.manifest import PROFILE, as_json, fit_file, manifest
from transitionsim.experiments.paired import displaced
from transitionsim.experiments.panel_table import FILE as PANEL
from transitionsim.experiments.panel_table import write_panels
from transitionsim.experiments.runner import Results
from transitionsim.experiments.store import MANIFEST, tidy, write_csv
from transitionsim.regions.fitted import written_fit
from transitionsim.regions.reading import names_a_file

if TYPE_CHECKING:
    import pandas as pd

TABLE: Final = "table.csv"
COMPARISON: Final = "comparison.csv"
INDICATORS: Final = "indicators.parquet"
INDICATORS_COMPARED: Final = "indicators-compared.csv"
TABLES: Final = "tables.parquet"
DISPLACEMENT: Final = "displacement.csv"
FIGURE: Final = "figure.png"


def write_results(
    folder: Path, results: Results, table: pd.DataFrame | None = None, *, command: Sequence[str] = ()
) -> None:
    """Write ``table``, ``tables``, ``indicators`` and ``manifest.json``; with a comparison its tables and figure too.

    Where persons were followed, ``panel.parquet`` is written beside them.
    """
    from transitionsim.report import sentence_of
    from transitionsim.report.figure import draw_figure

    values = tidy(results)
    values.to_parquet(folder / "table.parquet", index=False)
    write_csv(values, folder / TABLE)
    levels(results).to_parquet(folder / INDICATORS, index=False)
    tidy_tables(results).to_parquet(folder / TABLES, index=False)
    extra: dict[str, Any] = {}
    if any(run.panel is not None for run in results.runs):
        extra["panel"] = write_panels(results, folder / PANEL)
    if table is not None:
        write_csv(table, folder / COMPARISON)
        write_csv(contrasts(results), folder / INDICATORS_COMPARED)
        moved = displaced(results)
        if not moved.empty:
            write_csv(moved, folder / DISPLACEMENT)
        alternative = draw_figure(results, table, folder / FIGURE)
        extra |= {"sentence": sentence_of(results, table), "figure": {"file": FIGURE, "alt": alternative}}
    _keep_own_files(folder, results)
    extra["files"] = digests(folder)
    content = manifest(results, command=command, extra=extra)
    (folder / MANIFEST).write_text(as_json(content, indent=1) + "\n", encoding="utf-8")


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a folder by its name, the manifest left out."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != MANIFEST)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _keep_own_files(folder: Path, results: Results) -> None:
    """Keep a profile and fits of the user's own with the results, so that they can be made again anywhere."""
    scenario = results.design.baseline.scenario
    if names_a_file(scenario.region):
        (folder / PROFILE).write_bytes(((scenario.region_folder or Path()) / scenario.region).read_bytes())
    for arm in results.design.arms:
        fit = arm.scenario.fit() if names_a_file(arm.scenario.calibration) else None
        if fit is not None:
            (folder / fit_file(fit.digest)).write_text(written_fit(fit), encoding="utf-8", newline="\n")
