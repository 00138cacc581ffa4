"""What the loss of a job costs in the next one, how it heals, and wages of new hires that follow unemployment."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from transitionsim.columns import EMPLOYED, NEVER
from transitionsim.model import TransitionModel
from transitionsim.rules.wages import heal_the_scar, reckon_the_loss

CUT = {"demand__volume": {"2025-01": 1.0, "2025-06": 1.0, "2025-07": 0.6}}
NO_SCARS = {f"wages__{name}": 0 for name in ("scar_base", "scar_tenure", "scar_slack", "scar_jobless")}


def due(tenure_years: float, gap: float) -> int:
    """Return the scar due to someone on notice after a tenure, at a gap of unemployment from its start."""
    worker = SimpleNamespace(status=EMPLOYED, notice_end=3, hired=-int(12 * tenure_years), profile=4, scar_due=-1)
    world = SimpleNamespace(
        month=0, scars=True, scar_base=0.03, scar_tenure=0.003, scar_slack=1.0, unemployment_gap=gap
    )
    reckon_the_loss.body(worker, world, None)
    return worker.scar_due


def test_the_scar_by_hand() -> None:
    assert due(0, 0.0) == 300
    assert due(10, 0.0) == 600
    assert due(20, 0.0) == due(35, 0.0) == 900, "twenty years at most"
    assert due(10, 0.02) == 800
    assert due(10, -0.02) == 600, "a strong region takes nothing off"
    assert due(10, 0.9) == 5000, "half of the wage at most"


def test_half_of_a_scar_heals_in_its_half_life() -> None:
    worker = SimpleNamespace(status=EMPLOYED, hired=0, scar=2000, wage=160_000)
    for month in range(1, 121):
        heal_the_scar.body(worker, SimpleNamespace(month=month, scar_kept=0.5**0.1), None)
    assert worker.scar == pytest.approx(1000, abs=10)
    assert worker.wage == pytest.approx(180_000, rel=1e-3)
    for month in range(121, 2400):
        heal_the_scar.body(worker, SimpleNamespace(month=month, scar_kept=0.5**0.1), None)
    assert worker.scar == 0
    assert worker.wage == pytest.approx(200_000, rel=1e-3)


def test_every_hire_is_paid_profile_times_premium_less_the_scar(small: Any) -> None:
    model = TransitionModel(small("no-transition", months=60, **CUT), rng=3)
    rows, world, scarred, most = model.workers.rows, model.state.world, 0, 0
    while model.running:
        waiting = rows["scar_due"] >= 0
        model.step()
        new = (rows["hired"] == model.month - 1) & (rows["status"] == EMPLOYED)
        people, firms = rows[new], model.employers.rows[rows["employer"][new]]
        full = world["wage"][(firms["sector"] > 0).astype(int), people["profile"]] * firms["premium"]
        assert (people["wage"] == np.floor(full * (1.0 - 0.0001 * people["scar"]) + 0.5)).all()
        assert (people["scar_due"] == -1).all()
        displaced = people["scar"][waiting[new]]
        assert (displaced >= 300).all(), "everyone who lost a job carries the base at least"
        scarred, most = scarred + len(displaced), max(most, int(rows["scar"].max()))
    assert scarred > 20
    assert 300 < most <= 5000


def test_only_people_who_lost_a_job_carry_a_scar(small: Any) -> None:
    model = TransitionModel(small("no-transition", months=60, **CUT), rng=3).run()
    rows = model.workers.rows
    assert (rows["wage_before"][rows["scar"] > 0] > 0).all()
    assert ((rows["scar_due"] < 0) | (rows["status"] != EMPLOYED) | (rows["notice_end"] != NEVER)).all()


def test_switched_off_is_the_same_as_nothing_due(small: Any) -> None:
    off = TransitionModel(small("no-transition", months=48, mechanisms__scars=False, **CUT), rng=3).run()
    nothing = TransitionModel(small("no-transition", months=48, **NO_SCARS, **CUT), rng=3).run()
    assert (off.workers.rows["scar"] == 0).all()
    for name in set(off.workers.rows.dtype.names) - {"scar_due"}:
        assert (off.workers.rows[name] == nothing.workers.rows[name]).all(), name
    full = TransitionModel(small("no-transition", months=48, **CUT), rng=3).run()
    assert (full.workers.rows["scar"] > 0).any()


def test_the_wage_curve_without_elasticity_is_rigid(small: Any) -> None:
    rigid = TransitionModel(small("no-transition", months=36, **CUT), rng=3).run()
    flat = small("no-transition", months=36, wages__adjustment="curve", wages__curve_elasticity=0, **CUT)
    assert TransitionModel(flat, rng=3).run().digest() == rigid.digest()


def test_new_hires_are_paid_along_the_wage_curve(small: Any) -> None:
    """Ten per cent more unemployment takes about one per cent off the wage of a hire; old wages stay."""
    model = TransitionModel(small("no-transition", months=36, wages__adjustment="curve", **CUT), rng=3)
    rows, factors = model.workers.rows, []
    while model.running:
        ratio = model.unemployment_rate / model.state.reference.unemployment_start
        kept = rows["wage"].copy()
        model.step()
        hired = rows["hired"] == model.month - 1
        new = hired & (rows["status"] == EMPLOYED) & (rows["scar"] == 0)
        people, firms = rows[new], model.employers.rows[rows["employer"][new]]
        table = model.state.world["wage"][(firms["sector"] > 0).astype(int), people["profile"]]
        expected = table * firms["premium"] * ratio**-0.1
        assert np.abs(people["wage"] - expected).max() <= 1.0
        stayed = (rows["status"] == EMPLOYED) & ~hired & (rows["scar"] == 0)
        assert (rows["wage"] == kept)[stayed].all()
        factors.append(ratio)
    assert max(factors) > 1.1
