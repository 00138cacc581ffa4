"""Breakdowns: what happened in automotive firms, by tier, size class, job profile and age band.

A size class is that of the start, whatever becomes of the firm; a firm that was not there yet is micro. Counted in
whole rows of people, so that the groups sum exactly to the totals of the month.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    AGE_LIMITS,
    COMBUSTION_GROUPS,
    EMPLOYED,
    INSTRUMENT_NAMES,
    NEVER,
    OEM,
    OTHER_ECONOMY,
    TEMPORARY_NOT_RENEWED,
    Records,
)
from transitionsim.compiling import compiled

Counts = NDArray[np.int64]

STAFF: Final = 0
POSTS: Final = 1
LOSSES: Final = 2
HIRES: Final = 3
QUANTITIES: Final = HIRES + 1
"""First dimension of the counts by tier and by size class."""

COMBUSTION_STAFF: Final = 0
SUPPORTED_STAFF: Final = 1
SUPPORTED_STAFF_BEFORE: Final = 2
DEPENDENT: Final = 3
DIVERSIFIED: Final = 4
TOTALS: Final = DIVERSIFIED + 1
"""Places of the totals over firms."""

MOSTLY: Final = 0.5
LITTLE: Final = 0.25
"""A supplier is dependent above the first share of combustion parts, and diversified at the second or below."""


class Breakdown(NamedTuple):
    """Counts of this month in rows of people, but for those to date.

    By firm, shape (employers,): ``size`` class of the start, ``losses`` of jobs for lack of orders or by closure and
    ``hires`` of this month, ``losses_to_date``, and ``staff_before`` a policy first supported the firm (-1 for none).
    ``losses_by_profile``, ``hires_by_profile``, ``staff_by_profile`` and ``posts_by_profile`` (profiles,);
    ``losses_by_age`` and ``unemployed_by_age`` (age bands,); ``by_tier`` (quantities, tiers, the rest of the economy
    last and empty) and ``by_size``
    (quantities, size classes); ``supported`` (size classes, instruments) in firms; ``totals`` (totals,).
    """

    size: NDArray[np.int8]
    losses: Counts
    hires: Counts
    losses_to_date: Counts
    staff_before: Counts
    losses_by_profile: Counts
    hires_by_profile: Counts
    staff_by_profile: Counts
    posts_by_profile: Counts
    losses_by_age: Counts
    unemployed_by_age: Counts
    by_tier: Counts
    by_size: Counts
    supported: Counts
    totals: Counts

    @property
    def lost(self) -> tuple[Counts, Counts, Counts]:
        """The losses of this month by firm, by profile and by age band."""
        return self.losses, self.losses_by_profile, self.losses_by_age


class FirmsAtEnd(NamedTuple):
    """Automotive firms at the end of a run, in persons.

    Luck's address, people employed, whether a policy supported them, posts wanted, and the people who lost a job there
    for lack of orders or by closure.
    """

    key: NDArray[np.uint64]
    staff: Counts
    supported: NDArray[np.bool_]
    posts: Counts
    lost: Counts


def firms_at_end(
    employers: Records, automotive: Counts, staff: NDArray[np.int32], losses_to_date: Counts, scale: int
) -> FirmsAtEnd:
    """Return the automotive firms at the end of a run; ``staff`` has shape (employers, profiles), in rows."""
    firms = employers[automotive]
    persons = staff[automotive].sum(axis=1).astype(np.int64) * scale
    lost = losses_to_date[automotive] * scale
    return FirmsAtEnd(firms["key"], persons, firms["support"] >= 0, firms["posts"].astype(np.int64) * scale, lost)


BY_FIRM: Final = ("size", "losses", "hires", "losses_to_date", "staff_before")
"""Parts of a breakdown that have a line for each employer."""


def empty_breakdown(size: NDArray[np.int8], profiles: int) -> Breakdown:
    """Return a breakdown of nothing for employers of these size classes."""
    firms, bands, classes = len(size), len(AGE_LIMITS) + 1, 4

    def zeros(*shape: int) -> Counts:
        return np.zeros(shape, np.int64)

    return Breakdown(
        size=size,
        losses=zeros(firms),
        hires=zeros(firms),
        losses_to_date=zeros(firms),
        staff_before=np.full(firms, -1, np.int64),
        losses_by_profile=zeros(profiles),
        hires_by_profile=zeros(profiles),
        staff_by_profile=zeros(profiles),
        posts_by_profile=zeros(profiles),
        losses_by_age=zeros(bands),
        unemployed_by_age=zeros(bands),
        by_tier=zeros(QUANTITIES, OTHER_ECONOMY + 1),
        by_size=zeros(QUANTITIES, classes),
        supported=zeros(classes, len(INSTRUMENT_NAMES)),
        totals=zeros(TOTALS),
    )


def nothing_to_break_down() -> Breakdown:
    """Return the breakdown of the burn-in, which nobody reads."""
    return empty_breakdown(np.zeros(0, np.int8), 0)


def begin_month(groups: Breakdown) -> None:
    """Set the flows of the month back to nothing."""
    for flow in (groups.losses, groups.hires, groups.losses_by_profile, groups.hires_by_profile, groups.losses_by_age):
        flow[:] = 0


@compiled
def count_hires(
    workers: Records,
    employers: Records,
    seekers: NDArray[np.int32],
    taken: NDArray[np.int32],
    slot_employer: NDArray[np.int32],
    first: Counts,
    month: int,
    groups: Breakdown,
) -> None:
    """Count the hires of automotive firms, and the jobs lost by people on notice who go to another job.

    Called before the hires are written; ``taken`` (seekers,) is the vacancy each takes, -1 for none, ``first`` the
    first vacancy of each profile.
    """
    for j in range(len(seekers)):
        slot = taken[j]
        if slot < 0:
            continue
        f = slot_employer[slot]
        if employers[f].sector == 0:
            profile = 0
            while first[profile + 1] <= slot:
                profile += 1
            groups.hires[f] += 1
            groups.hires_by_profile[profile] += 1
        person = workers[seekers[j]]
        on_notice = person.status == EMPLOYED and person.notice_end != NEVER
        if on_notice and 0 <= person.cause <= TEMPORARY_NOT_RENEWED and employers[person.employer].sector == 0:
            age = month - person.birth_month
            band = int(age >= AGE_LIMITS[0]) + int(age >= AGE_LIMITS[1]) + int(age >= AGE_LIMITS[2])
            groups.losses[person.employer] += 1
            groups.losses_by_profile[person.profile] += 1
            groups.losses_by_age[band] += 1


@compiled
def count_firms(
    employers: Records,
    automotive: Counts,
    entrant: NDArray[np.bool_],
    staff: NDArray[np.int32],
    posts: NDArray[np.int32],
    orders: Counts,
    price: NDArray[np.float64],
    instruments: Counts,
    groups: Breakdown,
) -> None:
    """Count automotive firms at the end of the month by tier, size class and profile.

    ``staff`` and ``posts`` have shape (employers, profiles), ``orders`` and ``price`` (employers, component groups);
    ``instruments`` is the kind of each policy that supports firms. Writes all of ``groups`` but the flows, which it
    adds up.
    """
    groups.by_tier[:] = 0
    groups.by_size[:] = 0
    groups.staff_by_profile[:] = 0
    groups.posts_by_profile[:] = 0
    groups.supported[:] = 0
    groups.totals[:] = 0
    combustion_staff = 0.0
    for f in automotive:
        firm = employers[f]
        people = np.int64(0)
        for o in range(staff.shape[1]):
            people += staff[f, o]
            groups.staff_by_profile[o] += staff[f, o]
            if not firm.closed:
                groups.posts_by_profile[o] += posts[f, o]
        size = groups.size[f]
        groups.losses_to_date[f] += groups.losses[f]
        counts = (people, np.int64(firm.posts), groups.losses[f], groups.hires[f])
        for quantity in range(QUANTITIES):
            groups.by_tier[quantity, firm.tier] += counts[quantity]
            groups.by_size[quantity, size] += counts[quantity]
        combustion_staff += people * firm.dependence
        if firm.support >= 0:
            if groups.staff_before[f] < 0:
                groups.staff_before[f] = people
            groups.supported[size, instruments[firm.support]] += firm.represents
            groups.totals[SUPPORTED_STAFF] += people
            groups.totals[SUPPORTED_STAFF_BEFORE] += groups.staff_before[f]
        if firm.tier != OEM and firm.dependence > MOSTLY and not entrant[f]:
            groups.totals[DEPENDENT] += firm.represents
            revenue = 0.0
            combustion = 0.0
            for k in range(orders.shape[1]):
                revenue += orders[f, k] * price[f, k]
            for k in COMBUSTION_GROUPS:
                combustion += orders[f, k] * price[f, k]
            if not firm.closed and revenue > 0.0 and combustion <= LITTLE * revenue:
                groups.totals[DIVERSIFIED] += firm.represents
    groups.totals[COMBUSTION_STAFF] = int(combustion_staff + 0.5)


@compiled
def sums(groups: Breakdown) -> Counts:
    """Return what the groups sum to: staff, posts, losses and hires by tier, size and profile; losses and unemployed.

    Shape (14,): four by tier, four by size class, four by profile, then the two by age band.
    """
    found = np.zeros(14, np.int64)
    for quantity in range(QUANTITIES):
        found[quantity] = groups.by_tier[quantity].sum()
        found[QUANTITIES + quantity] = groups.by_size[quantity].sum()
    found[2 * QUANTITIES + STAFF] = groups.staff_by_profile.sum()
    found[2 * QUANTITIES + POSTS] = groups.posts_by_profile.sum()
    found[2 * QUANTITIES + LOSSES] = groups.losses_by_profile.sum()
    found[2 * QUANTITIES + HIRES] = groups.hires_by_profile.sum()
    found[3 * QUANTITIES] = groups.losses_by_age.sum()
    found[3 * QUANTITIES + 1] = groups.unemployed_by_age.sum()
    return found
