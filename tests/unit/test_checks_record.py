"""The record of the checks and of the sweeps: bands, misses, and pages that show what the tables hold."""

from __future__ import annotations

import inspect
import math
import re
from pathlib import Path

import pandas as pd
import pytest
from experiments import closures, firing_rule
from experiments.sweeping import EFFECTS, grid, not_swept, summary
from soak.__main__ import checks, merged
from soak.record import Line, as_table, from_table, page_table, write_page

DOCS = Path(__file__).resolve().parents[2] / "docs"


def line(value: float, low: float | None = None, high: float | None = None, check: str = "a") -> Line:
    return Line(check, "drift", value, "points", low, high)


@pytest.mark.parametrize(
    ("value", "low", "high", "verdict", "band"),
    [
        (0.1, -0.1, 0.1, "passes", "-0.1 to 0.1"),
        (0.25, -0.1, 0.1, "misses by 0.15", "-0.1 to 0.1"),
        (-2.0, 0.0, None, "misses by 2", "at least 0"),
        (3.0, None, 1.0, "misses by 2", "at most 1"),
        (3.0, None, None, "shown", ""),
        (0.0, 0.0, 0.0, "passes", "0"),
        (math.nan, 0.0, None, "misses by undefined", "at least 0"),
    ],
)
def test_a_line_says_by_how_much_it_misses(
    value: float, low: float | None, high: float | None, verdict: str, band: str
) -> None:
    found = line(value, low, high)
    assert (found.verdict, found.band) == (verdict, band)


def test_a_run_replaces_the_lines_of_its_own_checks_and_keeps_the_others(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    as_table([line(1.0), line(2.0, check="b"), line(3.0, high=1.0, check="c")]).to_csv(path, index=False)
    found = merged(pd.read_csv(path), [line(9.0, 0.0, check="b"), line(4.0, check="d")])
    assert [(one.check, one.value) for one in found] == [("a", 1.0), ("b", 9.0), ("c", 3.0), ("d", 4.0)]
    assert found[2] == line(3.0, high=1.0, check="c"), "a line comes back from the table as it was"
    assert found[0].low is None


def test_a_page_keeps_its_other_records(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- record: x -->\nold\n<!-- end of record -->\n<!-- record: y -->\nz\n<!-- end of record -->\n")
    write_page(page, "x", "new\n")
    assert page.read_text() == (
        "<!-- record: x -->\nnew\n<!-- end of record -->\n<!-- record: y -->\nz\n<!-- end of record -->\n"
    )


def test_the_page_of_checks_shows_its_table() -> None:
    shown = (DOCS / "checks.md").read_text(encoding="utf-8")
    assert page_table(from_table(pd.read_csv(DOCS / "checks" / "table.csv"))) in shown


@pytest.mark.parametrize(("name", "cells"), [("firing-rule", firing_rule.CELLS), ("closures", closures.CELLS)])
def test_the_page_of_sweeps_shows_every_cell(name: str, cells: list[dict[str, object]]) -> None:
    table = pd.read_csv(DOCS / "sweeps" / f"{name}.csv")
    assert summary(table, list(cells[0])) in (DOCS / "sweeps.md").read_text(encoding="utf-8")
    assert len(table) == len(cells) * table["seed"].nunique()
    assert set(EFFECTS) < set(table.columns)


@pytest.mark.parametrize("cells", [firing_rule.CELLS, closures.CELLS])
def test_what_decides_the_headline_is_varied_in_every_comparison(cells: list[dict[str, object]]) -> None:
    """The default interval of a comparison holds both sets of assumptions."""
    assert not_swept(cells[0]) == []


def test_a_grid_holds_every_combination() -> None:
    assert grid(a__b=[1, 2], c=["x", "y"]) == [
        {"a.b": 1, "c": "x"},
        {"a.b": 1, "c": "y"},
        {"a.b": 2, "c": "x"},
        {"a.b": 2, "c": "y"},
    ]


def test_no_two_checks_write_the_same_lines() -> None:
    """A run replaces lines by the name of their check, so that names are given once."""
    names = [
        name
        for _, check in checks([])
        for name in set(re.findall(r'^    (?:name|check) = f?"([^"]+)"', inspect.getsource(check), re.MULTILINE))
    ]
    assert len(names) >= 10
    assert len(names) == len(set(names))
