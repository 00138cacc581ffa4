"""The comparison in one plain sentence, which claims no direction that the intervals do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from transitionsim.experiments.comparing import own_contrasts
from transitionsim.experiments.manifest import CAVEAT
from transitionsim.experiments.numbers import MINUS, number
from transitionsim.report.table import in_print

if TYPE_CHECKING:
    import pandas as pd


def sentence(table: pd.DataFrame, *, place: str, span: str) -> str:
    """Return one sentence: posts and jobs lost in the baseline, then what each scenario changes about it.

    Ranges are 90 % intervals of paired differences. Where an interval spans zero, or the median lies within
    the placebo range, the sentence says that the direction is undecided. Scenarios that differ from no
    transition in no draw are left out.
    """
    table = own_contrasts(table)
    baseline = table[table["role"] == "baseline"]
    posts, losses = _row(baseline, "posts_lost"), _row(baseline, "involuntary_losses")
    share = f"of {number(posts.denominator, 1.0)} {posts.denominator_name}"
    parts = [
        f"In {place}, {span}, against no transition, {_counted(posts, 'posts are lost')} under "
        f"{posts.scenario} ({share}), and {_counted(losses, 'people lose their job involuntarily')}",
        *_against_baseline(_others(table), posts.scenario),
    ]
    basis = f"90 % of {posts.n} paired draws; the ranges hold {posts.interval_holds}"
    return f"{'; '.join(parts)} ({basis}): {CAVEAT}."


def direction(row: Any) -> int:
    """Return 1 or -1 when a direction may be claimed, else 0.

    It may when the interval, raw and as printed, is clear of zero and the median lies beyond the placebo range.
    """
    return in_print(row).direction if row.beyond_placebo else 0


def _row(table: pd.DataFrame, outcome: str) -> Any:
    return next(table[table["outcome"] == outcome].itertuples())


def _others(table: pd.DataFrame) -> list[Any]:
    """Return the rows on losses avoided of the scenarios that have a pair and are not no transition itself."""
    scenarios = table[table["role"] == "scenario"]
    moved = scenarios[
        scenarios["outcome"].isin(["posts_lost", "involuntary_losses"])
        & ((scenarios["p05"] != 0) | (scenarios["p95"] != 0))
    ]
    rows = scenarios[(scenarios["outcome"] == "losses_avoided") & scenarios["scenario"].isin(moved["scenario"])]
    return [row for row in rows.itertuples() if row.n]


def _counted(row: Any, what: str) -> str:
    if row.n == 0:
        return f"no finished run says how many {what}"
    if direction(row) == 0:
        return f"it is undecided whether more {what} ({in_print(row).extent})"
    return f"{_size(row)} {'more' if direction(row) > 0 else 'fewer'} {what}"


def _size(row: Any) -> str:
    """Return a range without signs, the smaller end first."""
    found = in_print(row)
    ends = [found.low.lstrip(MINUS), found.high.lstrip(MINUS)]
    if found.low != ends[0]:
        ends.reverse()
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _against_baseline(rows: Sequence[Any], baseline: str) -> list[str]:
    """Return what scenarios do to the involuntary losses of the baseline, by direction."""
    fewer = [f"{row.scenario} {_size(row)}" for row in rows if direction(row) > 0]
    more = [f"{row.scenario} {_size(row)}" for row in rows if direction(row) < 0]
    unclear = [f"{row.scenario} ({in_print(row).extent})" for row in rows if direction(row) == 0]
    parts = []
    if fewer:
        parts.append(f"fewer involuntary losses than under {baseline}: {_listed(fewer)}")
    if more:
        parts.append(
            f"more than under {baseline}: {_listed(more)}"
            if fewer
            else f"more involuntary losses than under {baseline}: {_listed(more)}"
        )
    if unclear:
        parts.append(f"undecided whether losses are avoided against {baseline}: {_listed(unclear)}")
    return parts


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
