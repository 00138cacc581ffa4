"""How many of the posts lost become dismissals? It hangs on the rule by which firms shrink.

    python -m experiments.firing_rule [--seeds 3] [--scale 5]

writes ``docs/sweeps/firing-rule.csv`` and its table in ``docs/sweeps.md``. Varied together: how far ahead a firm
looks, the slack it bears, how the decline is spread over plants, and short-time work; beside them, at the middle
rule, how rarely people leave automotive firms of their own accord.
"""

from __future__ import annotations

from experiments.sweeping import grid, record

RULES = grid(
    firing__look_ahead_months=[0, 6, 12],
    firing__slack_share=[0.0, 0.05],
    suppliers__product_concentration=[0.0, 0.6, 1.0],
    mechanisms__short_time_work=[False, True],
    tenure__automotive_ratio=[0.35],
)
LEAVERS = grid(
    firing__look_ahead_months=[6],
    firing__slack_share=[0.0],
    suppliers__product_concentration=[0.0, 0.6, 1.0],
    mechanisms__short_time_work=[True],
    tenure__automotive_ratio=[0.2, 0.7],
)
CELLS = [*RULES, *LEAVERS]

if __name__ == "__main__":
    record("firing-rule", "Sweep the rule by which firms shrink, fast less no transition.", CELLS)
