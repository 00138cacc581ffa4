"""The model: a region that lives through the transition month by month, with Mesa's face.

>>> from transitionsim.scenario import load_scenario
>>> scenario = load_scenario("no-transition").with_values({"persons_per_agent": 500, "months": 6})
>>> model = TransitionModel(scenario, rng=1).run()
>>> int(model.series["dismissals"].sum())
0
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import mesa
from numpy.typing import NDArray

from transitionsim.breakdowns import FirmsAtEnd, firms_at_end
from transitionsim.careers import Careers
from transitionsim.columns import out_of_range
from transitionsim.entering import enter, start_of
from transitionsim.errors import AuditError, InputError, Mistake
from transitionsim.groups import Populations
from transitionsim.histories import Earnings
from transitionsim.histories import table as earnings_table
from transitionsim.living import LivedMonth
from transitionsim.panel import Panel, PanelSize
from transitionsim.plugins import installed_rules
from transitionsim.population import Employer, Population, Worker
from transitionsim.recorder import INVOLUNTARY_LOSSES, LABELS, tidy, tidy_table
from transitionsim.rule import Rule
from transitionsim.scenario import Scenario, load_scenario
from transitionsim.scenario.labels import labels_of
from transitionsim.world import State

if TYPE_CHECKING:
    import pandas as pd


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
        self._month = LivedMonth(extra, interpret)
        start, shared = start_of(chosen, self.seed)
        self._attach(enter(start, chosen, extra, shared=shared))
        self._exposed = False
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "unemployment_rate": "unemployment_rate",
                "employment_automotive": "employment_automotive",
                "involuntary_losses": "involuntary_losses",
            }
        )
        self.running = True

    def _attach(self, state: State) -> None:
        """Take a state for the model's own: its rows are the agents."""
        self._state = state
        world = state.world
        self.workers = Population(self, "workers", state.workers, self._month.columns["workers"], world=world)
        self.employers = Population(
            self,
            "employers",
            state.employers,
            self._month.columns["employers"],
            first_id=len(state.workers) + 1,
            world=world,
        )

    @property
    def state(self) -> State:
        """Everything that changes in the run, to be read and written: what the steps of the month work on.

        Whoever holds it may write into any column. So, once asked for, every month begins by looking whether all
        columns hold what they may: ``InputError`` otherwise.
        """
        self._exposed = True
        return self._state

    @state.setter
    def state(self, state: State) -> None:
        self._exposed = True
        self._attach(state)

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
        return self._state.record.series

    @property
    def month(self) -> int:
        """The next month to be simulated, counted from 0."""
        return self._state.month

    @property
    def unemployment_rate(self) -> float:
        """Unemployed residents and those in training, as a share of the labour force, at the end of last month."""
        return self._state.jobless_residents()[1]

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
        return tidy(self._state)

    def table(self, name: str) -> pd.DataFrame:
        """A monthly table of the record, such as the skill gap by profile, one line for each month and place."""
        return tidy_table(self._state, name)

    @property
    def earnings(self) -> pd.DataFrame:
        """Earnings after displacement and of the comparison group, by cell of age, tenure and profile, and year."""
        return earnings_table(
            self._state.record.histories.earnings, self._state.reference.jobs.names, self._state.scale
        )

    def step(self) -> None:
        """Live through one month."""
        if not self.running:
            return
        if self._exposed:
            self._look_at_columns()
        try:
            self._month.live(self._state)
        except AuditError as error:
            own = ", ".join(f"{one.name} ({one.file}:{one.line})" for one in self._month.extra)
            raise AuditError(f"{error}; rules of your own take part: {own}" if own else str(error)) from error
        self.datacollector.collect(self)
        self.running = self._state.month < self.transition.months

    def _look_at_columns(self) -> None:
        """Raise ``InputError`` for every column that holds a value it may not, before any market reads it."""
        self._attach(self._state)  # whoever had the state may have put other rows in
        mistakes = [
            Mistake(each.name, None, text)
            for each in (self.workers, self.employers)
            for text in out_of_range(getattr(self._state, each.name), each.columns, self._state.world)
        ]
        if mistakes:
            raise InputError(mistakes)

    def run(self) -> Self:
        """Live through all months that are left, and return the model."""
        while self.running:
            self.step()
        return self

    def digest(self) -> str:
        """Return the SHA-256 of all rows of both populations: equal digests mean the same run, byte for byte."""
        return digest_of(self._state)


def state_of(model: TransitionModel) -> State:
    """Return the state of a model for code that writes into no column; unlike ``model.state`` it costs no look."""
    return model._state


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
    state = model._state
    if careers:
        state.record.careers = Careers.empty(len(state.workers), scenario.months, state.scale)
    followed = None if panel is None else Panel.begin(state, panel, runs)
    while model.running:
        model.step()
        if followed is not None:
            followed.take(state)
    return Run(
        model.transition, seed, model.series, model.digest(), model.labels, state.record.histories.earnings, followed,
        state.record.tables, state.record.careers, {name: tuple(labels(state)) for name, labels in LABELS.items()},
        firms_at_end(
            state.employers, state.orders.network.automotive, state.labour.staff,
            state.counts.breakdown.losses_to_date, state.scale,
        ),
    )  # fmt: skip


def digest_of(state: State) -> str:
    """Return the SHA-256 of all rows of both populations, column by column and part by part.

    Padding between columns is no state.
    """
    content = hashlib.sha256()
    for rows in (state.workers, state.employers):
        for name in rows.dtype.names or ():
            content.update(rows[name].T.tobytes())
    return content.hexdigest()
