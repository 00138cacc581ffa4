"""Who is worse off under a scenario: groups of people, and how often the region as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from transitionsim.experiments.paired import Interval, interval
from transitionsim.tables import LOSSES_BY_GROUP

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.claims.estimate import Quantity
    from transitionsim.claims.source import Source

Verdict = Literal["more", "fewer", "undecided"]


@dataclass(frozen=True)
class Group:
    """A group of people: jobs of theirs lost up to the horizon, in the reference, and what the scenario changes."""

    by: str
    name: str
    anyway: Interval
    change: Interval

    @property
    def verdict(self) -> Verdict:
        """Whether the group loses more or fewer jobs; undecided where the 90 % range of draws spans zero."""
        return "undecided" if self.change.spans_zero else "more" if self.change.low > 0 else "fewer"


@dataclass(frozen=True)
class Losers:
    """Groups with any loss, those that lose more first; ``kept`` is false where the results hold no groups."""

    groups: tuple[Group, ...]
    kept: bool


def losers(source: Source, quantity: Quantity) -> Losers:
    """Return what a scenario changes about the jobs that each group loses, against the quantity's reference."""
    tables = source.tables()
    own = tables[tables["table"].isin(LOSSES_BY_GROUP.values()) & (tables["year"] <= quantity.horizon)]
    if own.empty:
        return Losers((), kept=False)
    groups = sorted(_groups(own, quantity), key=_order)
    return Losers(tuple(groups), kept=True)


def _order(one: Group) -> tuple[bool, float, float, float, str, str]:
    """Return by what groups are put in order: those that lose more in nine draws of ten first, then by how much."""
    change = one.change
    return one.verdict != "more", -change.median, -change.high, -change.low, one.by, one.name


def _groups(own: pd.DataFrame, quantity: Quantity) -> Iterator[Group]:
    sums = own.groupby(["table", "group", "scenario", "draw"], observed=True)["value"].sum()
    for by, table in LOSSES_BY_GROUP.items():
        if table not in sums.index.get_level_values("table"):
            continue
        part = sums.loc[table]
        for name in dict.fromkeys(own.loc[own["table"] == table, "group"]):
            wide = part.loc[name].unstack("scenario")  # noqa: PD010  one column for each scenario
            if not {quantity.scenario, quantity.against} <= set(wide.columns):
                continue
            both = wide[[quantity.scenario, quantity.against]].dropna().to_numpy(dtype=np.float64)
            if len(both) and both.any():
                yield Group(by, str(name), interval(both[:, 1]), interval(both[:, 0] - both[:, 1]))
