"""What forbids a page: each with what was found and the way out.

A page of figures that break one of these rules is not printed, except with ``--exploratory``, which marks it as such
all over. Results of code with changes of one's own are printed without being asked, and marked just so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transitionsim import __version__
from transitionsim.claims.estimate import FEWEST_INPUTS, FEWEST_SEEDS, Estimate
from transitionsim.claims.language import language
from transitionsim.claims.ranking import Rank
from transitionsim.claims.source import Source
from transitionsim.claims.statement import Claim
from transitionsim.experiments.paired import interval
from transitionsim.provenance import Code

DIRTY: Final = "dirty"
KEYS: Final = (
    "no-baseline", "few-seeds", "seeds-only", "direction", "ratio", "ranking", "altered", "other-version", DIRTY,
    "hidden", "unfinished",
)  # fmt: skip


Paid = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Losses avoided and euros spent more, one of each for every draw."""


@dataclass(frozen=True)
class Refusal:
    """One reason not to print a page, in a sentence, with the way out."""

    key: str
    found: str
    way_out: str

    def __str__(self) -> str:
        return f"{self.key}: {self.found}; {self.way_out}"

    @property
    def only_marks(self) -> bool:
        """Whether the page is printed all the same: whoever changes the code may look at what comes of it."""
        return self.key == DIRTY


@dataclass(frozen=True)
class Asked:
    """What a page is asked for beyond its claim: words of a user's own, ranks, and a price of what is avoided."""

    title: str = ""
    ranks: bool = False
    price: bool = False

    @property
    def shown(self) -> list[str]:
        """What stands on the page beside the claim because it was asked for."""
        return [name for name, asked in (("ranks", self.ranks), ("price", self.price)) if asked]


def refusals_of_source(source: Source, now: Code) -> Iterator[Refusal]:
    """Give the reasons that lie in a folder: what it compares, by which code it was made, whether it is whole."""
    if source.kind == "run" or source.baseline is None:
        yield Refusal("no-baseline", "nothing is compared", "run transitionsim compare BASELINE SCENARIO")
    for problem in source.problems:
        yield Refusal("altered", problem, "run it again, or take the folder as it was written")
    yield from _of_code(source, now)
    if not source.sweep.complete:
        yield Refusal("unfinished", "the sweep has not finished", f"transitionsim sweep --resume {source.folder.name}")
    for text in _hidden(source):
        yield Refusal("hidden", text, "show every run that was planned")


def _of_code(source: Source, now: Code) -> Iterator[Refusal]:
    code = source.code
    if source.plan.version != now.version:
        text = f"made by version {source.plan.version}, this is {__version__}"
        yield Refusal("other-version", text, f"run it again, or install transitionsim {source.plan.version}")
    elif not code:
        yield Refusal("other-version", "it does not say by which code it was made, or by several", "run it again")
    elif code.get("sources") != now.sources:
        text = f"made by other code than this version {__version__} here holds"
        yield Refusal("other-version", text, "run it again, or check out the commit that its manifest names")
    if code.get("dirty"):
        yield Refusal(DIRTY, "made in a working tree with changes that no commit holds", "commit, then run it again")


def _hidden(source: Source) -> Iterator[str]:
    """Give what the plan has and the values have not, though it did not fail: scenarios, and runs of others."""
    if not source.sweep.complete:
        return
    values = source.sweep.values[["scenario", "draw"]].drop_duplicates()
    there = set(zip(values["scenario"].astype(str), values["draw"].astype(int), strict=True))
    there |= {(one.arm, one.draw) for one in source.sweep.failures}
    draws = [one.number for one in source.plan.draws[: source.drawn]]
    missing = [(arm.label, draw) for arm in source.plan.arms for draw in draws if (arm.label, draw) not in there]
    if len(missing) <= source.failed - len(source.sweep.failures):
        return  # runs that failed, of which the folder holds the number alone
    gone = Counter(label for label, _ in missing)
    whole = [label for label, count in gone.items() if count == len(draws)]
    if whole:
        yield f"planned and not in the table: {', '.join(whole)}"
    for label, count in gone.items():
        if label not in whole:
            yield f"{count} of {len(draws)} draws of {label} are not in the table and did not fail"


def refusals_of_claim(claim: Claim, asked: Asked, ranked: tuple[Rank, ...], paid: Paid) -> Iterator[Refusal]:
    """Give the reasons that lie in a claim, and in what a user asks to print beside it."""
    yield from _of_estimate(claim.estimate)
    if claim.estimate.floor.n == 0:
        text = "no placebo was run, so that nobody knows what one training seat that cannot matter changes"
        yield Refusal("direction", text, "take compare, or a sweep with placebo: true")
    if asked.ranks and not ranked:
        yield Refusal(
            "ranking", "ranks have no intervals with fewer than two scenarios or five draws of the inputs",
            "take more draws, or leave out --rank",
        )  # fmt: skip
    if asked.price:
        yield from _of_price(claim, paid)


def _of_estimate(found: Estimate) -> Iterator[Refusal]:
    if found.seeds < FEWEST_SEEDS:
        text = f"{found.seeds} different seeds stand behind it, {FEWEST_SEEDS} are needed"
        yield Refusal("few-seeds", text, f"take at least {FEWEST_SEEDS} draws with seeds of their own")
    if found.inputs < FEWEST_INPUTS:
        text = f"{found.inputs} draws of inputs stand behind it, {FEWEST_INPUTS} are needed"
        if found.inputs < 2:
            text = "its interval holds the luck of the seeds alone, no input was varied"
        yield Refusal("seeds-only", text, f"run compare with --draws {FEWEST_SEEDS} or more, or a sweep with inputs")


def _of_price(claim: Claim, paid: Paid) -> Iterator[Refusal]:
    way_out = "read euros and losses beside each other in the table"
    if claim.purpose.level == 0:
        text = f"an illustration has no price of a job: {claim.purpose.why(language('en'))}"
        yield Refusal("ratio", text, way_out)
    fault = price_fault(paid)
    if fault:
        yield Refusal("ratio", fault, way_out)


def price_fault(paid: Paid) -> str:
    """Return why euros cannot be divided by losses avoided, in a sentence; empty where they can.

    >>> price_fault((np.array([2.0, 3.0]), np.array([5.0, 5.0])))
    ''
    >>> price_fault((np.array([-2.0, *[3.0] * 40]), np.array([5.0] * 41)))
    'not every draw avoids losses, so that a price for one of them means nothing'
    """
    avoided, spent = paid
    if not len(avoided):
        return "euros or losses avoided were not kept"
    if interval(avoided).spans_zero:
        return "the interval of the losses avoided spans zero, so that a price for one of them means nothing"
    if not (avoided > 0).all():
        return "not every draw avoids losses, so that a price for one of them means nothing"
    if not (spent > 0).all():
        return "not every draw spends more than the reference, so that nothing is paid for"
    return ""
