"""Staff of a firm: who counts as a misfit."""

from __future__ import annotations

import numpy as np
import pytest
from hand_made import firms

from transitionsim.markets.redeployment import count_misfits


@pytest.mark.parametrize(("serving", "left"), [(0, 3), (2, 1), (3, 0)])
def test_people_on_notice_are_no_misfits(serving: int, left: int) -> None:
    """Three people too many in one profile, three too few in another: those on notice are on their way out."""
    employers = firms()
    staff, posts = np.array([[8, 2]], np.int32), np.array([[5, 5]], np.int32)
    on_notice = np.array([[serving, 0]], np.int32)
    rows = np.zeros(1, np.int64)
    assert count_misfits(employers, rows, posts, staff, np.zeros_like(staff), on_notice) == left
    assert employers["misfits"][0] == left
