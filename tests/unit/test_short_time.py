"""Short-time work on firms made by hand: when it begins and ends, what the firm saves, what the benefit costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hand_made import firms, people

from transitionsim.columns import EMPLOYER, OEM, OTHER_ECONOMY, TEMPORARY, Records
from transitionsim.engine import Sweep
from transitionsim.ledger import Ledger
from transitionsim.markets.short_time import benefits, count_temporaries
from transitionsim.policies.short_time_work import Extension, extend
from transitionsim.rules.firms import keep_the_books, work_short_time

WORLD: dict[str, Any] = {
    "month": 5, "persons_per_agent": 1, "short_time_work": True, "short_time_most": 4, "short_time_waiting": 3,
    "short_time_extension": 0, "least_shortfall": 0.1, "slack_share": 0.0, "look_ahead_months": 6.0,
    "materials_share": 0.65, "fixed_cost_step": 0.0, "liquidity_months": 1e6, "labour_share": 0.1,
    "overdraft_share": 0.1,
}  # fmt: skip


def firm(**columns: Any) -> Records:
    """Return a firm with 100 people, 10 of them on temporary contracts, and work for 70."""
    return firms(**{"staff": 100, "temporary": 10, "posts": 70, "liquidity": 1.0, **columns})


def live(rows: Records, months: int = 1, **world: Any) -> list[float]:
    """Return the share of hours lost in each month."""
    values = {**WORLD, **world}
    sweep = Sweep([work_short_time], EMPLOYER, values, interpret=True)
    lost = []
    for month in range(months):
        sweep(rows, values, 1, month)
        lost.append(float(rows["short_time"][0]))
    return lost


def test_permanent_staff_share_the_hours_that_are_not_needed() -> None:
    assert live(firm()) == [30 / 90]
    assert live(firm(on_notice=20)) == [10 / 70]
    assert live(firm(posts=0)) == [1.0]


@pytest.mark.parametrize(
    "columns",
    [
        {"posts": 91},  # less than a tenth of the hours
        {"posts": 85, "exit_rate": 0.03},  # attrition takes them within the look-ahead
        {"liquidity": -1.0},  # no hope
        {"closed": True},
        {"tier": OTHER_ECONOMY},
        {"temporary": 100},  # nobody whom it covers
    ],
)
def test_no_short_time_where_it_has_no_place(columns: dict[str, Any]) -> None:
    assert live(firm(**columns)) == [0.0]


def test_vehicle_plants_need_no_books_for_it() -> None:
    assert live(firm(liquidity=-1.0, tier=OEM)) == [30 / 90]


def test_it_ends_after_the_months_allowed_and_begins_anew_after_the_wait() -> None:
    lost = live(firm(), months=12)
    assert [share > 0 for share in lost] == [True] * 4 + [False] * 3 + [True] * 4 + [False]


def test_a_short_break_does_not_begin_anew() -> None:
    rows = firm()
    assert live(rows, months=3)[-1] > 0
    rows["posts"] = 100
    assert live(rows, months=2) == [0.0, 0.0]
    rows["posts"] = 70
    assert [share > 0 for share in live(rows, months=3)] == [True, False, False]


@pytest.mark.parametrize("world", [{"short_time_most": 0}, {"short_time_work": False}])
def test_none_is_none(world: dict[str, Any]) -> None:
    assert live(firm(), months=6, **world) == [0.0] * 6


def test_the_firm_does_not_pay_for_the_hours_lost() -> None:
    columns = {"mean_wage": 3000.0, "revenue_start": 1e6, "revenue": 1e6, "posts_start": 100}
    short, full = firm(short_time=0.5, on_notice=20, **columns), firm(on_notice=20, **columns)
    for rows in (short, full):
        Sweep([keep_the_books], EMPLOYER, WORLD, interpret=True)(rows, WORLD, 1, 5)
    # 100 people less 20 on notice and 10 temporary ones work half their hours.
    assert short["liquidity"][0] - full["liquidity"][0] == pytest.approx(35 * 3000.0)


def test_the_benefit_is_part_of_the_wage_lost_by_those_it_covers() -> None:
    workers = people(4, contract=[0, 0, TEMPORARY, 0], notice_end=[32767, 32767, 32767, 3])
    workers["wage"] = [300_001, 250_000, 250_000, 250_000]
    rows, employers = np.arange(4, dtype=np.int32), firms(short_time=0.5)
    count_temporaries(workers, rows, employers)
    assert employers["temporary"][0] == 1
    # 90,000.3 and 75,000 cents: each rounded by itself.
    assert benefits(workers, rows, employers, 0.6).tolist() == [[90_000 + 75_000], [150_001 + 125_000]]


def extension(**values: Any) -> Extension:
    """Return a policy that adds six months and has 1,000 cents."""
    ledger = Ledger(0, granted=1000, available=1000)
    return Extension(
        **{"id": "extension", "ledger": ledger, "in_force": np.ones(1, bool), "months": 6, "staff_below": 250, **values}
    )


def test_beyond_the_months_of_the_country_a_policy_must_pay() -> None:
    """Its money goes to the firms that lose most hours; who gets none has no short time."""
    employers = firms(4, short_time=[0.2, 0.5, 0.3, 0.4], extends=[True, True, True, False], posts_start=100)
    policy = extension()
    assert extend(employers, np.array([300, 600, 500, 999]), [policy], 0, 4, 1) == 900
    assert employers["short_time"].tolist() == [0.2, 0.5, 0.0, 0.4]
    assert (policy.ledger.paid, policy.ledger.available) == (900, 100)
    assert policy.ledger.holds()


@pytest.mark.parametrize(
    ("policy", "columns"),
    [
        ({"in_force": np.zeros(1, bool)}, {}),
        ({"staff_below": 100}, {}),
        ({}, {"short_time_months": 10}),
        ({"ledger": Ledger(0, granted=99, available=99)}, {}),
    ],
)
def test_a_policy_pays_only_whom_it_is_for_and_as_long_as_it_says(
    policy: dict[str, Any], columns: dict[str, Any]
) -> None:
    employers = firms(short_time=0.5, extends=True, **{"posts_start": 100, "short_time_months": 4, **columns})
    one = extension(**policy)
    assert extend(employers, np.array([100]), [one], 0, 4, 1) == 0
    assert employers["short_time"][0] == 0.0
    assert one.ledger.paid == 0


def test_the_rule_asks_for_the_months_that_a_policy_adds() -> None:
    rows = firm()
    lost = live(rows, months=8, short_time_extension=2)
    assert [share > 0 for share in lost] == [True] * 6 + [False] * 2
    rows = firm(short_time=0.3, short_time_months=3)
    live(rows, short_time_extension=2)
    assert rows["extends"][0]
