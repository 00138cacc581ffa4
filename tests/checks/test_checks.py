"""The checks of ``soak`` at a small size: Navarra at ten persons to a row, or the small region, one seed.

Bands that chance widens at this size grow with the root of the persons in a row. Where a line misses its band at
full size (see docs/checks.md) the test holds what does hold: the direction, or a wider bound written out here.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from soak import learning, luck, shocks, shrinking, steady
from soak.record import Line
from soak.runs import Size

NAVARRA = Size(scale=10, seeds=(0,), months=120)
SMALL = Size(region=str(Path(__file__).parents[1] / "small-region.yaml"), seeds=(1,), months=120)


def value(lines: list[Line], measure: str) -> float:
    """Return the value of the one line whose measure begins so."""
    (found,) = [line.value for line in lines if line.measure.startswith(measure)]
    return found


def test_nothing_drifts_without_a_transition() -> None:
    """Every band of the record, widened by chance; a run that drifts by rule would leave it."""
    for line in steady.null_arm(NAVARRA):
        if line.low is not None and line.high is not None and "displacement" not in line.measure:
            middle, half = (line.low + line.high) / 2, (line.high - line.low) / 2
            assert abs(line.value - middle) <= half * math.sqrt(NAVARRA.scale), line
    assert 1.5 <= value(steady.null_arm(NAVARRA), "background displacement") <= 7.0


def test_a_fall_slower_than_exits_costs_few_jobs() -> None:
    """In whole people the small region's small plants still dismiss some; most of the fall is attrition."""
    lines = shrinking.spread_fall(SMALL)
    assert value(lines, "exits a year") >= 6.0
    assert value(lines, "dismissals") < 15.0


def test_small_plants_dismiss_though_people_leave_fast_enough() -> None:
    """Exits are three times the fall: in expectation nobody would have to go, in whole people a fifth must."""
    assert value(shrinking.small_plants(SMALL), "dismissals") > 20.0


def test_a_concentrated_fall_costs_more_jobs_than_a_spread_one() -> None:
    lines = shrinking.concentrated_fall(SMALL)
    assert value(lines, "the first less the second") > 10.0


def test_a_dip_of_the_vehicle_plant_is_bridged() -> None:
    """Permanent staff stay; temporary contracts are what the plant does not renew."""
    lines = shrinking.dip(NAVARRA)
    assert value(lines, "the dip") > 1500
    assert value(lines, "dismissals (b)") <= 5.0
    assert abs(value(lines, "automotive posts at the end")) <= 20


def test_volkswagen_navarra_dismisses_nobody_collectively() -> None:
    lines = shrinking.backcast(NAVARRA)
    assert value(lines, "posts of the plant") < -500
    assert value(lines, "most dismissals") < shrinking.COLLECTIVE
    assert value(lines, "days of short time") > 0


def test_a_shock_to_jobs_is_first_a_matter_of_participation() -> None:
    """And it hangs on the closure how many jobs are gone at the end: the lines say in which order."""
    lines = shocks.impulse(NAVARRA)
    assert value(lines, "posts lost") == pytest.approx(1.0, abs=0.05)
    assert {line.verdict for line in lines} <= {"passes", "shown"}, lines


def test_without_vacancies_courses_move_nobody_into_work() -> None:
    lines = learning.without_vacancies(NAVARRA)
    assert {line.verdict for line in lines} <= {"passes", "shown"}, lines


def test_courses_that_teach_nothing_lower_no_unemployment() -> None:
    lines = learning.zero_quality(NAVARRA)
    assert {line.verdict for line in lines} == {"passes"}, lines


def test_participants_lose_first_and_win_later() -> None:
    lines = learning.paired_selves(NAVARRA)
    assert value(lines, "months 1 to 9") < -2.0 < 2.0 < value(lines, "months 25 to 36")
    (region,) = [line for line in lines if line.measure.startswith("regional employment")]
    assert region.verdict == "passes"


def test_one_seat_moves_people_either_way_alike() -> None:
    lines = luck.placebo(Size(scale=10, seeds=(0, 1), months=120))
    assert {line.verdict for line in lines} <= {"passes", "shown"}, lines
    assert value(lines, "displaced only without it") > 0, "with some seed the seat does change lives"


def test_fewer_rivals_are_more_hires_for_the_others() -> None:
    lines = luck.fewer_rivals(Size(scale=5, seeds=(0, 1, 2, 3)))
    assert value(lines, "people taken away") >= 200
    assert value(lines, "the same against") > 0.2, "few people of few seeds: the long check has the size of it"
