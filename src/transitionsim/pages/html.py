"""A report as one HTML file that needs nothing else: no network, no script, no font."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from transitionsim.claims.card import FILE, written
from transitionsim.pages.charts import Chart
from transitionsim.pages.content import ledger_csv
from transitionsim.pages.setting import environment, style


def report_html(page: Mapping[str, Any], chart: Chart, card: Mapping[str, Any]) -> str:
    """Return the report as HTML; every text in it is escaped, the chart and the files lie inside."""
    downloads = [
        (FILE, "text/yaml", page["labels"]["download_card"], _packed(written(card).encode())),
        ("ledger.csv", "text/csv", page["labels"]["download_ledger"], _packed(ledger_csv(page).encode())),
    ]
    return environment().get_template("report.html.j2").render(
        page=page, labels=page["labels"], chart=_packed(chart.svg), alternative=chart.alternative,
        downloads=downloads, style=style("report.css"),
    )  # fmt: skip


def _packed(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
