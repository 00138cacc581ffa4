"""V10: orders go down the tiers as in an input-output table without inventories."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.limits.laws import Floats
from tests.unit import hand_made
from transitionsim.columns import OEM
from transitionsim.markets import orders
from transitionsim.markets.orders import Books, Network, Stretch
from transitionsim.model import TransitionModel
from transitionsim.world import State

Edges = list[tuple[int, int, float]]


def passed_down(tiers: list[int], edges: Edges, vehicles: float, content: Floats) -> Floats:
    """Return what each firm of a hand-made network is ordered of one part, in sets; the plant makes ``vehicles``.

    ``edges`` are customer, supplier and the supplier's share of what the customer buys, in the order of suppliers;
    ``content`` has the sets in a car at the start and now.
    """
    count = len(tiers)
    firms = hand_made.firms(count, tier=tiers, stage=0, main_group=-1)
    table = np.array(edges).reshape(-1, 3)
    nothing, whole = np.zeros((count, 1)), np.arange(count)
    made = np.where(np.array(tiers) == OEM, vehicles, 0.0)
    plant = np.where(np.array(tiers) == OEM, 0, -1)
    network = Network(
        table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), np.zeros(len(table), np.int64), table[:, 2].copy(),
        nothing, made, nothing, nothing, np.zeros(count), plant, np.zeros(count, np.bool_), whole, whole,
    )  # fmt: skip
    ones = np.ones((1, 1))
    road = Stretch(
        content[1:, None], np.ones(1), ones, content[1:, None, None], ones, ones, np.ones(1), content[:1],
        content[:1, None],
    )  # fmt: skip
    zeros = [np.zeros((count, 1), np.int64) for _ in range(3)]
    books = Books(*zeros, nothing.copy(), np.zeros(count))
    orders.pass_orders_down(firms, network, road, 0, np.ones(count), np.array([-1]), 0.0, 0.0, books)
    assert (books.delivered[:, 0] <= books.purchases[:, 0]).all()
    return np.asarray(books.orders[:, 0] / 1000.0)


@pytest.mark.parametrize(("now", "due"), [(1.0, (50.0, 30.0, 1.5)), (0.6, (30.0, 18.0, 0.9))])
def test_orders_of_three_tiers_are_leontiefs(now: float, due: tuple[float, ...]) -> None:
    """V10. A plant that makes 100 orders 50 of tier 1 and 10 of tier 2, tier 1 four tenths of its own from tier 2,
    tier 2 a twentieth from tier 3: orders are (I - A)^-1 f = (50, 30, 1.5), after a loss of content of four tenths
    (30, 18, .9). Where the textbook lets tier 2 buy that twentieth of itself (31.578947 and 18.947368) the model
    goes to the next tier, one term of the series 30 (1 + .05 + .05^2 + ...) each.

    Source: Leontief 1936.
    Holds: to a thousandth of a set for each delivery on the way (orders are whole thousandths).
    """
    edges = [(0, 1, 0.5), (0, 2, 0.1), (1, 2, 0.4), (2, 3, 0.05)]
    table = np.zeros((4, 4))
    for customer, supplier, share in edges:
        table[supplier, customer] = share
    law = np.linalg.solve(np.eye(4) - table, np.array([100.0 * now, 0, 0, 0]))
    assert law[1:] == pytest.approx(due)
    found = passed_down([OEM, 1, 2, 3], edges, 100.0, np.array([1.0, now]))
    assert found[1:] == pytest.approx(due, abs=0.003)
    textbook = {1.0: 31.578947368421055, 0.6: 18.947368421052634}[now]
    assert due[1] + due[2] == pytest.approx(textbook * (1 - 0.05**2), rel=1e-12)


def leontief(state: State) -> tuple[Floats, Floats]:
    """Return the orders that ``(I - A)^-1 f`` gives for the network of a region this month, and the rounding allowed.

    Both (employers, groups), in thousandths of a set. Nothing but the network's own table of shares and what plants
    and customers outside buy goes in.
    """
    network, road, t = state.orders.network, state.orders.road, state.month - 1
    firms, groups = network.external.shape
    plants = np.nonzero(network.plant >= 0)[0]
    gone = network.entrant | state.employers["closed"]
    found, off = np.zeros((firms, groups)), np.zeros((firms, groups))
    for k in range(groups):
        table = np.zeros((firms, firms))
        edges = (network.group == k) & ~gone[network.supplier]
        np.add.at(table, (network.supplier[edges], network.customer[edges]), network.share[edges] * road.sourcing[t, k])
        final = network.external[:, k] * road.volume[t] * road.content[t, k] / road.content[0, k] * road.sourcing[t, k]
        final[gone] = 0.0
        bought = np.zeros(firms)
        bought[plants] = network.vehicles[plants] * road.made[network.plant[plants], t] * 1000.0
        bought[plants] *= road.carried[network.plant[plants], t, k]
        steps = (table > 0).sum(axis=1) + 1.0  # a whole number for each delivery and for what is sold outside
        inverse = np.linalg.inv(np.eye(firms) - table)
        found[:, k] = inverse @ (final + table @ bought * (network.plant < 0))
        off[:, k] = inverse @ steps
    found[plants] = 0.0
    return found, off


@pytest.mark.parametrize("name", ["no-transition", "fast"])
def test_orders_in_the_network_of_a_region_are_leontiefs(small: Any, name: str) -> None:
    """V10. In a region's own network of three tiers the orders of every supplier and part are (I - A)^-1 f, f being
    what vehicle plants and customers outside buy: at the start, and when electric cars have taken content away.

    Source: Leontief 1936.
    Holds: every supplier, part and month of 120, to a thousandth of a set for each delivery on the way down; firms
    neither convert, close nor enter, and orders do not shift between them; what a firm closed before made is imported.
    """
    off = {f"mechanisms__{name}": False for name in ("conversion", "closures", "entry", "plant_shocks", "successors")}
    model = TransitionModel(small(name, months=120, suppliers__resourcing=0.0, **off), rng=1)
    state = model.state
    state.orders.share[:] = 1.0
    start = None
    while model.running:
        model.step()
        start = state.orders.books.orders.sum(axis=0) if start is None else start
        if state.month % 12 == 1:
            law, rounding = leontief(state)
            assert (np.abs(state.orders.books.orders - law) <= rounding)[~state.orders.network.entrant].all(), (
                state.month
            )
            assert rounding.max() < 0.01 * law[law > 0].max()
    if name == "fast":
        assert (state.orders.books.orders.sum(axis=0)[:3] < 0.5 * start[:3]).all(), "engines, transmissions, exhausts"


def test_nothing_is_amplified_on_the_way_down(small: Any) -> None:
    """V10. Without inventories orders are not amplified: a tenth fewer cars are a tenth fewer orders at every tier.

    Source: the limit of a long adjustment time of inventories (Lee, Padmanabhan and Whang 1997).
    Holds: every supplier's orders to .1 % and the whole thousandths of its deliveries, in the month of the fall.
    """
    fall = {"2025-01": 1.0, "2025-02": 1.0, "2025-03": 0.9}
    off = {f"mechanisms__{name}": False for name in ("conversion", "closures", "entry", "plant_shocks", "successors")}
    model = TransitionModel(small("no-transition", months=3, demand__volume=fall, **off), rng=1)
    model.step()
    before = model.state.orders.books.orders.copy()
    model.run()
    assert before.sum() > 0
    assert (np.abs(model.state.orders.books.orders - 0.9 * before) <= 0.001 * before + 20).all()
