"""Size classes of employers, by staff at the start: under 10, under 50, under 250, and 250 or more (EU definition)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import Records

SIZE_NAMES: Final = ("micro", "small", "medium", "large")
_UPPER: Final = (10, 50, 250)


def size_classes(employers: Records, scale: int) -> NDArray[np.int8]:
    """Return the place of each employer's size class in :data:`SIZE_NAMES`, shape (employers,).

    ``scale`` is the number of persons that a row of workers stands for. A firm that counts as small or medium-sized
    (column ``sme``) is never large, however many posts it wants.
    """
    persons = employers["posts_start"] * np.float64(scale) / employers["represents"]
    found = np.digitize(persons, _UPPER)
    found = np.where(employers["sme"], np.minimum(found, 2), 3)
    return found.astype(np.int8)
