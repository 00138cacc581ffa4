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
    labour = state.labour
    vacancies.post_vacancies(
        state.employers, labour.posts, labour.staff, labour.leaving, state.reference.phase,
        state.settings.openings or state.prelude,
        labour.vacancies, state.world["lacking"], state.counts.by_profile,
    )  # fmt: skip
    world = state.world
    _measure_reach(
        state.counts.by_profile, world["attraction"], world["pair_reach"], world["reach_scale"], world["mobility"],
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
    ratio = max(state.jobless_rate(), 1e-6) / state.reference.unemployment_start
    return wage * exp(-state.settings.value("wages.curve_elasticity") * log(ratio))


def match_jobs(state: State) -> None:
    """Applications meet vacancies in two rounds; firms choose among the suitable, people among offers."""
    labour = state.labour
    counts = state.counts
    world = state.world
    seekers = labour.listed.pop("applications", None)
    if seekers is None:
        seekers = jobs.gather_seekers(state.workers)
    slots = jobs.list_vacancies(labour.vacancies, state.reference.employer_order, counts.by_profile)
    wage = _wages_offered(state)
    taken = jobs.match(
        state.workers, state.employers, seekers, slots, jobs.addresses(state.seed, state.month),
        world["requirement"], world["required"], world["attraction"], world["mobility"], wage,
        world["least_accepted"], world["certificate_discount"],
    )  # fmt: skip
    if not state.prelude:
        count_hires(
            state.workers, state.employers, seekers, taken, *slots, state.month, counts.breakdown
        )  # fmt: skip
    terms = jobs.Terms(
        wage=wage,
        contract_luck=stream(state.seed, "contract", state.month),
        temporary_share=world["temporary_share"],
        scar_jobless=world["scar_jobless"],
        scar_months=world["scar_jobless_months"],
    )
    flows = jobs.Flows(counts.hires, counts.hires_by_profile, counts.separations, counts.learning.placed)
    jobs.hire(
        state.workers, state.employers, seekers, taken, slots, state.month, terms,
        world["requirement"], world["pair_reach"], labour.staff, labour.vacancies, flows,
    )  # fmt: skip
    update_exit_rates(state.employers)
    place = state.month % len(labour.hires_window)
    labour.hires_window[place] = counts.hires_by_profile
    total = labour.hires_window.sum(axis=0) * world["entry"]
    if total.sum() > 0:
        world["entrant_profiles"] = np.cumsum(total) / total.sum()
    place = state.month % labour.vacancy_window.shape[1]
    labour.vacancy_window[0, place] = counts.by_profile
    labour.vacancy_window[1, place] = counts.by_profile - counts.hires_by_profile
