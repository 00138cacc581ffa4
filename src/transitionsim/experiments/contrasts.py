"""From the values of a sweep to paired differences: each arm against the baseline and against no transition.

A difference is taken within a draw, so that both arms share their luck and their inputs. Outcomes are those of a
comparison (:mod:`transitionsim.experiments.outcomes`): where a sweep keeps an outcome itself, it is read; where it
keeps the series of every year, flows are summed from the first year on and stocks are taken at the horizon. A sum
over years with a gap cannot be made, nor the mean rate of joblessness from yearly stocks, which are of Decembers only:
it is read where it was kept as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim import series as recorded
from transitionsim.experiments.design import NOISE_AND_INPUTS, NOISE_ONLY
from transitionsim.experiments.outcomes import BASES, JOBLESS_RATE, OUTCOMES, Outcome

if TYPE_CHECKING:
    from transitionsim.experiments.plan import Plan, PlannedArm, Sweep

Values = NDArray[np.float64]
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
    bases: Mapping[str, Mapping[str, Mapping[int, float]]] = field(default_factory=dict)
    """What outcomes are a part of, by its key, arm and draw."""

    @cached_property
    def inputs(self) -> dict[int, int]:
        """The number of the inputs of every draw, 0 for all where no input varies."""
        return inputs_of(self.plan)

    @cached_property
    def block(self) -> int:
        """How many draws of inputs of a screening design hang together: a trajectory of Morris, a block of Saltelli."""
        return block_of(self.plan)

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

    def base(self, name: str) -> Values:
        """Return what outcomes are a part of, in the runs without transition, else in all runs; empty if not kept."""
        by_arm = self.bases.get(name, {})
        null = self.arm("no transition")
        runs = by_arm.get(null.label, {}) if null is not None else {}
        chosen = [runs] if runs else list(by_arm.values())
        return np.array([value for one in chosen for value in one.values()], dtype=np.float64)

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


def inputs_of(plan: Plan) -> dict[int, int]:
    """Return the number of the inputs of every draw, 0 for all where no input varies."""
    varied = len({str(sorted(draw.values.items())) for draw in plan.draws}) > 1
    return {draw.number: draw.inputs if varied else 0 for draw in plan.draws}


def block_of(plan: Plan) -> int:
    """Return how many draws of inputs of a screening design hang together."""
    names = plan.sampling.get("names", ())
    over_inputs = set(names) <= {name for draw in plan.draws for name in draw.values}
    more = {"morris": 1, "sobol": 2}.get(str(plan.sampling.get("kind")), 0)
    return len(names) + more if names and more and over_inputs else 1


def clusters_of(plan: Plan, draws: Sequence[int]) -> NDArray[np.int64]:
    """Return the cluster of each of some draws: what is drawn again for an interval of a mean."""
    inputs = inputs_of(plan)
    return np.array([inputs[draw] for draw in draws], dtype=np.int64) // block_of(plan)


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
    bases = {name: kept.at(name, min(kept.present[name])) for name in BASES if name in kept.present}
    return Measured(sweep.plan, outcomes, horizons, cannot, levels, bases)


Runs = dict[str, dict[int, float]]


class _Missing(Exception):
    """Values that a sweep did not keep."""


@dataclass(frozen=True)
class _Kept:
    """The values of a sweep: for each indicator a cube (years, arms, draws), NaN where a run or a year is missing.

    ``present`` are the years of each indicator, ``there`` (arms, draws) says which runs finished.
    """

    cubes: Mapping[str, Values]
    present: Mapping[str, frozenset[int]]
    years: tuple[int, ...]
    arms: tuple[str, ...]
    draws: tuple[int, ...]
    there: NDArray[np.bool_]
    horizons: frozenset[int]
    whole: bool = False
    known: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    """Places of the years of a series up to a horizon, found once."""

    def at(self, name: str, year: int) -> Runs:
        """Return the values of one year."""
        if year not in self.present.get(name, ()):
            raise _Missing(f"the sweep kept no {name} of {year}")
        return self._runs(self.cubes[name][self.years.index(year)])

    def summed(self, name: str, last: int) -> Runs:
        """Return the values of all years up to the last, summed in their order."""
        years = self._without_a_gap(name, last)
        total = np.zeros(self.there.shape)
        for year in years:
            total = total + self.cubes[name][self.years.index(year)]
        return self._runs(total)

    def run(self, arm: int, draw: int, last: int) -> Mapping[str, Values]:
        """Return the yearly series of one run up to a horizon, read when they are asked for."""
        return _RunSeries(self, arm, draw, last)

    def _without_a_gap(self, name: str, last: int) -> list[int]:
        years = sorted(year for year in self.present.get(name, ()) if year <= last)
        if years != list(range(min(years, default=last), last + 1)):
            raise _Missing(f"a sum of {name} to {last} needs every year; the sweep kept {_listed(years)}")
        return years

    def places(self, name: str, last: int) -> list[int]:
        """Return where the years of a series up to a horizon stand; none where there is a gap or nothing."""
        if (name, last) not in self.known:
            try:
                self.known[name, last] = [self.years.index(year) for year in self._without_a_gap(name, last)]
            except _Missing:
                self.known[name, last] = []
        return self.known[name, last]

    def _runs(self, values: Values) -> Runs:
        found: Runs = {}
        for arm, name in enumerate(self.arms):
            own = np.flatnonzero(self.there[arm])
            if own.size:
                found[name] = {self.draws[draw]: float(values[arm, draw]) for draw in own}
        return found


class _RunSeries(Mapping[str, Values]):
    """The yearly series of one run; a series with a gap is not there."""

    def __init__(self, kept: _Kept, arm: int, draw: int, last: int) -> None:
        self._kept, self._arm, self._draw, self._last = kept, arm, draw, last

    def __getitem__(self, name: str) -> Values:
        places = self._kept.places(name, self._last) if name in recorded.BY_NAME else []
        if not places:
            raise KeyError(name)
        return self._kept.cubes[name][places, self._arm, self._draw]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._kept.cubes if name in recorded.BY_NAME and self._kept.places(name, self._last))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _listed(years: list[int]) -> str:
    return ", ".join(map(str, years)) or "none"


def _kept_of(sweep: Sweep) -> _Kept:
    import pandas as pd

    table = sweep.values  # noqa: PD011
    (name, names), (year, years), (arm, arms), (draw, draws) = (
        pd.factorize(table[column], sort=True) for column in ("indicator", "year", "scenario", "draw")
    )
    shape = (len(names), len(years), len(arms), len(draws))
    values = np.full(shape, np.nan)
    values[name, year, arm, draw] = table["value"].to_numpy(dtype=np.float64)
    there = np.zeros(shape[2:], dtype=np.bool_)
    there[arm, draw] = True
    kept = np.zeros(shape[:2], dtype=np.bool_)
    kept[name, year] = True
    listed = [int(one) for one in years]
    present = {
        str(one): frozenset(listed[place] for place in np.flatnonzero(kept[number])) for number, one in enumerate(names)
    }
    return _Kept(
        {str(one): values[number] for number, one in enumerate(names)}, present, tuple(listed),
        tuple(map(str, arms)), tuple(map(int, draws)), there, frozenset(sweep.plan.horizons), sweep.plan.whole,
    )  # fmt: skip


def _reader(key: str, kept: _Kept) -> tuple[Outcome, Callable[[int], Runs]]:
    """Return an outcome and how its values at a horizon are read: as they were kept, else from series of every year."""
    outcome = _BY_KEY.get(key)
    if outcome is None and key not in recorded.BY_NAME:
        raise _Missing("neither an outcome nor a series")
    if outcome is None:
        return _of_series(key), lambda year: _series_at(kept, key, year)
    # Some outcomes have the name of a series: the whole record holds the series, other sweeps the outcome.
    present = frozenset() if kept.whole and key in recorded.BY_NAME else kept.present.get(key, frozenset())
    if present >= kept.horizons:
        return outcome, lambda year: kept.at(key, year)
    if key == JOBLESS_RATE:
        raise _Missing("needs every month; the sweep kept years")
    return outcome, lambda year: _measured_by_year(outcome, kept, year)


def _of_series(name: str) -> Outcome:
    """Return a plain series as an outcome: what it has more than the reference."""
    one = recorded.BY_NAME[name]
    title = f"{name.replace('_', ' ')}, {'in all' if one.kind == 'flow' else 'at the end'}"
    return Outcome(name, title, one.unit, lambda series: float(series[name][-1]), base="none")


def _series_at(kept: _Kept, name: str, year: int) -> Runs:
    return kept.summed(name, year) if recorded.BY_NAME[name].kind == "flow" else kept.at(name, year)


def _measured_by_year(outcome: Outcome, kept: _Kept, year: int) -> Runs:
    if not any(kept.places(name, year) for name in kept.cubes if name in recorded.BY_NAME):
        raise _Missing(f"needs series of every year to {year}, which the sweep did not keep")
    found: Runs = {}
    for arm, draw in zip(*(part.tolist() for part in np.nonzero(kept.there)), strict=True):
        try:
            value = outcome.measure(kept.run(arm, draw, year))
        except KeyError as missing:
            raise _Missing(f"needs every year of {missing.args[0]}, which the sweep did not keep") from None
        found.setdefault(kept.arms[arm], {})[kept.draws[draw]] = value
    return found
