"""Wage insurance: who is insured, and what is paid."""

from __future__ import annotations

import numpy as np

from transitionsim.draws import stream, uniform
from transitionsim.ledger import Insurance
from transitionsim.markets import insurance
from transitionsim.steps.calendar import grant_twelfth
from transitionsim.world import State


def insure_wages(state: State) -> None:
    """Displaced people hired at a lower wage are insured as far as the money goes; a part of the loss is paid."""
    for one in state.insurances:
        grant_twelfth(state, one.in_force, one.ledger)
        if one.in_force[state.month] and one.ledger.available > 0:
            _admit(state, one)
        due, later, people = insurance.owed(state.workers, state.month, one.permille, one.months)
        # A wage that falls within the job is not insured: no more is paid than was set aside.
        one.ledger.pay(min(due * state.scale, one.ledger.reserved))
        one.ledger.release(max(0, one.ledger.reserved - later * state.scale))
        one.insured = people


def _admit(state: State, one: Insurance) -> None:
    """Set aside the top-ups of all insured months, in the order of keyed luck, until the money is used up."""
    workers = state.workers
    rows = insurance.claimants(workers, state.month)
    luck = uniform(stream(state.seed, "insurance_priority", state.month), workers["key"][rows])
    rows = rows[np.lexsort((workers["key"][rows], luck))]
    loss = workers["wage_before"][rows].astype(np.int64) - workers["wage"][rows]
    cost = loss * one.permille // 1000 * one.months * state.scale
    admitted = np.cumsum(cost) <= one.ledger.available
    workers["insured"][rows[admitted]] = state.month
    one.ledger.reserve(int(cost[admitted].sum()))
