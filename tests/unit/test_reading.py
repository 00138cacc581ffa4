"""Every sentence about the source of a rule, also in branches that no row reaches."""

from __future__ import annotations

import math
import random
from math import sqrt

import numpy as np
import pytest
from ways_to_err import TABLE, other, says, sentences, world

from transitionsim import arithmetic, reading
from transitionsim.compiling import both_ways
from transitionsim.rule import rule

LIST = [1, 2]
ARRAY = np.zeros(2)


def unmarked(x):
    return x + 1


@both_ways
def tricky(x):
    return math.floor(x) + random.random()


@both_ways
def meddle(firm):
    firm.staff = 3


# --- names, in branches that no row reaches ----------------------------------------------------------------


def test_a_misspelt_column():
    def body(worker, world, luck):
        if worker.wage < 0:
            worker.wage = worker.waqe

    says(body, "workers have no column 'waqe'; did you mean 'wage'?", 2)


def test_a_write_of_an_unknown_column():
    def body(worker, world, luck):
        if worker.wage < 0:
            worker.stat_us = 3

    says(body, "workers have no column 'stat_us'; did you mean 'status'?", 2)


def test_a_misspelt_field_of_the_world():
    def body(worker, world, luck):
        if worker.wage < 0:
            worker.weight = world.rte

    says(body, "the world has no 'rte'; did you mean 'rate'?", 2)


def test_a_misspelt_draw():
    def body(worker, world, luck):
        if worker.wage < 0 and luck.fatte < 0.5:
            worker.wage = 0

    says(body, "the rule declares no draw 'fatte'; did you mean 'fate'?")


def test_luck_without_a_draw():
    def body(worker, world, luck):
        worker.weight = luck.fate

    says(body, "the rule declares no draw 'fate'; declare it: draws=('fate',)", draws=())


def test_a_misspelt_column_of_another_population():
    def body(worker, world, luck):
        if worker.wage < 0:
            firm = world.firms[0]
            worker.wage = firm.stff + world.firms[1].staf

    assert [text for _, text in sentences(body)] == [
        "firms have no column 'staf'; did you mean 'staff'?",
        "firms have no column 'stff'; did you mean 'staff'?",
    ]


def test_an_unknown_name():
    def body(worker, world, luck):
        if worker.wage < 0:
            worker.wage = LISST  # noqa: F821

    says(body, "'LISST' is not defined; did you mean 'LIST'?", 2)


def test_a_table_used_as_an_agent():
    def body(worker, world, luck):
        if worker.wage < 0:
            worker.weight = world.hazard.mean()

    says(body, "uses world.hazard.mean; a table of numbers is read entry by entry", 2)


def test_a_part_under_the_name_that_tables_show():
    def body(worker, world, luck):
        if worker.wage < 0:
            worker.skill_b = 3

    says(body, "workers have no column 'skill_b'; a rule knows it as skills[1]", 2)


def test_a_part_that_is_not_there():
    def body(worker, world, luck):
        if worker.wage < 0:
            worker.skills[16] = 1
            worker.wage = worker.skills[3]

    assert [text for _, text in sentences(body)] == [
        "writes skills[16]; skills[0] to skills[2] is allowed",
        "reads skills[3]; skills[0] to skills[2] is allowed",
    ]


def test_several_parts_at_once():
    def body(worker, world, luck):
        if worker.wage < 0:
            worker.skills[0:2] = 1
            worker.wage = worker.skills[0, 1]

    assert [text for _, text in sentences(body)] == [
        "uses worker.skills[0:2]; a part is one whole number",
        "uses worker.skills[0, 1]; a part is one whole number",
    ]


def test_a_column_of_parts_taken_whole():
    def write(worker, world, luck):
        worker.skills = 5

    def compare(worker, world, luck):
        if worker.skills == 3:
            worker.wage = worker.skills.sum()

    whole = "uses worker.skills whole; it is read and written part by part, as worker.skills[k]"
    assert sentences(write) == [(1, whole)]
    assert sentences(compare) == [(1, whole), (2, whole)]


def test_a_column_of_parts_under_another_name():
    def body(worker, world, luck):
        held = worker.skills
        held[16] = 1

    assert [text for _, text in sentences(body)] == [
        "uses worker.skills whole; it is read and written part by part, as worker.skills[k]",
        "writes held[16], but a rule may only change its own agent; use a market or a policy",
    ]


# --- writes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("interpret", [True, False])
def test_a_write_to_the_world(interpret):
    def body(worker, world, luck):
        if worker.wage < 0:
            world.rate = 0.0

    says(
        body,
        "writes world.rate, but a rule may only change its own agent; use a market",
        2,
        interpret=interpret,
    )


def test_a_write_to_an_entry_of_the_world():
    def body(worker, world, luck):
        world.hazard[worker.status] += 0.1

    says(body, "writes world.hazard[worker.status], but a rule may only change its own agent")


def test_a_write_to_another_agent():
    def body(worker, world, luck):
        world.firms[0].staff -= 1

    says(body, "writes world.firms[0].staff, but a rule may only")


def test_a_write_to_another_agent_under_another_name():
    def body(worker, world, luck):
        firm = world.firms[0]
        firm.staff = 7

    says(body, "writes firm.staff, but a rule may only", 2)


def test_a_write_to_another_agent_inside_a_helper():
    def body(worker, world, luck):
        meddle(world.firms[0])

    found = sentences(body)
    assert found[0][1] == "writes firm.staff in a helper; return the value, and let the rule write its own agent"


def test_a_parameter_is_not_assigned():
    def body(worker, world, luck):
        if worker.wage < 0:
            luck = 0.5
            worker.weight = luck

    says(body, "assigns to 'luck' itself; write to its columns", 2)


@pytest.mark.parametrize("interpret", [True, False])
def test_the_key_is_not_read(interpret):
    def body(worker, world, luck):
        if worker.wage < 0:
            worker.wage = worker.key

    says(body, "reads the key, which is the address of the agent's luck", 2, interpret=interpret)


def test_the_key_of_another_agent_is_not_read():
    def body(worker, world, luck):
        worker.wage = world.firms[0].key % 3

    says(body, "reads the key")


# --- what would differ between the engines ---------------------------------------------------------------


def test_powers():
    def body(worker, world, luck):
        worker.weight = worker.weight**2

    says(body, "uses **; use transitionsim.arithmetic.power")


def test_modules_of_python():
    def body(worker, world, luck):
        worker.weight = math.exp(0.1) + np.exp(0.1) + random.random()

    assert [text.partition(";")[0] for _, text in sentences(body)] == [
        "uses the module 'math'",
        "uses the module 'np'",
        "uses the module 'random'",
    ]


def test_functions_of_python():
    def body(worker, world, luck):
        worker.weight = sqrt(2.0)

    found = sentences(body)
    assert found == [(1, found[0][1])]
    assert found[0][1].startswith("reads 'sqrt', a builtin_function_or_method; a rule may read numbers")


def test_rounding_and_other_functions():
    def body(worker, world, luck):
        worker.wage = round(worker.weight)
        worker.wage = sum((1, 2))

    assert [text.partition(";")[0] for _, text in sentences(body)] == [
        "uses round, which differs between engines",
        "uses 'sum'",
    ]


def test_forms_that_are_not_plain_statements():
    def body(worker, world, luck):
        values = [worker.wage]
        try:
            worker.wage = ~values[0]
        except IndexError:
            worker.wage = max(x for x in values)

    assert [(line, text.partition(",")[0].partition(";")[0]) for line, text in sentences(body)] == [
        (1, "uses a list"),
        (2, "uses try"),
        (3, "uses ~"),
        (4, "uses 'IndexError'"),
        (5, "uses a generator expression"),
    ]


def test_globals_that_are_no_numbers():
    def body(worker, world, luck):
        worker.wage = LIST[0]
        worker.weight = ARRAY[0]

    assert [text.partition(";")[0] for _, text in sentences(body)] == [
        "reads 'LIST', a list",
        "reads 'ARRAY', a ndarray",
    ]


def test_helpers_need_their_mark_and_are_read_too():
    def body(worker, world, luck):
        worker.wage = unmarked(worker.wage)

    def second(worker, world, luck):
        worker.weight = tricky(worker.weight)

    says(body, "calls 'unmarked', which lacks the mark @both_ways")
    assert [text.partition(";")[0] for _, text in sentences(second)] == [
        "uses the module 'math'",
        "uses the module 'random'",
    ]


def test_rules_do_not_call_rules():
    def body(worker, world, luck):
        other(worker, world, luck)

    says(body, "uses the rule 'other'; rules run one after the other")


def test_modules_of_this_package_are_welcome():
    @rule(on="workers")
    def body(worker, world, luck):
        worker.weight = arithmetic.exp(0.0)

    assert reading.read(body, TABLE, world()) == []
