"""A report as one page of PDF, set by typst; texts go in as data, so that none of them can be markup."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from transitionsim.errors import InputError
from transitionsim.pages.charts import Chart
from transitionsim.pages.setting import TEMPLATES

MISSING: Final = "paper needs the extra 'paper': pip install 'transitionsim[paper]'"
_TEMPLATE: Final = "report.typ"
_CHART: Final = "chart.svg"


def report_pdf(page: Mapping[str, Any], chart: Chart) -> bytes:
    """Return the report as PDF, the same bytes for the same page; raises :class:`InputError` where typst is missing."""
    try:
        import typst
    except ImportError:
        raise InputError.one("--pdf", MISSING) from None
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copyfile(TEMPLATES / _TEMPLATE, folder / _TEMPLATE)
        (folder / _CHART).write_bytes(chart.svg)
        # The folder is all that the template can read.
        made = typst.compile(
            str(folder / _TEMPLATE), root=str(folder), format="pdf",
            sys_inputs={"page": json.dumps(page, ensure_ascii=False)}, ignore_system_fonts=True,
        )  # fmt: skip
    assert isinstance(made, bytes)
    return made
