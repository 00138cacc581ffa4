"""The targets of a calibration: what a region's record says, and how far off counts as one.

Facts of the profile (unemployment, long-term share, vacancies) and the least-change flows of the region stand beside
evidence on tenure and on realised changes of employer and occupation. Unemployment and the long-term share are met by
the steady state's own solver at nearly any value of the free parameters; they are counted openly all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from transitionsim.calibration.measures import FLOWS
from transitionsim.errors import InputError
from transitionsim.evidence import Grade, Sourced
from transitionsim.regions import Region
from transitionsim.regions.flows import region_flows
from transitionsim.sentences import Number, Text, mistakes_in
from transitionsim.yamlfile import mappings, read_yaml

FILE: Final = Path(__file__).parent / "targets.yaml"
FACTS: Final = {"unemployment_rate": 0.001, "long_term_share": 0.02, "vacancy_rate": 0.0005}
"""Facts of the profile that are targets, with their tolerance as a share."""
FLOW_TOLERANCE: Final = 0.1
"""A tenth of the flow counts as one."""


@dataclass(frozen=True, slots=True)
class Target:
    """One target: a number of the record, its tolerance in the same unit, and where it comes from."""

    name: str
    value: float
    unit: str
    tolerance: float
    grade: Grade
    source: str


class Evidence(Sourced):
    """A target that all regions share, or those of one country."""

    tolerance: Number = Field(gt=0.0, description="how far off counts as one")
    country: Text = Field(default="", description="two-letter code of the country it holds for; all if empty")


def targets_of(region: Region) -> tuple[Target, ...]:
    """Return the targets of a region; raise ``InputError`` for one whose flows would be too far from Europe's."""
    flows = region_flows(region, region.register)
    facts = ((name, getattr(region.facts, name), tolerance) for name, tolerance in FACTS.items())
    found = [Target(name, one.number, one.unit, wide, one.grade or "D", one.source) for name, one, wide in facts]
    for name in FLOWS:
        value = float(getattr(flows, name))
        source = "least change of the European flows that keeps the region's unemployment (regions.flows)"
        found.append(Target(name, value, "share of the state left a month", FLOW_TOLERANCE * value, "C", source))
    for name, one in shared_evidence().items():
        if one.country in ("", region.country):
            found.append(Target(name, one.number, one.unit, one.tolerance, one.grade or "D", one.source))
    return tuple(found)


def shared_evidence() -> dict[str, Evidence]:
    """Return the evidence that no profile states, by the name of its target."""
    tree = read_yaml(FILE)
    found = {}
    for name, node in mappings(tree):
        try:
            found[name] = Evidence.model_validate(node.plain())
        except ValidationError as error:
            raise InputError(mistakes_in(error, node)) from None
    return found
