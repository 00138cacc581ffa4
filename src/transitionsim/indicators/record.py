"""The record of a run as indicators read it: monthly series, yearly tables, and the firms at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from transitionsim import series as recorded
from transitionsim.breakdowns import FirmsAtEnd
from transitionsim.histories import Earnings

if TYPE_CHECKING:
    from transitionsim.experiments.displacement import Displacement

Values = dict[str, float]
"""An indicator's values by group; the whole is called :data:`ALL`."""
Monthly = NDArray[np.float64]
ALL = "all"


def last_months(start: int, months: int) -> NDArray[np.intp]:
    """Return the last month of each calendar year of a run, counted from 0; ``start`` is its first calendar month.

    >>> last_months(2025 * 12 + 6, 20).tolist()
    [5, 17, 19]
    """
    calendar = start + np.arange(months)
    return np.flatnonzero(np.append(calendar[1:] // 12 != calendar[:-1] // 12, True))


def by_year(values: NDArray[Any], lasts: NDArray[np.intp], flow: bool) -> NDArray[np.float64]:
    """Return monthly values by calendar year: flows summed over it, stocks and totals as they stand at its end."""
    found = np.asarray(values, dtype=np.float64)
    return np.add.reduceat(found, np.append(0, lasts[:-1] + 1), axis=0) if flow else found[lasts]


@dataclass(frozen=True, slots=True)
class Record:
    """What a run left behind, up to a month.

    ``start`` is the first calendar month (year times 12), ``months`` how many are looked at; ``series`` are monthly in
    persons, posts, firms or cents; ``tables`` yearly, first dimension the calendar year, and ``places`` what the places
    along their dimensions are called; ``firms``, ``earnings`` and ``displacement`` (what its courses changed beside the
    baseline of the same luck) are there for whole runs only.
    """

    start: int
    months: int
    series: Mapping[str, NDArray[Any]]
    tables: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    places: Mapping[str, Sequence[str]] = field(default_factory=dict)
    firms: FirmsAtEnd | None = None
    earnings: Earnings | None = None
    displacement: Displacement | None = None

    def until(self, months: int) -> Self:
        """Return the record of the first months only."""
        return replace(self, months=months, firms=None, earnings=None, displacement=None)

    def has(self, names: Sequence[str], tables: Sequence[str]) -> bool:
        """Return whether the record holds all series or parts of these names, and all tables."""
        parts = [name for name in ("firms", "earnings", "displacement") if getattr(self, name) is not None]
        return {*self.series, *parts}.issuperset(names) and self.tables.keys() >= set(tables)

    def monthly(self, *names: str) -> Monthly:
        """Return the monthly sum of some series."""
        values = [np.asarray(self.series[name][: self.months], dtype=np.float64) for name in names]
        return np.asarray(np.sum(values, axis=0))

    def total(self, *names: str) -> float:
        """Return the sum of some flows over all months."""
        return float(self.monthly(*names).sum())

    def last(self, *names: str) -> float:
        """Return the sum of some stocks in the last month."""
        return float(self.monthly(*names)[-1])

    def table(self, name: str) -> NDArray[np.float64]:
        """Return a table by calendar year, as far as the record goes."""
        years = (self.start + self.months - 1) // 12 - self.start // 12 + 1
        return np.asarray(self.tables[name][:years], dtype=np.float64)

    def by(self, dimension: str, values: NDArray[np.float64]) -> Values:
        """Return values along a dimension by the names of its places, such as ``tier: vehicle plant``."""
        return {
            f"{dimension}: {name}": float(value) for name, value in zip(self.places[dimension], values, strict=True)
        }

    @property
    def automotive_start(self) -> float:
        """The people in automotive jobs before the first month, from the ledger of that month."""
        flows = recorded.names(recorded.HIRES), recorded.names(recorded.SEPARATIONS)
        first = replace(self, months=1)
        return first.last("employment_automotive") - first.total(*flows[0]) + first.total(*flows[1])

    @property
    def labour_force(self) -> Monthly:
        """The residents employed, unemployed or in training, month by month."""
        return self.monthly("employment", "unemployed", "in_training") - self.monthly("commuters")

    @property
    def decembers(self) -> NDArray[np.intp]:
        """The months that end a full calendar year."""
        ends = np.flatnonzero((self.start + np.arange(self.months)) % 12 == 11)
        return ends[ends >= 11]


@dataclass(frozen=True, slots=True)
class Arms:
    """One draw: the run that an indicator is taken of, and the runs of the same luck beside it."""

    run: Record
    null: Record | None = None
    """Without transition and policies."""
    baseline: Record | None = None


def share(part: float, whole: float) -> float:
    """Return a part in percent of a whole, not a number where there is no whole."""
    return 100.0 * part / whole if whole > 0.0 else float("nan")
