"""Ten runs over regions, scales, policies and seeds: a digest of every named column and of the whole record.

Columns and series are taken by name, so that their order and their layout in memory are nobody's promise.
Rewrite with ``make golden``; a change here is a change in numbers.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from transitionsim.model import TransitionModel
from transitionsim.scenario import load_scenario

FILE = Path(__file__).with_name("reference.json")
RUNS: dict[str, tuple[str, dict[str, Any], int]] = {
    "AT22": ("current-policy", {"region": "AT22", "persons_per_agent": 10, "months": 60}, 1),
    "DE9": ("reskilling", {"region": "DE9", "persons_per_agent": 20}, 2),
    "ES24": ("wage-insurance", {"region": "ES24", "persons_per_agent": 5, "months": 96}, 3),
    "CZ08": ("sme-support", {"region": "CZ08", "persons_per_agent": 20}, 4),
    "HU22": ("short-time-work", {"region": "HU22", "persons_per_agent": 10, "months": 72}, 5),
    "SE23": ("mobility-grant", {"region": "SE23", "persons_per_agent": 20}, 6),
    "ITC1": ("early-retirement", {"region": "ITC1", "persons_per_agent": 50}, 7),
    "FRC": ("reskilling-and-sme-support", {"region": "FRC", "persons_per_agent": 25}, 2**63 + 11),
    "SK02": ("sme-guarantee", {"region": "SK02", "persons_per_agent": 10, "months": 84}, 9),
    "PL22": ("fast", {"region": "PL22", "persons_per_agent": 100}, 10),
}


def digests(name: str) -> dict[str, str]:
    """Return the digests of the rows and the record of one run, by what they are of."""
    scenario, settings, seed = RUNS[name]
    model = TransitionModel(load_scenario(scenario).with_values(settings), rng=seed).run()
    return {
        "workers": _of_columns(model.workers.frame()),
        "employers": _of_columns(model.employers.frame()),
        "series": _of_columns(model.series),
    }


def _of_columns(columns: Any) -> str:
    content = hashlib.sha256()
    for name in sorted(columns):
        content.update(name.encode())
        content.update(np.ascontiguousarray(columns[name]).tobytes())
    return content.hexdigest()[:16]


def write() -> None:
    """Write the digests of all runs."""
    FILE.write_text(json.dumps({name: digests(name) for name in RUNS}, indent=1) + "\n", encoding="utf-8")
