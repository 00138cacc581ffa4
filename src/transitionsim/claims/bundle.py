"""Everything a page says, gathered from a folder of results before a word of it is set."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from transitionsim.claims.drivers import drivers
from transitionsim.claims.estimate import Estimate, Quantity, estimate, quantity_of
from transitionsim.claims.language import Language
from transitionsim.claims.ledger import Line, ledger
from transitionsim.claims.losers import Losers, losers
from transitionsim.claims.purpose import Patterns, purpose_of
from transitionsim.claims.ranking import Rank, ranks
from transitionsim.claims.refusals import (
    Asked,
    Paid,
    Refusal,
    price_fault,
    refusals_of_claim,
    refusals_of_source,
)
from transitionsim.claims.source import Source
from transitionsim.claims.statement import Claim, statement
from transitionsim.experiments.contrasts import Measured
from transitionsim.experiments.paired import Interval, interval
from transitionsim.provenance import Code

AVOIDED = "losses_avoided"
SPENT = "euros_spent"


@dataclass(frozen=True)
class Bundle:
    """A claim with all that stands beside it on a page, in one language."""

    source: Source
    found: Measured
    claim: Claim
    words: Language
    asked: Asked

    @property
    def estimate(self) -> Estimate:
        """The estimate that the page is about."""
        return self.claim.estimate

    @property
    def quantity(self) -> Quantity:
        """What is estimated."""
        return self.claim.estimate.quantity

    @cached_property
    def statement(self) -> str:
        """The sentence of the claim."""
        return statement(self.claim, self.words)

    @cached_property
    def ledger(self) -> tuple[Line, ...]:
        """The ledger of jobs."""
        return ledger(self.source, self.quantity, self.found)

    @cached_property
    def losers(self) -> Losers:
        """Who loses."""
        return losers(self.source, self.quantity)

    @cached_property
    def others(self) -> tuple[Estimate, ...]:
        """The same quantity of every scenario that was run, against the same reference, in their order."""
        quantity = self.quantity
        arms = [arm.label for arm in self.source.plan.arms if arm.role in ("baseline", "scenario")]
        wanted = [
            Quantity(quantity.outcome, quantity.title, quantity.unit, quantity.horizon, arm, quantity.against)
            for arm in arms
            if arm != quantity.against and self._paired(arm)
        ]
        return tuple(self.estimate if one == quantity else estimate(self.source, one, self.found) for one in wanted)

    def _paired(self, arm: str) -> bool:
        quantity = self.quantity
        return len(self.found.pairs(quantity.outcome, quantity.horizon, arm, quantity.against)) > 0

    @cached_property
    def ranks(self) -> tuple[Rank, ...]:
        """Ranks of all scenarios with their intervals, where they were asked for."""
        arms = [arm.label for arm in self.source.plan.arms if arm.role in ("baseline", "scenario")]
        return ranks(self.found, self.quantity, arms) if self.asked.ranks else ()

    @cached_property
    def price(self) -> Interval | None:
        """Euros for each involuntary loss avoided, where it was asked for and means anything."""
        if not self.asked.price or price_fault(self._paid):
            return None
        avoided, spent = self._paid
        return interval(spent / avoided)

    @cached_property
    def _paid(self) -> Paid:
        """Losses avoided, and euros spent more, in every draw that has both."""
        quantity, known = self.quantity, []
        for key in (AVOIDED, SPENT):
            if key not in self.found.outcomes:
                return np.zeros(0), np.zeros(0)
            pairs = self.found.pairs(key, quantity.horizon, quantity.scenario, quantity.against)
            known.append(dict(zip(pairs.draws.tolist(), pairs.numbers.tolist(), strict=True)))
        draws = sorted(known[0].keys() & known[1].keys())
        avoided, spent = (np.array([one[draw] for draw in draws], dtype=np.float64) for one in known)
        return avoided, spent

    def refusals(self, now: Code) -> tuple[Refusal, ...]:
        """Return every reason not to print the page, each once."""
        found = [
            *refusals_of_source(self.source, now),
            *refusals_of_claim(self.claim, self.asked, self.ranks, self._paid),
        ]
        if self.source.kind == "comparison" and not self.losers.kept:
            text = "the tables of the comparison hold no groups of people, so that nobody would be seen to lose"
            found.append(Refusal("altered", text, "run it again, or take the folder as it was written"))
        return tuple(dict.fromkeys(found))


def bundle(
    source: Source,
    words: Language,
    *,
    outcome: str | None = None,
    scenario: str | None = None,
    horizon: int | None = None,
    asked: Asked | None = None,
    patterns: Patterns | None = None,
) -> Bundle:
    """Return everything a page about one quantity of a folder says.

    Raises :class:`InputError` for an outcome, a scenario or a year that the results have not.
    """
    quantity = quantity_of(source, outcome, scenario, horizon)
    found = source.measured()
    own = estimate(source, quantity, found)
    carried = drivers(source, quantity, found)
    purpose = purpose_of(carried, own_rules=bool(source.rules), patterns=patterns)
    claim = Claim(own, carried, purpose, source.place(words))
    return Bundle(source, found, claim, words, asked or Asked())
