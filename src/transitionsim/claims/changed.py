"""Where a scenario of a folder differs from the shipped one whose name it bears, so that the name does not mislead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from transitionsim.errors import InputError
from transitionsim.scenario.differences import Difference, differences
from transitionsim.scenario.names import shipped_folder
from transitionsim.scenario.reading import load_scenario
from transitionsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from transitionsim.claims.source import Source

SCALE: Final = "persons_per_agent"
"""The scale stands on a page by itself."""
_OF_REGIONS: Final = ("region.", "parameters.")


def changed(source: Source, label: str) -> tuple[Difference, ...]:
    """Return the values in which a scenario differs from the shipped one of its name, that one's values first.

    Nothing for a name that no shipped scenario has. Another region is one difference, not one for each of its facts.
    """
    shipped = {path.stem: path for path in shipped_folder().glob("*.yaml")}
    if label not in shipped or label not in source.scenarios:
        return ()
    try:
        own = Scenario.model_validate(source.scenarios[label]).placed(None, source.folder)
    except (InputError, ValidationError):
        return ()
    found = [one for one in differences(load_scenario(shipped[label]), own) if one.key != SCALE]
    if any(one.key == "region" for one in found):
        found = [one for one in found if not one.key.startswith(_OF_REGIONS)]
    return tuple(found)
