"""Comparing scenarios from Python, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transitionsim.experiments.design import Arm, Design, comparison_design, fixed_draws
from transitionsim.experiments.indicated import contrasts
from transitionsim.experiments.paired import compared, displaced
from transitionsim.experiments.runner import Progress, Results, Simulate, run_design, simulate_model
from transitionsim.experiments.store import tidy
from transitionsim.experiments.sweep import swept_draws

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.scenario import Scenario


@dataclass(frozen=True)
class Comparison:
    """A finished comparison: its runs, and the tables and the figure made of them."""

    results: Results

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each outcome and scenario: paired interval, n, background, denominator, placebo."""
        return compared(self.results)

    @cached_property
    def displacement(self) -> pd.DataFrame:
        """One row for each scenario with courses: what participants win, what others lose, the ratio."""
        return displaced(self.results)

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """One row for each indicator, scenario and group: paired interval, n, background, denominator, placebo."""
        return contrasts(self.results)

    @cached_property
    def tidy(self) -> pd.DataFrame:
        """One row for each scenario, draw, year and indicator, in persons, posts and euro cents."""
        return tidy(self.results)

    @property
    def sentence(self) -> str:
        """The comparison in one plain sentence with range and denominator."""
        from transitionsim.report import sentence_of

        return sentence_of(self.results, self.table)

    def figure(self, path: str | Path) -> str:
        """Draw posts lost and involuntary losses over time into a PNG; return its alternative text."""
        from transitionsim.report.figure import draw_figure

        return draw_figure(self.results, self.table, Path(path))

    def __str__(self) -> str:
        from transitionsim.report import page_of

        return page_of(self.results, self.table)


def compare_scenarios(
    baseline: Scenario | str,
    scenarios: Sequence[Scenario | str],
    draws: int = 24,
    processes: int | None = None,
    *,
    seeds: int | None = None,
    rules: Sequence[str | Path] = (),
    progress: Progress | None = None,
    simulate: Simulate = simulate_model,
) -> Comparison:
    """Run scenarios beside a baseline over paired draws and return what differs.

    Scenarios are given as loaded or by name or path. Each of the ``draws`` has its own seed and its own
    values of the swept parameters and switches, the same in all arms; ``seeds`` instead holds inputs fixed.
    A run that fails is left out of the pairs and listed in ``results.failures``. Raises :class:`InputError`
    for scenarios that cannot be paired, numbers below one and mistaken rules.

    In a script, call it under ``if __name__ == "__main__":``, because processes start by reading the script.
    """
    first, *others = (_arm(scenario) for scenario in [baseline, *scenarios])
    design = design_of(first, others, draws=draws, seeds=seeds, rules=[Path(rule) for rule in rules])
    return Comparison(run_design(design, processes=processes, progress=progress, simulate=simulate))


def design_of(
    baseline: Arm,
    scenarios: Sequence[Arm],
    *,
    draws: int,
    seeds: int | None,
    rules: Sequence[Path] = (),
) -> Design:
    """Return the design of a comparison over ``draws``, or over ``seeds`` alone when that is given."""
    if seeds is not None:
        return comparison_design(baseline, scenarios, fixed_draws(seeds), rules=rules)
    varied, swept = swept_draws([baseline, *scenarios], draws)
    return comparison_design(baseline, scenarios, varied, swept=swept, rules=rules)


def _arm(scenario: Any) -> Arm:
    from transitionsim.scenario import load_scenario

    if isinstance(scenario, str | Path):
        return Arm(Path(scenario).stem, load_scenario(scenario))
    return Arm(scenario.name, scenario)
