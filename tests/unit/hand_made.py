"""A firm made by hand: so many people in so many posts, for tests of one market at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from transitionsim.columns import NEVER, NOBODY, Records, blank_rows
from transitionsim.draws import agent_keys
from transitionsim.policies import populations


def people(count: int, **columns: Any) -> Records:
    """Return permanent staff of employer 0, forty years old, six years with the firm, far from the pension."""
    rows = blank_rows(populations()["workers"], count)
    rows["key"] = agent_keys("test", "workers", count)
    rows["birth_month"], rows["hired"], rows["exit_month"] = -480, -72, 300
    rows["notice_end"], rows["course"], rows["cause"], rows["wage"] = NEVER, NOBODY, -1, 300_000
    for name, value in columns.items():
        rows[name] = value
    return rows


def firms(count: int = 1, **columns: Any) -> Records:
    """Return suppliers of tier 1, each row one firm, with nobody to dismiss."""
    rows = blank_rows(populations()["employers"], count)
    rows["key"] = agent_keys("test", "employers", count)
    rows["number"], rows["tier"], rows["represents"] = np.arange(count), 1, 1
    for name, value in columns.items():
        rows[name] = value
    return rows
