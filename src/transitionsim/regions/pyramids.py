"""Age pyramids of automotive firms, imposed on a region that stands still.

People change places: an older person of another employer takes the job of a younger one of the same profile, and the
younger one theirs, until the firm has the share of older staff that its profile or the register gives. So staff by
employer and profile, the ages of the region and every other count stay as they are. The job keeps its wage; tenure
and contract go with the person, since an older person brings a longer past at the same desk. Luck decides who moves.

Where a plant's people are known to leave at an age, they change exit dates with people of the same month of birth
elsewhere, so that as many leave the region's working life at each age as before.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import EMPLOYED, NEVER
from transitionsim.draws import stream, uniform
from transitionsim.regions.schema import Region
from transitionsim.world import State

Integers = NDArray[np.int64]
PLANT_AGE: Final = 12 * 50
"""Age in months from which the staff of a named plant counts as older."""
FIRM_AGE: Final = 12 * 55
"""Age in months from which the staff of all other automotive firms counts as older."""


def shape_ages(state: State, region: Region) -> None:
    """Give every automotive firm its share of older people, and named plants their age of exit."""
    firms = state.employers
    shares = np.full(len(firms), state.settings.value("people.automotive_share_over_55"))
    known = np.zeros(len(firms), np.bool_)
    for f, plant in enumerate(region.plants):
        if plant.share_over_50 is not None:
            shares[f], known[f] = plant.share_over_50.number, True
    automotive = state.reference.employer_order[firms["sector"][state.reference.employer_order] == 0]
    change_places(state, automotive[known[automotive]], shares, PLANT_AGE)
    change_places(state, automotive[~known[automotive]], shares, FIRM_AGE)
    for f, plant in enumerate(region.plants):
        if plant.exit_age is not None:
            _change_exits(state, f, int(12 * plant.exit_age.number))


def change_places(state: State, firms: Integers, shares: NDArray[np.float64], limit: int) -> None:
    """Let people change places until each firm has its share of people at or above an age, as far as possible."""
    rows = state.workers
    older = state.month - rows["birth_month"].astype(np.int64) >= limit
    luck = uniform(stream(state.seed, "synthesis/pyramid", limit), rows["key"])
    free = (rows["status"] == EMPLOYED) & (rows["notice_end"] == NEVER)
    automotive = state.employers["sector"][rows["employer"]] == 0
    order = np.argsort(luck, kind="stable")
    outside = order[(free & ~automotive)[order]]
    inside = order[(free & automotive)[order]]
    inside = inside[np.argsort(rows["employer"][inside], kind="stable")]
    employer = rows["employer"][inside]
    # People outside by age and profile, in the order of their luck; who has changed places is used up.
    profiles = state.labour.staff.shape[1]
    group = older[outside] * profiles + rows["profile"][outside]
    pool = outside[np.argsort(group, kind="stable")]
    ends = np.cumsum(np.bincount(group, minlength=2 * profiles))
    next_one = ends - np.bincount(group, minlength=2 * profiles)
    for f in firms:
        staff = inside[np.searchsorted(employer, f) : np.searchsorted(employer, f, side="right")]
        wanted = int(shares[f] * len(staff) + state.reference.phase[f]) - int(older[staff].sum())
        pairs: list[tuple[int, int]] = []
        for row in staff[older[staff] != (wanted > 0)]:
            if len(pairs) == abs(wanted):
                break
            kind = int(wanted > 0) * profiles + int(rows["profile"][row])
            if next_one[kind] < ends[kind]:
                pairs.append((row, int(pool[next_one[kind]])))
                next_one[kind] += 1
        _exchange(rows, pairs, ("employer", "wage"))


def _change_exits(state: State, firm: int, exit_age: int) -> None:
    """Let a plant's people who would leave later change exit dates with people born in the same month elsewhere."""
    rows = state.workers
    birth = rows["birth_month"].astype(np.int64)
    age = rows["exit_month"] - birth
    own = rows["employer"] == firm
    order = np.argsort(uniform(stream(state.seed, "synthesis/exit_date", exit_age), rows["key"]), kind="stable")
    pools: dict[int, list[int]] = {}
    for row in order[(~own & (age >= exit_age) & (age < exit_age + 12))[order]]:
        pools.setdefault(int(birth[row]), []).append(int(row))
    late = order[(own & (age >= exit_age + 12))[order]]
    pairs = [(int(row), pools[int(birth[row])].pop()) for row in late if pools.get(int(birth[row]))]
    _exchange(rows, pairs, ("exit_month",))


def _exchange(rows: NDArray[np.void], pairs: list[tuple[int, int]], names: tuple[str, ...]) -> None:
    """Exchange columns between the people of each pair."""
    if pairs:
        one, other = np.array(pairs).T
        for name in names:
            rows[name][one], rows[name][other] = rows[name][other], rows[name][one]
