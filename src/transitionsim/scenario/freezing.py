"""Freezing the road: each of its six dated inputs can be held as it is in the first month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from transitionsim.columns import POWERTRAINS
from transitionsim.dated import Dated, DatedMix
from transitionsim.scenario.demand import Sourcing
from transitionsim.scenario.schema import Scenario

INPUTS: Final = ("volume", "eu_share", "allocation", "mix", "local_sourcing", "productivity")
"""Market volume, European share of it, which plant gets which model, powertrains, local sourcing, productivity."""


def frozen(scenario: Scenario, inputs: Sequence[str] = INPUTS) -> Scenario:
    """Return a scenario in which the named inputs stay for ever as they are in its first month.

    >>> from transitionsim.scenario import load_scenario
    >>> still = frozen(load_scenario("fast"), ["mix"])
    >>> float(still.electrification.mix.monthly(still.start, 120)[-1, 3])
    0.174
    """
    demand: dict[str, Any] = {}
    for name in ("volume", "eu_share", "productivity"):
        if name in inputs:
            demand[name] = _stopped(getattr(scenario.demand, name), scenario)
    if "local_sourcing" in inputs:
        now = scenario.demand.local_sourcing
        demand["local_sourcing"] = now.model_copy(
            update={name: _stopped(getattr(now, name), scenario) for name in Sourcing.model_fields}
        )
    if "allocation" in inputs:
        demand["allocation"] = "frozen"
    changes: dict[str, Any] = {"demand": scenario.demand.model_copy(update=demand)}
    if "mix" in inputs:
        shares = scenario.electrification.mix.monthly(scenario.start, 1)[0]
        mix = {str(scenario.start): dict(zip(POWERTRAINS, map(float, shares), strict=True))}
        changes["electrification"] = scenario.electrification.model_copy(update={"mix": DatedMix.model_validate(mix)})
    return scenario.model_copy(update=changes)


def _stopped(path: Dated, scenario: Scenario) -> Dated:
    return Dated.model_validate({str(scenario.start): float(path.monthly(scenario.start, 1)[0])})
