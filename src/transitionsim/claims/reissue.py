"""A card held against the claim that comes of its results when they are made again.

That the same table comes of a recipe says nothing of the sentence above it: whoever writes a card can write any
sentence and any number into it. So the claim is made anew, by the code that is here, and the card must say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from transitionsim.claims.bundle import bundle
from transitionsim.claims.card import card
from transitionsim.claims.language import language
from transitionsim.claims.purpose import Patterns
from transitionsim.claims.recipe import damaged
from transitionsim.claims.refusals import Asked
from transitionsim.claims.sameness import Held
from transitionsim.claims.source import read_source
from transitionsim.provenance import code

SAID: Final = (
    "statement", "purpose_level", "purpose_why", "patterns", "quantity", "contrast", "estimate", "drivers", "scenarios",
    "failed_runs", "is_not", "legal_status", "data",
)  # fmt: skip
"""What a card says of its results; the rest is of the run that made them."""
NOT_OF_RESULTS: Final = frozenset({"other-version", "dirty", "altered", "unfinished", "ranking", "ratio"})
"""Rules that depend on the code, on the state of a folder, or on what else stood on the page."""
MOST_LETTERS: Final = 300


def reissued(said: Mapping[str, Any], recipe: Mapping[str, Any], made: Path, where: str) -> list[Held]:
    """Return whether a card says what comes of results that were made again, by its recipe, in the folder ``made``."""
    with damaged(where):
        words = language(str(said["language"]))
        quantity, title = said["quantity"], str(said.get("title_chosen_by_the_user", ""))
        found = bundle(
            read_source(made), words, outcome=str(quantity["outcome"]), horizon=int(quantity["horizon"]),
            scenario=str(said["contrast"]["scenario"]["name"]), asked=Asked(title), patterns=_patterns(said),
        )  # fmt: skip
        again = card(found.source, found.claim, words, recipe={})
        broken = {one.key for one in found.refusals(code())} - NOT_OF_RESULTS
        run = dict(said["run"])
        hidden = sorted(broken - set(said.get("exploratory", ())))
    pairs = {key: (said.get(key), again.get(key)) for key in SAID if key in said or key in again}
    by_recipe = {**recipe["code"], "id": recipe["id"], "version": recipe["version"]}
    pairs["run"] = _run(run), _run(by_recipe)
    held = [_other(key, *both) for key, both in pairs.items() if both[0] != both[1]]
    if hidden:
        held.append(Held(f"the card does not say that it breaks rules: {', '.join(hidden)}", False))
    fits = [key.replace("_", " ") for key, both in pairs.items() if both[0] == both[1]]
    return [Held(f"the card's {', '.join(fits)}: what comes of the results", True), *held]


def _patterns(said: Mapping[str, Any]) -> Patterns:
    """Return the facts that a card rests on, those that there are: their table is not made again here."""
    from transitionsim.facts.table import FACTS

    about = said.get("patterns") or {}
    asked = list(dict.fromkeys(about.get("facts", ())))
    known = [fact for fact in FACTS if fact.name in asked and fact.fitted == "no" and fact.basis == "FOUND"]
    names, titles = tuple(one.name for one in known), tuple(one.title for one in known)
    return Patterns(names, titles, str(about.get("table_sha256", "")))


def _run(about: Mapping[str, Any]) -> dict[str, Any]:
    return {key: about.get(key) for key in ("id", "version", "commit", "dirty", "sources")}


def _other(key: str, said: Any, again: Any) -> Held:
    name = f"the card's {key.replace('_', ' ')}"
    return Held(f"{name}: {_short(said)}; of the results comes: {_short(again)}", False)


def _short(content: Any) -> str:
    text = " ".join(str(content).split())
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]} ..."
