"""What is compared: a baseline, the scenarios beside it, and the two reference arms.

Two arms are added to every comparison. *No transition* is the baseline with the powertrain mix of its start
month, a flat market and no policies: a frozen reference, not what would have happened. The *placebo* is the
baseline plus one training seat that cannot matter; what it changes is the floor below which no difference
means anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from transitionsim.errors import Mistake

if TYPE_CHECKING:
    from transitionsim.scenario import Scenario

Role = Literal["no transition", "baseline", "scenario", "placebo"]
COURSES: Final = "reskilling"
"""The kind of policy that a placebo seat is of; where it is removed the placebo is the baseline again."""
NO_TRANSITION: Final = "no transition"
PLACEBO: Final = "placebo seat"
NOISE_ONLY: Final = "simulation noise only, inputs held fixed"
NOISE_AND_INPUTS: Final = "simulation noise, swept parameters and structural switches together"


@dataclass(frozen=True, slots=True)
class Arm:
    """One scenario of a design under the label it has in tables; the role says what it is compared with."""

    label: str
    scenario: Scenario
    role: Role = "scenario"
    without_rules: bool = False
    """Run without the rules of one's own that the other arms have."""


@dataclass(frozen=True, slots=True)
class Swept:
    """An input that varies over draws: its key, its range in words and its grade (``-`` for a switch)."""

    key: str
    extent: str
    grade: str = "-"


def pairing_mistakes(arms: Sequence[Arm]) -> list[Mistake]:
    """Return why arms cannot be paired (another region, start, length, scale or fit), and labels given twice."""
    mistakes = []
    first = arms[0]
    seen: set[str] = set()
    for arm in arms:
        if arm.label in seen:
            mistakes.append(Mistake(arm.label, None, "given twice; each scenario needs a name of its own"))
        seen.add(arm.label)
        for key in ("region", "start", "months", "persons_per_agent"):
            here, there = getattr(arm.scenario, key), getattr(first.scenario, key)
            if here != there and arm.role == "scenario":
                text = f"{key} is {here}, in the baseline it is {there}; such runs cannot be paired"
                mistakes.append(Mistake(arm.label, None, text))
        if arm.role == "scenario" and _fit_of(arm) != _fit_of(first):
            text = f"calibration is {arm.scenario.calibration}, in the baseline it is {first.scenario.calibration}"
            mistakes.append(Mistake(arm.label, None, f"{text}; such runs cannot be paired"))
    return mistakes


def _fit_of(arm: Arm) -> str | None:
    fit = arm.scenario.fit()
    return None if fit is None else fit.digest


def essence(scenario: Scenario) -> str:
    """Return the digest of a scenario without the words about its sources: equal ones have equal runs."""
    unsourced = {"source": "", "grade": None}
    path = scenario.electrification.model_copy(update={**unsourced, "legal_status": ""})
    demand = scenario.demand.model_copy(update=unsourced)
    return scenario.model_copy(update={"electrification": path, "demand": demand}).digest()


def no_transition_of(scenario: Scenario) -> Scenario:
    """Return a scenario's frozen reference: the road of its start month for ever, no policies, no projects."""
    from transitionsim.scenario.freezing import frozen

    changes = {
        "policies": (),
        "projects": (),
        "name": "No transition: the road of the start month, no policies, no projects",
    }
    return frozen(scenario).model_copy(update=changes)


def placebo_of(scenario: Scenario) -> Scenario:
    """Return a scenario plus one training seat in the first full calendar year after its first, open to anyone jobless.

    One seat is one row of the model: ``persons_per_agent`` people. A budget of one and a half seats, in force from
    January to December, pays for one from August on, as soon as somebody takes it, and never for two. In a run too
    short for that the seat is offered for one month.
    """
    from transitionsim.evidence import LEVER, Sourced
    from transitionsim.policies import kinds

    if COURSES not in kinds():
        return scenario
    january = next((month for month in range(12, scenario.months - 11) if (scenario.start + month) % 12 == 0), None)
    first = min(12, scenario.months - 1) if january is None else january
    last, seats = (first, 12.0) if january is None else (first + 11, 1.5)
    price = Sourced(value=1000, unit="EUR", source=LEVER)
    a_year = Sourced(value=seats * 1000 * scenario.persons_per_agent, unit="EUR/year", source=LEVER)
    seat = kinds()[COURSES].model_validate(
        {
            "id": "placebo-seat",
            "from": str(scenario.at(first)),
            "to": str(scenario.at(last)),
            "budget": a_year,
            "starts": "after-dismissal",
            "cost_per_seat": price,
            "target": "everyone",
        }
    )
    changes = {"policies": (*scenario.policies, seat), "name": "Placebo: the baseline and one seat"}
    return scenario.model_copy(update=changes)
