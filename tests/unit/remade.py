"""Folders of results from the stand-in model by code that is clean, and the commands that make them again with it."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import claimed
import fake_model as fake
import sweep_process as own
from transitionsim.claims.recipe import recipe_of
from transitionsim.experiments.runner import run_design

from transitionsim.claims import remaking, verifying
from transitionsim.claims.card import card, written
from transitionsim.experiments.compare import design_of
from transitionsim.experiments.design import Arm
from transitionsim.experiments.paired import compared
from transitionsim.experiments.store import PARTS
from transitionsim.provenance import Code, code
from transitionsim.report.folder import write_results

COMMIT = "c" * 40
AGAIN, SWEEP_AGAIN, VERIFIED = remaking.remake_comparison, remaking.remake_sweep, verifying.verified
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
    for place in ("transitionsim.experiments.manifest.code", "transitionsim.experiments.store.code"):
        monkeypatch.setattr(place, lambda: now)


def clean(monkeypatch, simulate=fake.simulate) -> None:
    """The same, and the commands run the stand-in in place of the model, a comparison in this process."""
    committed(monkeypatch)
    monkeypatch.setattr("transitionsim.experiments.runner.simulate_model", simulate)

    def here(design, folder, *, processes=None, progress=None):
        return AGAIN(design, folder, processes=1, simulate=simulate)

    monkeypatch.setattr(remaking, "remake_comparison", here)
    monkeypatch.setattr(remaking, "remake_sweep", partial(SWEEP_AGAIN, simulate=simulate))
    monkeypatch.setattr(verifying, "verified", partial(VERIFIED, simulate=simulate))


def comparison(folder: Path, draws: int = 2) -> Path:
    """A comparison with a faster path and with courses."""
    return claimed.comparison(folder, draws=draws)


def ruled(folder: Path, rules: Path) -> Path:
    """A comparison with rules of one's own, which has an arm with the rules off."""
    arm = Arm("fast", fake.scenario(**claimed.SMALL, bev=1.0))
    design = design_of(Arm("now", fake.scenario(**claimed.SMALL)), [arm], draws=1, seeds=None, rules=[rules])
    results = run_design(design, processes=1, simulate=counting)
    assert not results.failures
    folder.mkdir(parents=True)
    write_results(folder, results)
    return folder


def with_fit(folder: Path, file: Path) -> Path:
    """A comparison of scenarios that take over the values of a file of one's own."""
    own = {**claimed.SMALL, "calibration": str(file)}
    arms = [Arm(name, fake.scenario(**own, bev=bev)) for name, bev in (("now", 0.8), ("fast", 1.0))]
    results = run_design(design_of(arms[0], arms[1:], draws=2, seeds=None), processes=1, simulate=fake.simulate)
    assert not results.failures
    folder.mkdir(parents=True)
    write_results(folder, results, compared(results))
    return folder


def counting(scenario, seed, *, rules=(), careers=False):
    """The stand-in, in which every rule of one's own retires somebody."""
    run = fake.simulate(scenario, seed, careers=careers)
    run.series["retirements"] = run.series["retirements"] + len(rules)
    return run


def rewrite(path: Path, change) -> None:
    """Write a table of Parquet anew, changed by a function."""
    from pandas import read_parquet

    change(read_parquet(path)).to_parquet(path, index=False)


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
