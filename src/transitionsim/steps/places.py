"""Places: how short work is felt, and how many leave or come back."""

from __future__ import annotations

from transitionsim.columns import AWAY, RETIRED
from transitionsim.markets import moves
from transitionsim.world import State


def feel_the_slack(state: State) -> None:
    """How far unemployment has stood from its start for some years decides how many leave the region or come back."""
    counts = state.counts
    world = state.world
    world["leaving_hazard"] = 0.0
    world["return_hazard"] = 0.0
    world["nobody_moves"] = True
    if state.prelude or not state.settings.mechanisms.migration:
        return
    seeking, rate = state.jobless_residents()
    gap = _lagged(state, rate - state.reference.unemployment_start)
    people = int(counts.by_status.sum() - counts.by_status[RETIRED] - counts.by_status[AWAY] - counts.commuters[0])
    band = state.settings.value("region.migration_dead_band")
    felt = max(0.0, gap - band) + min(0.0, gap + band)
    moving = state.settings.value("region.migration_semi_elasticity") * felt * people / 12.0
    if moving == 0.0:
        return
    world["nobody_moves"] = False
    counts.away, _, displaced = moves.count_movers(state.workers, state.month)
    if moving > 0.0:
        # Displaced people move more often, the others as much more rarely that the sum is what the slack asks for.
        seekers = seeking + (state.settings.value("region.displaced_moves") - 1.0) * displaced
        world["leaving_hazard"] = min(0.5, moving / max(seekers, 1.0))
    else:
        world["return_hazard"] = min(0.5, -moving / max(counts.away, 1))


def _lagged(state: State, gap: float) -> float:
    """Return the mean gap of the last months, this one included; before the start there was none."""
    window, months = state.labour.gap_window, int(state.settings.value("region.migration_lag"))
    window[state.month % len(window)] = gap
    total = 0.0
    for back in range(min(months, state.month + 1)):
        total += float(window[(state.month - back) % len(window)])
    return total / months


def count_moves(state: State) -> None:
    """Who has left the region this month and who has come back is counted."""
    if not state.world["nobody_moves"]:
        away, state.counts.moved_away, _ = moves.count_movers(state.workers, state.month)
        state.counts.came_back = state.counts.away + state.counts.moved_away - away
