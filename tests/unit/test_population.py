"""Populations speak Mesa: views, verbs, DataCollector and batch_run."""

from __future__ import annotations

import mesa
import numpy as np
import pytest

from transitionsim.columns import Column, record_type
from transitionsim.draws import agent_keys
from transitionsim.errors import InputError
from transitionsim.groups import Populations
from transitionsim.population import Employer, Population, Row, Worker

PEOPLE = (
    Column("key", "u8", "", ""),
    Column("wage", "i4", "", ""),
    Column("status", "i1", "", ""),
    Column("skills", "i1", "hundredths", "", 0, 100, parts=("skill_a", "skill_b")),
)
FIRMS = (Column("wage", "i4", "", ""), Column("cash", "f8", "", ""))


class Toy(mesa.Model):
    """A model with two populations, in the way that the real one has them."""

    def __init__(self, rise=1, count=6, rng=None):
        super().__init__(rng=rng)
        people = np.zeros(count, record_type(PEOPLE))
        people["key"] = agent_keys("ES22", "workers", count)
        people["wage"] = np.arange(count) * 100
        people["status"] = np.arange(count) % 3
        people["skills"][:, 0], people["skills"][:, 1] = np.arange(count), 50 + np.arange(count) // 2
        firms = np.zeros(2, record_type(FIRMS))
        firms["cash"] = [1.5, 2.5]
        self.rise = rise
        self.workers = Population(self, "workers", people, PEOPLE)
        self.employers = Population(self, "employers", firms, FIRMS, first_id=count + 1)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "paid": lambda model: int(model.workers.wage.sum()),
                "rise": "rise",
                "steps": "steps",
            },
            agent_reporters={"wage": "wage", "double": lambda agent: 2 * agent.wage},
            agenttype_reporters={
                Worker: {"status": "status"},
                Employer: {"cash": "cash"},
                Row: {"id": "unique_id"},
            },
        )

    @property
    def agents(self):
        return Populations([self.workers, self.employers])

    @property
    def agents_by_type(self):
        return self.agents.by_type

    @property
    def agent_types(self):
        return list(self.agents_by_type)

    def step(self):
        self.workers.set("wage", self.workers.wage + self.rise)
        self.datacollector.collect(self)


@pytest.fixture
def model():
    return Toy()


@pytest.fixture
def workers(model):
    return model.workers


def test_a_row_is_a_mesa_agent_that_reads_and_writes_its_columns(model, workers):
    row = workers[2]
    assert isinstance(row, mesa.Agent)
    assert type(row) is Worker
    assert (row.unique_id, row.wage, row.model, row.pos) == (3, 200, model, None)
    assert type(row.wage) is int
    row.wage += 7
    assert workers.rows["wage"][2] == 207
    assert row == workers[-4]
    assert row != workers[3]
    assert len({row, workers[2]}) == 1
    assert "wage=207" in repr(row)
    assert row.rng is model.rng


def test_unknown_names_are_attribute_errors_with_the_nearest_name(workers):
    for what in (workers, workers[0]):
        with pytest.raises(AttributeError, match=r"workers have no column 'waqe'; did you mean 'wage'\?"):
            what.waqe  # noqa: B018
    with pytest.raises(AttributeError, match="did you mean 'wage'"):
        workers[0].waqe = 3
    with pytest.raises(AttributeError, match="did you mean 'wage'"):
        workers.set("waqe", 3)
    assert not hasattr(workers[0], "_secret")
    assert not hasattr(workers, "_secret")


def test_rows_are_never_removed(workers):
    with pytest.raises(TypeError, match="change the status"):
        workers[0].remove()


def test_columns_are_views_of_the_whole_and_of_slices(workers):
    assert np.shares_memory(workers.wage, workers.rows)
    before = workers[1:3].wage
    workers[1:3].set("wage", 5)
    assert before.tolist() == [5, 5]
    assert workers.wage.tolist() == [0, 5, 5, 300, 400, 500]
    assert np.shares_memory(workers[1:3].wage, workers.rows)
    with pytest.raises(ValueError, match="read-only"):
        workers.wage[0] = 1


@pytest.mark.parametrize("part", [slice(None, None, -1), slice(1, 5, 2), slice(5, 0, -2), slice(4, 2), slice(-2, None)])
def test_slices_of_slices(workers, part):
    numbers = list(range(6))
    for inner in (slice(None, None, -1), slice(1, None), slice(0, 2)):
        found = workers[part][inner]
        assert [row.unique_id - 1 for row in found] == numbers[part][inner]
        assert len(found) == len(numbers[part][inner])


def test_selections(workers):
    def ids(part):
        return [row.unique_id for row in part]

    assert ids(workers.select(workers.wage > 250)) == [4, 5, 6]
    assert ids(workers.select(lambda worker: worker.wage > 250)) == [4, 5, 6]
    assert ids(workers.select(status=0)) == [1, 4]
    assert ids(workers.select(workers.wage > 0, status=0)) == [4]
    assert ids(workers.select(at_most=2)) == [1, 2]
    assert ids(workers.select(at_most=0.5)) == [1, 2, 3]
    assert ids(workers.select(status=0).select(lambda worker: worker.wage > 0)) == [4]
    assert ids(workers[workers.status == 1]) == [2, 5]
    assert ids(workers[np.array([5, 0])]) == [6, 1]
    assert ids(workers.select(agent_type=Employer)) == []
    assert ids(workers.select(agent_type=mesa.Agent)) == [1, 2, 3, 4, 5, 6]
    assert workers[3] in workers.select(status=0)
    assert workers[2] not in workers.select(status=0)
    assert "worker" not in workers


def test_selections_write_through(workers):
    workers.select(status=2).set("wage", -1)
    assert workers.wage.tolist() == [0, 100, -1, 300, 400, -1]
    workers.select(status=0).set("wage", [8, 9])
    workers.select(status=1)[0].wage = 3
    assert workers.wage.tolist() == [8, 3, -1, 9, 400, -1]
    assert workers.select(status=1).rows["wage"].tolist() == [3, 400]


def test_get_agg_do_and_map(workers):
    assert workers.get("wage").tolist() == [0, 100, 200, 300, 400, 500]
    assert workers.select(status=0).get(["wage", "status"]) == [[0, 0], [300, 0]]
    assert workers.agg("wage", np.mean) == 250
    assert workers.agg("wage", [min, max]) == [0, 500]
    workers.set("status", 100)
    assert workers.agg("status", sum) == 600

    def cut(worker, by, least=0):
        worker.wage = max(worker.wage - by, least)

    assert workers.do(cut, 150, least=10) is workers
    assert workers.map(lambda worker: worker.wage) == [10, 10, 50, 150, 250, 350]
    assert workers.map("step") == [None] * 6
    assert [row.wage for row in workers.to_list()] == workers.wage.tolist()


def test_groups(workers):
    groups = workers.groupby("status")
    assert [key for key, _ in groups] == [0, 1, 2]
    assert len(groups) == 3
    assert groups.count() == {0: 2, 1: 2, 2: 2}
    assert groups.agg("wage", sum) == {0: 300, 1: 500, 2: 700}
    assert groups.map(len) == {0: 2, 1: 2, 2: 2}
    assert workers.groupby(lambda worker: worker.wage >= 300).count() == {False: 3, True: 3}
    groups.do(lambda group: group.set("wage", 1))
    assert workers.wage.tolist() == [1] * 6
    part = workers.select(status=1).groupby("wage")
    assert part.count() == {1: 2}


def test_a_frame_has_every_column(workers):
    frame = workers.select(status=1).frame()
    assert frame.index.tolist() == [2, 5]
    assert frame["wage"].tolist() == [100, 400]
    assert list(frame) == ["key", "wage", "status", "skill_a", "skill_b"]
    assert frame["skill_a"].tolist() == [1, 4]
    assert frame["skill_b"].tolist() == [50, 52]


def test_each_part_of_a_column_is_a_column(workers):
    assert workers.names == ("key", "wage", "status", "skill_a", "skill_b")
    assert np.shares_memory(workers.skill_b, workers.rows)
    assert workers.select(skill_b=51).skill_a.tolist() == [2, 3]
    assert workers.groupby("skill_b").count() == {50: 2, 51: 2, 52: 2}
    assert workers.agg("skill_a", sum) == 15
    assert workers.get(["skill_a", "skill_b"])[3] == [3, 51]
    assert workers.select(status=0).set("skill_b", [1, 2]) is not None
    assert workers.skill_b.tolist() == [1, 50, 51, 2, 52, 52]
    with pytest.raises(InputError, match="workers: skill_b cannot be 101; 0 to 100 is allowed"):
        workers.set("skill_b", 101)
    with pytest.raises(AttributeError, match="workers have no column 'skills'"):
        workers.skills  # noqa: B018
    with pytest.raises(ValueError, match="read-only"):
        workers.skill_a[0] = 1


def test_an_agent_knows_its_parts_by_name_and_by_place_as_in_a_rule(workers):
    row = workers[3]
    assert (row.skill_b, row.skills[1], row.skills[-1], len(row.skills), list(row.skills)) == (51, 51, 51, 2, [3, 51])
    assert type(row.skills[0]) is int
    row.skills[0] += 90
    assert workers.skill_a.tolist() == [0, 1, 2, 93, 4, 5]
    with pytest.raises(InputError, match="skill_a cannot be 101"):
        row.skills[0] += 8
    with pytest.raises(IndexError):
        row.skills[2] = 1
    with pytest.raises(AttributeError, match="workers have no column 'skills'"):
        row.skills = 1
    assert "skill_b=51" in repr(row)


def test_all_agents_of_a_model(model):
    agents = model.agents
    assert len(agents) == 8
    assert [agent.unique_id for agent in agents] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert agents[6] == model.employers[0]
    assert agents[-1] == model.employers[1]
    for place in (8, -9):
        with pytest.raises(IndexError, match="there are 8 agents"):
            agents[place]
    assert model.employers[1] in agents
    assert len(agents.select(agent_type=Employer)) == 2
    assert len(agents.select(lambda agent: agent.wage > 250)) == 3
    assert agents.get("wage") == [0, 100, 200, 300, 400, 500, 0, 0]
    assert agents.get(["wage", "wage"])[1] == [100, 100]
    agents.set("wage", 2).do(lambda agent: setattr(agent, "wage", agent.wage + 1))
    assert agents.map(lambda agent: agent.wage) == [3] * 8
    assert len(agents.to_list()) == 8
    assert repr(agents) == "<6 workers, 2 employers>"
    with pytest.raises(AttributeError, match="workers have no column 'cash'"):
        agents.get("cash")


def test_the_data_collector_sees_models_agents_and_types(model):
    for _ in range(3):
        model.step()
    collected = model.datacollector
    assert collected.get_model_vars_dataframe()["paid"].tolist() == [1506, 1512, 1518]
    frame = collected.get_agent_vars_dataframe()
    assert len(frame) == 24
    assert frame["double"].max() == 1006
    people = collected.get_agenttype_vars_dataframe(Worker)
    assert len(people) == 18
    assert collected.get_agenttype_vars_dataframe(Employer)["cash"].sum() == 12.0
    assert len(collected.get_agenttype_vars_dataframe(Row)) == 24


def test_no_agent_is_registered_with_mesa(model):
    list(model.agents)
    assert len(mesa.Model.agents.fget(model)) == 0


def test_batch_run():
    rows = mesa.batch_run(
        Toy,
        {"rise": [1, 10]},
        number_processes=1,
        max_steps=3,
        data_collection_period=-1,
        display_progress=False,
    )
    for row in rows:
        # Mesa 3.3 goes one step beyond max_steps, 3.5 stops there.
        assert row["steps"] in (3, 4)
        assert row["paid"] == 1500 + 6 * row["rise"] * row["steps"]
