"""Employers of a region: vehicle plants, suppliers and the rest of the economy, with their staff.

Sizes follow a heavy-tailed (log-normal) law at its quantiles, so that plants and persons match the profile
exactly. When one row stands for several persons, plants keep their number and shrink, but firms smaller than
ten rows at full size are thinned: one of several is kept at its full size, so that what happens in small firms
because people are whole does not depend on the scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from transitionsim.arithmetic import share_out
from transitionsim.columns import NEVER, OEM, OTHER_ECONOMY, TIER_1, TIER_3, Records, blank_rows
from transitionsim.draws import agent_keys, stream, uniform
from transitionsim.evidence import Register
from transitionsim.policies import populations
from transitionsim.regions.schema import LARGEST_PLANT, Region
from transitionsim.structure import SECTORS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
SMALL: Final = 10
"""Firms below this many persons for each person that a row stands for are thinned rather than shrunk."""


@dataclass(frozen=True)
class Firms:
    """Employers before they have staff by profile: size in rows, tier, sector, and firms each row stands for."""

    rows: Integers
    tier: Integers
    sector: Integers
    represents: Integers
    names: tuple[str, ...]
    vehicles: Floats
    """Vehicles a month made by vehicle plants, 0 for others."""


def heavy_tail(count: int, total: int, sigma: float) -> Integers:
    """Return ``count`` firm sizes, descending, that sum to ``total`` persons, at least one person each.

    The quantiles of a log-normal law with spread ``sigma`` (firm sizes: Axtell 2001; Stanley et al. 1995).

    >>> sizes = heavy_tail(5, 100, 1.2)
    >>> int(sizes.sum()), bool((sizes >= 1).all())
    (100, True)
    """
    middle = (np.arange(count) + 0.5) / count
    weights: Floats = np.round(np.exp(sigma * special.ndtri(1.0 - middle)), 9).astype(np.float64)
    return 1 + share_out(total - count, weights)


def scaled_sizes(sizes: Integers, scale: int) -> tuple[Integers, Integers]:
    """Return rows and the firms each stands for, when a row stands for ``scale`` persons.

    Rows sum to the persons divided by ``scale``, rounded; exact at scale 1.
    """
    if scale == 1:
        return sizes.copy(), np.ones(len(sizes), np.int64)
    large = sizes >= SMALL * scale
    target = round(int(sizes.sum()) / scale)
    rows_large = share_out(round(int(sizes[large].sum()) / scale), sizes[large].astype(np.float64))
    small = np.sort(sizes[~large])[::-1]
    count = max(1, round(len(small) / scale)) if len(small) else 0
    kept = small[((np.arange(count) + 0.5) * len(small) / max(count, 1)).astype(np.int64)]
    rows_small = share_out(target - int(rows_large.sum()), kept.astype(np.float64))
    if not count:
        rows_large = share_out(target, sizes[large].astype(np.float64))
    rows = np.concatenate([rows_large, rows_small])
    represents = np.concatenate([np.ones(len(rows_large), np.int64), np.full(len(kept), scale)])
    return rows[rows > 0], represents[rows > 0]


def make_firms(region: Region, register: Register, scale: int, seed: int) -> Firms:
    """Return the employers of a region at a scale; the same seed gives the same firms in every scenario."""
    named = [(plant.name, plant.persons.number, plant.vehicles_per_year) for plant in region.plants]
    persons = int(region.facts.automotive_persons.number)
    plants = int(region.facts.automotive_plants.number)
    sigma = register.value("suppliers.supplier_size_sigma")
    rest = persons - int(sum(size for _, size, _ in named))
    sizes = heavy_tail(plants - len(named), rest, sigma)
    if not named:
        named = [(LARGEST_PLANT, int(sizes[0]), None)]
        sizes = sizes[1:]
    hours = register.value("hours.per_person_month") / register.value("hours.assembly")
    vehicles = [(number.number / 12.0 if number is not None else size * hours) for _, size, number in named]
    rows_named = np.array([max(1, round(size / scale)) for _, size, _ in named], dtype=np.int64)
    target = round(persons / scale)
    rows, represents = scaled_sizes(sizes, scale)
    rows = share_out(max(target - int(rows_named.sum()), len(rows)) - len(rows), rows.astype(np.float64)) + 1
    tier = _tiers(region, register, rows, seed)
    parts = [(rows_named, np.full(len(named), OEM), np.zeros(len(named)), np.ones(len(named), np.int64))]
    parts.append((rows, tier, np.zeros(len(rows)), represents))
    parts.extend(_rest_of_the_economy(region, register, scale, target))
    joined = [np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True)]
    made = np.zeros(len(joined[0]))
    made[: len(named)] = vehicles
    return Firms(joined[0], joined[1], joined[2], joined[3], tuple(name for name, _, _ in named), made)


def _tiers(region: Region, register: Register, rows: Integers, seed: int) -> Integers:
    """Assign suppliers to tiers by keyed luck, large ones more often to the first tier."""
    keys = agent_keys(region.code, "tiers", len(rows))
    luck = uniform(stream(seed, "synthesis/tier", 0), keys)
    rank = (np.arange(len(rows)) + 0.5) / max(len(rows), 1)
    order = np.argsort(0.5 * rank + 0.5 * luck, kind="stable")
    shares = [register.value("suppliers.tier_share_1"), register.value("suppliers.tier_share_2")]
    bounds = np.cumsum(shares) * len(rows)
    tier = np.full(len(rows), TIER_3)
    place = np.empty(len(rows))
    place[order] = np.arange(len(rows)) + 0.5
    tier[place < bounds[1]] = TIER_1 + 1
    tier[place < bounds[0]] = TIER_1
    return tier


def _rest_of_the_economy(
    region: Region, register: Register, scale: int, automotive: int
) -> list[tuple[Integers, Integers, Floats, Integers]]:
    """Return the employers of the other sectors, which hold all employment that is not automotive."""
    labour = region.facts.labour_force.number
    employed = round(labour * (1.0 - region.facts.unemployment_rate.number) / scale)
    weights = np.array([register.value(f"sectors.{name}") for name in SECTORS[1:]])
    totals = share_out(employed - automotive, weights)
    parts = []
    for sector, total in enumerate(totals, start=1):
        count = max(1, round(int(total) * scale / register.value("suppliers.employer_size_other")))
        sizes = heavy_tail(count, int(total) * scale, register.value("suppliers.supplier_size_sigma"))
        rows, represents = scaled_sizes(sizes, scale)
        rows = share_out(int(total) - len(rows), rows.astype(np.float64)) + 1
        parts.append((rows, np.full(len(rows), OTHER_ECONOMY), np.full(len(rows), float(sector)), represents))
    return parts


def employer_rows(region: Region, register: Register, firms: Firms, scale: int, seed: int) -> Records:
    """Return the records of the employers, without products, posts and network."""
    rows = blank_rows(populations()["employers"], len(firms.rows))
    rows["key"] = agent_keys(region.code, "employers", len(rows))
    rows["number"] = np.arange(len(rows))
    rows["staff"] = firms.rows
    rows["tier"] = firms.tier
    rows["sector"] = firms.sector
    rows["represents"] = firms.represents
    rows["main_group"] = -1
    rows["support"] = -1
    rows["loan_end"] = NEVER
    persons = firms.rows * scale / firms.represents
    rows["sme"] = persons < 250
    luck = uniform(stream(seed, "synthesis/premium", 0), rows["key"])
    spread = register.value("wages.premium_spread")
    rows["premium"] = np.round(np.exp(spread * special.ndtri(0.02 + 0.96 * luck) - spread**2 / 2), 6)
    return rows


def write_money(region: Region, register: Register, rows: Records, scale: int, seed: int) -> None:
    """Write revenue, margin, fixed cost and cash of the automotive firms, for each firm a row stands for.

    Wages are reckoned for all posts filled, so that a firm with its usual vacancies is never short of cash.
    """
    automotive = rows["sector"] == 0
    persons = rows["posts"] * scale / rows["represents"]
    revenue = np.where(automotive, persons * register.value("finance.revenue_per_person") / 12.0, 0.0)
    wage = region.facts.automotive_wage.number / 12.0 * (1.0 + register.value("finance.contributions"))
    luck = uniform(stream(seed, "synthesis/margin", 0), rows["key"])
    middle, spread = register.value("finance.margin"), register.value("finance.margin_spread")
    # A firm that loses money with full order books would be gone already: the weakest break even.
    rows["margin"] = np.where(automotive, np.maximum(0.0, middle + spread * (2.0 * luck - 1.0)), 0.0)
    rows["mean_wage"] = np.where(automotive, wage, 0.0)
    rows["revenue_start"] = revenue
    materials = register.value("finance.materials_share")
    rows["fixed_cost"] = revenue * (1.0 - materials - rows["margin"]) - persons * wage * automotive
    cash = uniform(stream(seed, "synthesis/cash", 0), rows["key"])
    rows["liquidity"] = 2.0 * cash * register.value("finance.liquidity_months") * persons * wage * automotive
    rows["revenue"] = revenue
