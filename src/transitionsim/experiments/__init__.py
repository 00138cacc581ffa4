"""Experiments: what is run together, how it is paired, and how it is kept.

>>> from transitionsim.experiments import compare_scenarios
>>> found = compare_scenarios("current-policy", ["fast"], draws=24)   # doctest: +SKIP
>>> found.table, found.indicators                                        # doctest: +SKIP
"""

from transitionsim.experiments.compare import Comparison, compare_scenarios
from transitionsim.experiments.design import Arm
from transitionsim.experiments.planning import Design
from transitionsim.experiments.results import Results
from transitionsim.experiments.running import run_design

__all__ = ["Arm", "Comparison", "Design", "Results", "compare_scenarios", "run_design"]
