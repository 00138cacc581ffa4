"""Employers that do not exist at the start: new suppliers of electric parts, and dated battery and drive plants.

Their rows stand behind all others from the first month of a run, without posts; so nobody's number or luck depends
on whether they come to life.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import (
    BATTERY,
    ELECTRIC_DRIVE,
    ELECTRIC_GROUPS,
    NEVER,
    OEM,
    OTHER_ECONOMY,
    PROJECT,
    TIER_1,
    Records,
    blank_rows,
)
from transitionsim.draws import agent_keys, stream, uniform
from transitionsim.markets.orders import Books, Network
from transitionsim.policies import populations
from transitionsim.regions.network import positions, set_hours
from transitionsim.scenario import Scenario
from transitionsim.scenario.demand import Project
from transitionsim.world import BY_EMPLOYER, ProjectPlan, State

Floats = NDArray[np.float64]
FOR_EACH_GROUP: Final = 2
"""New suppliers that may open in each electric component group."""


def admit(state: State, scenario: Scenario) -> None:
    """Add the rows of new suppliers and of the scenario's projects to a state that enters its first month."""
    code = scenario.load_region().code
    groups = np.repeat(np.array(ELECTRIC_GROUPS), FOR_EACH_GROUP)
    count, before = len(groups) + len(scenario.projects), len(state.employers)
    rows = blank_rows(populations()["employers"], count)
    rows["key"][: len(groups)] = agent_keys(code, "new suppliers", len(groups))
    for place, project in enumerate(scenario.projects, start=len(groups)):
        rows["key"][place] = agent_keys(code, f"project {project.id}", 1)[0]
    rows["number"] = before + np.arange(count)
    for name in ("main_group", "support"):
        rows[name] = -1
    rows["premium"] = 1.0
    rows["loan_end"] = NEVER
    rows["represents"] = 1
    automotive = state.employers["sector"] == 0
    rows["tier"] = np.where(np.arange(count) < len(groups), TIER_1, OTHER_ECONOMY)
    rows["sector"] = np.where(np.arange(count) < len(groups), 0, PROJECT)
    rows["mean_wage"][: len(groups)] = state.employers["mean_wage"][automotive].max()
    rows["margin"][: len(groups)] = state.settings.value("finance.margin")
    rows["sme"][: len(groups)] = True
    _lengthen(state, rows)
    state.orders.network = _with_entrants(state, before, groups)
    state.orders.projects = [_plan(state, before + len(groups) + n, one) for n, one in enumerate(scenario.projects)]


def _lengthen(state: State, rows: Records) -> None:
    """Give every table that has a line for each employer lines for the new ones."""
    state.employers = np.concatenate([state.employers, rows])
    for part, name in BY_EMPLOYER:
        setattr(getattr(state, part), name, _padded(getattr(getattr(state, part), name), len(rows)))
    state.orders.books = Books(*(_padded(table, len(rows)) for table in state.orders.books))
    phase = uniform(stream(state.seed, "synthesis/phase", 0), rows["key"])
    state.reference.phase[-len(rows) :] = phase
    state.reference.cell_phase[-len(rows) :] = phase * 0.999999
    state.orders.share[-len(rows) :] = 1.0
    state.orders.handed_on[-len(rows) :] = 1.0
    state.reference.employer_order = np.argsort(state.employers["key"], kind="stable")
    state.world["lacking"] = _padded(state.world["lacking"], len(rows))


def _padded(table: NDArray[Any], lines: int) -> NDArray[Any]:
    return np.concatenate([table, np.zeros((lines, *table.shape[1:]), table.dtype)])


def _with_entrants(state: State, first: int, groups: NDArray[np.int64]) -> Network:
    """Return the network with an edge from every vehicle plant to every new supplier, and none for projects."""
    old, count = state.orders.network, len(state.employers) - first
    plants = np.nonzero(state.employers["tier"] == OEM)[0]
    supplier = np.repeat(first + np.arange(len(groups)), len(plants))
    share = state.settings.value("suppliers.entry_share") / FOR_EACH_GROUP
    edges = {
        "customer": np.concatenate([old.customer, np.tile(plants, len(groups))]),
        "supplier": np.concatenate([old.supplier, supplier]),
        "group": np.concatenate([old.group, np.repeat(groups, len(plants))]),
        "share": np.concatenate([old.share, np.full(len(supplier), share)]),
    }
    tier = state.employers["tier"]
    order = np.lexsort((edges["customer"], edges["supplier"], tier[edges["supplier"]]))
    hours = _padded(old.hours, count)
    price = _padded(old.price, count)
    standard = set_hours(state.settings.register, state.reference.parts, state.settings.labour_content)
    worth = set_hours(state.settings.register, state.reference.parts, "equal")
    own = first + np.arange(len(groups))
    hours[own, groups] = standard[groups] / 1000.0
    an_hour = state.settings.value("finance.revenue_per_person") / 12.0 / state.settings.value("hours.per_person_month")
    price[own, groups] = worth[groups] / 1000.0 * an_hour
    automotive = np.concatenate([old.automotive, own])
    automotive = automotive[np.argsort(tier[automotive], kind="stable")]
    entrant = np.concatenate([old.entrant, np.arange(count) < len(groups)])
    return old._replace(
        **{name: table[order] for name, table in edges.items()},
        external=_padded(old.external, count),
        vehicles=_padded(old.vehicles, count),
        hours=hours,
        price=price,
        assembly=_padded(old.assembly, count),
        plant=np.concatenate([old.plant, np.full(count, -1)]),
        entrant=entrant,
        automotive=automotive,
        position=positions(automotive, len(state.employers)),
    )


def _plan(state: State, row: int, project: Project) -> ProjectPlan:
    group = BATTERY if project.kind == "battery" else ELECTRIC_DRIVE
    first = int(project.from_ - state.settings.start)
    return ProjectPlan(row, first, project.jobs, int(project.ramp_months), 1 + group)
