"""Every sentence about what a rule does when it is tried on a few rows, and what the compiler says."""

from __future__ import annotations

import pytest
from ways_to_err import TABLE, other, rows, says, sentences, world

from transitionsim.compiling import both_ways
from transitionsim.engine import Sweep
from transitionsim.errors import InputError
from transitionsim.rule import rule

# --- rehearsal -------------------------------------------------------------------------------------------


def test_a_number_that_does_not_fit():
    def body(worker, world, luck):
        worker.status = worker.wage + 100

    says(body, "writes status 200; -127 to 127 is allowed")


def test_a_part_that_may_not_hold_a_number():
    def body(worker, world, luck):
        worker.skills[world.months - 11] = worker.wage + 1

    says(body, "writes skills[1] 101; 0 to 100 is allowed")


def test_a_fraction_in_a_column_of_whole_numbers():
    def body(worker, world, luck):
        worker.wage = worker.wage * 1.5

    says(body, "writes the fraction 150.0 into the whole-number column 'wage'; write int(...) of it")


def test_something_that_is_no_number():
    def body(worker, world, luck):
        worker.wage = None

    says(body, "writes NoneType into the column 'wage'; a number is needed")


def test_luck_is_tried_low_and_high():
    def body(worker, world, luck):
        if luck.fate > 0.99:
            worker.wage = worker.wage // (worker.wage - 100)

    says(body, "divides by zero", 2)


def test_an_entry_that_is_not_there():
    def body(worker, world, luck):
        worker.weight = world.hazard[world.months]

    says(body, "world.hazard has 2 entries, number 12 was asked for")


def test_an_index_that_is_no_whole_number():
    def body(worker, world, luck):
        worker.weight = world.hazard[luck.fate]

    says(body, "world.hazard is indexed by whole numbers, found 0.0")


def test_rehearsal_changes_nothing():
    mine, given = rows(), world()
    Sweep([other], TABLE, given).prepare(mine, given)
    assert mine["wage"].tolist() == [100, 100, 100]


def test_what_only_the_compiler_refuses_is_a_sentence_too():
    def body(worker, world, luck):
        if worker.wage < 0:
            breakpoint()

    says(body, "cannot be compiled: Untyped global name 'breakpoint'", 2)


@both_ways
def spoil(table):
    table[0] = 1.0
    return 0


def test_a_helper_may_not_write_though_no_row_reaches_it():
    def body(worker, world, luck):
        if worker.wage < 0:
            worker.wage = spoil(world.hazard)

    ((_, said),) = sentences(body)
    assert said == "writes table[0] in a helper; return the value, and let the rule write its own agent"


def test_an_operation_that_does_not_exist():
    def body(worker, world, luck):
        if worker.wage < 0:
            worker.wage = len(world.rate)

    says(body, "cannot be compiled: no such operation: len(float64)", 2)


UNREAD = """
def unread(worker, world, luck):
    worker.wage = {}
"""


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("worker.waqe", "workers have no column 'waqe'; did you mean 'wage'?"),
        ("worker.key", "the key is the address of the agent's luck and not readable"),
        ("world.rte", "the world has no 'rte'; did you mean 'rate'?"),
        ("world.rate", "writes the fraction 0.5 into the whole-number column"),
        ("luck.fat", "the rule declares no draw 'fat'; did you mean 'fate'?"),
        ("world.firms[0].stff", "firms have no column 'stff'; did you mean 'staff'?"),
        ("world.firms.stff[0]", "firms have no column 'stff'; did you mean 'staff'?"),
        ("world.hazard.mean()", "world.hazard is a table of numbers without 'mean'"),
        ("world.hazard[0, 0]", "world.hazard has 2 entries"),
        ("world.firms[5].staff", "world.firms has 2 entries, number 5 was asked for"),
        ("worker.skills[3]", "reads skills[3]; skills[0] to skills[2] is allowed"),
        ("worker.skills[luck.fate]", "skills is indexed by whole numbers, found 0.0"),
        ("worker.skills[worker.wage == 100]", "skills is indexed by whole numbers, found True"),
        ("worker.skills", "writes PartsView into the column 'wage'; a number is needed"),
        ("0\n    worker.skills = 5", "writes skills whole; write it part by part, skills[k] = ..."),
        ("0\n    worker.skills[-4] = 5", "writes skills[-4]; skills[0] to skills[2] is allowed"),
    ],
)
def test_a_rule_without_source_is_rehearsed_all_the_same(expression, said):
    place = {}
    exec(UNREAD.format(expression), place)
    made = rule(on="workers", draws=("fate",))(place["unread"])
    with pytest.raises(InputError) as caught:
        Sweep([made], TABLE, world()).prepare(rows(), world())
    assert said in str(caught.value)
