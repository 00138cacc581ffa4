"""Learning: who is admitted where, how many places providers have, what a course teaches, what is counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from transitionsim.columns import IN_TRAINING, SKILLS
from transitionsim.markets.providers import Providers
from transitionsim.model import TransitionModel, simulate
from transitionsim.policies import policy_from
from transitionsim.recorder import LABELS, TABLES
from transitionsim.regions.tables import job_profiles
from transitionsim.scenario import Scenario
from transitionsim.tables import BY_NAME

FUNDED = {"policies__reskilling__from": "2025-06", "policies__reskilling__budget": 500_000}
SEAT = {
    "kind": "reskilling",
    "id": "placebo-seat",
    "from": "2026-03",
    "to": "2026-03",
    "budget": {"value": 12_000, "unit": "EUR/year", "source": "scenario lever"},
    "cost_per_seat": {"value": 1000, "unit": "EUR", "source": "scenario lever"},
    "starts": "before-notice",
    "target": "everyone",
}
MARCH_2026 = 14
NOBODY_LEAVES = {"value": 0, "unit": "share", "low": 0, "high": 1, "grade": "D", "source": "made up for tests"}


NO_MONEY = {"policies__reskilling__budget": 0}
STILL = ("ageing", "separations", "inactivity", "migration", "dismissals", "closures")


def frozen(scenario: Scenario) -> TransitionModel:
    """Return a model in which nobody is hired, leaves or is dismissed, and providers have places for all."""
    still = {f"mechanisms.{name}": False for name in (*STILL, "provider_capacity")}
    model = TransitionModel(scenario.with_values(still), rng=2)
    for name in ("search_jobless", "search_inactive", "search_employed"):
        model.state.world[name] = np.zeros_like(model.state.world[name])
    return model


def with_seat(scenario: Scenario) -> Scenario:
    """Return a scenario with one more seat in one month, open to anyone."""
    return scenario.model_copy(update={"policies": (*scenario.policies, policy_from(SEAT))})


@pytest.mark.parametrize("starts", ["on-notice", "after-dismissal"])
def test_a_seat_of_another_programme_does_not_change_whom_a_programme_admits(small: Any, starts: str) -> None:
    """Each programme admits by its own start and target, however wide those of another are."""
    narrow = {**FUNDED, "policies__reskilling__starts": starts, "policies__reskilling__target": "displaced"}
    alone = small("reskilling", months=MARCH_2026 + 1, demand__volume={"2025-01": 1.0, "2025-12": 0.6}, **narrow)
    one, other = (TransitionModel(scenario, rng=3).run().state for scenario in (alone, with_seat(alone)))
    applied = one.workers["wants_seat"] != 0
    assert applied.any()
    assert ((other.workers["wants_seat"] & 1 == 1) == applied).all()
    assert (other.workers["wants_seat"] >> 1 & 1).sum() > applied.sum()
    enrolled = [(state.workers["programme"] == 0) & (state.workers["course"] >= 0) for state in (one, other)]
    assert enrolled[0].any()
    assert (enrolled[0] == enrolled[1]).all()
    assert other.public.policies[1].enrolled_now == 1
    assert np.count_nonzero(other.workers["programme"] == 1) == 1


def test_places_without_end_are_no_limit(small: Any) -> None:
    """The mechanism switched off and places in abundance are the same run, byte for byte."""
    runs = [
        TransitionModel(small("reskilling", months=40, mechanisms__provider_capacity=limited, **FUNDED), rng=2)
        for limited in (True, False)
    ]
    runs[0].state.training.providers.capacity += 1e6
    for model in runs:
        model.run()
    assert runs[0].series["trainees_enrolled"].sum() > 50
    assert runs[0].series["trainees_turned_away"].sum() == 0
    assert runs[0].digest() == runs[1].digest()


def test_every_profile_requires_every_pillar() -> None:
    assert job_profiles().requirement.shape[1] == len(SKILLS)


def test_courses_of_one_quality_are_what_a_spread_of_nothing_gives(small: Any) -> None:
    """A spread moves the skills people come out with around the mean; without it all learn the same."""
    taught = {}
    for spread in (0.0, 0.3):
        values = {**FUNDED, "training__quality_spread": spread, "training__quality": 0.8}
        state = frozen(small("reskilling", months=40, **values)).run().state
        done = state.workers[(state.workers["trained"] >= 0) & (state.workers["course"] < 0)]
        needed = state.world["requirement"][done["trained"]]
        held = done["skills"]
        assert len(done) > 20
        taught[spread] = (held >= (needed * (0.8 - spread)).astype(int)).all(), (held < needed * 0.79).any()
    assert taught == {0.0: (True, False), 0.3: (True, True)}


def test_with_few_places_people_are_turned_away_and_money_makes_places(small: Any) -> None:
    """Fewer people are trained where places are short; places grow by at most the yearly rate, and are paid for."""
    values = {**FUNDED, "months": 60, "training__capacity_start": 0.01, "training__capacity_growth": 0.5}
    wide = TransitionModel(small("reskilling", **values, mechanisms__provider_capacity=False), rng=2).run()
    short = TransitionModel(small("reskilling", **values), rng=2).run()
    assert short.series["trainees_enrolled"].sum() < wide.series["trainees_enrolled"].sum()
    assert short.series["trainees_turned_away"].sum() > 0
    places = short.state.record.tables["course_places"].astype(float)
    assert places[-1].sum() > places[0].sum()
    assert (np.diff(places, axis=0) >= 0).all()
    assert (places[12:] <= places[:-12] * 1.5 + 1.0).all()
    paid = short.series["spent_on_places_cents"]
    assert 0 < paid[-1] < short.series["spent_cents"][-1]
    # Cents paid are the price of the places added, whole places a year to the rounding of a cent a month.
    capacity = short.state.training.providers.capacity + short.state.training.providers.added
    added = (
        12.0
        * (capacity - TransitionModel(small("reskilling", **values), rng=2).state.training.providers.capacity).sum()
    )
    assert paid[-1] == pytest.approx(300_000 * added, abs=60)


def test_enrolments_keep_to_the_places_of_each_course(small: Any) -> None:
    """In no span of months do more people begin a course than its providers have places, parts of a seat carried on."""
    values = {**FUNDED, "months": 48, "training__capacity_start": 0.01, "training__place_cost": 0}
    model = TransitionModel(small("reskilling", **values), rng=2)
    places = np.zeros(len(model.state.reference.jobs.names))
    while model.running:
        model.step()
        places += model.state.training.providers.capacity
        assert (model.state.record.tables["course_enrolments"][: model.month].sum(axis=0) <= places + 0.5).all()
    assert model.series["trainees_enrolled"].sum() > 0


def test_providers_share_their_places_between_programmes() -> None:
    providers = Providers(np.array([2.25, 0.0]), growth=0.3)
    providers.open_month()
    assert providers.within(np.array([9, 9])).tolist() == [2, 0]
    providers.take(np.array([1, 0]))
    assert providers.within(np.array([9, 9])).tolist() == [1, 0]
    seats = [2]
    for _ in range(3):
        providers.open_month()
        seats.append(int(providers.free[0]))
    assert seats == [2, 3, 2, 2]


def test_places_cost_no_more_than_there_is_and_grow_no_faster_than_allowed() -> None:
    """A seat that somebody waits for becomes one a year, within a month's part of the growth, for its price."""
    providers = Providers(np.array([10.0, 10.0]), growth=0.3)
    step = 10.0 * (1.3 ** (1 / 12) - 1)
    assert providers.grow(np.array([1.0, 100.0]), 1000, 10**9) == round(1000 + 12_000 * step)
    assert providers.grow(np.array([0.0, 100.0]), 1000, 10**9) == 0
    providers.open_month()
    assert providers.capacity.tolist() == [pytest.approx(10.0 + 1 / 12), pytest.approx(10.0 + step)]
    assert providers.grow(np.array([6.0, 0.0]), 1000, 500) == 500
    assert providers.added[0] * 12 == pytest.approx(0.5, rel=1e-2)


def test_who_began_a_course_is_counted_once(small: Any) -> None:
    """In post, on notice and without a job are all there are; nobody counts twice in a year."""
    values = {**FUNDED, "months": 60, "demand__volume": {"2025-01": 1.0, "2027-01": 0.6}}
    model = TransitionModel(small("reskilling", **values, policies__reskilling__starts="before-notice"), rng=2)
    rows: list[set[int]] = [set() for _ in range(5)]
    while model.running:
        model.step()
        began = np.flatnonzero(model.state.workers["enrolled"] == model.month - 1)
        rows[(model.month - 1) // 12] |= set(began.tolist())
    series = model.series
    parts = [series[f"trainees_enrolled_{part}"] for part in ("in_post", "on_notice", "jobless")]
    assert all(part.sum() > 0 for part in parts)
    assert (sum(parts) == series["trainees_enrolled"]).all()
    assert (model.state.record.tables["course_enrolments"].sum(axis=1) == series["trainees_enrolled"]).all()
    assert series["trained_this_year"][11::12].tolist() == [len(year) for year in rows]
    assert (series["trained_this_year_automotive"] <= series["trained_this_year"]).all()
    assert series["trained_this_year_automotive"].max() > 0


def test_whoever_stays_completes(small: Any) -> None:
    """Without drop-outs, hires, ordinary separations and deaths, all complete when their course is over."""
    still = {f"mechanisms__{name}": False for name in ("ageing", "separations", "migration", "dismissals", "closures")}
    values = {
        **FUNDED,
        **still,
        "policies__reskilling__drop_out": NOBODY_LEAVES,
        "policies__reskilling__target": "everyone",
    }
    series = frozen(small("reskilling", months=48, **values)).run().series
    assert series["trainees_enrolled"].sum() > 30
    assert (series["trainees_completed"][9:] == series["trainees_enrolled"][:-9]).all()
    assert series["trained_hired"].sum() == 0


def test_people_take_the_jobs_they_trained_for(small: Any) -> None:
    """Some are hired into the profile of their course, or moved to it within their firm; nobody without a course."""
    values = {**FUNDED, "months": 60, "policies__reskilling__starts": "before-notice", "electrification__pace": 3.0}
    series = TransitionModel(small("reskilling", **values), rng=2).run().series
    assert series["trained_hired"].sum() > 0
    assert series["trained_hired"].sum() + series["trained_redeployed"].sum() <= series["trainees_completed"].sum()
    plain = TransitionModel(small("current-policy", months=60), rng=2).run().series
    assert plain["trained_hired"].sum() == plain["trained_redeployed"].sum() == plain["trainees_completed"].sum() == 0


def test_the_supply_of_skills_is_counted_person_by_person(small: Any) -> None:
    """A plain count over everyone of the labour force gives the same; gap less surplus is posts less supply."""
    model = TransitionModel(small("reskilling", months=40, **FUNDED), rng=2).run()
    state = model.state
    needed = state.world["requirement"]
    supply = np.zeros(len(needed), int)
    for person in state.workers[state.workers["status"] <= IN_TRAINING]:
        worked = np.maximum(needed[person["profile"]], needed[person["second"]])
        holds = (worked >= needed).all(axis=1)
        if person["trained"] >= 0:
            holds[person["trained"]] |= bool(int(person["reach"]) >> int(person["trained"]) & 1)
        supply += holds
    tables = state.record.tables
    assert tables["skill_supply"][-1].tolist() == supply.tolist()
    assert tables["profile_posts"][-1].tolist() == state.labour.posts.sum(axis=0).tolist()
    assert (tables["skill_gap"] - tables["skill_surplus"] == tables["profile_posts"] - tables["skill_supply"]).all()
    assert (np.minimum(tables["skill_gap"], tables["skill_surplus"]) == 0).all()
    assert (state.workers["trained"] >= 0).any()


def test_courses_add_to_the_supply_of_their_profile(small: Any) -> None:
    """With people and jobs held still, whom a course brings within reach of a profile is counted in its supply."""
    funded, without = (small("reskilling", months=30, **{**FUNDED, **more}) for more in ({}, NO_MONEY))
    more = frozen(funded).run().series["skill_supply"] - frozen(without).run().series["skill_supply"]
    assert more[-1] > 0
    assert (np.cumsum(frozen(funded).run().series["trainees_completed"]) >= more).all()


def test_a_table_reads_as_one_line_for_each_month_and_profile(small: Any) -> None:
    model = TransitionModel(small("current-policy", months=3), rng=2).run()
    frame = model.table("skill_supply")
    assert list(frame.columns) == ["month", "profile", "value"]
    assert len(frame) == 3 * len(model.state.reference.jobs.names)
    assert frame["value"].to_numpy().reshape(3, -1).tolist() == model.state.record.tables["skill_supply"].tolist()
    assert simulate(small("current-policy", months=3), 2).tables["skill_supply"].sum() == frame["value"].sum()


def test_every_table_is_named_and_recorded() -> None:
    assert set(TABLES) == set(BY_NAME)
    assert {dimension for table in BY_NAME.values() for dimension in table.dimensions} <= set(LABELS)


def test_courses_give_the_same_bytes_in_both_engines(small: Any) -> None:
    values = {**FUNDED, "months": 13, "policies__reskilling__starts": "before-notice"}
    scenario = small("reskilling", **values, policies__reskilling__duration_months=3)
    compiled, interpreted = (TransitionModel(scenario, rng=4, interpret=way).run() for way in (False, True))
    assert compiled.series["trainees_completed"].sum() > 0
    assert compiled.digest() == interpreted.digest()
