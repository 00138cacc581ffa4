"""The steps of a month that are not rules of one agent: the road, the markets, the accounts.

Each takes the state of a run and changes it; the first line says what happens, as ``show --month`` prints it.
"""

from transitionsim.steps.earnings import follow_earnings
from transitionsim.steps.learning import allocate_seats, open_seats, pay_for_courses
from transitionsim.steps.orders import follow_the_road, pass_orders_down
from transitionsim.steps.region import count_people, feel_the_slack, respond_locally
from transitionsim.steps.staff import count_staff, give_notice, redeploy_staff
from transitionsim.steps.support import grant_support, settle_grants
from transitionsim.steps.work import match_jobs, post_vacancies

__all__ = [
    "allocate_seats",
    "count_people",
    "count_staff",
    "feel_the_slack",
    "follow_earnings",
    "follow_the_road",
    "give_notice",
    "grant_support",
    "match_jobs",
    "open_seats",
    "pass_orders_down",
    "pay_for_courses",
    "post_vacancies",
    "redeploy_staff",
    "respond_locally",
    "settle_grants",
]
