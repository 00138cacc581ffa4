"""The monthly tables of a run: what is recorded by job profile (or another grouping) beside the series.

Names and meanings only; ``recorder`` says how each is counted and what the places along a dimension are called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from transitionsim.series import Kind


@dataclass(frozen=True, slots=True)
class Table:
    """One monthly table: its name, the dimensions behind the month, kind, unit and meaning."""

    name: str
    dimensions: tuple[str, ...]
    kind: Kind
    unit: str
    meaning: str


PROFILE: Final = ("profile",)
SKILLS: Final = (
    Table("profile_posts", PROFILE, "stock", "posts", "posts of all employers"),
    Table(
        "skill_supply",
        PROFILE,
        "stock",
        "persons",
        "people of the labour force who hold the skills of the profile, employed or not; of several, in each",
    ),
    Table("skill_gap", PROFILE, "stock", "posts", "posts beyond the people who hold the skills of the profile"),
    Table("skill_surplus", PROFILE, "stock", "persons", "people who hold the skills of the profile beyond its posts"),
)
COURSES: Final = (
    Table("course_enrolments", PROFILE, "flow", "persons", "people who began a course for the profile"),
    Table(
        "course_places",
        PROFILE,
        "stock",
        "seats a year",
        "seats that providers can start in courses for the profile; nothing where they have no limit",
    ),
)
ALL: Final[tuple[Table, ...]] = (*SKILLS, *COURSES)
BY_NAME: Final[dict[str, Table]] = {one.name: one for one in ALL}
