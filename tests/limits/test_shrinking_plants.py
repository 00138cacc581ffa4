"""V11 and V12: attrition before dismissal, and short time that only delays."""

from __future__ import annotations

import numpy as np
import pytest

from tests.limits.conftest import Maker
from transitionsim.model import TransitionModel

LARGE = {"labour_force": 14_000, "population": 30_000, "automotive_persons": 4000, "automotive_plants": 3}
"""A plant of 2,000 and two suppliers that share as many: near the mean field, in which people are no whole numbers."""
SMALL = {**LARGE, "automotive_plants": 300}
"""Three hundred plants of about thirteen."""
PROMPT = {"firing.look_ahead_months": 0.0, "firing.speed": 1.0, "firing.misfit_share": 0.0, "notice.under_2_years": 1.0,
          "notice.to_10_years": 1.0, "notice.over_10_years": 1.0, "notice.consultation": 0.0}  # fmt: skip
"""Dismissals at once, with a month of notice for everyone."""
PEOPLE_LEAVE = ("separations", "dismissals")


def falling(share: float, months: int) -> dict[str, float]:
    """Return a volume of cars that falls by a share of what is left each month from the third on."""
    dates = {"2025-01": 1.0}
    for t in range(months + 1):
        dates[f"{2025 + (1 + t) // 12}-{(1 + t) % 12 + 1:02d}"] = (1 - share) ** t
    return dates


def lost(model: TransitionModel) -> np.ndarray:
    """Return dismissals, closures and contracts not renewed, month by month."""
    return sum(model.series[name] for name in ("dismissals", "closures", "temporary_not_renewed"))


@pytest.mark.parametrize("share", [0.0025, 0.005, 0.008])
def test_a_fall_slower_than_exits_takes_no_dismissal(limit: Maker, share: float) -> None:
    """V11. Where people leave at rate a and posts fall at a rate d < a, attrition does it all: no dismissal.

    Source: mean-field limit of the firing rule; exits a = 1.21 % a month.
    Holds: exactly, 60 months, with large plants, six months of foresight and the expected exits as slack (defaults).
    """
    volume = {"demand.volume": falling(share, 60)}
    model = limit(on=PEOPLE_LEAVE, months=62, facts=LARGE, plants=[("Plant", 2000)], values=volume).run()
    assert share < model.state.world["separation_new"]
    posts = model.series["posts_automotive"]
    assert posts[0] - posts[-1] > 0.13 * posts[0]
    assert lost(model).sum() == 0


@pytest.mark.parametrize("share", [0.015, 0.02, 0.03])
def test_a_fall_faster_than_exits_takes_the_difference(limit: Maker, share: float) -> None:
    """V11. Where posts fall at a rate d > a, (d - a) N are dismissed each month, N being the posts.

    Source: mean-field limit of the firing rule; exits a = 1.21 % a month.
    Holds: the sum of 53 months within 3 standard deviations of the number who leave by themselves (6 % of the sum at
    d = .03), plus those who would have left in their month of notice; dismissals at once.
    """
    model = limit(
        on=PEOPLE_LEAVE, months=62, facts=LARGE, plants=[("Plant", 2000)], assumptions=PROMPT,
        values={"demand.volume": falling(share, 60)},
    ).run()  # fmt: skip
    exits, posts = model.state.world["separation_new"], model.series["posts_automotive"].astype(float)
    # What is lost in a month has been given notice the month before.
    found, due = lost(model)[8:61].sum(), (share - exits) * posts[7:60].sum()
    assert due > 350
    assert abs(found - due - exits * found / 2) < 3 * np.sqrt(exits * posts[7:60].sum()) + exits * found / 2


def test_small_plants_dismiss_because_people_are_whole(limit: Maker) -> None:
    """V11. The same slow fall that takes next to no dismissal at large plants takes many at plants of thirteen: exits
    come one by one, at some plants too late, and others cannot take their place.

    Source: the integer effect of whole people at small plants; no closed form.
    Holds: at d = .25 % a month, a = .42 % and no foresight 33 to 45 % of the posts lost at small plants and below
    4 % at large ones (measured 37 to 40 and 2 to 3, three seeds); most of the fall, as a rule without any slack
    would have it, is not reached, since a plant bears one person above its posts.
    """
    shares = {}
    for name, facts, plants in (("small", SMALL, ()), ("large", LARGE, [("Plant", 2000)])):
        model = limit(
            on=PEOPLE_LEAVE, months=62, facts=facts, plants=plants, values={"demand.volume": falling(0.0025, 60)},
            assumptions={"firing.look_ahead_months": 0.0, "suppliers.supplier_size_sigma": 0.05,
                         "tenure.automotive_ratio": 0.35},
        ).run()  # fmt: skip
        posts = model.series["posts_automotive"]
        shares[name] = lost(model).sum() / (posts[0] - posts[-1])
    assert 0.33 < shares["small"] < 0.45
    assert shares["large"] < 0.04


@pytest.mark.parametrize("seed", [1, 5])
def test_short_time_only_delays_where_nobody_leaves(limit: Maker, seed: int) -> None:
    """V12. Where nobody leaves by himself and a fall lasts, short time delays dismissals by the months it is allowed
    and saves none: the staff of every firm ends the same.

    Source: own derivation: without exits the staff a firm can keep is that of its posts, now or later.
    Holds: exactly, firm by firm and month by month: the losses of a fifth fewer cars are those without short time,
    6 or 24 months later. No vacancies, since who finds a job on notice leaves early, and margins of 15 %, since a
    supplier out of cash gets no short time.
    """
    runs = {}
    for months in (0, 6, 24):
        model = limit(
            on=("dismissals", "short_time_work"), months=48, seed=seed, facts=LARGE, plants=[("Plant", 2000)],
            values={"demand.volume": {"2025-01": 1.0, "2025-06": 1.0, "2025-07": 0.8}, "jobs.openings": "none"},
            assumptions={**PROMPT, "short_time.most_months": months, "short_time.waiting_months": 120,
                         "finance.margin": 0.15, "finance.margin_spread": 0.0},
        ).run()  # fmt: skip
        runs[months] = (model.state.employers["staff"].tolist(), lost(model), model.series["short_time"])
    staff, losses, _ = runs[0]
    assert losses.sum() > 700
    assert runs[0][2].sum() == 0
    for months in (6, 24):
        assert runs[months][0] == staff
        assert (runs[months][1][months:] == losses[:-months]).all()
        assert runs[months][1][:months].sum() == 0
        assert np.flatnonzero(runs[months][2]).tolist() == list(range(6, 6 + months))
