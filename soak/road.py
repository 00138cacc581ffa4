"""The road: each input moves jobs alone, their terms close, and the sign of electrification may flip."""

from __future__ import annotations

from typing import Any

from soak.record import Line
from soak.runs import Size, run
from transitionsim.experiments.apart import ALL, draw_terms
from transitionsim.experiments.decompose import decomposition_design, moving_inputs
from transitionsim.experiments.design import Arm
from transitionsim.experiments.running import values_of_design
from transitionsim.scenario.freezing import INPUTS

MONTHS = 72


def moving(plant: str) -> dict[str, dict[str, Any]]:
    """Return, for each input of the road, settings in which only it moves."""
    electric = {"ice": 0.0, "hev": 0.0, "phev": 0.0, "bev": 1.0}
    return {
        "volume": {"demand.volume": {"2025-01": 1.0, "2029-01": 0.9}},
        "eu_share": {"demand.eu_share": {"2025-01": 0.8, "2029-01": 0.7}},
        "allocation": {
            "demand.allocation": "calendars",
            "demand.plants": {plant: {"vehicles": {"2025-01": 100_000.0, "2029-01": 80_000.0}}},
        },
        "mix": {
            "electrification.mix": {
                "2025-01": {"ice": 0.387, "hev": 0.345, "phev": 0.094, "bev": 0.174},
                "2029-01": electric,
            }
        },
        "local_sourcing": {"demand.local_sourcing.neutral": {"2025-01": 1.0, "2029-01": 0.9}},
        "productivity": {"demand.productivity": {"2025-01": 1.0, "2029-01": 1.1}},
    }


def one_at_a_time(size: Size) -> list[Line]:
    """Each of the six inputs alone, then four together: the terms sum to the whole."""
    plant = size.load("no-transition").load_region().plant_names[0]
    inputs = moving(plant)
    # Allocation alone means a plant with a calendar of its own in both arms, flat in the one.
    calm = {"demand.plants": {plant: {"vehicles": {"2025-01": 100_000.0}}}, "mechanisms.plant_shocks": False}
    still = size.mean(_posts, calm)
    lines = []
    for name in INPUTS:
        alone = size.mean(_posts, {**calm, **inputs[name]})
        words = name.replace("_", " ")
        value = 100 * (alone / still - 1.0)
        lines.append(size.line("one input of the road moves alone", words, value, "% of automotive posts", high=-0.5))
    return [*lines, *_terms(size, inputs)]


def _posts(size: Size, seed: int, values: dict[str, Any]) -> float:
    return float(run(size.load("no-transition", values, MONTHS), seed)["posts_automotive"][-1])


def _terms(size: Size, inputs: dict[str, dict[str, Any]]) -> list[Line]:
    together = {
        key: value for name in ("volume", "eu_share", "allocation", "mix") for key, value in inputs[name].items()
    }
    scenario = size.load("no-transition", together, MONTHS)
    names = moving_inputs(scenario)
    design = decomposition_design(Arm("own", scenario), len(size.seeds), fixed=True)
    found = values_of_design(design, processes=1)
    # Posts lost are counted; the lines are of posts.
    draws, lost = draw_terms(found, "posts_lost", found.horizons[-1])
    terms = {name: [-one for one in values] for name, values in lost.items()}
    rest = max(abs(sum(terms[name][draw] for name in names) - terms[ALL][draw]) for draw in range(len(draws)))
    check = "four inputs move together: Shapley terms"
    lines = [
        size.line(check, f"term of {name.replace('_', ' ')}", sum(terms[name]) / len(draws), "posts") for name in names
    ]
    return [
        *lines,
        size.line(check, "the whole", sum(terms[ALL]) / len(draws), "posts"),
        size.line(check, "largest difference of the sum from the whole", rest, "posts", low=0.0, high=1e-6),
    ]


def battery_plant(size: Size) -> list[Line]:
    """Where battery cars are made a faster path adds jobs, where combustion cars are made it takes them."""
    plant = size.load("no-transition").load_region().plant_names[0]
    lines = []
    for words, bev, ice, low, high in (
        ("a plant that is given battery cars", 0.04, 0.01, 1.0, None),
        ("a plant that is given combustion cars", 0.01, 0.04, None, -1.0),
    ):
        claims = {plant: {"claims": {"2025-01": {"ice": ice, "hev": 0.01, "phev": 0.01, "bev": bev}}}}
        values = {"demand.allocation": "calendars", "demand.plants": claims}
        more = size.mean(_faster, values)
        lines.append(size.line("fast less slow path, the region's plant given a part of the market", words, more,
                               "automotive jobs at the end", low=low, high=high))  # fmt: skip
    return lines


def _faster(size: Size, seed: int, values: dict[str, Any]) -> float:
    fast, slow = (run(size.load(name, values, 120), seed)["employment_automotive"][-1] for name in ("fast", "slow"))
    return float(fast) - float(slow)


CHECKS = (one_at_a_time, battery_plant)
