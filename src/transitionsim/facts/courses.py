"""Courses: participants against their own lives without the courses."""

from __future__ import annotations

from typing import Final

from transitionsim.experiments.displacement import Displacement, displacement
from transitionsim.facts.definition import Fact
from transitionsim.facts.lives import Laboratory
from transitionsim.model import simulate


def paired_selves(laboratory: Laboratory) -> Displacement:
    """Return what the shipped programme of courses changes for those who take part, against current policy."""
    return laboratory.once("courses", lambda: _paired_selves(laboratory))


def _paired_selves(laboratory: Laboratory) -> Displacement:
    arms = [
        simulate(laboratory.load(name, months=144), laboratory.seed, careers=True)
        for name in ("reskilling", "current-policy")
    ]
    assert arms[0].careers is not None
    assert arms[1].careers is not None
    return displacement(arms[0].careers, arms[1].careers)


def within_a_year(laboratory: Laboratory) -> float:
    """Return what employment gains in months 1 to 9 after the course began, in points."""
    return paired_selves(laboratory).since_course[0]


def second_year(laboratory: Laboratory) -> float:
    """Return what employment gains in months 10 to 24 after the course began, in points."""
    return paired_selves(laboratory).since_course[1]


def third_year(laboratory: Laboratory) -> float:
    """Return what employment gains in months 25 to 36 after the course began, in points."""
    return paired_selves(laboratory).since_course[2]


CARD: Final = "Card, Kluve and Weber 2018"
FACTS: Final = (
    Fact(
        "training-within-a-year", "courses against the paired self: employment in months 1 to 9", "points", -20.0, 2.0,
        "FOUND", "B", f"{CARD}; Fitzenberger et al. 2006: about zero or negative (lower end recalled)",
        "no", "the length of courses is data; nobody searches less by a parameter set for this",
        "Courses help at once here: nothing about the first year of a programme is to be used.",
        within_a_year,
    ),
    Fact(
        "training-second-year", "courses against the paired self: employment in months 10 to 24", "points", -3.0, 3.0,
        "FOUND", "B", f"{CARD}: still about zero (width ours)",
        "no", "no parameter was set with it in view",
        "The gain comes a year too early: of a programme, read the third year and not the second.",
        second_year,
    ),
    Fact(
        "training-third-year", "courses against the paired self: employment in months 25 to 36", "points", 0.0, None,
        "FOUND", "B", f"{CARD}: positive after two to three years",
        "no", "no parameter was set with it in view",
        "Courses never help those who take them here: no programme can be judged.",
        third_year,
    ),
)  # fmt: skip
