"""Stories: a made-up life told in sentences written by hand, whose life is meant, and what does not disturb it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from transitionsim.columns import (
    AWAY,
    DISMISSAL,
    EMPLOYED,
    IN_TRAINING,
    INACTIVE,
    LONG_AGO,
    NEVER,
    OTHER_END,
    PERMANENT,
    QUIT_TO_JOB,
    STATUS_NAMES,
    TEMPORARY,
    UNEMPLOYED,
    WORKER,
)
from transitionsim.errors import InputError
from transitionsim.model import TransitionModel
from transitionsim.months import Month
from transitionsim.rule import rule
from transitionsim.stories import follow, person_of, words
from transitionsim.stories.events import Moment
from transitionsim.stories.following import told
from transitionsim.stories.words import Words, employer

SAID = Words(Month.parse("2025-01"), ("welder", "battery_technician"))
AT_WORK = {
    **{column.name: 0 for column in WORKER},
    "employer": 4,
    "wage": 250_000,
    "birth_month": -480,
    "exit_month": 120,
    "hired": -60,
    "left_month": LONG_AGO,
    "displaced_month": LONG_AGO,
    "notice_end": NEVER,
    "course_end": NEVER,
    "course": -1,
    "programme": -1,
    "cause": -1,
    "status": EMPLOYED,
    "contract": PERMANENT,
    "reach": 0b1,
}
SUPPLIER, PLANT, BUILDER = "a small tier 2 supplier", "a large vehicle plant", "a small employer in construction"


def life(*chapters):
    """Return the moments of a life, each the one before with what a month changes."""
    moments = [Moment(-1, AT_WORK, SUPPLIER)]
    for month, firm, changes in chapters:
        moments.append(Moment(month, {**moments[-1].row, **changes}, firm))
    return moments


def sentences(moments):
    pairs = pairwise(moments)
    return [f"{line.month}: {line.text}" for before, after in pairs for line in told(before, after, SAID)]


def test_a_made_up_life_is_told_as_by_hand():
    notice = {"notice_end": 4, "cause": DISMISSAL}
    begins = {"course": 1, "programme": 0, "course_end": 9}
    loses = {"status": IN_TRAINING, "employer": -1, "notice_end": NEVER, "left_month": 4, "since": 4}
    lost = {**loses, "jobless_since": 4, "wage_before": 250_000, "displaced_month": 4}
    completes = {"status": UNEMPLOYED, "course": -1, "programme": -1, "course_end": NEVER, "since": 9, "reach": 0b11}
    new = {"status": EMPLOYED, "employer": 7, "hired": 10, "since": 10, "profile": 1, "wage": 220_000}
    hired = {**new, "contract": TEMPORARY, "displaced_month": LONG_AGO}
    quits = {"employer": 2, "hired": 40, "left_month": 40, "cause": QUIT_TO_JOB, "wage": 242_000}
    moments = life(
        (0, SUPPLIER, {"wants_seat": True, "applications": 2}),
        (2, SUPPLIER, notice),
        (3, SUPPLIER, begins),
        (4, "no employer", lost),
        (9, "no employer", completes),
        (10, PLANT, hired),
        (11, PLANT, {}),
        (28, PLANT, {"contract": PERMANENT}),
        (40, BUILDER, {**quits, "contract": PERMANENT}),
        (41, BUILDER, {"profile": 0, "wage": 245_000}),
        (120, "no employer", {"status": INACTIVE, "birth_month": -120, "exit_month": 600, "wage": 0}),
    )
    assert sentences(moments) == [
        "2025-03: given notice by a small tier 2 supplier (dismissal for lack of orders); notice ends in 2025-05",
        "2025-04: begins a course for battery technician while on notice, until 2025-10",
        "2025-05: the job with a small tier 2 supplier ends after 64 months (dismissal for lack of orders); "
        "now in training",
        "2025-10: completes the course for battery technician; 2 job profiles within reach, 1 before",
        "2025-11: hired by a large vehicle plant as battery technician, temporary, 2,200 euros a month after 6 months "
        "without a job, 12 % less than in the job before",
        "2025-12: at the end of the year: aged 40, employed by a large vehicle plant as battery technician, temporary, "
        "2,200 euros a month",
        "2027-05: the temporary contract becomes permanent",
        "2028-05: moves from a large vehicle plant to a small employer in construction as battery technician, "
        "permanent, 2,420 euros a month, 10 % more than in the job before",
        "2028-06: takes a post as welder in the same firm, before battery technician",
        "2028-06: the wage is now 2,450 euros a month, before 2,420 euros a month",
        "2035-01: leaves for good at 50, by pension or death; a school leaver takes the row, and the story ends",
    ]


def test_the_ways_without_a_job_are_told():
    ends = {"status": UNEMPLOYED, "employer": -1, "left_month": 1, "cause": OTHER_END, "since": 1, "jobless_since": 1}
    seat = {"status": IN_TRAINING, "course": 0, "course_end": 12, "since": 3}
    gone = {"status": UNEMPLOYED, "course": -1, "course_end": NEVER, "since": 5}
    moments = life(
        (1, "no employer", ends),
        (3, "no employer", seat),
        (5, "no employer", gone),
        (6, "no employer", {"status": INACTIVE, "since": 6}),
        (11, "no employer", {}),
        (15, "no employer", {"status": UNEMPLOYED, "since": 15}),
        (16, "no employer", {"status": AWAY, "since": 16}),
        (18, "no employer", {"status": UNEMPLOYED, "since": 18}),
    )
    assert sentences(moments) == [
        "2025-02: the job with a small tier 2 supplier ends after 61 months (other end of contract); now unemployed",
        "2025-04: begins a course for welder, until 2026-01",
        "2025-06: drops out of the course for welder",
        "2025-07: gives up the search",
        "2025-12: at the end of the year: aged 40, inactive for 5 months; last wage 2,500 euros a month",
        "2026-04: takes up the search for a job",
        "2026-05: moves away from the region",
        "2026-07: comes back to the region and looks for a job",
    ]


def test_a_course_that_the_end_of_a_job_cuts_short_is_not_completed():
    ends = {"status": UNEMPLOYED, "employer": -1, "left_month": 5, "cause": OTHER_END}
    moments = life(
        (1, SUPPLIER, {"course": 1, "course_end": 5}),
        (5, "no employer", {**ends, "course": -1, "course_end": NEVER}),
    )
    assert sentences(moments)[1:] == [
        "2025-06: the job with a small tier 2 supplier ends after 65 months (other end of contract); now unemployed",
        "2025-06: the course for battery technician is broken off",
    ]


def test_a_status_that_the_model_gains_does_not_end_a_job(monkeypatch):
    monkeypatch.setattr(words, "STATUS_NAMES", (*STATUS_NAMES, "on short-time work"))
    moments = life((3, SUPPLIER, {"status": len(STATUS_NAMES)}), (11, SUPPLIER, {}))
    assert sentences(moments) == [
        "2025-04: now on short-time work",
        "2025-12: at the end of the year: aged 40, on short-time work with a small tier 2 supplier as welder, "
        "permanent, 2,500 euros a month",
    ]


@rule(on="workers", after="look_for_work", adds={"ties": "i2"})
def make_friends(worker, world, luck):
    """Everybody gains a friend in the second month."""
    if world.month == 1:
        worker.ties = 7


def test_a_column_of_a_student_s_own_is_told_and_disturbs_nothing(small):
    scenario = small(months=3)
    plain, own = follow(5, scenario, 1), follow(5, scenario, 1, [make_friends])
    added = [line for line in own.lines if line not in plain.lines]
    assert [(str(line.month), line.text) for line in added] == [("2025-02", "ties is now 7, before 0")]
    assert [line for line in own.lines if line in plain.lines] == list(plain.lines)


def test_every_year_has_a_line_and_every_entrant_ends_a_story(small):
    scenario = small(months=24)
    rows = TransitionModel(scenario, rng=1).state.workers
    leaves = int(np.flatnonzero((rows["exit_month"] > 13) & (rows["exit_month"] < 22))[0])
    story = follow(leaves + 1, scenario, 1)
    kinds = [line.kind for line in story.lines]
    assert (kinds[0], kinds[-1], kinds.count("end"), kinds.count("year")) == ("start", "end", 1, 1)
    assert int(story.lines[-1].month) == int(scenario.start) + rows["exit_month"][leaves]
    stays = int(np.flatnonzero(rows["exit_month"] > 30)[0])
    assert [line.kind for line in follow(stays + 1, scenario, 1).lines].count("year") == 2


def test_a_story_says_what_the_rows_say(small):
    """The last yearly line of each of twenty people has the wage and the status of the finished run."""
    scenario = small(months=12)
    model = TransitionModel(scenario, rng=1).run()
    for person in range(1, 4000, 200):
        row = model.state.workers[person - 1]
        last = follow(person, scenario, 1).lines[-1]
        if last.kind == "year" and row["status"] == EMPLOYED:
            assert f"{(int(row['wage']) + 50) // 100:,} euros a month" in last.text
            assert employer(model.state, int(row["employer"])) in last.text
        elif last.kind == "year":
            assert STATUS_NAMES[row["status"]] in last.text


def test_a_word_means_the_first_to_whom_it_happens(small):
    scenario = small("reskilling", months=60)
    model = TransitionModel(scenario, rng=1)
    person = person_of("displaced", scenario, 1)
    while not (model.state.workers["displaced_month"] >= 0).any():
        model.step()
    first = np.flatnonzero(model.state.workers["displaced_month"] == model.month - 1)
    assert person - 1 == first[np.argmin(model.state.workers["key"][first])]
    assert any("ends" in line.text and "now" in line.text for line in follow(person, scenario, 1).lines)
    trained = follow(person_of("trained", scenario, 1), scenario, 1)
    assert any(line.text.startswith("completes the course") for line in trained.lines)


def test_a_random_person_depends_on_the_seed_and_on_no_scenario(small):
    found = {seed: person_of("random", small(months=6), seed) for seed in (1, 2, 3)}
    assert len(set(found.values())) == 3
    assert person_of("random", small("fast", months=6), 2) == found[2]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("0", "found 0; the region has persons 1 to 4,"),
        ("99999", "found 99999; the region has persons 1 to 4,"),
        ("-5", "found '-5'; allowed are 'displaced', 'random', 'trained', or the number of a person"),
        ("displacd", "found 'displacd'; did you mean 'displaced'?, or the number of a person"),
        ("trained", "nobody completes a course that opens a job profile in this scenario with seed 1"),
    ],
)
def test_a_mistaken_key_is_a_sentence(small, key, text):
    with pytest.raises(InputError) as error:
        person_of(key, small(months=6), 1)
    assert text in str(error.value)
