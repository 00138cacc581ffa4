"""Indicators of firms: K23 to K25, K28 and K29."""

from __future__ import annotations

from typing import Final

import numpy as np

from transitionsim.indicators.base import Indicator, indicator
from transitionsim.indicators.record import ALL, Arms, Record, Values, share

ERDF: Final = "ERDF common indicators, COM(2018) 372, Annex I"
NOT_AN_EFFECT: Final = "not an effect: firms that would have built anyway count"


@indicator(
    "K23",
    "Enterprises supported",
    unit="firms",
    denominator="none: an amount",
    direction="neither",
    source=f"{ERDF}: RCO01, RCO02, RCO03 (numbers of the proposal)",
    is_not=f"{NOT_AN_EFFECT}; support for conversion only, not for short time or early exits",
    tables=("supported_firms",),
    against="nothing",
)
def enterprises_supported(arms: Arms) -> Values:
    """Firms that began a line for electric parts with a grant, a guarantee or advice, each once.

    By size class at the start and by instrument.
    """
    firms = arms.run.table("supported_firms")[-1]
    by = arms.run.by("size", firms.sum(axis=1)) | arms.run.by("instrument", firms.sum(axis=0))
    return {ALL: float(firms.sum()), **by}


@indicator(
    "K24",
    "Jobs in supported firms, after less before",
    unit="persons",
    denominator="people employed in these firms when support was first paid or pledged",
    direction="higher is better",
    source=f"{ERDF}: RCR01 (number of the proposal)",
    is_not=f"{NOT_AN_EFFECT}, and so would firms that shrink less than others; see K24a",
    needs=("supported_jobs", "supported_jobs_before"),
    against="nothing",
)
def jobs_in_supported_firms(arms: Arms) -> Values:
    """People employed in supported firms at the end less those employed there when support began.

    In persons, not full-time equivalents.
    """
    return {ALL: arms.run.last("supported_jobs") - arms.run.last("supported_jobs_before")}


@indicator(
    "K24a",
    "Additional jobs in supported firms",
    unit="persons",
    denominator="people employed in the same firms in the baseline",
    direction="higher is better",
    source=f"{ERDF}: RCR01, less the same firms in the paired run without the support",
    is_not="not jobs of the region: what other firms lose to the supported ones is not subtracted",
    needs=("firms",),
    against="baseline",
    paired=True,
)
def additional_jobs(arms: Arms) -> Values:
    """People employed at the end in the firms that only the scenario supported, less those there in the baseline."""
    if arms.run.firms is None or arms.baseline is None or arms.baseline.firms is None:
        return {}
    ours, theirs = arms.run.firms, arms.baseline.firms
    before = {key: place for place, key in enumerate(theirs.key.tolist())}
    added = 0.0
    for place, key in enumerate(ours.key.tolist()):
        there = before[key]
        if ours.supported[place] and not theirs.supported[there]:
            added += float(ours.staff[place] - theirs.staff[there])
    return {ALL: added}


@indicator(
    "K25",
    "Private investment matching support",
    unit="EUR",
    denominator="none: an amount",
    direction="higher is better",
    source=f"{ERDF}: RCR02 (number of the proposal)",
    is_not=f"{NOT_AN_EFFECT}; a loan with a public guarantee is private money",
    needs=("private_investment_cents",),
    against="nothing",
)
def private_investment(arms: Arms) -> Values:
    """The cost of the lines that supported firms build, less the grants."""
    return {ALL: arms.run.last("private_investment_cents") / 100.0}


@indicator(
    "K28",
    "Supplier diversification",
    unit="percent",
    denominator="suppliers that made more than half combustion parts at the start",
    direction="higher is better",
    source="own definition",
    is_not="not success in business: turnover may have fallen; a supplier that closed counts as a failure",
    needs=("suppliers_diversified", "suppliers_dependent"),
)
def diversification(arms: Arms) -> Values:
    """Share of the suppliers dependent on combustion parts at the start that live on other parts at the end.

    A supplier has diversified that is open with at most a quarter of its turnover from combustion parts.
    """
    return {ALL: share(arms.run.last("suppliers_diversified"), arms.run.last("suppliers_dependent"))}


@indicator(
    "K29",
    "Contagion by tier",
    unit="persons",
    denominator="automotive jobs lost at vehicle plants and tier 1",
    direction="lower is better",
    source="own definition",
    is_not="not a cause: tiers 2 and 3 also sell outside the region and fall with Europe too",
    tables=("automotive_employment_by_tier",),
    paired=True,
    ratio=("tiers 2 and 3", "plants and tier 1"),
    ratio_unit="jobs lost in tiers 2 and 3 for one at plants and tier 1",
)
def contagion(arms: Arms) -> Values:
    """Automotive employment of no transition less that of the scenario at the end, tier by tier.

    The ratio of tiers 2 and 3 to plants and tier 1 is formed over draws, and not where jobs lost at plants and tier 1
    may be none.
    """
    if arms.null is None:
        return {}
    lost = _staff(arms.null) - _staff(arms.run)
    upper, lower = float(lost[:2].sum()), float(lost[2:].sum())
    return {**arms.run.by("tier", lost), "plants and tier 1": upper, "tiers 2 and 3": lower}


def _staff(record: Record) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(record.table("automotive_employment_by_tier")[-1])


FIRMS: Final[tuple[Indicator, ...]] = (
    enterprises_supported,
    jobs_in_supported_firms,
    additional_jobs,
    private_investment,
    diversification,
    contagion,
)
