"""Folders of results from the stand-in model by code that is clean, and the commands that make them again with it."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import claimed
import fake_model as fake
import sweep_process as own

from transitionsim.claims import remaking, verifying
from transitionsim.claims.card import card, written
from transitionsim.claims.recipe import recipe_of
from transitionsim.provenance import Code, code
from transitionsim.sweeps.store import PARTS

COMMIT = "c" * 40
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

from transitionsim.rule import rule

Path({mark!r}).write_text("executed")


@rule(on="persons", order="own")
def moves(person):
    pass
"""


def committed(monkeypatch) -> None:
    """Let results say that they were made from a commit without changes."""
    now = Code(code().version, code().sources, COMMIT, False)
    for place in ("transitionsim.experiments.manifest.code", "transitionsim.sweeps.store.code"):
        monkeypatch.setattr(place, lambda: now)


def clean(monkeypatch) -> None:
    """The same, and the commands run the stand-in in place of the model, a comparison in this process."""
    committed(monkeypatch)
    monkeypatch.setattr("transitionsim.experiments.runner.simulate_model", fake.simulate)
    again = remaking.remake_comparison

    def here(design, folder, *, processes=None, progress=None):
        return again(design, folder, processes=1, simulate=fake.simulate)

    monkeypatch.setattr(remaking, "remake_comparison", here)
    monkeypatch.setattr(remaking, "remake_sweep", partial(remaking.remake_sweep, simulate=fake.simulate))
    monkeypatch.setattr(verifying, "verified", partial(verifying.verified, simulate=fake.simulate))


def comparison(folder: Path, draws: int = 2) -> Path:
    return claimed.comparison(folder, draws=draws)


def sweep(folder: Path) -> Path:
    """A finished sweep, without its parts."""
    file = folder.parent / "question.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(QUESTION)
    assert own.run(folder, file, fake.simulate).complete
    shutil.rmtree(folder / PARTS)
    return folder


def card_of(folder: Path, place: Path) -> Path:
    """The claim card of a folder, alone in another place."""
    found = claimed.claimed(folder)
    place.write_text(written(card(found.source, found.claim, found.words, recipe=recipe_of(found.source))))
    return place
