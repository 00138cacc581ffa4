"""A card held against the claim that comes of its results when they are made again.

That the same table comes of a recipe says nothing of the sentence above it: whoever writes a card can write any
sentence and any number into it. So the claim is made anew, by the code that is here, and the card must say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from transitionsim.claims.bundle import bundle
from transitionsim.claims.card import ID, SHOWN, TITLE, card, valid_until
from transitionsim.claims.language import language
from transitionsim.claims.purpose import Patterns
from transitionsim.claims.recipe import damaged
from transitionsim.claims.refusals import Asked
from transitionsim.claims.sameness import Held
from transitionsim.claims.source import read_source
from transitionsim.provenance import code

APART: Final = frozenset({ID, "recipe", "exploratory", TITLE, SHOWN, "as_of", "valid_until", "run"})
"""Parts of a card that are held against something else than the claim that is made anew."""
NOT_OF_RESULTS: Final = frozenset({"other-version", "dirty", "unfinished"})
"""Rules that depend on the code that made the results, or on when it was looked at them."""
MOST_LETTERS: Final = 300


def reissued(said: Mapping[str, Any], recipe: Mapping[str, Any], made: Path, where: str) -> list[Held]:
    """Return whether a card says what comes of results that were made again, by its recipe, in the folder ``made``."""
    with damaged(where):
        words = language(str(said["language"]))
        quantity, shown = said["quantity"], list(said.get(SHOWN, ()))
        asked = Asked(str(said.get(TITLE, "")), ranks="ranks" in shown, price="price" in shown)
        found = bundle(
            read_source(made), words, outcome=str(quantity["outcome"]), horizon=int(quantity["horizon"]),
            scenario=str(said["contrast"]["scenario"]["name"]), asked=asked, patterns=_patterns(said),
        )  # fmt: skip
        again = card(found.source, found.claim, words, recipe={})
        broken = {one.key for one in found.refusals(code())} - NOT_OF_RESULTS
        run, dates = dict(said["run"]), (str(said["as_of"]), str(said["valid_until"]))
        hidden = sorted(broken - set(said.get("exploratory", ())))
    keys = [key for key in dict.fromkeys((*again, *said)) if key not in APART]
    pairs = {key: (said.get(key), again.get(key)) for key in keys}
    by_recipe = {key: recipe["code"].get(key) for key in ("commit", "dirty", "sources")}
    pairs["run"] = run, {**again["run"], **by_recipe, "id": recipe["id"], "version": recipe["version"]}
    pairs["valid until"] = dates[1], (valid_until(dates[0]) if dates[0] <= datetime.now(UTC).date().isoformat() else "")
    held = [_other(key, *both) for key, both in pairs.items() if both[0] != both[1]]
    if "patterns" in said:
        held.append(Held(f"the table of facts behind level 2, SHA-256 {_table_of(said)}: not made again", True))
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


def _table_of(said: Mapping[str, Any]) -> str:
    return str(said["patterns"].get("table_sha256", ""))[:16]


def _other(key: str, said: Any, again: Any) -> Held:
    name = f"the card's {key.replace('_', ' ')}"
    return Held(f"{name}: {_short(said)}; of the results comes: {_short(again)}", False)


def _short(content: Any) -> str:
    text = " ".join(str(content).split())
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]} ..."
