"""Rehearsal: run rules as plain Python on copies of a few rows, before anything is compiled or changed.

Together with :mod:`transitionsim.reading`, which looks at every branch but does not run it, this turns a
mistake in a rule into one sentence with file and line instead of a failure deep inside the compiler, or none
at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from transitionsim.columns import Records
from transitionsim.interpreter import Bounds, WorldView, run
from transitionsim.rule import Rule

LUCK: Final = (0.0, 0.5, 0.999999)
"""The luck with which every row is rehearsed: all draws of a rule at once very low, middling, very high."""
ROWS: Final = 8


def rehearse(rules: Sequence[Rule], rows: Records, world: WorldView, bounds: Bounds) -> None:
    """Run rules one after the other on copies of up to eight rows spread over a population.

    ``rows`` and the world are not changed; ``bounds`` say what the columns may hold. Raises :class:`InputError` at
    the first thing that no rule may do.
    """
    if not len(rows):
        return
    places = np.unique(np.linspace(0, len(rows) - 1, min(ROWS, len(rows))).astype(np.int64))
    for value in LUCK:
        run(rules, rows[places].copy(), world, lambda name, row, value=value: value, bounds)  # type: ignore[misc]
