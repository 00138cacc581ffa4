"""Orders: what vehicle plants and suppliers buy, tier by tier, and the labour hours it takes.

A vehicle plant buys vehicle sets of each component group by the content of the cars it makes; its suppliers buy
sub-components for what they are ordered, and so on down three tiers. What no supplier of the region delivers is
imported, so that at every customer purchases = regional deliveries + imports, exactly, in thousandths of a set.
Customers outside the region move with the European cars. A supplier that has converted wins a share of the
electric sets that its customers buy, beyond those sourced at the start, in place of the combustion sets it used
to make for them; so without a transition conversion brings nothing. New suppliers of electric parts win a share
of the same growth.

Simplified: volumes follow the cars made in the same month (no inventories), shares of customers stay, but for
the shift of orders between suppliers, until a supplier closes; then its volume goes to the customer's other
suppliers in the region by a fixed share, and the rest is imported.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import CONVERTED, NOT_CONVERTED, OEM, OTHER_ECONOMY, Records
from transitionsim.compiling import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Network(NamedTuple):
    """Who supplies whom in the region.

    Edges, in the order of their suppliers in ``automotive``, have shape (edges,): ``customer``, ``supplier``,
    ``group`` and ``share`` of the customer's purchases of that group. ``external`` (employers, groups) are the
    thousandths of sets a month sold outside the region at the start; ``vehicles`` (employers,) the vehicles a plant
    makes a month; ``hours`` (employers, groups) labour hours and ``price`` euros for a thousandth of a set, the
    electric group that the firm could convert to included; ``assembly`` (employers,) labour hours for a vehicle;
    ``plant`` (employers,) the place of a vehicle plant on the road, -1 for others; ``entrant`` (employers,) whether
    a supplier lives on the growth of electric parts only.
    """

    customer: Integers
    supplier: Integers
    group: Integers
    share: Floats
    external: Floats
    vehicles: Floats
    hours: Floats
    price: Floats
    assembly: Floats
    plant: Integers
    entrant: NDArray[np.bool_]
    automotive: Integers
    """Rows of the automotive employers, in the order of their tiers."""
    position: Integers
    """Place of each employer in ``automotive``, -1 for others, (employers,)."""


class Stretch(NamedTuple):
    """The piece of road that firms see from a month on: the tables of ``world.Road``, months first.

    ``content`` (months, groups), ``volume`` (months,), ``made`` and ``assembly`` (months, plants), ``carried``
    (months, plants, groups), ``sourcing`` (months, groups), ``labour`` (months,); ``content_start`` (groups,) and
    ``carried_start`` (plants, groups) are those of the first month of the run.
    """

    content: Floats
    volume: Floats
    made: Floats
    carried: Floats
    assembly: Floats
    sourcing: Floats
    labour: Floats
    content_start: Floats
    carried_start: Floats


class Books(NamedTuple):
    """What the month's orders come to.

    ``orders``, ``purchases`` and ``delivered`` (employers, groups) are in thousandths of a set, ``by_group``
    (employers, groups) and ``total`` (employers,) in labour hours.
    """

    orders: Integers
    purchases: Integers
    delivered: Integers
    by_group: Floats
    total: Floats


@compiled
def _growth(now: float, start: float) -> float:
    """Return the part of what is bought now that was not sourced at the start."""
    return 1.0 - start / now if now > start else 0.0


@compiled
def pass_orders_down(
    employers: Records,
    network: Network,
    road: Stretch,
    at: int,
    order_share: Floats,
    turns_to: Integers,
    capture: float,
    resourcing: float,
    books: Books,
) -> None:
    """Write the orders, purchases and deliveries of one month of the stretch into the books.

    ``order_share`` (employers,) is a supplier's share of its usual orders. What a new supplier that is not open yet
    could be ordered stands in its row, but is delivered by nobody.
    """
    groups = road.content.shape[1]
    orders, purchases, delivered = books.orders, books.purchases, books.delivered
    firms = len(network.automotive)
    alive = np.zeros((firms, groups))
    dead = np.zeros((firms, groups))
    for e in range(len(network.share)):
        at_customer = network.position[network.customer[e]]
        if employers[network.supplier[e]].closed:
            dead[at_customer, network.group[e]] += network.share[e]
        else:
            alive[at_customer, network.group[e]] += network.share[e]
    # What converted and new suppliers compete for: electric sets beyond those that were sourced at the start.
    growth = np.zeros((firms, groups))
    europe = np.zeros(groups)
    for k in range(groups):
        europe[k] = _growth(road.content[at, k], road.content_start[k])
    for p in range(firms):
        f = network.automotive[p]
        plant = network.plant[f]
        for k in range(groups):
            orders[f, k] = 0
            delivered[f, k] = 0
            purchases[f, k] = 0
            growth[p, k] = europe[k]
            if plant >= 0:
                made = network.vehicles[f] * road.made[at, plant] * road.carried[at, plant, k]
                purchases[f, k] = int(made * 1000.0)
                growth[p, k] = _growth(road.carried[at, plant, k], road.carried_start[plant, k])
    next_edge = 0
    for f in network.automotive:
        if employers[f].tier == OEM or employers[f].tier == OTHER_ECONOMY:
            continue
        if employers[f].closed:
            while next_edge < len(network.share) and network.supplier[next_edge] == f:
                next_edge += 1
            continue
        converted = employers[f].stage == CONVERTED
        entrant = network.entrant[f]
        main = employers[f].main_group
        for k in range(groups):
            outside = network.external[f, k] * order_share[f]
            if outside > 0.0 and road.content_start[k] > 0.0:
                outside = outside * road.volume[at] / road.content_start[k]
                orders[f, k] += int(outside * road.content[at, k] * road.sourcing[at, k])
                if converted and k == main:
                    target = turns_to[k]
                    won = outside * capture * road.content[at, target] * europe[target] * road.sourcing[at, target]
                    orders[f, target] += int(won)
        while next_edge < len(network.share) and network.supplier[next_edge] == f:
            c = network.customer[next_edge]
            p = network.position[c]
            k = network.group[next_edge]
            part = network.share[next_edge] * order_share[f]
            if dead[p, k] > 0.0:
                part = part * (1.0 + resourcing * dead[p, k] / alive[p, k])
            if entrant:
                part = part * growth[p, k]
            volume_won = int(part * purchases[c, k] * road.sourcing[at, k])
            volume_won = min(volume_won, purchases[c, k] - delivered[c, k])
            orders[f, k] += volume_won
            if not entrant or converted:
                delivered[c, k] += volume_won
            if converted and k == main:
                target = turns_to[k]
                won = int(part * capture * growth[p, target] * purchases[c, target] * road.sourcing[at, target])
                won = min(won, purchases[c, target] - delivered[c, target])
                orders[f, target] += won
                delivered[c, target] += won
            next_edge += 1
        for k in range(groups):
            purchases[f, k] = orders[f, k]


@compiled
def hours_needed(employers: Records, network: Network, road: Stretch, at: int, books: Books) -> None:
    """Write the labour hours of one month of the stretch, by component group and in all, into the books."""
    for f in network.automotive:
        total = 0.0
        for k in range(books.orders.shape[1]):
            books.by_group[f, k] = books.orders[f, k] * network.hours[f, k] * road.labour[at]
            total += books.by_group[f, k]
        plant = network.plant[f]
        if plant >= 0:
            total = network.vehicles[f] * road.made[at, plant] * network.assembly[f] * road.assembly[at, plant]
            total = total * road.labour[at]
        books.total[f] = 0.0 if employers[f].closed else total


@compiled
def hours_of_suppliers(employers: Records, network: Network, by_group: Floats) -> Floats:
    """Return the labour hours of the suppliers at work by component group: not closed, and not waiting to open.

    Added up in the order of the rows of employers; ``by_group`` has shape (employers, groups).
    """
    total = np.zeros(by_group.shape[1])
    for f in range(len(employers)):
        if employers[f].sector != 0 or network.plant[f] >= 0 or employers[f].closed:
            continue
        if network.entrant[f] and employers[f].stage == NOT_CONVERTED:
            continue
        for k in range(by_group.shape[1]):
            total[k] += by_group[f, k]
    return total


@compiled
def hours_ordered(
    employers: Records,
    network: Network,
    road: Stretch,
    order_share: Floats,
    turns_to: Integers,
    capture: float,
    resourcing: float,
    books: Books,
) -> Floats:
    """Return the labour hours of the suppliers at work by component group, in the first month of the stretch.

    The books are left as of that month, at these shares of the usual orders.
    """
    pass_orders_down(employers, network, road, 0, order_share, turns_to, capture, resourcing, books)
    hours_needed(employers, network, road, 0, books)
    return hours_of_suppliers(employers, network, books.by_group)


@compiled
def look_ahead(
    employers: Records,
    network: Network,
    road: Stretch,
    order_share: Floats,
    turns_to: Integers,
    capture: float,
    resourcing: float,
    hours_of_a_row: float,
    books: Books,
    ahead: Integers,
) -> None:
    """Write the posts that each automotive firm needs in this month and the next ones, shape (months, firms).

    The stretch is the published road from this month on, met by the network as it is today. The books are left
    as of this month. Where ``ahead`` has more months than the stretch, nothing changes after it.
    """
    months = len(road.volume)
    for back in range(months):
        at = months - 1 - back
        pass_orders_down(employers, network, road, at, order_share, turns_to, capture, resourcing, books)
        hours_needed(employers, network, road, at, books)
        for position in range(len(network.automotive)):
            ahead[at, position] = int(books.total[network.automotive[position]] / hours_of_a_row + 0.5)
    for at in range(months, ahead.shape[0]):
        for position in range(len(network.automotive)):
            ahead[at, position] = ahead[months - 1, position]


@compiled
def revenue_of(employers: Records, network: Network, books: Books) -> None:
    """Write this month's revenue of every supplier, for each firm its row stands for: sets ordered at their price."""
    for f in network.automotive:
        if network.plant[f] < 0:
            total = 0.0
            for k in range(books.orders.shape[1]):
                total += books.orders[f, k] * network.price[f, k]
            employers[f].revenue = 0.0 if employers[f].closed else total / employers[f].represents
