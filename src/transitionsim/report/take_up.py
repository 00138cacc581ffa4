"""Take-up: which policies of a comparison paid nobody, so that a difference beside them is none of theirs."""

from __future__ import annotations

import numpy as np

from transitionsim.experiments.results import ArmRun, Results


def take_up_text(results: Results) -> str:
    """Return one sentence for each policy of a shown scenario that paid nothing in some draw; empty if all paid."""
    lines = []
    for arm in results.design.shown:
        runs = [run for run in results.of(arm.label).values() if "policy" in run.places]
        for policy in dict.fromkeys(name for run in runs for name in run.places["policy"]):
            paid = np.array([_paid(run, policy) for run in runs])
            idle = int((paid == 0.0).sum())
            if idle:
                lines.append(
                    f"No take-up: '{policy}' of {arm.label} paid nobody in {idle} of {len(paid)} draws; what differs "
                    "there is not its doing."
                )
    return "\n".join(lines)


def _paid(run: ArmRun, policy: str) -> float:
    """Return the cents that a policy paid in a run."""
    names = list(run.places["policy"])
    return float(run.tables["policy_paid_cents"][-1][names.index(policy)]) if policy in names else 0.0
