"""People, jobs, orders and euros are conserved in random scenarios, to the last person and the last cent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.conftest import SMALL

from transitionsim.model import TransitionModel
from transitionsim.policies import populations
from transitionsim.scenario import Scenario, load_scenario
from transitionsim.scenario.names import scenario_names

SWITCHES = ("ageing", "separations", "inactivity", "search_on_the_job", "choosy", "age_pyramids", "scars",
            "dismissals", "closures", "conversion", "plant_shocks", "entry",
            "short_time_work", "early_exits",
            "training", "provider_capacity", "migration", "local_response")  # fmt: skip


REGISTERS = (
    {},
    {"region.job_creation": "elastic", "region.commuter_share": 0.15, "region.migration_lag": 1},
)
"""Few, since each needs a start of its own."""


def random_scenario(number: int) -> Scenario:
    """Return a scenario whose mix, volume, policies and switches are drawn from its number."""
    draw = np.random.default_rng(number)
    mix = draw.dirichlet(np.ones(4), size=2)
    mix[:, 3] = 1.0 - mix[:, :3].sum(axis=1)
    values: dict[str, Any] = {
        **SMALL,
        "months": int(draw.integers(3, 26)),
        "electrification.pace": float(draw.uniform(0, 4)),
        "labour_content": str(draw.choice(["less", "equal", "more"])),
        "jobs.openings": str(draw.choice(["posts", "posts", "posts", "none"])),
        **REGISTERS[number % len(REGISTERS)],
    }
    for switch in SWITCHES:
        values[f"mechanisms.{switch}"] = bool(draw.random() < 0.8)
    scenario = load_scenario(str(draw.choice(sorted(scenario_names())))).with_values(values)
    changed = scenario.model_dump(by_alias=True)
    for policy in changed["policies"]:
        policy["from"], policy["to"] = "2025-02", "2026-06"
        policy["budget"]["value"] = int(draw.integers(0, 3e9))
        if policy["kind"] == "reskilling":
            policy["starts"] = str(draw.choice(["before-notice", "on-notice", "after-dismissal"]))
            policy["target"] = str(draw.choice(["surplus", "displaced", "everyone"]))
            policy["duration_months"]["value"] = int(draw.integers(3, 12))
        if policy["kind"] == "sme-support":
            policy["instrument"] = str(draw.choice(["grant", "guarantee", "advice"]))
    changed["demand"]["volume"] = {"2025-01": 1.0, "2026-03": float(draw.uniform(0.2, 1.4))}
    changed["electrification"]["mix"]["2027-01"] = dict(zip(("ice", "hev", "phev", "bev"), mix[0], strict=True))
    return Scenario.model_validate(changed)


@pytest.mark.parametrize("block", range(10))
def test_random_scenarios_lose_nobody_and_no_cent(block: int) -> None:
    """The audit of every month holds in 200 random scenarios (it raises where an identity breaks)."""
    for number in range(block * 20, block * 20 + 20):
        scenario = random_scenario(number)
        model = TransitionModel(scenario, rng=number // 2 % 2).run()
        state, series = model.state, model.series
        assert model.month == scenario.months
        states = ("employment", "unemployed", "in_training", "inactive", "away", "retired", "commuters_without_job")
        people = sum(series[name] for name in states)
        assert set(people.tolist()) == {len(model.workers) * scenario.persons_per_agent}
        change = np.diff(series["employment"])
        assert (change == (series["hires"] - series["separations"])[1:]).all()
        for one in state.public.policies:
            assert one.ledger.holds()
        imported = state.orders.books.purchases - state.orders.books.delivered
        assert (imported >= 0).all()


def test_columns_stay_in_their_ranges(run_small: Any) -> None:
    """No column of any population leaves the range its table declares."""
    model = run_small("reskilling-and-sme-support", months=120)
    for name, rows in (("workers", model.state.workers), ("employers", model.state.employers)):
        for column in populations()[name]:
            if column.low is not None:
                assert rows[column.name].min() >= column.low, column.name
            if column.high is not None:
                assert rows[column.name].max() <= column.high, column.name


def test_orders_reach_suppliers_exactly(run_small: Any) -> None:
    """What suppliers are ordered is what customers of the region bought of them plus what they sell outside."""
    state = run_small("no-transition", months=2).state
    network = state.orders.network
    external = np.floor(network.external * state.orders.share[:, None]).sum()
    suppliers = network.vehicles == 0
    # Sales outside may round down by a thousandth of a set for each firm and group, never more.
    rest = state.orders.books.orders[suppliers].sum() - state.orders.books.delivered.sum()
    assert external - (network.external > 0).sum() <= rest <= external


def test_automotive_employment_closes_over_its_causes(run_small: Any) -> None:
    """The ledger of automotive jobs closes over one enumeration of causes, month by month."""
    series = run_small("fast", months=96).series
    causes = ("dismissals", "closures", "temporary_not_renewed", "early_exits", "other_ends", "quits_to_jobs",
              "exits_to_inactivity", "retirements")  # fmt: skip
    left = sum(series[name] for name in causes)
    hired = sum(value for name, value in series.items() if name.startswith("hires_automotive_"))
    assert (np.diff(series["employment_automotive"]) == (hired - left)[1:]).all()
