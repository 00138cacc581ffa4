"""The work of one chunk: some arms of one draw are run, and what is kept of each becomes a table and a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from transitionsim.careers import Careers
from transitionsim.errors import InputError
from transitionsim.experiments.design import PLACEBO, Arm, essence
from transitionsim.experiments.displacement import displacement
from transitionsim.experiments.outcomes import BASES, JOBLESS_RATE, OUTCOMES, jobless_rate
from transitionsim.experiments.plan import PlannedDraw, RuleFile
from transitionsim.experiments.results import ArmRun, Failure, Series
from transitionsim.experiments.rules import placed
from transitionsim.experiments.simulation import RunLike, Simulate, cause_of, simulate_model, stage_of
from transitionsim.indicators import INDICATORS, Arms, Record
from transitionsim.indicators.record import by_year, last_months
from transitionsim.plugins import rules_from_file
from transitionsim.series import BY_NAME
from transitionsim.tables import BY_NAME as TABLES
from transitionsim.tables import LOSSES_BY_GROUP

if TYPE_CHECKING:
    from transitionsim.experiments.planning import Chunk, Design
    from transitionsim.scenario import Scenario

_OUTCOMES: Final = {one.key: one for one in OUTCOMES}
VALUE: Final = "value"
INDICATOR: Final = "indicator"
GROUP: Final = "group"
"""Kinds of rows: a series or an outcome, the level of an indicator, a cell of a table by group."""


@dataclass(frozen=True)
class Row:
    """One number of one run, at the end of a month; ``group`` is empty for what is not of a group."""

    scenario: str
    kind: str
    indicator: str
    group: str
    year: int
    month: int
    value: float


@dataclass(frozen=True)
class Kept:
    """What is kept of every run: names of values, horizons, and whether the whole record is."""

    names: tuple[str, ...]
    horizons: tuple[int, ...]
    whole: bool


@dataclass(frozen=True)
class Done:
    """What a worker gives back: rows in the order of arms, digests of runs, failures, and records where kept."""

    chunk: int
    rows: tuple[Row, ...]
    digests: Mapping[str, str]
    failures: tuple[Failure, ...]
    labels: tuple[str, ...] = ()
    """What a reader must know beside every number of the runs."""
    record: bytes | None = None
    panel: bytes | None = None


@dataclass(frozen=True)
class Task:
    """A chunk as a worker gets it: the draw, its arms, the rules of one's own and what to keep."""

    chunk: int
    draw: PlannedDraw
    arms: tuple[Arm, ...]
    kept: Kept
    rules: tuple[RuleFile, ...] = ()
    paths: tuple[Path, ...] = ()
    """Where the files of rules stand on the machine that planned."""
    careers: bool = False
    """Whether single careers are followed, to say whom courses displace."""
    simulate: Simulate = simulate_model

    @classmethod
    def of(cls, design: Design, chunk: Chunk, simulate: Simulate) -> Self:
        """Return the task of a chunk."""
        plan = design.plan
        return cls(
            chunk.number, plan.draws[chunk.draw], tuple(design.arms[place] for place in chunk.arms),
            Kept(plan.kept, plan.horizons, plan.whole), plan.rules, design.rule_paths, design.follows_careers, simulate,
        )  # fmt: skip

    def __call__(self) -> Done:
        """Run the arms one after the other, so that they share the start of the region."""
        known: dict[str, RunLike] = {}
        runs: dict[str, RunLike] = {}
        failures: list[Failure] = []
        for arm in self.arms:
            try:
                runs[arm.label] = self._run(arm, known)
            except Exception as error:  # noqa: BLE001  a run may fail in any way a rule can; the others must go on
                mistakes = error.mistakes if isinstance(error, InputError) else ()
                about = (self.draw.number, self.draw.seed, arm.label, stage_of(error), cause_of(error))
                failures.append(Failure(*about, mistakes))
        finished = [self._finished(arm, runs) for arm in self.arms if arm.label in runs]
        rows = tuple(
            row
            for arm, run in zip((arm for arm in self.arms if arm.label in runs), finished, strict=True)
            for row in _rows(run, arm.scenario, self.kept)
        )
        digests = {run.arm: run.digest for run in finished}
        labels = tuple(dict.fromkeys(label for run in finished for label in run.labels))
        return Done(
            self.chunk, rows, digests, tuple(failures), labels, self._record(finished), self._panel(runs)
        )  # fmt: skip

    def _run(self, arm: Arm, known: dict[str, RunLike]) -> RunLike:
        scenario = arm.scenario.with_drawn(dict(self.draw.values))
        # A scenario that says the same as an earlier arm has the same run: it is not run again.
        key = f"{essence(scenario)}{arm.without_rules}"
        if key not in known:
            paths = () if arm.without_rules else placed(self.rules, self.paths)
            rules = [rule for path in paths for rule in rules_from_file(path)]
            known[key] = self.simulate(scenario, self.draw.seed, rules=rules, careers=self.careers)
        return known[key]

    def _finished(self, arm: Arm, runs: Mapping[str, RunLike]) -> ArmRun:
        run = runs[arm.label]
        return ArmRun(
            self.draw.number, self.draw.seed, arm.label, {name: np.array(one) for name, one in run.series.items()},
            run.digest, tuple(run.labels), displacement=self._displacement(arm, runs),
            tables=_yearly(arm.scenario, getattr(run, "tables", {})), places=getattr(run, "places", {}),
            firms=getattr(run, "firms", None), earnings=getattr(run, "earnings", None),
        )  # fmt: skip

    def _displacement(self, arm: Arm, runs: Mapping[str, RunLike]) -> Any:
        """Return what an arm's courses displaced beside the baseline of the draw; careers do not outlive it."""
        baseline = next((one.label for one in self.arms if one.role == "baseline"), "")
        careers: dict[str, Careers] = {label: run.careers for label, run in runs.items() if run.careers is not None}
        if arm.role != "scenario" or not careers.keys() >= {arm.label, baseline}:
            return None
        return displacement(careers[arm.label], careers[baseline], careers.get(PLACEBO))

    def _record(self, finished: Sequence[ArmRun]) -> bytes | None:
        from transitionsim.experiments.records import packed

        return packed(finished) if self.kept.whole else None

    def _panel(self, runs: Mapping[str, RunLike]) -> bytes | None:
        panels = {label: panel for label, run in runs.items() if (panel := getattr(run, "panel", None)) is not None}
        if not panels:
            return None
        from transitionsim.experiments.panel_table import packed

        scenarios = {arm.label: arm.scenario for arm in self.arms}
        return packed(panels, scenarios, self.draw)


def _yearly(scenario: Scenario, tables: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float64]]:
    """Return monthly tables by calendar year, a twelfth of the size."""
    lasts = last_months(int(scenario.start), scenario.months)
    return {name: by_year(values, lasts, TABLES[name].kind == "flow") for name, values in tables.items()}


def record_of(run: ArmRun, scenario: Scenario) -> Record:
    """Return the record of a finished run."""
    return Record(
        int(scenario.start), scenario.months, run.series, run.tables, run.places, run.firms, run.earnings,
        run.displacement,
    )  # fmt: skip


def _rows(run: ArmRun, scenario: Scenario, kept: Kept) -> Iterator[Row]:
    """Give what is kept of a run: values, levels of indicators, tables by group."""
    start = int(scenario.start)
    lasts = last_months(start, scenario.months)
    ends = [((start + int(last)) // 12, (start + int(last)) % 12 + 1, int(last) + 1) for last in lasts]
    for name in kept.names:
        for (year, month, _), value in _values(name, run.series, lasts, ends, kept):
            yield Row(run.arm, VALUE, name, "", year, month, value)
    for year, month, months in ends:
        if kept.whole or year in kept.horizons:
            for code, group, value in _levels(record_of(run, scenario), months):
                yield Row(run.arm, INDICATOR, code, group, year, month, value)
    for name, values in run.tables.items():
        if not kept.whole and name not in LOSSES_BY_GROUP.values():
            continue
        groups = groups_of(name, run.places)
        for (year, month, _), cells in zip(ends, values.reshape(len(ends), -1), strict=True):
            for group, value in zip(groups, cells.tolist(), strict=True):
                yield Row(run.arm, GROUP, name, group, year, month, value)


def groups_of(table: str, places: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what the cells of a table are called, such as ``tier 1 supplier, 50 to 249``."""
    groups = [""]
    for dimension in TABLES[table].dimensions:
        groups = [f"{before}, {place}" if before else place for before in groups for place in places[dimension]]
    return groups


def _levels(whole: Record, months: int) -> Iterator[tuple[str, str, float]]:
    """Give the level of every indicator that has one, from the start to the end of a month."""
    record = whole if months == whole.months else whole.until(months)
    for one in INDICATORS:
        if not one.paired and one.can_read(record):
            for group, value in one.function(Arms(record)).items():
                if value == value:
                    yield one.code, group, value


End = tuple[int, int, int]
"""Year, calendar month, and months from the start to the end of it."""


def _values(
    name: str, series: Series, lasts: NDArray[np.intp], ends: Sequence[End], kept: Kept
) -> list[tuple[End, float]]:
    """Return an outcome from the start to each horizon, or a series year by year.

    The rate of joblessness is kept to the end of every year, since no yearly values of series give it. Some outcomes
    have the name of a series: the whole record holds the series, of which the outcome is the sum.
    """
    if name in BASES:
        return [(ends[0], BASES[name](series))]
    if name == JOBLESS_RATE:
        rate = jobless_rate(series)
        return [(end, float(rate[: end[2]].mean())) for end in ends]
    if name in _OUTCOMES and not (kept.whole and name in BY_NAME):
        measure = _OUTCOMES[name].measure
        horizons = [end for end in ends if end[0] in kept.horizons]
        return [(end, measure({key: one[: end[2]] for key, one in series.items()})) for end in horizons]
    found = by_year(series[name], lasts, BY_NAME[name].kind == "flow")
    return [(end, float(value)) for end, value in zip(ends, found, strict=True)]


@cache
def unit_of(kind: str, name: str, group: str) -> str:
    """Return the unit of a row of a kind."""
    if kind == INDICATOR:
        return next(one for one in INDICATORS if one.code == name).unit_of(group)
    if kind == GROUP:
        return TABLES[name].unit
    if name in BASES:
        return "persons"
    return _OUTCOMES[name].unit if name in _OUTCOMES else BY_NAME[name].unit
