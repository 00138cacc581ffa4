"""Run the long checks and write their record: ``docs/checks/table.csv`` and the table of ``docs/checks.md``.

A run replaces the lines of the checks it ran and keeps the others. Lines are measured in this process, one check
after the other.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from soak import learning, luck, road, shocks, shrinking, steady
from soak.record import Line, as_table, from_table, page_table, write_page
from soak.runs import Size

DOCS = Path(__file__).resolve().parents[1] / "docs"
THEMES = {
    "steady": steady,
    "shrinking": shrinking,
    "shocks": shocks,
    "learning": learning,
    "luck": luck,
    "road": road,
}
COARSER = {"road": 5}
"""Persons to a row of themes that ask for many runs and whose answers do not need the finest rows."""


def checks(only: list[str]) -> list[tuple[str, Callable[[Size], list[Line]]]]:
    """Return the checks of some themes, or those named by themselves, in the order of the page."""
    return [
        (theme, check)
        for theme, module in THEMES.items()
        for check in module.CHECKS
        if not only or theme in only or check.__name__ in only
    ]


def merged(before: pd.DataFrame | None, lines: list[Line]) -> list[Line]:
    """Return new lines in place of the old ones of the same checks; new checks come last."""
    if before is None:
        return lines
    new = {line.check: [one for one in lines if one.check == line.check] for line in lines}
    kept: list[Line] = []
    for line in from_table(before):
        kept += new.pop(line.check, []) if line.check in new else []
        if line.check not in {one.check for one in lines}:
            kept.append(line)
    return [*kept, *(one for rest in new.values() for one in rest)]


def main() -> None:
    """Run the checks asked for and write the record."""
    parser = argparse.ArgumentParser(prog="python -m soak", description="Run the long checks.")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--scale", type=int, default=1, help="persons to a row")
    parser.add_argument("--only", nargs="*", default=[], help="themes or names of checks")
    asked = parser.parse_args()
    path = DOCS / "checks" / "table.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    for theme, check in checks(asked.only):
        begun = time.perf_counter()
        scale = max(asked.scale, COARSER.get(theme, 1))
        lines = check(Size(scale=scale, seeds=tuple(range(asked.seeds))))
        before = pd.read_csv(path) if path.exists() else None
        record = merged(before, lines)
        as_table(record).to_csv(path, index=False, float_format="%.6g", lineterminator="\n")
        write_page(DOCS / "checks.md", "checks", page_table(from_table(pd.read_csv(path))))
        for line in lines:
            print(f"{check.__name__}: {line.measure}: {line.value:.4g} {line.unit} [{line.band}] {line.verdict}")
        print(f"{check.__name__}: {time.perf_counter() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
