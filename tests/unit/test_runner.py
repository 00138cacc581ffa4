"""Running designs: the same bytes on any number of processes, failures as rows."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Future

import fake_model as fake
import numpy as np
import pytest

from transitionsim.errors import InputError
from transitionsim.experiments.compare import compare_scenarios
from transitionsim.experiments.design import NO_TRANSITION, PLACEBO, Arm, essence, no_transition_of, placebo_of
from transitionsim.experiments.engine import work_through
from transitionsim.experiments.planning import comparison_design
from transitionsim.experiments.running import run_design
from transitionsim.experiments.store import CSV, write_plan
from transitionsim.experiments.workers import Here, Processes
from transitionsim.report import page_of, sentence_of
from transitionsim.report.figure import draw_figure
from transitionsim.report.header import header

SMALL = {"persons_per_agent": 20, "months": 36}
LONG_WORDED = {"basis": "registrations", "legal_status": "another law", "source": "another source"}


def design(draws=4, seeds=None, **arms):
    others = [Arm(label, scenario) for label, scenario in arms.items()] or [
        Arm("fast", fake.scenario(bev=1.0, **SMALL)),
        Arm("reskilling", fake.scenario(seats=1.2e7, **SMALL)),
    ]
    return comparison_design(Arm("current-policy", fake.scenario(**SMALL)), others, draws=draws, seeds=seeds)


class Backwards(Here):
    """An executor that finishes the last of four tasks first."""

    count = 4

    def __init__(self):
        self.waiting = []

    def open(self):
        return self

    def submit(self, task, /):
        future = Future()
        self.waiting.append((future, task))
        if len(self.waiting) == 4:
            for waiting, call in reversed(self.waiting):
                waiting.set_result(call())
        return future


def csv_of(folder, workers):
    write_plan(folder, design())
    assert work_through(folder, design(), workers, simulate=fake.simulate).complete
    return (folder / CSV).read_bytes()


def test_the_number_of_processes_and_the_order_of_completion_change_no_byte(tmp_path):
    one, two, back = (
        csv_of(tmp_path / str(place), workers) for place, workers in enumerate((Here(), Processes(2), Backwards()))
    )
    assert one == two == back
    assert b"\r" not in one
    assert one.startswith(b"scenario,role,point,draw,inputs,seed,region,year,month,indicator,unit,value\n")


def test_all_arms_of_a_draw_share_seed_and_values():
    found = design(draws=3)
    assert [arm.label for arm in found.arms] == [NO_TRANSITION, "current-policy", "fast", "reskilling", PLACEBO]
    assert [draw.seed for draw in found.draws] == [0, 1, 2]
    assert found.draws[0].values != found.draws[1].values
    assert {one.key for one in found.swept} == set(found.draws[0].values)
    assert "labour_content" in found.draws[0].values


def test_seeds_hold_inputs_fixed_and_the_header_says_so():
    found = run_design(design(seeds=2), processes=1, simulate=fake.simulate)
    assert not found.design.swept
    assert "simulation noise only, inputs held fixed" in header(found)


def test_a_key_that_an_arm_sets_itself_is_swept_in_no_arm():
    own = fake.scenario(**SMALL).with_values({"search.mobility": 0.4, "labour_content": "less"})
    found = design(mobile=own)
    keys = {one.key for one in found.swept}
    assert keys
    assert not keys & {"search.mobility", "labour_content"}


def test_no_transition_keeps_the_first_months_mix_and_volume_and_no_policy():
    scenario = fake.scenario(seats=1e6, demand={"volume": {"2024-01": 1.2, "2026-01": 0.8}}, **SMALL)
    frozen = no_transition_of(scenario)
    mix = frozen.electrification.mix.monthly(frozen.start, frozen.months)
    assert np.ptp(mix, axis=0).max() == 0
    assert (mix[0] == scenario.electrification.mix.monthly(scenario.start, 1)[0]).all()
    assert set(frozen.demand.volume.monthly(frozen.start, frozen.months)) == {1.0}
    assert frozen.policies == ()
    assert frozen.parameters == scenario.parameters


def test_no_transition_does_not_look_at_names():
    assert no_transition_of(fake.scenario("x")).digest() == no_transition_of(fake.scenario("y")).digest()


def test_the_placebo_pays_for_one_seat():
    """For one and never for two, with months to find somebody for it; in a short run in one month."""
    scenario = fake.scenario(persons_per_agent=5, months=36)
    seat = placebo_of(scenario).policies[-1]
    assert int(seat.in_force(scenario.start, scenario.months).sum()) == 12
    assert 1 <= seat.budget.number / (seat.cost_per_seat.number * scenario.persons_per_agent) < 2
    assert placebo_of(fake.scenario(months=6)).policies[-1].in_force(scenario.start, 6).sum() == 1


def test_equal_scenarios_in_other_words_are_run_once():
    reference = no_transition_of(fake.scenario(**SMALL))
    worded = reference.model_copy(update={"electrification": reference.electrification.model_copy(update=LONG_WORDED)})
    assert worded.digest() != reference.digest()
    assert essence(worded) == essence(reference)
    counted = []

    def counting(scenario, seed, *, rules=(), careers=False):
        counted.append(seed)
        return fake.simulate(scenario, seed, rules=rules)

    found = run_design(design(draws=2, same=worded), processes=1, simulate=counting)
    assert len(counted) == 2 * 3
    assert len(found.runs) == 2 * 4


def test_a_failed_run_is_a_row_and_the_others_go_on():
    found = run_design(design(seeds=4), processes=2, simulate=fake.simulate_failing)
    assert [(f.arm, f.seed, f.stage, f.cause) for f in found.failures] == [
        ("reskilling", 1, "running", "ZeroDivisionError: supplier 41 has no workers"),
        ("reskilling", 2, "recording", "recording: the disk is full"),
    ]
    assert len(found.runs) == 4 * 5 - 2
    assert "2 of 20 runs" in header(found)


def test_a_process_that_dies_fails_its_draws_and_hangs_nothing():
    found = run_design(design(seeds=2), processes=2, simulate=fake.simulate_dying)
    assert len(found.failures) == 2 * 5
    assert "ended without a word" in found.failures[0].cause


def test_an_interruption_ends_the_processes():
    def interrupt(done, total, failed):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_design(design(), processes=2, simulate=fake.simulate, progress=interrupt)
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("processes", [1, 2])
def test_progress_counts_runs_up_to_all(processes):
    seen = []

    def progress(*now):
        seen.append(now)

    run_design(design(seeds=2), processes=processes, simulate=fake.simulate, progress=progress)
    assert seen[0] == (0, 10, 0)
    assert seen[-1] == (10, 10, 0)
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: design(seeds=0), "--seeds: found 0, at least 1 is needed"),
        (lambda: design(draws=0), "--draws: found 0, at least 1 is needed"),
        (lambda: run_design(design(), processes=0), "--processes: found 0, at least 1 is needed"),
        (lambda: design(other=fake.scenario(persons_per_agent=20, months=12)), "other: months is 12"),
        (lambda: design(other=fake.scenario(region="DED", **SMALL)), "other: region is DED"),
        (lambda: comparison_design(Arm("a", fake.scenario()), [Arm("a", fake.scenario())]), "given twice"),
    ],
)
def test_what_cannot_be_run_is_one_sentence(call, text):
    with pytest.raises(InputError) as caught:
        call()
    assert text in str(caught.value)


def test_from_python_in_one_call(tmp_path):
    found = compare_scenarios(
        fake.scenario("now", **SMALL), [fake.scenario("fast", bev=1.0, **SMALL)], 3, 1, simulate=fake.simulate
    )
    assert set(found.table["scenario"]) == {"now", "fast", PLACEBO}
    assert "not a forecast" in draw_figure(found.results, found.table, tmp_path / "figure.png").lower()
    assert sentence_of(found.results, found.table) in " ".join(page_of(found.results, found.table).split())
