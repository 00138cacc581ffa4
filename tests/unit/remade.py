"""Folders of results from the stand-in model by code that is clean, and the commands that make them again with it."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import claimed
import fake_model as fake
import sweep_process as own

from transitionsim.claims import reproduce
from transitionsim.claims.card import card, written
from transitionsim.claims.reproduce import recipe_of
from transitionsim.cli.carrying import Running, carry_out
from transitionsim.experiments.design import Arm
from transitionsim.experiments.planning import comparison_design
from transitionsim.experiments.store import PARTS
from transitionsim.provenance import Code, code

COMMIT = "c" * 40
AGAIN, SAMPLE = reproduce.make_again, reproduce.sample
QUESTION = """
question: Does money avoid losses?
baseline: reskilling
set: {months: 36, policies.reskilling.budget: 0}
levers: {funding: {key: policies.reskilling.budget, values: [0, 20_000_000]}}
inputs: [firing.speed, search.mobility]
draws: 2
indicators: [involuntary_losses, employment_automotive]
"""
RULES = """
from pathlib import Path

Path({mark!r}).write_text("executed")
"""


def committed(monkeypatch) -> None:
    """Let results say that they were made from a commit without changes."""
    now = Code(code().version, code().sources, COMMIT, False)
    monkeypatch.setattr("transitionsim.experiments.store.code", lambda: now)


def clean(monkeypatch, simulate=fake.simulate) -> None:
    """The same, and the commands run the stand-in in place of the model, in this process."""
    committed(monkeypatch)
    monkeypatch.setattr("transitionsim.experiments.simulation.simulate_model", simulate)
    again = partial(AGAIN, processes=1, simulate=simulate)
    monkeypatch.setattr("transitionsim.claims.reproduce.make_again", lambda *words, processes, tell: again(*words))
    monkeypatch.setattr("transitionsim.claims.reproduce.sample", partial(SAMPLE, simulate=simulate))


def comparison(folder: Path, draws: int = 2) -> Path:
    """A comparison with a faster path and with courses."""
    return claimed.comparison(folder, draws=draws)


def ruled(folder: Path, rules: Path) -> Path:
    """A comparison with rules of one's own, which has an arm with the rules off."""
    arm = Arm("fast", fake.scenario(**claimed.SMALL, bev=1.0))
    design = comparison_design(Arm("now", fake.scenario(**claimed.SMALL)), [arm], draws=1, rules=[rules])
    carry_out(folder, design, Running(processes=1, simulate=counting))
    return folder


def with_fit(folder: Path, file: Path) -> Path:
    """A comparison of scenarios that take over the values of a file of one's own."""
    own = {**claimed.SMALL, "calibration": str(file)}
    arms = [Arm(name, fake.scenario(**own, bev=bev)) for name, bev in (("now", 0.8), ("fast", 1.0))]
    carry_out(folder, comparison_design(arms[0], arms[1:], draws=2), Running(processes=1, simulate=fake.simulate))
    return folder


def counting(scenario, seed, *, rules=(), careers=False):
    """The stand-in, in which every rule of one's own retires somebody."""
    run = fake.simulate(scenario, seed, careers=careers)
    run.series["retirements"] = run.series["retirements"] + len(rules)
    return run


def sweep(folder: Path, question: str = QUESTION) -> Path:
    """A finished sweep, without its parts."""
    file = folder.parent / "question.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(question)
    assert own.run(folder, file, fake.simulate).complete
    shutil.rmtree(folder / PARTS)
    return folder


def card_of(folder: Path, place: Path) -> Path:
    """The claim card of a folder, alone in another place."""
    found = claimed.claimed(folder)
    broken = sorted({one.key for one in found.refusals(code())})
    own = card(found.source, found.claim, found.words, recipe=recipe_of(found.source), exploratory=broken)
    place.write_text(written(own))
    return place
