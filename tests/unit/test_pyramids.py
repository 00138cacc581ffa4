"""Age pyramids of automotive firms: shares are reached, and nothing else is counted differently."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import SMALL

from transitionsim.columns import EMPLOYED
from transitionsim.model import TransitionModel
from transitionsim.regions.pyramids import PLANT_AGE, change_places
from transitionsim.scenario import load_scenario

PLANT = """    share_over_50: {value: SHARE, unit: share, grade: C, source: "made up for tests"}
    exit_age: {value: 61, unit: years, grade: C, source: "made up for tests"}
"""
Made = Callable[..., TransitionModel]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Return a function that makes the small region with facts about its plant's ages, at month 0."""

    def make(share: float = 0.5, **values: object) -> TransitionModel:
        path = tmp_path / "region.yaml"
        text = Path(str(SMALL["region"])).read_text(encoding="utf-8")
        before, plants, after = text.partition("plants:\n")
        name, line, rest = after.partition("\n")
        path.write_text(before + plants + name + line + PLANT.replace("SHARE", str(share)) + rest, encoding="utf-8")
        changed = {key.replace("__", "."): value for key, value in values.items()}
        scenario = load_scenario("no-transition").with_values({**SMALL, "months": 60, **changed, "region": str(path)})
        return TransitionModel(scenario, rng=4)

    return make


def older(model: TransitionModel, staff: np.ndarray, years: int) -> float:
    return float((-model.workers.rows["birth_month"][staff] >= 12 * years).mean())


def test_the_plant_and_all_other_firms_have_their_shares(made: Made) -> None:
    model = made()
    rows, firms = model.workers.rows, model.employers.rows
    plant = (rows["status"] == EMPLOYED) & (rows["employer"] == 0)
    assert older(model, plant, 50) == pytest.approx(0.5, abs=1.0 / plant.sum())
    for f in np.nonzero((firms["sector"] == 0) & (firms["staff"] > 0))[0][1:]:
        staff = (rows["status"] == EMPLOYED) & (rows["employer"] == f)
        assert older(model, staff, 55) == pytest.approx(0.25, abs=1.0 / staff.sum())


def test_a_share_that_cannot_be_reached_is_approached_as_far_as_possible(made: Made) -> None:
    """Nobody of a profile of the plant is left elsewhere who could still change places."""
    model = made(mechanisms__age_pyramids=False)
    change_places(model.state, np.array([0]), np.ones(len(model.employers)), PLANT_AGE)
    rows = model.workers.rows
    employed, old = rows["status"] == EMPLOYED, -rows["birth_month"] >= 600
    plant = employed & (rows["employer"] == 0)
    outside = employed & (model.employers.rows["sector"][rows["employer"]] > 0)
    assert 0.5 < older(model, plant, 50) < 1.0
    young = set(rows["profile"][plant & ~old].tolist())
    assert not young & set(rows["profile"][outside & old].tolist())


def test_staff_ages_and_wages_are_counted_as_before(made: Made) -> None:
    shaped, plain = made(), made(mechanisms__age_pyramids=False)
    one, other = shaped.workers.rows, plain.workers.rows
    assert (one["employer"] != other["employer"]).any()
    for name in set(one.dtype.names) - {"employer", "wage", "exit_month"}:
        assert (one[name] == other[name]).all(), f"{name} goes with the person"
    for columns in (["employer", "profile", "wage"], ["birth_month", "exit_month"], ["employer", "profile"]):
        assert (np.sort(one[columns]) == np.sort(other[columns])).all(), columns


def test_the_plant_loses_more_people_to_the_pension(made: Made) -> None:
    """Half over fifty and leaving at 61: far more exits in five years than with the region's own ages."""
    gone, late = {}, {}
    for on in (True, False):
        model = made(mechanisms__age_pyramids=on)
        rows = model.workers.rows
        plant = (rows["status"] == EMPLOYED) & (rows["employer"] == 0)
        gone[on] = int((rows["exit_month"][plant] <= 60).sum())
        aged = plant & (-rows["birth_month"] >= 600)
        late[on] = ((rows["exit_month"] - rows["birth_month"].astype(int))[aged] >= 62 * 12).mean()
        model.run()
        gone["lived", on] = int(model.series["retirements"].sum())
    assert late[True] < late[False] - 0.2
    assert gone[True] > 1.4 * gone[False]
    assert gone["lived", True] > gone["lived", False]


def test_the_region_still_stands_still(made: Made) -> None:
    series = made().run().series
    jobs = series["employment_automotive"]
    assert abs(jobs[-12:].mean() / jobs[:12].mean() - 1.0) < 0.02
