"""The outcomes of a comparison: how each is read off one run, and what it is compared with.

An outcome is a *measure* of one run (posts at the end, people dismissed over the whole run, ...) and a
reference arm. Its value in a draw is the measure of the arm minus that of the reference in the same draw, or
the reverse where the name says so ("lost", "forgone", "avoided"). Job losses stay six lines, (a) to (f);
the headline shows (a) posts lost beside (b + c + d) involuntary losses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from transitionsim import series as recorded

Series = Mapping[str, NDArray[Any]]
Against = Literal["no transition", "baseline"]
Base = Literal["automotive jobs", "labour force", "none"]

INVOLUNTARY: Final = recorded.names(recorded.INVOLUNTARY)
HIRES: Final = recorded.names(recorded.HIRES)
SEPARATIONS: Final = recorded.names(recorded.SEPARATIONS)
LABOUR_FORCE: Final = frozenset({"employment", "commuters", "unemployed", "in_training"})
"""The series that the share of the labour force without a job is made of."""


JOBLESS_RATE: Final = "jobless_rate"
"""The outcome that yearly values of series cannot give: it is the mean of all months."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of a comparison: what is measured in a run, against which arm, with which sign and unit."""

    key: str
    title: str
    unit: str
    measure: Callable[[Series], float]
    against: Against = "no transition"
    sign: Literal[1, -1] = 1
    base: Base = "automotive jobs"
    headline: bool = True


def together(series: Series, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the monthly sum of several series."""
    return np.asarray(np.sum([np.asarray(series[name], dtype=np.float64) for name in names], axis=0))


def automotive_jobs_at_start(series: Series) -> float:
    """Return the people in automotive jobs before the first month, from the ledger of that month."""
    first = {name: series[name][:1] for name in ("employment_automotive", *HIRES, *SEPARATIONS)}
    return float((first["employment_automotive"] - together(first, HIRES) + together(first, SEPARATIONS))[0])


def labour_force_at_start(series: Series) -> float:
    """Return the residents employed, unemployed or in training at the end of the first month."""
    return float((together(series, ("employment", "unemployed", "in_training")) - series["commuters"])[0])


BASES: Final[Mapping[str, Callable[[Series], float]]] = {
    "automotive_jobs_at_start": automotive_jobs_at_start,
    "labour_force_at_start": labour_force_at_start,
}
"""What outcomes are a part of: kept of every run, in persons."""


def jobless_rate(series: Series) -> NDArray[np.float64]:
    """Return the residents unemployed or in training, in percent of those in the labour force, month by month."""
    jobless = together(series, ("unemployed", "in_training"))
    employed = np.asarray(series["employment"] - series["commuters"], dtype=np.float64)
    return np.asarray(100.0 * jobless / (jobless + employed))


def public_balance(series: Series) -> float:
    """Return contributions and income tax less benefits, short-time pay and policies' spending so far, in euros."""
    income = together(series, ("contributions_cents", "income_tax_cents"))
    paid = together(series, ("benefits_cents", "short_time_benefit_cents", "spent_cents"))
    return float((income - paid)[-1]) / 100.0


def _total(*names: str) -> Callable[[Series], float]:
    return lambda series: float(together(series, names).sum())


def _at_end(name: str) -> Callable[[Series], float]:
    return lambda series: float(series[name][-1])


def _euros(name: str) -> Callable[[Series], float]:
    return lambda series: float(series[name][-1]) / 100.0


def _net_change(series: Series) -> float:
    return float(series["employment_automotive"][-1]) - automotive_jobs_at_start(series)


OUTCOMES: Final[tuple[Outcome, ...]] = (
    Outcome("posts_lost", "posts lost, at the end", "posts", _at_end("posts_automotive"), sign=-1),
    Outcome("involuntary_losses", "involuntary losses, in all", "persons", _total(*INVOLUNTARY)),
    Outcome("hires_forgone", "hires forgone, in all", "hires", _total(*HIRES), sign=-1),
    Outcome("losses_avoided", "losses avoided, in all", "persons", _total(*INVOLUNTARY), "baseline", -1),
    Outcome("net_employment", "net employment change, at the end", "persons", _net_change),
    Outcome(
        JOBLESS_RATE,
        "unemployed and in training, mean",
        "percentage points",
        lambda series: float(jobless_rate(series).mean()),
        base="labour force",
    ),
    Outcome("euros_spent", "euros spent", "EUR", _euros("spent_cents"), base="none"),
    Outcome("euros_returned", "euros returned", "EUR", _euros("returned_cents"), base="none"),
    Outcome("dismissals", "dismissals for lack of orders", "persons", _total("dismissals"), headline=False),
    Outcome("closures", "jobs ended by closure", "persons", _total("closures"), headline=False),
    Outcome(
        "temporary_not_renewed",
        "temporary contracts not renewed for lack of orders",
        "persons",
        _total("temporary_not_renewed"),
        headline=False,
    ),
    Outcome(
        "early_exits",
        "early exits induced by lack of orders",
        "persons",
        _total("early_exits"),
        headline=False,
    ),
    Outcome("public_balance", "public balance, in all", "EUR", public_balance, base="none", headline=False),
)
"""All outcomes in the order of the table; the last five only stand in ``comparison.csv``."""
