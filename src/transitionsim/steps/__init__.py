"""The steps of a month that are not rules of one agent: the road, the markets, the accounts; not those of policies.

Each takes the state of a run and changes it; the first line says what happens, as ``show --month`` prints it.
"""

from transitionsim.steps.budgets import close_budgets, open_budgets
from transitionsim.steps.earnings import follow_earnings
from transitionsim.steps.learning import allocate_seats, open_seats, pay_for_courses
from transitionsim.steps.orders import follow_the_road, pass_orders_down, shift_orders, staff_other_trades
from transitionsim.steps.places import count_moves, feel_the_slack
from transitionsim.steps.region import count_people, respond_locally
from transitionsim.steps.staff import count_staff, give_notice, offer_early_exits, pay_short_time, redeploy_staff
from transitionsim.steps.work import match_jobs, post_vacancies

__all__ = [
    "allocate_seats",
    "close_budgets",
    "count_moves",
    "count_people",
    "count_staff",
    "feel_the_slack",
    "follow_earnings",
    "follow_the_road",
    "give_notice",
    "match_jobs",
    "offer_early_exits",
    "open_budgets",
    "open_seats",
    "pass_orders_down",
    "pay_for_courses",
    "pay_short_time",
    "post_vacancies",
    "redeploy_staff",
    "respond_locally",
    "shift_orders",
    "staff_other_trades",
]
