"""Earnings: people who lost an automotive job, and automotive staff for comparison, are followed for seven years."""

from __future__ import annotations

from transitionsim import histories
from transitionsim.draws import stream
from transitionsim.world import State


def follow_earnings(state: State) -> None:
    """Those who lost an automotive job, and each January some long-standing staff, have their earnings followed."""
    if state.prelude:
        return
    histories.live(
        state.record.histories,
        state.workers,
        state.labour.automotive_staff,
        state.counts.displaced,
        state.month,
        stream(state.seed, "comparison", state.month),
    )
