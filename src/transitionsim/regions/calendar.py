"""A plant's own calendar: how many vehicles it makes and of which kind, as planned or as recorded."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from transitionsim.columns import POWERTRAINS
from transitionsim.dated import Claims, DatedClaims, DatedMix, DatedVehicles, Mix
from transitionsim.evidence import Grade
from transitionsim.months import Month
from transitionsim.sentences import PlainModel, Text

Floats = NDArray[np.float64]


class Calendar(PlainModel):
    """Vehicles and mix of one plant, or the shares of the European market of each powertrain that it is given.

    The first form is a plan: so many vehicles, of this mix. The second lets volume follow the road: a plant that
    is given battery models makes more of them when cars become electric faster.
    """

    vehicles: DatedVehicles | None = Field(
        default=None, description="vehicles a year; only the ratio to the first month counts"
    )
    mix: DatedMix | None = Field(default=None, description="shares of the plant's own cars by powertrain")
    claims: DatedClaims | None = Field(
        default=None, description="shares of the European cars of each powertrain, in place of vehicles and mix"
    )
    source: Text = Field(default="", description="where the calendar comes from")
    grade: Grade | None = Field(default=None, description="grade of the calendar")
    note: Text = Field(default="", description="what a reader must know about it")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if self.claims is not None and (self.vehicles is not None or self.mix is not None):
            raise ValueError("has claims beside vehicles or mix; give one form or the other")
        if self.claims is None and self.vehicles is None and self.mix is None:
            raise ValueError("is empty; vehicles, mix or claims is needed")
        return self

    def frozen(self, start: Month) -> Calendar:
        """Return the calendar that stays for ever as it is in a month."""
        date = str(start)
        changes: dict[str, object] = {}
        if self.vehicles is not None:
            changes["vehicles"] = DatedVehicles.model_validate({date: float(self.vehicles.monthly(start, 1)[0])})
        if self.mix is not None:
            changes["mix"] = DatedMix.model_validate({date: _named(self.mix.monthly(start, 1)[0], Mix)})
        if self.claims is not None:
            changes["claims"] = DatedClaims.model_validate({date: _named(self.claims.monthly(start, 1)[0], Claims)})
        return self.model_copy(update=changes)

    def monthly(self, start: Month, months: int, mix: Floats, market: Floats) -> tuple[Floats, Floats]:
        """Return vehicles relative to the first month, shape (months,), and the plant's mix (months, powertrains).

        ``mix`` (months, powertrains) is the European mix, ``market`` (months,) the European volume relative to the
        first month; with neither vehicles nor claims the plant follows the market.
        """
        if self.claims is not None:
            made = self.claims.monthly(start, months) * mix * market[:, None]
            total = made.sum(axis=1)
            first = total[0] if total[0] > 0.0 else 1.0
            own = np.where(total[:, None] > 0.0, made / np.where(total > 0.0, total, 1.0)[:, None], mix)
            return total / first, own
        volume = market
        if self.vehicles is not None:
            planned = self.vehicles.monthly(start, months)
            volume = market * planned / (planned[0] if planned[0] > 0.0 else 1.0)
        return volume, mix if self.mix is None else self.mix.monthly(start, months)


def _named(shares: Floats, kind: type[PlainModel]) -> dict[str, float]:
    return {name: float(share) for name, share in zip(POWERTRAINS, shares, strict=True) if name in kind.model_fields}
