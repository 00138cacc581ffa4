"""The model has Mesa's face: populations, DataCollector and batch_run work as on any Mesa model."""

from __future__ import annotations

import hashlib
import warnings
from typing import Any

import mesa
import numpy as np
import pytest

from transitionsim.columns import EMPLOYED
from transitionsim.errors import InputError
from transitionsim.model import TransitionModel, simulate
from transitionsim.population import Employer, Worker
from transitionsim.rule import rule
from transitionsim.scenario import load_scenario
from transitionsim.scenario.labels import labels_of


def test_populations_are_columns_and_agents(small: Any) -> None:
    model = TransitionModel(small("no-transition", months=3), rng=1).run()
    employed = model.workers.select(lambda worker: worker.status == EMPLOYED)
    assert len(employed) == (model.workers.status == EMPLOYED).sum()
    assert model.workers.wage.dtype == np.int32
    assert set(model.agents_by_type) == {Worker, Employer}
    assert len(model.agents) == len(model.workers) + len(model.employers)
    identities = [agent.unique_id for agent in model.agents]
    assert len(set(identities)) == len(identities)
    assert isinstance(model.workers[0], mesa.Agent)


def test_mesas_data_collector_works(small: Any) -> None:
    model = TransitionModel(small("current-policy", months=4), rng=1)
    model.datacollector = mesa.DataCollector(
        model_reporters={"u": "unemployment_rate", "jobs": lambda m: int((m.workers.status == EMPLOYED).sum())},
        agenttype_reporters={Employer: {"posts": "posts"}},
    )
    model.run()
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == 4
    assert frame["jobs"].iloc[-1] == model.series["employment"][-1]
    assert len(model.datacollector.get_agenttype_vars_dataframe(Employer)) == 4 * len(model.employers)


def test_mesas_batch_run_works() -> None:
    settings = {"persons_per_agent": 1000, "months": 3}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = mesa.batch_run(
            TransitionModel,
            {"scenario": ["current-policy", "no-transition"], "settings": [settings], "rng": [1, 2]},
            iterations=1,
            number_processes=1,
            max_steps=10,
            display_progress=False,
        )
    found = {(row["scenario"], row["unemployment_rate"]) for row in rows}
    assert len(rows) == 4
    assert len({row["rng"] for row in rows}) == 2 or len(found) >= 2


def test_a_run_and_a_model_agree(small: Any) -> None:
    scenario = small("fast", months=12)
    model = TransitionModel(scenario, rng=3).run()
    run = simulate(scenario, 3)
    assert run.digest == model.digest()
    frame = model.results
    assert list(frame.columns) == ["month", "indicator", "value"]
    assert len(frame) == 12 * len(model.series)
    losses = model.series["dismissals"] + model.series["closures"] + model.series["temporary_not_renewed"]
    assert model.involuntary_losses == losses.sum()


def test_the_digest_is_that_of_all_columns_by_the_names_that_tables_show(small: Any) -> None:
    model = TransitionModel(small("reskilling", months=2), rng=1).run()
    content = hashlib.sha256()
    for population in (model.workers, model.employers):
        for name in population.names:
            content.update(getattr(population, name).tobytes())
    assert content.hexdigest() == model.digest()


def test_a_rule_of_ones_own_changes_the_model(small: Any) -> None:
    @rule(on="workers", after="separate", draws=("mood",), adds={"moods": "i2"}, needs={
        "gloom": {"value": 3, "unit": "points", "range": (0, 5), "source": "assumption", "grade": "D"}
    })  # fmt: skip
    def mope(worker: Any, world: Any, luck: Any) -> None:
        """A person without a job grows gloomier."""
        if worker.status != EMPLOYED and luck.mood < 2.0:
            worker.moods = worker.moods + int(world.gloom)

    scenario = small("no-transition", months=5)
    plain = TransitionModel(scenario, rng=1).run()
    moody = TransitionModel(scenario, rng=1, rules=[mope]).run()
    assert moody.workers.moods.max() == 15
    for name in plain.workers.names:
        assert (getattr(moody.workers, name) == getattr(plain.workers, name)).all(), name


def test_a_rule_that_needs_a_taken_name_is_refused(small: Any) -> None:
    @rule(on="workers", after="separate", needs={
        "mobility": {"value": 3, "unit": "points", "range": (0, 5), "source": "assumption", "grade": "D"}
    })  # fmt: skip
    def clash(worker: Any, world: Any, luck: Any) -> None:
        """Use a name the world has."""
        if world.mobility > 1:
            worker.applications = 0

    with pytest.raises(InputError, match="the world has a 'mobility' already"):
        TransitionModel(small("no-transition"), rng=1, rules=[clash])


def test_labels_say_what_is_stylised() -> None:
    """A region whose large plants have no calendar of their own is stylised; Navarra's has one."""
    assert labels_of(load_scenario("current-policy")) == ()
    (label,) = labels_of(load_scenario("current-policy").with_values({"region": "ITC1"}))
    assert label.startswith("stylised region: the largest plant")
