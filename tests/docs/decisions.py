"""Who decides what in a month: a row for each step and each kind of policy, read off the code and the register.

What a step reads is found in its source (``transitionsim.usage``): columns, names of the world and parameters. Grades
and sources are those of the register.
"""

from __future__ import annotations

from typing import Any, Final

from transitionsim import world_variables
from transitionsim.evidence import Parameter, Sourced
from transitionsim.month import MONTH, OF_POLICIES, Step, meaning_of, name_of
from transitionsim.policies import kinds, populations
from transitionsim.regions import base_register
from transitionsim.rule import Rule
from transitionsim.usage import WORLD, usage_of

DECIDES: Final = {
    "open_budgets": "the public purse",
    "follow_the_road": "the scenario",
    "shift_orders": "customers, by chance",
    "pass_orders_down": "vehicle plants and their suppliers",
    "staff_other_trades": "other employers",
    "count_staff": "nobody: an account",
    "redeploy_staff": "each firm",
    "pay_short_time": "the public purse",
    "offer_early_exits": "firms, then volunteers",
    "give_notice": "each firm, by the law's criteria",
    "open_seats": "the training agency",
    "allocate_seats": "the training agency",
    "post_vacancies": "each firm",
    "match_jobs": "firms among the suitable, people among offers",
    "feel_the_slack": "nobody: an account",
    "count_moves": "nobody: an account",
    "respond_locally": "other employers",
    "count_people": "nobody: an account",
    "pay_for_courses": "the public purse",
    "close_budgets": "the public purse",
    "follow_earnings": "nobody: an account",
    "record": "nobody: an account",
    "audit": "nobody: an account",
}
"""Who decides in a step that is no rule of one agent; of a rule it is the agent, of a policy's step the policy."""
LAWS: Final = "by construction"
"""The grade of a step that reads no parameter."""
FITTED: Final = "of its tables"
"""The grade of a step that reads only what the start or another step wrote into the world."""
PARAMETERS: Final = {one.name for one in world_variables.WORLD if one.parameter}
"""Names of the world that are read off a registered parameter."""


def decisions() -> list[tuple[str, str, str, str, str, str]]:
    """Return the rows: step, who decides, what it reads, the rule in words, grades, sources."""
    rows = []
    for heading in MONTH:
        for step in heading.steps:
            who = who_decides(step)
            keys = keys_read(step)
            tables = tables_read(step)
            reads = [*columns_read(step), *(f"`{key}`" for key in keys), *(f"world's `{name}`" for name in tables)]
            used = [base_register()[key] for key in keys]
            graded = grades(used) if used or not tables else FITTED
            row = (f"`{name_of(step)}`", who, ", ".join(reads) or "-", meaning_of(step), graded, sources(used))
            rows.append(row)
    for kind, policy in sorted(kinds().items()):
        own = [field.default for field in policy.model_fields.values() if isinstance(field.default, Sourced)]
        levers = ", ".join(f"`{name}`" for name in policy.model_fields if name not in ("kind", "id", "off"))
        words = (policy.__doc__ or "").strip().splitlines()[0]
        rows.append((f"policy `{kind}`", "the scenario", levers, words, grades(own) or LAWS, sources(own)))
    return rows


def who_decides(step: Step) -> str:
    """Return who decides in a step, in words."""
    if isinstance(step, Rule):
        return f"each of the {step.on}"
    return f"policy `{OF_POLICIES[step]}`" if step in OF_POLICIES else DECIDES[name_of(step)]


def grades(used: list[Any]) -> str:
    """Return how many parameters have which grade, best first: ``B 1, D 4``."""
    counted = [one.grade or "lever" for one in used]
    return ", ".join(f"{grade} {counted.count(grade)}" for grade in sorted(set(counted))) or LAWS


def sources(used: list[Any]) -> str:
    """Return the sources that are more than assumptions, and how many parameters rest on an assumption."""
    named = dict.fromkeys(one.source for one in used if one.grade in ("A", "B", "C"))
    assumed = sum(one.grade == "D" for one in used)
    parts = [*named, *([f"assumptions: {assumed} of {len(used)}"] if assumed else [])]
    return "; ".join(parts) or "-"


def columns_read(step: Step) -> list[str]:
    """Return the columns of its own agent that a rule reads, as words in code quotes."""
    return [
        f"`{one.name}`" for one in usage_of(step, populations()).read if isinstance(step, Rule) and one.owner == step.on
    ]


def keys_read(step: Step) -> list[str]:
    """Return the keys of the register that a step reads, by their name or through the world."""
    return list(usage_of(step, populations()).parameters)


def tables_read(step: Step) -> list[str]:
    """Return what a rule reads of the world that is no parameter: tables fitted at the start, the month's accounts."""
    if not isinstance(step, Rule):
        return []
    names = [one.name for one in usage_of(step, populations()).read if one.owner == WORLD]
    return [name for name in names if name not in PARAMETERS and name != "month"]


def unused_in_the_month() -> list[Parameter]:
    """Return the parameters that no step of the month names: they are read at the start or on the road."""
    named = {key for heading in MONTH for step in heading.steps for key in keys_read(step)}
    return [one for one in base_register().values() if one.key not in named]
