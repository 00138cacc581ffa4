"""Everything a page says, gathered from a folder of results before a word of it is set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from transitionsim.claims.drivers import drivers
from transitionsim.claims.estimate import Estimate, Quantity, estimate, quantity_of
from transitionsim.claims.language import Language
from transitionsim.claims.ledger import Line, ledger
from transitionsim.claims.losers import Losers, losers
from transitionsim.claims.purpose import purpose_of
from transitionsim.claims.ranking import Rank, ranks
from transitionsim.claims.refusals import (
    Asked,
    Refusal,
    refusals_of_claim,
    refusals_of_sentence,
    refusals_of_source,
)
from transitionsim.claims.source import Source
from transitionsim.claims.statement import Claim, statement
from transitionsim.experiments.paired import Interval, interval
from transitionsim.provenance import Code
from transitionsim.sweeps.contrasts import Measured

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
        avoided = self._avoided
        if not self.asked.price or avoided is None or avoided.spans_zero:
            return None
        year, arm, reference = self.quantity.horizon, self.quantity.scenario, self.quantity.against
        less = self.found.pairs(AVOIDED, year, arm, reference)
        euros = self.found.pairs(SPENT, year, arm, reference)
        both = dict(zip(euros.draws.tolist(), euros.numbers.tolist(), strict=True))
        known = zip(less.draws.tolist(), less.numbers.tolist(), strict=True)
        import numpy as np

        return interval(np.array([both[draw] / number for draw, number in known if number and draw in both]))

    @cached_property
    def _avoided(self) -> Interval | None:
        if AVOIDED not in self.found.outcomes or SPENT not in self.found.outcomes:
            return None
        quantity = self.quantity
        return interval(self.found.pairs(AVOIDED, quantity.horizon, quantity.scenario, quantity.against).numbers)

    def refusals(self, now: Code) -> tuple[Refusal, ...]:
        """Return every reason not to print the page, each once."""
        found = [
            *refusals_of_source(self.source, now),
            *refusals_of_claim(self.claim, self.asked, self.ranks, self._avoided, self.words),
            *refusals_of_sentence(self.statement, self.claim, self.words),
        ]
        return tuple(dict.fromkeys(found))


def bundle(
    source: Source,
    words: Language,
    *,
    outcome: str | None = None,
    scenario: str | None = None,
    horizon: int | None = None,
    asked: Asked | None = None,
    patterns: Sequence[str] = (),
) -> Bundle:
    """Return everything a page about one quantity of a folder says.

    Raises :class:`InputError` for an outcome, a scenario or a year that the results have not.
    """
    quantity = quantity_of(source, outcome, scenario, horizon)
    found = source.measured()
    own = estimate(source, quantity, found)
    carried = drivers(source, quantity, found)
    region = source.region()
    purpose = purpose_of(carried, own_rules=bool(source.rules), patterns=patterns)
    claim = Claim(own, carried, purpose, f"{region.name} ({region.code})")
    return Bundle(source, found, claim, words, asked or Asked())
