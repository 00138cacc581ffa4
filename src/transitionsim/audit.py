"""The audit: identities that hold exactly in every month of every run, or the run stops."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.breakdowns import sums
from transitionsim.columns import EMPLOYED, TEMPORARY_NOT_RENEWED, UNEMPLOYED, Records
from transitionsim.compiling import compiled
from transitionsim.errors import AuditError
from transitionsim.policies import kinds
from transitionsim.world import State


def audit(state: State) -> None:
    """People, jobs, orders and euros are conserved, exactly; a run that loses one stops here."""
    counts = state.counts
    where = f"month {state.month} of '{state.settings.name}', seed {state.seed}"
    counted = int(counts.by_status.sum() + counts.commuters[1])
    if counted != len(state.workers):
        raise AuditError(f"{where}: {counted} people counted, {len(state.workers)} rows")
    employed = int(counts.by_status[EMPLOYED])
    staff, posts, open_posts, least = _jobs(state.employers, state.labour.staff, state.labour.vacancies)
    if employed != staff:
        raise AuditError(f"{where}: {employed} people employed, {staff} on the staff of employers")
    if employed != posts - open_posts + int(counts.misplaced[0] - counts.misplaced[1]):
        raise AuditError(f"{where}: {employed} people employed do not fit {posts} posts and {open_posts} vacancies")
    change = int(counts.hires.sum() - counts.separations.sum())
    if counts.employed_before >= 0 and employed - counts.employed_before != change:
        raise AuditError(
            f"{where}: employment changed by {employed - counts.employed_before}, hires less separations are {change}"
        )
    counts.employed_before = employed
    auto = state.orders.network.automotive
    if np.any(state.orders.books.delivered[auto] > state.orders.books.purchases[auto]):
        raise AuditError(f"{where}: a supplier delivered more than its customer bought")
    if least < 0:
        raise AuditError(f"{where}: more people were hired than vacancies were posted")
    _audit_groups(state, where)
    _audit_money(state, where)


@compiled
def _jobs(employers: Records, staff: NDArray[np.int32], vacancies: NDArray[np.int32]) -> tuple[int, int, int, int]:
    """Count the staff of all employers, their posts and their vacancies, and find the fewest vacancies of a profile."""
    people, posts, vacant, least = 0, 0, 0, 0
    for f in range(len(employers)):
        posts += employers[f].posts
        for o in range(staff.shape[1]):
            people += staff[f, o]
            vacant += vacancies[f, o]
            least = min(least, vacancies[f, o])
    return people, posts, vacant, least


def _audit_groups(state: State, where: str) -> None:
    """Groups of automotive firms sum to their totals."""
    if state.prelude:
        return
    rows = state.orders.network.automotive
    lost = int(state.counts.separations[: TEMPORARY_NOT_RENEWED + 1, 0].sum())
    totals = [int(state.labour.staff[rows].sum()), int(state.employers["posts"][rows].sum()), lost]
    totals.append(int(state.counts.hires[:, 0].sum()))
    expected = [*totals, *totals, *totals, lost, int(state.counts.by_status[UNEMPLOYED])]
    found = sums(state.counts.breakdown).tolist()
    if found != expected:
        raise AuditError(f"{where}: groups of automotive firms sum to {found}, the totals are {expected}")


def _audit_money(state: State, where: str) -> None:
    """Every cent of a policy is paid, reserved, available or returned, and owed for what it was reserved for."""
    for one in state.public.policies:
        if not one.ledger.holds():
            raise AuditError(f"{where}: the ledger of policy '{one.id}' does not close: {one.ledger}")
    for policy in kinds().values():
        fault = policy.fault(state)
        if fault:
            raise AuditError(f"{where}: {fault}")
