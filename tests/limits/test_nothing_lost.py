"""V1, V2 and V14: nothing is lost, and what is nothing changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.limits.conftest import OFF, Maker
from transitionsim.columns import EMPLOYED, IN_TRAINING, INACTIVE, OEM, RETIRED, UNEMPLOYED
from transitionsim.markets import orders
from transitionsim.model import TransitionModel
from transitionsim.policies import policy_from
from transitionsim.scenario import Scenario, load_scenario

ARMS = ("reskilling", "sme-support", "sme-guarantee", "short-time-work", "early-retirement", "wage-insurance",
        "mobility-grant")  # fmt: skip
FIRST, LAST = "2025-01", "2040-12"


def policies(budget: int, *arms: str) -> list[dict[str, Any]]:
    """Return the policies of shipped scenarios, in force from the first month and with the same budget."""
    found = []
    for arm in arms:
        for policy in load_scenario(arm).model_dump(by_alias=True)["policies"]:
            policy |= {"from": FIRST, "to": LAST}
            policy["budget"]["value"] = budget
            found.append(policy)
    return found


def with_policies(scenario: Scenario, budget: int, *arms: str) -> Scenario:
    """Return a scenario with these policies in place of its own."""
    return scenario.model_copy(update={"policies": tuple(policy_from(one) for one in policies(budget, *arms))})


def shrinking(small: Any, months: int, budget: int, *arms: str) -> TransitionModel:
    """Return a region in which orders fall fast and by a step, with policies."""
    fall = {"2025-01": 1.0, "2025-06": 1.0, "2025-07": 0.75}
    scenario = small("current-policy", months=months, electrification__pace=3.0, demand__volume=fall)
    return TransitionModel(with_policies(scenario, budget, *arms), rng=6)


def test_people_and_vacancies_are_conserved_month_by_month(small: Any) -> None:
    """V1. Rows never change in number and are each in one status; employment moves by hires less separations, a row
    is born when, and only when, its exit month has come; vacancies posted are those filled and those left.

    Source: accounting identity.
    Holds: exactly, every month of 48, all counted anew from the rows of the people, with seven policies at work.
    """
    model = shrinking(small, 48, 3_000_000, *ARMS)
    state = model.state
    rows, count = state.workers, len(state.workers)
    names = {"unemployed": UNEMPLOYED, "in_training": IN_TRAINING, "inactive": INACTIVE, "retired": RETIRED}
    while model.running:
        month = model.month
        born, due = rows["birth_month"].copy(), rows["exit_month"].copy()
        employed = (rows["status"] == EMPLOYED).sum()
        model.step()
        series = {name: int(values[month]) for name, values in model.series.items()}
        living = ~rows["commuter"]
        for name, status in names.items():
            assert series[name] == ((rows["status"] == status) & living).sum(), name
        assert series["employment"] == (rows["status"] == EMPLOYED).sum()
        stocks = (*names, "employment", "away", "commuters_without_job")
        assert sum(series[name] for name in stocks) == len(rows) == count
        hired = (rows["hired"] == month) & (rows["status"] == EMPLOYED)
        gone = (rows["left_month"] == month) & (rows["cause"] >= 0)
        assert series["hires"] == hired.sum()
        assert series["separations"] == gone.sum()
        assert series["employment"] - employed == hired.sum() - gone.sum()
        assert ((rows["birth_month"] != born) == (due <= month)).all()
        cells = np.zeros_like(state.labour.staff)
        np.add.at(cells, (rows["employer"][hired], rows["profile"][hired]), 1)
        assert ((state.labour.vacancies + cells).sum(axis=0) == state.counts.by_profile).all(), "posted = filled + left"
        np.add.at(cells, (rows["employer"][hired], rows["profile"][hired]), -1)
        there = rows["status"] == EMPLOYED
        np.add.at(cells, (rows["employer"][there], rows["profile"][there]), 1)
        assert (cells == state.labour.staff).all()
    for name in ("dismissals", "early_exits", "hires", "retired", "in_training", "short_time"):
        assert model.series[name].sum() > 0, name


def test_what_is_ordered_is_what_is_delivered(small: Any) -> None:
    """V1. Without customers outside, what suppliers are ordered is what their customers in the region were delivered,
    and these import the rest: purchases = deliveries + imports; without inventories nothing waits.

    Source: accounting identity.
    Holds: exactly, in thousandths of a set, after 12, 36 and 60 months with firms that convert, close and enter.
    """
    model = shrinking(small, 61, 3_000_000, "sme-support")
    changed = 0
    for until in (12, 36, 60):
        while model.month < until:
            model.step()
        state = model.state
        network = state.orders.network._replace(external=np.zeros_like(state.orders.network.external))
        shape = state.orders.books.orders.shape
        whole = [np.zeros(shape, np.int64) for _ in range(3)]
        books = orders.Books(*whole, np.zeros(shape), np.zeros(shape[0]))
        orders.pass_orders_down(
            state.employers, network, state.orders.road.stretch(until, 0), 0, state.orders.share,
            state.reference.parts.turns_to, state.world["capture"], state.settings.value("suppliers.resourcing"), books,
        )  # fmt: skip
        firms = state.employers
        waiting = network.entrant & (firms["stage"] != 2)
        suppliers = (firms["tier"] > OEM) & (firms["sector"] == 0) & ~waiting
        assert (books.orders[suppliers].sum(axis=0) == books.delivered.sum(axis=0)).all()
        assert (books.delivered <= books.purchases).all()
        assert books.delivered.sum() > 0
        changed += int(firms["closed"].sum()) + int((firms["stage"] == 2).sum())
    assert changed > 0


def test_money_is_conserved_and_never_paid_before_it_is_committed(small: Any) -> None:
    """V1, V14. Each policy's budget is committed in full every year; what is committed is paid, reserved, available
    or returned, and what was paid and returned never exceeds what was committed.

    Source: accounting identity.
    Holds: exactly, in cents, every month of 48 and each of seven policies. Shares of the Union and the state in a
    project's money are not modelled: every budget is public money of one purse.
    """
    model = shrinking(small, 48, 700_001, *ARMS)
    while model.running:
        model.step()
        assert len(model.state.public.policies) == len(ARMS)
        for ledger in (one.ledger for one in model.state.public.policies):
            assert ledger.granted == ledger.paid + ledger.reserved + ledger.available + ledger.returned
            assert min(ledger.paid, ledger.reserved, ledger.available, ledger.returned) >= 0
    tables = model.state.record.tables
    granted, paid, back = (tables[f"policy_{name}_cents"] for name in ("granted", "paid", "returned"))
    assert (granted[11::12] == 70_000_100 * np.arange(1, 5)[:, None]).all()
    assert (paid + back <= granted).all()
    assert (np.diff(paid, axis=0) >= 0).all()
    assert (paid[-1] > 0).sum() >= 5
    assert (paid.sum(axis=1) == model.series["spent_cents"]).all()


def test_where_nothing_happens_policies_change_no_byte(limit: Maker) -> None:
    """V2. With a road that does not move and no shift of orders nobody is displaced and no line pays, so that funded
    policies for them find nobody: every arm is the run without policy, byte for byte.

    Source: null case under common random numbers.
    Holds: exactly, both populations and all series that are not money, 48 months.
    """
    on = tuple(name for name in OFF if name not in ("plant_shocks",))
    target = {"target": "displaced"}
    digests, calm = set(), None
    for arm in (None, *ARMS):
        chosen = policies(5_000_000, arm) if arm else []
        if arm == "reskilling":
            chosen[0] |= target
        model = limit(on=on, months=48, policies=chosen).run()
        digests.add(model.digest())
        calm = calm or model
        for name, values in model.series.items():
            if name not in ("granted_cents", "returned_cents"):
                assert (values == calm.series[name]).all(), (arm, name)
        if arm:
            assert model.series["granted_cents"][-1] == 4 * 500_000_000
    assert len(digests) == 1
    assert calm is not None
    assert calm.series["hires"].sum() > 1000


@pytest.mark.parametrize("arm", ARMS)
def test_a_policy_without_money_is_the_arm_without_policy(small: Any, arm: str) -> None:
    """V2. A policy with a budget of 0 is no policy, whatever its kind, while orders fall; with money it is one.

    Source: null case under common random numbers.
    Holds: exactly, both populations and every series, 36 months, seven kinds.
    """
    without, unfunded, funded = (
        shrinking(small, 36, budget, *arms).run() for budget, arms in ((0, ()), (0, (arm,)), (20_000_000, (arm,)))
    )
    assert unfunded.digest() == without.digest()
    for name, values in without.series.items():
        assert (values == unfunded.series[name]).all(), name
    assert funded.digest() != without.digest()
