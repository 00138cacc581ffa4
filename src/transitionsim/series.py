"""The monthly series of a run: name, kind, unit and meaning of everything a month leaves behind.

Each policy declares its own beside what it counts; of all others ``recorder`` says how they are counted.
"""

from __future__ import annotations

from typing import Final

from transitionsim.policies import kinds
from transitionsim.quantities import Series


def _stock(name: str, meaning: str, unit: str = "persons") -> Series:
    return Series(name, "stock", unit, meaning)


def _flow(name: str, meaning: str, unit: str = "persons") -> Series:
    return Series(name, "flow", unit, meaning)


PEOPLE: Final = (
    _stock("employment", "people employed in the region, those who live outside it included"),
    _stock("commuters", "people employed in the region who live outside it"),
    _stock("commuters_without_job", "people who live outside the region, look to it for work, and have none"),
    _stock("employment_automotive", "people employed in automotive firms (NACE C29)"),
    _stock(
        "employment_combustion",
        "people employed in automotive firms, each by the firm's share of combustion parts at the start",
    ),
    _stock("employment_aftermarket", "people employed in trade and repair of motor vehicles (NACE G45)"),
    _stock("employment_projects", "people employed in battery and drive plants of the scenario (NACE 27)"),
    _stock("unemployed", "residents without a job who look for one, people in training not counted"),
    _stock("in_training", "people without a job in a course"),
    _stock("inactive", "people attached to the labour market who do not look for a job"),
    _stock("retired", "people who left working life before their exit month"),
    _stock("away", "people who left the region"),
    _flow("moved_away", "people who left the region"),
    _flow("came_back", "people who came back to the region"),
    _stock("long_term_unemployed", "the unemployed whose clock of unemployment has run a year or longer"),
    _stock("long_term_in_training", "people without a job in a course whose clock of unemployment has run so long"),
)
POSTS: Final = (
    _stock("overstaffing", "people above the posts of their employer, vacancies posted ahead of exits counted"),
    _stock("posts_unposted", "posts neither filled nor open as a vacancy", "posts"),
    _stock("vacancies", "vacancies after matching", "posts"),
    _stock("vacancies_automotive", "vacancies of automotive firms after matching", "posts"),
    _stock("posts", "posts wanted by all employers", "posts"),
    _stock("posts_automotive", "posts wanted by automotive firms", "posts"),
    _stock("posts_combustion", "labour that orders for combustion parts need, at suppliers", "full-time equivalents"),
    _stock("posts_electric", "labour that orders for electric parts need, at suppliers", "full-time equivalents"),
)
INVOLUNTARY: Final = (
    _flow("dismissals", "separations from automotive firms: dismissal for lack of orders"),
    _flow("closures", "separations from automotive firms: closure of the firm"),
    _flow(
        "temporary_not_renewed", "separations from automotive firms: temporary contract not renewed for lack of orders"
    ),
)
SEPARATIONS: Final = (
    *INVOLUNTARY,
    _flow("early_exits", "separations from automotive firms: early exit induced by lack of orders"),
    _flow("other_ends", "separations from automotive firms: other end of contract"),
    _flow("quits_to_jobs", "separations from automotive firms: quit to another job"),
    _flow("exits_to_inactivity", "separations from automotive firms: exit to inactivity"),
    _flow("retirements", "separations from automotive firms: retirement or death"),
)
LATER: Final = (
    _flow("displaced", "people who lost an automotive job for lack of orders or by closure"),
    _flow("displaced_job_to_job", "of these, people who left for another job while on notice"),
    _flow("displaced_employed_12m", "people displaced twelve months ago who are employed now"),
    _flow("displaced_employed_18m", "people displaced eighteen months ago who are employed now"),
    _flow("displaced_long_held", "people displaced from a job held for two years or more, under sixty"),
    _flow("displaced_long_held_employed_12m", "of the long-held, people displaced twelve months ago, employed now"),
    _flow("displaced_long_held_employed_18m", "of the long-held, people displaced eighteen months ago, employed now"),
)
EARNINGS: Final = (
    _flow("earned_displaced", "earned by people displaced within seven years from jobs of two and more", "EUR cents"),
    _flow("earned_before_displaced", "what these people would have earned with their wage before", "EUR cents"),
    _flow("earned_comparison", "earned by the comparison group of the last seven Januaries", "EUR cents"),
    _flow("earned_before_comparison", "what these people would have earned with their wage then", "EUR cents"),
)
HIRES: Final = (
    _flow("hires_automotive_from_unemployment", "hires of automotive firms from unemployment and training"),
    _flow("hires_automotive_from_inactivity", "hires of automotive firms from inactivity"),
    _flow("hires_automotive_from_jobs", "hires of automotive firms from other jobs"),
)
FLOWS: Final = (
    *SEPARATIONS,
    *HIRES,
    _flow("hires", "hires of all employers"),
    _flow("separations", "separations from all employers, whatever the cause"),
    _flow("trainees_enrolled", "people who began a course"),
)
LEARNING: Final = (
    _flow("trainees_enrolled_in_post", "people in a job and not on notice who began a course (upskilling)"),
    _flow("trainees_enrolled_on_notice", "people on notice who began a course (reskilling)"),
    _flow("trainees_enrolled_jobless", "people without a job who began a course (reskilling)"),
    _stock("in_course", "people in a course, employed or not"),
    _flow("trainees_enrolled_in_gap", "people who began a course for a profile with a skill gap"),
    _flow("trainees_completed", "people who completed a course"),
    _flow("trainees_left_for_job", "people who left a course before its end for a job"),
    _flow("trainees_completed_employed", "people who completed a course and were employed at the end of the month"),
    _flow("trainees_6_months_after", "people who completed a course six months ago and have begun no other since"),
    _flow("trainees_6_months_after_employed", "those of them who are employed"),
    _flow("trainees_turned_away", "people for whose seat there was money, but no place at a provider"),
    _flow("trained_hired", "people hired into the profile of their last course, out of another one"),
    _flow("trained_redeployed", "people moved within their firm into the profile of their last course"),
    _stock("trained_this_year", "different people who began a course since January"),
    _stock("trained_this_year_automotive", "those of them who were employed in an automotive firm when they did"),
    _stock("course_places", "seats that providers can start, of all courses; nothing without a limit", "seats a year"),
    _stock("skill_supply", "people who hold the skills of a profile, summed over profiles"),
    _stock("skill_gap", "posts beyond the people who hold the skills, summed over profiles", "posts"),
    _stock("skill_surplus", "people who hold the skills beyond the posts, summed over profiles"),
)
SHORT_TIME: Final = (_stock("short_time", "people that the hours lost to short time make up", "full-time equivalents"),)
FIRMS: Final = (
    _stock("suppliers_converted", "suppliers whose line for electric parts delivers", "firms"),
    _stock("suppliers_closed", "suppliers that have closed", "firms"),
    _stock("suppliers_insolvent", "suppliers that closed out of cash, with orders on their books", "firms"),
    _stock("suppliers_dependent", "suppliers that made more than half combustion parts at the start", "firms"),
    _stock(
        "suppliers_diversified",
        "those of them that are open and turn over at most a quarter with combustion parts",
        "firms",
    ),
    _stock("firms_supported", "firms that began a line for electric parts with support of a policy", "firms"),
    _stock("supported_jobs", "people employed in supported firms"),
    _stock("supported_jobs_before", "people employed in supported firms when support was first paid or pledged"),
    _stock("suppliers_new", "new suppliers of electric parts that have opened", "firms"),
    _flow("vehicles_made", "vehicles made by the plants of the region", "vehicles"),
)
MONEY: Final = (
    Series("spent_cents", "to date", "EUR cents", "paid by policies"),
    Series("spent_on_places_cents", "to date", "EUR cents", "the part of it paid for further places at providers"),
    Series("granted_cents", "to date", "EUR cents", "committed to policies, in twelfths of each year's budget"),
    Series("returned_cents", "to date", "EUR cents", "granted to policies and not spent within the year"),
    Series("short_time_pay_cents", "to date", "EUR cents", "benefit for hours lost to short time, whoever pays it"),
    Series("short_time_benefit_cents", "to date", "EUR cents", "the part of it that the country pays, not a policy"),
    Series("early_exit_cost_cents", "to date", "EUR cents", "cost of early exits, firms' and policies' parts together"),
    Series("benefits_cents", "to date", "EUR cents", "unemployment benefits, for people in training too"),
    Series("contributions_cents", "to date", "EUR cents", "contributions of employers and employees on wages paid"),
    Series("income_tax_cents", "to date", "EUR cents", "income tax on wages paid"),
)
ALL: Final[tuple[Series, ...]] = (
    *PEOPLE,
    *POSTS,
    *FLOWS,
    *SHORT_TIME,
    *LEARNING,
    *LATER,
    *EARNINGS,
    *FIRMS,
    *MONEY,
    *(one for policy in kinds().values() for one in policy.series),
)
BY_NAME: Final[dict[str, Series]] = {one.name: one for one in ALL}


def names(group: tuple[Series, ...]) -> tuple[str, ...]:
    """Return the names of a group of series.

    >>> names(HIRES)[0]
    'hires_automotive_from_unemployment'
    """
    return tuple(one.name for one in group)
