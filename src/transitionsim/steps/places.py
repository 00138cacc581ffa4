"""Places: how short work is felt, and who gets a grant for a job elsewhere."""

from __future__ import annotations

import numpy as np

from transitionsim.columns import AWAY, RETIRED
from transitionsim.draws import stream, uniform
from transitionsim.ledger import Moves
from transitionsim.markets import moves
from transitionsim.steps.calendar import grant_twelfth
from transitionsim.world import State


def feel_the_slack(state: State) -> None:
    """How far unemployment has stood from its start for some years decides how many leave the region or come back."""
    world = state.world
    world["leaving_hazard"] = 0.0
    world["return_hazard"] = 0.0
    world["nobody_moves"] = True
    state.moved_away = state.came_back = 0
    if state.prelude or not state.scenario.mechanisms.migration:
        return
    seeking, rate = state.jobless_residents()
    gap = _lagged(state, rate - state.unemployment_start)
    people = int(state.by_status.sum() - state.by_status[RETIRED] - state.by_status[AWAY] - state.commuters[0])
    band = state.value("region.migration_dead_band")
    felt = max(0.0, gap - band) + min(0.0, gap + band)
    moving = state.value("region.migration_semi_elasticity") * felt * people / 12.0
    if moving == 0.0:
        return
    world["nobody_moves"] = False
    state.away, _, displaced = moves.count_movers(state.workers, state.month)
    if moving > 0.0:
        # Displaced people move more often, the others as much more rarely that the sum is what the slack asks for.
        seekers = seeking + (state.value("region.displaced_moves") - 1.0) * displaced
        world["leaving_hazard"] = min(0.5, moving / max(seekers, 1.0))
    else:
        world["return_hazard"] = min(0.5, -moving / max(state.away, 1))


def _lagged(state: State, gap: float) -> float:
    """Return the mean gap of the last months, this one included; before the start there was none."""
    window, months = state.gap_window, int(state.value("region.migration_lag"))
    window[state.month % len(window)] = gap
    total = 0.0
    for back in range(min(months, state.month + 1)):
        total += float(window[(state.month - back) % len(window)])
    return total / months


def grant_moves(state: State) -> None:
    """Who moved is counted; displaced people get a grant for a job elsewhere, also who would go anyway."""
    if not state.world["nobody_moves"]:
        away, state.moved_away, _ = moves.count_movers(state.workers, state.month)
        state.came_back = state.away + state.moved_away - away
    for policy in state.moves:
        policy.granted = 0
        grant_twelfth(state, policy.in_force, policy.ledger)
        affordable = policy.ledger.available // max(1, policy.grant)
        if policy.in_force[state.month] and affordable > 0:
            _grant(state, policy, affordable)


def _grant(state: State, policy: Moves, affordable: int) -> None:
    """Pay one grant to each claimant by keyed luck; who leaves only because of it, leaves.

    Moves that happen in any case are replaced by people who come: such a claimant gets the money, and the region
    stays as it is.
    """
    workers, often = state.workers, state.value("region.displaced_moves")
    anyway = often * state.value("region.gross_moves") / 12.0
    chance = policy.factor * anyway + (policy.factor - 1.0) * often * float(state.world["leaving_hazard"])
    address = stream(state.seed, "granted_move", state.month)
    rows = moves.claimants(workers, state.month, address, chance)
    luck = uniform(stream(state.seed, "move_priority", state.month), workers["key"][rows])
    rows = rows[np.lexsort((workers["key"][rows], luck))][:affordable]
    policy.ledger.reserve(len(rows) * policy.grant)
    policy.ledger.pay(len(rows) * policy.grant)
    policy.granted = len(rows)
    stays = workers["status"][rows] != AWAY
    more = uniform(address, workers["key"][rows]) >= anyway
    state.moved_away += int((stays & more).sum())
    moves.leave(workers, rows[stays & more], state.month)
