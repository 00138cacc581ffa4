"""The month, as a page that can be read aloud: every step of the economy, in order, under its heading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from transitionsim import steps
from transitionsim.audit import audit
from transitionsim.policies import Policy, kinds
from transitionsim.recorder import record
from transitionsim.rule import Rule
from transitionsim.rules.credit import repay_the_loan
from transitionsim.rules.firms import build_a_line, keep_the_books, plan_staff, weigh_conversion, work_short_time
from transitionsim.rules.learning import apply_for_seat, attend_course
from transitionsim.rules.life import (
    give_up_the_search,
    leave_for_good,
    separate,
    serve_notice,
    start_looking,
)
from transitionsim.rules.places import come_back, move_away
from transitionsim.rules.wages import heal_the_scar, reckon_the_loss
from transitionsim.rules.work import look_for_work
from transitionsim.usage import place_of
from transitionsim.world import State

Step = Rule | Callable[[State], None]


@dataclass(frozen=True)
class Heading:
    """A part of the month with the steps under it."""

    title: str
    steps: tuple[Step, ...]


ECONOMY: Final[tuple[Heading, ...]] = (
    Heading("The road", (steps.open_budgets, steps.follow_the_road)),
    Heading("Orders", (steps.shift_orders, steps.pass_orders_down, steps.staff_other_trades)),
    Heading(
        "Lives",
        (leave_for_good, serve_notice, separate, give_up_the_search, start_looking, steps.count_staff),
    ),
    Heading(
        "Firms decide",
        (
            steps.redeploy_staff,
            work_short_time,
            steps.pay_short_time,
            keep_the_books,
            weigh_conversion,
            build_a_line,
            repay_the_loan,
            plan_staff,
        ),
    ),
    Heading("Notices", (steps.offer_early_exits, steps.give_notice)),
    Heading("Learning", (steps.open_seats, attend_course, apply_for_seat, steps.allocate_seats)),
    Heading(
        "Jobs",
        (
            steps.post_vacancies,
            reckon_the_loss,
            heal_the_scar,
            look_for_work,
            steps.match_jobs,
        ),
    ),
    Heading("Places", (steps.feel_the_slack, move_away, come_back, steps.count_moves)),
    Heading(
        "The region",
        (
            steps.respond_locally,
            steps.pay_for_courses,
            steps.close_budgets,
            steps.count_people,
            steps.follow_earnings,
            record,
            audit,
        ),
    ),
)
"""The economy of one month, without the steps of policies."""


RESTS: Final[dict[str, str]] = {
    "attend_course": "nobody_learns",
    "apply_for_seat": "nobody_learns",
    "move_away": "nobody_moves",
    "come_back": "nobody_moves",
}
"""Rules that change nothing while a flag of the world says so: a pass in which all rules rest is left out."""


LISTS: Final[dict[str, str]] = {"look_for_work": "applications"}
"""Columns that a rule leaves at zero for nearly everyone: its pass lists the others, so that nobody need search."""


def _with_policies(economy: Sequence[Heading], policies: Mapping[str, type[Policy]]) -> tuple[Heading, ...]:
    """Return the month with the steps of policies behind the steps they name, policies in the order of their kinds."""
    behind: dict[str, list[Step]] = {name_of(step): [] for heading in economy for step in heading.steps}
    for policy in policies.values():
        for hook in policy.hooks:
            behind[hook.after].append(hook.step)
    return tuple(
        Heading(heading.title, tuple(one for step in heading.steps for one in (step, *behind[name_of(step)])))
        for heading in economy
    )


def name_of(step: Step) -> str:
    """Return the name of a step."""
    return step.name if isinstance(step, Rule) else step.__name__


def meaning_of(step: Step) -> str:
    """Return the first line of a step's description."""
    text = step.meaning if isinstance(step, Rule) else (step.__doc__ or "")
    return text.strip().splitlines()[0]


MONTH: Final = _with_policies(ECONOMY, kinds())
"""All of one month. A student's rule stands after one of these steps or replaces a rule."""

OF_POLICIES: Final[Mapping[Step, str]] = {hook.step: kind for kind, one in kinds().items() for hook in one.hooks}
"""The kind of policy that each step of a policy belongs to."""


def describe(month: Sequence[Heading] = MONTH) -> str:
    """Return the month as plain text: headings, steps, where each is written and what it does, its policy in brackets.

    >>> print(describe().splitlines()[0])
    The road
    """
    lines = []
    for heading in month:
        lines.append(heading.title)
        for step in heading.steps:
            policy = f" [{OF_POLICIES[step]}]" if step in OF_POLICIES else ""
            lines.append(f"    {name_of(step)}{policy} ({place_of(step)}): {meaning_of(step)}")
    return "\n".join(lines)
