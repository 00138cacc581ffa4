"""Orders: what vehicle plants and suppliers buy, tier by tier, and the labour hours it takes.

A vehicle plant buys vehicle sets of each component group by the content of the cars it makes; its suppliers buy
sub-components for what they are ordered, and so on down three tiers. What no supplier of the region delivers is
imported, so that at every customer purchases = regional deliveries + imports, exactly, in thousandths of a set.
Customers outside the region move with the European mix. A supplier that has converted wins a share of the
electric sets that its customers buy, beyond those sourced at the start, in place of the combustion sets it used
to make for them; so without a transition conversion brings nothing.

Simplified: volumes follow the cars made in the same month (no inventories), shares of customers stay until a
supplier closes; then its volume goes to the customer's other suppliers in the region by a fixed share, and the
rest is imported.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import CONVERTED, OEM, OTHER_ECONOMY, Records
from transitionsim.compiling import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Network:
    """Who supplies whom in the region.

    Edges, sorted by the tier of the supplier, have shape (edges,): ``customer``, ``supplier``, ``group`` and
    ``share`` of the customer's purchases of that group. ``external`` (employers, groups) are the thousandths
    of sets a month sold outside the region at the start; ``vehicles`` (employers,) the vehicles a plant makes
    a month; ``hours`` (employers, groups) labour hours for a thousandth of a set, the electric group that the
    firm could convert to included; ``assembly`` (employers,) labour hours for a vehicle.
    """

    customer: NDArray[np.int64]
    supplier: NDArray[np.int64]
    group: NDArray[np.int64]
    share: Floats
    external: Floats
    vehicles: Floats
    hours: Floats
    assembly: Floats
    automotive: NDArray[np.int64]
    """Rows of the automotive employers, in the order of their tiers."""


@compiled
def pass_orders_down(
    employers: Records,
    automotive: Integers,
    customer: Integers,
    supplier: Integers,
    group: Integers,
    share: Floats,
    external: Floats,
    vehicles: Floats,
    content: Floats,
    content_start: Floats,
    volume: float,
    turns_to: Integers,
    capture: float,
    resourcing: float,
    orders: Integers,
    purchases: Integers,
    delivered: Integers,
) -> None:
    """Write the orders of one month into ``orders`` (employers, groups), in thousandths of a vehicle set.

    ``content`` (groups,) is the content of the cars made this month, ``content_start`` at the start. Also writes
    ``purchases`` of every customer and what the region ``delivered`` of them; the difference is imported.
    """
    groups = len(content)
    # What converted suppliers compete for: electric sets beyond those that were sourced at the start.
    growth = np.zeros(groups)
    for k in range(groups):
        if content[k] > content_start[k]:
            growth[k] = 1.0 - content_start[k] / content[k]
    alive = np.zeros((orders.shape[0], groups))
    dead = np.zeros((orders.shape[0], groups))
    for e in range(len(share)):
        if employers[supplier[e]].closed:
            dead[customer[e], group[e]] += share[e]
        else:
            alive[customer[e], group[e]] += share[e]
    for f in automotive:
        for k in range(groups):
            orders[f, k] = 0
            delivered[f, k] = 0
            purchases[f, k] = int(vehicles[f] * volume * content[k] * 1000.0) if employers[f].tier == OEM else 0
    next_edge = 0
    for position in range(len(automotive)):
        f = automotive[position]
        if employers[f].tier == OEM or employers[f].tier == OTHER_ECONOMY:
            continue
        if employers[f].closed:
            while next_edge < len(share) and supplier[next_edge] == f:
                next_edge += 1
            continue
        converted = employers[f].stage == CONVERTED
        main = employers[f].main_group
        for k in range(groups):
            if external[f, k] > 0.0:
                if content_start[k] > 0.0:
                    orders[f, k] += int(external[f, k] * volume * content[k] / content_start[k])
                if converted and k == main:
                    target = turns_to[k]
                    orders[f, target] += int(
                        external[f, k] * capture * volume * content[target] * growth[target] / content_start[k]
                    )
        while next_edge < len(share) and supplier[next_edge] == f:
            c = customer[next_edge]
            k = group[next_edge]
            part = share[next_edge]
            if dead[c, k] > 0.0:
                part = part * (1.0 + resourcing * dead[c, k] / alive[c, k])
            volume_won = min(int(part * purchases[c, k]), purchases[c, k] - delivered[c, k])
            orders[f, k] += volume_won
            delivered[c, k] += volume_won
            if converted and k == main:
                target = turns_to[k]
                won = int(part * capture * growth[target] * purchases[c, target])
                won = min(won, purchases[c, target] - delivered[c, target])
                orders[f, target] += won
                delivered[c, target] += won
            next_edge += 1
        for k in range(groups):
            purchases[f, k] = orders[f, k]


@compiled
def hours_needed(
    employers: Records,
    automotive: Integers,
    orders: Integers,
    hours: Floats,
    vehicles: Floats,
    assembly: Floats,
    volume: float,
    assembly_factor: float,
    by_group: Floats,
    total: Floats,
) -> None:
    """Write labour hours a month by component group (employers, groups) and in ``total`` (employers,)."""
    for f in automotive:
        total[f] = 0.0
        for k in range(orders.shape[1]):
            by_group[f, k] = orders[f, k] * hours[f, k]
            total[f] += by_group[f, k]
        if employers[f].tier == OEM:
            total[f] = vehicles[f] * volume * assembly[f] * assembly_factor
        if employers[f].closed:
            total[f] = 0.0


@compiled
def look_ahead(
    employers: Records,
    automotive: Integers,
    customer: Integers,
    supplier: Integers,
    group: Integers,
    share: Floats,
    external: Floats,
    vehicles: Floats,
    hours: Floats,
    assembly: Floats,
    content: Floats,
    content_start: Floats,
    volume: Floats,
    assembly_factor: Floats,
    turns_to: Integers,
    capture: float,
    resourcing: float,
    hours_of_a_row: float,
    orders: Integers,
    purchases: Integers,
    delivered: Integers,
    by_group: Floats,
    total: Floats,
    ahead: Integers,
) -> None:
    """Write the posts that each automotive firm needs in this month and the next ones, shape (months, firms).

    ``content`` (months, groups), ``volume`` and ``assembly_factor`` (months,) are the published road from this
    month on, met by the network as it is today. The tables of orders and hours are left as of this month.
    """
    for back in range(len(volume)):
        horizon = len(volume) - 1 - back
        pass_orders_down(
            employers, automotive, customer, supplier, group, share, external, vehicles, content[horizon],
            content_start, volume[horizon], turns_to, capture, resourcing, orders, purchases, delivered,
        )  # fmt: skip
        hours_needed(
            employers, automotive, orders, hours, vehicles, assembly, volume[horizon],
            assembly_factor[horizon], by_group, total,
        )  # fmt: skip
        for position in range(len(automotive)):
            ahead[horizon, position] = int(total[automotive[position]] / hours_of_a_row + 0.5)
