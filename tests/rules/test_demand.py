"""The road: each of its six inputs moves jobs alone, and nothing moves when all of them stand still."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from transitionsim.columns import OEM, PROJECT, TIER_2
from transitionsim.model import TransitionModel
from transitionsim.scenario import load_scenario
from transitionsim.scenario.freezing import INPUTS, frozen

MOVING: dict[str, Any] = {
    "volume": {"demand.volume": {"2025-01": 1.0, "2027-01": 0.8}},
    "eu_share": {"demand.eu_share": {"2025-01": 0.8, "2027-01": 0.6}},
    "allocation": {
        "demand.allocation": "calendars",
        "demand.plants": {"Test plant": {"vehicles": {"2025-01": 15000.0, "2027-01": 9000.0}}},
    },
    "mix": {
        "electrification.mix": {
            "2025-01": {"ice": 0.387, "hev": 0.345, "phev": 0.094, "bev": 0.174},
            "2027-01": {"ice": 0.0, "hev": 0.0, "phev": 0.0, "bev": 1.0},
        }
    },
    "local_sourcing": {"demand.local_sourcing.neutral": {"2025-01": 1.0, "2027-01": 0.7}},
    "productivity": {"demand.productivity": {"2025-01": 1.0, "2027-01": 1.25}},
}


def _posts(scenario: Any, seed: int = 1) -> np.ndarray:
    return TransitionModel(scenario, rng=seed).run().series["posts_automotive"]


def _moving(small: Any, *inputs: str, **more: Any) -> Any:
    scenario = small("no-transition", months=36)
    for name in inputs:
        scenario = scenario.with_values(MOVING[name])
    return scenario.with_values(more) if more else scenario


@pytest.mark.parametrize("name", INPUTS)
def test_each_input_of_the_road_moves_posts_alone(small: Any, name: str) -> None:
    still = _posts(_moving(small))
    moved = _posts(_moving(small, name))
    assert moved[0] == still[0], "the first month is the same"
    assert moved[-1] < 0.97 * still[-1]


@pytest.mark.parametrize("name", INPUTS)
def test_a_frozen_input_is_as_in_the_first_month(small: Any, name: str) -> None:
    """Freezing the one input that moves gives the run in which nothing moves, byte for byte."""
    still = frozen(_moving(small, "mix")) if name == "mix" else _moving(small)
    stopped = frozen(_moving(small, name), [name])
    assert TransitionModel(stopped, rng=2).run().digest() == TransitionModel(still, rng=2).run().digest()


def test_a_plant_follows_its_own_calendar(small: Any) -> None:
    """Cars made in a month are the calendar's, and the staff of the plant follows them."""
    calendar = {"Test plant": {"vehicles": {"2025-01": 15000.0, "2025-12": 15000.0, "2026-01": 30000.0}}}
    scenario = small("no-transition", months=24, demand__allocation="calendars", demand__plants=calendar)
    model = TransitionModel(scenario, rng=1).run()
    made = model.series["vehicles_made"]
    assert made[0] == 1250
    assert made[12] == 2500
    assert model.employers.rows["posts"][0] == pytest.approx(2 * model.employers.rows["posts_start"][0], rel=0.01)


def test_a_plant_given_battery_models_gains_from_speed(small: Any) -> None:
    """The sign of electrification may flip: where the battery cars are made, a faster path means more posts."""
    claims = {"Test plant": {"claims": {"2025-01": {"ice": 0.01, "hev": 0.01, "phev": 0.01, "bev": 0.04}}}}
    values = {"demand.allocation": "calendars", "demand.plants": claims, "labour_content": "more"}
    slow, fast = (small(name, months=96).with_values(values) for name in ("slow", "fast"))
    gained = [TransitionModel(one, rng=1).run().employers.rows["posts"][0] for one in (slow, fast)]
    assert gained[1] > 1.05 * gained[0]
    other = {"Test plant": {"claims": {"2025-01": {"ice": 0.04, "hev": 0.01, "phev": 0.01, "bev": 0.01}}}}
    values["demand.plants"] = other
    slow, fast = (small(name, months=96).with_values(values) for name in ("slow", "fast"))
    lost = [TransitionModel(one, rng=1).run().employers.rows["posts"][0] for one in (slow, fast)]
    assert lost[1] < lost[0], "and where combustion cars are made, fewer"


def test_a_project_hires_from_its_date_and_is_not_automotive(small: Any) -> None:
    project = {
        "id": "cells",
        "kind": "battery",
        "from": "2025-07",
        "capacity": {"value": 4, "unit": "GWh/year", "source": "scenario lever"},
        "jobs_per_unit": {"value": 10, "unit": "persons per GWh/year", "source": "scenario lever"},
        "ramp_months": 8,
    }
    plain = TransitionModel(small("no-transition", months=24), rng=1).run()
    built = TransitionModel(small("no-transition", months=24, projects=[project]), rng=1).run()
    row = built.employers.rows[built.employers.rows["sector"] == PROJECT]
    assert row["posts"].tolist() == [40]
    staff = built.series["employment_projects"]
    assert staff[5] == 0 < staff[7]
    assert staff[-1] >= 35
    assert (plain.series["posts_automotive"] == built.series["posts_automotive"]).all()
    assert plain.series["employment_projects"].sum() == 0


def test_new_suppliers_open_with_the_growth_of_electric_parts_only() -> None:
    size = {"persons_per_agent": 20, "months": 96, "suppliers.entry_share": 0.15, "suppliers.entry_size": 20}
    shut = {"mechanisms.entry": False}
    still, fast, closed = (
        TransitionModel(load_scenario(name).with_values({**size, **values}), rng=1).run()
        for name, values in (("no-transition", {}), ("fast", {}), ("fast", shut))
    )
    assert still.series["suppliers_new"].sum() == closed.series["suppliers_new"].sum() == 0
    assert fast.series["suppliers_new"][-1] > 0
    entrant = fast.state.orders.network.entrant
    assert fast.employers.rows["staff"][entrant].sum() > 0
    # Who waits to open has no orders that could grow: the others share them all.
    for model in (still, closed):
        assert (model.state.orders.share[model.state.orders.network.entrant] == 1.0).all()


@pytest.mark.parametrize("code", ["PL22", "CZ08", "SE23"])
def test_every_month_of_a_fast_path_holds_in_regions_of_few_rows(code: str) -> None:
    """Coarse rows strain the network: nothing may grow without bound, and the audit stops what does not close."""
    model = TransitionModel(load_scenario("fast").with_values({"region": code, "persons_per_agent": 200}), rng=0).run()
    posts = model.series["posts_automotive"]
    assert 0.5 * posts[0] < posts.min() <= posts.max() < 1.25 * posts[0]


def test_orders_shift_without_changing_their_sum(small: Any) -> None:
    """Firms grow and shrink, the region does not, but for the month in which one closes; single suppliers move."""
    model = TransitionModel(small("no-transition", months=120), rng=3)
    model.run()
    posts = model.series["posts_automotive"]
    assert np.median(np.abs(posts / posts[0] - 1.0)) < 0.02
    assert np.abs(posts / posts[0] - 1.0).max() < 0.06
    rows = model.employers.rows[model.state.orders.network.automotive]
    suppliers = rows[(rows["tier"] > 0) & (rows["posts_start"] >= 10) & ~rows["closed"]]
    moved = np.abs(suppliers["posts"] / suppliers["posts_start"] - 1.0)
    assert moved.mean() > 0.03


def test_garages_follow_the_cars_on_the_road(small: Any) -> None:
    """Battery cars need less repair, slowly: the posts of NACE G45 fall with the fleet, not with sales."""
    fast = TransitionModel(small("fast", months=120), rng=1).run()
    index = fast.state.orders.road.aftermarket
    assert index[0] == 1.0
    assert 0.85 < index[119] < 0.99
    assert (np.diff(index[:120]) <= 0).all()
    still = TransitionModel(small("no-transition", months=12), rng=1).run()
    assert (still.state.orders.road.aftermarket[:12] == 1.0).all()


def test_cutting_one_supplier_can_be_followed(small: Any) -> None:
    """A tier 2 supplier that closes: its customers buy elsewhere or import, its people get notice, no luck moves."""
    plain = TransitionModel(small("no-transition", months=24), rng=4)
    cut = TransitionModel(small("no-transition", months=24), rng=4)
    rows = cut.state.employers
    network = cut.state.orders.network
    able = [f for f in np.nonzero((rows["tier"] == TIER_2) & (rows["staff"] >= 5))[0] if (network.supplier == f).any()]
    victim = int(able[0])
    for _ in range(3):
        plain.step()
        cut.step()
    staff = np.nonzero(cut.state.workers["employer"] == victim)[0]
    cut.state.employers["closed"][victim] = True
    customers = np.unique(network.customer[network.supplier == victim])
    groups = np.unique(network.group[network.supplier == victim])
    imports = [
        (one.state.orders.books.purchases - one.state.orders.books.delivered)[np.ix_(customers, groups)].sum()
        for one in (plain, cut)
    ]
    assert imports[0] == imports[1]
    plain.step()
    cut.step()
    imports = [
        (one.state.orders.books.purchases - one.state.orders.books.delivered)[np.ix_(customers, groups)].sum()
        for one in (plain, cut)
    ]
    assert imports[1] > imports[0], "what nobody in the region delivers is imported"
    assert cut.state.orders.books.orders[victim].sum() == 0
    for _ in range(6):
        plain.step()
        cut.step()
    assert (cut.state.workers["employer"][staff] != victim).all(), "its people have left"
    assert cut.series["vehicles_made"][:10].tolist() == plain.series["vehicles_made"][:10].tolist()
    others = np.arange(len(cut.state.orders.log_share)) != victim
    same = cut.state.orders.log_share == plain.state.orders.log_share
    assert same[others].all(), "the luck of other firms is the same"


@pytest.mark.parametrize("reading", ["less", "more"])
def test_a_set_is_worth_the_same_whatever_the_labour_in_it(small: Any, reading: str) -> None:
    """The reading of labour content changes the hours for an electric set, and not what it earns beside others."""
    states = [TransitionModel(small("no-transition", labour_content=one), rng=1).state for one in ("equal", reading)]
    prices, hours = ([getattr(state.orders.network, name) for state in states] for name in ("price", "hours"))
    firms = states[0].employers
    rows = np.nonzero((firms["main_group"] >= 0) & (firms["tier"] > OEM))[0]
    main = firms["main_group"][rows]
    target = states[0].reference.parts.turns_to[main]
    worth = [price[rows, target] / price[rows, main] for price in prices]
    labour = [table[rows, target] / table[rows, main] for table in hours]
    assert (np.abs(labour[1] / labour[0] - 1.0) > 0.02).all()
    # Sets are whole thousandths, so that the smallest firms are a little off.
    assert np.median(np.abs(worth[1] / worth[0] - 1.0)) < 0.002
    assert np.allclose(worth[1], worth[0], rtol=0.02)
