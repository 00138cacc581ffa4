"""Exact limits: what must be nothing is exactly nothing, and what must not matter changes no byte."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from transitionsim import breakdowns
from transitionsim.entering import enter
from transitionsim.markets.orders import Books
from transitionsim.model import TransitionModel, digest_of
from transitionsim.scenario import Scenario
from transitionsim.world import BY_EMPLOYER, State

ROOT = Path(__file__).resolve().parents[2]


def test_without_vacancies_reskilling_changes_re_employment_by_exactly_nothing(run_small: Any) -> None:
    """Courses are attended, and yet nobody is employed who would not have been."""
    plain = run_small("current-policy", months=36, jobs__openings="none")
    funded = {"policies__reskilling__from": "2025-01", "policies__reskilling__budget": 300_000_000}
    funded["policies__reskilling__target"] = "everyone"
    trained = run_small("reskilling", months=36, jobs__openings="none", **funded)
    assert trained.series["trainees_enrolled"].sum() > 0
    assert plain.series["hires"].sum() == trained.series["hires"].sum() == 0
    assert (plain.series["employment"] == trained.series["employment"]).all()


def test_a_policy_without_money_is_no_policy(small: Any) -> None:
    without = TransitionModel(small("current-policy", months=48), rng=3).run()
    for name, policy in (("reskilling", "reskilling"), ("sme-support", "sme-support")):
        unfunded = small(name, months=48, **{f"policies__{policy}__budget": 0})
        assert TransitionModel(unfunded, rng=3).run().digest() == without.digest()


def test_the_name_of_a_scenario_does_not_matter(small: Any) -> None:
    scenario = small("fast")
    renamed = scenario.model_copy(update={"name": "no transition", "notes": "baseline"})
    assert TransitionModel(scenario, rng=2).run().digest() == TransitionModel(renamed, rng=2).run().digest()


def test_luck_is_shared_between_scenarios_until_they_differ(run_small: Any) -> None:
    """In the first month, before any order has changed, the people of all scenarios of a seed live the same lives."""
    one, other = run_small("current-policy", months=1), run_small("fast", months=1)
    for name in one.workers.names:
        assert (getattr(one.workers, name) == getattr(other.workers, name)).all(), name


def live(scenario: Scenario, state: State, months: int) -> State:
    """Return a state after some months of its scenario."""
    model = TransitionModel(scenario, rng=state.seed)
    model.state = state
    for _ in range(months):
        model.step()
    return model.state


def test_the_order_of_persons_does_not_matter(small: Any) -> None:
    """Shuffled rows live the same lives: nobody is served first because of where they stand in memory."""
    model = TransitionModel(small("reskilling-and-sme-support", months=60), rng=5)
    shuffled = copy.deepcopy(model.state)
    order = np.random.default_rng(1).permutation(len(shuffled.workers))
    shuffled.workers = shuffled.workers[order]
    straight = live(model.transition, model.state, 40)
    live(model.transition, shuffled, 40)
    for name in straight.workers.dtype.names:
        assert (shuffled.workers[name] == straight.workers[name][order]).all(), name
    for name in straight.record.series:
        assert (shuffled.record.series[name] == straight.record.series[name]).all(), name
    for name in ("earned", "months", "people"):
        sums = [getattr(state.record.histories.earnings, name) for state in (shuffled, straight)]
        assert sums[1].any()
        assert (sums[0] == sums[1]).all(), name
    for name in straight.employers.dtype.names:
        assert (shuffled.employers[name] == straight.employers[name]).all(), name


def test_the_numbers_of_employers_do_not_matter(small: Any) -> None:
    """Renumbered employers, with every reference to them, live through the same months."""
    model = TransitionModel(small("fast", months=60), rng=6)
    moved = renumbered(model.state, np.random.default_rng(2).permutation(len(model.employers)))
    straight = live(model.transition, model.state, 40)
    live(model.transition, moved, 40)
    for name in ("status", "wage", "profile", "cause", "since"):
        assert (moved.workers[name] == straight.workers[name]).all(), name
    for name in straight.record.series:
        assert (moved.record.series[name] == straight.record.series[name]).all(), name


BY_ROW = ("external", "vehicles", "hours", "price", "assembly", "plant", "entrant", "position")
"""Tables of the network that have a line for each employer."""


def renumbered(state: State, order: np.ndarray) -> State:
    """Return a state in which row ``order[i]`` of the employers has become row ``i``."""
    moved = copy.deepcopy(state)
    new_place = np.empty(len(order) + 1, np.int64)
    new_place[order] = np.arange(len(order))
    new_place[-1] = -1
    for name in ("employer", "from_employer"):
        moved.workers[name] = new_place[state.workers[name]]
    moved.employers = state.employers[order]
    moved.employers["number"] = np.arange(len(order))
    for part, name in BY_EMPLOYER:
        setattr(getattr(moved, part), name, getattr(getattr(state, part), name)[order])
    moved.orders.books = Books(*(table[order] for table in state.orders.books))
    moved.counts.breakdown = moved.counts.breakdown._replace(
        **{name: getattr(state.counts.breakdown, name)[order] for name in breakdowns.BY_FIRM}
    )
    moved.reference.employer_order = new_place[state.reference.employer_order]
    network = state.orders.network
    moved.orders.network = network._replace(
        customer=new_place[network.customer],
        supplier=new_place[network.supplier],
        automotive=new_place[network.automotive],
        **{name: getattr(network, name)[order] for name in BY_ROW},
    )
    moved.world["employers"] = moved.employers
    moved.world["lacking"] = moved.world["lacking"][order]
    return moved


def test_both_engines_give_the_same_bytes(small: Any) -> None:
    scenario = small("reskilling-and-sme-support", months=15)
    compiled = TransitionModel(scenario, rng=4, interpret=False).run()
    interpreted = TransitionModel(scenario, rng=4, interpret=True).run()
    assert compiled.digest() == interpreted.digest()
    for name, values in compiled.series.items():
        assert (values == interpreted.series[name]).all(), name


def test_a_start_can_be_entered_again_and_again(small: Any) -> None:
    """A run changes nothing of the start that the next scenario begins from."""
    model = TransitionModel(small("no-transition"), rng=7)
    before = digest_of(model.state)
    model.run()
    assert digest_of(TransitionModel(small("no-transition"), rng=7).state) == before
    again = enter(model.state, model.transition)
    again.workers["wage"] += 1
    assert digest_of(again) != digest_of(model.state)


PROGRAM = """
from pathlib import Path
from transitionsim.model import TransitionModel
from transitionsim.scenario import load_scenario
region = str(Path("tests/small-region.yaml").resolve())
s = load_scenario("reskilling-and-sme-support").with_values({"region": region, "months": 36})
print(TransitionModel(s, rng=11).run().digest())
"""


def _digest_in(python: str) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [python, "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    return done.stdout.strip()


def test_another_process_gives_the_same_bytes(run_small: Any) -> None:
    here = run_small("reskilling-and-sme-support", seed=11, months=36).digest()
    assert _digest_in(sys.executable) == here


def test_the_other_python_gives_the_same_bytes(run_small: Any) -> None:
    """Python 3.11 with Mesa 3.3 and 3.13 with Mesa 3.5 agree, where the other interpreter is set up."""
    version = "3.13" if sys.version_info < (3, 12) else "3.11"
    other = ROOT / f".venv-{version}" / "bin" / "python"
    if not other.exists():
        pytest.skip(f"no .venv-{version}; `make other-python` sets one up where Python {version} is installed")
    here = run_small("reskilling-and-sme-support", seed=11, months=36).digest()
    assert _digest_in(str(other)) == here
