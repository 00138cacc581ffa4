"""What stands above every table: where, when, how many, what varies, on what law and on what proxies."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from transitionsim import __version__
from transitionsim.evidence import share_of_grade_d
from transitionsim.experiments.design import NO_TRANSITION, Swept
from transitionsim.experiments.manifest import CAVEAT
from transitionsim.experiments.planning import Design
from transitionsim.experiments.results import Results

if TYPE_CHECKING:
    from transitionsim.scenario import Scenario

WIDTH: Final = 118
_LABEL: Final = 12


def header(results: Results) -> str:
    """Return the lines above a table, wrapped at 118 characters."""
    return "\n".join([f"transitionsim {__version__}: {CAVEAT}", *map(_line, facts(results))])


def facts(results: Results) -> list[tuple[str, str]]:
    """Return what the header says, as labels and texts."""
    design = results.design
    scenario = design.baseline.scenario
    found = [
        ("region", f"{place(scenario)}; automotive is {scenario.load_region().denominator}"),
        ("period", period(scenario)),
        ("scale", _scale(scenario.persons_per_agent)),
        *_reference(design),
        ("varies", varies(design)),
        ("evidence", evidence(scenario, design.swept)),
        *(("basis", text) for text in _of_arms(design, basis)),
        *(("legal", text) for text in _of_arms(design, legal)),
        *(("note", label) for label in results.labels),
    ]
    if design.rules:
        files = ", ".join(rule.file for rule in design.rules)
        found.append(("rules", f"changed by rules from {files}: not the model as published"))
    if results.failures:
        total = len(design.arms) * len(design.draws)
        found.append(("failed", f"{len(results.failures)} of {total} runs; they are left out of every pair"))
    return found


def place(scenario: Scenario) -> str:
    """Return a scenario's region by name and code."""
    region = scenario.load_region()
    return f"{region.name} ({region.code})"


def period(scenario: Scenario) -> str:
    """Return the first and the last month of a run and their number."""
    return f"{scenario.start} to {last_month(scenario)}, {scenario.months} months"


def last_month(scenario: Scenario) -> str:
    """Return the last month of a run, such as 2040-12."""
    return str(scenario.at(scenario.months - 1))


def varies(design: Design) -> str:
    """Return what differs between draws: seeds alone, or seeds and inputs with their ranges and grades."""
    n = len(design.draws)
    if not design.swept:
        return f"{n} seed{'s' * (n != 1)}; {design.interval_holds}"
    keys = "; ".join(f"{swept.key} {swept.extent} ({swept.grade})" for swept in design.swept)
    return f"{n} draws, each with its own seed and its own value of {len(design.swept)} inputs: {keys}"


def evidence(scenario: Scenario, swept: Sequence[Swept]) -> str:
    """Return how much rests on assumptions: the share of grade D among all values and among swept ones."""
    values: list[Any] = [*scenario.register().values(), *scenario.load_region().sourced().values()]
    share = f"{share_of_grade_d(values):.0%} of {len(values)}"
    text = f"{share} parameters and regional facts are assumptions (grade D)"
    if swept:
        assumed = sum(one.grade == "D" for one in swept)
        text += f"; of the {len(swept)} varied inputs {assumed}"
    return text


def basis(scenario: Scenario) -> str:
    """Return what the mix of powertrains counts, and that registrations are a proxy."""
    path = scenario.electrification
    if path.basis == "registrations":
        return f"mix of new registrations, a proxy for what is made here (grade {path.grade or 'C'})"
    return f"mix of cars made, grade {path.grade or 'not given'}"


def legal(scenario: Scenario) -> str:
    """Return the law or proposal that the mix rests on."""
    return scenario.electrification.legal_status or "no legal status given"


def _of_arms(design: Design, said: Callable[[Scenario], str]) -> Iterator[str]:
    """Yield what is said of the baseline, and of each scenario of which something else is to be said."""
    first = said(design.baseline.scenario)
    yield first
    for arm in design.arms:
        if arm.role == "scenario" and (own := said(arm.scenario)) != first:
            yield f"{arm.label}: {own}"


def _scale(persons: int) -> str:
    return "one agent stands for one person" if persons == 1 else f"one agent stands for {persons} persons"


def _reference(design: Design) -> list[tuple[str, str]]:
    if not any(arm.label == NO_TRANSITION for arm in design.arms):
        return [("scenario", design.baseline.label)]
    frozen = f"the road of {design.baseline.scenario.start} kept, no policies"
    reference = f"no transition: {frozen}; not what would have happened"
    return [("baseline", design.baseline.label), ("reference", reference)]


def _line(fact: tuple[str, str]) -> str:
    label, text = fact
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=label.ljust(_LABEL),
        subsequent_indent=" " * _LABEL,
        break_long_words=False,
        break_on_hyphens=False,
    )
