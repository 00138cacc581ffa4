"""``python -m benchmarks.sweeping``: how fast sweeps run, what running them costs, and how long going on takes.

Prints one table and writes ``results/benchmarks-sweeps.json``. About four minutes on two cores; no exit code depends on
what it measures.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mesa
import numpy as np

from benchmarks import measure
from benchmarks.mesa_twin import Twin
from transitionsim.entering import enter, start_of
from transitionsim.experiments.engine import work_through
from transitionsim.experiments.outcomes import HIRES, SEPARATIONS
from transitionsim.experiments.planning import prepare
from transitionsim.experiments.store import write_plan
from transitionsim.experiments.workers import Processes
from transitionsim.model import simulate
from transitionsim.recorder import NAMES

SCALE = 16
"""Persons to a row: about 30,000 rows of Navarra."""
FILE = """
question: How fast is a sweep?
baseline: current-policy
set: {{persons_per_agent: {scale}}}
levers: {{pace: {{key: electrification.pace, values: [{values}]}}}}
draws: {draws}
"""
TWIN_MONTHS = 3


@dataclass(frozen=True)
class Nothing:
    """A run that took no time."""

    series: dict[str, Any]
    digest: str = ""
    labels: tuple[str, ...] = ()
    careers: None = None


def instant(scenario: Any, seed: int, *, rules: Any = (), careers: bool = False) -> Nothing:
    """Return the series of a run that was not run."""
    months = np.ones(scenario.months, np.int64)
    assert {*HIRES, *SEPARATIONS} <= {*NAMES}
    return Nothing(dict.fromkeys(NAMES, months))


def prepared(folder: Path, arms: int, draws: int) -> Any:
    """Return the plan of a sweep with so many lever points and draws, beside its three reference arms."""
    folder.mkdir(parents=True)
    values = ", ".join(f"{0.5 + place / arms:.4f}" for place in range(arms))
    file = folder / "question.yaml"
    file.write_text(FILE.format(scale=SCALE, values=values, draws=draws))
    plan = prepare(file)
    write_plan(folder, plan)
    return plan


def cpu() -> float:
    """Return the processor time of this process and of its children that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def timed(folder: Path, workers: int, arms: int, draws: int) -> tuple[float, float, int]:
    """Return wall and processor seconds of a sweep of the real model, and its runs."""
    plan = prepared(folder, arms, draws)
    wall, used = time.perf_counter(), cpu()
    work_through(folder, plan, Processes(workers))
    return time.perf_counter() - wall, cpu() - used, plan.runs


def model_seconds(plan: Any, draws: int) -> float:
    """Return the processor time of the same runs one after the other in one process, nothing stored."""
    began = time.process_time()
    for draw in plan.plan.draws[:draws]:
        for scenario in plan.scenarios:
            simulate(scenario, draw.seed)
    return time.process_time() - began


def resumed(folder: Path, arms: int, draws: int) -> tuple[float, int]:
    """Return the wall seconds of going on with a sweep that is finished, and its runs."""
    plan = prepared(folder, arms, draws)
    work_through(folder, plan, Processes(2), simulate=instant)
    began = time.perf_counter()
    work_through(folder, plan, Processes(2), simulate=instant)
    return time.perf_counter() - began, plan.runs


class Batched(Twin):
    """The plain-Mesa twin as ``mesa.batch_run`` wants it: made from its keyword arguments alone."""

    def __init__(self, pace: float = 1.0, rng: Any = None, seed: Any = None) -> None:
        scenario = measure.scenario_of("current-policy", "ES22", SCALE)
        start, _ = start_of(scenario, 1)
        super().__init__(enter(start, scenario))


def batched() -> float:
    """Return the seconds of one month of one run under ``mesa.batch_run`` over the plain-Mesa twin."""
    seconds = []
    for months in (1, 1 + TWIN_MONTHS):
        began = time.process_time()
        mesa.batch_run(Batched, {"pace": [1.0]}, max_steps=months, number_processes=1, display_progress=False)
        seconds.append(time.process_time() - began)
    return (seconds[1] - seconds[0]) / TWIN_MONTHS


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="benchmarks.sweeping", description=__doc__)
    parser.add_argument("--draws", type=int, default=8)
    parser.add_argument("--arms", type=int, default=13, help="lever points; three reference arms come with them")
    asked = parser.parse_args()
    rows: list[tuple[str, float, str]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warm = prepared(folder / "warm", asked.arms, asked.draws)
        model_seconds(warm, asked.draws)  # starts of the region are kept on disk from here on
        alone = model_seconds(warm, asked.draws)
        one, used, runs = timed(folder / "one", 1, asked.arms, asked.draws)
        two, _, _ = timed(folder / "two", 2, asked.arms, asked.draws)
        rows += [
            ("one run of the model, 192 months, start on disk", alone / runs, "s CPU"),
            ("1,000 runs, 30,600 rows, 192 months, two workers, at this pace", 1000 * two / runs, "s"),
            ("two workers against one", one / two, "times"),
            (
                f"what {runs} runs cost beyond the model, start-up of a worker included",
                100 * (used / alone - 1),
                "% CPU",
            ),
        ]
        seconds, many = resumed(folder / "many", 37, 250)
        rows.append((f"going on with a finished sweep of {many:,} runs", seconds, "s"))
        twin = batched()
        rows.append(
            ("mesa.batch_run over the plain-Mesa twin, a month against ours", twin / (alone / runs / 192), "times")
        )
    for title, value, unit in rows:
        print(f"{title:78} {value:8.2f} {unit}")
    out = measure.ROOT / "results"
    out.mkdir(exist_ok=True)
    (out / "benchmarks-sweeps.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
