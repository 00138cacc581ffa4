"""Regions made for one law each: as simple as a region file allows, so that a closed form holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from transitionsim.model import TransitionModel
from transitionsim.policies import policy_from
from transitionsim.regions import base_register
from transitionsim.scenario import load_scenario

FACTS = {
    "population": (6000, "persons"),
    "labour_force": (3000, "persons"),
    "unemployment_rate": (0.07, "share"),
    "long_term_share": (0.09, "share"),
    "vacancy_rate": (0.012, "share"),
    "automotive_persons": (800, "persons"),
    "automotive_plants": (30, "local units"),
    "automotive_wage": (36000, "EUR/year"),
}
"""The small region of the other tests, but for the long-term share: that of one pace for all, so that none differ."""
PLAIN = {
    "tenure.ratio_new_to_old": 1.0,
    "tenure.automotive_ratio": 1.0,
    "tenure.share_temporary_hires": 0.0,
    "region.commuter_share": 0.0,
    "shocks.growth_spread": 0.0,
    "search.mobility": 0.0,
}
"""One hazard of separation for all jobs, nobody hired into another profile, no temporary contracts, no commuters, no
shift of orders between plants."""
OFF = ("ageing", "separations", "inactivity", "search_on_the_job", "choosy", "age_pyramids", "scars", "dismissals",
       "closures", "short_time_work", "early_exits", "conversion", "migration", "local_response", "plant_shocks",
       "successors", "entry")  # fmt: skip
"""Mechanisms that a limit switches off unless it is about them."""
Maker = Callable[..., TransitionModel]


def _sourced(value: float, unit: str, low: float, high: float) -> dict[str, Any]:
    span = {"low": min(low, value), "high": max(high, value)}
    return {"value": value, "unit": unit, **span, "grade": "D", "source": "assumption: made up for a law"}


def written_region(
    folder: Path, facts: Mapping[str, float], plants: Sequence[tuple[str, int]], assumptions: Mapping[str, float]
) -> str:
    """Write a region's file; its assumptions may leave the ranges that a scenario must keep to."""
    register = base_register()
    numbers = {name: (facts.get(name, value), unit) for name, (value, unit) in FACTS.items()}
    content = {
        "code": "LIMITS",
        "name": "Region made for a law",
        "country": "ES",
        "note": "Made up for tests; no figure here is data.",
        "facts": {name: _sourced(value, unit, 0, value) for name, (value, unit) in numbers.items()},
        "plants": [{"name": name, "persons": _sourced(size, "persons", 0, size)} for name, size in plants],
        "assumptions": {
            key: _sourced(value, register[key].unit, register[key].low or 0, register[key].high or 0)
            for key, value in {**PLAIN, **assumptions}.items()
        },
    }
    path = folder / "limits.yaml"
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


@pytest.fixture
def limit(tmp_path: Path) -> Maker:
    """Return a function that enters a plain region with all mechanisms off but those named in ``on``."""

    def make(
        name: str = "no-transition",
        *,
        on: Sequence[str] = (),
        seed: int = 1,
        months: int = 24,
        facts: Mapping[str, float] = {},
        plants: Sequence[tuple[str, int]] = (("Plant", 250),),
        assumptions: Mapping[str, float] = {},
        values: Mapping[str, Any] = {},
        policies: Sequence[Mapping[str, Any]] = (),
    ) -> TransitionModel:
        region = written_region(tmp_path, facts, plants, assumptions)
        switches = {f"mechanisms.{switch}": switch in on for switch in OFF}
        chosen = {"region": region, "persons_per_agent": 1, "months": months, **switches, **values}
        scenario = load_scenario(name).with_values(chosen)
        if policies:
            scenario = scenario.model_copy(update={"policies": tuple(policy_from(dict(one)) for one in policies)})
        return TransitionModel(scenario, rng=seed)

    return make
