"""What the cascade before dismissal must do: bridge a dip, delay a lasting fall, and leave the rest to attrition."""

from __future__ import annotations

from typing import Any

import numpy as np

from transitionsim.columns import DISMISSAL, OEM
from transitionsim.model import TransitionModel

DIP = {"2025-01": 1.0, "2025-05": 1.0, "2025-06": 0.5, "2026-11": 0.5, "2026-12": 1.0}
"""Half the cars for eighteen months, then all of them again."""


def plant_dismissals(small: Any, **values: Any) -> tuple[int, int]:
    """Return how many people the vehicle plant dismissed through the dip, and how many posts it lacked in it."""
    model = TransitionModel(small("no-transition", months=36, demand__volume=DIP, **values), rng=1)
    plant = model.state.employers["tier"] == OEM
    gone, least = 0, model.state.employers["posts"][plant].sum()
    while model.running:
        month = model.month
        model.step()
        people = model.state.workers
        left = people[(people["left_month"] == month) & (people["cause"] == DISMISSAL)]
        gone += int(plant[left["from_employer"]].sum())
        least = min(least, model.state.employers["posts"][plant].sum())
    return gone, int(model.state.employers["posts_start"][plant].sum() - least)


def test_short_time_work_bridges_a_dip(small: Any) -> None:
    """Twelve months of it and six of foresight carry the plant through: it dismisses next to nobody."""
    dismissed, dip = plant_dismissals(small)
    assert dip > 100
    assert dismissed <= 0.05 * dip
    without, _ = plant_dismissals(small, short_time__most_months=0, mechanisms__early_exits=False)
    assert without > 0.2 * dip


def test_early_exits_replace_part_of_the_dismissals(small: Any) -> None:
    without, dip = plant_dismissals(small, short_time__most_months=0, mechanisms__early_exits=False)
    dismissed, _ = plant_dismissals(small, short_time__most_months=0)
    assert dismissed < without - 0.1 * dip


def losses(small: Any, most_months: int, volume: float, **values: Any) -> Any:
    """Return dismissals and temporary contracts not renewed, month by month, after a lasting fall."""
    run = TransitionModel(
        small(
            "no-transition", months=84, demand__volume={"2025-01": 1.0, "2025-03": 1.0, "2025-04": volume},
            mechanisms__early_exits=False, mechanisms__closures=False, short_time__most_months=most_months,
            short_time__waiting_months=24, **values,
        ),
        rng=1,
    ).run()  # fmt: skip
    return run.series["dismissals"] + run.series["temporary_not_renewed"]


LEAVING = ("ageing", "separations", "search_on_the_job", "inactivity")


def half_way(lost: Any) -> int:
    """Return the month in which half of the losses have happened."""
    return int((np.cumsum(lost) < lost.sum() / 2).sum())


def test_on_a_lasting_fall_short_time_work_only_delays_if_nobody_leaves_anyway(small: Any) -> None:
    still = {f"mechanisms__{name}": False for name in (*LEAVING, "plant_shocks")}
    found = [losses(small, months, 0.8, **still) for months in (0, 12, 24)]
    totals = [int(lost.sum()) for lost in found]
    assert max(totals) - min(totals) <= 0.02 * totals[0]
    assert half_way(found[1]) - half_way(found[0]) >= 6
    assert half_way(found[2]) - half_way(found[1]) >= 6


def test_with_attrition_the_delay_saves_dismissals(small: Any) -> None:
    calm = {"mechanisms__plant_shocks": False}
    none, year, two_years = (int(losses(small, months, 0.6, **calm).sum()) for months in (0, 12, 24))
    assert year < 0.9 * none
    assert two_years <= year
