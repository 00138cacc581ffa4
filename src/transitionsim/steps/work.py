"""Work: vacancies are posted and meet applications."""

from __future__ import annotations

import numpy as np

from transitionsim.arithmetic import exp, log
from transitionsim.breakdowns import count_hires
from transitionsim.compiling import compiled
from transitionsim.draws import stream
from transitionsim.markets import jobs, vacancies
from transitionsim.tallies import update_exit_rates
from transitionsim.world import Floats, Integers, State


def post_vacancies(state: State) -> None:
    """Firms post vacancies for posts they cannot fill with the staff they have, never more than the firm lacks."""
    vacancies.post_vacancies(
        state.employers, state.posts, state.staff, state.leaving, state.phase,
        state.settings.openings or state.prelude,
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


def _wages_offered(state: State) -> Floats:
    """Return the wage of each profile for new hires, automotive and elsewhere, before the firm's premium.

    With the wage curve it falls with unemployment: ln w = ln w_0 - elasticity * ln(u / u at the start).
    """
    wage: Floats = state.world["wage"]
    if state.prelude or state.settings.register.value("wages.adjustment") == "rigid":
        return wage
    ratio = max(state.jobless_rate(), 1e-6) / state.unemployment_start
    return wage * exp(-state.settings.value("wages.curve_elasticity") * log(ratio))


def match_jobs(state: State) -> None:
    """Applications meet vacancies in two rounds; firms choose among the suitable, people among offers."""
    world = state.world
    seekers = state.listed.pop("applications", None)
    if seekers is None:
        seekers = jobs.gather_seekers(state.workers)
    slot_employer, first = jobs.list_vacancies(state.vacancies, state.employer_order, state.by_profile)
    wage = _wages_offered(state)
    taken = jobs.match(
        state.workers, state.employers, seekers, slot_employer, first, jobs.addresses(state.seed, state.month),
        world["requirement"], world["required"], world["attraction"], world["mobility"], wage,
        world["least_accepted"], world["certificate_discount"],
    )  # fmt: skip
    if not state.prelude:
        count_hires(
            state.workers, state.employers, seekers, taken, slot_employer, first, state.month, state.breakdown
        )  # fmt: skip
    jobs.hire(
        state.workers, state.employers, seekers, taken, slot_employer, first, state.month,
        stream(state.seed, "contract", state.month), world["temporary_share"], world["requirement"],
        world["pair_reach"], wage, world["scar_jobless"], world["scar_jobless_months"], state.staff, state.vacancies,
        state.hires, state.hires_by_profile, state.separations, state.learning.placed,
    )  # fmt: skip
    update_exit_rates(state.employers)
    place = state.month % len(state.hires_window)
    state.hires_window[place] = state.hires_by_profile
    total = state.hires_window.sum(axis=0) * world["entry"]
    if total.sum() > 0:
        world["entrant_profiles"] = np.cumsum(total) / total.sum()
    place = state.month % state.vacancy_window.shape[1]
    state.vacancy_window[0, place] = state.by_profile
    state.vacancy_window[1, place] = state.by_profile - state.hires_by_profile
