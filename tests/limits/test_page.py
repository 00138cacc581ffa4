"""The page of the exact limits leaves no case out, and names tests that exist."""

from __future__ import annotations

import ast

from tests.limits.cases import ELSEWHERE, FORM, ROOT, cases, described


def test_every_case_is_on_the_page_and_every_test_says_what_holds() -> None:
    """V1 to V16; a test that does not say law, source and where it holds has no line."""
    for name, text in described():
        assert FORM.fullmatch(text), name
    assert {case.number for case in cases()} == set(range(1, 17))
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    assert [f"| V{case.number} " in page for case in cases()] == [True] * len(cases())


def test_tests_named_elsewhere_exist() -> None:
    for case in ELSEWHERE:
        if case.test:
            file, _, name = case.test.partition("::")
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, case.test
        else:
            assert case.holds.startswith("not modelled")
