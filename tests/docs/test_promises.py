"""Every line of the page of promises names tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.docs.blocks import ROOT
from transitionsim.errors import nearest

PAGE = "docs/promises.md"
LINE = re.compile(r"\| (?P<promise>.+) \| (?P<tests>.+) \|")
TEST = re.compile(r"`(?P<file>tests/[\w/]+\.py)(?:::(?P<name>\w+))?`")
"""A test in code quotes: its file and its name, or a file alone where the whole of it holds a promise."""
HEAD = ("promise", "---")


def promises() -> list[tuple[str, str, list[str]]]:
    """Return the lines of the page's tables: the place in the page, the promise, and what holds it."""
    lines = enumerate((ROOT / PAGE).read_text(encoding="utf-8").splitlines(), start=1)
    rows = [(f"{PAGE}:{number}", row) for number, line in lines if (row := LINE.fullmatch(line))]
    return [(place, row["promise"], row["tests"].split(", ")) for place, row in rows if row["promise"] not in HEAD]


@cache
def names_in(file: str) -> tuple[str, ...]:
    """Return the names of a file's tests, read and not run; none where there is no such file."""
    path = ROOT / file
    body = ast.parse(path.read_text(encoding="utf-8")).body if path.is_file() else []
    return tuple(one.name for one in body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"))


def fault(written: str) -> str:
    """Return what is wrong with a test as the page writes it, or nothing."""
    test = TEST.fullmatch(written)
    if test is None:
        return f"{written} is not written as `tests/.../test_x.py::test_name`"
    file, name = test["file"], test["name"]
    if not names_in(file):
        return f"{file} is no file with tests"
    return "" if name in (None, *names_in(file)) else f"{file} has no {name}{nearest(name, names_in(file))}"


def test_every_test_that_a_promise_names_exists() -> None:
    wrong = [f"{place}: {said}" for place, _, tests in promises() for test in tests if (said := fault(test))]
    assert not wrong, "name the test that holds the promise now, or strike the promise out:\n" + "\n".join(wrong)


def test_the_tables_of_the_page_are_read_and_a_promise_stands_once() -> None:
    texts = [text for _, text, _ in promises()]
    assert len(texts) > 100
    assert sorted(texts) == sorted(set(texts))
