"""Indicators: each one function of a run's record, with unit, denominator, direction, source and what it is not.

The set is a regional proposal under the Route 35 themes; no definitions of indicators were published under those.
Codes have gaps where the model has nothing to say.
"""

from typing import Final

from transitionsim.indicators.base import FRAMEWORK, Indicator
from transitionsim.indicators.firms import FIRMS
from transitionsim.indicators.frameworks import NOT_MODELLED, TERRITORY, NotModelled
from transitionsim.indicators.funds import FUNDS
from transitionsim.indicators.jobs import JOBS
from transitionsim.indicators.record import ALL, Arms, Record
from transitionsim.indicators.skills import SKILLS

INDICATORS: Final[tuple[Indicator, ...]] = (*JOBS, *SKILLS, *FIRMS, *FUNDS)
"""All indicators by code."""

__all__ = ["ALL", "FRAMEWORK", "INDICATORS", "NOT_MODELLED", "TERRITORY", "Arms", "Indicator", "NotModelled", "Record"]
