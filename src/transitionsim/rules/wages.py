"""Wages: what losing a job costs in the next one, and how slowly that heals."""

from __future__ import annotations

from typing import Any, Final

from transitionsim.columns import EMPLOYED, NEVER
from transitionsim.rule import rule

LONGEST_TENURE: Final = 20.0
"""Years of tenure beyond which a loss costs no more."""
LARGEST_SCAR: Final = 0.5


@rule(on="workers")
def reckon_the_loss(worker: Any, world: Any, luck: Any) -> None:
    """Someone on notice will be paid less in the next job, the more the longer they stayed and the weaker the region.

    What was learnt on the job and in the firm is worth less elsewhere, and where many look for work people settle
    for less (Davis and von Wachter 2011: losses double in bad times). Reckoned anew in each month of notice.
    """
    if worker.notice_end == NEVER or worker.status != EMPLOYED:
        return
    worker.profile_lost = worker.profile
    worker.tenure_lost = max(0, min(world.month - worker.hired, NEVER))
    if not world.scars:
        return
    years = min(worker.tenure_lost / 12.0, LONGEST_TENURE)
    scar = world.scar_base + world.scar_tenure * years + world.scar_slack * max(0.0, world.unemployment_gap)
    worker.scar_due = int(10000.0 * min(scar, LARGEST_SCAR))


@rule(on="workers")
def heal_the_scar(worker: Any, world: Any, luck: Any) -> None:
    """At each anniversary of the hire a part of the scar is healed, and the wage rises by as much."""
    if worker.scar == 0 or worker.status != EMPLOYED or worker.hired == world.month:
        return
    if (world.month - worker.hired) % 12 != 0:
        return
    before = worker.scar
    worker.scar = int(before * world.scar_kept)
    worker.wage = int(worker.wage * (10000 - worker.scar) / (10000 - before) + 0.5)
