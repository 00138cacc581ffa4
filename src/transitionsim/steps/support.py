"""Support for firms: who gets a grant, a guarantee or advice, when it is paid, and when it is free again."""

from __future__ import annotations

import numpy as np

from transitionsim.columns import ADVICE, BUILDING, GRANT, GUARANTEE, NEVER, NOT_CONVERTED
from transitionsim.draws import stream, uniform
from transitionsim.ledger import Grants
from transitionsim.steps.calendar import grant_twelfth
from transitionsim.world import State


def offer_support(state: State) -> None:
    """A twelfth of the year's money for conversion arrives; the best offer of each kind is published."""
    offered = {GRANT: 0.0, GUARANTEE: 0.0, ADVICE: 1.0}
    for support in state.grants:
        grant_twelfth(state, support.in_force, support.ledger)
        if support.in_force[state.month] and support.ledger.available > 0:
            best = min if support.instrument == ADVICE else max
            offered[support.instrument] = best(offered[support.instrument], support.share)
    state.world["grant_offered"] = offered[GRANT]
    state.world["guarantee_offered"] = offered[GUARANTEE]
    state.world["hurdle_offered"] = offered[ADVICE]


def grant_support(state: State) -> None:
    """Conversion support goes to the applicants most dependent on combustion parts, as far as the money goes."""
    firms = state.employers
    for number, support in enumerate(state.grants):
        if not support.in_force[state.month]:
            continue
        persons = firms["posts_start"] * state.scale / firms["represents"]
        wants = (firms["applies"] >> support.instrument) & 1 == 1
        apply = np.nonzero(wants & (firms["support"] < 0) & (persons < support.staff_below))[0]
        order = np.lexsort((firms["key"][apply], -firms["dependence"][apply]))
        for f in apply[order]:
            amount = cents_for(state, int(f), support)
            if 0 < amount <= support.ledger.available:
                support.ledger.reserve(amount)
                _write(state, int(f), support, number)


def _write(state: State, firm: int, support: Grants, number: int) -> None:
    """Write into a firm's row what a policy gives it; the number -1 takes it back."""
    firms, given = state.employers, number >= 0
    firms["support"][firm] = number
    if support.instrument == GRANT:
        firms["grant_share"][firm] = support.share if given else 0.0
    elif support.instrument == GUARANTEE:
        firms["guarantee"][firm] = support.share if given else 0.0
    else:
        firms["advised"][firm] = given


def cents_for(state: State, firm: int, support: Grants) -> int:
    """Return what a policy reserves for the firms that a row stands for: grant, guaranteed sum or fee, in cents."""
    row = state.employers[firm]
    if support.instrument == ADVICE:
        return support.fee * int(row["represents"])
    return int(float(row["conversion_cost"]) * support.share * int(row["represents"]) * 100.0 + 0.5)


def _own_cents(row: np.void) -> int:
    """Return what the firms that a row stands for invest beside a grant, in cents; guaranteed loans are their own."""
    own = float(row["conversion_cost"]) * (1.0 - float(row["grant_share"]))
    return int(own * int(row["represents"]) * 100.0 + 0.5)


def settle_grants(state: State) -> None:
    """Support is paid to firms that begin to build and free again for others; guarantees end, or are called."""
    firms = state.employers
    for f in np.nonzero(firms["support"] >= 0)[0]:
        support = state.grants[int(firms["support"][f])]
        if firms["stage"][f] == NOT_CONVERTED:
            support.ledger.release(cents_for(state, int(f), support))
            _write(state, int(f), support, -1)
        elif support.instrument == GUARANTEE:
            _settle_loan(state, int(f), support)
        elif firms["stage"][f] == BUILDING and firms["stage_month"][f] == state.month:
            support.ledger.pay(cents_for(state, int(f), support))
        if firms["stage"][f] == BUILDING and firms["stage_month"][f] == state.month:
            state.private_investment += _own_cents(firms[f])


def _settle_loan(state: State, firm: int, support: Grants) -> None:
    """Free a guarantee whose loan is paid back; pay what is still owed when the firm has closed or the loan fails."""
    row = state.employers[firm]
    end = int(row["loan_end"])
    if end == NEVER:
        return
    months = int(state.value("conversion.loan_months"))
    begun = end - months == state.month
    fails = bool(row["closed"]) or (not begun and _fails(state, firm, support))
    if state.month <= end and not fails:
        return
    whole = cents_for(state, firm, support)
    owed = whole * max(0, end - state.month + 1) // months if fails else 0
    support.ledger.pay(owed)
    support.ledger.release(whole - owed)
    state.employers["loan_end"][firm] = NEVER


def _fails(state: State, firm: int, support: Grants) -> bool:
    if support.default <= 0.0:
        return False
    address = stream(state.seed, f"loan_default/{support.id}", state.month)
    return float(uniform(address, state.employers["key"][firm : firm + 1])[0]) < support.default
