"""What does the same loss of automotive posts cost the region? It hangs on what everybody else does.

    python -m experiments.closures [--seeds 3] [--scale 5]

writes ``docs/sweeps/closures.csv`` and its table in ``docs/sweeps.md``. Varied together: the net response of other
employers, whether posts follow how fast vacancies fill, whether wages of new hires follow unemployment, and whether
people move away.
"""

from __future__ import annotations

from experiments.sweeping import grid, record

CELLS = grid(
    region__local_response=[-0.5, 0.0, 0.5],
    region__job_creation=["fixed", "elastic"],
    wages__adjustment=["rigid", "curve"],
    region__migration_semi_elasticity=[0.0, 0.1],
)

if __name__ == "__main__":
    record("closures", "Sweep what closes the region, fast less no transition.", CELLS)
