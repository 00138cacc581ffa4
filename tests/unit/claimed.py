"""Folders of results from the stand-in model, and claims made of them."""

from __future__ import annotations

from pathlib import Path

import fake_model as fake
import fake_sweep

from transitionsim.claims.bundle import Bundle, bundle
from transitionsim.claims.language import language
from transitionsim.claims.refusals import Asked
from transitionsim.claims.source import Source, read_source
from transitionsim.cli.carrying import Running, carry_out
from transitionsim.experiments.design import Arm
from transitionsim.experiments.plan import Sweep
from transitionsim.experiments.planning import comparison_design

SMALL = {"persons_per_agent": 20, "months": 60}


def comparison(
    folder: Path, *, draws: int = 24, seeds: int | None = None, names: tuple[str, ...] = ("fast", "reskilling")
) -> Path:
    """A comparison of a baseline with a path that is faster and with courses, written into a folder."""
    levers = ({"bev": 1.0}, {"seats": 1.2e7}, {"seats": 2e7})
    arms = [Arm(name, fake.scenario(**SMALL, **own)) for name, own in zip(names, levers, strict=False)]
    design = comparison_design(Arm("current-policy", fake.scenario(**SMALL)), arms, draws=draws, seeds=seeds)
    carry_out(folder, design, Running(processes=1, simulate=fake.simulate))
    return folder


def claimed(folder: Path, *, lang: str = "en", asked: Asked | None = None, **what) -> Bundle:
    """Everything that a page about a folder says."""
    return bundle(read_source(folder), language(lang), asked=asked, **what)


def source_of(sweep: Sweep, folder: Path = Path("results/fake"), **more) -> Source:
    """A made-up sweep as a source of claims, made by the code that is here."""
    from transitionsim.provenance import code

    now = code()
    about = {"version": now.version, "sources": now.sources, "commit": "c" * 40, "dirty": False}
    content = {"code": about, "date": "2026-11-23", "labels": (), "rules": (), "problems": ()}
    content |= {"drawn": len(sweep.plan.draws), "failed": len(sweep.failures), **more}
    return Source(folder, "sweep", sweep, {arm.label: {} for arm in sweep.plan.arms}, **content)


def made_up(
    effect: float, spread: float = 1.0, *, inputs: int = 240, grade: str = "D", seeds: int = 1, **more
) -> Source:
    """A sweep in which ``fast`` has ``effect`` more losses than the baseline; one of two inputs decides the rest."""
    values = [{"carries": float(n % 17), "idle": float(n % 5)} for n in range(inputs)]

    def formula(arm, draw, name, year):
        shift = {"fast": effect, fake_sweep.PAID: effect / 2}.get(arm.label, 0.0)
        luck = fake_sweep.noise(draw.number, 7)
        if (not shift and not spread) or arm.label not in ("fast", fake_sweep.PAID):
            return 1000.0 + luck
        return 1000.0 + luck + shift + spread * (draw.values["carries"] - 8.0) + fake_sweep.noise(draw.number, 9)

    sweep = fake_sweep.sweep(
        formula, arms=fake_sweep.arms("fast", fake_sweep.PAID), draws=fake_sweep.draws(inputs, seeds, values),
        swept=(fake_sweep.Swept("carries", "0 to 16", grade), fake_sweep.Swept("idle", "0 to 4", "D")),
    )  # fmt: skip
    return source_of(sweep, **more)
