"""Indicators of funds: K30 to K32."""

from __future__ import annotations

from typing import Final

from transitionsim import series as recorded
from transitionsim.indicators.base import Indicator, indicator
from transitionsim.indicators.record import ALL, Arms, Record, Values, share

LOSSES: Final = recorded.names(recorded.INVOLUNTARY)
PUBLIC: Final = ("benefits_cents", "short_time_benefit_cents", "spent_cents", "contributions_cents", "income_tax_cents")
COST: Final = "cost of policies"
PURSE: Final = "cost to the public purse"
AVOIDED: Final = "losses avoided"


@indicator(
    "K30",
    "Absorption",
    unit="percent",
    denominator="committed so far, in twelfths of each year's budget",
    direction="higher is better",
    source="Common Provisions Regulation (EU) 2021/1060: payments over commitments (recalled)",
    is_not="not use: money absorbed may change nothing",
    tables=("policy_paid_cents", "policy_granted_cents"),
    against="nothing",
)
def absorption(arms: Arms) -> Values:
    """Paid over committed at the end, in all and by policy."""
    paid, granted = arms.run.table("policy_paid_cents")[-1], arms.run.table("policy_granted_cents")[-1]
    by = {f"policy: {one}": share(a, b) for one, a, b in zip(arms.run.places["policy"], paid, granted, strict=True)}
    return {ALL: share(float(paid.sum()), float(granted.sum())), **by}


@indicator(
    "K31",
    "Returned",
    unit="EUR",
    denominator="none: an amount",
    direction="lower is better",
    source="Common Provisions Regulation (EU) 2021/1060, decommitment (recalled), yearly instead of N+3",
    is_not="not saved: what is returned helped nobody of the region",
    tables=("policy_returned_cents",),
    against="nothing",
)
def returned(arms: Arms) -> Values:
    """Committed and neither spent nor reserved at the end of a year, summed over years, in all and by policy."""
    cents = arms.run.table("policy_returned_cents")[-1]
    return {ALL: float(cents.sum()) / 100.0, **arms.run.by("policy", cents / 100.0)}


@indicator(
    "K32",
    "Cost and losses avoided",
    unit="EUR",
    denominator="none: a pair, the cost beside the losses avoided",
    direction="neither",
    source="own definition; cost-effectiveness plane as in health economics",
    is_not="not a price of a job: no ratio is formed where the interval of the losses avoided spans zero",
    needs=(*LOSSES, *PUBLIC),
    against="baseline",
    paired=True,
    units={AVOIDED: "persons"},
    ratio=(COST, AVOIDED),
    ratio_unit="EUR for one loss avoided",
    thresholds=(25_000.0, 50_000.0, 100_000.0, 200_000.0),
)
def cost_and_losses_avoided(arms: Arms) -> Values:
    """Spending of policies beyond the baseline, and involuntary losses avoided (K03), draw by draw.

    Beside them the cost after benefits, contributions and income tax. The share of draws in which a loss avoided costs
    less than an amount is given for some amounts; these are not data but ways to read the plane.
    """
    if arms.baseline is None:
        return {}
    run, baseline = arms.run, arms.baseline
    return {
        COST: (run.last("spent_cents") - baseline.last("spent_cents")) / 100.0,
        PURSE: _net_cost(run) - _net_cost(baseline),
        AVOIDED: baseline.total(*LOSSES) - run.total(*LOSSES),
    }


def _net_cost(record: Record) -> float:
    """Return benefits, short-time pay and policies' spending less contributions and income tax so far, in euros."""
    paid = record.last("benefits_cents", "short_time_benefit_cents", "spent_cents")
    return (paid - record.last("contributions_cents", "income_tax_cents")) / 100.0


FUNDS: Final[tuple[Indicator, ...]] = (absorption, returned, cost_and_losses_avoided)
