"""What a results folder tells beside its tables: the comparison and its figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from transitionsim.experiments.canonical import write_csv
from transitionsim.experiments.indicated import contrasts
from transitionsim.experiments.paired import displaced
from transitionsim.experiments.panel_table import about_panel
from transitionsim.experiments.published import PANEL, add_to_manifest
from transitionsim.experiments.results import Results

if TYPE_CHECKING:
    import pandas as pd

COMPARISON: Final = "comparison.csv"
INDICATORS_COMPARED: Final = "indicators-compared.csv"
DISPLACEMENT: Final = "displacement.csv"
FIGURE: Final = "figure.png"


def write_results(folder: Path, results: Results, table: pd.DataFrame | None = None) -> None:
    """Write what is told of a finished experiment beside its tables: comparison, indicators, displacement and figure.

    The manifest gets the sentence and the digests of these files; without a comparison (``table``) only of the panel.
    """
    from transitionsim.report import sentence_of
    from transitionsim.report.figure import draw_figure

    extra: dict[str, Any] = {"interval_holds": results.design.interval_holds}
    if (folder / PANEL).is_file():
        extra["panel"] = about_panel(folder / PANEL)
    if table is not None:
        write_csv(table, folder / COMPARISON)
        write_csv(contrasts(results), folder / INDICATORS_COMPARED)
        moved = displaced(results)
        if not moved.empty:
            write_csv(moved, folder / DISPLACEMENT)
        alternative = draw_figure(results, table, folder / FIGURE)
        extra |= {"sentence": sentence_of(results, table), "figure": {"file": FIGURE, "alt": alternative}}
    add_to_manifest(folder, extra)
