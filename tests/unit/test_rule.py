"""Every sentence about the declaration of a rule."""

from __future__ import annotations

import pytest
from ways_to_err import TABLE, other, world

from transitionsim.columns import WORKER, Column
from transitionsim.engine import Sweep
from transitionsim.errors import InputError
from transitionsim.rule import Need, distinct, needs_of, rule, tables_with


def test_a_rule_carries_its_declaration():
    assert (other.name, other.on, other.draws, other.meaning) == (
        "other",
        "workers",
        ("used",),
        "Another rule.",
    )
    assert other.file.endswith("ways_to_err.py")
    assert other.line == other.body.__code__.co_firstlineno

    class Agent:
        wage = 0

    agent = Agent()
    other(agent, None, None)
    assert agent.wage == 1


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
    declared("needs['tie']: 'grade' is missing", needs={"tie": {key: GOOD[key] for key in GOOD if key != "grade"}})
    declared("needs['tie'] is no mapping", needs={"tie": 0.1})

    def first(worker, world, luck):
        pass

    def second(worker, world, luck):
        pass

    one = rule(on="workers", needs={"tie": GOOD})(first)
    two = rule(on="workers", needs={"tie": {**GOOD, "value": 0.2}})(second)
    assert needs_of([one]) == {"tie": Need(0.1, "share", (0, 1), "assumption", "D")}
    with pytest.raises(InputError, match=r"parameter 'tie' is given otherwise by rule first \(.*test_rule\.py:\d+\)"):
        needs_of([one, two])


def test_two_rules_do_not_share_a_draw_or_a_name():
    @rule(on="workers", draws=("used",))
    def another(worker, world, luck):
        pass

    with pytest.raises(InputError, match=r"rule another: draw 'used' belongs to rule other \(.*ways_to_err\.py:\d+\)"):
        Sweep([other, another], TABLE, world())
    with pytest.raises(InputError, match=r"the name is taken by the rule at .*ways_to_err\.py:\d+"):
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
    parts = (*TABLE, Column("skills", "i1", "", "", parts=("skill_a", "ties")))
    with pytest.raises(InputError, match="workers have a column 'ties' already"):
        tables_with([one], {"workers": parts})
    two = rule(on="workers", adds={"ties": "f8"})(body)
    with pytest.raises(InputError, match="another rule adds the column 'ties' with type 'i2'"):
        tables_with([one, two], {"workers": TABLE})


def test_populations():
    with pytest.raises(InputError, match=r"there is no population 'workers'; did you mean 'worker'\?"):
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
