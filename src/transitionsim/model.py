"""The model: a region that lives through the transition month by month, with Mesa's face.

>>> from transitionsim.scenario import load_scenario
>>> scenario = load_scenario("no-transition").with_values({"persons_per_agent": 500, "months": 6})
>>> model = TransitionModel(scenario, rng=1).run()
>>> int(model.series["dismissals"].sum())
0
"""

from __future__ import annotations

import copy
import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import mesa
import numpy as np
from numpy.typing import NDArray

from transitionsim import starts
from transitionsim.breakdowns import FirmsAtEnd, empty_breakdown, firms_at_end
from transitionsim.careers import Careers
from transitionsim.columns import POPULATIONS, Column, record_type
from transitionsim.employer_kinds import size_classes
from transitionsim.engine import Sweep
from transitionsim.errors import InputError
from transitionsim.evidence import Register
from transitionsim.groups import Populations
from transitionsim.histories import Earnings, begin
from transitionsim.histories import table as earnings_table
from transitionsim.month import MONTH, RESTS, Heading, Step
from transitionsim.panel import Panel, PanelSize
from transitionsim.plugins import arrange, installed_rules
from transitionsim.population import Employer, Population, Worker
from transitionsim.recorder import INVOLUNTARY_LOSSES, LABELS, empty_series, empty_tables, tidy, tidy_table
from transitionsim.regions.newcomers import admit
from transitionsim.regions.pyramids import shape_ages
from transitionsim.regions.start import synthesise
from transitionsim.road import flat_road, lay_road
from transitionsim.rule import Rule, tables_with
from transitionsim.scenario import Scenario, load_scenario
from transitionsim.steps.learning import found_providers
from transitionsim.world import Road, State

if TYPE_CHECKING:
    import pandas as pd

_KEPT_STARTS: Final = 2
_MOST_ROWS_KEPT: Final = 600_000
"""Larger starts are read from disk for each run: a second copy in memory costs more than the reading."""
_starts: OrderedDict[tuple[Any, ...], State] = OrderedDict()


class TransitionModel(mesa.Model):  # type: ignore[misc]
    """One run of a scenario.

    ``scenario`` is a :class:`Scenario`, a path or a name; ``rng`` the seed of all luck; ``rules`` are a student's
    own; ``interpret`` runs the rules as plain Python; ``settings`` changes values as ``--set`` does.
    ``workers`` and ``employers`` are the populations, ``series`` the monthly record, ``results`` the same as a
    tidy table. Mesa's ``DataCollector`` (put your own in place of ``datacollector``) and ``batch_run`` work on it.

    Raises :class:`InputError` for a mistaken scenario or rule and ``AuditError`` when an identity breaks.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path,
        *,
        rng: int = 0,
        rules: Sequence[Rule] = (),
        interpret: bool | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(rng=rng)
        chosen = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
        if settings:
            chosen = chosen.with_values(settings, "settings")
        self.transition = chosen
        self.seed = int(rng)
        extra = (*installed_rules(chosen.rules), *rules)
        self._month = _Month(extra, interpret)
        start, shared = _start_of(chosen, self.seed)
        self.state = enter(start, chosen, extra, shared=shared)
        self.workers = Population(self, "workers", self.state.workers, self._month.columns["workers"])
        self.employers = Population(
            self,
            "employers",
            self.state.employers,
            self._month.columns["employers"],
            first_id=len(self.state.workers) + 1,
        )
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "unemployment_rate": "unemployment_rate",
                "employment_automotive": "employment_automotive",
                "involuntary_losses": "involuntary_losses",
            }
        )
        self.running = True

    @property
    def agents(self) -> Populations:
        """All agents, workers first; views made on demand."""
        return Populations((self.workers, self.employers))

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], Population]:
        """The populations by the type of their agents."""
        return {Worker: self.workers, Employer: self.employers}

    @property
    def agent_types(self) -> list[type[mesa.Agent]]:
        """The types of agents."""
        return [Worker, Employer]

    @property
    def series(self) -> dict[str, NDArray[Any]]:
        """The record so far: for each name an array over the months of the run, in persons or cents."""
        return self.state.series

    @property
    def month(self) -> int:
        """The next month to be simulated, counted from 0."""
        return self.state.month

    @property
    def unemployment_rate(self) -> float:
        """Unemployed residents and those in training, as a share of the labour force, at the end of last month."""
        return self.state.jobless_residents()[1]

    @property
    def employment_automotive(self) -> int:
        """People employed in automotive firms at the end of last month."""
        return int(self.series["employment_automotive"][max(0, self.month - 1)])

    @property
    def involuntary_losses(self) -> int:
        """People who lost a job in automotive firms for lack of orders or by closure, since the start."""
        return int(sum(self.series[name].sum() for name in INVOLUNTARY_LOSSES))

    @property
    def labels(self) -> tuple[str, ...]:
        """What a reader must know about every number of this run."""
        return labels_of(self.transition)

    @property
    def results(self) -> pd.DataFrame:
        """The record as a tidy table: month, indicator, value."""
        return tidy(self.state)

    def table(self, name: str) -> pd.DataFrame:
        """A monthly table of the record, such as the skill gap by profile, one line for each month and place."""
        return tidy_table(self.state, name)

    @property
    def earnings(self) -> pd.DataFrame:
        """Earnings after displacement and of the comparison group, by cell of age, tenure and profile, and year."""
        return earnings_table(self.state.histories.earnings, self.state.jobs.names, self.state.scale)

    def step(self) -> None:
        """Live through one month."""
        if not self.running:
            return
        self._month.live(self.state)
        self.datacollector.collect(self)
        self.running = self.state.month < self.transition.months

    def run(self) -> Self:
        """Live through all months that are left, and return the model."""
        while self.running:
            self.step()
        return self

    def digest(self) -> str:
        """Return the SHA-256 of all rows of both populations: equal digests mean the same run, byte for byte."""
        return digest_of(self.state)


@dataclass(frozen=True)
class Run:
    """What a finished run hands on: scenario, seed, monthly series, digest, labels and the panel, if one was asked."""

    scenario: Scenario
    seed: int
    series: dict[str, NDArray[Any]]
    digest: str
    labels: tuple[str, ...]
    earnings: Earnings
    """Earnings after displacement and of the comparison group; see ``histories.displaced_earnings_loss``."""
    panel: Panel | None = None
    tables: dict[str, NDArray[Any]] = field(default_factory=dict)
    """Monthly tables, first the month, then the dimensions that ``tables.py`` names."""
    careers: Careers | None = None
    """The working life of every row, when it was asked for."""
    places: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What the places along a dimension of the tables are called."""
    firms: FirmsAtEnd | None = None
    """The automotive firms in the last month."""


def simulate(
    scenario: Scenario,
    seed: int,
    *,
    rules: Sequence[Rule] = (),
    panel: PanelSize | None = None,
    runs: int = 1,
    careers: bool = False,
) -> Run:
    """Run a scenario with one seed and return its record. The region's start is shared between scenarios.

    With ``panel`` so many persons are followed month by month; ``runs`` is how many runs make such a panel together.
    With ``careers`` the run also hands on who was employed when, in a bit for each row and month.
    """
    model = TransitionModel(scenario, rng=seed, rules=rules)
    state = model.state
    if careers:
        state.careers = Careers.empty(len(state.workers), scenario.months, state.scale)
    followed = None if panel is None else Panel.begin(state, panel, runs)
    while model.running:
        model.step()
        if followed is not None:
            followed.take(state)
    return Run(
        model.transition, seed, model.series, model.digest(), model.labels, state.histories.earnings, followed,
        state.tables, state.careers, {name: tuple(labels(state)) for name, labels in LABELS.items()},
        firms_at_end(state.employers, state.network.automotive, state.staff, state.scale),
    )  # fmt: skip


def digest_of(state: State) -> str:
    """Return the SHA-256 of all rows of both populations, column by column (padding between columns is no state)."""
    content = hashlib.sha256()
    for rows in (state.workers, state.employers):
        for name in rows.dtype.names or ():
            content.update(rows[name].tobytes())
    return content.hexdigest()


def labels_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the notes that must stand beside every number of a scenario's runs."""
    region = scenario.load_region()
    labels = []
    total = region.facts.automotive_persons.number
    told = scenario.calendars()
    large = [plant.name for plant in region.plants if plant.persons.number > 0.2 * total]
    silent = [name for name in large if name not in told]
    if silent or not (region.plants or told):
        who = ", ".join(silent) if silent else "the largest plant"
        labels.append(f"stylised region: {who} has no calendar of models and volumes of its own")
    return tuple(labels)


class _Month:
    """The month with a student's rules in it, its rules fused into passes, ready to be lived."""

    def __init__(self, extra: Sequence[Rule], interpret: bool | None) -> None:
        self.extra = tuple(extra)
        self.interpret = interpret
        self.headings = with_rules(MONTH, self.extra)
        self.columns: Mapping[str, tuple[Column, ...]] = tables_with(self.extra, POPULATIONS)
        self._passes: list[Sweep | Any] | None = None

    def passes(self, state: State) -> list[Any]:
        """Return the steps of the month with consecutive rules fused; rules are rehearsed and compiled once."""
        if self._passes is None:
            self._passes = []
            waiting: list[Rule] = []
            for step in (step for heading in self.headings for step in heading.steps):
                if waiting and not (isinstance(step, Rule) and step.on == waiting[0].on):
                    self._passes.append(self._sweep(waiting, state))
                    waiting = []
                if isinstance(step, Rule):
                    waiting.append(step)
                else:
                    self._passes.append(step)
        return self._passes

    def _sweep(self, rules: Sequence[Rule], state: State) -> Any:
        sweep = Sweep(rules, self.columns[rules[0].on], state.world, interpret=self.interpret)
        population = rules[0].on
        flags = [RESTS.get(rule.name) for rule in rules]
        resting = tuple(flag for flag in flags if flag is not None) if None not in flags else ()

        def live(now: State) -> None:
            if resting and all(now.world[flag] for flag in resting):
                return
            sweep(getattr(now, population), now.world, now.seed, now.month)

        return live

    def live(self, state: State) -> None:
        """Live through one month and move the calendar on."""
        for step in self.passes(state):
            step(state)
        state.month += 1


def with_rules(month: Sequence[Heading], extra: Sequence[Rule]) -> tuple[Heading, ...]:
    """Return the month with a student's rules put behind or in place of the rules they name."""
    if not extra:
        return tuple(month)
    steps = arrange([step for heading in month for step in heading.steps], extra)
    headings, rest = [], list(steps)
    for heading in month:
        last = heading.steps[-1]
        own: list[Step] = []
        while rest:
            step = rest.pop(0)
            own.append(step)
            follows = rest[0] if rest else None
            if step is last or _replaces(step, last):
                if isinstance(follows, Rule) and follows in extra and follows.after == _name(last):
                    continue
                break
        headings.append(Heading(heading.title, tuple(own)))
    return tuple(headings)


def _replaces(step: Step, other: Step) -> bool:
    return isinstance(step, Rule) and step.replaces is not None and step.replaces == _name(other)


def _name(step: Step) -> str:
    return step.name if isinstance(step, Rule) else step.__name__


def _start_of(scenario: Scenario, seed: int) -> tuple[State, bool]:
    """Return the region at the end of its burn-in, and whether it is shared with later runs in this process.

    Starts are kept on disk; the last small ones in the process too. The burn-in is lived without transition,
    without policy, without a student's rules, and compiled: both engines give the same bytes, and nobody sets a
    breakpoint in it.
    """
    region = scenario.load_region()
    register = scenario.register()
    road = flat_road(scenario, register, region.plant_names)
    key = (
        region.digest(),
        tuple((name, parameter.value) for name, parameter in register.items()),
        scenario.persons_per_agent,
        scenario.labour_content,
        scenario.mechanisms.choosy,
        scenario.mechanisms.age_pyramids,
        int(scenario.start),
        tuple(scenario.electrification.mix.monthly(scenario.start, 1)[0].tolist()),
        tuple(road.carried[:, 0].ravel().tolist()),
        seed,
    )
    if key in _starts:
        _starts.move_to_end(key)
        return _starts[key], True
    name = starts.name_of(key)
    state = starts.fetch(name, scenario, register)
    if state is None:
        state = _burnt_in(scenario, register, seed, road)
        starts.keep(name, state)
    if len(state.workers) > _MOST_ROWS_KEPT:
        return state, False
    _starts[key] = state
    while len(_starts) > _KEPT_STARTS:
        _starts.popitem(last=False)
    return state, True


def _burnt_in(scenario: Scenario, register: Register, seed: int, road: Road) -> State:
    """Return a region made from its profile and lived through the burn-in."""
    plain = _Month((), False)
    state = synthesise(scenario, register, seed, road)
    unemployed = []
    posted, left = np.zeros(len(state.by_profile)), np.zeros(len(state.by_profile))
    while state.month < 0:
        plain.live(state)
        if state.month > -60:
            unemployed.append(state.jobless_residents()[1])
            posted += state.by_profile
            left += state.by_profile - state.hires_by_profile
    state.unemployment_start = sum(unemployed) / len(unemployed)
    state.fill_reference = 1.0 - left / np.maximum(posted, 1.0)
    if scenario.mechanisms.age_pyramids:
        shape_ages(state, scenario.load_region())
    return state


def enter(start: State, scenario: Scenario, extra: Sequence[Rule] = (), *, shared: bool = True) -> State:
    """Return a region's start in which a scenario begins: its road, policies and switches.

    The start is copied when it is ``shared`` with other runs, else it is used up.
    """
    state = _copy(start) if shared else start
    known = set(start.world)
    state.scenario = scenario
    state.register = scenario.register()
    state.road = lay_road(scenario, state.register, scenario.load_region().plant_names)
    admit(state)
    state.posts_reference = int(state.employers["posts"][state.network.automotive].sum())
    state.series = empty_series(scenario.months)
    state.histories = begin(len(state.jobs.names))
    for name in (
        "ageing",
        "separations",
        "inactivity",
        "search_on_the_job",
        "dismissals",
        "closures",
        "short_time_work",
        "conversion",
        "scars",
    ):
        state.world[name] = bool(getattr(scenario.mechanisms, name))
    found_providers(state)
    state.breakdown = empty_breakdown(size_classes(state.employers, state.scale), len(state.jobs.names))
    for policy in scenario.policies:
        before = {id(ledger) for ledger in state.ledgers()}
        policy.enter(state, policy.in_force(scenario.start, scenario.months))
        state.accounts += [(policy.id, ledger) for ledger in state.ledgers() if id(ledger) not in before]
    state.tables = empty_tables(state, scenario.months)
    tables = tables_with(extra, POPULATIONS)
    state.workers = _widened(state.workers, tables["workers"])
    state.employers = _widened(state.employers, tables["employers"])
    state.world["employers"] = state.employers
    for rule in extra:
        for name, need in rule.needs.items():
            if name in known:
                text = f"rule {rule.name}: the world has a '{name}' already; choose another name"
                raise InputError.one(rule.file, text, rule.line)
            state.world[name] = need.value
    return state


def _copy(state: State) -> State:
    """Return a state whose tables can be changed without changing the original."""
    shared = {"scenario", "register", "jobs", "parts", "network", "road"}
    values = {
        field.name: getattr(state, field.name) if field.name in shared else copy.deepcopy(getattr(state, field.name))
        for field in fields(State)
    }
    return State(**values)


def _widened(rows: NDArray[np.void], columns: Sequence[Column]) -> NDArray[np.void]:
    """Return rows with the columns that rules add, zero at the start."""
    dtype = record_type(columns)
    if rows.dtype == dtype:
        return rows
    wide = np.zeros(len(rows), dtype=dtype)
    for name in rows.dtype.names or ():
        wide[name] = rows[name]
    return wide
