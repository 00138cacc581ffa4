"""The monthly tables of a run: what is recorded by job profile (or another grouping) beside the series.

Names and meanings only; ``recorder`` says how each is counted and what the places along a dimension are called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from transitionsim.quantities import Kind


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
    Table("profile_vacancies", PROFILE, "stock", "vacancies", "vacancies of all employers that nobody has filled"),
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
    Table(
        "participants",
        ("participant",),
        "flow",
        "persons",
        "people who began a course, by what they were before; who is of several groups counts in each",
    ),
)


def _automotive(group: str, of: str) -> tuple[Table, ...]:
    """Return the four tables of automotive firms by one grouping."""
    named: tuple[tuple[str, Kind, str, str], ...] = (
        ("employment", "stock", "persons", "people employed in automotive firms"),
        ("posts", "stock", "posts", "posts wanted by automotive firms"),
        ("losses", "flow", "persons", "automotive jobs lost for lack of orders or by closure"),
        ("hires", "flow", "persons", "hires of automotive firms"),
    )
    return tuple(
        Table(f"automotive_{name}_by_{group}", (group,), kind, unit, f"{meaning}, {of}")
        for name, kind, unit, meaning in named
    )


GROUPS: Final = (
    *_automotive("tier", "by tier"),
    *_automotive("size", "by the size class of the firm at the start"),
    *_automotive("profile", "by the profile of the job"),
    Table(
        "automotive_losses_by_age",
        ("age",),
        "flow",
        "persons",
        "automotive jobs lost for lack of orders or by closure, by age then",
    ),
    Table("unemployed_by_age", ("age",), "stock", "persons", "residents without a job who look for one"),
)
SUPPORT: Final = (
    Table(
        "supported_firms",
        ("size", "instrument"),
        "stock",
        "firms",
        "firms that began a line for electric parts with support, each once",
    ),
    Table("policy_granted_cents", ("policy",), "to date", "EUR cents", "committed to the policy"),
    Table("policy_paid_cents", ("policy",), "to date", "EUR cents", "paid by the policy"),
    Table("policy_returned_cents", ("policy",), "to date", "EUR cents", "committed and not spent within the year"),
)
ALL: Final[tuple[Table, ...]] = (*SKILLS, *COURSES, *GROUPS, *SUPPORT)
BY_NAME: Final[dict[str, Table]] = {one.name: one for one in ALL}

LOSSES_BY_GROUP: Final = {by: f"automotive_losses_by_{by}" for by in ("tier", "size", "profile", "age")}
"""Tables of jobs lost for lack of orders or by closure, by the grouping they are of."""
