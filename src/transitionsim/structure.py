"""What every region's economy is made of: its sectors, job profiles with their skills, components of a vehicle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SECTORS: Final = (
    "automotive",
    "manufacturing",
    "construction",
    "trade_and_transport",
    "business_services",
    "public_services",
    "other",
    "aftermarket",
)
"""Sector 0 is automotive (NACE C29); the others are the rest of the regional economy."""


@dataclass(frozen=True)
class JobProfiles:
    """The job profiles of the model.

    ``requirement`` has shape (profiles, skills) in hundredths; ``wage`` and ``level`` have shape (profiles,);
    ``staffing`` has shape (patterns, profiles), each row summing to 1: pattern 0 is the vehicle plant, 1 to 7
    the component groups, 8 on the sectors of the rest of the economy.
    """

    names: tuple[str, ...]
    isco: tuple[str, ...]
    requirement: NDArray[np.int64]
    wage: NDArray[np.float64]
    level: NDArray[np.int64]
    staffing: NDArray[np.float64]


@dataclass(frozen=True)
class Components:
    """Content of a vehicle by component group and powertrain.

    ``content`` has shape (groups, powertrains) in vehicle sets; ``turns_to`` gives for each group the electric
    group a supplier of it converts to, -1 for none; ``labour`` maps a reading of the literature to factors of
    shape (groups + 1,) on labour hours, the last for final assembly of a battery car.
    """

    content: NDArray[np.float64]
    turns_to: NDArray[np.int64]
    labour: dict[str, NDArray[np.float64]]
