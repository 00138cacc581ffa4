"""Places: leaving the region when work is short, and coming back when it is not."""

from __future__ import annotations

from typing import Any

from transitionsim.columns import AWAY, IN_TRAINING, LONG_AGO, NOBODY, UNEMPLOYED
from transitionsim.rule import rule
from transitionsim.worker import leave_course


@rule(on="workers", draws=("move_away",))
def move_away(worker: Any, world: Any, luck: Any) -> None:
    """A jobless person leaves the region, displaced incumbents nearly twice as often (Maczulskij and Böckerman 2019).

    The hazard is proportional to how far unemployment has stood above its start, so that without a shock nobody
    leaves on balance; gross moves that cancel out are left out. People who live outside have nothing to leave.
    """
    if luck.move_away >= world.displaced_moves * world.leaving_hazard:
        return
    if (worker.status != UNEMPLOYED and worker.status != IN_TRAINING) or worker.commuter:
        return
    hazard = world.leaving_hazard
    if worker.displaced_month != LONG_AGO:
        hazard = hazard * world.displaced_moves
    if luck.move_away < hazard:
        worker.status = AWAY
        worker.since = world.month
        if worker.course != NOBODY:
            leave_course(worker)


@rule(on="workers", draws=("come_back",))
def come_back(worker: Any, world: Any, luck: Any) -> None:
    """Someone who left returns as unemployed when unemployment stands below its start."""
    if worker.status == AWAY and worker.since < world.month and luck.come_back < world.return_hazard:
        worker.status = UNEMPLOYED
        worker.since = world.month
