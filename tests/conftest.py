"""What many tests need: a small region, quickly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from transitionsim.model import TransitionModel
from transitionsim.scenario import Scenario, load_scenario

SMALL = {"region": str(Path(__file__).parent / "small-region.yaml"), "persons_per_agent": 1, "months": 24}
"""A made-up region of 4,350 rows, 30 of its employers in car making."""


@pytest.fixture(scope="session")
def small() -> Any:
    """Return a function that loads a shipped scenario at a small scale, with further values if wanted."""

    def load(name: str = "current-policy", **values: Any) -> Scenario:
        changed = {key.replace("__", "."): value for key, value in values.items()}
        return load_scenario(name).with_values({**SMALL, **changed})

    return load


@pytest.fixture(scope="session")
def run_small(small: Any) -> Any:
    """Return a function that runs a shipped scenario at a small scale and returns the finished model."""

    def run(name: str = "current-policy", seed: int = 1, **values: Any) -> TransitionModel:
        return TransitionModel(small(name, **values), rng=seed).run()

    return run
