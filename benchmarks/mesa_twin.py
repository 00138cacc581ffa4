"""The workload of a month as a plain Mesa model: one Python object for each person and each employer.

It begins from the rows of a region's start and uses the same rates, so that unemployment and hires a month lie
where those of the real model lie; it is not equal to it number by number. It leaves out what costs the real model
time as well: orders, books and conversion of firms, notices, training seats, moving away, ledgers, the audit and
luck keyed by person. The ratio of the two is therefore on the cautious side.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

import mesa

from transitionsim.columns import AWAY, EMPLOYED, INACTIVE, RETIRED, UNEMPLOYED
from transitionsim.world import State


@dataclass(slots=True)
class Vacancy:
    """One open post; suitable applicants gather in it during a round."""

    employer: Employer
    profile: int
    pay: float
    applicants: list[Worker] = field(default_factory=list)


class Employer(mesa.Agent):
    """An employer with its posts and staff by profile."""

    def __init__(self, model, posts, staff, premium, automotive):
        super().__init__(model)
        self.posts, self.staff, self.premium, self.automotive = posts, staff, premium, automotive
        self.leaving = [0] * len(posts)
        self.vacancies = []

    def post_vacancies(self):
        """Post a vacancy for each post that staff, less the known exits, will not fill."""
        wage = self.model.wage[0 if self.automotive else 1]
        self.vacancies = [
            Vacancy(self, profile, wage[profile] * self.premium)
            for profile, (posts, staff, leaving) in enumerate(zip(self.posts, self.staff, self.leaving, strict=True))
            for _ in range(posts - staff + leaving)
        ]
        room = max(0, sum(self.posts) - sum(self.staff) + sum(self.leaving))
        if len(self.vacancies) > room:
            self.vacancies = self.random.sample(self.vacancies, room)
        self.leaving = [0] * len(self.posts)

    def choose(self):
        """Offer each open post to one of its suitable applicants."""
        for vacancy in self.vacancies:
            if vacancy.applicants:
                self.random.choice(vacancy.applicants).offers.append(vacancy)
                vacancy.applicants = []


class Worker(mesa.Agent):
    """A person with a status, a job or none, a profile and skills."""

    def __init__(self, model, status, employer, profile, reach, skills, exit_month, since, hired, pace, displaced):
        super().__init__(model)
        self.status, self.employer, self.profile = status, employer, profile
        self.reach, self.skills, self.pace = reach, skills, pace
        self.exit_month, self.since, self.hired, self.displaced = exit_month, since, hired, displaced
        self.jobless_since = since
        self.wage = 0.0
        self.applications = 0
        self.offers = []

    def live(self):
        """Age, leave a job, give up or take up the search."""
        model, now = self.model, self.model.now
        if now >= self.exit_month:
            self.leave_for_good()
        elif self.status == EMPLOYED:
            new = now - self.hired < model.rates["tenure_new_months"]
            hazard = model.rates["separation_new" if new else "separation_old"]
            if self.random.random() < hazard:
                stays = self.random.random() < model.rates["separation_to_unemployment"]
                self.leave_job(UNEMPLOYED if stays else INACTIVE)
            elif self.exit_month <= now + 2:
                self.employer.leaving[self.profile] += 1
        elif self.status == UNEMPLOYED:
            factor = model.rates["incumbent_exit_factor"] if self.displaced else 1.0
            if self.random.random() < model.rates["give_up"] * self.pace * factor:
                self.status, self.since = INACTIVE, now
        elif self.status == INACTIVE and self.random.random() < model.rates["start_looking"]:
            if now - self.since >= 3:
                self.jobless_since = now
            self.status, self.since = UNEMPLOYED, now

    def leave_job(self, status):
        """End the job."""
        self.employer.staff[self.profile] -= 1
        self.employer, self.status = None, status
        self.since = self.jobless_since = self.model.now
        self.model.separations += 1

    def leave_for_good(self):
        """Go by pension or death; an entrant from school takes the place."""
        if self.status == EMPLOYED:
            self.leave_job(INACTIVE)
        rates = self.model.rates
        entry = self.random.uniform(rates["entry_age_low"], rates["entry_age_high"])
        leave = self.random.uniform(rates["exit_age_low"], rates["exit_age_high"])
        if self.random.random() < rates["early_death_share"]:
            leave = self.random.uniform(entry, rates["exit_age_low"])
        self.status, self.since, self.jobless_since = INACTIVE, self.model.now, self.model.now
        self.exit_month = self.model.now + 1 + int(leave - entry)
        self.displaced = False
        self.pace = self.random.choice(self.model.paces)
        self.learn(self.random.choices(self.model.profiles, cum_weights=self.model.entrants)[0])

    def learn(self, profile, second=None):
        """Hold the skills of a profile and of the one before."""
        self.profile, second = profile, profile if second is None else second
        self.reach = self.model.reach_of[profile, second]
        self.skills = self.model.skills_of[profile, second]

    def look_for_work(self):
        """Decide how many applications to send a round, the more the more vacancies are within reach."""
        intensity = self.model.intensity[self.status][self.profile]
        if self.status == UNEMPLOYED:
            intensity *= self.pace
        chance = 1.0 - math.exp(-intensity * self.model.choices(self.profile, self.reach)[2])
        self.applications = (self.random.random() < chance) + (self.random.random() < chance)

    def apply(self):
        """Send applications to vacancies at random, by the pull of their profiles."""
        profiles, weights, _ = self.model.choices(self.profile, self.reach)
        if not profiles or (self.status == EMPLOYED and self.hired == self.model.now):
            return
        for profile in self.random.choices(profiles, cum_weights=weights, k=self.applications):
            vacancy = self.random.choice(self.model.open[profile])
            if vacancy.employer is not self.employer and self.suits(profile):
                vacancy.applicants.append(self)

    def suits(self, profile):
        """Return whether the firm finds this person suitable: a chance equal to the share of skills held."""
        if profile == self.profile:
            return True
        needed = self.model.requirement[profile]
        missing = sum(max(0, need - held) for need, held in zip(needed, self.skills, strict=True))
        return self.random.random() * sum(needed) >= missing

    def accept(self):
        """Take the best paid offer."""
        if not self.offers:
            return
        vacancy = max(self.offers, key=lambda offer: offer.pay)
        self.offers = []
        if self.status == EMPLOYED:
            self.leave_job(INACTIVE)
        self.status, self.employer, self.wage = EMPLOYED, vacancy.employer, vacancy.pay
        self.since = self.hired = self.model.now
        self.displaced = False
        if vacancy.profile != self.profile:
            self.learn(vacancy.profile, self.profile)
        self.employer.staff[self.profile] += 1
        self.employer.vacancies.remove(vacancy)
        self.model.hires[self.profile] += 1


class Twin(mesa.Model):
    """The region of a start, lived through month by month with one object for each agent."""

    def __init__(self, start: State, seed: int = 1):
        super().__init__(rng=seed)
        world, rows = start.world, start.workers
        self.now = start.month
        self.rates = {name: value for name, value in world.items() if isinstance(value, int | float)}
        self.profiles = list(range(world["profiles"]))
        self.requirement = world["requirement"].tolist()
        self.wage, self.attraction = world["wage"].tolist(), world["attraction"].tolist()
        self.reach_scale, self.entrants = world["reach_scale"].tolist(), world["entrant_profiles"].tolist()
        self.paces = [pace / 100.0 for pace in world["pace_classes"].tolist()]
        nobody = [0.0] * len(self.profiles)
        self.intensity = dict.fromkeys(range(RETIRED, AWAY + 1), nobody)
        for status, name in ((EMPLOYED, "employed"), (UNEMPLOYED, "jobless"), (INACTIVE, "inactive")):
            self.intensity[status] = world[f"search_{name}"].tolist()
        masks = world["pair_reach"].reshape(len(self.profiles), -1).tolist()
        self.reach_of, self.skills_of = {}, {}
        for a in self.profiles:
            for b in self.profiles:
                self.reach_of[a, b] = tuple(o for o in self.profiles if masks[a][b] >> o & 1)
                self.skills_of[a, b] = tuple(map(max, self.requirement[a], self.requirement[b]))
        firms = start.employers
        Employer.create_agents(
            self, len(firms), start.labour.posts.tolist(), start.labour.staff.tolist(), firms["premium"].tolist(),
            (firms["sector"] == 0).tolist(),
        )  # fmt: skip
        self.employers = self.agents_by_type[Employer]
        by_row = [*self.employers, None]
        Worker.create_agents(
            self, len(rows), rows["status"].tolist(), [by_row[f] for f in rows["employer"].tolist()],
            rows["profile"].tolist(),
            [tuple(o for o in self.profiles if mask >> o & 1) for mask in rows["reach"].tolist()],
            rows["skills"].tolist(),
            rows["exit_month"].tolist(), rows["since"].tolist(), rows["hired"].tolist(),
            (rows["pace"] / 100.0).tolist(), (rows["displaced_month"] > -32_767).tolist(),
        )  # fmt: skip
        self.workers = self.agents_by_type[Worker]
        self.hires, self.separations = Counter(), 0
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "by_status": lambda m: Counter(worker.status for worker in m.workers),
                "jobless": lambda m: Counter(w.profile for w in m.workers if w.status == UNEMPLOYED),
                "long_term": lambda m: sum(w.status == UNEMPLOYED and m.now - w.jobless_since >= 12 for w in m.workers),
                "hires": lambda m: m.hires.total(),
                "separations": "separations",
                "vacancies": lambda m: sum(len(employer.vacancies) for employer in m.employers),
            }
        )

    def choices(self, profile, reach):
        """Return profiles with open vacancies within reach, their pull added up, and the reach they make."""
        key = (profile, reach)
        if key not in self.choices_of:
            within = [o for o in self.profiles if (o == profile or o in reach) and self.open[o]]
            weights, total = [], 0.0
            for o in within:
                pull = self.attraction[o] * len(self.open[o])
                total += pull if o == profile else self.rates["mobility"] * pull
                weights.append(total)
            self.choices_of[key] = (within, weights, total * self.reach_scale[profile])
        return self.choices_of[key]

    def list_vacancies(self):
        """List the open vacancies by profile."""
        self.open, self.choices_of = [[] for _ in self.profiles], {}
        for employer in self.employers:
            for vacancy in employer.vacancies:
                self.open[vacancy.profile].append(vacancy)

    def step(self):
        """Live through one month."""
        self.hires, self.separations = Counter(), 0
        self.workers.do("live")
        self.employers.do("post_vacancies")
        self.list_vacancies()
        self.workers.do("look_for_work")
        seekers = self.workers.select(lambda worker: worker.applications > 0)
        for _ in range(2):
            seekers.shuffle_do("apply")
            self.employers.do("choose")
            seekers.do("accept")
            self.list_vacancies()
        self.datacollector.collect(self)
        self.now += 1
