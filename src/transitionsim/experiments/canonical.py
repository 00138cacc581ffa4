"""Tables as canonical CSV: sorted by the design, fixed formats, line feeds, so that equal tables give equal bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

_WHOLE_BELOW: Final = 2.0**53


def canonical(value: float) -> str:
    """Return a number in the one form it has in a CSV: whole numbers without a point, others to nine digits.

    >>> canonical(12.0), canonical(0.1 + 0.2), canonical(-0.0), canonical(float("nan"))
    ('12', '0.3', '0', '')
    """
    if value != value:
        return ""
    if value == int(value) and abs(value) < _WHOLE_BELOW:
        return str(int(value))
    return f"{value:.9g}"


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as canonical CSV: UTF-8, line feeds, numbers as :func:`canonical` has them."""
    text = table.copy()
    for name in text.columns:
        if text[name].dtype.kind == "f":
            text[name] = [canonical(value) for value in text[name]]
    text.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
