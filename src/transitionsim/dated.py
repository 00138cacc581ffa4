"""Values that change with the calendar: straight lines between dates, flat before and after them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, RootModel, field_serializer, model_validator

from transitionsim.months import Month
from transitionsim.sentences import PlainModel, Share, shown

Index = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0.0, le=1000.0)]
TOLERANCE = 1e-6


def _positions(start: Month, months: int, pace: float) -> NDArray[np.float64]:
    return float(start) + pace * np.arange(months, dtype=np.float64)


def _flat_from(last: Month, start: Month, months: int, pace: float) -> Month | None:
    beyond = np.flatnonzero(_positions(start, months, pace) > last)
    return Month(start + int(beyond[0])) if beyond.size else None


def _checked_dates(found: Any, example: str) -> Any:
    if not isinstance(found, Mapping):
        raise ValueError(f"found {shown(found)}; dates and values are needed, such as {example}")
    if not found:
        raise ValueError(f"has no date; at least one is needed, such as {example}")
    written: dict[Month, object] = {}
    for key in found:
        try:
            month = Month.parse(key)
        except ValueError:
            continue  # the key's own validation says what is wrong with it
        if month in written:
            raise ValueError(f"{written[month]} and {key} are the same month")
        written[month] = key
    return found


class Dated(RootModel[dict[Month, Index]]):
    """A number that changes with the calendar, such as ``{2025: 1.0, 2030-07: 0.95}``."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _dates(cls, found: Any) -> Any:
        return found if isinstance(found, cls) else _checked_dates(found, "{2025: 1.0}")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        object.__setattr__(self, "root", dict(sorted(self.root.items())))
        return self

    @field_serializer("root")
    def _written(self, root: dict[Month, float]) -> dict[str, float]:
        return {str(month): value for month, value in root.items()}

    def monthly(self, start: Month, months: int, pace: float = 1.0) -> NDArray[np.float64]:
        """Return the value in each month of a run that moves along the path ``pace`` times as fast."""
        return np.interp(_positions(start, months, pace), [float(month) for month in self.root], [*self.root.values()])

    def extrapolated_from(self, start: Month, months: int, pace: float = 1.0) -> Month | None:
        """Return the first month of a run beyond the last date, where the path stays flat; or nothing."""
        return _flat_from(max(self.root), start, months, pace)


class DatedVehicles(Dated):
    """Vehicles made in a year along the calendar, such as ``{2025: 225000, 2027: 300000}``."""

    root: dict[Month, Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0.0, le=1e8)]]


class Mix(PlainModel):
    """Shares of the cars made, by powertrain; they sum to 1."""

    ice: Share = Field(description="share of cars with a combustion engine only")
    hev: Share = Field(description="share of hybrids that do not plug in")
    phev: Share = Field(description="share of plug-in hybrids")
    bev: Share = Field(description="share of battery-electric cars")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = sum(self.shares())
        if abs(total - 1.0) > TOLERANCE:
            raise ValueError(f"shares sum to {total:.6g}, they must sum to 1")
        return self

    def shares(self) -> tuple[float, ...]:
        """Return the shares by powertrain, in the order in which the model keeps powertrains."""
        return tuple(float(getattr(self, name)) for name in type(self).model_fields)


class DatedMix(RootModel[dict[Month, Mix]]):
    """The mix of powertrains along the calendar."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _dates(cls, found: Any) -> Any:
        example = "{2025: {ice: 0.4, hev: 0.3, phev: 0.1, bev: 0.2}}"
        return found if isinstance(found, cls) else _checked_dates(found, example)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        object.__setattr__(self, "root", dict(sorted(self.root.items())))
        return self

    @field_serializer("root")
    def _written(self, root: dict[Month, Mix]) -> dict[str, dict[str, float]]:
        return {str(month): mix.model_dump() for month, mix in root.items()}

    def monthly(self, start: Month, months: int, pace: float = 1.0) -> NDArray[np.float64]:
        """Return the shares in each month of a run: a row each, powertrains in the columns."""
        at, dates = _positions(start, months, pace), [float(month) for month in self.root]
        paths = np.array([mix.shares() for mix in self.root.values()])
        return np.stack([np.interp(at, dates, paths[:, kind]) for kind in range(paths.shape[1])], axis=1)

    def extrapolated_from(self, start: Month, months: int, pace: float = 1.0) -> Month | None:
        """Return the first month of a run beyond the last date, where the path stays flat; or nothing."""
        return _flat_from(max(self.root), start, months, pace)


class Claims(PlainModel):
    """Shares of the European cars of each powertrain that one plant makes; only their ratios to the start count."""

    ice: Share = Field(default=0.0, description="share of all cars with a combustion engine only")
    hev: Share = Field(default=0.0, description="share of all hybrids that do not plug in")
    phev: Share = Field(default=0.0, description="share of all plug-in hybrids")
    bev: Share = Field(default=0.0, description="share of all battery-electric cars")

    def shares(self) -> tuple[float, ...]:
        """Return the shares by powertrain, in the order in which the model keeps powertrains."""
        return tuple(float(getattr(self, name)) for name in type(self).model_fields)


class DatedClaims(RootModel[dict[Month, Claims]]):
    """Which models a plant is given along the calendar, such as ``{2025: {ice: 0.02}, 2027: {bev: 0.02}}``."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _dates(cls, found: Any) -> Any:
        return found if isinstance(found, cls) else _checked_dates(found, "{2025: {ice: 0.02}, 2027: {bev: 0.02}}")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        object.__setattr__(self, "root", dict(sorted(self.root.items())))
        return self

    @field_serializer("root")
    def _written(self, root: dict[Month, Claims]) -> dict[str, dict[str, float]]:
        return {str(month): claims.model_dump() for month, claims in root.items()}

    def monthly(self, start: Month, months: int) -> NDArray[np.float64]:
        """Return the shares in each month of a run: a row each, powertrains in the columns."""
        at, dates = _positions(start, months, 1.0), [float(month) for month in self.root]
        paths = np.array([claims.shares() for claims in self.root.values()])
        return np.stack([np.interp(at, dates, paths[:, kind]) for kind in range(paths.shape[1])], axis=1)
