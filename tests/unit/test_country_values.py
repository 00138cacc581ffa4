"""What countries say on notice, short time, benefits and taxes, and that people live by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from transitionsim.columns import NEVER, NOBODY, PERMANENT
from transitionsim.employer_kinds import sector_names
from transitionsim.markets.notices import LONG_TENURE
from transitionsim.model import TransitionModel
from transitionsim.regions import base_register, country_codes
from transitionsim.regions.reading import country_register

REGION = Path(__file__).parents[1] / "small-region.yaml"
FALL = {"2025-01": 1.0, "2025-03": 1.0, "2025-04": 0.5}
LENGTHS = ("notice.under_2_years", "notice.to_10_years", "notice.over_10_years")
NATIONAL = (
    *LENGTHS,
    "short_time.most_months",
    "short_time.least_shortfall",
    "short_time.replacement",
    "fiscal.benefit_replacement",
    "fiscal.benefit_months",
    "fiscal.employee_contributions",
    "fiscal.income_tax",
)


@pytest.fixture(scope="module")
def lived(small: Any, tmp_path_factory: Any) -> Any:
    """Return a function that moves the small region to a country and lives through half the cars, once for each.

    It returns the months of notice given to permanent staff of ten years, the most months on short time of a firm,
    and the register of the region.
    """
    known: dict[str, Any] = {}

    def live(code: str) -> Any:
        if code not in known:
            path = tmp_path_factory.mktemp(code) / "region.yaml"
            text = REGION.read_text(encoding="utf-8").split("assumptions:")[0]
            assert "country: ES" in text
            path.write_text(text.replace("country: ES", f"country: {code}"), encoding="utf-8")
            known[code] = _through_the_fall(
                TransitionModel(small("no-transition", region=str(path), months=36, demand__volume=FALL), rng=1)
            )
        return known[code]

    return live


def _through_the_fall(model: TransitionModel) -> tuple[Any, int, Any]:
    lengths, longest = [], 0
    while model.running:
        month, before = model.month, model.state.workers["notice_end"].copy()
        model.step()
        people, firms = model.state.workers, model.state.employers
        given = (before == NEVER) & (people["notice_end"] != NEVER) & (people["employer"] != NOBODY)
        given &= (people["contract"] == PERMANENT) & (month - people["hired"] >= LONG_TENURE)
        lengths.append(people["notice_end"][given] - month)
        longest = max(longest, int(firms["short_time_months"].max()))
    return np.concatenate(lengths), longest, model.state.settings.register


@pytest.mark.parametrize("code", country_codes())
def test_every_country_has_laws_and_rates_of_its_own(code: str) -> None:
    register, shared = country_register(code), base_register()
    for key in NATIONAL:
        assert register.origin(key) == f"country {code}"
        assert shared[key].problem_with(register.value(key)) is None, f"{key}: outside the range that all share"
    lengths = [register.value(key) for key in LENGTHS]
    assert lengths == sorted(lengths)


def test_germany_gives_longer_notice_to_long_tenure_than_spain(lived: Any) -> None:
    """Ten years of tenure bring what the file of the country says, and a month more in a collective redundancy."""
    (germany, _, german), (spain, _, spanish) = lived("DE"), lived("ES")
    for found, register in ((germany, german), (spain, spanish)):
        length, talks = register.value(LENGTHS[2]), register.value("notice.consultation")
        assert len(found)
        assert set(found.tolist()) <= {length, length + talks}
    assert german.value(LENGTHS[2]) > spanish.value(LENGTHS[2]) + spanish.value("notice.consultation")
    assert germany.min() > spain.max()


def test_short_time_lasts_as_long_as_the_country_allows(lived: Any) -> None:
    (_, slovak, few), (_, spanish, many) = lived("SK"), lived("ES")
    assert slovak == few.value("short_time.most_months") < spanish <= many.value("short_time.most_months")


def test_sectors_of_their_own_have_names() -> None:
    names = sector_names(9)
    assert names[7:] == (
        "trade and repair of motor vehicles (NACE G45)",
        "battery and drive plants (NACE 27)",
        "sector 9",
    )
    assert sector_names(7) == names[:8]
    assert len(set(names)) == len(names)
