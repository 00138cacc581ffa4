"""From a profile to a region that stands still: synthesis, ready for the burn-in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from transitionsim.arithmetic import power, share_out
from transitionsim.columns import GROUP_NAMES, HIGHER, OEM, OTHER_ECONOMY, Records
from transitionsim.draws import agent_keys, stream, uniform
from transitionsim.evidence import Register
from transitionsim.markets.orders import Books
from transitionsim.markets.vacancies import set_automotive_posts
from transitionsim.regions.employers import Firms, employer_rows, make_firms, write_money
from transitionsim.regions.flows import region_flows
from transitionsim.regions.hazards import hazards_of
from transitionsim.regions.network import build_network, product_mix, set_hours
from transitionsim.regions.offers import Exits, accepted_share
from transitionsim.regions.people import draw_people, mean_career_months, separation_hazards
from transitionsim.regions.schema import Region
from transitionsim.regions.steady import SteadyState, solve
from transitionsim.regions.tables import components, dearer_labour, job_profiles, shortfall
from transitionsim.scenario import Scenario
from transitionsim.tallies import CAUSES, MOST_COURSE_MONTHS, QUANTITIES, SECTORS, STATES
from transitionsim.world import Counts, Labour, Learning, Orders, Public, Record, Reference, Road, State, Training
from transitionsim.world_variables import blank_world, parameters_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
BURN_IN = 120
PROGRAMMES = 8
HIRES_WINDOW = 36
VACANCY_WINDOW = 12
MIGRATION_WINDOW = 120


def spread_over(total: int, weights: Floats, phase: float) -> Integers:
    """Deal out a whole number over cells in proportion to their weights by systematic rounding.

    The parts sum to the total; each is its exact share rounded up or down. ``phase`` in [0, 1) says where the
    counting starts.

    >>> spread_over(2, np.array([1.0, 1.0, 1.0, 1.0]), 0.5).tolist()
    [0, 1, 0, 1]
    """
    whole = float(weights.sum())
    if whole <= 0.0 or total == 0:
        return np.zeros(len(weights), np.int64)
    upto = np.floor(np.cumsum(weights) / whole * total + phase).astype(np.int64)
    upto[-1] = total
    upto = np.minimum(upto, total)
    return np.diff(upto, prepend=0)


def distances(requirement: Integers, level: Integers) -> Floats:
    """Return the skill distance from each pair of profiles held to each profile, shape (P, P, P).

    Work that asks for higher education is out of reach (distance 1) of those whose last two profiles did not,
    whatever their skills, and they do not look for other work whose last two profiles did; between basic and
    vocational level skills alone decide.
    """
    profiles = len(requirement)
    pairs = np.maximum(requirement[:, None, :], requirement[None, :, :])
    table = shortfall(pairs.reshape(profiles * profiles, -1), requirement)
    table = table.reshape(profiles, profiles, profiles)
    higher = level == HIGHER
    table[~(higher[:, None] | higher[None, :])[:, :, None] & higher[None, None, :]] = 1.0
    table[(higher[:, None] & higher[None, :])[:, :, None] & ~higher[None, None, :]] = 1.0
    return np.asarray(table)


def wages(region: Region, register: Register) -> Floats:
    """Return the wage of each profile in cents a month, automotive and elsewhere, before the firm's premium."""
    month_wage = region.facts.automotive_wage.number * 100.0 / 12.0
    profile = job_profiles().wage
    return np.stack([profile * month_wage, profile * month_wage * register.value("wages.other_ratio")])


def steady_state(
    region: Region, register: Register, staff: Floats, employers: Records, distance: Floats, least: float
) -> SteadyState:
    """Return the steady state of a region for its staff by employer and profile, in persons.

    ``least`` is the least part of the own wage that people in a job accept elsewhere.
    """
    employed = staff.sum(axis=0)
    facts = region.facts
    flows = region_flows(region, register)
    leave = 1.0 / mean_career_months(register)
    hazards = hazards_of(flows, leave, register.value("flows.job_to_job"))
    mobility, limit = register.value("search.mobility"), register.value("search.reach_limit")
    own = np.arange(len(employed))
    apart = distance[own, own]
    weights = np.where(apart <= limit, mobility * (1.0 - apart), 0.0)
    weights[own, own] = 1.0
    mean = leave + hazards.to_unemployed + hazards.to_inactive + hazards.find_employed
    new, old = separation_hazards(register, hazards, mean)
    open_for_each = facts.vacancy_rate.number / (1.0 - facts.vacancy_rate.number)
    exits = Exits(
        leave, hazards.find_employed, new, old, register.value("tenure.new_months"), mean, mean / (mean + open_for_each)
    )
    accepted = accepted_share(
        wages(region, register), employers["premium"], employers["sector"] == 0, staff, weights, least, exits
    )
    return solve(
        employed,
        facts.vacancy_rate.number,
        facts.unemployment_rate.number,
        register.value("people.inactive_per_labour_force"),
        hazards,
        facts.long_term_share.number,
        distance,
        mobility,
        limit,
        accepted,
        _relative_separation(register, employed, staff[employers["sector"] == 0].sum(axis=0)),
    )


def _relative_separation(register: Register, employed: Floats, automotive: Floats) -> Floats:
    """Return the hazard of separation by profile relative to the region's mean."""
    ratio = register.value("tenure.automotive_ratio")
    share = np.where(employed > 0.0, automotive / np.maximum(employed, 1e-9), 0.0)
    return np.asarray((1.0 - share * (1.0 - ratio)) * elsewhere(register, float(automotive.sum() / employed.sum())))


def elsewhere(register: Register, automotive: float) -> float:
    """Return the hazard of separation outside automotive firms relative to the mean, given their share of jobs."""
    return 1.0 / (1.0 - automotive * (1.0 - float(register.value("tenure.automotive_ratio"))))


def synthesise(scenario: Scenario, register: Register, seed: int, road: Road) -> State:
    """Return the state of the scenario's region 120 months before its start, without transition or policy.

    Only the region, the register, the scale, the labour content and the first month of the ``road`` enter: all
    scenarios of a draw share this region.
    """
    region = scenario.load_region()
    scale = scenario.persons_per_agent
    jobs, parts = job_profiles(), components()
    firms = make_firms(region, register, scale, seed)
    employers = employer_rows(region, register, firms, scale, seed)
    content = road.content[0]
    distance = distances(jobs.requirement, jobs.level)
    phase = uniform(stream(seed, "synthesis/phase", 0), employers["key"])
    hours = set_hours(register, parts, scenario.labour_content)
    mix_hours = product_mix(region.code, register, employers, content, hours, seed)
    pattern = _staffing(employers, mix_hours)
    wanted = pattern * firms.rows[:, None] * scale
    least = 1.0 - register.value("search.accepted_loss") if scenario.mechanisms.choosy else 0.0
    state = steady_state(region, register, wanted, employers, distance, least)
    posts, staff = _jobs(region, employers, firms, mix_hours, state, phase, scale, seed)
    employers["staff"], employers["posts"] = staff.sum(axis=1), posts.sum(axis=1)
    for name in ("posts_start", "posts_ahead", "posts_year"):
        employers[name] = employers["posts"]
    write_money(region, register, employers, scale, seed)
    network = build_network(
        region.code, register, employers, mix_hours, firms.vehicles, parts, road.carried[:, 0],
        scenario.labour_content, scale, seed,
    )  # fmt: skip
    world = _world(region, register, state, distance, scale, employers, scenario.labour_content, least)
    counts = _jobless_counts(region, register, int(staff.sum()), scale)
    workers = draw_people(
        region.code, register, state, jobs, staff, counts, world["pair_reach"],
        world["wage"], employers["premium"], employers["sector"], -BURN_IN, seed,
    )  # fmt: skip
    outside = uniform(stream(seed, "synthesis/commuter", 0), workers["key"])
    workers["commuter"] = outside < register.value("region.commuter_share")
    ordinary = state.hazards.to_unemployed + state.hazards.to_inactive
    employers["exit_rate"] = state.hazards.leave + ordinary * register.value("tenure.automotive_ratio")
    shape = staff.shape
    groups = len(content)
    return State(
        settings=scenario.settings(register),
        seed=seed,
        scale=scale,
        month=-BURN_IN,
        workers=workers,
        employers=employers,
        world=world,
        labour=Labour(
            staff=staff,
            posts=posts,
            vacancies=np.zeros(shape, np.int32),
            leaving=np.zeros(shape, np.int32),
            on_notice=np.zeros(shape, np.int32),
            automotive_rows=np.zeros(len(workers), np.int32),
            hires_window=np.tile(np.maximum(1, np.round(state.hires / scale)).astype(np.int64), (HIRES_WINDOW, 1)),
            vacancy_window=np.repeat(
                np.stack([state.hires + state.vacancies, state.vacancies])[:, None, :] / scale, VACANCY_WINDOW, 1
            ),
            lacking_window=np.zeros((VACANCY_WINDOW, shape[1])),
            gap_window=np.zeros(MIGRATION_WINDOW),
        ),
        orders=Orders(
            network=network,
            road=road,
            books=Books(
                orders=np.zeros((shape[0], groups), np.int64),
                purchases=np.zeros((shape[0], groups), np.int64),
                delivered=np.zeros((shape[0], groups), np.int64),
                by_group=np.zeros((shape[0], groups)),
                total=np.zeros(shape[0]),
            ),
            share=np.ones(shape[0]),
            log_share=np.zeros(shape[0]),
            handed_on=np.ones(shape[0]),
        ),
        training=Training(
            seats_used=np.zeros(shape[1], np.int64),
            active=np.zeros((PROGRAMMES, MOST_COURSE_MONTHS), np.int64),
        ),
        public=Public(),
        counts=Counts(
            separations=np.zeros((CAUSES, 2), np.int64),
            hires=np.zeros((STATES, 2), np.int64),
            hires_by_profile=np.zeros(shape[1], np.int64),
            by_profile=np.zeros(shape[1], np.int64),
            by_status=np.zeros(STATES, np.int64),
            commuters=np.zeros(2, np.int64),
            misplaced=np.zeros(2, np.int64),
            by_sector=np.zeros((QUANTITIES, SECTORS), np.int64),
            purse=np.zeros(2, np.int64),
            jobless=np.zeros(shape[1], np.int64),
            long_term=np.zeros(2, np.int64),
            in_course=np.zeros(1, np.int64),
            supply=np.zeros(shape[1], np.int64),
            posts_by_profile=np.zeros(shape[1], np.int64),
            learning=Learning(by_course=np.zeros(shape[1], np.int64)),
        ),
        reference=Reference(
            jobs=jobs,
            parts=parts,
            holds=pair_tables(jobs.requirement, distances(jobs.requirement, np.zeros_like(jobs.level)), 0.0)[0],
            posts_start=posts.copy(),
            phase=phase,
            cell_phase=phase * 0.999999,
            employer_order=np.argsort(employers["key"], kind="stable"),
            fill_reference=np.ones(shape[1]),
            unemployment_start=region.facts.unemployment_rate.number,
            posts_reference=int(posts[employers["tier"] != OTHER_ECONOMY].sum()),
        ),
        record=Record(),
    )


def _staffing(employers: Records, mix_hours: Floats) -> Floats:
    """Return the share of staff by profile for each employer, shape (employers, profiles)."""
    staffing = job_profiles().staffing
    groups = mix_hours.shape[1]
    pattern = np.zeros((len(employers), staffing.shape[1]))
    for k in range(groups):
        pattern += mix_hours[:, k : k + 1] * staffing[k + 1][None, :]
    pattern[employers["tier"] == OEM] = staffing[0]
    others = employers["tier"] == OTHER_ECONOMY
    pattern[others] = staffing[groups + employers["sector"][others]]
    return pattern


def _jobs(
    region: Region,
    employers: Records,
    firms: Firms,
    mix_hours: Floats,
    state: SteadyState,
    phase: Floats,
    scale: int,
    seed: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return posts and staff by employer and profile.

    Posts are staff plus the vacancies of the steady state, less the known exits that are posted ahead; both
    sum to their totals exactly. Automotive firms get posts for the whole firm first, divided over profiles
    as every month will divide them; in the other sectors profiles are dealt out over the employers by luck.
    """
    staffing = job_profiles().staffing
    shape = (len(employers), staffing.shape[1])
    posts, staff = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    extra = np.maximum(0.0, state.vacancies - state.leaving) / scale
    luck = uniform(stream(seed, "synthesis/vacancies", 0), agent_keys(region.code, "vacancies", 2))
    rows = np.nonzero(employers["sector"] == 0)[0]
    share = float(extra.sum() * scale / state.employed.sum())
    more = spread_over(round(share * int(firms.rows[rows].sum())), firms.rows[rows].astype(float), float(luck[0]))
    employers["posts"][rows] = firms.rows[rows] + more
    set_automotive_posts(employers, rows.astype(np.int64), mix_hours, staffing, phase, posts)
    for f, cut in zip(rows, more, strict=True):
        staff[f] = posts[f] - spread_over(int(cut), posts[f].astype(float), float(phase[f]))
    _deal_out(region, employers, firms.rows, staff, mix_hours.shape[1], seed)
    rest = np.nonzero(employers["sector"] != 0)[0]
    posts[rest] = staff[rest]
    left = np.maximum(0.0, extra - (posts[rows] - staff[rows]).sum(axis=0))
    for o in range(shape[1]):
        cells = staff[rest, o].astype(float)
        posts[rest, o] += spread_over(round(float(left[o])), cells, float(luck[1])).astype(np.int32)
    return posts, staff


def _deal_out(
    region: Region, employers: Records, sizes: Integers, staff: NDArray[np.int32], groups: int, seed: int
) -> None:
    """Fill the jobs of each sector of the rest of the economy, profile totals exact, by keyed luck."""
    staffing = job_profiles().staffing
    for sector in range(1, int(employers["sector"].max()) + 1):
        firms = np.nonzero(employers["sector"] == sector)[0]
        total = int(sizes[firms].sum())
        labels = np.repeat(np.arange(staffing.shape[1]), share_out(total, staffing[groups + sector]))
        luck = uniform(stream(seed, "synthesis/jobs", sector), agent_keys(region.code, "jobs", total))
        labels = labels[np.argsort(luck, kind="stable")]
        np.add.at(staff, (np.repeat(firms, sizes[firms]), labels), 1)


def _jobless_counts(region: Region, register: Register, employed: int, scale: int) -> tuple[int, int]:
    """Return the rows of unemployed and inactive people."""
    labour = region.facts.labour_force.number
    unemployed = round(labour * region.facts.unemployment_rate.number / scale)
    return unemployed, round(labour * register.value("people.inactive_per_labour_force") / scale)


def pair_tables(requirement: Integers, distance: Floats, limit: float) -> tuple[Integers, Integers]:
    """Return the reach of each pair of profiles held as a bit mask, (P * P,), and that of a profile alone, (P,)."""
    profiles = len(requirement)
    bits = (1 << np.arange(profiles)).astype(np.int64)
    within = distance <= limit
    own = np.arange(profiles)
    within[own, :, own] = True
    masks = (within * bits[None, None, :]).sum(axis=2)
    return masks.reshape(-1), masks[own, own]


def _world(
    region: Region,
    register: Register,
    state: SteadyState,
    distance: Floats,
    scale: int,
    employers: Records,
    reading: str,
    least: float,
) -> dict[str, Any]:
    """Return the world at the start: parameters, what is made with the region, and the switches of the burn-in.

    What the steps of the month move stands there blank.
    """
    jobs, parts = job_profiles(), components()
    value = register.value
    profiles = len(jobs.names)
    pair_reach, own_reach = pair_tables(jobs.requirement, distance, value("search.reach_limit"))
    new, old = separation_hazards(register, state.hazards, state.begun)
    jobs_there = employers["posts"]
    apart = elsewhere(register, float(jobs_there[employers["sector"] == 0].sum() / jobs_there.sum()))
    hazards = state.hazards
    sizes = {
        "profiles": profiles,
        "pairs": profiles * profiles,
        "programmes": PROGRAMMES,
        "component groups": len(GROUP_NAMES),
        "employers": len(employers),
    }
    return {
        **blank_world(sizes),
        **parameters_of(register),
        "profiles": profiles,
        "persons_per_agent": scale,
        "employers": employers,
        "requirement": jobs.requirement,
        "required": jobs.requirement.sum(axis=1),
        "level": jobs.level,
        "own_reach": own_reach,
        "pair_reach": pair_reach,
        "entrant_profiles": np.cumsum(state.hires * state.entry) / (state.hires * state.entry).sum(),
        "entry": state.entry,
        "pace_classes": np.round(100.0 * state.pace).astype(np.int64),
        "pace_count": len(state.pace),
        "give_up": hazards.give_up,
        "start_looking": hazards.start_looking,
        "separation_new": new * apart,
        "separation_old": old * apart,
        "separation_to_unemployment": hazards.to_unemployed / (hazards.to_unemployed + hazards.to_inactive),
        "search_jobless": state.intensity[0],
        "search_inactive": state.intensity[1],
        "search_employed": state.intensity[2],
        "most_sought": state.most_sought,
        "attraction": state.attraction,
        "reach_scale": scale / state.reachable,
        "labour_share": _labour_share(region, register),
        "dearer_labour": dearer_labour(parts, reading),
        "hurdle": option_hurdle(value("conversion.discount_rate"), value("conversion.volatility")),
        "hurdle_offered": 1.0,
        "least_accepted": least,
        "ageing": True,
        "separations": True,
        "inactivity": True,
        "search_on_the_job": True,
        "dismissals": True,
        "closures": True,
        "wage": wages(region, register),
    }


def option_hurdle(rate: float, volatility: float) -> float:
    """Return by how much a gain must exceed its cost before it is worth not to wait any longer.

    The gain moves as a geometric Brownian motion without drift beyond its yield, which equals the discount rate:
    ``b / (b - 1)`` with ``b = 1/2 + sqrt(1/4 + 2 rate / volatility^2)`` (Dixit and Pindyck 1994, chapter 5).

    >>> round(option_hurdle(0.08, 0.16), 2)
    1.49
    """
    root = power(0.25 + 2.0 * rate / (volatility * volatility), 0.5)
    return (0.5 + root) / (root - 0.5)


def _labour_share(region: Region, register: Register) -> float:
    """Return wages with contributions as a share of revenue at full work."""
    wage = region.facts.automotive_wage.number * (1.0 + register.value("finance.contributions"))
    return float(wage / register.value("finance.revenue_per_person"))
