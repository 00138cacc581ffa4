"""The monthly flows of a region between employment, unemployment and inactivity in its steady state.

The European flow table and a region's own unemployment rate cannot both hold: with the European flows every
region would have the European rate. So the flows of a region are those nearest to the European ones (in the
sum of squared logarithms) that keep the region's own unemployment and inactivity where they are. A region
that would need a flow changed by more than a factor of two is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.errors import InputError
from transitionsim.evidence import Register
from transitionsim.regions.schema import Region

LARGEST_FACTOR: Final = 2.0
FLOW_NAMES: Final = (
    "employed_to_unemployed",
    "employed_to_inactive",
    "unemployed_to_employed",
    "unemployed_to_inactive",
    "inactive_to_employed",
    "inactive_to_unemployed",
)


@dataclass(frozen=True)
class Flows:
    """Monthly transition rates, as shares of the state left, and the largest factor by which one was changed."""

    employed_to_unemployed: float
    employed_to_inactive: float
    unemployed_to_employed: float
    unemployed_to_inactive: float
    inactive_to_employed: float
    inactive_to_unemployed: float
    largest_factor: float


def region_flows(region: Region, register: Register) -> Flows:
    """Return the flows of a region; raise InputError for a region whose flows would be too far from Europe's."""
    country = np.array([register.value(f"flows.{name}") for name in FLOW_NAMES])
    ratio = register.value("people.inactive_per_labour_force")
    return least_change_flows(country, region.facts.unemployment_rate.number, ratio, region.code)


def least_change_flows(country: NDArray[np.float64], unemployment: float, inactive: float, name: str) -> Flows:
    """Return the flows nearest to ``country`` under which the region's stocks stand still.

    ``country`` has shape (6,): EU, EN, UE, UN, NE, NU a month. ``unemployment`` is the share of the labour
    force, ``inactive`` the inactive attached to the labour market as a ratio to it. Raises InputError when a
    flow would have to change by more than a factor of two.

    Source of the method: minimum-information adjustment; a Newton iteration on its two multipliers.
    """
    stocks = np.array([1.0 - unemployment, unemployment, inactive])
    # Stationarity of employment and of unemployment, as coefficients of the six flows.
    balance = np.array(
        [
            [-stocks[0], -stocks[0], stocks[1], 0.0, stocks[2], 0.0],
            [stocks[0], 0.0, -stocks[1], -stocks[1], 0.0, stocks[2]],
        ]
    )
    log_country = np.log(country)
    log_flow = log_country.copy()
    multiplier = np.zeros(2)
    for _ in range(100):
        flow = np.exp(log_flow)
        slope = balance * flow
        gradient = 2.0 * (log_flow - log_country) + slope.T @ multiplier
        residual = np.concatenate([gradient, balance @ flow])
        if np.abs(residual).max() < 1e-14:
            break
        system = np.zeros((8, 8))
        system[:6, :6] = np.diag(2.0 + slope.T @ multiplier)
        system[:6, 6:] = slope.T
        system[6:, :6] = slope
        change = np.linalg.solve(system, -residual)
        log_flow += np.clip(change[:6], -0.5, 0.5)
        multiplier += change[6:]
    flow = np.exp(log_flow)
    factor = float(np.exp(np.abs(log_flow - log_country).max()))
    if factor > LARGEST_FACTOR:
        raise InputError.one(
            name,
            f"unemployment of {unemployment:.1%} needs a flow changed by a factor of {factor:.2f} against the "
            f"European table; at most {LARGEST_FACTOR:g} is accepted: check unemployment_rate",
        )
    # Ten significant digits: the same numbers on every machine, far finer than the data.
    eu, en, ue, un, ne, nu = (float(f"{value:.10g}") for value in flow)
    return Flows(eu, en, ue, un, ne, nu, float(f"{factor:.6g}"))
