"""Firms: short time, cash, conversion to electric components, closure, and how many people get notice."""

from __future__ import annotations

from typing import Any

from transitionsim.arithmetic import power
from transitionsim.columns import BUILDING, CONVERTED, NOT_CONVERTED, OEM, OTHER_ECONOMY
from transitionsim.compiling import both_ways
from transitionsim.rule import rule


@both_ways
def slack_of(employer: Any, world: Any) -> float:
    """Return the people above its posts that a firm bears: one person or a share, and the exits it expects."""
    staying = employer.staff - employer.on_notice
    one = 1.0 if employer.represents > 1 else 1.0 / world.persons_per_agent
    slack = max(one, world.slack_share * staying)
    expected = staying * (1.0 - power(1.0 - employer.exit_rate, world.look_ahead_months))
    return float(slack + max(expected, float(employer.leaving)))


@rule(on="employers")
def work_short_time(employer: Any, world: Any, luck: Any) -> None:
    """A firm with far too few orders, but hope, lets its permanent staff work fewer hours instead of dismissing.

    Hours are lost when idle staff exceed both the firm's slack and the least shortfall that the country asks for.
    All permanent staff not on notice share them; temporary contracts are not covered. After the months that the
    country allows, or a policy adds, a firm must do without for some months before it can begin anew.
    """
    if employer.tier == OTHER_ECONOMY:
        return
    if employer.short_time > 0.0:
        employer.short_time_months = min(employer.short_time_months + 1, 1200)
        employer.short_time_wait = world.short_time_waiting
    elif employer.short_time_wait > 0:
        employer.short_time_wait = employer.short_time_wait - 1
        if employer.short_time_wait == 0:
            employer.short_time_months = 0
    employer.short_time = 0.0
    employer.extends = False
    if not world.short_time_work or employer.closed or (employer.tier != OEM and employer.liquidity < 0.0):
        return
    staying = employer.staff - employer.on_notice
    idle = staying - employer.posts
    permanent = staying - employer.temporary
    if permanent <= 0 or idle < world.least_shortfall * staying or idle <= slack_of(employer, world):
        return
    if employer.short_time_months >= world.short_time_most:
        if employer.short_time_months >= world.short_time_most + world.short_time_extension:
            return
        employer.extends = True
    employer.short_time = min(1.0, idle / permanent)


@rule(on="employers")
def keep_the_books(employer: Any, world: Any, luck: Any) -> None:
    """A supplier's cash moves with revenue, materials, wages and fixed cost; what is above its reserve is paid out.

    Wages follow the hours of the people employed, not the orders: this is what an order loss costs a firm before
    it adjusts. Hours lost to short time are not paid by the firm.
    Fixed cost follows a lasting fall of revenue too, but over years. Simplified: prices stay, one margin for each
    firm, no taxes; books begin with the scenario, so that cash at the start is as drawn.
    """
    if world.month < 0 or employer.tier == OTHER_ECONOMY or employer.tier == OEM or employer.closed:
        return
    revenue = employer.revenue
    busy = revenue / employer.revenue_start if employer.revenue_start > 0.0 else 0.0
    lost = employer.short_time * (employer.staff - employer.on_notice - employer.temporary)
    people = (employer.staff - lost) * world.persons_per_agent / employer.represents
    wages_start = employer.posts_start * world.persons_per_agent / employer.represents * employer.mean_wage
    fixed_start = employer.revenue_start * (1.0 - world.materials_share - employer.margin) - wages_start
    employer.fixed_cost += world.fixed_cost_step * min(0.0, busy * fixed_start - employer.fixed_cost)
    cost = world.materials_share * revenue + people * employer.mean_wage + employer.fixed_cost
    employer.liquidity = employer.liquidity + revenue - cost
    reserve = world.liquidity_months * employer.revenue_start * world.labour_share
    if employer.liquidity > reserve and employer.stage != BUILDING:
        employer.liquidity = reserve
    if employer.liquidity < -world.overdraft_share * 12.0 * employer.revenue_start:
        employer.months_in_red = min(employer.months_in_red + 1, 120)
    else:
        employer.months_in_red = 0


@rule(on="employers")
def weigh_conversion(employer: Any, world: Any, luck: Any) -> None:
    """A supplier of combustion parts weighs a line for electric parts against its cost.

    The present value of the orders it expects (foreseen content of the cars to be built, the share it can win,
    its own margin, and the fixed cost that goes on and that these orders pay for) must exceed its own cost by a
    factor above one: waiting has a value when the future is uncertain (Dixit and Pindyck 1994). Where support is
    offered, every firm that would build with one kind of it applies, also one that would build without: such
    windfalls are part of what support costs. A grant lowers the own cost, a guarantee adds to the credit a firm can
    raise, advice lowers the factor.
    """
    employer.applies = 0
    if not world.conversion or employer.stage != NOT_CONVERTED or employer.closed or employer.main_group < 0:
        return
    if employer.dependence < world.dependence_threshold:
        return
    expected = world.electric_value[employer.main_group]
    lost = employer.revenue_start * employer.main_share
    # Without the line its machines and rents go on for years with nothing to pay for them.
    fixed = max(0.0, 1.0 - world.materials_share - world.labour_share - employer.margin)
    dearer = world.labour_share * world.dearer_labour[employer.main_group]
    margin = employer.margin + fixed * world.fixed_cost_stays - dearer
    employer.conversion_value = 12.0 * lost * world.capture * margin * expected
    value = employer.conversion_value
    cost = employer.conversion_cost
    means = max(employer.liquidity, 0.0) + world.credit_share * 12.0 * employer.revenue_start
    if world.grant_offered > 0.0:
        own_cost = cost * (1.0 - world.grant_offered)
        if value >= world.hurdle * own_cost and means >= own_cost:
            employer.applies += 1
    loan = world.guarantee_offered * cost
    if loan > 0.0 and value >= world.hurdle * cost and means + loan >= cost:
        employer.applies += 2
    if world.hurdle_offered < 1.0 and value >= world.hurdle * world.hurdle_offered * cost and means >= cost:
        employer.applies += 4


@rule(on="employers")
def build_a_line(employer: Any, world: Any, luck: Any) -> None:
    """A supplier starts to build when the line pays and can be paid; after the time to build it is converted.

    Its own share of the cost leaves its cash at once, but for what a guaranteed loan pays; other credit is limited
    to a share of revenue, so a small firm with a paying project may still lack the means.
    """
    if employer.stage == BUILDING:
        if world.month - employer.stage_month >= world.months_to_build:
            employer.stage = CONVERTED
            employer.stage_month = world.month
        return
    if not world.conversion or employer.stage != NOT_CONVERTED or employer.closed or employer.main_group < 0:
        return
    if employer.dependence < world.dependence_threshold or employer.conversion_value <= 0.0:
        return
    own_cost = employer.conversion_cost * (1.0 - employer.grant_share)
    loan = employer.conversion_cost * employer.guarantee
    means = max(employer.liquidity, 0.0) + world.credit_share * 12.0 * employer.revenue_start + loan
    hurdle = world.hurdle
    if employer.advised:
        hurdle = hurdle * world.hurdle_offered
    if employer.conversion_value >= hurdle * own_cost and means >= own_cost:
        employer.stage = BUILDING
        employer.stage_month = world.month
        employer.liquidity = employer.liquidity - (own_cost - loan)
        if loan > 0.0:
            employer.loan_end = world.month + world.loan_months


@rule(on="employers", draws=("dismissal_rounding",))
def plan_staff(employer: Any, world: Any, luck: Any) -> None:
    """A firm with more people than posts gives notice to a part of those whom attrition will not take in time.

    Excess is counted against the most posts wanted within the look-ahead, and a part of those whose profile the
    firm no longer needs, while it lacks others, counts with it. Slack is one person, or a share of the staff, plus
    the exits the firm expects within the look-ahead at its own rate, at least those it knows of. While a firm is
    on short time only temporary contracts end. A firm out of cash, or with too few orders left to run, closes.
    Vehicle plants do not close by this rule: that is decided elsewhere.
    """
    employer.dismissals = 0
    employer.closing = False
    if employer.tier == OTHER_ECONOMY:
        return
    if employer.closed:
        employer.closing = employer.staff > employer.on_notice
        return
    if world.closures and employer.tier != OEM:
        starved = employer.posts < world.closure_share * employer.posts_start
        if employer.months_in_red >= world.months_in_red or starved:
            employer.closing = True
            employer.closed = True
            employer.insolvent = not starved
            employer.posts = 0
            return
    if not world.dismissals:
        return
    staying = employer.staff - employer.on_notice
    excess = max(0, staying - employer.posts_ahead) + world.misfit_share * employer.misfits
    over = world.firing_speed * (excess - slack_of(employer, world))
    if over > 0.0:
        # Whole persons, rounded up; where a row stands for several, rows by luck so that the scale does not matter.
        persons_per_row = 1.0 if employer.represents > 1 else float(world.persons_per_agent)
        persons = float(int(over * persons_per_row))
        if persons < over * persons_per_row:
            persons += 1.0
        employer.dismissals = min(int(persons / persons_per_row + luck.dismissal_rounding), staying)
