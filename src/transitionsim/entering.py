"""Entering a run: a region's start, made once and kept, in which a scenario begins."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim import starts
from transitionsim.breakdowns import empty_breakdown
from transitionsim.columns import OEM, OTHER_ECONOMY, PROJECT, Column, record_type
from transitionsim.employer_kinds import size_classes
from transitionsim.errors import InputError
from transitionsim.evidence import Register
from transitionsim.histories import begin
from transitionsim.living import LivedMonth
from transitionsim.policies import populations
from transitionsim.recorder import empty_series, empty_tables
from transitionsim.regions.newcomers import admit
from transitionsim.regions.pyramids import shape_ages
from transitionsim.regions.start import synthesise
from transitionsim.road import flat_road, lay_road
from transitionsim.rule import Rule, tables_with
from transitionsim.scenario import Scenario
from transitionsim.steps.learning import found_providers
from transitionsim.world import Road, State
from transitionsim.world_variables import SWITCH, WORLD

_KEPT_STARTS: Final = 2
_MOST_ROWS_KEPT: Final = 600_000
"""Larger starts are read from disk for each run: a second copy in memory costs more than the reading."""
_starts: OrderedDict[tuple[Any, ...], State] = OrderedDict()


def start_of(scenario: Scenario, seed: int) -> tuple[State, bool]:
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
        tuple((column.name, column.dtype) for table in populations().values() for column in table),
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
        state = burnt_in(scenario, register, seed, road)
        starts.keep(name, state)
    if len(state.workers) > _MOST_ROWS_KEPT:
        return state, False
    _starts[key] = state
    while len(_starts) > _KEPT_STARTS:
        _starts.popitem(last=False)
    return state, True


def burnt_in(scenario: Scenario, register: Register, seed: int, road: Road) -> State:
    """Return a region made from its profile and lived through the burn-in; nothing is kept of it on disk."""
    plain = LivedMonth((), False)
    state = synthesise(scenario, register, seed, road)
    unemployed = []
    posted, left = np.zeros(len(state.counts.by_profile)), np.zeros(len(state.counts.by_profile))
    while state.month < 0:
        plain.live(state)
        if state.month > -60:
            unemployed.append(state.jobless_residents()[1])
            posted += state.counts.by_profile
            left += state.counts.by_profile - state.counts.hires_by_profile
    state.reference.unemployment_start = sum(unemployed) / len(unemployed)
    state.reference.fill_reference = 1.0 - left / np.maximum(posted, 1.0)
    if scenario.mechanisms.age_pyramids:
        shape_ages(state, scenario.load_region())
    return state


def enter(start: State, scenario: Scenario, extra: Sequence[Rule] = (), *, shared: bool = True) -> State:
    """Return a region's start in which a scenario begins: its road, policies and switches.

    The start is copied when it is ``shared`` with other runs, else it is used up.
    """
    state = _copy(start) if shared else start
    state.settings = scenario.settings(scenario.register())
    state.orders.road = lay_road(scenario, state.settings.register, scenario.load_region().plant_names)
    _settle_fixed_cost(state)
    admit(state, scenario)
    firms = state.employers
    others = (firms["tier"] == OTHER_ECONOMY) & (firms["sector"] != PROJECT)
    state.reference.other_start = max(1, int(firms["posts_start"][others].sum()))
    state.reference.posts_reference = int(state.employers["posts"][state.orders.network.automotive].sum())
    state.record.series = empty_series(scenario.months)
    state.record.histories = begin(len(state.reference.jobs.names))
    for one in WORLD:
        if one.writer == SWITCH:
            state.world[one.name] = bool(getattr(scenario.mechanisms, one.name))
    found_providers(state)
    state.counts.breakdown = empty_breakdown(
        size_classes(state.employers, state.scale), len(state.reference.jobs.names)
    )
    for policy in scenario.policies:
        state.public.policies.append(policy.begin(state))
    state.record.tables = empty_tables(state, scenario.months)
    tables = tables_with(extra, populations())
    state.workers = _widened(state.workers, tables["workers"])
    state.employers = _widened(state.employers, tables["employers"])
    state.world["employers"] = state.employers
    state.world["people"] = len(state.workers)
    state.world["support_policies"] = len(state.public.instruments)
    known = {one.name for one in WORLD}
    for rule in extra:
        for name, need in rule.needs.items():
            if name in known:
                text = f"rule {rule.name}: the world has a '{name}' already; choose another name"
                raise InputError.one(rule.file, text, rule.line)
            state.world[name] = need.value
    return state


def _settle_fixed_cost(state: State) -> None:
    """Bring the fixed cost of suppliers down to what they sell when the books open: orders shifted in the burn-in."""
    firms = state.employers
    rows = (firms["sector"] == 0) & (firms["revenue_start"] > 0.0) & (firms["tier"] != OEM)
    firms["fixed_cost"][rows] *= np.minimum(1.0, firms["revenue"][rows] / firms["revenue_start"][rows])


def _copy(state: State) -> State:
    """Return a state whose tables can be changed without changing the original; what never changes is shared."""
    shared = (state.settings, state.reference.jobs, state.reference.parts, state.orders.network, state.orders.road)
    memo: dict[int, Any] = {id(one): one for one in shared}
    return State(**{field.name: _copied(getattr(state, field.name), memo) for field in fields(State)})


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    """Return a copy of a field; rows of agents as bytes, since NumPy copies records field by field."""
    if isinstance(value, np.ndarray) and value.dtype.names is not None:
        return value.view(np.uint8).copy().view(value.dtype)
    return copy.deepcopy(value, memo)


def _widened(rows: NDArray[np.void], columns: Sequence[Column]) -> NDArray[np.void]:
    """Return rows with the columns that rules add, zero at the start."""
    dtype = record_type(columns)
    if rows.dtype == dtype:
        return rows
    wide = np.zeros(len(rows), dtype=dtype)
    for name in rows.dtype.names or ():
        wide[name] = rows[name]
    return wide
