"""Staff of firms: counted, moved within the firm, given notice."""

from __future__ import annotations

import numpy as np

from transitionsim.markets import notices, redeployment
from transitionsim.tallies import count_staff as tally_staff
from transitionsim.world import State


def count_staff(state: State) -> None:
    """Staff, notices and this month's separations are counted, firm by firm."""
    state.separations[:] = 0
    state.hires[:] = 0
    state.hires_by_profile[:] = 0
    state.automotive_count = tally_staff(
        state.workers, state.employers, state.month, state.staff, state.leaving, state.on_notice,
        state.separations, state.automotive_staff,
    )  # fmt: skip


def redeploy_staff(state: State) -> None:
    """Within a firm, people whose profile it no longer needs take posts within reach of their skills."""
    if state.road is None:
        return
    tables = (state.posts, state.staff)
    going = (state.leaving, state.on_notice)
    rows = state.network.automotive
    if redeployment.count_misfits(state.employers, rows, *tables, *going):
        redeployment.redeploy(
            state.workers, state.automotive_staff[: state.automotive_count], state.employers, *tables,
            state.on_notice, state.world["requirement"], state.world["pair_reach"],
        )  # fmt: skip
        redeployment.count_misfits(state.employers, rows, *tables, *going)
    state.lacking_window[state.month % len(state.lacking_window)] = np.maximum(
        0, state.posts[rows].astype(np.int64) - state.staff[rows]
    ).sum(axis=0)


def give_notice(state: State) -> None:
    """Within each firm that must shrink, notice goes by social selection among those in surplus profiles."""
    notices.give_notice(
        state.workers,
        state.automotive_staff[: state.automotive_count],
        state.employers,
        state.month,
        int(state.value("firing.notice_months")),
        state.on_notice,
        state.staff - state.on_notice > state.posts,
    )
    state.employers["on_notice"] = state.on_notice.sum(axis=1)
