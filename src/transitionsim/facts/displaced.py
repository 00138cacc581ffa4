"""What becomes of the displaced: their earnings, in good times and bad, and their way back by age."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from transitionsim.columns import OTHER_ECONOMY
from transitionsim.facts.definition import Fact
from transitionsim.facts.lives import Cohort, Laboratory, live
from transitionsim.histories import Earnings, EarningsLoss, displaced_earnings_loss
from transitionsim.model import state_of

FALL: Final = {"2025-01": 1.0, "2026-12": 1.0, "2027-12": 0.7}
"""Three in ten car-making posts go within the third year."""
MONTHS: Final = 120
SLUMP: Final = 0.06
"""Share of the posts of all other employers missing in bad times, and added in good ones."""
YEAR_FIVE: Final = 5


def _others(share: float) -> Any:
    """Return how demand outside car making moves: within two years to its level, from the seventh year on back."""
    return np.interp(np.arange(MONTHS), [0, 24, 72, 108], [0.0, share, share, 0.0])


def losses(laboratory: Laboratory, others: float) -> EarningsLoss:
    """Return the earnings loss of those displaced by the fall against staff of the same region without it."""
    return laboratory.once(f"losses {others}", lambda: _losses(laboratory, others))


def _losses(laboratory: Laboratory, others: float) -> EarningsLoss:
    demand = _others(others)
    found: list[Earnings] = []
    for path in (FALL, {"2025-01": 1.0}):
        values = {"mechanisms.local_response": False, "demand.volume": path}
        model = live(laboratory.load(values=values, months=MONTHS), laboratory.seed, others=demand)
        found.append(state_of(model).record.histories.earnings)
    return displaced_earnings_loss(found[0], found[1])


def earnings_loss(laboratory: Laboratory) -> float:
    """Return what the displaced earn less in the sixth year (year 5 counted from 0), in percent."""
    return 100.0 * float(losses(laboratory, 0.0).by_year[YEAR_FIVE])


def earnings_loss_in_slack(laboratory: Laboratory) -> float:
    """Return the loss over seven years of those displaced in a slump over that of those displaced in a boom."""
    bad, good = (losses(laboratory, share).overall for share in (-SLUMP, SLUMP))
    return bad / good if good > 0.0 else math.nan


def cohort(laboratory: Laboratory) -> Cohort:
    """Return everyone who lost an automotive job within the fall, a year later."""
    return laboratory.once("cohort", lambda: _cohort(laboratory))


def _cohort(laboratory: Laboratory) -> Cohort:
    people = Cohort((12,), lambda state: np.asarray(state.employers["tier"] < OTHER_ECONOMY))
    live(laboratory.load(values={"demand.volume": FALL}, months=66), laboratory.seed, [people])
    return people


def age_gradient(laboratory: Laboratory) -> float:
    """Return the share back in work after a year, aged 45 to 54 less aged 35 to 44, in points."""
    return _apart(laboratory, (45.0, 55.0))


def age_gradient_oldest(laboratory: Laboratory) -> float:
    """Return the share back in work after a year, aged 55 and over less aged 35 to 44, in points."""
    return _apart(laboratory, (55.0, 120.0))


def _apart(laboratory: Laboratory, older: tuple[float, float]) -> float:
    age, employed = cohort(laboratory).seen(12)[:2]

    def share(low: float, high: float) -> float:
        chosen = employed[(age >= low) & (age < high)]
        return float(chosen.mean()) if len(chosen) else math.nan

    return 100.0 * (share(*older) - share(35.0, 45.0))


SOUTH: Final = ("ES", "IT", "PT")
NORTH: Final = ("DK", "SE", "FI")
FACTS: Final = (
    Fact(
        "earnings-loss", "earnings of the displaced in year 5: less than those of others like them", "%", 10.0, 30.0,
        "FOUND", "B", "Bertheau et al. 2023 (AER: Insights 5(3)); South 25 to 35, North 0 to 10 (widths ours)",
        "in part", "the base of scars (wages.scar_base) was set small in view of the range over countries",
        "Losses of the displaced are not those of the country: do not turn them into euros without this ratio.",
        earnings_loss,
        tuple((country, (25.0, 35.0)) for country in SOUTH) + tuple((country, (0.0, 10.0)) for country in NORTH),
    ),
    Fact(
        "earnings-loss-in-slack", "earnings loss over seven years: displaced in a slump over displaced in a boom",
        "ratio", 1.5, 2.5, "FOUND", "B", "Davis and von Wachter 2011, US: 2.8 against 1.4 years (width ours)",
        "in part", "scars grow with unemployment (wages.scar_slack) because of this source; the size was not fitted",
        "Losing a job in bad times costs hardly more than in good ones here: the harm of a fall that comes in a "
        "recession is understated, and the model must not be used to choose the time of a closure.",
        earnings_loss_in_slack,
    ),
    Fact(
        "age-gradient", "back in work a year after displacement: aged 45 to 54 less 35 to 44", "points", -10.0, -1.0,
        "FOUND", "B", "Deelen et al. 2018: long tenure -9.0 against -4.6 points (width ours)",
        "no", "employers do not look at age; only exits to the pension do",
        "People of 45 to 54 come back as easily as younger ones here: results by age below 55 are not to be used.",
        age_gradient,
    ),
    Fact(
        "age-gradient-oldest", "back in work a year after displacement: aged 55 and over less 35 to 44", "points",
        None, 0.0, "FOUND", "B", "Tatsiramos 2010 (ES, DE): older displaced re-enter less and retire more",
        "in part", "exit ages are data; incumbents near the pension leave the search (search.incumbent_age)",
        "Older people would come back like the young: policies for them could not be judged.",
        age_gradient_oldest,
    ),
)  # fmt: skip
