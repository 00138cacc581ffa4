"""The one market of the occupational-mobility model: each vacancy takes one of its applicants at random."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import Records
from transitionsim.compiling import compiled
from transitionsim.draws import uniform_at


@compiled
def taken_on(workers: Records, listed: NDArray[np.int32], vacancies: int, address: np.uint64) -> NDArray[np.int64]:
    """Return for each vacancy the row of the applicant it takes, -1 where nobody applied; shape (vacancies,).

    Of the rows ``listed``, those that applied somewhere take part. The lowest luck wins, and of equal luck the lowest
    key, so that the order of the rows changes nothing.
    """
    best = np.full(vacancies, -1)
    lowest = np.empty(vacancies)
    for i in range(len(listed)):
        person = workers[listed[i]]
        place = person.vacancy - 1
        if place < 0:
            continue
        luck = uniform_at(address, person.key)
        if best[place] < 0 or luck < lowest[place] or (luck == lowest[place] and person.key < workers[best[place]].key):
            best[place] = listed[i]
            lowest[place] = luck
    return best
