"""Budgets: money arrives at policies when the month begins, and lapses when the year ends."""

from __future__ import annotations

from transitionsim.world import State


def open_budgets(state: State) -> None:
    """A month's part of the year's money arrives at every policy in force."""
    for one in state.public.policies:
        if one.in_force[state.month]:
            one.ledger.grant(one.ledger.twelfth(state.month_of_year))


def close_budgets(state: State) -> None:
    """On 31 December what is neither paid nor set aside lapses."""
    if state.month_of_year == 12:
        for one in state.public.policies:
            one.ledger.close_year()
