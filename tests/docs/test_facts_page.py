"""The page of the held-out facts shows what was recorded, and the record is that of the facts there are."""

from __future__ import annotations

import pandas as pd
import pytest
from experiments.held_out_facts import FOLDER, PAGE, closures, draw_closures, draw_cycle, tables

from transitionsim.facts import cases, market
from transitionsim.facts.definition import number
from transitionsim.facts.table import COLUMNS, FACTS, measured

TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["facts", "misses", "closures", "fitted"])
def test_the_page_shows_the_record(name):
    assert tables()[name] in TEXT


def test_the_record_holds_every_fact_as_it_stands_in_the_code():
    record = pd.read_csv(FOLDER / "table.csv")
    assert tuple(record) == COLUMNS
    assert record["fact"].tolist() == [fact.name for fact in FACTS]
    for fact, line in zip(FACTS, record.itertuples(index=False), strict=True):
        assert (line.title, line.source, line.fitted, line.basis) == (fact.title, fact.source, fact.fitted, fact.basis)
        low, high = fact.limits("ES")
        assert line.target_low == low or (low is None and pd.isna(line.target_low))
        assert line.target_high == high or (high is None and pd.isna(line.target_high))
        assert line.fitting == fact.fitting
        assert isinstance(line.meaning, str) == line.verdict.startswith("fails")
        assert line.meaning == fact.meaning or not isinstance(line.meaning, str)


def test_the_record_s_envelope_is_that_of_its_cases():
    """The lowest and highest of single seeds lie outside those of the means, and not far."""
    shares = pd.read_csv(FOLDER / "closures.csv")
    assert list(dict.fromkeys(shares["condition"])) == [condition.name for condition in cases.CONDITIONS]
    year = shares[shares["months"] == 12]["in work"]
    record = pd.read_csv(FOLDER / "table.csv").set_index("fact")["simulated"]
    assert year.min() - 4.0 <= record["closure-least"] <= year.min() + 0.01
    assert year.max() - 0.01 <= record["closure-most"] <= year.max() + 4.0


def test_the_page_says_what_was_driven():
    assert f"swings {100 * market.SWING:.0f} % to both sides" in TEXT
    assert f"its {number(cases.STAFF[2019])} people of the end of 2019" in TEXT
    for year, cars in cases.CARS.items():
        assert number(cars) in TEXT, year


def test_figures_are_drawn(tmp_path):
    draw_closures(pd.read_csv(FOLDER / "closures.csv"), tmp_path / "closures.png")
    draw_cycle(pd.read_csv(FOLDER / "cycle.csv"), tmp_path / "cycle.png")
    assert min(path.stat().st_size for path in tmp_path.iterdir()) > 10_000


def test_tables_of_nothing_asked_for_are_empty():
    nothing = measured("ES22", 0, 10, ())
    assert nothing.envelope == {}
    assert closures(nothing).empty
