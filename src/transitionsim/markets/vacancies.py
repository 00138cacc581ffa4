"""Vacancies: posts of each firm by job profile, and the vacancies a firm posts.

The hiring stop is a rule of the firm, not of the profile: whatever profiles are short, a firm never posts more
vacancies than it has posts above its staff. Known exits of the next two months are posted ahead.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import OEM, OTHER_ECONOMY, PROJECT, Records
from transitionsim.compiling import compiled

Floats = NDArray[np.float64]


@compiled
def set_automotive_posts(
    employers: Records,
    automotive: NDArray[np.int64],
    group_hours: Floats,
    staffing: Floats,
    phase: Floats,
    posts: NDArray[np.int32],
) -> None:
    """Divide the posts of each automotive firm over job profiles by what it makes.

    ``posts`` has shape (employers, profiles). Rounding is systematic from the firm's own ``phase`` in [0, 1):
    the parts sum to the firm's posts exactly, and no profile is favoured over many small firms.
    """
    groups = group_hours.shape[1]
    profiles = staffing.shape[1]
    exact = np.empty(profiles)
    for f in automotive:
        firm = employers[f]
        whole = 0.0
        for o in range(profiles):
            exact[o] = 0.0
        if firm.tier == OEM:
            for o in range(profiles):
                exact[o] = staffing[0, o]
            whole = 1.0
        else:
            for k in range(groups):
                if group_hours[f, k] > 0.0:
                    whole += group_hours[f, k]
                    for o in range(profiles):
                        exact[o] += group_hours[f, k] * staffing[k + 1, o]
        running = 0.0
        before = 0
        for o in range(profiles):
            if whole > 0.0:
                running += exact[o] / whole
            upto = firm.posts if o == profiles - 1 else min(int(running * firm.posts + phase[f]), firm.posts)
            posts[f, o] = upto - before
            before = upto


@compiled
def set_other_posts(
    employers: Records,
    posts_start: NDArray[np.int32],
    cell_phase: Floats,
    factor: Floats,
    posts: NDArray[np.int32],
) -> None:
    """Scale the posts of the rest of the economy, a cell rounded at its own phase; projects have their own plan.

    ``factor`` (sectors, profiles) is relative to the start.
    """
    for f in range(len(employers)):
        if employers[f].tier != OTHER_ECONOMY or employers[f].sector == PROJECT:
            continue
        total = 0
        sector = employers[f].sector
        for o in range(posts.shape[1]):
            # A phase is below one, so that a cell without posts stays without.
            posts[f, o] = int(posts_start[f, o] * factor[sector, o] + cell_phase[f])
            total += posts[f, o]
        employers[f].posts = total
        employers[f].posts_ahead = total
        employers[f].posts_year = total


@compiled
def post_vacancies(
    employers: Records,
    posts: NDArray[np.int32],
    staff: NDArray[np.int32],
    leaving: NDArray[np.int32],
    phase: Floats,
    openings: bool,
    vacancies: NDArray[np.int32],
    lacking: NDArray[np.int32],
    by_profile: NDArray[np.int64],
) -> None:
    """Write the vacancies of each firm and profile, and their sum by profile.

    All tables have shape (employers, profiles). ``lacking`` are posts of a profile above its staff, whatever
    the firm's total; a firm may fill them from within.
    """
    profiles = posts.shape[1]
    for o in range(profiles):
        by_profile[o] = 0
    for f in range(len(employers)):
        firm = employers[f]
        wanted = 0
        known = 0
        for o in range(profiles):
            gap = posts[f, o] - staff[f, o]
            lacking[f, o] = max(0, gap)
            gap += leaving[f, o]
            known += leaving[f, o]
            vacancies[f, o] = max(0, gap)
            wanted += vacancies[f, o]
        room = firm.posts - (firm.staff - firm.on_notice) + known
        if wanted == 0:
            continue
        if not openings or firm.closed or room <= 0:
            for o in range(profiles):
                vacancies[f, o] = 0
            continue
        if wanted > room:
            running = 0
            before = 0
            for o in range(profiles):
                running += vacancies[f, o]
                upto = min(int(running * room / wanted + phase[f]), room)
                if running == wanted:
                    upto = room
                vacancies[f, o] = upto - before
                before = upto
        for o in range(profiles):
            by_profile[o] += vacancies[f, o]
