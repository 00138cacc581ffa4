"""The supplier network of a region: what each supplier makes, and whom it delivers to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    COMBUSTION_GROUPS,
    ELECTRIC_GROUPS,
    GROUP_NAMES,
    OEM,
    OTHER_ECONOMY,
    TIER_1,
    TIER_3,
    Records,
)
from transitionsim.draws import agent_keys, stream, uniform
from transitionsim.evidence import Register
from transitionsim.markets.orders import Network
from transitionsim.structure import Components

Floats = NDArray[np.float64]
MOST_CUSTOMERS = 3


def set_hours(register: Register, parts: Components, reading: str) -> Floats:
    """Return labour hours for a vehicle set of each component group, shape (groups,), under a reading.

    Whether electric components take less or more labour is disputed; ``reading`` is less, equal or more.
    """
    hours = np.array([register.value(f"hours.{name}") for name in GROUP_NAMES])
    return np.asarray(hours * parts.labour[reading][: len(GROUP_NAMES)])


def product_mix(
    code: str, register: Register, employers: Records, content: Floats, hours: Floats, seed: int
) -> NDArray[np.float64]:
    """Return the share of each supplier's labour hours by component group, shape (employers, groups).

    ``content`` (groups,) are vehicle sets per car at the start, ``hours`` (groups,) labour hours for a set.

    Concentration 0 gives every supplier the average mix, 1 a single group each; in between a supplier has one
    main group and makes the rest in the average mix. Main groups are dealt out so that the region's hours by
    group stay near the average mix whatever the concentration: it decides how a decline spreads over plants.
    """
    base = content * hours
    base[list(ELECTRIC_GROUPS)] *= register.value("suppliers.electric_presence")
    base = base / base.sum()
    mix = np.zeros((len(employers), len(GROUP_NAMES)))
    suppliers = np.nonzero((employers["tier"] >= TIER_1) & (employers["tier"] <= TIER_3))[0]
    luck = uniform(stream(seed, "synthesis/product", 0), agent_keys(code, "products", len(suppliers)))
    order = np.argsort(luck, kind="stable")
    size = employers["staff"][suppliers][order].astype(np.float64)
    middle = (np.cumsum(size) - 0.5 * size) / size.sum()
    main = np.searchsorted(np.cumsum(base), middle, side="right").clip(0, len(base) - 1)
    concentration = register.value("suppliers.product_concentration")
    mix[suppliers[order]] = (1.0 - concentration) * base[None, :]
    mix[suppliers[order], main] += concentration
    return mix


def build_network(
    code: str,
    register: Register,
    employers: Records,
    mix: Floats,
    vehicles: Floats,
    parts: Components,
    carried: Floats,
    reading: str,
    scale: int,
    seed: int,
) -> Network:
    """Return the network, and write product columns into the rows of the employers.

    ``mix`` is what :func:`product_mix` gave, ``carried`` (plants, groups) are the vehicle sets in each plant's cars at
    the start, ``reading`` is the labour content of the scenario. The hours of each firm are those of its posts at the
    start, so that at the start orders and posts agree.
    """
    person_hours = register.value("hours.per_person_month")
    work = employers["posts"] * scale * person_hours
    standard = set_hours(register, parts, reading)
    tier_part = np.array([1.0, 0.5, 0.3, 0.2])[np.minimum(employers["tier"], TIER_3)]
    thousandths = np.floor(1000.0 * work[:, None] * mix / (standard[None, :] * tier_part[:, None]))
    per_set = np.where(thousandths > 0, work[:, None] * mix / np.maximum(thousandths, 1.0), 0.0)
    _write_products(register, employers, mix, scale)
    for f in np.nonzero(employers["main_group"] >= 0)[0]:
        main = int(employers["main_group"][f])
        target = int(parts.turns_to[main])
        if per_set[f, target] == 0.0:
            per_set[f, target] = per_set[f, main] * standard[target] / standard[main]
    edges, external = _edges(code, register, employers, vehicles, carried, thousandths, seed)
    revenue = employers["revenue_start"] * employers["represents"]
    worth = set_hours(register, parts, "equal")
    # What a set is worth does not hang on the reading of its labour; under the equal one both factors are exactly 1.
    dearer = worth / standard
    level = mix.sum(axis=1) / np.where(mix.any(axis=1), (mix * dearer).sum(axis=1), 1.0)
    value = revenue[:, None] * mix * dearer * level[:, None]
    price = np.where(thousandths > 0, value / np.maximum(thousandths, 1.0), 0.0)
    _price_of_the_new_line(employers, parts, worth, price)
    made = vehicles > 0
    assembly = np.where(made, work / np.where(made, vehicles, 1.0), 0.0)
    automotive = np.nonzero(employers["tier"] != OTHER_ECONOMY)[0]
    automotive = automotive[np.argsort(employers["tier"][automotive], kind="stable")]
    plant = np.where(employers["tier"] == OEM, np.cumsum(employers["tier"] == OEM) - 1, -1)
    entrant = np.zeros(len(employers), np.bool_)
    place = positions(automotive, len(employers))
    return Network(*edges, external, vehicles, per_set, price, assembly, plant, entrant, automotive, place)


def positions(automotive: NDArray[np.int64], employers: int) -> NDArray[np.int64]:
    """Return the place of each employer in the order of the automotive ones, -1 for others."""
    place = np.full(employers, -1, np.int64)
    place[automotive] = np.arange(len(automotive))
    return place


def _price_of_the_new_line(employers: Records, parts: Components, worth: Floats, price: Floats) -> None:
    """Write what a firm would earn with a set of the electric group it can turn to: by worth, not by labour."""
    for f in np.nonzero(employers["main_group"] >= 0)[0]:
        main = int(employers["main_group"][f])
        target = int(parts.turns_to[main])
        if price[f, target] == 0.0:
            price[f, target] = price[f, main] * worth[target] / worth[main]


def _write_products(register: Register, employers: Records, mix: Floats, scale: int) -> None:
    """Write dependence on combustion parts, main group and cost of conversion into the rows."""
    combustion = mix[:, list(COMBUSTION_GROUPS)]
    employers["dependence"] = combustion.sum(axis=1)
    has = employers["dependence"] > 0
    employers["main_share"] = combustion.max(axis=1)
    employers["main_group"] = np.where(has, combustion.argmax(axis=1), -1)
    persons = employers["posts"] * scale / employers["represents"]
    cost = register.value("conversion.cost_per_post")
    employers["conversion_cost"] = cost * persons * employers["main_share"]


def _edges(
    code: str,
    register: Register,
    employers: Records,
    vehicles: Floats,
    carried: Floats,
    thousandths: Floats,
    seed: int,
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Floats], Floats]:
    """Deal out the regional part of each supplier's sales to customers one tier up; the rest is sold outside."""
    local = register.value("suppliers.local_sales_share")
    most = register.value("suppliers.most_local_supply")
    purchases = thousandths.copy()
    plants = np.nonzero(employers["tier"] == OEM)[0]
    purchases[plants] = vehicles[plants, None] * carried * 1000.0
    free = most * purchases
    external = thousandths.copy()
    found: list[tuple[int, int, int, float]] = []
    for tier in range(TIER_1, TIER_3 + 1):
        customers = np.nonzero(employers["tier"] == tier - 1)[0]
        for f in np.nonzero(employers["tier"] == tier)[0]:
            for k in np.nonzero(thousandths[f] > 0)[0]:
                luck = uniform(
                    stream(seed, f"synthesis/customer/{k}", int(f)), agent_keys(code, "customers", len(customers))
                )
                able = customers[np.argsort(luck, kind="stable")]
                able = able[free[able, k] > 0][:MOST_CUSTOMERS]
                left = local * thousandths[f, k]
                for c in able:
                    sold = float(np.floor(min(left / len(able), free[c, k])))
                    if sold <= 0.0:
                        continue
                    free[c, k] -= sold
                    external[f, k] -= sold
                    # Half a thousandth more, so that the share of the purchases gives back the whole number.
                    found.append((int(c), int(f), int(k), (sold + 0.5) / purchases[c, k]))
    found.sort(key=lambda edge: (int(employers["tier"][edge[1]]), edge[1], edge[0], edge[2]))
    table = np.array(found, dtype=np.float64).reshape(-1, 4)
    columns = tuple(table[:, i].astype(np.int64) for i in range(3))
    return (columns[0], columns[1], columns[2], table[:, 3].copy()), external
