"""What the parts of a claim are called in the sentences of a page."""

from __future__ import annotations

from transitionsim.claims.bundle import Bundle


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
    """Return the heading of a page: outcome, scenario, reference, region and year, without a finding."""
    return bundle.words("page.heading", **named(bundle))
