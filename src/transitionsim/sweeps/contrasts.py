"""From the values of a sweep to paired differences: each arm against the baseline and against no transition.

A difference is taken within a draw, so that both arms share their luck and their inputs. Outcomes are those of a
comparison (:mod:`transitionsim.experiments.outcomes`): where a sweep keeps an outcome itself, it is read; where it
keeps the series of every year, flows are summed from the first year on and stocks are taken at the horizon. A sum
over years with a gap cannot be made, nor the mean rate of joblessness, of which yearly values hold Decembers only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim import series as recorded
from transitionsim.experiments.design import NOISE_AND_INPUTS, NOISE_ONLY
from transitionsim.experiments.outcomes import OUTCOMES, Outcome

if TYPE_CHECKING:
    from transitionsim.sweeps.plan import Plan, PlannedArm, Sweep

Values = NDArray[np.float64]
MONTHLY_ONLY: Final = frozenset({"jobless_rate"})
"""Outcomes that yearly values of series cannot give; a sweep may still keep them as outcomes."""
_BY_KEY: Final = {outcome.key: outcome for outcome in OUTCOMES}


@dataclass(frozen=True, slots=True)
class Pairs:
    """The paired differences of one arm and reference in one outcome at one horizon, by draw."""

    numbers: Values
    draws: NDArray[np.int64]
    inputs: NDArray[np.int64]
    clusters: NDArray[np.int64]
    """What is drawn again for an interval: the inputs, or the block of a screening design they belong to."""

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True)
class Measured:
    """What every finished run of a sweep comes to: outcomes by horizon, arm and draw."""

    plan: Plan
    outcomes: Mapping[str, Outcome]
    horizons: tuple[int, ...]
    cannot: Mapping[str, str]
    """Outcomes asked for that the values kept do not give, each with the reason."""
    levels: Mapping[tuple[str, int], Mapping[str, Mapping[int, float]]]

    @cached_property
    def inputs(self) -> dict[int, int]:
        """The number of the inputs of every draw, 0 for all where no input varies."""
        varied = len({str(sorted(draw.values.items())) for draw in self.plan.draws}) > 1
        return {draw.number: draw.inputs if varied else 0 for draw in self.plan.draws}

    @cached_property
    def block(self) -> int:
        """How many draws of inputs of a screening design hang together: a trajectory of Morris, a block of Saltelli."""
        sampling = self.plan.sampling
        names = sampling.get("names", ())
        over_inputs = set(names) <= {name for draw in self.plan.draws for name in draw.values}
        more = {"morris": 1, "sobol": 2}.get(str(sampling.get("kind")), 0)
        return len(names) + more if names and more and over_inputs else 1

    @property
    def interval_holds(self) -> str:
        """Which uncertainty an interval over the draws holds, in words."""
        return NOISE_AND_INPUTS if len(set(self.inputs.values())) > 1 else NOISE_ONLY

    def arm(self, role: str) -> PlannedArm | None:
        """Return the first arm of a role, if the sweep has one."""
        return next((arm for arm in self.plan.arms if arm.role == role), None)

    def level(self, outcome: str, horizon: int, arm: str) -> Pairs:
        """Return the values of one arm itself, compared with nothing."""
        return self._pairs(self.levels[outcome, horizon].get(arm, {}))

    def pairs(self, outcome: str, horizon: int, arm: str, reference: str) -> Pairs:
        """Return the paired differences over the draws that both arms finished, with the sign of the outcome."""
        levels = self.levels[outcome, horizon]
        ours, theirs = levels.get(arm, {}), levels.get(reference, {})
        sign = self.outcomes[outcome].sign
        both = sorted(ours.keys() & theirs.keys())
        # Adding zero turns -0.0 into 0.0.
        return self._pairs({draw: sign * (ours[draw] - theirs[draw]) + 0.0 for draw in both})

    def references(self, outcome: str) -> tuple[PlannedArm, ...]:
        """Return the arms an outcome is compared with: its own first; "avoided" means against the baseline only."""
        own = self.outcomes[outcome].against
        roles = ("baseline",) if own == "baseline" else ("no transition", "baseline")
        return tuple(arm for arm in map(self.arm, roles) if arm is not None)

    def _pairs(self, found: Mapping[int, float]) -> Pairs:
        kept = [draw for draw in sorted(found) if np.isfinite(found[draw])]
        inputs = np.array([self.inputs[draw] for draw in kept], dtype=np.int64)
        numbers = np.array([found[draw] for draw in kept], dtype=np.float64)
        return Pairs(numbers, np.array(kept, dtype=np.int64), inputs, inputs // self.block)


def measured(sweep: Sweep) -> Measured:
    """Return the outcomes of every run of a sweep at every horizon kept."""
    kept = _kept_of(sweep)
    horizons = tuple(sorted(sweep.plan.horizons))
    outcomes: dict[str, Outcome] = {}
    cannot: dict[str, str] = {}
    levels: dict[tuple[str, int], dict[str, dict[int, float]]] = {}
    for key in sweep.plan.indicators or tuple(_BY_KEY):
        found: dict[tuple[str, int], dict[str, dict[int, float]]] = {}
        try:
            outcome, reader = _reader(key, kept)
            found = {(key, year): reader(year) for year in horizons}
        except _Missing as missing:
            cannot[key] = str(missing)
            continue
        outcomes[key] = outcome
        levels |= found
    return Measured(sweep.plan, outcomes, horizons, cannot, levels)


Runs = dict[str, dict[int, float]]
ByYear = Mapping[int, Runs]


class _Missing(Exception):
    """Values that a sweep did not keep."""


@dataclass(frozen=True)
class _Kept:
    """The values of a sweep by indicator, year, arm and draw: outcomes at horizons, series year by year."""

    values: Mapping[str, ByYear]
    horizons: frozenset[int]
    known: dict[int, dict[tuple[str, int], dict[str, Values]]] = field(default_factory=dict)

    def series(self, year: int) -> dict[tuple[str, int], dict[str, Values]]:
        """Return the yearly series of every run up to a horizon."""
        if year not in self.known:
            self.known[year] = _yearly(self, year)
        return self.known[year]

    def at(self, name: str, year: int) -> Runs:
        """Return the values of one year."""
        if year not in self.values.get(name, {}):
            raise _Missing(f"the sweep kept no {name} of {year}")
        return self.values[name][year]

    def years(self, name: str, last: int) -> list[int]:
        """Return all years up to the last, for a sum over them."""
        years = [year for year in sorted(self.values.get(name, {})) if year <= last]
        if years != list(range(min(years, default=last), last + 1)):
            raise _Missing(f"a sum of {name} to {last} needs every year; the sweep kept {_listed(years)}")
        return years


def _listed(years: list[int]) -> str:
    return ", ".join(map(str, years)) or "none"


def _kept_of(sweep: Sweep) -> _Kept:
    kept: dict[str, dict[int, Runs]] = {}
    names = ("indicator", "year", "scenario", "draw", "value")
    for name, year, arm, draw, value in zip(*(sweep.values[one].to_numpy() for one in names), strict=True):
        kept.setdefault(str(name), {}).setdefault(int(year), {}).setdefault(str(arm), {})[int(draw)] = float(value)
    return _Kept(kept, frozenset(sweep.plan.horizons))


def _reader(key: str, kept: _Kept) -> tuple[Outcome, Callable[[int], Runs]]:
    """Return an outcome and how its values at a horizon are read."""
    outcome = _BY_KEY.get(key)
    if outcome is None and key not in recorded.BY_NAME:
        raise _Missing("neither an outcome nor a series")
    if outcome is None:
        return _of_series(key), lambda year: _series_at(kept, key, year)
    # Some outcomes have the name of a series, which is a flow of the year and kept for all of them.
    if key in kept.values and kept.horizons.issuperset(kept.values[key]):
        return outcome, lambda year: kept.at(key, year)
    if key in MONTHLY_ONLY:
        raise _Missing("needs every month; the sweep kept years")
    return outcome, lambda year: _measured_by_year(outcome, kept, year)


def _of_series(name: str) -> Outcome:
    """Return a plain series as an outcome: what it has more than the reference."""
    one = recorded.BY_NAME[name]
    title = f"{name.replace('_', ' ')}, {'in all' if one.kind == 'flow' else 'at the end'}"
    return Outcome(name, title, one.unit, lambda series: float(series[name][-1]), base="none")


def _series_at(kept: _Kept, name: str, year: int) -> Runs:
    now = kept.at(name, year)
    if recorded.BY_NAME[name].kind != "flow":
        return now
    by_year = [kept.at(name, one) for one in kept.years(name, year)]
    return {arm: {draw: sum(_of(one, arm, draw) for one in by_year) for draw in runs} for arm, runs in now.items()}


def _of(runs: Runs, arm: str, draw: int) -> float:
    return runs.get(arm, {}).get(draw, np.nan)


def _yearly(kept: _Kept, year: int) -> dict[tuple[str, int], dict[str, Values]]:
    """Return the yearly series of every run up to a horizon, as far as they were kept without a gap."""
    found: dict[tuple[str, int], dict[str, Values]] = {}
    for name in kept.values.keys() & recorded.BY_NAME.keys():
        try:
            by_year = [kept.at(name, one) for one in kept.years(name, year)]
        except _Missing:
            continue
        for arm, runs in by_year[-1].items():
            for draw in runs:
                found.setdefault((arm, draw), {})[name] = np.array([_of(one, arm, draw) for one in by_year])
    return found


def _measured_by_year(outcome: Outcome, kept: _Kept, year: int) -> Runs:
    found: Runs = {}
    for (arm, draw), series in kept.series(year).items():
        try:
            found.setdefault(arm, {})[draw] = outcome.measure(series)
        except KeyError as missing:
            raise _Missing(f"needs every year of {missing.args[0]}, which the sweep did not keep") from None
    if not found:
        raise _Missing(f"needs series of every year to {year}, which the sweep did not keep")
    return found
