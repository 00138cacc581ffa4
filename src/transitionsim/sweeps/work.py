"""The work of one chunk: some arms of one draw are run, and what is kept of each is a few rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.errors import InputError
from transitionsim.experiments.design import essence
from transitionsim.experiments.outcomes import OUTCOMES
from transitionsim.experiments.runner import Failure, Series, Simulate, cause_of, simulate_model, stage_of
from transitionsim.indicators.record import by_year, last_months
from transitionsim.series import BY_NAME

if TYPE_CHECKING:
    from transitionsim.scenario import Scenario

_OUTCOMES: Final = {one.key: one for one in OUTCOMES}


@dataclass(frozen=True)
class Task:
    """A chunk as a worker gets it: the draw, its arms with their scenarios, and what to keep."""

    chunk: int
    draw: int
    seed: int
    values: Mapping[str, Any]
    labels: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    indicators: tuple[str, ...]
    horizons: tuple[int, ...]
    simulate: Simulate = simulate_model

    def __call__(self) -> Done:
        """Run the arms one after the other, so that they share the start of the region."""
        known: dict[str, tuple[Series, str]] = {}
        rows: list[Row] = []
        digests: dict[str, str] = {}
        failures: list[Failure] = []
        for label, scenario in zip(self.labels, self.scenarios, strict=True):
            try:
                series, digest = self._run(scenario, known)
                rows += self._rows(label, scenario, series)
                digests[label] = digest
            except Exception as error:  # noqa: BLE001  a run may fail in any way a rule can; the others must go on
                mistakes = error.mistakes if isinstance(error, InputError) else ()
                failures.append(Failure(self.draw, self.seed, label, stage_of(error), cause_of(error), mistakes))
        return Done(self.chunk, tuple(rows), digests, tuple(failures))

    def _run(self, scenario: Scenario, known: dict[str, tuple[Series, str]]) -> tuple[Series, str]:
        varied = scenario.with_drawn(dict(self.values))
        key = essence(varied)
        if key not in known:
            run = self.simulate(varied, self.seed, rules=(), careers=False)
            known[key] = (run.series, run.digest)
        return known[key]

    def _rows(self, label: str, scenario: Scenario, series: Series) -> list[Row]:
        start, months = int(scenario.start), scenario.months
        lasts = last_months(start, months)
        years = [(start + int(last)) // 12 for last in lasts]
        month = {year: (start + int(last)) % 12 + 1 for year, last in zip(years, lasts, strict=True)}
        found: list[Row] = []
        for name in self.indicators:
            for year, value in _values(name, series, lasts, years, self.horizons):
                found.append(Row(label, name, year, month[year], value))
        return found


@dataclass(frozen=True)
class Row:
    """One number of one run: an outcome up to a horizon, or a series of a year."""

    scenario: str
    indicator: str
    year: int
    month: int
    value: float


@dataclass(frozen=True)
class Done:
    """What a worker gives back: rows in the order of arms and indicators, digests of runs, failures."""

    chunk: int
    rows: tuple[Row, ...]
    digests: Mapping[str, str]
    failures: tuple[Failure, ...]


def _values(
    name: str, series: Series, lasts: NDArray[np.intp], years: Sequence[int], horizons: Sequence[int]
) -> list[tuple[int, float]]:
    """Return an outcome from the start to each horizon, or a series year by year."""
    if name in _OUTCOMES:
        ends = [(year, int(last) + 1) for year, last in zip(years, lasts, strict=True) if year in horizons]
        measure = _OUTCOMES[name].measure
        return [(year, measure({key: one[:end] for key, one in series.items()})) for year, end in ends]
    found = by_year(series[name], lasts, BY_NAME[name].kind == "flow")
    return [(year, float(value)) for year, value in zip(years, found, strict=True)]


def unit_of(name: str) -> str:
    """Return the unit of an outcome or a series."""
    return _OUTCOMES[name].unit if name in _OUTCOMES else BY_NAME[name].unit
