"""Early exits at firms made by hand: who is asked, who pays, and what they save."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hand_made import firms, people

from transitionsim.columns import EARLY_EXIT, NOBODY, OEM, RETIRED, TEMPORARY, Records
from transitionsim.draws import stream
from transitionsim.ledger import Ledger
from transitionsim.markets import early_exits

TERMS = early_exits.ExitTerms(age=720, least_months=6, acceptance=1.0, pay=0.5, scale=1)
COST = 300_000 * 20 // 2
"""Cents for half the wage over twenty months."""


def exits(workers: Records, employers: Records, terms: Any = TERMS, support: Any = (), spare: int = 99) -> list[int]:
    """Return the rows of the people who leave early in month 0."""
    rows = np.arange(len(workers), dtype=np.int32)
    above = np.full((len(employers), 2), spare, np.int32)
    sought = early_exits.dismissals_sought(workers, rows, employers, np.arange(len(employers)), above)
    luck = stream(1, "early_exit_acceptance", 0)
    found = early_exits.find_volunteers(workers, rows, 0, terms, sought, luck)
    taken, cost = early_exits.choose(workers, found, employers, sought, above, support, 0, terms)
    staff = np.full((len(employers), 2), 50, np.int32)
    separations = np.zeros((8, 2), np.int64)
    early_exits.retire_early(workers, taken, employers, 0, staff, separations)
    assert separations[EARLY_EXIT, 0] == len(taken) == 100 * len(employers) - staff.sum()
    assert (cost > 0) == (len(taken) > 0)
    return [int(i) for i in taken]


def old(count: int, **columns: Any) -> Records:
    """Return people of sixty-three with twenty months to go."""
    return people(count, **{"birth_month": -760, "exit_month": 20, **columns})


def rich(count: int = 1, **columns: Any) -> Records:
    """Return firms that dismiss two people each and can pay."""
    return firms(count, **{"dismissals": 2, "liquidity": 1e6, **columns})


def test_volunteers_replace_dismissals_one_for_one() -> None:
    workers, employers = old(5), rich()
    taken = exits(workers, employers)
    assert len(taken) == 2
    assert employers["dismissals"][0] == 0
    assert (workers["status"][taken] == RETIRED).all()
    assert (workers["employer"][taken] == NOBODY).all()
    assert (workers["from_employer"][taken] == 0).all()
    assert employers["liquidity"][0] == 1e6 - 2 * COST / 100


def test_those_closest_to_the_pension_go_first() -> None:
    assert exits(old(4, exit_month=[40, 10, 30, 20]), rich()) == [1, 3]


@pytest.mark.parametrize(
    "columns",
    [
        {"birth_month": -719},
        {"exit_month": 5},
        {"contract": TEMPORARY},
        {"notice_end": 2},
        {"course": 1},
    ],
)
def test_only_older_permanent_staff_are_asked(columns: dict[str, Any]) -> None:
    assert exits(old(3, **columns), rich()) == []


@pytest.mark.parametrize("columns", [{"dismissals": 0}, {"closing": True}, {"short_time": 0.2}])
def test_nobody_is_asked_where_nobody_permanent_would_be_dismissed(columns: dict[str, Any]) -> None:
    assert exits(old(3), rich(**columns)) == []


def test_temporary_contracts_end_first() -> None:
    """Of two dismissals planned one falls on a temporary contract, so one volunteer is enough."""
    workers, employers = old(4, contract=[TEMPORARY, 0, 0, 0]), rich()
    assert len(exits(workers, employers)) == 1
    assert employers["dismissals"][0] == 1


def test_no_more_leave_a_profile_than_it_has_too_many() -> None:
    assert len(exits(old(4), rich(), spare=1)) == 1


def test_luck_decides_who_accepts() -> None:
    accepted = len(exits(old(2000), rich(dismissals=2000, liquidity=1e12), replace(TERMS, acceptance=0.3), spare=2000))
    assert 540 < accepted < 660
    assert exits(old(10), rich(), replace(TERMS, acceptance=0.0)) == []


def test_a_supplier_pays_out_of_cash_and_a_vehicle_plant_has_no_books() -> None:
    assert len(exits(old(4), rich(liquidity=1.5 * COST / 100))) == 1
    plant = rich(liquidity=0.0, tier=OEM)
    assert len(exits(old(4), plant)) == 2
    assert plant["liquidity"][0] == 0.0


def test_a_row_that_stands_for_several_firms_pays_for_one() -> None:
    """Ten persons leave ten firms: each pays for one of them."""
    employers = rich(represents=10, dismissals=1)
    assert len(exits(old(2), employers, replace(TERMS, scale=10))) == 1
    assert employers["liquidity"][0] == 1e6 - COST / 100


def support(**values: Any) -> early_exits.ExitSupport:
    """Return a policy that pays three quarters."""
    ledger = Ledger(0, granted=10 * COST, available=10 * COST)
    return early_exits.ExitSupport(
        **{"id": "support", "ledger": ledger, "in_force": np.ones(1, bool), "share": 0.75, "staff_below": 250, **values}
    )


def test_a_policy_lets_firms_short_of_cash_offer_early_exits() -> None:
    poor, policy = rich(liquidity=0.6 * COST / 100, posts_start=100), support()
    assert len(exits(old(4), poor, support=[policy])) == 2
    assert policy.ledger.paid == 2 * (COST * 3 // 4)
    assert policy.ledger.holds()
    assert poor["liquidity"][0] == pytest.approx(0.1 * COST / 100)


@pytest.mark.parametrize(
    "values",
    [
        {"staff_below": 100},
        {"in_force": np.zeros(1, bool)},
        {"ledger": Ledger(0, granted=COST // 2, available=COST // 2)},
    ],
)
def test_without_the_policys_money_the_firm_pays_all_or_offers_nothing(values: dict[str, Any]) -> None:
    policy = support(**values)
    assert exits(old(4), rich(liquidity=0.6 * COST / 100, posts_start=100), support=[policy]) == []
    assert len(exits(old(4), rich(posts_start=100), support=[policy])) == 2
    assert policy.ledger.paid == 0
