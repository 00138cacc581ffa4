"""Regret: what a policy costs where another one would have been better.

In each future the best policy has no regret; every other one regrets what it is worse by. A future is a draw of luck
and inputs, with one value of every lever that nobody chooses (``future: true``), such as the pace of electrification.
A policy with little regret in nine futures of ten is robust, whatever its mean. What it costs stands beside it, since
regret counts losses and no euros.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from transitionsim.errors import InputError, nearest
from transitionsim.experiments.numbers import NOTHING, finest_for, number, step_for
from transitionsim.experiments.outcomes import OUTCOMES
from transitionsim.experiments.samples import plain
from transitionsim.experiments.wording import columns

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.experiments.contrasts import Measured
    from transitionsim.experiments.plan import PlannedArm

Future = tuple[int, str]
"""A draw, and the values of the levers that nobody chooses."""
HIGHER_IS_BETTER: Final = frozenset({"losses_avoided", "net_employment", "public_balance"})
LOWER_IS_BETTER: Final = frozenset(outcome.key for outcome in OUTCOMES) - HIGHER_IS_BETTER - {"euros_returned"}
SPENT: Final = "euros_spent"
_MOST: Final = 0.9


def outcome_of(found: Measured, asked: str | None) -> str:
    """Return the outcome whose regret is taken: the one asked for, or the first that has a better and a worse."""
    judged = [key for key in found.outcomes if key in HIGHER_IS_BETTER | LOWER_IS_BETTER]
    if asked is None and judged:
        return judged[0]
    if asked in judged:
        return str(asked)
    text = (
        f"{asked or 'none kept'}: no outcome of this sweep that has a better and a worse{nearest(asked or '', judged)}"
    )
    raise InputError.one("--outcome", text)


def regret(found: Measured, outcome: str) -> pd.DataFrame:
    """Return one row for each policy: median, 90th percentile and largest regret, share of futures in which it is best.

    Over the futures that all policies finished; the baseline is one of them. Policies that are equally good are all
    best. ``euros`` is the median that a policy spends, if the sweep kept it. The most robust policy comes first.
    """
    import pandas as pd

    horizon = found.horizons[-1]
    arms = [arm for arm in found.plan.arms if arm.role in ("baseline", "scenario")]
    levels = _by_policy(found, arms, found.levels[outcome, horizon])
    if len(levels) < 2:
        raise InputError.one("regret", "a sweep of two policies or more is needed")
    futures = sorted(set.intersection(*(set(runs) for runs in levels.values())))
    if not futures:
        raise InputError.one("regret", "no draw was finished by all policies")
    better = 1.0 if outcome in HIGHER_IS_BETTER else -1.0
    sign = better * found.outcomes[outcome].sign
    worth = np.array([[sign * runs[draw] for draw in futures] for runs in levels.values()])
    missed = worth.max(axis=0) - worth
    spent = _by_policy(found, arms, found.levels.get((SPENT, horizon), {}))
    rows = [
        {
            "scenario": label,
            "futures": len(futures),
            "median": float(np.median(row)),
            "p90": float(np.quantile(row, _MOST)),
            "largest": float(row.max()),
            "best_in": float((row == 0).mean()),
            "euros": float(np.median([spent[label][draw] for draw in futures])) if label in spent else np.nan,
            "unit": found.outcomes[outcome].unit,
        }
        for label, row in zip(levels, missed, strict=True)
    ]
    return pd.DataFrame(rows).sort_values(["p90", "median"], kind="stable").reset_index(drop=True)


def _by_policy(
    found: Measured, arms: Sequence[PlannedArm], levels: Mapping[str, Mapping[int, float]]
) -> dict[str, dict[Future, float]]:
    """Return the values of every policy by future; arms that differ by levers of the future alone are one policy."""
    futures = found.plan.futures
    policies: dict[str, dict[Future, float]] = {}
    for arm in arms:
        if futures and not arm.levers:
            continue  # its future is that of the baseline's file: it would count twice
        chosen = {name: value for name, value in arm.levers.items() if name not in futures}
        label = ", ".join(f"{name}={plain(value)}" for name, value in chosen.items()) if futures else arm.label
        future = ", ".join(f"{name}={plain(arm.levers[name])}" for name in futures if name in arm.levers)
        for draw, value in levels.get(arm.label, {}).items():
            policies.setdefault(label, {})[draw, future] = value
    return policies


def regret_text(table: pd.DataFrame, title: str) -> str:
    """Return the table of regrets as text."""
    step = step_for(0.0, max(float(table["p90"].max()) / 10.0, 1e-9), 0.01 if table["largest"].max() < 10 else 1.0)
    rows = [["policy", "median", "90th percentile", "largest", "best in", "million EUR"]]
    every: list[Any] = list(table.itertuples())
    for row in every:
        euros = row.euros / 1e6
        rows.append(
            [
                str(row.scenario), number(row.median, step), number(row.p90, step), number(row.largest, step),
                f"{row.best_in:.0%}", NOTHING if euros != euros else number(euros, finest_for(euros)),
            ]
        )  # fmt: skip
    count = int(table["futures"].iloc[0])
    head = f"Regret in {title}, {table['unit'].iloc[0]}, over {count} futures that all policies share"
    note = (
        "A policy regrets what it is worse by than the best policy of the same future; the smallest 90th percentile\n"
        "  comes first. Euros are what it spends in the median future; they are not in the regret."
    )
    return f"{head}\n{columns(rows)}\n{note}"
