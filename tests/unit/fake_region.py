"""A stand-in for the model in tests of the calibration: measures that are known functions of the parameters."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

KEYS = ("flows.job_to_job", "search.mobility")
AT = {"flows.job_to_job": 0.003, "search.mobility": 0.6}
STILL = {
    "unemployment_rate": 0.07,
    "long_term_share": 0.34,
    "vacancy_rate": 0.012,
    "employed_to_unemployed": 0.0054,
    "employed_to_inactive": 0.008,
    "unemployed_to_employed": 0.0886,
    "unemployed_to_inactive": 0.0918,
    "inactive_to_employed": 0.0139,
    "inactive_to_unemployed": 0.0169,
    "mean_tenure": 10.0,
    "tenure_under_12_months": 0.17,
}


def chance(seed: int, name: str, values: Mapping[str, float]) -> float:
    """Return luck between -1 and 1 that depends on the seed and, a little, on the values."""

    def uniform(text: str) -> float:
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2.0**47 - 1.0

    return 0.7 * uniform(f"{seed} {name}") + 0.3 * uniform(f"{seed} {name} {sorted(values.items())}")


def told_apart(arm: Any, values: Mapping[str, float], seed: int) -> dict[str, float]:
    """Employer changes see job-to-job moves, occupation changes see these and mobility."""
    given = {**AT, **values}
    jobs, mobility = given["flows.job_to_job"], given["search.mobility"]
    found = {
        **STILL,
        "employer_changes": 0.03 + 10.0 * jobs,
        "occupation_changes": (0.03 + 10.0 * jobs) * (0.2 + 0.5 * mobility),
    }
    return {name: value * (1.0 + 0.002 * chance(seed, name, values)) for name, value in found.items()}


def alike(arm: Any, values: Mapping[str, float], seed: int) -> dict[str, float]:
    """Only the product of the two parameters moves anything."""
    given = {**AT, **values}
    product = given["flows.job_to_job"] * given["search.mobility"]
    found = {**STILL, "employer_changes": 0.03 + 15.0 * product, "occupation_changes": 0.01 + 8.0 * product}
    return {name: value * (1.0 + 0.002 * chance(seed, name, values)) for name, value in found.items()}
