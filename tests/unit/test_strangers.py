"""A stranger's rule cannot corrupt a run: what it writes is looked at before anyone reads it, in both engines."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numba
import numpy as np
import pytest

from transitionsim import cache, worker
from transitionsim.cli import main
from transitionsim.columns import (
    CLOSURE,
    UNEMPLOYED,
    Column,
    by_name,
    out_of_range,
    record_type,
    type_limits,
)
from transitionsim.compiling import both_ways
from transitionsim.draws import agent_keys
from transitionsim.engine import Sweep
from transitionsim.errors import AuditError, InputError
from transitionsim.model import TransitionModel, state_of
from transitionsim.policies import populations
from transitionsim.rule import rule
from transitionsim.rules.learning import can_do
from transitionsim.worker import leave_employer, recently_displaced

TABLE = (
    Column("key", "u8", "", ""),
    Column("firm", "i4", "row", "", -1, None, "firms"),
    Column("code", "i1", "code", "", 0, codes=("red", "green")),
    Column("small", "i1", "", ""),
    Column("money", "f8", "", "", 0, None),
    Column("seen", "i2", "", ""),
    Column("skills", "i1", "hundredths", "", 0, 100, parts=("skill_a", "skill_b", "skill_c")),
)
FIRMS = np.ones(3, np.dtype([("pay", "f8")]))
BOTH = pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])


def things(count=40):
    rows = np.zeros(count, record_type(TABLE))
    rows["key"] = agent_keys("ES22", "things", count)
    rows["seen"] = np.arange(count)
    return rows


def world(**values):
    return {"month": 0, "firms": FIRMS, "rates": np.array([0.5, 0.25]), **values}


def said(body, *others, interpret, rows=None, **values):
    """Return rows and the one sentence about a rule that goes wrong in row 30 only, where no rehearsal looks."""
    made = rule(on="things", draws=("fate",))(body)
    rows = things() if rows is None else rows
    with pytest.raises(InputError) as caught:
        Sweep([made, *others], TABLE, world(**values), interpret=interpret)(rows, world(**values), 1, 0)
    (mistake,) = caught.value.mistakes
    assert mistake.file.endswith("test_strangers.py")
    return rows, mistake.line - body.__code__.co_firstlineno, mistake.text.partition(": ")[2]


@BOTH
def test_a_number_that_its_column_may_not_hold(interpret):
    def body(thing, world, luck):
        if thing.seen == 30:
            thing.firm = 1_000_000

    rows, line, text = said(body, interpret=interpret)
    assert (line, text) == (2, "writes firm 1000000; -1 to 2 is allowed")
    assert rows["firm"].max() == 0


@BOTH
@pytest.mark.parametrize("value", [256, 257, -255, 2**32, 2**40 + 1])
def test_a_number_that_would_fit_once_it_is_cut_off(interpret, value):
    def body(thing, world, luck):
        if thing.seen == 30:
            thing.code = world.huge

    _, _, text = said(body, interpret=interpret, huge=value)
    assert text == f"writes code {value}; 0 to 1 is allowed (red, green)"


@BOTH
def test_a_rule_that_errs_leaves_its_row_as_it_was(interpret):
    def body(thing, world, luck):
        if thing.seen == 30:
            thing.skills[1] = 5
            thing.small = 5
            thing.firm = 99
            thing.money = 7.0

    rows, _, _ = said(body, interpret=interpret)
    assert (rows["small"][30], rows["firm"][30], rows["money"][30]) == (0, 0, 0.0)
    assert not rows["skills"].any()


@BOTH
@pytest.mark.parametrize(
    ("place", "value", "said_of_it"),
    [
        (3, 1, "writes skills[3]; skills[0] to skills[2] is allowed"),
        (16, 1, "writes skills[16]; skills[0] to skills[2] is allowed"),
        (-4, 1, "writes skills[-4]; skills[0] to skills[2] is allowed"),
        (2**40, 1, "writes skills[1099511627776]; skills[0] to skills[2] is allowed"),
        (2, 101, "writes skills[2] 101; 0 to 100 is allowed"),
        (-1, 256, "writes skills[2] 256; 0 to 100 is allowed"),
        (0, -1, "writes skills[0] -1; 0 to 100 is allowed"),
    ],
)
def test_a_part_that_is_not_there_and_a_number_that_a_part_may_not_hold(interpret, place, value, said_of_it):
    def body(thing, world, luck):
        if thing.seen == 30:
            thing.skills[world.place] = world.value

    rows, line, text = said(body, interpret=interpret, place=place, value=value)
    assert (line, text) == (2, said_of_it)
    assert (rows["key"] == things()["key"]).all(), "the rows behind it are other people"
    assert not rows["skills"].any()


@BOTH
def test_a_part_that_is_not_there_is_not_read_either(interpret):
    def body(thing, world, luck):
        if thing.seen == 30:
            thing.seen = thing.skills[world.place]

    assert said(body, interpret=interpret, place=3)[1:] == (2, "reads skills[3]; skills[0] to skills[2] is allowed")


@both_ways
def held_at(thing, place):
    return thing.skills[place]


@BOTH
def test_nor_by_a_helper(interpret):
    def body(thing, world, luck):
        if thing.seen == 30:
            thing.seen = held_at(thing, world.place)

    _, _, text = said(body, interpret=interpret, place=3)
    assert text == "reads skills[3]; skills[0] to skills[2] is allowed"


@BOTH
def test_parts_are_read_and_written_by_their_place(interpret):
    @rule(on="things")
    def learns(thing, world, luck):
        for k in range(len(thing.skills)):
            thing.skills[k] = 90 + k
        thing.skills[0] = thing.skills[0] + 300
        thing.skills[0] -= 300
        thing.skills[-1] += held_at(thing, 1) - 90

    rows = things()
    Sweep([learns], TABLE, world(), interpret=interpret)(rows, world(), 1, 0)
    assert rows["skills"].tolist() == [[90, 91, 93]] * len(rows)
    assert (rows["key"] == things()["key"]).all()


@BOTH
def test_what_parts_held_before_is_not_the_doing_of_a_rule_that_reads_them(interpret):
    @rule(on="things")
    def looks(thing, world, luck):
        thing.seen = thing.skills[1]

    rows = things()
    rows["skills"] = [-7, -8, -9]
    Sweep([looks], TABLE, world(), interpret=interpret)(rows, world(), 1, 0)
    assert set(rows["seen"]) == {-8}
    assert rows["skills"].tolist() == [[-7, -8, -9]] * len(rows)


def test_a_fraction_in_a_part_is_refused_where_no_rehearsal_looks():
    def body(thing, world, luck):
        if thing.seen == 30:
            thing.skills[1 if world.month == 0 else 2] = 1.5

    for interpret, text in (
        (False, "writes a fraction into a part of a whole-number column; write int(...) of it"),
        (True, "writes the fraction 1.5 into the whole-number column 'skills'; write int(...) of it"),
    ):
        assert said(body, interpret=interpret)[1:] == (2, text)


@BOTH
def test_a_column_without_a_range_holds_what_fits_its_type(interpret):
    def body(thing, world, luck):
        if thing.seen == 30:
            thing.small = thing.small - 128

    _, _, text = said(body, interpret=interpret)
    assert text == "writes small -128; -127 to 127 is allowed"


@BOTH
@pytest.mark.parametrize("number", ["1e308 * 10", "(1e308 * 10) - (1e308 * 10)"])
def test_a_number_without_end_or_none_at_all(interpret, number):
    def body(thing, world, luck):
        if thing.seen == 30:
            huge = 1e308 * world.ten
            thing.money = huge if world.endless else huge - huge

    _, _, text = said(body, interpret=interpret, ten=10.0, endless="-" not in number)
    assert text.startswith("writes money inf; 0 to" if "-" not in number else "writes money nan; 0 to")


@BOTH
def test_the_next_rule_of_the_same_pass_does_not_see_it(interpret):
    @rule(on="things")
    def reader(thing, world, luck):
        thing.money = world.firms[thing.firm].pay

    def body(thing, world, luck):
        if thing.seen == 30:
            thing.firm = 7

    rows, _, text = said(body, reader, interpret=interpret)
    assert text == "writes firm 7; -1 to 2 is allowed"
    assert rows["money"][:30].tolist() == [1.0] * 30
    assert rows["money"][30] == 0.0


@BOTH
def test_what_is_mended_within_the_rule_is_no_mistake(interpret):
    @rule(on="things")
    def counts(thing, world, luck):
        thing.code = 100
        thing.firm = thing.code - 98
        thing.code = 1

    rows = things()
    Sweep([counts], TABLE, world(), interpret=interpret)(rows, world(), 1, 0)
    assert set(rows["code"]) == {1}
    assert set(rows["firm"]) == {2}


@BOTH
def test_a_table_of_the_world_is_read_beyond_its_end(interpret):
    def body(thing, world, luck):
        if thing.seen == 30:
            thing.money = world.rates[thing.seen]

    _, line, text = said(body, interpret=interpret)
    assert (line, text) == (2, "world.rates has 2 entries, number 30 was asked for")


@both_ways
def rate_of(world, number):
    return world.rates[number]


@BOTH
def test_so_does_a_helper(interpret):
    def body(thing, world, luck):
        if thing.seen == 30:
            thing.money = rate_of(world, thing.seen)

    assert said(body, interpret=interpret)[2] == "world.rates has 2 entries, number 30 was asked for"


@both_ways
def hand_over(thing, number):
    thing.firm = number
    return True


@both_ways
def dismissed(thing, month):
    leave_employer(thing, month)
    return True


@both_ways
def spend(firm):
    firm.pay = 9.0
    return True


@numba.njit
def raw(world, number):
    return world.rates[number]


def refused(body, interpret):
    made = rule(on="things", draws=("fate",))(body)
    with pytest.raises(InputError) as caught:
        Sweep([made], TABLE, world(), interpret=interpret)
    return [mistake.text for mistake in caught.value.mistakes]


@BOTH
def test_a_helper_writes_nothing_neither_its_own_agent_nor_the_world(interpret):
    def own(thing, world, luck):
        if thing.seen == 30 and hand_over(thing, 9):
            thing.small = 1

    def others(thing, world, luck):
        if thing.seen == 30 and spend(world.firms[0]):
            thing.small = 1

    told = "in a helper; return the value, and let the rule write its own agent"
    assert refused(own, interpret) == [f"rule own: writes thing.firm {told}"]
    assert refused(others, interpret) == [f"rule others: writes firm.pay {told}"]
    assert FIRMS["pay"].tolist() == [1.0] * 3


@BOTH
def test_a_helper_of_the_house_that_writes_is_the_houses(interpret):
    def by_name(thing, world, luck):
        if thing.seen == 30:
            leave_employer(thing, world.month)

    def by_module(thing, world, luck):
        if thing.seen == 30:
            worker.leave_course(world.firms[0])

    def by_a_helper(thing, world, luck):
        if thing.seen == 30 and dismissed(thing, world.month):
            thing.small = 1

    told = "which writes in a helper; return the value, and let the rule write its own agent"
    assert refused(by_name, interpret) == [f"rule by_name: calls leave_employer, {told}"]
    assert refused(by_module, interpret) == [f"rule by_module: calls worker.leave_course, {told}"]
    assert refused(by_a_helper, interpret) == [f"rule by_a_helper: calls leave_employer, {told}"]


@BOTH
def test_a_rule_of_the_house_hands_it_nothing_but_its_own_agent(interpret):
    @rule(on="things")
    def robs(thing, world, luck):
        worker.leave_course(world.firms[0])

    robs.body.__module__ = "transitionsim.rules.life"
    with pytest.raises(
        InputError, match=r"writes world\.firms\[\.\.\.\]\.course, but a rule may only change its own agent"
    ):
        Sweep([robs], TABLE, world(), interpret=interpret).prepare(things(), world())


@BOTH
def test_a_helper_compiled_by_itself_would_check_nothing(interpret):
    def body(thing, world, luck):
        thing.money = raw(world, thing.seen)

    (text,) = refused(body, interpret)
    assert text.startswith("rule body: calls 'raw', which is compiled by itself; mark it @both_ways")


@both_ways
def ratio(x, y):
    return x // y


@BOTH
@pytest.mark.parametrize("form", ["fraction", "whole", "rest", "unused", "cut", "helper"])
def test_division_by_zero_is_a_sentence_in_both_engines(interpret, form):
    def fraction(thing, world, luck):
        thing.money = abs(1.0 / (thing.seen - 30))

    def whole(thing, world, luck):
        thing.small = 7 // (thing.seen - 30)

    def rest(thing, world, luck):
        thing.small = 7 % (thing.seen - 30)

    def unused(thing, world, luck):
        if 1.0 / (thing.seen - 30) > 3.0:
            thing.small = 1

    def cut(thing, world, luck):
        thing.small = int(min(100.0, max(-100.0, 1000.0 / (thing.seen - 30))))

    def helper(thing, world, luck):
        thing.small = ratio(7, thing.seen - 30)

    body = {one.__name__: one for one in (fraction, whole, rest, unused, cut, helper)}[form]
    _, _, text = said(body, interpret=interpret)
    assert text.partition(":")[0] == "divides by zero"


@BOTH
def test_what_a_rule_leaves_as_it_was_is_not_its_doing(interpret):
    @rule(on="things")
    def innocent(thing, world, luck):
        if thing.seen == 30 and world.month > 99:
            thing.small = 3
            thing.money = 0.0
        thing.firm = 1

    rows = things()
    rows["small"], rows["money"] = -128, np.nan
    Sweep([innocent], TABLE, world(), interpret=interpret)(rows, world(), 1, 0)
    assert set(rows["firm"]) == {1}


def test_a_variable_that_may_have_no_value_is_refused_compiled_and_where_it_happens():
    def body(thing, world, luck):
        if thing.seen != 30:
            number = 1
        thing.small = number

    for interpret, text in (
        (False, "cannot be compiled: 'number' may have no value here; give it one before"),
        (True, "UnboundLocalError: cannot access local variable 'number' where it is not associated with a value"),
    ):
        _, line, told = said(body, interpret=interpret)
        assert (line, told) == (3, text)


@BOTH
def test_a_step_of_nothing_and_a_number_that_is_none_are_sentences(interpret):
    def step(thing, world, luck):
        for i in range(0, 5, 30 - thing.seen):
            thing.small = i

    _, line, text = said(step, interpret=interpret, rows=things()[20:])
    assert (line, text) == (1, "ValueError: range() arg 3 must not be zero")


def test_a_fraction_that_no_rehearsal_reached_is_refused_each_time(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def body(thing, world, luck):
        if thing.seen == 30:
            thing.firm = thing.firm * 1.5

    for _ in range(2):
        _, line, text = said(body, interpret=False)
        assert (line, text) == (2, "writes a fraction into the whole-number column 'firm'; write int(...) of it")
        for name in [name for name in cache.sys.modules if name.startswith("transitionsim_things")]:
            del cache.sys.modules[name]


@BOTH
def test_luck_is_the_same_when_the_mistake_is_looked_for(interpret):
    def body(thing, world, luck):
        thing.firm = 5 if luck.fate < 0.1 and world.month == 0 and thing.seen % 5 != 0 and thing.seen % 11 != 5 else 0

    assert said(body, interpret=interpret)[2] == "writes firm 5; -1 to 2 is allowed"


# --- in a run ----------------------------------------------------------------------------------------------


@rule(on="workers", after="look_for_work")
def late(worker, world, luck):
    """A person without a job goes to a firm that is not there, after a while."""
    if worker.status == UNEMPLOYED and world.month == 3:
        worker.employer = 500


@rule(on="workers", after="audit")
def last(worker, world, luck):
    """The last rule of a month is run as any other."""
    if world.month == 2:
        worker.employer = 500


@rule(on="workers", replaces="move_away")
def move_away(worker, world, luck):
    """A rule under the name of one that rests where nobody moves."""
    if world.month == 2:
        worker.employer = 500


@rule(on="workers", after="look_for_work")
def asks(worker, world, luck):
    """Asks a helper of the house about a profile that is not there."""
    if world.month == 2 and can_do(worker, world, 99):
        worker.applications = 1


@BOTH
@pytest.mark.parametrize(
    ("own", "text"),
    [
        (late, "writes employer 500; -1 to"),
        (last, "writes employer 500; -1 to"),
        (move_away, "writes employer 500; -1 to"),
        (asks, "world.requirement has 22 x 8 entries, number (99, 0) was asked"),
    ],
)
def test_a_run_stops_at_the_rule(small, interpret, own, text):
    scenario = small("reskilling", persons_per_agent=20, months=6)
    with pytest.raises(InputError, match="test_strangers") as caught:
        TransitionModel(scenario, rng=1, rules=[own], interpret=interpret).run()
    assert text in str(caught.value)


@rule(on="workers", after="look_for_work")
def lets_go(worker, world, luck):
    """Everybody loses the job, and keeps the employer."""
    if world.month == 1:
        worker.status = UNEMPLOYED


@rule(on="workers", after="look_for_work", adds={"late": "i1"})
def asks_the_house(worker, world, luck):
    """Marks who has lost a job of late."""
    worker.late = recently_displaced(worker, world.month)


@BOTH
def test_a_helper_of_the_house_that_reads_is_everybodys(small, interpret):
    scenario = small("fast", persons_per_agent=20, months=1)
    model = TransitionModel(scenario, rng=1, rules=[asks_the_house], interpret=interpret)
    model.workers[:40].set("cause", CLOSURE).set("left_month", -23)
    model.workers[40:80].set("cause", CLOSURE).set("left_month", -24)
    marked = model.run().workers.late > 0
    assert marked[:40].sum() > 30, "a few have another job or life since"
    assert not marked[40:].any()


def test_an_identity_that_breaks_names_the_rules_that_took_part(small):
    model = TransitionModel(small("fast", persons_per_agent=20, months=3), rng=1, rules=[lets_go])
    with pytest.raises(AuditError, match=r"rules of your own take part: lets_go \(.*test_strangers.py:\d+\)"):
        model.run()


BAD = """
from transitionsim.columns import UNEMPLOYED
from transitionsim.rule import rule


@rule(on="workers", after="look_for_work")
def go_to_firm(worker, world, luck):
    if worker.status == UNEMPLOYED:
        worker.employer = 1_000_000
"""


@pytest.mark.parametrize("interpret", ["0", "1"])
def test_the_command_line_says_it_in_one_line_and_writes_nothing(tmp_path, monkeypatch, capsys, interpret):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRANSITIONSIM_INTERPRET", interpret)
    (tmp_path / "bad.py").write_text(BAD)
    with pytest.raises(SystemExit) as left:
        main(["run", "fast", "--rules", "bad.py", "--allow-code", "--set", "persons_per_agent=1000",
              "--set", "months=3", "--out", "r"])  # fmt: skip
    assert left.value.code == 2
    (line,) = [line for line in capsys.readouterr().err.splitlines()[1:] if " runs, " not in line]
    assert line.startswith("bad.py:9: rule go_to_firm: writes employer 1000000; -1 to ")
    assert {path.name for path in tmp_path.iterdir()} == {"bad.py"}


RARE = """
from transitionsim.rule import rule


@rule(on="workers", after="look_for_work", draws=("rare",))
def stray(worker, world, luck):
    if world.month > 0 and luck.rare < 0.0001:
        worker.employer = 999
"""


@pytest.mark.parametrize("command", [("run", "fast", "--seeds", "6"), ("compare", "fast", "slow", "--draws", "6")])
def test_a_rule_that_errs_in_one_run_of_many_is_no_basis_for_the_others(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rare.py").write_text(RARE)
    with pytest.raises(SystemExit) as left:
        main([*command, "--rules", "rare.py", "--allow-code", "--set", "persons_per_agent=1000", "--set", "months=24",
              "--processes", "1", "--out", "r"])  # fmt: skip
    assert left.value.code == 2
    said = [line for line in capsys.readouterr().err.splitlines()[1:] if " runs, " not in line]
    assert said == ["rare.py:8: rule stray: writes employer 999; -1 to 16 is allowed"]
    assert {path.name for path in tmp_path.iterdir()} == {"rare.py"}


def test_several_files_of_rules_are_all_read(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.py").write_text(BAD)
    (tmp_path / "good.py").write_text(BAD.replace("1_000_000", "-1").replace("go_to_firm", "stay"))
    with pytest.raises(SystemExit) as left:
        main(["run", "fast", "--rules", "bad.py", "--rules", "good.py", "--allow-code", "--set",
              "persons_per_agent=1000", "--set", "months=3", "--out", "r"])  # fmt: skip
    assert left.value.code == 2
    assert "\nbad.py:9: rule go_to_firm: writes employer" in capsys.readouterr().err


def test_runs_of_several_threads_share_their_passes(small):
    scenario = small("fast", persons_per_agent=50, months=4)
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(_digest_of, scenario) for _ in range(4)]
    assert len({one.result() for one in runs}) == 1


def _digest_of(scenario):
    return TransitionModel(scenario, rng=1, rules=[harmless]).run().digest()


@rule(on="workers", after="look_for_work", adds={"months_seen": "i2"})
def harmless(worker, world, luck):
    """Counts the months."""
    worker.months_seen = worker.months_seen + 1


# --- from Python -------------------------------------------------------------------------------------------


def test_columns_are_read_only_unless_the_state_is_asked_for(small):
    model = TransitionModel(small("fast", persons_per_agent=50, months=3), rng=1)
    for view in (model.workers.employer, model.workers[3:9].employer, model.workers.rows, model.employers.tier):
        with pytest.raises(ValueError, match="read-only"):
            view[:] = view
    with pytest.raises(InputError, match=r"workers: employer cannot be 1000000; -1 to \d+ is allowed"):
        model.workers.set("employer", 10**6)
    with pytest.raises(InputError, match="workers: status cannot be 9; 0 to 5 is allowed"):
        model.workers[0].status = 9
    for name, value, text in (
        ("wage", 1500.7, "wage cannot be 1500.7; a whole number is needed"),
        ("wage", "much", "wage cannot be 'much'; a number is needed"),
        ("key", 5, "key cannot be 5; it is the address of the agent's luck"),
    ):
        with pytest.raises(InputError, match=re.escape(text)):
            model.workers.set(name, value)
    model.workers.set("wage", model.workers.wage * 0 + 150_000.0)
    assert set(state_of(model).workers["wage"]) == {150_000}


EVERY = [
    (population, name, value)
    for population, columns in populations().items()
    for column in columns
    for name in column.names
    if np.dtype(column.dtype).kind == "i"
    for value in (np.iinfo(column.dtype).max, -9)
]


@pytest.fixture(scope="module")
def tiny(small):
    return small("reskilling", persons_per_agent=100, months=3)


@pytest.mark.parametrize(("population", "name", "value"), EVERY)
def test_a_wild_value_written_into_the_state_is_a_sentence_or_allowed(tiny, population, name, value):
    """Each whole-number column, three rows set to the largest number of its type or to -9: nothing passes unseen."""
    model = TransitionModel(tiny, rng=1)
    model.step()
    limits = next(one for one in populations()[population] if name in one.names).limits(state_of(model).world)
    by_name(getattr(model.state, population), populations()[population])[name][:3] = value
    if limits[0] <= value <= limits[1]:  # an identity may break; nothing else may
        try:
            model.step()
        except AuditError:
            return
    else:
        with pytest.raises(InputError, match=f"{population}: row 0 holds {name} {value};"):
            model.step()


@pytest.mark.parametrize("name", ["fast", "reskilling-and-sme-support", "wage-insurance", "mobility-grant"])
def test_what_the_house_writes_lies_in_the_ranges(small, name):
    model = TransitionModel(small(name, months=36), rng=3)
    while model.running:
        model.step()
        for each in (model.workers, model.employers):
            assert out_of_range(each.rows, each.columns, state_of(model).world) == []


def test_every_column_says_what_it_may_hold():
    """Only dates, counts of months and lives, and numbers of the record's own type stay as wide as their type."""
    open_ended = set()
    for column in (*populations()["workers"], *populations()["employers"]):
        limits = column.limits(
            {"employers": FIRMS, "profiles": 22, "programmes": 1, "people": 9, "support_policies": 1}
        )
        if limits == type_limits(np.dtype(column.dtype)) and column.dtype not in ("?", "u8"):
            open_ended.add(column.unit)
    assert open_ended == {"month"}


@pytest.mark.soak
def test_values_within_their_ranges_lead_no_market_out_of_its_tables(tmp_path):
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "XDG_CACHE_HOME": str(tmp_path)}
    program = [sys.executable, "-W", "ignore", str(Path(__file__).parent / "within_range.py"), "800"]
    found = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=1200, check=False)
    assert found.returncode == 0, found.stderr[-3000:]
