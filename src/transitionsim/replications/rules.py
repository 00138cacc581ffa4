"""What a worker of the occupational-mobility model does in a step: three rules, read by the ordinary engine."""

from __future__ import annotations

from typing import Any, Final

from transitionsim.columns import NEVER, Column
from transitionsim.rule import rule

EMPLOYED: Final = 0
UNEMPLOYED: Final = 1

WORKER: Final[tuple[Column, ...]] = (
    Column("key", "u8", "", "address of this person's luck; not readable by rules"),
    Column("occupation", "i4", "code", "occupation of the present or last job", 0, None),
    Column("vacancy", "i4", "number", "vacancy applied for in this step, counted from 1; 0 for none", 0, None),
    Column("since", "i2", "step", "step at whose end the last job was lost, 32767 for those jobless at the start"),
    Column("status", "i1", "code", "employed or unemployed", 0, 1),
    Column("left", "?", "", "whether the job was lost in this step"),
    Column("opened", "?", "", "whether a vacancy opened at this person's place of work in this step"),
    Column("stirred", "?", "", "whether anything happened to this person in this step"),
)
"""One record for each person of the labour force."""


@rule(on="workers", draws=("occupation_applied", "vacancy_applied"))
def search(worker: Any, world: Any, luck: Any) -> None:
    """A person without a job applies for one vacancy, occupations drawn by nearness times vacancies."""
    worker.vacancy = 0
    worker.stirred = worker.status == UNEMPLOYED
    if worker.status != UNEMPLOYED:
        return
    last = world.reach.shape[1] - 1
    aim = luck.occupation_applied * world.reach[worker.occupation, last]
    if world.reach[worker.occupation, last] <= 0.0:
        return
    low = 0
    high = last
    while low < high:
        middle = (low + high) // 2
        if world.reach[worker.occupation, middle] > aim:
            high = middle
        else:
            low = middle + 1
    worker.vacancy = world.first[low] + int(luck.vacancy_applied * world.vacancies[low])


@rule(on="workers", draws=("post_opened",))
def open_vacancy(worker: Any, world: Any, luck: Any) -> None:
    """Beside each person at work a vacancy may open, more often where demand lies above what there is."""
    worker.opened = worker.status != UNEMPLOYED and luck.post_opened < world.opening[worker.occupation]
    if worker.opened:
        worker.stirred = True


@rule(on="workers", draws=("job_lost",))
def lose_job(worker: Any, world: Any, luck: Any) -> None:
    """A person at work may lose the job, more often where demand lies below what there is."""
    worker.left = worker.status != UNEMPLOYED and luck.job_lost < world.separation[worker.occupation]
    if worker.left:
        worker.status = UNEMPLOYED
        worker.since = world.step + 1
        worker.stirred = True


RULES: Final = (search, open_vacancy, lose_job)
"""In this order; who loses a job in a step first applies for another in the next."""

JOBLESS_AT_START: Final = NEVER
"""``since`` of those without a job at t = 0, who are in no spell."""
