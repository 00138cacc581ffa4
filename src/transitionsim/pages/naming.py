"""What the parts of a claim are called in the sentences of a page."""

from __future__ import annotations

from typing import Final

from transitionsim.claims.bundle import Bundle
from transitionsim.claims.changed import changed
from transitionsim.claims.language import Language
from transitionsim.claims.source import Source
from transitionsim.experiments.numbers import NOTHING

MOST_CHANGES: Final = 4
"""Changes of a shipped scenario that are shown one by one."""


def named(bundle: Bundle) -> dict[str, str]:
    """Return the names that sentences have places for, those of users in quotation marks."""
    words, quantity = bundle.words, bundle.quantity
    return {
        "scenario": words.quoted(quantity.scenario),
        "against": words.quoted(quantity.against),
        "region": bundle.claim.region,
        "horizon": str(quantity.horizon),
        "outcome": upper(words.outcome(quantity.outcome, quantity.title)),
        "level": upper(words.level(quantity.outcome, quantity.title)),
    }


def upper(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def heading(bundle: Bundle) -> str:
    """Return the heading of a page: outcome, region and year, without a finding and without a word of a user's.

    It is the title of the document too, so that what travels alone is ours.
    """
    return bundle.words("page.heading", **{**named(bundle), "region": bundle.source.headed(bundle.words)})


def changes(source: Source, label: str, words: Language) -> str:
    """Return what a scenario has other than the shipped one of its name, as one text; empty where there is nothing."""
    every = changed(source, label)
    told = [
        words("page.changed", key=one.key, now=_value(one.second, words), was=_value(one.first, words))
        for one in every[:MOST_CHANGES]
    ]
    if len(every) > MOST_CHANGES:
        told.append(words("page.more_changes", count=len(every) - MOST_CHANGES))
    return f"{words.quoted(label)}: {'; '.join(told)}" if told else ""


def _value(value: object, words: Language) -> str:
    if value is None:
        return NOTHING
    return words.number(f"{value:,}") if isinstance(value, int | float) else words.quoted(str(value))
