"""One shock to jobs, and what becomes of the region: participation first, unemployment fading, moves last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.columns import AWAY, IN_TRAINING, LONG_AGO, UNEMPLOYED
from transitionsim.experiments.outcomes import jobless_rate, together
from transitionsim.facts.definition import Fact
from transitionsim.facts.lives import Laboratory, live
from transitionsim.facts.measures import percent, ratio
from transitionsim.model import TransitionModel, simulate, state_of
from transitionsim.scenario import Scenario
from transitionsim.world import State

START: Final = 12
"""Month before the fall."""
MONTHS: Final = 192
Load = Callable[[str, Mapping[str, Any], int], Scenario]


@dataclass(frozen=True)
class Impulse:
    """What a lasting cut in orders worth one per cent of the region's jobs does, against the paired run without it."""

    posts: float
    """Posts lost at once, percent of employment."""
    participation: float
    unemployment: float
    moves: float
    """Who is inactive, unemployed or away in years 1 to 3, percent of the jobs that residents lost."""
    worst: float
    """Largest mean rise of the unemployment rate in a year, points."""
    left: float
    """The rise in the last three years over that."""
    employment: float
    """People employed more in the last year."""
    moves_later: float
    """Who is away in the last three years, percent of the jobs that residents have lost by then."""
    kept: float
    """Jobs missing in the last year over the posts lost at once."""


def impulse(load: Load, seed: int, response: float) -> Impulse:
    """Return the effects of the cut under a local response of other employers.

    ``load`` makes a shipped scenario with other values and months.
    """
    values = {"region.local_response": response}
    model = TransitionModel(load("no-transition", values, MONTHS), rng=seed)
    state = state_of(model)
    employed = float(state.labour.staff.sum())
    cut = 0.01 * employed / float(state.reference.posts_reference)
    still = model.run().series
    path = {"2025-01": 1.0, "2025-12": 1.0, "2026-01": 1.0 - cut}
    arm = simulate(load("no-transition", {**values, "demand.volume": path}, MONTHS), seed).series
    change = {name: (arm[name] - still[name]).astype(float) for name in arm}
    of_residents = -(change["employment"] - change["commuters"])
    rate = (jobless_rate(arm) - jobless_rate(still))[START:]
    years = rate[: len(rate) // 12 * 12].reshape(-1, 12).mean(axis=1)
    early, late = slice(START, START + 36), slice(MONTHS - 36, MONTHS)

    def share(names: tuple[str, ...], months: slice) -> float:
        return percent(float(together(change, names)[months].sum()), float(of_residents[months].sum()))

    gone = float(still["posts_automotive"][START + 1] - arm["posts_automotive"][START + 1])
    worst, last = float(years.max()), float(change["employment"][-12:].mean())
    return Impulse(
        posts=100.0 * gone / (employed * state.scale),
        participation=share(("inactive", "retired"), early),
        unemployment=share(("unemployed", "in_training"), early),
        moves=share(("away",), early),
        worst=worst,
        left=ratio(float(np.mean(years[-3:])), worst),
        employment=last,
        moves_later=share(("away",), late),
        kept=ratio(-last, gone),
    )


def _impulse(laboratory: Laboratory, response: float) -> Impulse:
    def load(name: str, values: Mapping[str, Any], months: int) -> Scenario:
        return laboratory.load(name, values, months)

    return laboratory.once(f"impulse {response}", lambda: impulse(load, laboratory.seed, response))


def participation_first(laboratory: Laboratory) -> float:
    """Return the share of lost jobs that shows in participation in the first three years."""
    return _impulse(laboratory, 0.0).participation


def unemployment_fades(laboratory: Laboratory) -> float:
    """Return what is left of the largest rise of unemployment in the last three of fifteen years."""
    return _impulse(laboratory, 0.0).left


def moves_early(laboratory: Laboratory) -> float:
    """Return the share of lost jobs that shows in moves away in the first three years."""
    return _impulse(laboratory, 0.0).moves


def moves_later(laboratory: Laboratory) -> float:
    """Return the share of lost jobs that shows in moves away in the last three of fifteen years."""
    return _impulse(laboratory, 0.0).moves_later


def jobs_gone_for_good(laboratory: Laboratory) -> float:
    """Return the jobs missing after fifteen years for each post lost at once, nobody else absorbing."""
    return _impulse(laboratory, 0.0).kept


def jobs_absorbed(laboratory: Laboratory) -> float:
    """Return the same where other employers take up half of the posts lost."""
    return _impulse(laboratory, -0.5).kept


@dataclass
class Movers:
    """Jobless people lived with and moves among them, displaced incumbents and others."""

    lived: NDArray[np.int64] = field(default_factory=lambda: np.zeros(2, np.int64))
    moved: NDArray[np.int64] = field(default_factory=lambda: np.zeros(2, np.int64))
    before: Any = None

    def __call__(self, state: State, month: int) -> None:
        """Count who of last month's jobless residents is away now."""
        people = state.workers
        if self.before is not None:
            rows, displaced = self.before
            away = people["status"][rows] == AWAY
            self.lived += (displaced.sum(), (~displaced).sum())
            self.moved += ((away & displaced).sum(), (away & ~displaced).sum())
        jobless = (people["status"] == UNEMPLOYED) | (people["status"] == IN_TRAINING)
        rows = np.flatnonzero(jobless & ~people["commuter"])
        self.before = rows, people["displaced_month"][rows] != LONG_AGO


def displaced_move_more(laboratory: Laboratory) -> float:
    """Return how much oftener displaced incumbents move away than other jobless people, in a long slump."""
    movers = Movers()
    scenario = laboratory.load(
        values={"mechanisms.local_response": False, "demand.volume": {"2025-01": 1.0, "2027-01": 0.6}}, months=120
    )
    live(scenario, laboratory.seed, [movers], np.interp(np.arange(120), [0, 24], [0.0, -0.06]))
    of_displaced, of_others = (ratio(float(n), float(of)) for n, of in zip(movers.moved, movers.lived, strict=True))
    return ratio(of_displaced, of_others)


SOURCE: Final = "Decressin and Fatas 1995"
FACTS: Final = (
    Fact(
        "participation-first", "1 % of jobs gone at once: share of it in participation, years 1 to 3",
        "% of jobs lost by residents", 50.0, None, "RECALLED", "D", f"{SOURCE}; Foote et al. 2019 for the US",
        "no", "flows in and out of the labour force are those of the EU; nothing was set for this",
        "Unemployment takes too much of a fall in jobs at first: early unemployment is overstated.",
        participation_first,
    ),
    Fact(
        "moves-early", "1 % of jobs gone at once: share of it in moves away, years 1 to 3",
        "% of jobs lost by residents", 0.0, 25.0, "RECALLED", "D", f"{SOURCE} (width ours)",
        "yes", "moves wait for three years by an assumption made for this (region.migration_lag)",
        "People leave the region too soon.",
        moves_early,
    ),
    Fact(
        "moves-later", "1 % of jobs gone at once: share of it in moves away, years 13 to 15",
        "% of jobs lost by residents", 10.0, None, "RECALLED", "D",
        "Blanchard and Katz 1992: in the end mostly moves (limit ours)",
        "no", "the size of moves is an assumption",
        "Too few people leave in the long run: the region's labour force, and with it unemployment and inactivity of "
        "later years, is too large.",
        moves_later,
    ),
    Fact(
        "unemployment-fades", "1 % of jobs gone at once: unemployment, years 13 to 15 over the largest year", "ratio",
        None, 0.5, "RECALLED", "D", "Blanchard and Katz 1992: gone within a decade (limit ours)",
        "no", "no parameter was set with it in view",
        "Unemployment stays where the shock put it: do not read unemployment ten years and more after a shock off the "
        "model.",
        unemployment_fades,
    ),
    Fact(
        "jobs-gone-for-good", "1 % of jobs gone at once: jobs missing after fifteen years for each", "ratio", 0.5, None,
        "RECALLED", "D", "Blanchard and Katz 1992: no return to the old path (limit ours)",
        "in part", "posts elsewhere are fixed by default, an assumption",
        "Jobs come back by themselves: losses of the region in the long run are understated.",
        jobs_gone_for_good,
    ),
    Fact(
        "jobs-absorbed", "1 % of jobs gone, half taken up by others: jobs missing after fifteen years for each",
        "ratio", 0.3, 0.7, "FOUND", "B", "Jofre-Monseny et al. 2018: others take up about a third (width ours)",
        "yes", "the response of other employers is an input",
        "Posts that others offer are not filled.",
        jobs_absorbed,
    ),
    Fact(
        "displaced-move-more", "moves away in a long slump: displaced incumbents over other jobless people", "ratio",
        1.5, 2.1, "FOUND", "C", "Maczulskij and Böckerman 2019, Finland: 1.8 (width ours)",
        "yes", "the factor is a parameter (region.displaced_moves)",
        "Who moves is not who is recorded to move.",
        displaced_move_more,
    ),
)  # fmt: skip
