"""What a step uses is found in its source: through helpers, aliases, loops over names and tables handed on."""

from __future__ import annotations

import numpy as np

from transitionsim.compiling import both_ways, compiled
from transitionsim.policies import populations
from transitionsim.rule import rule, tables_with
from transitionsim.rules.work import look_for_work
from transitionsim.steps import match_jobs, post_vacancies
from transitionsim.usage import place_of, usage_of


@both_ways
def far_off(person, around):
    return person.exit_month - around.month > 12 and around.employers[person.employer].sector == 0


@rule(on="workers", after="look_for_work", adds={"ties": "i2"})
def lean_on_ties(worker, world, luck):
    """People with many ties apply more."""
    if not far_off(worker, world):
        return
    rate = world.search_jobless[worker.profile]
    if rate < 0.1:
        rate = world.search_employed[worker.profile]
    worker.ties += 1
    worker.applications = min(2, int(rate * worker.ties))


@compiled
def fill(table, source, own):
    for f in range(len(own)):
        table[f] = source[0] * own[f].wage
        own[f].scar = 1


def meddle(state):
    """A step that writes in every way."""
    world, workers = state.world, state.workers
    rows = np.arange(3)
    for name in ("since", "hired"):
        workers[name][rows] = state.month
    world["month"] += 1
    np.add.at(state.employers["staff"], rows, 1)
    fill(world["pull"], world["attraction"], workers.take(rows))
    tables = (world["required"], rows)
    hand_on(state, *tables)

    def tenure(name):
        return state.value(f"tenure.{name}")

    return [tenure(key) for key in ("new_months", "ratio_new_to_old")]


def hand_on(state, required, rows):
    """Write into a table that came in a tuple."""
    required[rows] = state.value("search.mobility")


def named(parts):
    return sorted(f"{part.owner}.{part.name}" for part in parts)


def test_a_rule_is_followed_into_its_helpers_whatever_they_call_their_parameters():
    used = usage_of(lean_on_ties, tables_with([lean_on_ties], populations()))
    assert named(used.read) == [
        "employers.sector", "workers.employer", "workers.exit_month", "workers.profile", "workers.ties",
        "world.employers", "world.month", "world.search_employed", "world.search_jobless",
    ]  # fmt: skip
    assert named(used.written) == ["workers.applications", "workers.ties"]
    assert used.of("workers")["ties"] == "read, written"
    assert used.calls == [far_off]


def test_a_step_is_followed_into_kernels_and_tuples():
    used = usage_of(meddle, populations())
    assert named(used.written) == [
        "employers.staff", "workers.hired", "workers.scar", "workers.since", "world.month", "world.pull",
        "world.required",
    ]  # fmt: skip
    assert {"world.attraction", "workers.wage", "register.search.mobility"} <= set(named(used.read))
    assert {"register.tenure.new_months", "register.tenure.ratio_new_to_old"} <= set(named(used.read))
    assert "world.pull" not in named(used.read), "it is handed to a kernel that only writes it"
    assert [one.__name__ for one in used.calls] == ["fill", "hand_on"]


def test_parameters_are_found_by_their_key_and_through_the_world():
    assert usage_of(look_for_work, populations()).parameters == ("search.mobility", "training.lock_in")
    found = usage_of(match_jobs, populations()).parameters
    assert {"wages.curve_elasticity", "training.certificate_discount"} <= set(found)
    assert len(found) == len(set(found))


def test_a_column_of_the_name_of_a_parameter_is_none():
    """``months_in_red`` is a column of employers and a name of the world."""
    from transitionsim.rules.firms import keep_the_books, plan_staff

    assert "firing.months_in_red" not in usage_of(keep_the_books, populations()).parameters
    assert "firing.months_in_red" in usage_of(plan_staff, populations()).parameters


def test_tables_that_are_only_written_are_not_read():
    assert usage_of(post_vacancies, populations()).of("world")["lacking"] == "written"
    assert usage_of(post_vacancies, populations()).of("world")["pull"] == "read, written"


def test_places_are_relative_to_the_package_or_as_typed():
    assert place_of(look_for_work).startswith("rules/work.py:")
    assert place_of(match_jobs).startswith("steps/work.py:")
    assert place_of(lean_on_ties).endswith(f"test_usage.py:{lean_on_ties.line}")
