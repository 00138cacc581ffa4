"""The record of the null arms: what drift is, how wide a band is, and what gets a star."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "experiments" / "null_arms.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("null_arms", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def yearly(unemployment: list[float], seed: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region": "ES22",
            "persons per row": 1,
            "months": 36,
            "seed": seed,
            "year": range(3),
            "unemployment, %": unemployment,
            "vacancies, %": [0.9, 0.9, 0.9],
            "automotive employment, persons": [10_000.0, 9_940.0, 10_010.0],
            "employment, persons": [300_000.0, 300_000.0, 300_000.0],
            "long-term share, %": [34.0, 34.0, 34.0],
            "displaced in the year, %": [3.0, 4.0, 5.0],
        }
    )


def test_drift_is_the_largest_distance_from_the_first_year_of_the_seeds_mean(script: ModuleType) -> None:
    table = pd.concat([yearly([7.0, 7.3, 7.1], 0), yearly([7.0, 6.9, 6.7], 1)])
    (line,) = [line for _, line in script.summary(table).iterrows()]
    assert line["unemployment drift, pp"] == pytest.approx(0.1)
    assert line["automotive drift, %"] == pytest.approx(-0.6)
    assert line["long-term share minus fact, pp"] == pytest.approx(0.0)
    assert line["displaced a year, %"] == pytest.approx(4.0)
    assert (line["seeds"], line["flows' factor"] > 1.0) == (2, True)


def test_a_band_grows_with_the_root_of_the_scale_and_never_shrinks(script: ModuleType) -> None:
    one = pd.Series({"labour force": 338_600.0, "automotive": 11_607.0})
    name = "unemployment drift, pp"
    assert script.band(name, one) == pytest.approx(0.1)
    assert script.band(name, one / 25) == pytest.approx(0.5)
    assert script.band(name, one * 25) == pytest.approx(0.1)
    assert script.band("employment drift, %", one) is None


def test_a_star_marks_what_lies_outside_its_band(script: ModuleType) -> None:
    line = pd.Series({"unemployment drift, pp": -0.11, "displaced a year, %": 1.9, "labour force": 338_600.0})
    assert script.cell("unemployment drift, pp", line) == "-0.11 *"
    assert script.cell("displaced a year, %", line) == "1.90 *"
    line["unemployment drift, pp"], line["displaced a year, %"] = 0.09, 2.0
    assert script.cell("unemployment drift, pp", line) == "0.09"
    assert script.cell("displaced a year, %", line) == "2.00"
