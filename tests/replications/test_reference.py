"""The mean field against trajectories of the authors' own solver, where that folder stands beside the checkout."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from transitionsim.replications.definition import Targets, automated, start_of
from transitionsim.replications.files import read_occupations
from transitionsim.replications.mean_field import mean_field
from transitionsim.replications.networks import complete, loop, of_matrix

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "reference" / "occupational-mobility"
OWN = 0.5502916755953751
FILES = {
    "traj_Kn_null.csv": ("none", lambda n: complete(n)),
    "traj_Kn_automation.csv": ("automation", lambda n: complete(n)),
    "traj_KnLoop_automation.csv": ("automation", lambda n: loop(n, OWN)),
}

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="no ../shared/reference/occupational-mobility here")


def columns_of(file: str) -> dict[str, np.ndarray]:
    with (FOLDER / file).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


@pytest.mark.parametrize("as_matrix", [False, True])
@pytest.mark.parametrize("file", FILES)
def test_every_step_is_that_of_the_reference(file, as_matrix):
    shock, named = FILES[file]
    occupations = read_occupations(FOLDER / "inputs_464.csv")
    start = start_of(occupations.employment)
    network = named(len(occupations.employment))
    if as_matrix:
        network = of_matrix(network.entries())
    last = automated(start.demand, occupations.probability)
    found = mean_field(start, Targets(shock, start.demand, last), network)
    expected = columns_of(file)
    pairs = (
        (found.unemployment, "unemp_rate_pct"),
        (found.vacancies, "vacancy_rate_pct"),
        (found.long_term, "longterm_unemp_rate_pct"),
    )
    for values, name in pairs:
        assert values.shape == expected[name].shape == (600,)
        np.testing.assert_allclose(values, expected[name], rtol=1e-9, atol=0)


def test_the_inputs_agree_with_what_is_derived_from_them():
    assert read_occupations(FOLDER / "inputs_464.csv").notes == ()


def test_every_trajectory_of_the_folder_is_tested():
    assert {path.name for path in FOLDER.glob("traj_*.csv")} == set(FILES)
