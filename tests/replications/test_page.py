"""The page on the replication shows what was recorded, and the record is what the tests promise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from experiments.occupational_mobility import FOLDER, REFERENCES, tables

from tests.docs.blocks import ROOT
from transitionsim.cli.replicate import FEW_PERSONS, MOST_PERSONS
from transitionsim.replications import definition

PAGE = (ROOT / "docs" / "replications.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["reference", "agents"])
def test_the_page_shows_the_record(name):
    assert tables()[name] in PAGE


def test_the_record_holds_every_file_within_the_tolerance():
    record = pd.read_csv(FOLDER / "reference.csv")
    assert set(record["file"]) == set(REFERENCES)
    assert (record[["unemployment", "vacancies", "long_term"]] < 1e-9).all().all()


def test_the_recorded_agents_lie_within_their_error():
    """Four standard errors; standard deviations are pooled over networks and steps, since ten seeds say little."""
    record = pd.read_csv(FOLDER / "agents.csv")
    for _, part in record.groupby("rate"):
        error = np.sqrt((part["sd over seeds"] ** 2).mean() / part["seeds"].min())
        assert (abs(part["agents"] - part["mean field"]) < 4 * error).all()


def test_the_page_names_the_constants_of_the_code():
    said = f"δ = {definition.SEPARATION}, ν = {definition.OPENING}, γ = 10 δ = {definition.ADJUSTMENT:.7f} a step."
    assert said in PAGE
    assert f"h = {definition.HALF_WAY:.2f} steps, k = ln(9999)/h" in PAGE
    assert f"from t = {definition.AUTOMATION_FROM} on" in PAGE
    cycle = f"{definition.CYCLE_AMPLITUDE} sin(2π (t + {definition.CYCLE_FROM})/{definition.CYCLE_PERIOD})"
    assert f"from t = {definition.CYCLE_FROM} on by 1 - {cycle}" in PAGE
    assert f"{FEW_PERSONS:,} persons; at most {MOST_PERSONS // 10**6} million" in PAGE
