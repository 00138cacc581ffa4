"""Support for firms: who gets a grant, and when it is paid."""

from __future__ import annotations

import numpy as np

from transitionsim.columns import BUILDING, NOT_CONVERTED
from transitionsim.world import State


def grant_support(state: State) -> None:
    """Conversion support goes to the applicants most dependent on combustion parts, as far as the money goes."""
    firms = state.employers
    for number, support in enumerate(state.grants):
        if not support.in_force[state.month]:
            continue
        persons = firms["posts_start"] * state.scale / firms["represents"]
        apply = np.nonzero(firms["applies"] & (firms["support"] < 0) & (persons < support.staff_below))[0]
        order = np.lexsort((firms["key"][apply], -firms["dependence"][apply]))
        for f in apply[order]:
            amount = _grant_cents(state, int(f), support.share)
            if 0 < amount <= support.ledger.available:
                support.ledger.reserve(amount)
                firms["grant_share"][f] = support.share
                firms["support"][f] = number


def _grant_cents(state: State, firm: int, share: float) -> int:
    row = state.employers[firm]
    return int(float(row["conversion_cost"]) * share * int(row["represents"]) * 100.0 + 0.5)


def settle_grants(state: State) -> None:
    """Grants are paid to firms that begin to build this month and released for those that do not."""
    firms = state.employers
    for f in np.nonzero(firms["support"] >= 0)[0]:
        support = state.grants[int(firms["support"][f])]
        amount = _grant_cents(state, int(f), support.share)
        if firms["stage"][f] == BUILDING and firms["stage_month"][f] == state.month:
            support.ledger.pay(amount)
        elif firms["stage"][f] == NOT_CONVERTED:
            support.ledger.release(amount)
            firms["grant_share"][f] = 0.0
            firms["support"][f] = -1
