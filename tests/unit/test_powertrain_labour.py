"""Labour for combustion and electric parts: the boundary of studies that count powertrain jobs."""

from __future__ import annotations

import numpy as np
import pytest

from transitionsim.columns import COMBUSTION_GROUPS, ELECTRIC_GROUPS, NEUTRAL
from transitionsim.model import TransitionModel
from transitionsim.recorder import labour_for
from transitionsim.scenario import load_scenario

SMALL = {"persons_per_agent": 10, "months": 24}


def _model(**values: object) -> TransitionModel:
    return TransitionModel(load_scenario("current-policy").with_values({**SMALL, **values}), rng=1)


@pytest.fixture(scope="module")
def lived() -> TransitionModel:
    return _model().run()


def test_at_the_start_it_is_the_combustion_share_of_the_suppliers_staff(lived: TransitionModel) -> None:
    still = _model(**{"mechanisms.plant_shocks": False, "months": 1, "shocks.growth_spread": 0.12}).run()
    firms = still.state.employers
    suppliers = (firms["sector"] == 0) & (still.state.orders.network.plant < 0)
    expected = float((firms["posts"] * firms["dependence"])[suppliers].sum()) * 10
    assert still.series["posts_combustion"][0] == pytest.approx(expected, rel=0.15)
    assert lived.series["posts_combustion"][0] > lived.series["posts_electric"][0] > 0


def test_the_groups_sum_to_the_labour_that_suppliers_need(lived: TransitionModel) -> None:
    state = lived.state
    parts = [labour_for(groups)(state) - 0.5 for groups in (COMBUSTION_GROUPS, (NEUTRAL,), ELECTRIC_GROUPS)]
    firms = state.employers
    at_work = (firms["sector"] == 0) & (state.orders.network.plant < 0) & ~firms["closed"]
    at_work &= ~(state.orders.network.entrant & (firms["stage"] == 0))
    hours = float(state.orders.books.total[at_work].sum())
    assert sum(parts) == pytest.approx(hours / state.settings.value("hours.per_person_month"), rel=1e-9)


def test_what_nobody_makes_yet_does_not_count() -> None:
    """New suppliers that wait could be ordered parts; with entry shut their orders are nobody's labour."""
    model = _model(**{"mechanisms.entry": False}).run()
    state = model.state
    waiting = state.orders.network.entrant & (state.employers["stage"] == 0)
    assert waiting.any()
    assert state.orders.books.by_group[waiting].sum() > 0
    everything = state.orders.books.by_group[:, list(ELECTRIC_GROUPS)].sum() / state.settings.value(
        "hours.per_person_month"
    )
    assert model.series["posts_electric"][-1] < np.floor(everything)


def test_cars_that_turn_electric_move_labour_from_one_to_the_other(lived: TransitionModel) -> None:
    combustion, electric = (lived.series[name] for name in ("posts_combustion", "posts_electric"))
    assert combustion[-1] < combustion[0]
    assert electric[-1] > electric[0]
    calm = {**SMALL, "mechanisms.plant_shocks": False, "mechanisms.closures": False}
    frozen = TransitionModel(load_scenario("no-transition").with_values(calm), rng=1).run()
    assert len(set(frozen.series["posts_combustion"])) == 1, "where nothing moves it stands still"
