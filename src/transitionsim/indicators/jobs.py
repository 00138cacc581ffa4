"""Indicators of jobs: K01 to K11."""

from __future__ import annotations

from typing import Final

import numpy as np

from transitionsim import series as recorded
from transitionsim.histories import YEARS, displaced_earnings_loss
from transitionsim.indicators.base import FRAMEWORK, Indicator, indicator
from transitionsim.indicators.record import ALL, Arms, Record, Values, share

LOSSES: Final = recorded.names(recorded.INVOLUNTARY)
TABLES: Final = ("automotive_losses_by_tier", "automotive_losses_by_size", "automotive_losses_by_age")
AUTOMOTIVE: Final = "automotive jobs (NACE C29) before the first month"
DISPLACED: Final = ("displaced", "displaced_long_held")
LATER: Final = {12: "_employed_12m", 18: "_employed_18m"}
FORCE: Final = "residents employed, unemployed or in training"


def losses(record: Record) -> float:
    """Return the automotive jobs lost for lack of orders or by closure so far."""
    return record.total(*LOSSES)


@indicator(
    "K01",
    "Involuntary job losses",
    unit="persons",
    denominator=AUTOMOTIVE,
    direction="lower is better",
    source=f"own definition, {FRAMEWORK} (jobs); the EGF threshold is one of dismissals too (recalled)",
    is_not="not posts lost, and not net: people hired elsewhere are not subtracted, retirements are not counted",
    needs=LOSSES,
    tables=TABLES,
)
def involuntary_losses(arms: Arms) -> Values:
    """People whose automotive job ended for lack of orders or by closure, summed over all months.

    (b) dismissals for lack of orders, (c) closures, (d) temporary contracts not renewed for lack of orders, counted
    when the job ends. A comparison takes the scenario minus no transition and shows that background beside it.
    """
    run = arms.run
    found = {ALL: losses(run), **{name.replace("_", " "): run.total(name) for name in LOSSES}}
    for name in TABLES:
        dimension = name.rsplit("_", 1)[-1]
        found |= run.by(dimension, run.table(name).sum(axis=0))
    return found


@indicator(
    "K02",
    "Net employment change",
    unit="persons",
    denominator="each group its own: C29 before the first month, the other jobs at the end of it",
    direction="higher is better",
    source="own definition; NACE classes as in Eurostat's structural business statistics",
    is_not="not losses: a fall borne by retirement alone counts in full; combustion powertrain is no statistical class",
    needs=(
        "employment_automotive",
        "employment_combustion",
        "employment_projects",
        "employment_aftermarket",
        *recorded.names(recorded.HIRES),
        *recorded.names(recorded.SEPARATIONS),
    ),
)
def net_employment_change(arms: Arms) -> Values:
    """Employment at the end less that at the start, by denominator.

    *C29*; *combustion powertrain*, the staff of C29 firms, each weighted by its firm's share of combustion parts at
    the start; *C29, 27 and G45*, with battery and drive plants (NACE 27) and trade and repair of motor vehicles (G45).
    """
    run = arms.run
    change = run.last("employment_automotive") - run.automotive_start
    others = run.monthly("employment_projects", "employment_aftermarket")
    combustion = run.monthly("employment_combustion")
    return {
        "C29": change,
        "combustion powertrain": float(combustion[-1] - combustion[0]),
        "C29, 27 and G45": change + float(others[-1] - others[0]),
    }


@indicator(
    "K03",
    "Job losses avoided",
    unit="persons",
    denominator="involuntary losses of the baseline beyond those of no transition",
    direction="higher is better",
    source=f"own definition, {FRAMEWORK} (jobs)",
    is_not="not jobs saved for good: a loss put off beyond the last month counts as avoided",
    needs=LOSSES,
    against="baseline",
    paired=True,
)
def losses_avoided(arms: Arms) -> Values:
    """Involuntary losses beyond no transition in the baseline, less those in the scenario, draw by draw.

    Both are taken from the same no-transition run, so that it cancels out.
    """
    return {ALL: losses(_there(arms.baseline)) - losses(arms.run)}


@indicator(
    "K04",
    "Job-years lost",
    unit="job-years",
    denominator=AUTOMOTIVE,
    direction="lower is better",
    source="own definition",
    is_not="not people: one post empty for ten years counts as ten people out of one for a year",
    needs=("employment_automotive",),
    paired=True,
)
def job_years_lost(arms: Arms) -> Values:
    """Automotive employment of no transition less that of the scenario, where positive, summed over years.

    Monthly differences, divided by twelve.
    """
    short = _there(arms.null).monthly("employment_automotive") - arms.run.monthly("employment_automotive")
    return {ALL: float(np.maximum(0.0, short).sum()) / 12.0}


@indicator(
    "K05",
    "Peak displacement rate",
    unit="percent",
    denominator="mean automotive employment (NACE C29) over the same twelve months",
    direction="lower is better",
    source="OECD Employment Outlook 2013, chapter 4: displaced people a year over employees (recalled)",
    is_not="not a mean: the worst twelve months only; it grows with the length of a run",
    needs=(*LOSSES, "employment_automotive"),
)
def peak_displacement_rate(arms: Arms) -> Values:
    """Most involuntary losses within twelve months on end, over mean automotive employment in them.

    Not a number in runs of less than a year.
    """
    lost, staff = arms.run.monthly(*LOSSES), arms.run.monthly("employment_automotive")
    if len(lost) < 12:
        return {ALL: float("nan")}
    year = np.ones(12)
    summed, mean = np.convolve(lost, year, "valid"), np.convolve(staff, year, "valid") / 12.0
    return {ALL: float(max((share(a, b) for a, b in zip(summed, mean, strict=True)), default=float("nan")))}


@indicator(
    "K06",
    "Attrition share",
    unit="percent",
    denominator="posts lost at the automotive firms that have fewer posts at the end than without transition",
    direction="higher is better",
    source="own definition, firm by firm so that growing firms do not hide shrinking ones",
    is_not="not free of harm: those who would have been hired bear it; below zero where more are let go than posts go",
    needs=("firms",),
    paired=True,
)
def attrition_share(arms: Arms) -> Values:
    """Part of the posts lost to the transition at shrinking firms that retirement, quits and ends of contract took.

    One less the involuntary losses beyond those of no transition, over the posts lost, both at the firms with fewer
    posts at the end than in the no-transition run of the same luck.
    """
    ours, null = arms.run.firms, _there(arms.null).firms
    if ours is None or null is None or len(ours.key) != len(null.key):
        return {}
    shrunk = ours.posts < null.posts
    posts = float((null.posts - ours.posts)[shrunk].sum())
    return {ALL: 100.0 - share(float((ours.lost - null.lost)[shrunk].sum()), posts)}


@indicator(
    "K07",
    "Long-term unemployment",
    unit="percent",
    denominator=FORCE,
    direction="lower is better",
    source="Eurostat une_ltu_a, widened by people in training; Social Scoreboard",
    is_not="not the official rate: people in courses count too, or every course would lower it",
    needs=("long_term_unemployed", "long_term_in_training", "employment", "commuters", "unemployed", "in_training"),
)
def long_term_unemployment(arms: Arms) -> Values:
    """Residents unemployed or in training whose clock of unemployment has run a year or longer, over the labour force.

    At the end. The clock starts when the last job ends, and anew for who comes back after three months out of the
    labour force.
    """
    run = arms.run
    return {ALL: share(run.last("long_term_unemployed", "long_term_in_training"), float(run.labour_force[-1]))}


@indicator(
    "K08",
    "Re-employment of the displaced",
    unit="percent",
    denominator="people who lost an automotive job involuntarily, early enough to be observed, in all or by group",
    direction="higher is better",
    source="own definition; the Globalisation Adjustment Fund's 81 % at 18 months (2023-24, C) is of long-held jobs",
    is_not="not an effect of a policy: those displaced differ between scenarios; the fund's rate has no counterfactual",
    needs=tuple(f"{group}{later}" for group in DISPLACED for later in ("", *LATER.values())),
)
def re_employment(arms: Arms) -> Values:
    """Share of the people displaced who are employed twelve and eighteen months later, in any job.

    In all; *long-held*, those with two years in the job and under sixty, whom funds and closure studies follow; and
    *others*, most of them on temporary contracts that were not renewed.
    """
    found = {}
    for months, later in LATER.items():
        seen = max(0, arms.run.months - months)
        early, employed = (
            [float(arms.run.monthly(f"{group}{end}")[: seen if not end else None].sum()) for group in DISPLACED]
            for end in ("", later)
        )
        found[f"after {months} months"] = share(employed[0], early[0])
        found[f"long-held, after {months} months"] = share(employed[1], early[1])
        found[f"others, after {months} months"] = share(employed[0] - employed[1], early[0] - early[1])
    return found


@indicator(
    "K09",
    "Earnings loss of the displaced",
    unit="percent",
    denominator="earnings of automotive staff of no transition of the same age, tenure and profile",
    direction="lower is better",
    source="OECD Employment Outlook 2024: 36 % in high-emission, 29 % in other sectors over six years (grade C)",
    is_not="not only wages: months without a job count as nothing earned; tenure under two years is left out",
    needs=("earnings",),
    paired=True,
)
def earnings_loss(arms: Arms) -> Values:
    """What the displaced earn less, over seven years, than automotive staff of the no-transition arm like them.

    People displaced from jobs of two years or more, matched by cell of age, tenure and profile; in all and by year
    since.
    """
    ours, theirs = arms.run.earnings, _there(arms.null).earnings
    if ours is None or theirs is None:
        return {}
    found = displaced_earnings_loss(ours, theirs)
    years = {f"year {year}": 100.0 * float(found.by_year[year]) for year in range(YEARS)}
    return {ALL: 100.0 * found.overall, **years}


@indicator(
    "K10",
    "Job-to-job share",
    unit="percent",
    denominator="people who lost an automotive job involuntarily",
    direction="higher is better",
    source="own definition; Council recommendation on a fair transition asks for job-to-job moves (recalled)",
    is_not="not re-employment: a job found a month after the end of notice does not count",
    needs=("displaced", "displaced_job_to_job"),
)
def job_to_job(arms: Arms) -> Values:
    """Share of the people displaced who left for another job while on notice; they count in K01 too."""
    return {ALL: share(arms.run.total("displaced_job_to_job"), arms.run.total("displaced"))}


@indicator(
    "K11",
    "Net out-migration",
    unit="percent",
    denominator="people of working life who live in the region in the first month",
    direction="lower is better",
    source="Eurostat demography (net migration), people of working life only",
    is_not="not all migration: pupils, pensioners and people who move in from elsewhere are not in the model",
    needs=("moved_away", "came_back", "employment", "commuters", "unemployed", "in_training", "inactive"),
)
def net_out_migration(arms: Arms) -> Values:
    """People who left the region less those who came back, over the people there in the first month."""
    run = arms.run
    there = run.labour_force + run.monthly("inactive")
    return {ALL: share(run.total("moved_away") - run.total("came_back"), float(there[0]))}


def _there(record: Record | None) -> Record:
    """Return an arm that a paired indicator cannot do without."""
    if record is None:
        raise ValueError("this indicator compares two arms of a draw; the other one is missing")
    return record


JOBS: Final[tuple[Indicator, ...]] = (
    involuntary_losses,
    net_employment_change,
    losses_avoided,
    job_years_lost,
    peak_displacement_rate,
    attrition_share,
    long_term_unemployment,
    re_employment,
    earnings_loss,
    job_to_job,
    net_out_migration,
)
