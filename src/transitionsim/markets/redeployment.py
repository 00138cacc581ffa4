"""Redeployment: people in profiles their firm no longer needs take posts of other profiles in the same firm.

Only posts within reach of a person's skills can be taken, after a short induction that is not modelled. Who goes
first where several could is keyed by identity. What is left are misfits: they leave by attrition, are retrained in
post, or are treated in part like excess staff while the firm hires the profiles it lacks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import NEVER, NOBODY, Records
from transitionsim.compiling import compiled

Table = NDArray[np.int32]
Integers = NDArray[np.int64]


@compiled
def count_misfits(
    employers: Records, automotive: Integers, posts: Table, staff: Table, leaving: Table, on_notice: Table
) -> int:
    """Write the misfits of each automotive firm and return their sum.

    A firm's misfits are the people above its posts, profile by profile, beyond what it has too many of in all,
    less those who are being retrained in post. People on notice and people known to leave within two months do
    not count.
    """
    total = 0
    for f in automotive:
        surplus = 0
        excess = 0
        for o in range(posts.shape[1]):
            gap = staff[f, o] - on_notice[f, o] - leaving[f, o] - posts[f, o]
            excess += gap
            if gap > 0:
                surplus += gap
        misfits = surplus - max(0, excess) - employers[f].trainees
        employers[f].misfits = 0 if employers[f].closed else max(0, misfits)
        total += employers[f].misfits
    return total


@compiled
def _in_surplus(
    workers: Records, staff_rows: Table, employers: Records, posts: Table, staff: Table, on_notice: Table
) -> Table:
    """Return the rows of people whose profile their firm has too many of, in firms with misfits."""
    found = np.empty(len(staff_rows), np.int32)
    count = 0
    for i in staff_rows:
        row = workers[i]
        f = row.employer
        staying = staff[f, row.profile] - on_notice[f, row.profile]
        surplus = employers[f].misfits > 0 and staying > posts[f, row.profile]
        if surplus and row.notice_end == NEVER and row.course == NOBODY:
            found[count] = i
            count += 1
    return found[:count].copy()


@compiled
def _take_posts(
    workers: Records,
    rows: Table,
    posts: Table,
    staff: Table,
    on_notice: Table,
    requirement: Integers,
    pair_reach: Integers,
    placed: Integers,
) -> None:
    """Let people, in the order given, take posts within reach that their firm lacks."""
    profiles = posts.shape[1]
    for i in rows:
        person = workers[i]
        f = person.employer
        old = person.profile
        if staff[f, old] - on_notice[f, old] <= posts[f, old]:
            continue
        for o in range(profiles):
            if o != old and (person.reach >> o) & 1 and staff[f, o] < posts[f, o]:
                staff[f, old] -= 1
                staff[f, o] += 1
                placed[1] += 1 if person.trained == o else 0
                person.second = old
                person.profile = o
                person.reach = pair_reach[o * profiles + old] | person.reach
                for k in range(len(person.skills)):
                    person.skills[k] = max(requirement[o, k], person.skills[k])
                break


def redeploy(
    workers: Records,
    staff_rows: Table,
    employers: Records,
    posts: Table,
    staff: Table,
    on_notice: Table,
    requirement: Integers,
    pair_reach: Integers,
    placed: Integers,
) -> None:
    """Let people in surplus profiles take posts their firm lacks; writes ``staff`` and the rows of the people.

    ``staff_rows`` are the rows of the people employed in automotive firms. ``placed[1]`` counts those whose last
    course was for the profile of the post.
    """
    rows = _in_surplus(workers, staff_rows, employers, posts, staff, on_notice)
    if len(rows):
        order = np.argsort(workers["key"][rows], kind="stable")
        _take_posts(workers, rows[order], posts, staff, on_notice, requirement, pair_reach, placed)
