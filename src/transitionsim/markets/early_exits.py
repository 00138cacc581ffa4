"""Early exits: before a firm gives notice, older staff may go of their own will, at the firm's cost.

A firm that must dismiss permanent staff offers those near the pension a part of
their wage until the month in which they would have left anyway. Who accepts is keyed luck. Those closest to the
pension, the cheapest, go first, whatever their firm, ties by key: where a policy pays a part, its money goes the same
way. Each exit saves one dismissal, in a profile with
too many people. A supplier pays the whole sum at once and only out of cash; vehicle plants keep no
books, so that theirs is only recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    EARLY_EXIT,
    NEVER,
    NOBODY,
    OEM,
    PERMANENT,
    RETIRED,
    TEMPORARY,
    Records,
)
from transitionsim.compiling import compiled
from transitionsim.draws import uniform
from transitionsim.ledger import Running
from transitionsim.worker import leave_employer

Integers = NDArray[np.int64]


@dataclass(kw_only=True)
class ExitSupport(Running):
    """What a policy offers to firms in this market: a share of the cost, for firms below a size."""

    share: float
    staff_below: int


@dataclass(frozen=True)
class ExitTerms:
    """Who may leave early and at what price: ages and spans in months, pay as a share of the wage."""

    age: int
    least_months: int
    acceptance: float
    pay: float
    scale: int
    """Persons that a row of people stands for."""


def dismissals_sought(
    workers: Records,
    staff_rows: NDArray[np.int32],
    employers: Records,
    shrinking: Integers,
    spare: NDArray[np.int32],
) -> Integers:
    """Return how many permanent staff each of the shrinking firms plans to dismiss, in rows; shape (employers,).

    Temporary contracts of profiles with too many people end first. A firm on short time dismisses nobody else, and
    one that closes has no need of volunteers. ``spare`` (employers, profiles) are the people above the posts.
    """
    firms, sought = employers.take(shrinking), np.zeros(len(employers), np.int64)
    planned = firms["dismissals"] - _ending(workers, staff_rows, spare)[shrinking]
    sought[shrinking] = np.where((firms["short_time"] > 0.0) | firms["closing"], 0, np.maximum(0, planned))
    return sought


@compiled
def _ending(workers: Records, staff_rows: NDArray[np.int32], spare: NDArray[np.int32]) -> Integers:
    """Return how many temporary contracts can end in each firm, in profiles with too many people."""
    count = np.zeros(len(spare), np.int64)
    for i in staff_rows:
        row = workers[i]
        if row.contract == TEMPORARY and row.notice_end == NEVER and row.course == NOBODY:
            count[row.employer] += 1 if spare[row.employer, row.profile] > 0 else 0
    return count


@compiled
def _of_age(
    workers: Records,
    staff_rows: NDArray[np.int32],
    born: int,
    stays: int,
    sought: Integers,
) -> NDArray[np.int32]:
    """Return the rows of the people free to accept an offer: born by a month and not leaving before another."""
    found = np.empty(len(staff_rows), np.int32)
    count = 0
    for i in staff_rows:
        row = workers[i]
        if row.birth_month <= born and row.exit_month >= stays and sought[row.employer] > 0:
            free = row.contract == PERMANENT and row.notice_end == NEVER and row.course == NOBODY
            found[count] = i
            count += 1 if free else 0
    return found[:count].copy()


def find_volunteers(
    workers: Records,
    staff_rows: NDArray[np.int32],
    month: int,
    terms: ExitTerms,
    sought: Integers,
    luck: np.uint64,
) -> NDArray[np.int32]:
    """Return the rows of the people who accept an offer of their firm, those closest to the pension first.

    ``staff_rows`` are the rows of the people employed in automotive firms, ``sought`` (employers,) the dismissals
    that volunteers can save, ``luck`` the address of this month's acceptances.
    """
    rows = _of_age(workers, staff_rows, month - terms.age, month + terms.least_months, sought)
    people = workers.take(rows)
    accepts = uniform(luck, people["key"]) < terms.acceptance
    order = np.lexsort((people["key"][accepts], people["exit_month"][accepts]))
    return np.asarray(rows[accepts][order])


def choose(
    workers: Records,
    volunteers: NDArray[np.int32],
    employers: Records,
    sought: Integers,
    spare: NDArray[np.int32],
    support: Sequence[ExitSupport],
    month: int,
    terms: ExitTerms,
) -> tuple[NDArray[np.int32], int]:
    """Return the rows of the volunteers whose exit is paid for, and what they cost in all, in cents.

    Firms' parts leave their cash, policies' parts their ledgers. Each exit takes one off a firm's ``dismissals``,
    off ``sought`` and off the people above the posts, ``spare``.
    """
    taken, total = [], 0
    for i in volunteers:
        person = workers[i]
        f, profile = int(person["employer"]), int(person["profile"])
        if sought[f] == 0 or spare[f, profile] <= 0:
            continue
        months = int(person["exit_month"]) - month
        cost = int(float(person["wage"]) * terms.pay * months + 0.5) * terms.scale
        if not _paid(employers[f], cost, support, month, terms.scale):
            continue
        taken.append(i)
        total += cost
        sought[f] -= 1
        spare[f, profile] -= 1
        employers["dismissals"][f] -= 1
    return np.array(taken, np.int32), total


def _paid(firm: np.void, cost: int, support: Sequence[ExitSupport], month: int, scale: int) -> bool:
    """Return whether a firm, with the help of a policy or alone, pays for an exit; writes cash and ledgers."""
    represents = int(firm["represents"])
    persons = float(firm["posts_start"]) * scale / represents
    helpers = [one for one in support if one.in_force[month] and persons < one.staff_below]
    for helper in (*helpers, None):
        aid = int(cost * helper.share) if helper is not None else 0
        if helper is not None and aid > helper.ledger.available:
            continue
        own = (cost - aid) / 100.0 / represents
        if firm["tier"] != OEM and own > firm["liquidity"]:
            continue
        if firm["tier"] != OEM:
            firm["liquidity"] -= own
        if helper is not None:
            helper.ledger.reserve(aid)
            helper.ledger.pay(aid)
        return True
    return False


@compiled
def retire_early(
    workers: Records,
    rows: NDArray[np.int32],
    employers: Records,
    month: int,
    staff: NDArray[np.int32],
    separations: Integers,
) -> None:
    """Write the exits into the rows of the people, the ``staff`` of their firms and this month's ``separations``."""
    separations[EARLY_EXIT, 0] += len(rows)
    for i in rows:
        person = workers[i]
        staff[person.employer, person.profile] -= 1
        employers[person.employer].staff -= 1
        leave_employer(person, month)
        person.status = RETIRED
        person.cause = EARLY_EXIT
        person.since = month
        person.jobless_since = month
