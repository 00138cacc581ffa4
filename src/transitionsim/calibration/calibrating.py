"""A region calibrated: its flows, its design, the fit with residuals and errors, ready to be kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from transitionsim import __version__
from transitionsim.calibration.fitting import (
    CORRECTIONS,
    Design,
    Evaluator,
    Floats,
    Found,
    Simulate,
    counted,
    fit_to,
    least_points,
    run_design,
)
from transitionsim.calibration.free import FREE, Free, free_parameters
from transitionsim.calibration.simulating import Size, simulated
from transitionsim.calibration.targets import Target, targets_of
from transitionsim.errors import InputError
from transitionsim.regions import Region, load_region
from transitionsim.regions.fitted import Fit, FittedTarget, FittedValue
from transitionsim.regions.flows import FLOW_NAMES, region_flows

SEEN: Final = 1.0
"""A direction is seen when the targets move along it by this many tolerances or more."""
SUPPOSED: Final = 2.0
"""Differences within so many standard errors of chance are taken for chance."""
EDGE: Final = 1e-3


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A monthly flow: the European one, the region's, and the factor between them."""

    name: str
    european: float
    regional: float

    @property
    def factor(self) -> float:
        """The region's flow over the European one."""
        return self.regional / self.european


def flow_lines(region: Region) -> tuple[FlowLine, ...]:
    """Return the least-change flows of a region; raise ``InputError`` where a factor would be above two."""
    flows = region_flows(region, region.register)
    return tuple(
        FlowLine(name, float(region.register.value(f"flows.{name}")), float(getattr(flows, name)))
        for name in FLOW_NAMES
    )


@dataclass
class Calibration:
    """A region, its targets and its design; the fit is made when it is first asked for."""

    region: Region
    size: Size
    points: int
    targets: tuple[Target, ...]
    evaluator: Evaluator
    design: Design

    @property
    def free(self) -> Sequence[Free]:
        """The parameters fitted."""
        return self.evaluator.free

    @property
    def aims(self) -> Floats:
        """The targets, (targets,)."""
        return np.array([one.value for one in self.targets])

    @property
    def tolerances(self) -> Floats:
        """How far off counts as one, (targets,)."""
        return np.array([one.tolerance for one in self.targets])

    @property
    def scale(self) -> Floats:
        """What a misfit is divided by, (targets,)."""
        return counted(self.tolerances, self.design.spread(len(self.size.seeds)))

    @cached_property
    def found(self) -> Found:
        """The place at which the model comes nearest to the targets."""
        return fit_to(self.evaluator, self.design, self.aims, self.scale)

    @property
    def directions(self) -> Floats:
        """By how many tolerances the targets move along each direction of the whole ranges, most first."""
        seen = np.stack([clear(column, self.doubt) for column in self.found.slope.T], axis=1)
        return np.asarray(np.linalg.svd(seen / self.scale[:, None], compute_uv=False))

    @property
    def doubt(self) -> Floats:
        """How far a measure of the design is in doubt: by chance, or by what the surrogate misses, (targets,)."""
        return np.asarray(np.hypot(self.design.spread(len(self.size.seeds)), self.design.surrogate.missed))

    def fit(self) -> Fit:
        """Return the fit as it is kept, with the digest of what it says; every number to six digits."""
        found = self.found
        by_chance = np.sqrt(np.diag(found.errors(self.design.chance / len(self.size.seeds))))
        by_targets = np.sqrt(np.diag(found.errors(np.diag(self.tolerances**2))))
        parameters = {}
        for one, place, chance, wide in zip(self.free, found.place, by_chance, by_targets, strict=True):
            value = min(max(_short(one.at(float(place))), one.low), one.high)
            parameters[one.key] = FittedValue(
                value=value,
                unit=one.unit,
                before=one.before,
                low=one.low,
                high=one.high,
                at_edge=bool(min(place, 1.0 - place) < EDGE),
                error_of_chance=_short(one.error(value, float(chance))),
                error_of_targets=_short(one.error(value, float(wide))),
            )
        targets = {
            one.name: FittedTarget(
                target=_short(one.value),
                simulated=_short(float(measured)),
                unit=one.unit,
                tolerance=_short(one.tolerance),
                misfit=_short((float(measured) - one.value) / one.tolerance),
                counted=_short(float(scale)),
                grade=one.grade,
                source=one.source,
            )
            for one, measured, scale in zip(self.targets, found.measured, self.scale, strict=True)
        }
        return Fit(
            region=self.region.code,
            profile=self.region.digest(),
            register=self.region.register.digest(),
            version=__version__,
            persons_per_agent=self.size.persons_per_agent,
            months=self.size.months,
            seeds=self.size.seeds,
            points=self.points,
            runs=(len(self.design.places) + found.tried) * len(self.size.seeds),
            free_parameters=len(parameters),
            targets_counted=len(targets),
            directions=int((self.directions > SEEN).sum()),
            parameters=parameters,
            targets=targets,
        ).sealed()


def clear(column: Floats, doubt: Floats) -> Floats:
    """Return how the measures differ between two places, without differences that doubt about each may explain."""
    return np.where(np.abs(column) > SUPPOSED * np.sqrt(2.0) * doubt, column, 0.0)


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def calibrated(
    region: str,
    size: Size,
    points: int,
    *,
    keys: Sequence[str] = tuple(FREE),
    further: int = 0,
    simulate: Simulate = simulated,
    tell: Callable[[int, int, int], None] | None = None,
) -> Calibration:
    """Run the design of a region, named by its code or the path of a profile, ready to be fitted.

    ``further`` is how many runs the caller means to add, for the display of progress. Raises ``InputError`` for a
    region whose flows are too far from Europe's and for a size that says nothing about chance.
    """
    if len(size.seeds) < 2:
        raise InputError.one("--seeds", f"found {len(size.seeds)}; at least 2 are needed to know what is chance")
    if points < least_points(len(keys)):
        text = f"found {points}; {len(keys)} parameters need at least {least_points(len(keys))} points"
        raise InputError.one("--points", text)
    profile = load_region(region)
    targets = targets_of(profile)
    free = free_parameters(profile.register, keys)
    evaluator = Evaluator(region, size, free, [one.name for one in targets], simulate)
    evaluator.planned = (points + 1 + CORRECTIONS) * len(size.seeds) + further
    if tell is not None:
        evaluator.tell = tell
    return Calibration(profile, size, points, targets, evaluator, run_design(evaluator, points))
