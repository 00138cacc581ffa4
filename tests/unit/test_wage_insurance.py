"""Wage insurance pays a part of what displaced people lose with the next job, and changes no life."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from transitionsim.columns import EMPLOYED, INVOLUNTARY, blank_rows
from transitionsim.errors import InputError
from transitionsim.model import TransitionModel
from transitionsim.policies import populations
from transitionsim.policies.wage_insurance import claimants, owed
from transitionsim.scenario import Scenario

CUT = {"demand.volume": {"2025-01": 1.0, "2025-04": 1.0, "2025-05": 0.5}}
FROM_THE_START = {"policies.wage-insurance.from": "2025-01"}


def test_it_changes_pay_and_nothing_else(run_small: Any) -> None:
    plain = run_small("current-policy", months=60, **CUT)
    insured = run_small("wage-insurance", months=60, **CUT, **FROM_THE_START)
    assert insured.series["spent_cents"][-1] > 0
    assert insured.series["wage_insured"].max() > 10
    for name in plain.workers.names:
        if name != "insured":
            assert (getattr(plain.workers, name) == getattr(insured.workers, name)).all(), name


def test_the_account_holds_what_is_owed(small: Any) -> None:
    """Month by month: what is set aside is what the insured may still get, and what is paid is their share."""
    model = TransitionModel(small("wage-insurance", months=60, **CUT, **FROM_THE_START), rng=1)
    one, paid = model.state.public.policies[0], 0
    while model.running:
        model.step()
        rows, month = model.state.workers, model.month - 1
        held = (rows["insured"] == rows["hired"]) & (rows["status"] == EMPLOYED) & (rows["insured"] >= 0)
        held &= rows["insured"].astype(int) + 24 > month
        loss = np.maximum(0, rows["wage_before"].astype(int) - rows["wage"])[held] * 500 // 1000
        left = rows["insured"].astype(int)[held] + 24 - month
        assert one.ledger.paid - paid == loss.sum()
        assert one.ledger.reserved == (loss * (left - 1)).sum()
        assert one.insured == held.sum()
        assert set(rows["cause"][held].tolist()) <= set(INVOLUNTARY)
        paid = one.ledger.paid
    assert paid > 0


def test_the_money_decides_how_many(run_small: Any) -> None:
    spent, most = [], []
    for euros in (0, 20_000, 2_000_000):
        values = {**CUT, **FROM_THE_START, "policies.wage-insurance.budget": euros}
        series = run_small("wage-insurance", months=36, **values).series
        spent.append(series["spent_cents"][-1])
        most.append(series["wage_insured"].max())
    assert spent[0] == 0 < spent[1] < spent[2]
    assert most[0] == 0 < most[1] < most[2]
    assert spent[1] <= 3 * 20_000 * 100


def test_without_money_it_is_no_policy(run_small: Any) -> None:
    without = run_small("current-policy", months=36, **CUT)
    values = {**CUT, **FROM_THE_START, "policies.wage-insurance.budget": 0}
    assert run_small("wage-insurance", months=36, **values).digest() == without.digest()


def test_who_may_claim_was_displaced_and_is_hired_at_a_lower_wage(small: Any) -> None:
    model = TransitionModel(small("wage-insurance", months=30, **CUT, **FROM_THE_START), rng=1)
    claims = others = 0
    while model.running:
        model.step()
        rows, month = model.state.workers, model.month - 1
        hired = np.nonzero((rows["hired"] == month) & (rows["status"] == EMPLOYED))[0]
        chosen = claimants(rows, month)
        lower = rows["wage"][hired] < rows["wage_before"][hired]
        displaced = np.isin(rows["cause"][hired], INVOLUNTARY)
        assert chosen.tolist() == hired[lower & displaced].tolist()
        claims += len(chosen)
        others += len(hired) - len(chosen)
    assert claims > 0
    assert others > 0


def test_a_rise_in_pay_lowers_the_top_up_and_frees_the_rest() -> None:
    rows = blank_rows(populations()["workers"], 1)
    rows["insured"] = rows["hired"] = 5
    rows["wage_before"], rows["wage"] = 300_000, 260_000
    assert owed(rows, 5, 500, 24) == (20_000, 20_000 * 23, 1)
    rows["wage"] = 290_000
    assert owed(rows, 28, 500, 24) == (5_000, 0, 1)
    assert owed(rows, 29, 500, 24) == (0, 0, 0), "after two years it ends"


def test_the_order_of_persons_does_not_matter(small: Any) -> None:
    values = {**CUT, **FROM_THE_START, "policies.wage-insurance.budget": 20_000}
    model = TransitionModel(small("wage-insurance", months=24, **values), rng=5)
    other = TransitionModel(small("wage-insurance", months=24, **values), rng=5)
    order = np.random.default_rng(1).permutation(len(model.state.workers))
    other.state = copy.deepcopy(model.state)
    other.state.workers = other.state.workers[order]
    for _ in range(24):
        model.step()
        other.step()
    assert model.series["wage_insured"].max() > 0
    assert (other.state.workers["insured"] == model.state.workers["insured"][order]).all()


def test_a_run_holds_one(small: Any) -> None:
    content = small("wage-insurance").model_dump(by_alias=True)
    second = {**content["policies"][0], "id": "another"}
    content["policies"] = [content["policies"][0], second]
    with pytest.raises(InputError, match="at most one wage-insurance policy"):
        TransitionModel(Scenario.model_validate(content), rng=1)
