"""Histories of earnings: what people earn in the years after they lost an automotive job, and what others earn.

Two groups are followed month by month for seven years. *Displaced*: everyone who lost an automotive job of two
years or more for lack of orders or by closure, from the month in which it ended, also if they left during notice for
another job. *Comparison*: people on the staff of automotive firms with two years of tenure or more, drawn each
January, whatever becomes of them. Earnings are the gross wage in months with a job and nothing in months without,
relative to the wage before; a history ends when the person leaves working life. All sums are whole numbers, so that
the order of people changes nothing.

The displaced of one arm are compared with the comparison group of the no-transition arm, cell by cell of age,
tenure and profile (:func:`displaced_earnings_loss`): within one arm both groups live through the same decline.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import EMPLOYED, Records
from transitionsim.compiling import compiled
from transitionsim.draws import uniform

if TYPE_CHECKING:
    import pandas as pd

Integers = NDArray[np.int64]
Rows = NDArray[np.int32]

YEARS: Final = 7
"""Years followed: 0 to 6, year 0 begins with the month of reference."""
LONG_TENURE: Final = 24
UNDER_AGE: Final = 720
"""Months of age below which people count as under sixty."""
DISPLACED: Final = 0
COMPARISON: Final = 1
GROUPS: Final = ("displaced", "comparison")
NO_CELL: Final = -1
"""Cell of people displaced from a shorter job: their return to work is counted, their earnings are not compared."""
AGE_BANDS: Final = ("under 30", "30 to 39", "40 to 49", "50 to 59", "60 and over")
TENURE_BANDS: Final = ("2 to 4 years", "5 to 9 years", "10 to 19 years", "20 years and over")
SAMPLE: Final = 2_000
"""Records of the staff drawn into the comparison group each January, about; all where there are fewer."""
PART: Final = 10_000
"""Earnings are counted in ten-thousandths of the wage before."""
FOLLOWED: Final = np.dtype(
    [("row", "i4"), ("wage", "i4"), ("cell", "i4"), ("birth", "i2"), ("start", "i2"), ("group", "i1")], align=True
)


@dataclass
class Earnings:
    """Sums of earnings over the histories of a run, each of shape (groups, cells, years).

    ``earned``: monthly earnings in ten-thousandths of the wage before; ``months``: person-months observed;
    ``people``: people observed in the first month of the year. All in rows of the model.
    """

    earned: Integers
    months: Integers
    people: Integers


@dataclass
class Histories:
    """The people followed now, the sums so far, and the counts of this month (in rows, wages in cents)."""

    profiles: int = 0
    followed: Records = field(default_factory=lambda: np.zeros(0, FOLLOWED))
    earnings: Earnings = field(default_factory=lambda: no_earnings(0))
    displaced: int = 0
    job_to_job: int = 0
    long_held: int = 0
    """Of the displaced, those with two years in the job and under sixty."""
    employed_later: Integers = field(default_factory=lambda: np.zeros((2, 2), np.int64))
    """Of those displaced 12 and 18 months ago, the people employed at the end of this month; of the long held too."""
    wages: Integers = field(default_factory=lambda: np.zeros((2, 2), np.int64))
    """Earned this month by the displaced and the comparison group, and the wages they had before."""


def no_earnings(profiles: int) -> Earnings:
    """Return sums over nobody, for a number of job profiles."""
    shape = (len(GROUPS), len(AGE_BANDS) * len(TENURE_BANDS) * profiles, YEARS)
    return Earnings(np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64))


def begin(profiles: int) -> Histories:
    """Return histories of nobody, ready for the first month of a run."""
    return Histories(profiles=profiles, earnings=no_earnings(profiles))


def cells(age_months: Integers, tenure_months: Integers, profile: Integers, profiles: int) -> Integers:
    """Return the cell of each person by age (ten years), tenure and profile; ``NO_CELL`` below two years of tenure.

    >>> cells(np.array([480, 480]), np.array([23, 60]), np.array([3, 3]), 22).tolist()
    [-1, 223]
    """
    age = np.clip(age_months // 120 - 2, 0, len(AGE_BANDS) - 1)
    tenure = np.searchsorted([60, 120, 240], tenure_months, side="right")
    cell = (age * len(TENURE_BANDS) + tenure) * profiles + profile
    return np.where(tenure_months >= LONG_TENURE, cell, NO_CELL)


def live(
    histories: Histories, workers: Records, staff_rows: Rows, displaced: Rows, month: int, luck: np.uint64
) -> None:
    """Add those who enter a group this month, and count everyone's month.

    ``staff_rows`` are the rows of the automotive staff, ``displaced`` those of the people who lost a job for lack of
    orders or by closure this month; ``luck`` is the address of the luck that draws the comparison group.
    """
    if month % 12 == 0:
        there = month - histories.followed["start"] < 12 * YEARS
        new = _comparison(workers, staff_rows, month, luck, histories.profiles)
        followed = _joined(histories.followed.compress(there), new)
        # Several histories of one person stand together, so that the person is fetched from memory once.
        histories.followed = followed.take(np.argsort(followed["row"], kind="stable"))
    histories.displaced = len(displaced)
    histories.job_to_job = histories.long_held = 0
    if len(displaced):
        people = workers.take(displaced)
        histories.job_to_job = int(((people["hired"] == month) & (people["hired_from"] == EMPLOYED)).sum())
        new = _entries(
            displaced, people, people["wage_before"], people["tenure_lost"], people["profile_lost"], month, DISPLACED,
            histories.profiles,
        )  # fmt: skip
        histories.followed = _joined(histories.followed, new)
        histories.long_held = int(((new["cell"] != NO_CELL) & (month - new["birth"] < UNDER_AGE)).sum())
    earnings = histories.earnings
    histories.employed_later[:] = 0
    histories.wages[:] = 0
    _count_month(
        workers, histories.followed, month, earnings.earned, earnings.months, earnings.people,
        histories.employed_later, histories.wages,
    )  # fmt: skip


def _joined(first: Records, second: Records) -> Records:
    """Return entries one after the other; as bytes, since NumPy joins records field by field."""
    return np.concatenate([first.view(np.uint8), second.view(np.uint8)]).view(FOLLOWED)


def _comparison(workers: Records, staff_rows: Rows, month: int, luck: np.uint64, profiles: int) -> Records:
    """Return entries for the automotive staff with long tenure, or for a sample of them by keyed luck."""
    tenure = month - workers["hired"][staff_rows].astype(np.int64)
    rows = staff_rows[(workers["status"][staff_rows] == EMPLOYED) & (tenure >= LONG_TENURE)]
    if len(rows) > SAMPLE:
        rows = rows[uniform(luck, workers["key"][rows]) < SAMPLE / len(rows)]
    people = workers.take(rows)
    tenure = month - people["hired"].astype(np.int64)
    return _entries(rows, people, people["wage"], tenure, people["profile"], month, COMPARISON, profiles)


def _entries(
    rows: Rows,
    people: Records,
    wage: NDArray[np.int32],
    tenure: NDArray[np.integer],
    profile: NDArray[np.int8],
    month: int,
    group: int,
    profiles: int,
) -> Records:
    """Return new histories of people."""
    new = np.zeros(len(rows), FOLLOWED)
    new["row"], new["wage"], new["birth"] = rows, np.maximum(wage, 1), people["birth_month"]
    new["start"], new["group"] = month, group
    age = month - people["birth_month"].astype(np.int64)
    new["cell"] = cells(age, tenure.astype(np.int64), profile.astype(np.int64), profiles)
    return new


@compiled
def _count_month(
    workers: Records,
    followed: Records,
    month: int,
    earned: Integers,
    months: Integers,
    people: Integers,
    employed_later: Integers,
    wages: Integers,
) -> None:
    """Add the month of everyone followed to the sums."""
    for h in range(len(followed)):
        one = followed[h]
        since = month - one.start
        person = workers[one.row]
        if since >= 12 * YEARS or person.birth_month != one.birth:
            continue
        employed = person.status == EMPLOYED
        if one.group == DISPLACED and employed and (since == 12 or since == 18):
            later = 0 if since == 12 else 1
            employed_later[0, later] += 1
            if one.cell != NO_CELL and one.start - one.birth < UNDER_AGE:
                employed_later[1, later] += 1
        if one.cell == NO_CELL:
            continue
        year = since // 12
        wage = person.wage if employed else 0
        # Most people earn what they did: the division is for the others.
        earned[one.group, one.cell, year] += PART if wage == one.wage else int(PART * wage / one.wage + 0.5)
        months[one.group, one.cell, year] += 1
        people[one.group, one.cell, year] += 1 if since % 12 == 0 else 0
        wages[one.group, 0] += wage
        wages[one.group, 1] += one.wage


@dataclass(frozen=True)
class EarningsLoss:
    """What the displaced earn less than others like them, as a share of what those earn."""

    by_year: NDArray[np.float64]
    """Loss in each year 0 to 6, not a number where nobody was observed."""
    overall: float
    """One less the mean earnings of the displaced over those of the matched, years observed weighing the same."""
    people: int
    """Displaced people in their first month, in rows of the model."""
    matched: float
    """Share of the displaced person-months in cells that the comparison group has too."""


def displaced_earnings_loss(arm: Earnings, null: Earnings) -> EarningsLoss:
    """Return the earnings loss of the people displaced in an arm against the no-transition arm's automotive staff.

    Matched on cells of age, tenure and profile: the comparison group is weighted by the displaced person-months of
    each cell and year.
    """
    weight = arm.months[DISPLACED].astype(np.float64)
    there = null.months[COMPARISON] > 0
    kept = np.where(there, weight, 0.0)
    others = null.earned[COMPARISON] / np.maximum(null.months[COMPARISON], 1)
    of_displaced = np.where(there, arm.earned[DISPLACED], 0).sum(axis=0).astype(np.float64)
    of_others = (kept * others).sum(axis=0)
    observed = of_others > 0.0
    by_year = np.full(YEARS, np.nan)
    by_year[observed] = 1.0 - of_displaced[observed] / of_others[observed]
    size = np.maximum(kept.sum(axis=0), 1.0)
    overall = 1.0 - float((of_displaced / size).sum() / (of_others / size).sum()) if observed.any() else float("nan")
    matched = float(kept.sum() / weight.sum()) if weight.sum() > 0.0 else float("nan")
    return EarningsLoss(by_year, overall, int(arm.people[DISPLACED, :, 0].sum()), matched)


def table(earnings: Earnings, profiles: tuple[str, ...], scale: int) -> pd.DataFrame:
    """Return the histories as a tidy table, one line for each cell, group and year with anybody in it.

    ``relative_earnings`` is the mean of monthly earnings over the wage before, ``people`` the persons observed in the
    first month of the year.
    """
    import pandas as pd

    group, cell, year = np.nonzero(earnings.months)
    band = cell // len(profiles)
    at = (group, cell, year)
    return pd.DataFrame(
        {
            "age": [AGE_BANDS[i] for i in band // len(TENURE_BANDS)],
            "tenure": [TENURE_BANDS[i] for i in band % len(TENURE_BANDS)],
            "profile": [profiles[i] for i in cell % len(profiles)],
            "group": [GROUPS[i] for i in group],
            "year": year,
            "relative_earnings": earnings.earned[at] / earnings.months[at] / PART,
            "people": earnings.people[at] * scale,
            "person_months": earnings.months[at] * scale,
        }
    )
