"""Every sentence that the author of a rule may read: declaration, reading and rehearsal."""

from __future__ import annotations

import math
import random
from math import sqrt

import numpy as np
import pytest

from transitionsim import arithmetic, reading
from transitionsim.columns import WORKER, Column, record_type
from transitionsim.compiling import both_ways
from transitionsim.engine import Sweep
from transitionsim.errors import InputError
from transitionsim.rule import Need, distinct, needs_of, rule, tables_with

TABLE = (
    Column("key", "u8", "", ""),
    Column("wage", "i4", "", ""),
    Column("status", "i1", "", ""),
    Column("weight", "f8", "", ""),
)
FIRMS = np.zeros(2, np.dtype([("key", "u8"), ("staff", "i4")]))
LIST = [1, 2]
ARRAY = np.zeros(2)


def world():
    return {"rate": 0.5, "months": 12, "hazard": np.array([0.1, 0.2]), "firms": FIRMS}


def rows(count=3):
    made = np.zeros(count, record_type(TABLE))
    made["wage"] = 100
    return made


def unmarked(x):
    return x + 1


@both_ways
def tricky(x):
    return math.floor(x) + random.random()


@both_ways
def meddle(firm):
    firm.staff = 3


@rule(on="workers", draws=("used",))
def other(worker, world, luck):
    """Another rule.

    With more to say.
    """
    worker.wage = 1


def sentences(body, *, draws=("fate",), interpret=None):
    """Return what is said about a body, with its line counted from the line of `def`."""
    with pytest.raises(InputError) as caught:
        sweep = Sweep([rule(on="workers", draws=draws)(body)], TABLE, world(), interpret=interpret)
        sweep.prepare(rows(), world())
    first = body.__code__.co_firstlineno
    for mistake in caught.value.mistakes:
        assert mistake.file.endswith("test_rule.py")
        assert mistake.text.startswith(f"rule {body.__name__}: ")
    return [(mistake.line - first, mistake.text.partition(": ")[2]) for mistake in caught.value.mistakes]


def says(body, text, line=1, **options):
    found = sentences(body, **options)
    assert len(found) == 1, found
    assert found[0][1].startswith(text), found
    assert found[0][0] == line, found


def test_a_rule_carries_its_declaration():
    assert (other.name, other.on, other.draws, other.meaning) == (
        "other",
        "workers",
        ("used",),
        "Another rule.",
    )
    assert other.file.endswith("test_rule.py")
    assert other.line == other.body.__code__.co_firstlineno

    class Agent:
        wage = 0

    agent = Agent()
    other(agent, None, None)
    assert agent.wage == 1


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
    assert found[0][1].startswith("writes world.firms[...].staff, but a rule may only")


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


# --- rehearsal -------------------------------------------------------------------------------------------


def test_a_number_that_does_not_fit():
    def body(worker, world, luck):
        worker.status = worker.wage + 100

    says(body, "writes 200 into the column 'status', which holds -128 to 127")


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


def test_a_table_used_as_an_agent():
    def body(worker, world, luck):
        worker.weight = world.hazard.mean()

    says(body, "world.hazard is a table of numbers without 'mean'; read it as world.hazard[...]")


def test_rehearsal_changes_nothing():
    mine, given = rows(), world()
    Sweep([other], TABLE, given).prepare(mine, given)
    assert mine["wage"].tolist() == [100, 100, 100]


def test_what_only_the_compiler_refuses_is_a_sentence_too():
    def body(worker, world, luck):
        if worker.wage < 0:
            breakpoint()

    found = sentences(body)
    assert len(found) == 1
    assert found[0][1].startswith("cannot be compiled: ")


# --- declarations ----------------------------------------------------------------------------------------


def declared(text, body=None, **options):
    def plain(worker, world, luck):
        pass

    with pytest.raises(InputError) as caught:
        rule(**{"on": "workers", **options})(body or plain)
    assert text in str(caught.value), str(caught.value)


def test_a_body_is_a_plain_function_of_three():
    seen = 3

    def two(worker, world):
        pass

    def named(worker, world, luck=None):
        pass

    def many(*parts):
        pass

    def yields(worker, world, luck):
        yield 1

    def closes(worker, world, luck):
        worker.wage = seen

    plain = "the body must be a plain function of (agent, world, luck), found "
    declared(f"{plain}parameters (worker, world)", two)
    declared(f"{plain}parameters (worker, world, luck=None)", named)
    declared(f"{plain}parameters (*parts)", many)
    declared(f"{plain}a lambda", lambda worker, world, luck: None)
    declared(f"{plain}a generator", yields)
    declared("found type, a plain function of (agent, world, luck) is needed", int)
    declared("the body uses 'seen' of an enclosing function", closes)


def test_declarations_are_checked():
    declared("draws is the text 'fate'; a tuple of names is needed, such as draws=('fate',)", draws="fate")
    declared("draw 'fate' is declared twice", draws=("fate", "fate"))
    declared("'early exit' is no name for a draw", draws=("early exit",))
    declared("column 'ties' has type 'f4'; allowed are f8, i1, i2, i4, ?", adds={"ties": "f4"})
    declared("column 'ties' has type 'u8'; allowed are", adds={"ties": "u8"})
    declared("both after and replaces are given", after="a", replaces="b")


GOOD = {"value": 0.1, "unit": "share", "range": (0, 1), "source": "assumption", "grade": "D"}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"grade": "E"}, "needs['tie']: grade 'E' is unknown; allowed are A, B, C, D"),
        ({"value": 2}, "needs['tie']: the value 2 lies outside its range 0 to 1"),
        ({"source": " "}, "needs['tie']: the source is empty"),
        ({"range": (0,)}, "needs['tie']: value must be a number and range two numbers"),
        ({"range": 1}, "needs['tie']: value must be a number and range two numbers"),
        ({"uni": "x"}, "needs['tie']: unknown key 'uni'; did you mean 'unit'?"),
    ],
)
def test_needs_are_checked(change, text):
    declared(text, needs={"tie": {**GOOD, **change}})


def test_needs_must_be_complete_and_agree():
    declared(
        "needs['tie']: 'grade' is missing", needs={"tie": {key: GOOD[key] for key in GOOD if key != "grade"}}
    )
    declared("needs['tie'] is no mapping", needs={"tie": 0.1})

    def first(worker, world, luck):
        pass

    def second(worker, world, luck):
        pass

    one = rule(on="workers", needs={"tie": GOOD})(first)
    two = rule(on="workers", needs={"tie": {**GOOD, "value": 0.2}})(second)
    assert needs_of([one]) == {"tie": Need(0.1, "share", (0, 1), "assumption", "D")}
    with pytest.raises(
        InputError, match=r"parameter 'tie' is given otherwise by rule first \(.*test_rule\.py:\d+\)"
    ):
        needs_of([one, two])


def test_two_rules_do_not_share_a_draw_or_a_name():
    @rule(on="workers", draws=("used",))
    def another(worker, world, luck):
        pass

    with pytest.raises(
        InputError, match=r"rule another: draw 'used' belongs to rule other \(.*test_rule\.py:\d+\)"
    ):
        Sweep([other, another], TABLE, world())
    with pytest.raises(InputError, match=r"the name is taken by the rule at .*test_rule\.py:\d+"):
        distinct([other, rule(on="workers")(other.body)])


def test_added_columns():
    def body(worker, world, luck):
        worker.ties = 1

    one = rule(on="workers", adds={"ties": "i2"})(body)
    table = tables_with([one], {"workers": TABLE})["workers"]
    assert (table[-1].name, table[-1].dtype) == ("ties", "i2")
    Sweep([one], table, {}, interpret=True)
    with pytest.raises(InputError, match="column 'ties' was not added to the table of workers"):
        Sweep([one], TABLE, {})
    with pytest.raises(InputError, match="workers have a column 'ties' already"):
        tables_with([one], {"workers": table})
    two = rule(on="workers", adds={"ties": "f8"})(body)
    with pytest.raises(InputError, match="another rule adds the column 'ties' with type 'i2'"):
        tables_with([one, two], {"workers": TABLE})


def test_populations():
    with pytest.raises(InputError, match="there is no population 'workers'; did you mean 'worker'?"):
        tables_with([other], {"worker": TABLE})

    @rule(on="firms")
    def elsewhere(worker, world, luck):
        pass

    with pytest.raises(InputError, match="is on firms, but its sweep is over workers"):
        Sweep([other, elsewhere], TABLE, world())
    with pytest.raises(InputError, match="declares luck, but workers have no column 'key'"):
        Sweep([other], TABLE[1:], world())
    with pytest.raises(ValueError, match="at least one rule"):
        Sweep([], WORKER, {})
