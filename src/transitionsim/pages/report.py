"""Making a report of a folder of results: its page, its paper, its image and its claim card."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from transitionsim.claims.bundle import Bundle
from transitionsim.claims.card import FILE, ID, card, written
from transitionsim.claims.refusals import Refusal
from transitionsim.claims.reproduce import recipe_of
from transitionsim.files import cannot_write, write_whole
from transitionsim.pages.charts import Chart, chart
from transitionsim.pages.content import content
from transitionsim.pages.html import report_html
from transitionsim.pages.paper import report_pdf

PAGE: Final = "report.html"
PAPER: Final = "report.pdf"
IMAGE: Final = "report.png"


@dataclass(frozen=True)
class Report:
    """A report before it is written: its card, its chart and its texts."""

    card: dict[str, Any]
    chart: Chart
    page: dict[str, Any]

    @property
    def id(self) -> str:
        """The id of its claim."""
        return str(self.card[ID])

    def write(self, folder: Path, *, paper: bool) -> list[Path]:
        """Write the page, the image and the card, with ``paper`` the PDF too; return the files."""
        files = {
            folder / PAGE: report_html(self.page, self.chart, self.card).encode(),
            folder / IMAGE: self.chart.png,
            folder / FILE: written(self.card).encode(),
        }
        if paper:
            try:
                files[folder / PAPER] = report_pdf(self.page, self.chart)
            except OSError as error:
                raise cannot_write(folder / PAPER, error) from None
        write_whole(files)
        return list(files)


def report(bundle: Bundle, broken: tuple[Refusal, ...]) -> Report:
    """Return the report of a claim; ``broken`` are the rules it breaks, which mark every part of it."""
    keys = tuple(dict.fromkeys(one.key for one in broken))
    recipe, asked = recipe_of(bundle.source), bundle.asked
    own = card(bundle.source, bundle.claim, bundle.words, recipe=recipe, asked=asked, exploratory=keys)
    drawn = chart(bundle, str(own[ID]), exploratory=bool(broken))
    return Report(own, drawn, content(bundle, own, broken, by_year=drawn.by_year))
