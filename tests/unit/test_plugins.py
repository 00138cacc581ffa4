"""Rules from files and packages, and their place among the others."""

from __future__ import annotations

import importlib.metadata
import sys
from types import ModuleType, SimpleNamespace

import pytest

from transitionsim import plugins
from transitionsim.errors import InputError
from transitionsim.plugins import arrange, installed_rules, name_of, rules_from_file
from transitionsim.rule import rule

GOOD = '''
from transitionsim.compiling import both_ways
from transitionsim.rule import rule

@both_ways
def half(x):
    return x / 2.0

@rule(on="workers", draws=("b_luck",), after="quits")
def b(worker, world, luck):
    """Second letter."""
    worker.wage = int(half(luck.b_luck))

@rule(on="workers", replaces="retire")
def a(worker, world, luck):
    worker.wage = 1
'''


def written(tmp_path, text):
    file = tmp_path / "my_rules.py"
    file.write_text(text)
    return file


def refused(call, text):
    with pytest.raises(InputError) as caught:
        call()
    assert text in str(caught.value), str(caught.value)


def test_rules_of_a_file_come_in_its_order(tmp_path):
    file = written(tmp_path, GOOD)
    found = rules_from_file(file)
    assert [(one.name, one.after, one.replaces) for one in found] == [
        ("b", "quits", None),
        ("a", None, "retire"),
    ]
    assert found[0].file == str(file)
    assert found[0].meaning == "Second letter."
    assert rules_from_file(file)[0] is found[0]


def test_an_edited_file_is_read_again(tmp_path):
    first = rules_from_file(written(tmp_path, GOOD))
    second = rules_from_file(written(tmp_path, GOOD.replace("worker.wage = 1", "worker.wage = 2")))
    assert second[1].body.__code__.co_consts != first[1].body.__code__.co_consts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\ndef broken(:\n", "my_rules.py:2: Python cannot read this: "),
        ("x = 1\n\ny = z\n", "my_rules.py:3: NameError: name 'z' is not defined"),
        (
            "import nowhere_to_be_found\n",
            "my_rules.py:1: ModuleNotFoundError: No module named 'nowhere_to_be_found'",
        ),
        ("x = 1\n", "my_rules.py: no rule found"),
        (
            GOOD.replace("(worker, world, luck):\n    worker.wage = 1", "(worker):\n    pass"),
            "my_rules.py:14: rule a: the body",
        ),
        ("raise SystemExit(3)\n", "my_rules.py:1: SystemExit: 3"),
    ],
)
def test_mistakes_in_a_file_have_a_line(tmp_path, text, said):
    refused(lambda: rules_from_file(written(tmp_path, text)), said)
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    assert str(tmp_path / "my_rules.py") not in files or "no rule found" in said


def test_files_that_cannot_be_read(tmp_path):
    refused(lambda: rules_from_file(tmp_path / "none.py"), "none.py: cannot be read: No such file")
    refused(lambda: rules_from_file(tmp_path), "cannot be read: ")
    refused(lambda: rules_from_file(written(tmp_path, "#" * 1_000_001)), "the file is larger than 1 MB")
    (tmp_path / "latin.py").write_bytes(b"# caf\xe9\n")
    refused(lambda: rules_from_file(tmp_path / "latin.py"), "is not text in UTF-8")


# --- installed rules -------------------------------------------------------------------------------------


@rule(on="workers", after="quits")
def peers(worker, world, luck):
    pass


@pytest.fixture
def offered(monkeypatch):
    module = ModuleType("offered_rules")
    module.peers = peers
    monkeypatch.setitem(sys.modules, "offered_rules", module)
    group = plugins.GROUP
    points = [
        importlib.metadata.EntryPoint("peers", "offered_rules:peers", group),
        importlib.metadata.EntryPoint("all", "offered_rules", group),
        importlib.metadata.EntryPoint("empty", "offered_rules:__name__", group),
        importlib.metadata.EntryPoint("lost", "offered_rules:nobody", group),
        importlib.metadata.EntryPoint("gone", "never_imported_unless_named", group),
    ]
    monkeypatch.setattr(plugins, "entry_points", lambda group: points)


@pytest.mark.usefixtures("offered")
def test_only_named_rules_are_loaded():
    assert installed_rules(["peers"]) == (peers,)
    assert installed_rules(["all"]) == (peers,)
    assert installed_rules([]) == ()
    refused(lambda: installed_rules(["peer"]), "no installed package offers 'peer'; did you mean 'peers'?")
    refused(
        lambda: installed_rules(["empty"]),
        "'empty' (offered_rules:__name__) is no rule and no module with rules",
    )
    refused(lambda: installed_rules(["lost"]), "'lost' (offered_rules:nobody) cannot be loaded")
    refused(lambda: installed_rules(["gone"]), "'gone' (never_imported_unless_named) cannot be loaded")


def test_without_packages_nothing_is_offered():
    refused(lambda: installed_rules(["peers"]), "no installed package offers 'peers'")


# --- places ----------------------------------------------------------------------------------------------


def named(name, **place):
    def body(worker, world, luck):
        pass

    body.__name__ = name
    return rule(on="workers", **place)(body)


BASE = (named("quits"), SimpleNamespace(name="jobs"), named("retire"))


def names(extra):
    return [name_of(step) for step in arrange(BASE, extra)]


def test_a_step_may_be_a_plain_function():
    def jobs(state):
        pass

    assert [name_of(step) for step in arrange([jobs], [named("peers", after="jobs")])] == ["jobs", "peers"]


def test_places():
    assert names([]) == ["quits", "jobs", "retire"]
    assert names([named("peers", after="quits")]) == ["quits", "peers", "jobs", "retire"]
    assert names([named("peers", after="jobs")]) == ["quits", "jobs", "peers", "retire"]
    assert names([named("one", after="quits"), named("two", after="quits")]) == [
        "quits",
        "one",
        "two",
        "jobs",
        "retire",
    ]
    assert names([named("one", after="quits"), named("two", after="one")]) == [
        "quits",
        "one",
        "two",
        "jobs",
        "retire",
    ]
    assert names([named("later", replaces="retire")]) == ["quits", "jobs", "later"]
    assert names([named("retire", replaces="retire")]) == ["quits", "jobs", "retire"]


def test_places_that_are_not_there():
    refused(lambda: names([named("peers")]), "rule peers: says no place; write after='...' or replaces='...'")
    refused(lambda: names([named("peers", after="quit")]), "there is no step 'quit'; did you mean 'quits'?")
    refused(
        lambda: names([named("peers", replaces="zzz")]),
        "there is no step 'zzz'; allowed are 'jobs', 'quits', 'retire'",
    )
    refused(lambda: names([named("quits", after="jobs")]), "rule quits: the name is taken by the rule at ")


def test_a_replacing_rule_may_take_over_the_draw():
    base = (named("retire", draws=("exit",)),)
    assert arrange(base, [named("later", draws=("exit",), replaces="retire")])[0].name == "later"
    refused(
        lambda: arrange(base, [named("later", draws=("exit",), after="retire")]),
        "draw 'exit' belongs to rule retire",
    )
