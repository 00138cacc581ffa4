"""Kinds of employers in words: size classes by staff (10, 50 and 250, as the EU counts them) and sectors."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import AFTERMARKET, PROJECT, Records
from transitionsim.structure import SECTORS

SIZE_NAMES: Final = ("micro", "small", "medium", "large")
_UPPER: Final = (10, 50, 250)
_OWN_NAMES: Final = {
    AFTERMARKET: "trade and repair of motor vehicles (NACE G45)",
    PROJECT: "battery and drive plants (NACE 27)",
}
"""Sectors whose key in the register says too little, or that come from a scenario and have none."""


def size_classes(employers: Records, scale: int) -> NDArray[np.int8]:
    """Return the place of each employer's size class in :data:`SIZE_NAMES`, shape (employers,).

    Counted are the posts at the start, or those wanted now by an employer that was not there yet. ``scale`` is the
    number of persons that a row of workers stands for. An employer with ``sme`` set is never large, however many
    posts it wants, and one without always is, unless it came later.
    """
    start = employers["posts_start"]
    posts = np.where(start > 0, start, employers["posts"])
    found = np.digitize(posts * np.float64(scale) / employers["represents"], _UPPER)
    found = np.where(employers["sme"], np.minimum(found, 2), found)
    return np.where(~employers["sme"] & (start > 0), 3, found).astype(np.int8)


def sector_names(highest: int) -> tuple[str, ...]:
    """Return the names of the sectors by code, up to the highest in use; one without a name is called by its code.

    >>> sector_names(2)[-1], sector_names(8)[-1], sector_names(15)[-1]
    ('construction', 'battery and drive plants (NACE 27)', 'sector 15')
    """
    known = {**dict(enumerate(SECTORS)), **_OWN_NAMES}
    return tuple(known.get(code, f"sector {code}") for code in range(highest + 1))
