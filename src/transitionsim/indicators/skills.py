"""Indicators of skills: K12, K13, K15 to K20 and K22."""

from __future__ import annotations

from typing import Final

import numpy as np

from transitionsim.indicators.base import Indicator, indicator
from transitionsim.indicators.record import ALL, Arms, Values, share

AGREED: Final = "Automotive Skills Alliance: 5 % of the workforce a year, for seven years (grade C)"
SEVEN: Final = 7


@indicator(
    "K12",
    "Skill gap",
    unit="percent",
    denominator="posts of all employers, of the profile or in all",
    direction="lower is better",
    source="own definition after the supply and demand tables of Cedefop (recalled) and the Automotive Skills Alliance",
    is_not="not vacancies: supply are all who hold the skills, employed or not, and who holds several counts in each",
    tables=("skill_gap", "profile_posts"),
)
def skill_gap(arms: Arms) -> Values:
    """Posts beyond the people of the labour force who hold the skills of the profile, over posts, at the end."""
    gap, posts = arms.run.table("skill_gap")[-1], arms.run.table("profile_posts")[-1]
    by_profile = np.array([share(a, b) for a, b in zip(gap, posts, strict=True)])
    return {ALL: share(float(gap.sum()), float(posts.sum())), **arms.run.by("profile", by_profile)}


@indicator(
    "K13",
    "Skill surplus",
    unit="percent",
    denominator="people who hold the skills of the profile, or the sum over profiles",
    direction="neither",
    source="own definition, as K12",
    is_not="not unemployment: most of those in surplus work in another profile; who holds several counts in each",
    tables=("skill_surplus", "skill_supply"),
)
def skill_surplus(arms: Arms) -> Values:
    """People who hold the skills of the profile beyond its posts, over all who hold them, at the end."""
    surplus, supply = arms.run.table("skill_surplus")[-1], arms.run.table("skill_supply")[-1]
    by_profile = np.array([share(a, b) for a, b in zip(surplus, supply, strict=True)])
    return {ALL: share(float(surplus.sum()), float(supply.sum())), **arms.run.by("profile", by_profile)}


@indicator(
    "K15",
    "Training coverage",
    unit="percent",
    denominator="automotive staff (NACE C29) or residents in the labour force, at the end of each year",
    direction="higher is better",
    source=f"{AGREED}; its 700,000 people leave open of what, so both readings are given",
    is_not="not all training: only courses that policies of the scenario pay for",
    needs=(
        "trained_this_year",
        "trained_this_year_automotive",
        "employment_automotive",
        "employment",
        "commuters",
        "unemployed",
        "in_training",
    ),
)
def training_coverage(arms: Arms) -> Values:
    """Different people who began a course within a calendar year, over the workforce.

    Read as a rate *a year*: the mean over full years. Read as a part of one workforce reached in *seven years
    together*: the most that any seven full years on end sum to (a person trained in two years counts twice).
    """
    run = arms.run
    found = {}
    for words, name, whole in (
        ("automotive staff", "trained_this_year_automotive", run.monthly("employment_automotive")),
        ("labour force", "trained_this_year", run.labour_force),
    ):
        trained = run.monthly(name)
        rates = np.array([share(float(trained[end]), float(whole[end])) for end in run.decembers])
        found[f"{words}, a year"] = float(rates.mean()) if len(rates) else float("nan")
        found[f"{words}, seven years together"] = (
            float(np.convolve(rates, np.ones(SEVEN), "valid").max()) if len(rates) >= SEVEN else float("nan")
        )
    return found


@indicator(
    "K16",
    "Offer fit",
    unit="percent",
    denominator="seats taken in courses",
    direction="higher is better",
    source="own definition after the training offer of the Automotive Skills Alliance",
    is_not="not the quality of courses, and not seats left empty: a seat counts when somebody takes it",
    needs=("trainees_enrolled_in_gap", "trainees_enrolled"),
    against="nothing",
)
def offer_fit(arms: Arms) -> Values:
    """Seats taken in courses for profiles with a skill gap (K12) in that month, over all seats taken."""
    return {ALL: share(arms.run.total("trainees_enrolled_in_gap"), arms.run.total("trainees_enrolled"))}


@indicator(
    "K17",
    "Participants",
    unit="persons",
    denominator="none: an amount",
    direction="neither",
    source="ESF+ Regulation (EU) 2021/1057, Annex I, common output indicators (codes EECO01 to EECO11 recalled)",
    is_not="not different people: who begins two courses counts twice; not an effect",
    tables=("participants",),
    against="nothing",
)
def participants(arms: Arms) -> Values:
    """People who began a course, by what they were then.

    Unemployed (of these long-term), inactive, employed (on notice too), under 30, 55 and over, level of qualification
    (about 0 to 2, 3 to 4 and 5 to 8 of ISCED).
    """
    counts = arms.run.table("participants").sum(axis=0)
    return {name: float(count) for name, count in zip(arms.run.places["participant"], counts, strict=True)}


@indicator(
    "K18",
    "Qualification on leaving",
    unit="percent",
    denominator="people who left a course, by completion, drop-out or a job",
    direction="higher is better",
    source="ESF+ Regulation (EU) 2021/1057, Annex I, immediate results (code EECR03 recalled)",
    is_not="not what was learnt: how much of the skills a course gives varies; not recognition elsewhere",
    needs=("trainees_completed", "trainees_enrolled", "in_course"),
    against="nothing",
)
def qualification(arms: Arms) -> Values:
    """People who completed a course over people who left one: those who began less those still in it."""
    left = arms.run.total("trainees_enrolled") - arms.run.last("in_course")
    return {ALL: share(arms.run.total("trainees_completed"), left)}


@indicator(
    "K19",
    "In employment after a course",
    unit="percent",
    denominator="people who left a course in any way; of completers, also those who have begun no other six months on",
    direction="higher is better",
    source="ESF+ Regulation (EU) 2021/1057, Annex I (EECR04 seen in a project form, EECR05 recalled)",
    is_not="not an effect of the course: who would have found work anyway counts; six months on only completers do",
    needs=(
        "trainees_enrolled",
        "in_course",
        "trainees_left_for_job",
        "trainees_completed",
        "trainees_completed_employed",
        "trainees_6_months_after",
        "trainees_6_months_after_employed",
    ),
    against="nothing",
)
def employed_after_course(arms: Arms) -> Values:
    """Share of the people employed when they leave a course, by completion, for a job or dropping out.

    Beside it the share of the people who completed one, in that month and six months later; who dropped out is not
    followed that far.
    """
    run = arms.run
    left = run.total("trainees_enrolled") - run.last("in_course")
    employed, after = run.total("trainees_completed_employed"), run.total("trainees_6_months_after")
    return {
        "on leaving": share(employed + run.total("trainees_left_for_job"), left),
        "on leaving, of those who completed": share(employed, run.total("trainees_completed")),
        "6 months after, of those who completed": share(run.total("trainees_6_months_after_employed"), after),
    }


@indicator(
    "K20",
    "Net training effect",
    unit="percentage points",
    denominator="months of participants since their first course began",
    direction="higher is better",
    source="own definition; displacement after Crepon et al. 2013, deadweight as in programme evaluation",
    is_not="not K19: who would have worked anyway is the deadweight, and work that others lose is subtracted",
    needs=("displacement",),
    against="baseline",
    paired=True,
    taken_beside=True,
    units={"in employment": "percent", "deadweight": "percent"},
)
def net_training_effect(arms: Arms) -> Values:
    """Employment that courses add in the region, for each month of a participant since the course began.

    *In employment* is the share of these months that participants work, *deadweight* the share that their paired
    selves without the course work too; *effect on participants* is the difference. *Displacement* is what all others
    lose (and participants before their course), for the same months; the net effect is the one less the other. The
    *placebo floor* is what one irrelevant seat changes for the same people over the whole run.
    """
    found = arms.run.displacement
    if found is None or not found.months_since:
        return {}
    months = found.months_since
    effect = share(found.employed_since - found.twins_employed_since, months)
    net = share(found.own_change + found.others_change, months)
    return {
        ALL: net,
        "in employment": share(found.employed_since, months),
        "deadweight": share(found.twins_employed_since, months),
        "effect on participants": effect,
        "displacement": effect - net + 0.0,
        "placebo floor": share(abs(found.floor), months),
    }


@indicator(
    "K22",
    "Profile coverage",
    unit="percent",
    denominator="vacancies of all employers at the end of each year",
    direction="higher is better",
    source="own definition after ESCO and ISCO profiles; the region stands for the commuting range",
    is_not="not that anybody pays for a seat: providers may have places in courses that no programme fills",
    tables=("profile_vacancies", "course_places", "course_enrolments"),
    against="nothing",
)
def profile_coverage(arms: Arms) -> Values:
    """Vacancies of profiles for which providers had places in a course, or people began one, over all vacancies."""
    vacancies = arms.run.table("profile_vacancies")
    offered = (arms.run.table("course_places") > 0) | (arms.run.table("course_enrolments") > 0)
    return {ALL: share(float((vacancies * offered).sum()), float(vacancies.sum()))}


SKILLS: Final[tuple[Indicator, ...]] = (
    skill_gap,
    skill_surplus,
    training_coverage,
    offer_fit,
    participants,
    qualification,
    employed_after_course,
    net_training_effect,
    profile_coverage,
)
