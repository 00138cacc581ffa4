"""A stand-in for the model: cheap, deterministic, with every series that a run must have."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field

import numpy as np

from transitionsim.careers import Careers
from transitionsim.errors import RunError
from transitionsim.experiments.outcomes import HIRES, SEPARATIONS
from transitionsim.months import Month
from transitionsim.recorder import NAMES
from transitionsim.scenario import Scenario
from transitionsim.scenario.labels import labels_of

LEVER = "scenario lever"
TIERS = ("vehicle plant", "tier 1 supplier")


@dataclass(frozen=True)
class FakeRun:
    scenario: Scenario
    seed: int
    series: dict
    digest: str
    labels: tuple[str, ...] = ()
    careers: Careers | None = None
    tables: dict = field(default_factory=dict)
    places: dict = field(default_factory=lambda: {"tier": TIERS})


def scenario(name="current-policy", *, bev=0.85, seats=0.0, region="ES22", months=192, **more) -> Scenario:
    """A scenario built without files: ``bev`` is the share in 2035, ``seats`` the euros a year for reskilling."""
    policies = [reskilling(seats)] if seats else []
    mix = {
        "2025-01": {"bev": 0.17, "phev": 0.09, "hev": 0.35, "ice": 0.39},
        "2035-01": {"bev": bev, "phev": 0.0, "hev": 0.0, "ice": 1.0 - bev},
    }
    content = {
        "name": name,
        "region": region,
        "start": "2025-01",
        "months": months,
        "electrification": {"basis": "registrations", "legal_status": "Reg. 2019/631; as of 2026-11", "mix": mix},
        "policies": policies,
        **more,
    }
    return Scenario.model_validate(content)


def reskilling(euros):
    return {
        "kind": "reskilling",
        "from": "2027-01",
        "to": "2033-12",
        "budget": {"value": euros, "unit": "EUR/year", "source": LEVER},
        "starts": "on-notice",
        "cost_per_seat": {"value": 7521, "unit": "EUR", "source": "COM(2023) 482", "grade": "C"},
    }


def simulate(scenario, seed, *, rules=(), careers=False) -> FakeRun:
    """Posts fall with the share of battery cars, dismissals follow, training avoids some of them."""
    months, scale = scenario.months, scenario.persons_per_agent
    luck = np.random.default_rng(seed)
    rise = scenario.electrification.mix.monthly(scenario.start, months)[:, 3] - 0.17
    severity = 0.25 + 0.1 * luck.random() + 0.05 * len(scenario.parameters)
    posts = _rows(11_607 * (1 - severity * rise), scale)
    euros = sum(policy.budget.number for policy in scenario.policies if policy.id != "placebo-seat")
    own = np.random.default_rng([seed, int(scenario.digest()[:8], 16)])
    fallen = -np.diff(posts, prepend=posts[0])
    helped = 0.3 * min(1.0, euros / 2e7)
    noise = luck.integers(2, 9, months) * scale
    series = {name: np.zeros(months, dtype=np.int64) for name in NAMES}
    series["dismissals"] = noise + _rows(np.maximum(fallen, 0) * 0.5 * (1 - helped), scale)
    series["closures"] = own.integers(0, 2, months) * scale
    series["temporary_not_renewed"] = _rows(np.maximum(fallen, 0) * 0.2, scale)
    series["retirements"] = np.full(months, 30 * scale)
    series["hires_automotive_from_unemployment"] = luck.integers(20, 40, months) * scale
    change = sum(series[name] for name in HIRES) - sum(series[name] for name in SEPARATIONS)
    series["employment_automotive"] = 11_600 // scale * scale + np.cumsum(change)
    series["posts_automotive"] = posts
    series["employment"] = 312_000 + series["employment_automotive"]
    series["unemployed"] = 26_000 + np.cumsum(series["dismissals"]) // 3
    in_force = (scenario.start + np.arange(months) >= Month.parse("2027-01")) & (euros > 0)
    series["spent_cents"] = np.cumsum(np.where(in_force, int(euros * 100 / 12), 0))
    series["returned_cents"] = series["spent_cents"] // 10
    text = b"".join(series[name].tobytes() for name in sorted(series))
    lost = series["dismissals"] + series["closures"]
    tables = {"automotive_losses_by_tier": np.stack([lost // scale // 3 * scale, lost - lost // scale // 3 * scale], 1)}
    return FakeRun(scenario, seed, series, hashlib.sha256(text).hexdigest(), labels_of(scenario), tables=tables)


def simulate_failing(scenario, seed, *, rules=(), careers=False) -> FakeRun:
    """Fails for seed 1 wherever euros are spent, and with a stage for seed 2."""
    paid = [policy for policy in scenario.policies if policy.id != "placebo-seat"]
    if paid and seed == 1:
        raise ZeroDivisionError("supplier 41 has no workers")
    if paid and seed == 2:
        raise RunError("recording", "the disk is full")
    return simulate(scenario, seed, rules=rules, careers=careers)


def _rows(persons, scale):
    return (np.round(persons / scale) * scale).astype(np.int64)


def simulate_dying(scenario, seed, *, rules=(), careers=False) -> FakeRun:
    """Ends its process as a lack of memory would."""
    os._exit(9)
