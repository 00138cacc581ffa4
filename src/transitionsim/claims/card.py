"""The claim card: one figure as a small file that says what it is, what it is not, and how to get it again.

Its id is the start of the SHA-256 of everything below it, so that a card that was changed has another id than it says.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from transitionsim.claims.drivers import Drivers
from transitionsim.claims.estimate import Estimate
from transitionsim.claims.language import Language
from transitionsim.claims.refusals import Asked
from transitionsim.claims.reproduce import packed
from transitionsim.claims.source import Source
from transitionsim.claims.statement import Claim, statement
from transitionsim.errors import InputError
from transitionsim.experiments.manifest import as_json
from transitionsim.experiments.paired import Interval
from transitionsim.regions.schema import Region
from transitionsim.yamlfile import read_yaml

FILE: Final = "claim.yaml"
ID: Final = "claim_id"
PREFIX: Final = "tsc-"
TITLE: Final = "title_chosen_by_the_user"
SHOWN: Final = "shown_too"
"""What stands beside the claim on its page because it was asked for: ranks, a price."""
NOTHING_ASKED: Final = Asked()
LARGEST: Final = 20_000_000
"""Bytes of a card; the recipe of a sweep of some thousand draws takes a few of them."""
UNKNOWN: Final = "unknown"
_DIGITS: Final = 12
IS_NOT: Final = (
    "a forecast",
    "a statement about a named firm or plant, or about a person",
    "comparable with gross figures of jobs at risk in Europe, which have another boundary and definition",
    "an effect of a policy that was measured anywhere",
)


def card(
    source: Source,
    claim: Claim,
    language: Language,
    *,
    recipe: Mapping[str, Any],
    asked: Asked = NOTHING_ASKED,
    exploratory: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the card of a claim as plain data, its id first.

    ``recipe`` is what it takes to make the results again; ``asked`` is what else the page was asked for,
    ``exploratory`` names the rules that the claim breaks.
    """
    region = source.region()
    content = {
        "statement": statement(claim, language),
        "language": language.code,
        "purpose_level": claim.purpose.name,
        "purpose_why": claim.purpose.why(language),
        **_patterns(claim),
        **({TITLE: " ".join(asked.title.split())} if asked.title else {}),
        **({SHOWN: shown} if (shown := asked.shown) else {}),
        **({"exploratory": list(exploratory)} if exploratory else {}),
        "quantity": _quantity(claim.estimate, region),
        "contrast": _contrast(source, claim.estimate),
        "estimate": _estimate(claim.estimate),
        "drivers": _drivers(claim.drivers, language),
        "scenarios": {"planned": len(source.plan.arms), "named": [arm.label for arm in source.plan.arms]},
        "failed_runs": len(source.sweep.failures),
        "notes": list(source.labels),
        "is_not": list(IS_NOT),
        "legal_status": source.legal_status or "none given",
        "data": {
            "region": region.code,
            "profile": region.digest(),
            "register": region.register.digest(),
        },
        "run": {
            "id": source.plan.id,
            "version": source.plan.version,
            "commit": source.code.get("commit"),
            "dirty": source.code.get("dirty"),
            "sources": source.code.get("sources"),
            "draws_keyed": True,
            "draws_planned": len(source.plan.draws),
            "draws_run": source.drawn,
        },
        "as_of": source.date or UNKNOWN,
        "reproduce": f"transitionsim reproduce {FILE}",
        "recipe": packed(recipe),
    }
    return {ID: claim_id(content), **content}


def claim_id(content: Mapping[str, Any]) -> str:
    """Return the id of a card's content, from everything but the id itself."""
    plain = {key: value for key, value in content.items() if key != ID}
    return PREFIX + hashlib.sha256(as_json(plain).encode()).hexdigest()[:_DIGITS]


def _patterns(claim: Claim) -> dict[str, Any]:
    """Return the facts that a level rests on, with the digest of the table that says they hold."""
    known = claim.purpose.patterns
    return {"patterns": {"facts": list(known.names), "table_sha256": known.sha256}} if known.names else {}


def _quantity(found: Estimate, region: Region) -> dict[str, Any]:
    quantity = found.quantity
    return {
        "outcome": quantity.outcome,
        "title": quantity.title,
        "unit": quantity.unit,
        "denominator": f"automotive jobs are {region.denominator}",
        "nuts": region.code,
        "horizon": quantity.horizon,
    }


def _contrast(source: Source, found: Estimate) -> dict[str, Any]:
    digests = {arm.label: arm.digest for arm in source.plan.arms}
    named = (("scenario", found.quantity.scenario), ("against", found.quantity.against))
    return {
        **{what: {"name": name, "sha256": digests.get(name, "")} for what, name in named},
        "paired": True,
        "correlation": _rounded(found.correlation),
    }


def _estimate(found: Estimate) -> dict[str, Any]:
    return {
        "median": _rounded(found.total.median),
        "interval_90_total": _ends(found.total),
        "mean": _rounded(found.mean.median),
        "interval_90_of_mean": _ends(found.mean),
        "method_of_mean": found.method,
        "interval_90_seeds_only": None if found.seeds_only is None else [_rounded(end) for end in found.seeds_only],
        "share_of_draws": dict(zip(("above", "below", "at_zero"), map(_rounded, found.signs), strict=True)),
        "placebo_90": _ends(found.floor),
        "draws": found.draws,
        "draws_of_inputs": found.inputs,
        "seeds": found.seeds,
        "interval_holds": found.holds,
        "printed": str(found.printed),
    }


def _drivers(found: Drivers, language: Language) -> dict[str, Any]:
    return {
        "told_apart": found.known,
        "how": found.how(language),
        "inputs": [
            {
                "key": one.key, "range": one.extent, "grade": one.grade,
                "share": None if one.share != one.share else _rounded(one.share), "carrying": one.carrying,
            }
            for one in found.rows
        ],
        "held_at_one_value": list(found.held),
    }  # fmt: skip


def _ends(found: Interval) -> list[float | None] | None:
    return None if found.n == 0 else [_rounded(found.low), _rounded(found.high)]


def _rounded(value: float) -> float | None:
    """Return a number as a card holds it, to nine digits; nothing for none."""
    return None if value != value else float(f"{value:.9g}")


def written(content: Mapping[str, Any]) -> str:
    """Return a card as the text of its file: the same card gives the same bytes."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 110
    yaml.default_flow_style = False
    stream = io.StringIO()
    yaml.dump(_plain(content), stream)
    return stream.getvalue()


def _plain(content: Any) -> Any:
    from ruamel.yaml.scalarstring import LiteralScalarString

    if isinstance(content, Mapping):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, str) and "\n" in content:
        return LiteralScalarString(content)
    return [_plain(one) for one in content] if isinstance(content, list | tuple) else content


def read_card(path: Path) -> dict[str, Any]:
    """Return a card from its file; raises :class:`InputError` where it is none, or was changed after it was written."""
    content = read_yaml(path, largest=LARGEST).plain()
    if not isinstance(content, dict) or ID not in content or "recipe" not in content:
        raise InputError.one(str(path), f"is no claim card: it has no {ID} and no recipe")
    found = claim_id(content)
    if content[ID] != found:
        raise InputError.one(str(path), f"was changed after it was written: its content has the id {found}")
    return dict(content)
