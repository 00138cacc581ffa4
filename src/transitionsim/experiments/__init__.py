"""Experiments: what is run together, how it is paired, and how it is kept.

>>> from transitionsim.experiments import compare_scenarios
>>> found = compare_scenarios("current-policy", ["fast"], draws=24)   # doctest: +SKIP
>>> found.table, found.tidy, found.figure("fast.png")                 # doctest: +SKIP
"""

from transitionsim.experiments.compare import Comparison, compare_scenarios
from transitionsim.experiments.design import Arm, Design, Draw
from transitionsim.experiments.runner import Results, run_design

__all__ = ["Arm", "Comparison", "Design", "Draw", "Results", "compare_scenarios", "run_design"]
