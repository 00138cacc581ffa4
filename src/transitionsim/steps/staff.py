"""Staff of firms: counted, moved within the firm, on short time, retired early, given notice."""

from __future__ import annotations

import numpy as np

from transitionsim.columns import EMPLOYED, LONG_AGO
from transitionsim.draws import stream
from transitionsim.markets import early_exits, notices, redeployment, short_time
from transitionsim.tallies import count_staff as tally_staff
from transitionsim.tallies import rows_of
from transitionsim.world import Integers, State, Table


def count_staff(state: State) -> None:
    """Staff, notices and this month's separations are counted, firm by firm."""
    labour = state.labour
    known_until = state.month + 2 if state.world["ageing"] else LONG_AGO
    labour.automotive_count = tally_staff(
        state.workers, state.employers, state.month, known_until, labour.staff, labour.leaving, labour.on_notice,
        state.counts.separations, state.counts.breakdown.lost, labour.automotive_rows,
    )  # fmt: skip
    short_time.count_temporaries(state.workers, labour.automotive_staff, state.employers)


def staff_of(state: State, firms: Integers) -> Table:
    """Return the rows of the people employed in some automotive firms."""
    asked = np.zeros(len(state.employers), np.bool_)
    asked[firms] = True
    return rows_of(state.workers, state.labour.automotive_staff, asked)


def redeploy_staff(state: State) -> None:
    """Within a firm, people whose profile it no longer needs take posts within reach of their skills."""
    labour = state.labour
    if state.prelude:
        return
    tables = (labour.posts, labour.staff)
    going = (labour.leaving, labour.on_notice)
    rows = state.orders.network.automotive
    if redeployment.count_misfits(state.employers, rows, *tables, *going):
        redeployment.redeploy(
            state.workers, labour.automotive_staff, state.employers, *tables,
            labour.on_notice, state.world["requirement"], state.world["pair_reach"], state.counts.learning.placed,
        )  # fmt: skip
        redeployment.count_misfits(state.employers, rows, *tables, *going)
    labour.lacking_window[state.month % len(labour.lacking_window)] = np.maximum(
        0, labour.posts[rows].astype(np.int64) - labour.staff[rows]
    ).sum(axis=0)


def pay_short_time(state: State) -> None:
    """The benefit pays part of the wage lost to short time."""
    firms, auto = state.employers, state.orders.network.automotive
    if state.prelude or not (firms["short_time"][auto] > 0.0).any():
        return
    cents = short_time.benefits(
        state.workers, state.labour.automotive_staff, firms, state.settings.value("short_time.replacement")
    )
    cents *= state.scale
    state.public.short_time_pay += int(cents[0].sum())
    state.counts.short_time_wages = int(cents[1].sum())
    permanent = firms["staff"][auto] - firms["on_notice"][auto] - firms["temporary"][auto]
    state.counts.short_time_lost = int(np.floor(firms["short_time"][auto] * permanent + 0.5).sum())


def offer_early_exits(state: State) -> None:
    """Firms that must dismiss first pay older volunteers to retire early, as far as cash and policies allow."""
    labour = state.labour
    firms, auto = state.employers, state.orders.network.automotive
    shrinking = auto[firms["dismissals"][auto] > 0]
    if state.prelude or not state.settings.mechanisms.early_exits or not len(shrinking):
        return
    rows, terms = staff_of(state, shrinking), _exit_terms(state)
    spare = np.zeros_like(labour.staff)
    spare[shrinking] = np.maximum(0, labour.staff[shrinking] - labour.on_notice[shrinking] - labour.posts[shrinking])
    sought = early_exits.dismissals_sought(state.workers, rows, firms, shrinking, spare)
    luck = stream(state.seed, "early_exit_acceptance", state.month)
    volunteers = early_exits.find_volunteers(state.workers, rows, state.month, terms, sought, luck)
    taken, cost = early_exits.choose(
        state.workers,
        volunteers,
        firms,
        sought,
        spare,
        state.public.offers(early_exits.ExitSupport),
        state.month,
        terms,
    )
    if not len(taken):
        return
    early_exits.retire_early(state.workers, taken, firms, state.month, labour.staff, state.counts.separations)
    state.public.early_exit_cost += cost
    rows = labour.automotive_staff
    left = rows[state.workers["status"][rows] == EMPLOYED]
    labour.automotive_count = len(left)
    labour.automotive_rows[: len(left)] = left


def _exit_terms(state: State) -> early_exits.ExitTerms:
    """Return the terms of early retirement as the register says."""
    return early_exits.ExitTerms(
        age=12 * int(state.settings.value("early_exit.age")),
        least_months=int(state.settings.value("early_exit.least_months")),
        acceptance=state.settings.value("early_exit.acceptance"),
        pay=state.settings.value("early_exit.pay"),
        scale=state.scale,
    )


def give_notice(state: State) -> None:
    """Within each firm that must shrink, notice goes by social selection among those in surplus profiles."""
    labour = state.labour
    firms, auto = state.employers, state.orders.network.automotive
    shrinking = auto[(firms["dismissals"][auto] > 0) | firms["closing"][auto]]
    if not len(shrinking):
        return
    surplus = np.zeros(labour.staff.shape, np.bool_)
    surplus[shrinking] = labour.staff[shrinking] - labour.on_notice[shrinking] > labour.posts[shrinking]
    rows, terms = staff_of(state, shrinking), _notice_terms(state)
    notices.give_notice(state.workers, rows, firms, state.month, terms, state.scale, labour.on_notice, surplus)
    firms["on_notice"][shrinking] = labour.on_notice[shrinking].sum(axis=1)


def _notice_terms(state: State) -> notices.NoticeTerms:
    """Return the law of notice as the register says."""

    def whole(name: str) -> int:
        return int(state.settings.value(f"notice.{name}"))

    return notices.NoticeTerms(
        temporary=whole("temporary"),
        under_2_years=whole("under_2_years"),
        to_10_years=whole("to_10_years"),
        over_10_years=whole("over_10_years"),
        consultation=whole("consultation"),
        collective_small=state.settings.value("notice.collective_small"),
        collective_share=state.settings.value("notice.collective_share"),
        collective_large=state.settings.value("notice.collective_large"),
        tenure_points=whole("tenure_points"),
        age_points=whole("age_points"),
        age_from=whole("age_from"),
    )
