"""Which assumptions draws vary by default, and results held at one value all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from transitionsim.errors import InputError
from transitionsim.regions.fitted import find_fit
from transitionsim.regions.reading import names_a_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transitionsim.claims.source import Source
    from transitionsim.regions.schema import Region

ASSUMED: Final = "D"
"""Grade of an assumption; a structural switch is one too, a choice between readings."""


def held_assumptions(source: Source) -> tuple[str, ...]:
    """Return the assumptions that comparisons vary and that were held at one value in all draws of these results.

    They were chosen, for being varied, because they move outcomes: what a figure owes to one that was held is not
    known. Values that were fitted to the region and come with the package are none; those of a file of one's own are.
    """
    region = source.region()
    varied = {one.key for one in source.plan.swept} | _fitted(source, region)
    every = (one for one in region.register.values() if one.swept and (one.grade or ASSUMED) == ASSUMED)
    return tuple(one.key for one in every if one.key not in varied)


def _fitted(source: Source, region: Region) -> set[str]:
    """Return what a fit that comes with the package sets in the scenario of reference."""
    from transitionsim.scenario.schema import Scenario

    arm = source.baseline or source.plan.arms[0]
    content: Mapping[str, Any] = source.scenarios.get(arm.label, {})
    name = str(content.get("calibration", Scenario.model_fields["calibration"].default))
    try:
        fit = None if names_a_file(name) else find_fit(name, region, None)
    except InputError:  # stored for another version of the region or of the register
        return set()
    return set() if fit is None else set(fit.values)
