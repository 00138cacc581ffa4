"""People of a region, drawn one by one from its steady state.

Every row is a slot that is always somebody's: at the exit month drawn at birth, by pension or death, an entrant
takes it. Ages are therefore those of a standing population, and entrants equal exits in the long run.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.arithmetic import share_out
from transitionsim.columns import (
    EMPLOYED,
    INACTIVE,
    LONG_AGO,
    NEVER,
    NO_CAUSE,
    NOBODY,
    PERMANENT,
    TEMPORARY,
    UNEMPLOYED,
    Records,
    blank_rows,
)
from transitionsim.draws import Keys, agent_keys, stream, uniform
from transitionsim.evidence import Register
from transitionsim.policies import populations
from transitionsim.regions.hazards import Hazards
from transitionsim.regions.steady import SteadyState
from transitionsim.structure import JobProfiles

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
PART: Final = 65_536


def mean_career_months(register: Register) -> float:
    """Return the mean months between entry and exit, from which the monthly hazard of leaving follows."""
    entry = 0.5 * (register.value("people.entry_age_low") + register.value("people.entry_age_high"))
    low, high = register.value("people.exit_age_low"), register.value("people.exit_age_high")
    death = register.value("people.early_death_share")
    return float(12.0 * ((1.0 - death) * (0.5 * (low + high) - entry) + death * 0.5 * (low - entry)))


def careers(register: Register, keys: Keys, seed: int) -> tuple[Integers, Integers, Integers]:
    """Return months since entry, months until exit and age in months at entry, shape (people,).

    In a standing population long careers are met more often than they are begun: each person keeps a drawn
    career with a chance proportional to its length, else draws again.
    """
    low, high = 12 * register.value("people.exit_age_low"), 12 * register.value("people.exit_age_high")
    first, last = 12 * register.value("people.entry_age_low"), 12 * register.value("people.entry_age_high")
    death = register.value("people.early_death_share")
    longest = high - first
    entry = np.zeros(len(keys))
    length = np.zeros(len(keys))
    waiting = np.ones(len(keys), dtype=bool)
    for attempt in range(12):
        luck = [uniform(stream(seed, f"synthesis/career/{name}", attempt), keys) for name in "abcd"]
        begin = first + luck[0] * (last - first)
        end = np.where(luck[1] < death, begin + luck[2] * (low - begin), low + luck[2] * (high - low))
        accepted = waiting & (luck[3] * longest < end - begin)
        entry[accepted], length[accepted] = begin[accepted], (end - begin)[accepted]
        waiting &= ~accepted
    entry[waiting], length[waiting] = first, longest
    done = uniform(stream(seed, "synthesis/career/place", 0), keys) * length
    past = np.floor(done).astype(np.int64)
    return past, np.maximum(1, np.ceil(length).astype(np.int64) - past), np.floor(entry).astype(np.int64)


def separation_hazards(register: Register, hazards: Hazards, begun: float) -> tuple[float, float]:
    """Return the monthly hazard of an ordinary separation in new jobs and in old ones.

    The two have the ratio of the register and together the mean that the region's flows ask for, given how
    many jobs are new when every month the same part ``begun`` of all jobs begins.
    """
    mean = hazards.to_unemployed + hazards.to_inactive
    ratio = register.value("tenure.ratio_new_to_old")
    months = int(register.value("tenure.new_months"))
    other = 1.0 - (1.0 - hazards.leave) * (1.0 - hazards.find_employed)
    low, high = 0.0, mean
    for _ in range(60):
        old = 0.5 * (low + high)
        stay = (1.0 - ratio * old) * (1.0 - other)
        new_share = min(1.0, begun * (1.0 - stay**months) / (1.0 - stay))
        if new_share * ratio * old + (1.0 - new_share) * old < mean:
            low = old
        else:
            high = old
    return ratio * old, old


def tenure_months(
    register: Register, state: SteadyState, hazards: tuple[float, float], past: Integers, luck: Floats
) -> Integers:
    """Return months of tenure drawn from the standing distribution, never longer than the working life so far."""
    other = 1.0 - (1.0 - state.hazards.leave) * (1.0 - state.hazards.find_employed)
    months = int(register.value("tenure.new_months"))
    spans = np.arange(int(past.max()) + 2)
    stay = np.where(spans < months, 1.0 - hazards[0], 1.0 - hazards[1]) * (1.0 - other)
    survival = np.concatenate([[1.0], np.cumprod(stay)])
    total = np.cumsum(survival)
    months_held = np.searchsorted(total, luck * total[past], side="right")
    return np.asarray(np.minimum(past, months_held), dtype=np.int64)


def draw_people(
    code: str,
    register: Register,
    state: SteadyState,
    jobs: JobProfiles,
    staff: NDArray[np.int32],
    counts: tuple[int, int],
    pair_reach: Integers,
    wage: Floats,
    premium: Floats,
    sector: NDArray[np.int8],
    month: int,
    seed: int,
) -> Records:
    """Return the rows of the people at ``month`` (before the burn-in).

    ``staff`` (employers, profiles) are the jobs to be filled, ``counts`` the unemployed and the inactive;
    ``wage`` has shape (2, profiles) in cents. Who holds which job is keyed luck.
    """
    employed = int(staff.sum())
    total = employed + sum(counts)
    rows = blank_rows(populations()["workers"], total)
    rows["key"] = agent_keys(code, "workers", total)
    past = np.empty(total, np.int16)
    for part in _parts(total):
        done, ahead, entry = careers(register, rows["key"][part], seed)
        past[part] = done
        rows["birth_month"][part] = month - done - entry
        rows["exit_month"][part] = month + ahead
    order = np.argsort(uniform(stream(seed, "synthesis/status", 0), rows["key"]), kind="stable")
    kinds = np.array([EMPLOYED, UNEMPLOYED, INACTIVE], np.int8)
    rows["status"][order] = np.repeat(kinds, [employed, counts[0], counts[1]])
    by_profile = staff.sum(axis=0)
    start = 0
    for kind, table, size in (
        (EMPLOYED, state.employed, by_profile),
        (UNEMPLOYED, state.unemployed, None),
        (INACTIVE, state.inactive, None),
    ):
        count = employed if kind == EMPLOYED else counts[kind == INACTIVE]
        chosen = order[start : start + count]
        _write_histories(rows, chosen, state, table, size, count)
        start += count
    _write_jobs(rows, order[:employed], staff)
    _write_skills(rows, jobs, pair_reach)
    for part in _parts(total):
        _write_dates(register, rows[part], state, past[part].astype(np.int64), sector, month, seed)
        _write_wages(rows[part], wage, premium, sector)
    return rows


def _parts(total: int) -> list[slice]:
    """Return slices that cover all rows: what is only needed on the way need not exist for everybody at once."""
    return [slice(start, min(start + PART, total)) for start in range(0, total, PART)]


def _write_wages(rows: Records, wage: Floats, premium: Floats, sector: NDArray[np.int8]) -> None:
    """Write the wage of the profile, with the premium of the firm for those who have one."""
    employer = np.maximum(rows["employer"], 0)
    employed = rows["employer"] >= 0
    place = np.where(employed & (sector[employer] == 0), 0, 1)
    factor = np.where(employed, premium[employer], 1.0)
    rows["wage"] = np.floor(wage[place, rows["profile"]] * factor + 0.5)


def _write_histories(
    rows: Records,
    chosen: NDArray[np.intp],
    state: SteadyState,
    table: Floats,
    by_profile: Integers | None,
    count: int,
) -> None:
    """Write profile, previous profile and pace in the proportions of the steady state."""
    classes = table.shape[1]
    first = np.repeat(state.first, classes)
    weights = table.reshape(-1)
    if by_profile is None:
        cells = share_out(count, weights)
    else:
        cells = np.zeros(len(weights), np.int64)
        for profile, size in enumerate(by_profile):
            own = first == profile
            cells[own] = share_out(int(size), weights[own])
    cell = np.repeat(np.arange(len(weights), dtype=np.int32), cells)
    group = cell // classes
    rows["profile"][chosen] = state.first[group]
    rows["second"][chosen] = state.second[group]
    rows["pace"][chosen] = np.round(100.0 * state.pace[cell % classes])


def _write_jobs(rows: Records, chosen: NDArray[np.intp], staff: NDArray[np.int32]) -> None:
    """Give every employed person a job of the own profile."""
    rows["employer"] = NOBODY
    for profile in range(staff.shape[1]):
        people = chosen[rows["profile"][chosen] == profile]
        firms = np.repeat(np.arange(staff.shape[0]), staff[:, profile])
        # People come in the order of keyed luck within a cell; spread the cells over the firms.
        step = np.argsort(rows["key"][people], kind="stable")
        rows["employer"][people[step]] = firms


def _write_skills(rows: Records, jobs: JobProfiles, pair_reach: Integers) -> None:
    """Write the skills of the present and the previous profile, and what they reach."""
    profiles = len(jobs.names)
    for pillar, needed in enumerate(jobs.requirement.T.astype(np.int8)):
        rows["skills"][:, pillar] = np.maximum(needed[rows["profile"]], needed[rows["second"]])
    rows["qualification"] = np.maximum(jobs.level[rows["profile"]], jobs.level[rows["second"]])
    rows["reach"] = pair_reach[rows["profile"].astype(np.int64) * profiles + rows["second"]]


def _write_dates(
    register: Register,
    rows: Records,
    state: SteadyState,
    past: Integers,
    sector: NDArray[np.int8],
    month: int,
    seed: int,
) -> None:
    """Write tenure, spells and contracts from the same standing law."""
    for name in ("displaced_month", "left_month", "hired"):
        rows[name] = LONG_AGO
    rows["notice_end"] = NEVER
    rows["course_end"] = NEVER
    rows["from_employer"] = NOBODY
    rows["cause"] = NO_CAUSE
    rows["course"] = NOBODY
    rows["trained"] = NOBODY
    rows["enrolled"] = LONG_AGO
    rows["programme"] = NOBODY
    rows["scar_due"] = -1
    luck = uniform(stream(seed, "synthesis/spell", 0), rows["key"])
    employed = rows["status"] == EMPLOYED
    hazards = separation_hazards(register, state.hazards, state.begun)
    tenure = tenure_months(register, state, hazards, past, luck)
    ratio = register.value("tenure.automotive_ratio")
    steady = tenure_months(register, state, (hazards[0] * ratio, hazards[1] * ratio), past, luck)
    tenure = np.where(employed & (sector[np.maximum(rows["employer"], 0)] == 0), steady, tenure)
    rows["hired"][employed] = month - 1 - tenure[employed]
    new = employed & (tenure < register.value("tenure.new_months"))
    contract = uniform(stream(seed, "synthesis/contract", 0), rows["key"])
    temporary = new & (contract < register.value("tenure.share_temporary_hires"))
    rows["contract"] = np.where(temporary, TEMPORARY, PERMANENT)
    pace = rows["pace"] * 0.01
    stay_u = (1.0 - np.minimum(state.hazards.give_up * pace, 0.95)) * (
        1.0 - np.minimum(state.hazards.find * pace, 0.95)
    )
    stay_n = (1.0 - state.hazards.start_looking) * (1.0 - state.hazards.find_inactive)
    stay = np.where(rows["status"] == UNEMPLOYED, stay_u, stay_n)
    spell = np.floor(np.log(np.maximum(1.0 - luck, 1e-9)) / np.log(stay)).astype(np.int64)
    spell = np.minimum(spell, past)
    rows["since"] = np.where(employed, rows["hired"], month - 1 - spell)
    rows["jobless_since"] = np.where(employed, LONG_AGO, month - 1 - spell)
