"""The checks of the contract, tried on rules that keep it and on one that cannot."""

from __future__ import annotations

import contract
import numpy as np
import pytest

from transitionsim.columns import EMPLOYED, EMPLOYER, UNEMPLOYED, WORKER, record_type
from transitionsim.errors import InputError
from transitionsim.rule import rule

WORLD = {"month": 3, "rate": 0.3, "employers": contract.some_rows(EMPLOYER, 5)}


@rule(on="workers", draws=("contract_quit",))
def leave(worker, world, luck):
    if worker.status == EMPLOYED and luck.contract_quit < world.rate:
        worker.status = UNEMPLOYED
        worker.since = world.month


@rule(on="workers", draws=("contract_raise",))
def earn(worker, world, luck):
    if worker.status == EMPLOYED:
        firm = world.employers[worker.profile % 5]
        worker.wage = int(worker.wage * (1.0 + 0.01 * firm.premium * luck.contract_raise))


@rule(on="workers")
def overflow(worker, world, luck):
    worker.status = worker.status + 100


RULES = (leave, earn)


@pytest.mark.parametrize(
    "check", [contract.engines_agree, contract.order_does_not_matter, contract.fused_is_one_by_one]
)
def test_rules_that_keep_the_contract(check):
    check(RULES, WORKER, contract.some_rows(WORKER, 200), WORLD)


def test_a_rule_that_breaks_it_is_refused():
    with pytest.raises(InputError, match="0 to 5 is allowed"):
        contract.engines_agree([overflow], WORKER, contract.some_rows(WORKER, 200), WORLD)


def test_some_rows_keep_the_ranges_of_their_columns():
    rows = contract.some_rows(WORKER, 1000)
    assert rows.dtype == record_type(WORKER)
    assert len(np.unique(rows["key"])) == 1000
    for column in WORKER:
        low, high = column.limits({})
        assert low <= rows[column.name].min()
        assert rows[column.name].max() <= high
