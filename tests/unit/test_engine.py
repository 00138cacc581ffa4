"""The two engines: same bytes, nobody's order, nobody's name, and a new kernel for every edit."""

from __future__ import annotations

import numpy as np
import pytest

from transitionsim import draws, engine
from transitionsim.arithmetic import exp, log, power
from transitionsim.columns import Column, record_type
from transitionsim.compiling import both_ways
from transitionsim.engine import Sweep
from transitionsim.errors import InputError
from transitionsim.rule import rule

TABLE = (
    Column("key", "u8", "", ""),
    Column("money", "f8", "", ""),
    Column("small", "i1", "", ""),
    Column("middle", "i2", "", ""),
    Column("large", "i4", "", ""),
    Column("yes", "?", "", ""),
)
FIRMS = np.array([(1.5, 3, True), (-2.25, 200, False)], np.dtype([("cash", "f8"), ("staff", "i4"), ("sme", "?")]))
STEPS = (3, 5, 7)
HALF = 0.5


@both_ways
def squashed(x):
    return x / (1.0 + abs(x))


@rule(on="things", draws=("drift", "jump"))
def floats(thing, world, luck):
    thing.money = (
        thing.money * world.growth + squashed(luck.drift - HALF) + exp(-luck.jump) * world.rates[thing.small % 3]
    )
    if luck.jump < world.chance:
        thing.money = -thing.money // 3.0 + thing.money % 0.7 + power(luck.jump + 1.0, 1.5) - log(luck.drift + 0.1)
    elif thing.yes:
        thing.money += world.firms[thing.small % 2].cash


@rule(on="things", draws=("count",))
def integers(thing, world, luck):
    total = 0
    for step in STEPS:
        total += (thing.large - step * 11) // step - (thing.middle - 40) % step
    i = 0
    while i < len(world.ages):
        total += world.ages[i] * world.table[thing.small % 2, i]
        i += 1
    thing.large = min(max(total, -100_000), 100_000) + int(luck.count * 10.0)
    thing.middle = -thing.middle // 3 if world.switch else thing.middle + 1
    thing.small = int(thing.money) % 100 - 50


@rule(on="things", draws=("coin",))
def truths(thing, world, luck):
    thing.yes = not thing.yes if luck.coin < 0.25 else world.flags[abs(thing.small) % 2] and thing.large > 0
    if thing.yes and world.firms.staff[abs(thing.small) % 2] > world.month:
        thing.large = thing.large + world.counts[world.table.shape[1] - 1] + thing.yes


RULES = (floats, integers, truths)


def world():
    return {
        "month": 4,
        "growth": 1.01,
        "chance": 0.3,
        "switch": True,
        "rates": np.array([0.1, 0.2, 0.4]),
        "ages": np.array([16, 55], np.int16),
        "table": np.arange(4, dtype=np.int8).reshape(2, 2),
        "counts": np.array([7, -9], np.int64),
        "flags": np.array([True, False]),
        "firms": FIRMS,
        "unread": np.zeros(3, np.int32),
    }


def things(count=400):
    chance = np.random.default_rng(5)
    rows = np.zeros(count, record_type(TABLE))
    rows["key"] = draws.agent_keys("ES22", "things", count)
    rows["money"] = chance.normal(0, 20, count)
    for name in ("small", "middle", "large"):
        rows[name] = chance.integers(-100, 100, count)
    rows["yes"] = chance.random(count) < 0.5
    return rows


def run(rules, rows, *, interpret=False, given=None):
    given = world() if given is None else given
    sweep = Sweep(rules, TABLE, given, interpret=interpret)
    result = rows.copy()
    for month in range(4):
        sweep(result, given, 11, month)
    return result


def state(rows):
    """The bytes of all columns; those of whole records would hold the gaps between columns."""
    return [rows[name].tobytes() for name in rows.dtype.names]


@pytest.mark.parametrize("ours", [True, False], ids=["house", "stranger"])
def test_compiled_and_interpreted_give_the_same_bytes_on_every_type(monkeypatch, ours):
    monkeypatch.setattr(engine, "is_ours", lambda body: ours)
    rows = things()
    compiled, interpreted = run(RULES, rows), run(RULES, rows, interpret=True)
    for name in rows.dtype.names:
        assert compiled[name].tobytes() == interpreted[name].tobytes(), name
        assert name == "key" or compiled[name].tobytes() != rows[name].tobytes()


def test_the_order_of_the_rows_does_not_matter():
    rows = things()
    order = np.random.default_rng(2).permutation(len(rows))
    assert state(run(RULES, rows[order])) == state(run(RULES, rows)[order])


def test_luck_is_the_address_of_seed_purpose_month_and_key():
    rows = things()
    for interpret in (False, True):
        copy = rows.copy()
        Sweep([keep_luck], TABLE, {}, interpret=interpret)(copy, {}, 2027, -5)
        expected = draws.uniform(draws.stream(2027, "kept", -5), rows["key"])
        assert copy["money"].tobytes() == expected.tobytes()


@rule(on="things", draws=("kept",))
def keep_luck(thing, world, luck):
    thing.money = luck.kept


@rule(on="things", draws=("kept",))
def keep_luck_under_another_name(thing, world, luck):
    thing.money = luck.kept


def test_the_name_of_the_function_does_not_matter():
    rows = things(50)
    assert state(run([keep_luck], rows)) == state(run([keep_luck_under_another_name], rows))


def test_only_what_the_rules_mention_is_handed_over_and_the_source_is_readable():
    sweep = Sweep(RULES, TABLE, world())
    assert "unread" not in sweep.reads
    assert set(sweep.reads) == set(world()) - {"unread"}
    compile(sweep.source, "source", "exec")
    assert "for i in range(len(rows)):" in sweep.source


def test_the_environment_chooses_the_interpreter_and_print_works(monkeypatch, capsys):
    monkeypatch.setenv("TRANSITIONSIM_INTERPRET", "1")
    rows = things(3)
    Sweep([speak], TABLE, {"month": 3})(rows, {"month": 3}, 1, 3)
    out = capsys.readouterr().out
    assert "row 0 of things" in out
    assert "key" not in out
    assert "world: month" in out


@rule(on="things")
def speak(thing, world, luck):
    print(thing, world, world.month, luck)


def test_no_rows_is_no_work():
    rows = things(0)
    assert len(run(RULES, rows)) == 0
    assert len(run(RULES, rows, interpret=True)) == 0


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("month", 4.5, "world.month is float64, announced was int64"),
        ("rates", np.zeros(3, np.int32), "world.rates is array(int32, 1d, C)"),
        ("rates", np.zeros((2, 3)), "world.rates is array(float64, 2d, C)"),
    ],
)
def test_a_world_of_another_type_is_refused(name, value, text):
    sweep = Sweep(RULES, TABLE, world())
    rows = things(5)
    sweep(rows, world(), 1, 1)
    with pytest.raises(TypeError) as caught:
        sweep(rows, {**world(), name: value}, 1, 1)
    assert text in str(caught.value)


def test_whole_numbers_are_taken_for_fractions_alike():
    given = {**world(), "growth": 1}
    results = []
    for interpret in (False, True):
        sweep, rows = Sweep(RULES, TABLE, world(), interpret=interpret), things(40)
        sweep(rows, given, 1, 1)
        results.append(state(rows))
    assert results[0] == results[1]


def test_rows_of_another_type_are_refused():
    sweep = Sweep([keep_luck], TABLE, {})
    with pytest.raises(TypeError, match="the rows are"):
        sweep(things(8)[::2], {}, 1, 1)


@pytest.mark.parametrize("value", [np.zeros(2, np.float32), np.zeros((1, 1, 1)), "text", np.zeros(2, np.uint64)])
def test_a_world_that_the_engines_would_read_differently_is_refused(value):
    with pytest.raises(TypeError, match=r"world\.month is"):
        Sweep([speak], TABLE, {"month": value})


def test_a_rule_does_not_read_the_rows_its_own_pass_writes():
    rows = things(5)
    with pytest.raises(InputError, match="hand over a copy"):
        Sweep([crowd], TABLE, {"money_of": rows["money"]})(rows, {"money_of": rows["money"]}, 1, 1)


@rule(on="things")
def crowd(thing, world, luck):
    thing.money = world.money_of[0]
