"""The steps of a month that are not rules of one agent: the road, the markets, the accounts and the record.

Each takes the state of a run and changes it; the first line says what happens, as ``show --month`` prints it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transitionsim.arithmetic import power
from transitionsim.columns import BUILDING, EMPLOYED, IN_TRAINING, NOT_CONVERTED, OTHER_ECONOMY, UNEMPLOYED
from transitionsim.compiling import compiled
from transitionsim.draws import stream
from transitionsim.ledger import Ledger, Programme
from transitionsim.markets import jobs, notices, orders, redeployment, seats, vacancies
from transitionsim.tallies import count_people as tally_people
from transitionsim.tallies import count_staff as tally_staff
from transitionsim.tallies import update_exit_rates
from transitionsim.world import Floats, Integers, State

OUTLOOK = 12


def follow_the_road(state: State) -> None:
    """The month begins: what a line for electric parts would bring, and a twelfth of the year's conversion support."""
    state.world["month"] = state.month
    if state.road is None:
        return
    state.world["electric_value"] = state.road.electric_value[state.month]
    offered = 0.0
    for support in state.grants:
        _twelfth(state, support.in_force, support.ledger)
        if support.in_force[state.month] and support.ledger.available > 0:
            offered = max(offered, support.share)
    state.world["grant_offered"] = offered


def pass_orders_down(state: State) -> None:
    """Vehicle plants order from tier 1, tier 1 from tier 2, tier 2 from tier 3; firms see twelve months ahead."""
    if state.road is None:
        return
    rows, network, road, t = state.network.automotive, state.network, state.road, state.month
    ahead = np.zeros((OUTLOOK + 1, len(rows)), np.int64)
    orders.look_ahead(
        state.employers, rows, network.customer, network.supplier, network.group, network.share,
        network.external, network.vehicles, network.hours, network.assembly,
        road.content[t : t + OUTLOOK + 1], road.content[0], road.volume[t : t + OUTLOOK + 1],
        road.assembly[t : t + OUTLOOK + 1], state.parts.turns_to, state.world["capture"],
        state.value("suppliers.resourcing"), state.value("hours.per_person_month") * state.scale,
        state.orders, state.purchases, state.delivered, state.group_hours, state.total_hours, ahead,
    )  # fmt: skip
    employers = state.employers
    employers["posts"][rows] = ahead[0]
    employers["posts_ahead"][rows] = ahead[: int(state.value("firing.look_ahead_months")) + 1].max(axis=0)
    employers["posts_year"][rows] = ahead[OUTLOOK]
    start = state.hours_start[rows]
    employers["busy"][rows] = state.total_hours[rows] / np.where(start > 0, start, 1.0)
    vacancies.set_automotive_posts(employers, rows, state.group_hours, state.jobs.staffing, state.phase, state.posts)


def count_staff(state: State) -> None:
    """Staff, notices and this month's separations are counted, firm by firm."""
    state.separations[:] = 0
    state.hires[:] = 0
    state.hires_by_profile[:] = 0
    state.automotive_count = tally_staff(
        state.workers, state.employers, state.month, state.staff, state.leaving, state.on_notice,
        state.separations, state.automotive_staff,
    )  # fmt: skip


def redeploy_staff(state: State) -> None:
    """Within a firm, people whose profile it no longer needs take posts within reach of their skills."""
    if state.road is None:
        return
    tables = (state.posts, state.staff)
    rows = state.network.automotive
    if redeployment.count_misfits(state.employers, rows, *tables, state.leaving):
        redeployment.redeploy(
            state.workers, state.automotive_staff[: state.automotive_count], state.employers, *tables,
            state.world["requirement"], state.world["pair_reach"],
        )  # fmt: skip
        redeployment.count_misfits(state.employers, rows, *tables, state.leaving)
    state.lacking_window[state.month % len(state.lacking_window)] = np.maximum(
        0, state.posts[rows].astype(np.int64) - state.staff[rows]
    ).sum(axis=0)


def grant_support(state: State) -> None:
    """Conversion support goes to the applicants most dependent on combustion parts, as far as the money goes."""
    firms = state.employers
    for number, support in enumerate(state.grants):
        if not support.in_force[state.month]:
            continue
        persons = firms["posts_start"] * state.scale / firms["represents"]
        apply = np.nonzero(firms["applies"] & (firms["support"] < 0) & (persons < support.staff_below))[0]
        order = np.lexsort((firms["key"][apply], -firms["dependence"][apply]))
        for f in apply[order]:
            amount = _grant_cents(state, int(f), support.share)
            if 0 < amount <= support.ledger.available:
                support.ledger.reserve(amount)
                firms["grant_share"][f] = support.share
                firms["support"][f] = number


def _grant_cents(state: State, firm: int, share: float) -> int:
    row = state.employers[firm]
    return int(float(row["conversion_cost"]) * share * int(row["represents"]) * 100.0 + 0.5)


def settle_grants(state: State) -> None:
    """Grants are paid to firms that begin to build this month and released for those that do not."""
    firms = state.employers
    for f in np.nonzero(firms["support"] >= 0)[0]:
        support = state.grants[int(firms["support"][f])]
        amount = _grant_cents(state, int(f), support.share)
        if firms["stage"][f] == BUILDING and firms["stage_month"][f] == state.month:
            support.ledger.pay(amount)
        elif firms["stage"][f] == NOT_CONVERTED:
            support.ledger.release(amount)
            firms["grant_share"][f] = 0.0
            firms["support"][f] = -1


def give_notice(state: State) -> None:
    """Within each firm that must shrink, notice goes by social selection among those in surplus profiles."""
    notices.give_notice(
        state.workers,
        state.automotive_staff[: state.automotive_count],
        state.employers,
        state.month,
        int(state.value("firing.notice_months")),
        state.on_notice,
        state.staff > state.posts,
    )
    state.employers["on_notice"] = state.on_notice


def open_seats(state: State) -> None:
    """Euros become seats: what this year's budget still pays for decides whether programmes are open."""
    world = state.world
    world["seats_open"] = False
    if state.road is None:
        return
    starts, targets = [], []
    for programme in state.programmes:
        _twelfth(state, programme.in_force, programme.ledger)
        if programme.in_force[state.month] and programme.ledger.available >= programme.cost:
            starts.append(programme.starts)
            targets.append(programme.target)
    if starts:
        world["seats_open"] = True
        world["earliest_start"] = min(starts)
        # 0 surplus profiles, 1 the displaced only, 2 everyone: the widest of the open programmes.
        world["seat_target"] = 2 if 2 in targets else min(targets)
        posted = state.vacancy_window[0].mean(axis=0)
        pressure = state.jobless / np.maximum(posted, 0.5)
        world["surplus"] = pressure > state.jobless.sum() / max(float(posted.sum()), 0.5)
    if _month_of_year(state) == 1:
        state.seats_used[:] = 0


def _month_of_year(state: State) -> int:
    return int((state.scenario.start + state.month) % 12 + 1)


def _twelfth(state: State, in_force: NDArray[np.bool_], ledger: Ledger) -> None:
    """Grant a month's money of a policy in force."""
    if in_force[state.month]:
        ledger.grant_twelfth(_month_of_year(state))


def allocate_seats(state: State) -> None:
    """Seats are divided over courses by unfilled vacancies and go to applicants by keyed luck."""
    if not state.world["seats_open"]:
        return
    applicants = seats.gather_applicants(state.workers)
    # In post, people train for what their firm lacks, whether or not it may post a vacancy for it.
    in_force = [programme for programme in state.programmes if programme.in_force[state.month]]
    in_post = min(programme.starts for programme in in_force) == 0
    lacking = state.lacking_window.mean(axis=0) if in_post else 0.0
    unfilled = state.vacancy_window[1].mean(axis=0) + lacking
    a_year = state.vacancy_window[0].sum(axis=0) + 12.0 * lacking
    tables = (
        state.world["requirement"],
        state.world["required"],
        state.value("training.trainable"),
    )
    for number, programme in enumerate(state.programmes):
        if not programme.in_force[state.month]:
            continue
        offered = seats.divide_over_courses(
            programme.ledger.available // programme.cost, unfilled, a_year,
            state.value("training.course_cap"), state.seats_used,
        )  # fmt: skip
        luck = tuple(stream(state.seed, f"{name}/{number}", state.month) for name in ("course_choice", "seat_priority"))
        taken = seats.allocate_seats(
            state.workers, applicants, offered, tables, state.world["lacking"], (luck[0], luck[1]), number, state.month,
            programme.duration,
        )  # fmt: skip
        state.seats_used += taken
        programme.ledger.reserve(int(taken.sum()) * programme.cost)
        programme.enrolled = int(taken.sum())
        applicants = applicants[state.workers["programme"][applicants] < 0]


def post_vacancies(state: State) -> None:
    """Firms post vacancies for posts they cannot fill with the staff they have, never more than the firm lacks."""
    vacancies.post_vacancies(
        state.employers, state.posts, state.staff, state.leaving, state.phase,
        state.scenario.jobs.openings == "posts" or state.road is None,
        state.vacancies, state.world["lacking"], state.by_profile,
    )  # fmt: skip
    world = state.world
    _measure_reach(
        state.by_profile, world["attraction"], world["pair_reach"], world["reach_scale"], world["mobility"],
        world["pull"], world["pair_within_reach"],
    )  # fmt: skip


@compiled
def _measure_reach(
    by_profile: Integers,
    attraction: Floats,
    pair_reach: Integers,
    scale: Floats,
    mobility: float,
    pull: Floats,
    within: Floats,
) -> None:
    """Write the pull of each profile's vacancies and what each pair of profiles reaches of it."""
    profiles = len(by_profile)
    for o in range(profiles):
        pull[o] = attraction[o] * by_profile[o]
    for first in range(profiles):
        for second in range(profiles):
            mask = pair_reach[first * profiles + second]
            total = 0.0
            for o in range(profiles):
                if o == first:
                    total += pull[o]
                elif (mask >> o) & 1:
                    total += mobility * pull[o]
            within[first * profiles + second] = total * scale[first]


def match_jobs(state: State) -> None:
    """Applications meet vacancies in two rounds; firms choose among the suitable, people among offers."""
    world = state.world
    seekers = jobs.gather_seekers(state.workers)
    slot_employer, first = jobs.list_vacancies(state.vacancies, state.employer_order, state.by_profile)
    taken = jobs.match(
        state.workers, state.employers, seekers, slot_employer, first, jobs.addresses(state.seed, state.month),
        world["requirement"], world["required"], world["attraction"], world["mobility"], world["wage"],
    )  # fmt: skip
    jobs.hire(
        state.workers, state.employers, seekers, taken, slot_employer, first, state.month,
        stream(state.seed, "contract", state.month), world["temporary_share"], world["requirement"],
        world["pair_reach"], world["wage"], state.staff, state.vacancies, state.hires, state.hires_by_profile,
        state.separations,
    )  # fmt: skip
    update_exit_rates(state.employers)
    place = state.month % len(state.hires_window)
    state.hires_window[place] = state.hires_by_profile
    total = state.hires_window.sum(axis=0)
    if total.sum() > 0:
        world["entrant_profiles"] = np.cumsum(total) / total.sum()
    place = state.month % state.vacancy_window.shape[1]
    state.vacancy_window[0, place] = state.by_profile
    state.vacancy_window[1, place] = state.by_profile - state.hires_by_profile


def feel_the_slack(state: State) -> None:
    """How far unemployment stands from its start decides how many leave the region or come back."""
    world = state.world
    world["leaving_hazard"] = 0.0
    world["return_hazard"] = 0.0
    if state.road is None or not state.scenario.mechanisms.migration:
        return
    seeking = int(state.by_status[UNEMPLOYED] + state.by_status[IN_TRAINING])
    labour = seeking + int(state.by_status[EMPLOYED])
    gap = seeking / max(labour, 1) - state.unemployment_start
    people = int(state.by_status.sum()) - int(state.by_status[4]) - int(state.by_status[5])
    band = state.value("region.migration_dead_band")
    felt = max(0.0, gap - band) + min(0.0, gap + band)
    moving = state.value("region.migration_semi_elasticity") * felt * people / 12.0
    if moving > 0.0:
        world["leaving_hazard"] = min(0.5, moving / max(seeking, 1))
    else:
        world["return_hazard"] = min(0.5, -moving / max(int(state.by_status[5]), 1))


def respond_locally(state: State) -> None:
    """Other employers absorb, or shrink with, the automotive posts lost, with a lag of years."""
    if state.road is None or not state.scenario.mechanisms.local_response:
        return
    kappa = state.value("region.local_response")
    lost = state.posts_reference - automotive_posts(state)
    before = state.response
    step = 1.0 - power(2.0, -1.0 / state.value("region.local_response_half_life"))
    state.response += step * (-kappa * lost - before)
    if state.response == before:
        return
    others = state.employers["tier"] == OTHER_ECONOMY
    base = max(1, int(state.employers["posts_start"][others].sum()))
    vacancies.set_other_posts(state.employers, state.posts_start, state.cell_phase, state.response / base, state.posts)


def automotive_posts(state: State) -> int:
    """Return the posts of all automotive employers, in rows."""
    return int(state.employers["posts"][state.network.automotive].sum())


def count_people(state: State) -> None:
    """People are counted by what they do at the end of the month."""
    tally_people(state.workers, state.month, state.by_status, state.jobless, state.long_term, state.active)


def pay_for_courses(state: State) -> None:
    """Courses are paid for the month, drop-outs release the rest, and on 31 December what is unspent lapses."""
    if state.road is None:
        return
    for number, programme in enumerate(state.programmes):
        _pay(programme, state.active[number])
        if _month_of_year(state) == 12:
            programme.ledger.close_year()
    if _month_of_year(state) == 12:
        for support in state.grants:
            support.ledger.close_year()


def _pay(programme: Programme, remaining: Integers) -> None:
    """Pay the month of everyone in a course and release what those who left it had reserved."""
    months = programme.duration
    now = remaining[months - np.arange(months)]
    before = np.concatenate([[programme.enrolled], programme.active[:-1]])
    rest = np.cumsum(np.array(programme.instalments)[::-1])[::-1]
    left = before - now
    programme.ledger.release(int((left * rest).sum()))
    programme.ledger.pay(int((now * np.array(programme.instalments)).sum()))
    programme.active = now.astype(np.int64)
    programme.enrolled_now = programme.enrolled
    programme.enrolled = 0
