"""A program: values within the ranges of their columns, written anywhere, never lead a market out of its tables.

Run with NUMBA_BOUNDSCHECK=1 and an empty XDG_CACHE_HOME, so that every kernel is compiled with bounds checks. An
identity may break, and a column may leave its range in the month after; anything else is printed and fails.
"""

from __future__ import annotations

import sys
import traceback

import numpy as np

from transitionsim.columns import by_name
from transitionsim.errors import AuditError, InputError
from transitionsim.model import TransitionModel
from transitionsim.scenario import load_scenario

NAMES = (
    "current-policy", "reskilling", "sme-support", "sme-guarantee", "short-time-work", "early-retirement",
    "wage-insurance", "mobility-grant",
)  # fmt: skip
COLUMNS, MONTHS = 3, 6


def disturb(model, chance):
    """Write values within its range into some rows of some columns of both populations."""
    state = model.state
    for population in (model.workers, model.employers):
        rows = getattr(state, population.name)
        named = by_name(rows, population.columns)
        for name in chance.choice(population.names, size=COLUMNS, replace=False):
            column = next(one for one in population.columns if name in one.names)
            if name == "key":
                continue
            low, high = (max(-1e15, min(1e15, end)) for end in column.limits(state.world))
            count = chance.integers(1, len(rows) + 1)
            at = chance.choice(len(rows), size=count, replace=False)
            named[name][at] = (low, high, chance.uniform(low, high, count))[chance.integers(3)]


def main(trials: int) -> int:
    """Return how many trials ended in anything but a finished run, a broken identity or a value out of range."""
    wrong = 0
    scenarios = [load_scenario(name).with_values({"persons_per_agent": 1000, "months": MONTHS}) for name in NAMES]
    for trial in range(trials):
        chance = np.random.default_rng(trial)
        model = TransitionModel(scenarios[trial % len(scenarios)], rng=1)
        try:
            while model.running:
                disturb(model, chance)
                model.step()
        except (InputError, AuditError):
            continue
        except Exception:  # noqa: BLE001 - whatever else comes is what is looked for
            wrong += 1
            traceback.print_exc()
    return wrong


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
