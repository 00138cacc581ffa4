"""Adding a policy is adding one file: the package finds its keys, columns, series and steps by itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
POLICY = '''
"""Child care: a place for each of so many people without a job, at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from transitionsim.columns import LONG_AGO, UNEMPLOYED, Column
from transitionsim.ledger import Running
from transitionsim.policies.base import Hook, Policy
from transitionsim.quantities import Series
from transitionsim.world import State


@dataclass(kw_only=True)
class Places(Running):
    """Child care in a run."""

    given: int = 0


def give_places(state: State) -> None:
    """People without a job get a place in child care for a euro, as far as the money goes."""
    for one in state.public.offers(Places):
        waiting = (state.workers["status"] == UNEMPLOYED) & (state.workers["cared"] == LONG_AGO)
        rows = np.nonzero(waiting)[0][: one.ledger.available // 100]
        state.workers["cared"][rows] = state.month
        one.ledger.reserve(100 * len(rows))
        one.ledger.pay(100 * len(rows))
        one.given = len(rows)


class ChildCare(Policy):
    """A place in child care."""

    kind: Literal["child-care"] = "child-care"
    columns: ClassVar = {"workers": (Column("cared", "i2", "month", "month of the place", start=LONG_AGO),)}
    series: ClassVar = (
        Series("cared_for", "flow", "persons", "people who got a place",
               lambda state: sum(one.given for one in state.public.offers(Places))),
    )
    hooks: ClassVar = (Hook(after="count_staff", step=give_places),)

    def begin(self, state: State) -> Places:
        """Open the account."""
        force = self.in_force(state.settings.start, state.settings.months)
        return Places(id=self.id, ledger=self.account(), in_force=force)
'''
LIVE = """
import json
from transitionsim.columns import LONG_AGO
from transitionsim.model import TransitionModel
from transitionsim.month import describe
from transitionsim.scenario import load_scenario

values = {{"region": {region!r}, "persons_per_agent": 1, "months": 3}}
plain = TransitionModel(load_scenario("current-policy").with_values(values), rng=1).run()
cared = TransitionModel(load_scenario({scenario!r}).with_values(values), rng=1).run()
print(json.dumps({{
    "plain": [plain.series["cared_for"].tolist(), int((plain.workers.rows["cared"] != LONG_AGO).sum())],
    "cared": [cared.series["cared_for"].tolist(), int((cared.workers.rows["cared"] != LONG_AGO).sum())],
    "paid": cared.series["spent_cents"].tolist(),
    "month": describe(),
}}))
"""
SCENARIO = """
extends: current-policy.yaml
name: Child care
policies:
  - kind: child-care
    from: 2025-01
    to: 2026-12
    budget: {value: 240, unit: EUR/year, source: "scenario lever"}
"""


def test_a_file_in_the_folder_is_a_policy(tmp_path: Path) -> None:
    package = tmp_path / "src" / "transitionsim"
    shutil.copytree(ROOT / "src" / "transitionsim", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    (package / "policies" / "child_care.py").write_text(POLICY, encoding="utf-8")
    scenario = tmp_path / "scenarios" / "child-care.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    code = LIVE.format(region=str(ROOT / "tests" / "small-region.yaml"), scenario=str(scenario))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["plain"] == [[0, 0, 0], 0], "the column and the series are there in every arm"
    assert found["cared"] == [[20, 20, 20], 60]
    assert found["paid"] == [2000, 4000, 6000]
    lines = [line.strip() for line in found["month"].splitlines()]
    place = next(number for number, line in enumerate(lines) if line.startswith("count_staff ("))
    assert lines[place + 1].startswith("give_places [child-care] (policies/child_care.py:")
