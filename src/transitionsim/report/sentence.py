"""The comparison in one plain sentence, which claims no direction that the intervals do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from transitionsim.report.numbers import number
from transitionsim.report.table import in_print

if TYPE_CHECKING:
    import pandas as pd

CAVEAT: Final = "simulated, not a forecast"


def sentence(table: pd.DataFrame, *, place: str, until: str) -> str:
    """Return one sentence on a comparison: posts lost and involuntary losses of the baseline, then each scenario.

    Ranges are 90 % intervals of paired differences. An arm whose interval spans zero, or whose median lies
    within the placebo range, is said to be undecided.
    """
    baseline = table[table["role"] == "baseline"]
    posts, losses = _row(baseline, "posts_lost"), _row(baseline, "involuntary_losses")
    share = f"of {number(posts.denominator, 1.0)} {posts.denominator_name}"
    parts = [
        f"In {place} up to {until}, against no transition, {posts.scenario} has "
        f"{_more(posts, 'posts lost')} {share}, and {_more(losses, 'people losing a job involuntarily')}"
    ]
    others = table[(table["role"] == "scenario") & (table["outcome"] == "losses_avoided")]
    parts += _against_baseline([row for row in others.itertuples() if row.n], posts.scenario)
    basis = f"90 % of {posts.n} paired draws, holding {posts.interval_holds}"
    return f"{'; '.join(parts)} ({basis}): {CAVEAT}."


def _row(table: pd.DataFrame, outcome: str) -> Any:
    return next(table[table["outcome"] == outcome].itertuples())


def direction(row: Any) -> int:
    """Return 1 or -1 when a direction may be claimed, else 0: interval and print clear of zero, beyond placebo."""
    return in_print(row).direction if row.beyond_placebo else 0


def _more(row: Any, what: str) -> str:
    if row.n == 0:
        return f"no finished run to count {what}"
    claimed, found = direction(row), in_print(row)
    if claimed == 0:
        return f"no clear difference in {what} (interval {found.extent})"
    return f"{_size(found.low, found.high)} {'more' if claimed > 0 else 'fewer'} {what}"


def _size(low: str, high: str) -> str:
    """Return a range without signs, the smaller end first."""
    ends = [low.lstrip("\u2212"), high.lstrip("\u2212")]
    if low != ends[0]:
        ends.reverse()
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _against_baseline(rows: Sequence[Any], baseline: str) -> list[str]:
    words = {1: "avoids {} of these losses", -1: "adds {} to them"}
    clear = [f"{row.scenario} {words[direction(row)].format(_range(row))}" for row in rows if direction(row)]
    open_ = [f"{row.scenario} ({in_print(row).extent})" for row in rows if not direction(row)]
    if not rows:
        return []
    parts = []
    if clear:
        parts.append(f"against {baseline}, {_listed(clear)}")
    if open_:
        parts.append(f"whether {_listed(open_)} {'avoids' if len(open_) == 1 else 'avoid'} or add"
                     f"{'s' if len(open_) == 1 else ''} losses is undecided")
    return parts


def _range(row: Any) -> str:
    found = in_print(row)
    return _size(found.low, found.high)


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
