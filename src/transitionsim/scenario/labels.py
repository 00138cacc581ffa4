"""Notes that must stand beside every number of a scenario's runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transitionsim.scenario.schema import Scenario


def labels_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the notes that must stand beside every number of a scenario's runs."""
    region = scenario.load_region()
    labels = []
    total = region.facts.automotive_persons.number
    told = scenario.calendars()
    large = [plant.name for plant in region.plants if plant.persons.number > 0.2 * total]
    silent = [name for name in large if name not in told]
    if silent or not (region.plants or told):
        who = ", ".join(silent) if silent else "the largest plant"
        labels.append(f"stylised region: {who} has no calendar of models and volumes of its own")
    fit = scenario.fit()
    if fit is not None:
        labels.append(f"{len(fit.values)} parameters {fit.origin}")
    return tuple(labels)
