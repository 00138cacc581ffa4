"""Work: who looks for a job this month, and how hard."""

from __future__ import annotations

from typing import Any

from transitionsim.arithmetic import exp
from transitionsim.columns import EMPLOYED, IN_TRAINING, INACTIVE, NEVER, UNEMPLOYED
from transitionsim.rule import rule


@rule(on="workers", draws=("apply",))
def look_for_work(worker: Any, world: Any, luck: Any) -> None:
    """A person decides how many applications to send, the more the more vacancies are within reach.

    The chance of an application is ``1 - exp(-intensity * reach)``, twice independently: the jobless, people on
    notice and trainees by their own pace, the employed and the inactive at calibrated, lower intensities. Reach
    is measured against what people of the profile could reach in the steady state. Were the number of
    applications fixed, a second skill would bring none and training would be useless by construction.
    """
    worker.applications = 0
    pair = worker.profile * world.profiles + worker.second
    if worker.reach == world.pair_reach[pair]:
        within = world.pair_within_reach[pair]
    else:
        within = 0.0
        for profile in range(world.profiles):
            if profile == worker.profile:
                within += world.pull[profile]
            elif (worker.reach >> profile) & 1:
                within += world.mobility * world.pull[profile]
        within = within * world.reach_scale[worker.profile]
    # Luck is asked first: it turns most people away, even those who search as hard as anyone of their status.
    if luck.apply >= world.most_sought[worker.status, worker.profile] * within and worker.notice_end == NEVER:
        return
    if worker.status == EMPLOYED:
        if worker.notice_end != NEVER:
            intensity = world.search_jobless[worker.profile] * worker.pace * 0.01
        elif world.search_on_the_job:
            intensity = world.search_employed[worker.profile]
        else:
            return
    elif worker.status == UNEMPLOYED:
        intensity = world.search_jobless[worker.profile] * worker.pace * 0.01
    elif worker.status == INACTIVE:
        intensity = world.search_inactive[worker.profile]
    elif worker.status == IN_TRAINING:
        intensity = world.search_jobless[worker.profile] * worker.pace * 0.01 * world.lock_in
    else:
        return
    # Most send none: 1 - exp(-x) is never above x, so the exponential is taken for few.
    if luck.apply >= 2.0 * intensity * within:
        return
    chance = 1.0 - exp(-intensity * within)
    if luck.apply < chance * chance:
        worker.applications = 2
    elif luck.apply < 2.0 * chance - chance * chance:
        worker.applications = 1
