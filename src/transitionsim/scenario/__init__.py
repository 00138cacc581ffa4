"""Scenarios: what is assumed about a region's future, read from files that extend each other."""

from transitionsim.months import Month
from transitionsim.scenario.reading import load_scenario
from transitionsim.scenario.schema import Scenario
from transitionsim.scenario.setting import parse_setting

__all__ = ["Month", "Scenario", "load_scenario", "parse_setting"]
