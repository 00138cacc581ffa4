"""Comparing scenarios from Python, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transitionsim.experiments.comparing import compared
from transitionsim.experiments.design import Arm
from transitionsim.experiments.indicated import contrasts
from transitionsim.experiments.paired import displaced
from transitionsim.experiments.planning import comparison_design
from transitionsim.experiments.results import Results
from transitionsim.experiments.running import Progress, run_design
from transitionsim.experiments.simulation import Simulate, simulate_model

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.scenario import Scenario


@dataclass(frozen=True)
class Comparison:
    """A finished comparison: its runs and the tables made of them; ``report`` makes text and figure of both."""

    results: Results

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each outcome, reference and scenario: intervals, n, background, denominator, placebo."""
        return compared(self.results.found)

    @cached_property
    def displacement(self) -> pd.DataFrame:
        """One row for each scenario with courses: what participants win, what others lose, the ratio."""
        return displaced(self.results)

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """One row for each indicator, scenario and group: paired interval, n, background, denominator, placebo."""
        return contrasts(self.results)


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
    design = comparison_design(first, others, draws=draws, seeds=seeds, rules=[Path(rule) for rule in rules])
    return Comparison(run_design(design, processes=processes, progress=progress, simulate=simulate))


def _arm(scenario: Any) -> Arm:
    from transitionsim.scenario import load_scenario

    if isinstance(scenario, str | Path):
        return Arm(Path(scenario).stem, load_scenario(scenario))
    return Arm(scenario.name, scenario)
