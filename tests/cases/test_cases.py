"""Run the cases that stand in the YAML files beside this one (see README.md)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from transitionsim.model import Run, simulate
from transitionsim.scenario import load_scenario

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
CASES = [case for file in FILES for case in YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))]
BOUNDS = {
    "above": lambda found, bound: found > bound,
    "below": lambda found, bound: found < bound,
    "equals": lambda found, bound: found == bound,
}


@lru_cache(maxsize=4)
def _run(name: str, settings: tuple[tuple[str, Any], ...]) -> Run:
    return simulate(load_scenario(name).with_values(dict(settings)), 1)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    settings = tuple(sorted({"persons_per_agent": 200, **case.get("set", {})}.items()))
    run = _run(case["scenario"], settings)
    for expected in case["expect"]:
        indicator = expected["indicator"]
        series = run.series[indicator]
        measures = {"total": series.sum(), "last": series[-1]}
        if "against" in case:
            other = _run(case["against"], settings).series[indicator]
            measures["difference"] = series.sum() - other.sum()
            measures["last_difference"] = series[-1] - other[-1]
        kinds = [kind for kind in expected if kind != "indicator"]
        assert kinds, "an expectation needs total, last or difference"
        for kind in kinds:
            for bound, value in expected[kind].items():
                assert BOUNDS[bound](measures[kind], value), f"{kind} of {indicator} is {measures[kind]}"
