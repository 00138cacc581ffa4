"""Notices: within each firm that must shrink, who gets notice goes by social selection.

Notice goes to people in profiles the firm has too many of, and not to those who are being retrained, as long as
there are others. Among them temporary contracts are not renewed first; in a firm on short time nobody else goes.
Among permanent staff those with the fewest points go first: points for each month of tenure and for each month of
age above a limit, after the criteria of section 1(3) of the German Dismissal Protection Act (length of service, age;
dependants are not in the model).

Many permanent staff dismissed at once are a collective redundancy in the sense of Directive 98/59/EC: staff are
consulted and the authority is told before notice begins to run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    CLOSURE,
    DISMISSAL,
    NEVER,
    NOBODY,
    TEMPORARY,
    TEMPORARY_NOT_RENEWED,
    Records,
)
from transitionsim.compiling import compiled

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

SHORT_TENURE: Final = 24
"""Months of tenure below which notice is shortest."""
LONG_TENURE: Final = 120
"""Months of tenure from which notice is longest."""
NO_COLLECTIVE: Final = 20
"""Establishments of so many staff or fewer know no collective redundancy (Directive 98/59/EC, article 1)."""
SMALL_BELOW: Final = 100
"""Establishments with fewer staff have a threshold in persons."""
MEDIUM_BELOW: Final = 300
"""Establishments with fewer staff have a threshold as a share of the staff, larger ones again one in persons."""


@dataclass(frozen=True)
class NoticeTerms:
    """The law of notice: lengths and consultation in months, thresholds in persons or as a share, points a month."""

    temporary: int
    under_2_years: int
    to_10_years: int
    over_10_years: int
    consultation: int
    collective_small: float
    collective_share: float
    collective_large: float
    tenure_points: int
    age_points: int
    age_from: int
    """Years of age above which points count."""


def give_notice(
    workers: Records,
    staff_rows: NDArray[np.int32],
    employers: Records,
    month: int,
    terms: NoticeTerms,
    scale: int,
    on_notice: NDArray[np.int32],
    surplus: NDArray[np.bool_],
) -> None:
    """Give notice to the people selected in every firm that dismisses or closes.

    ``staff_rows`` are the rows of the people employed in automotive firms, each of whom stands for ``scale``
    persons. Writes ``notice_end`` and ``cause`` into the rows of the people and adds to ``on_notice`` (employers,
    profiles). ``surplus`` (employers, profiles) says which profiles a firm has too many of: notice goes to them first.
    """
    wanted = np.where(employers["closing"], len(workers), employers["dismissals"].astype(np.int64))
    kept = (employers["short_time"] > 0.0) & ~employers["closing"]
    rows = _first_to_go(workers, staff_rows, wanted, kept, surplus)
    if not len(rows):
        return
    people = workers.take(rows)
    needed = ~surplus[people["employer"], people["profile"]]
    permanent = people["contract"] != TEMPORARY
    tenure = month - people["hired"].astype(np.int64)
    above = np.maximum(0, month - people["birth_month"].astype(np.int64) - 12 * terms.age_from)
    points = terms.tenure_points * tenure + terms.age_points * above
    in_course = people["course"] != NOBODY
    order = np.lexsort((people["key"], points, permanent, needed, in_course, people["employer"]))
    firm = people["employer"][order]
    start = np.searchsorted(firm, firm)
    place = np.arange(len(order)) - start
    chosen = order[place < wanted[firm]]
    firm, temporary, picked = people["employer"][chosen], ~permanent[chosen], rows[chosen]
    cause = np.where(employers["closing"][firm], CLOSURE, np.where(temporary, TEMPORARY_NOT_RENEWED, DISMISSAL))
    firms, own = np.unique(firm, return_inverse=True)
    dismissed = np.bincount(own[~temporary], minlength=len(firms))
    collective = collective_redundancies(employers.take(firms), dismissed, terms, scale)
    length = notice_months(tenure[chosen], terms) + terms.consultation * collective[own]
    workers["cause"][picked] = cause
    workers["notice_end"][picked] = month + np.where(temporary, terms.temporary, length)
    np.add.at(on_notice, (firm, people["profile"][chosen]), 1)


@compiled
def _first_to_go(
    workers: Records,
    staff_rows: NDArray[np.int32],
    wanted: Integers,
    kept: NDArray[np.bool_],
    surplus: NDArray[np.bool_],
) -> NDArray[np.int32]:
    """Return the rows of those among whom each firm's choice is made: whole ranks, until its notices are enough.

    Ranks go by course, need of the profile and contract; within a rank points decide, later. ``wanted`` (employers,)
    are the notices a firm gives, ``kept`` says which firms keep permanent staff, and those they need, on short time.
    """
    ranks = np.zeros((len(wanted), 8), np.int64)
    rank = np.empty(len(staff_rows), np.int8)
    for j in range(len(staff_rows)):
        row = workers[staff_rows[j]]
        f = row.employer
        needed, permanent = not surplus[f, row.profile], row.contract != TEMPORARY
        stays = wanted[f] <= 0 or row.notice_end != NEVER or (kept[f] and (permanent or needed))
        rank[j] = -1 if stays else 4 * int(row.course != NOBODY) + 2 * int(needed) + int(permanent)
        if not stays:
            ranks[f, rank[j]] += 1
    last = np.zeros(len(wanted), np.int64)
    for f in range(len(wanted)):
        enough = wanted[f]
        while last[f] < 7 and enough > ranks[f, last[f]]:
            enough -= ranks[f, last[f]]
            last[f] += 1
    found = np.empty(len(staff_rows), np.int32)
    count = 0
    for j in range(len(staff_rows)):
        found[count] = staff_rows[j]
        count += 1 if 0 <= rank[j] <= last[workers[staff_rows[j]].employer] else 0
    return found[:count].copy()


def notice_months(tenure: Integers, terms: NoticeTerms) -> Integers:
    """Return the months of notice of permanent staff by their months of tenure."""
    longer = np.where(tenure < LONG_TENURE, terms.to_10_years, terms.over_10_years)
    return np.where(tenure < SHORT_TENURE, terms.under_2_years, longer)


def collective_redundancies(
    employers: Records, dismissed: Integers, terms: NoticeTerms, scale: int
) -> NDArray[np.bool_]:
    """Return which firms dismiss so many permanent staff in a month that it is a collective redundancy.

    ``dismissed`` (employers,) are rows; staff and dismissals are counted in persons of one firm.
    """
    persons = scale / employers["represents"]
    size: Floats = employers["staff"] * persons
    medium = np.where(size < MEDIUM_BELOW, terms.collective_share * size, terms.collective_large)
    threshold = np.where(size < SMALL_BELOW, terms.collective_small, medium)
    return np.asarray((size > NO_COLLECTIVE) & (dismissed > 0) & (dismissed * persons >= threshold))
