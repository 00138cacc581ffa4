"""Reports: results as a page of text, a sentence and a figure. They read tables, never models."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from transitionsim.experiments.paired import displaced
from transitionsim.experiments.results import Results
from transitionsim.report.displacement import displacement_text
from transitionsim.report.header import header, last_month, place
from transitionsim.report.sentence import sentence
from transitionsim.report.table import WIDTH, comparison_text
from transitionsim.report.take_up import take_up_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["page_of", "sentence_of"]


def sentence_of(results: Results, table: pd.DataFrame) -> str:
    """Return the one sentence under a comparison."""
    scenario = results.design.baseline.scenario
    return sentence(table, place=place(scenario), span=f"{scenario.start} to {last_month(scenario)}")


def page_of(results: Results, table: pd.DataFrame) -> str:
    """Return header, table, displacement by courses, policies nobody took up, and sentence of a comparison as text."""
    said = textwrap.fill(sentence_of(results, table), WIDTH, break_on_hyphens=False)
    moved = displaced(results)
    parts = [] if moved.empty else [displacement_text(moved)]
    idle = take_up_text(results)
    if idle:
        parts.append("\n".join(textwrap.fill(line, WIDTH, break_on_hyphens=False) for line in idle.splitlines()))
    return "\n\n".join([header(results), comparison_text(table), *parts, said])
