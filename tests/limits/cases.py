"""The cases of the exact limits, read from what their tests say of themselves, for the page of the documentation.

A test's description begins with the cases it is about (``V6.``) and the law, then says its source and what holds::

    V6. The law.

    Source: where it is from.
    Holds: exactly, or within what and why.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
FORM = re.compile(r"(?P<cases>V\d+(?:, V\d+)*)\. (?P<law>.+?) Source: (?P<source>.+?) Holds: (?P<holds>.+)")


@dataclass(frozen=True)
class Case:
    """One line of the table: case, law, its source, where it holds, and the test, empty where there is none."""

    number: int
    law: str
    source: str
    holds: str
    test: str


REPLICATIONS = "tests/replications"
ELSEWHERE = (
    Case(
        3,
        "The standing state of the occupational-mobility model on a complete network: unemployment 4.106573 %, "
        "vacancies 1.721902 %.",
        "del Rio-Chanona et al. 2021; own derivation",
        "to a relative 1e-11 as equations (the standing state of that model, not of the full one)",
        f"{REPLICATIONS}/test_mean_field.py::test_the_steady_state_without_shock_has_a_closed_form",
    ),
    Case(
        4,
        "Without mobility between occupations, and everywhere the same shares at the start, the path is that of the "
        "complete network.",
        "own computation",
        "to a relative 1e-11 as equations",
        f"{REPLICATIONS}/test_mean_field.py::test_equal_networks_give_equal_paths",
    ),
    Case(
        5,
        "On a complete network any shift of demand between occupations ends at the same unemployment.",
        "del Rio-Chanona et al. 2021; own derivation",
        "to a relative 1e-8 as equations, 600 steps after the shift",
        f"{REPLICATIONS}/test_mean_field.py::test_the_steady_state_without_shock_has_a_closed_form",
    ),
    Case(
        13,
        "Cost falls by a fixed share with each doubling of what was made (learning curve).",
        "Wright 1936",
        "not modelled: a line for electric parts costs the same whenever it is built, and prices stay",
        "",
    ),
    Case(
        14,
        "The Union pays a fixed share of every project, the state the rest; arms with all and with no money taken up "
        "bracket all others.",
        "Regulation (EU) 2021/1060",
        "not modelled: a policy's budget is one purse, taken up by those who apply",
        "",
    ),
)
"""Cases whose tests are not in this folder, and what the model does not have."""


def described() -> list[tuple[str, str]]:
    """Return every test of this folder that is about a law, by file and name, with its description."""
    found = []
    for path in sorted(FOLDER.glob("test_*.py")):
        if path.name == "test_page.py":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                name = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
                found.append((name, " ".join((ast.get_docstring(node) or "").split())))
    return found


def cases() -> list[Case]:
    """Return all cases in the order of their numbers."""
    found = list(ELSEWHERE)
    for test, text in described():
        form = FORM.fullmatch(text)
        if form is None:
            raise ValueError(f"{test} does not say case, law, Source and Holds")
        for number in re.findall(r"\d+", form["cases"]):
            found.append(Case(int(number), form["law"], form["source"].rstrip("."), form["holds"].rstrip("."), test))
    return sorted(found, key=lambda case: (case.number, not case.test))
