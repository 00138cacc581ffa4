"""The job market: applications meet vacancies, in two rounds, in no order of persons.

A seeker's applications fall on profiles by the pull of their open vacancies within reach, less on profiles other
than the own (mobility), and within a profile on a vacancy at random; vacancies stand in a stable order of
employers, so that a few vacancies more or less move few people. A firm finds an application suitable with a
chance equal to the share of the required skills that the person holds, and takes the luckiest of the suitable
ones. A person with two offers takes the better paid one; the other vacancy stays open for the second round. Who has
a job and is not on notice passes over vacancies that pay clearly less.

Simplified against a full ranking of applicants by suitability, so that the steady state can be solved in
expectation exactly (``regions/steady.py``): suitability decides who is considered, luck who of them is taken.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    EMPLOYED,
    NEVER,
    NOBODY,
    PERMANENT,
    QUIT_TO_JOB,
    TEMPORARY,
    Records,
)
from transitionsim.compiling import compiled
from transitionsim.draws import base, bits_at, streams, uniform_at
from transitionsim.worker import leave_course, leave_employer, missing_skills

Floats = NDArray[np.float64]
ROUNDS: Final = 2
APPLICATIONS: Final = 2
_PURPOSES: Final = ("job_profile", "job_vacancy", "job_suitability", "job_luck")


class Slots(NamedTuple):
    """The vacancies of the month one by one, profile by profile: their employer, and where each profile begins."""

    employer: NDArray[np.int32]
    first: NDArray[np.int64]


class Terms(NamedTuple):
    """On what terms people are hired.

    ``wage`` (2, profiles) is that of automotive and other employers, before the firm's premium; ``contract_luck`` the
    address of the draw that is below ``temporary_share`` for a temporary contract; ``scar_jobless`` the scar for each
    month since the job was lost, ``scar_months`` at most.
    """

    wage: Floats
    contract_luck: np.uint64
    temporary_share: float
    scar_jobless: float
    scar_months: int


class Flows(NamedTuple):
    """What hiring counts.

    ``hires`` (statuses, 2) by status before, automotive or other employer; ``hires_by_profile`` (profiles,);
    ``separations`` (causes, 2) takes the quits; ``placed[0]`` those who take up the profile of their last course,
    ``placed[2]`` those who leave a course for the job.
    """

    hires: NDArray[np.int64]
    hires_by_profile: NDArray[np.int64]
    separations: NDArray[np.int64]
    placed: NDArray[np.int64]


@lru_cache(maxsize=8)
def _bases(seed: int) -> NDArray[np.uint64]:
    return np.array(
        [[[base(seed, f"{name}/{r}/{a}") for name in _PURPOSES] for a in range(APPLICATIONS)] for r in range(ROUNDS)],
        dtype=np.uint64,
    )


def addresses(seed: int, month: int) -> NDArray[np.uint64]:
    """Return the addresses of luck of one month's job market, shape (rounds, applications, purposes)."""
    return streams(_bases(seed), month)


@compiled
def gather_seekers(workers: Records) -> NDArray[np.int32]:
    """Return the rows of the people who apply this month."""
    seekers = np.empty(len(workers), np.int32)
    count = 0
    for i in range(len(workers)):
        seekers[count] = i
        count += workers[i].applications > 0
    return seekers[:count].copy()


@compiled
def list_vacancies(vacancies: NDArray[np.int32], order: NDArray[np.int64], by_profile: NDArray[np.int64]) -> Slots:
    """Return the vacancies one by one, the employers of a profile in the stable order."""
    profiles = vacancies.shape[1]
    first = np.zeros(profiles + 1, np.int64)
    for o in range(profiles):
        first[o + 1] = first[o] + by_profile[o]
    employer = np.empty(first[profiles], np.int32)
    place = first[:-1].copy()
    for position in range(len(order)):
        f = order[position]
        for o in range(profiles):
            for _ in range(vacancies[f, o]):
                employer[place[o]] = f
                place[o] += 1
    return Slots(employer, first)


@compiled
def match(
    workers: Records,
    employers: Records,
    seekers: NDArray[np.int32],
    slots: Slots,
    luck: NDArray[np.uint64],
    requirement: NDArray[np.int64],
    required: NDArray[np.int64],
    attraction: Floats,
    mobility: float,
    wage: Floats,
    least_accepted: float,
    certificate_discount: float,
) -> NDArray[np.int32]:
    """Return the vacancy each seeker takes, -1 for none; shape (seekers,).

    ``wage`` has shape (2, profiles): automotive and other employers, before the firm's premium.
    ``least_accepted`` is the least part of the own wage for which people in a job, not on notice, apply;
    ``certificate_discount`` how much less firms think of skills that come from a course alone.
    """
    profiles = len(required)
    slot_employer, first = slots
    taken = np.full(len(seekers), -1, np.int32)
    filled = np.zeros(len(slot_employer), np.bool_)
    best = np.zeros(len(slot_employer), np.uint64)
    best_seeker = np.full(len(slot_employer), -1, np.int32)
    open_slot = np.empty(len(slot_employer), np.int32)
    open_first = np.zeros(profiles + 1, np.int64)
    pull = np.empty(profiles)
    within = np.empty(profiles, np.int64)
    weight = np.empty(profiles)
    for r in range(luck.shape[0]):
        count = 0
        for o in range(profiles):
            open_first[o] = count
            for s in range(first[o], first[o + 1]):
                if not filled[s]:
                    open_slot[count] = s
                    count += 1
        open_first[profiles] = count
        for o in range(profiles):
            pull[o] = attraction[o] * (open_first[o + 1] - open_first[o])
        for j in range(len(seekers)):
            if taken[j] >= 0:
                continue
            person = workers[seekers[j]]
            own = person.profile
            total = 0.0
            near = 0
            for o in range(profiles):
                if (o == own or (person.reach >> o) & 1) and pull[o] > 0.0:
                    within[near] = o
                    weight[near] = pull[o] if o == own else mobility * pull[o]
                    total += weight[near]
                    near += 1
            if total <= 0.0:
                continue
            for a in range(person.applications):
                aim = uniform_at(luck[r, a, 0], person.key) * total
                chosen = within[near - 1]
                for k in range(near):
                    aim -= weight[k]
                    if aim < 0.0:
                        chosen = within[k]
                        break
                n = open_first[chosen + 1] - open_first[chosen]
                at = int(uniform_at(luck[r, a, 1], person.key) * n)
                slot = open_slot[open_first[chosen] + at]
                if slot_employer[slot] == person.employer:
                    continue
                if person.status == EMPLOYED and person.notice_end == NEVER:
                    firm = employers[slot_employer[slot]]
                    offered = wage[0 if firm.sector == 0 else 1, chosen] * firm.premium
                    offered *= 1.0 - 0.0001 * person.scar
                    if offered < least_accepted * person.wage:
                        continue
                if chosen != own:
                    missing = missing_skills(person, requirement, chosen)
                    # What was learned in a course only, and never practised, counts for less.
                    practised = 1.0 - certificate_discount if person.trained == chosen else 1.0
                    doubts = required[chosen] - practised * (required[chosen] - missing)
                    if uniform_at(luck[r, a, 2], person.key) * required[chosen] < doubts:
                        continue
                score = bits_at(luck[r, a, 3], person.key)
                other = best_seeker[slot]
                if (
                    other < 0
                    or score > best[slot]
                    or (score == best[slot] and person.key > workers[seekers[other]].key)
                ):
                    best[slot] = score
                    best_seeker[slot] = j
        # Each person takes the best paid offer; the order in which offers are read does not matter.
        for o in range(profiles):
            for position in range(open_first[o], open_first[o + 1]):
                s = open_slot[position]
                j = best_seeker[s]
                if j < 0:
                    continue
                if taken[j] < 0:
                    taken[j] = s
                else:
                    held = taken[j]
                    if _pay(employers, slot_employer, first, wage, s) > _pay(
                        employers, slot_employer, first, wage, held
                    ):
                        taken[j] = s
        for o in range(profiles):
            for position in range(open_first[o], open_first[o + 1]):
                s = open_slot[position]
                j = best_seeker[s]
                if j >= 0 and taken[j] == s:
                    filled[s] = True
                best_seeker[s] = -1
                best[s] = 0
    return taken


@compiled
def _pay(
    employers: Records, slot_employer: NDArray[np.int32], first: NDArray[np.int64], wage: Floats, slot: int
) -> float:
    """Return the wage a vacancy offers, in cents a month."""
    profile = 0
    while first[profile + 1] <= slot:
        profile += 1
    firm = employers[slot_employer[slot]]
    return float(wage[0 if firm.sector == 0 else 1, profile] * firm.premium)


@compiled
def hire(
    workers: Records,
    employers: Records,
    seekers: NDArray[np.int32],
    taken: NDArray[np.int32],
    slots: Slots,
    month: int,
    terms: Terms,
    requirement: NDArray[np.int64],
    pair_reach: NDArray[np.int64],
    staff: NDArray[np.int32],
    vacancies: NDArray[np.int32],
    flows: Flows,
) -> None:
    """Write the hires into the rows of the people and into the tables of staff and vacancies.

    A person keeps the skills of the new profile and of the one before; those of earlier ones fade. Who lost the job
    before gets a scar: what was due at the loss and what the months since have added; an older scar that is larger
    stays.
    """
    slot_employer, first = slots
    hires, hires_by_profile, separations, placed = flows
    profiles = len(hires_by_profile)
    for j in range(len(seekers)):
        slot = taken[j]
        if slot < 0:
            continue
        person = workers[seekers[j]]
        profile = 0
        while first[profile + 1] <= slot:
            profile += 1
        f = slot_employer[slot]
        automotive = 0 if employers[f].sector == 0 else 1
        hires[person.status, automotive] += 1
        hires_by_profile[profile] += 1
        if person.status == EMPLOYED:
            old = person.employer
            if person.notice_end == NEVER:
                person.cause = QUIT_TO_JOB
            else:
                person.wage_before = person.wage
            separations[person.cause, 0 if employers[old].sector == 0 else 1] += 1
            staff[old, person.profile] -= 1
            employers[old].exits += 1 if person.notice_end == NEVER else 0
            leave_employer(person, month)
        person.hired_from = person.status
        person.status = EMPLOYED
        person.employer = f
        person.since = month
        person.hired = month
        person.notice_end = NEVER
        if person.course != NOBODY:
            placed[2] += 1
            leave_course(person)
        person.contract = (
            TEMPORARY if uniform_at(terms.contract_luck, person.key) < terms.temporary_share else PERMANENT
        )
        if person.scar_due >= 0:
            months = min(month - person.left_month, terms.scar_months)
            person.scar = max(person.scar, min(person.scar_due + int(10000.0 * terms.scar_jobless * months), 5000))
            person.scar_due = -1
        person.wage = int(terms.wage[automotive, profile] * employers[f].premium * (1.0 - 0.0001 * person.scar) + 0.5)
        if profile != person.profile:
            placed[0] += 1 if person.trained == profile else 0
            old_profile = person.profile
            person.second = old_profile
            person.profile = profile
            person.reach = pair_reach[profile * profiles + old_profile]
            for k in range(len(person.skills)):
                person.skills[k] = max(requirement[profile, k], requirement[old_profile, k])
        staff[f, profile] += 1
        vacancies[f, profile] -= 1
