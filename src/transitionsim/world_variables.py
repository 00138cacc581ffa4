"""The variables of the world: every name that a rule may read beside its own agent, declared once as data.

A table of :class:`WorldVariable` makes the world of a run before its start fills it in, the page of the manual and
what ``transitionsim show`` prints of a rule. A name is written by the start, by a registered parameter, by a switch of
the scenario or, month by month, by the one step that moves it; a rule only reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from transitionsim.arithmetic import power
from transitionsim.columns import BIT_MASK, EMPLOYER, LIFE_OF_A_LINE, ROWS, record_type
from transitionsim.evidence import Register

START: Final = "start"
"""Writer of what is made with the region or as a scenario begins, and then stays."""
SWITCH: Final = "switch"
"""Writer of what a scenario says under ``mechanisms``, by the same name."""
ALL_STEPS: Final = "all steps"
"""Writer of another population: its rows are written by rules and markets throughout the month."""
RECORDS: Final = "records"
"""Type of another population: rows with the columns of its own table."""


@dataclass(frozen=True, slots=True)
class WorldVariable:
    """One name of the world: its type, unit, meaning, writer and, of a table, what its places stand for.

    ``dtype`` is a record type of NumPy (``f8``, ``i8``, ``i4`` or ``?``), or ``records``; ``shape`` names the
    dimensions. ``writer`` is ``start``, ``switch``, ``all steps`` or the step that moves the name. What is read off a
    registered parameter names its key, and how the value is written; unit and meaning are the register's where the
    table gives none.
    """

    name: str
    dtype: str
    unit: str
    meaning: str
    writer: str
    shape: tuple[str, ...] = ()
    parameter: str = ""
    convert: Callable[[Any], Any] = float

    def blank(self, sizes: Mapping[str, int]) -> Any:
        """Return the value of the name before anybody has written it: no, zero, or a table of them.

        >>> WorldVariable("surplus", "?", "", "", "open_seats", ("profiles",)).blank({"profiles": 2})
        array([False, False])
        """
        dtype = record_type(EMPLOYER) if self.dtype == RECORDS else np.dtype(self.dtype)
        table = np.zeros([sizes.get(dimension, 1) for dimension in self.shape], dtype)
        return table if self.shape else table.item()

    @property
    def written_by(self) -> str:
        """Who writes the name: a parameter or a switch by its key, else its writer."""
        return self.parameter or (f"mechanisms.{self.name}" if self.writer == SWITCH else self.writer)

    def explained(self, register: Register) -> WorldVariable:
        """Return the variable with unit and meaning in words, those of its parameter where it has none of its own."""
        if not self.parameter:
            return self
        registered = register[self.parameter]
        meaning = registered.meaning.rstrip(".")
        return replace(
            self, unit=self.unit or registered.unit, meaning=self.meaning or meaning[0].lower() + meaning[1:]
        )


def blank_world(sizes: Mapping[str, int]) -> dict[str, Any]:
    """Return a world with every declared name and nothing in it; dimensions without a size are one long."""
    return {one.name: one.blank(sizes) for one in WORLD}


def parameters_of(register: Register) -> dict[str, Any]:
    """Return every name that is read off a registered parameter, with its value."""
    return {one.name: one.convert(register.value(one.parameter)) for one in WORLD if one.parameter}


def _parameter(
    name: str, key: str, convert: Callable[[Any], Any] = float, unit: str = "", meaning: str = ""
) -> WorldVariable:
    dtype = "i8" if convert is int else "f8"
    return WorldVariable(name, dtype, unit, meaning, START, parameter=key, convert=convert)


def _years(name: str, key: str) -> WorldVariable:
    return _parameter(name, key, lambda years: 12.0 * years, "months")


def _half_life(months: float) -> float:
    """Return the share of a gap that closes in a month, from the months in which half of it does."""
    return 1.0 - power(2.0, -1.0 / months)


def _stays(months: float) -> float:
    """Return the mean share of a fixed cost still there over the ten years of a line, if it halves in some months."""
    step = 1.0 - _half_life(months)
    return float((1.0 - power(step, float(LIFE_OF_A_LINE))) / (LIFE_OF_A_LINE * (1.0 - step)))


def _kept_in_a_year(months: float) -> float:
    """Return the share that is left after a year, from the months in which half of it goes."""
    return power(2.0, -12.0 / months)


def _switch(name: str, meaning: str) -> WorldVariable:
    return WorldVariable(name, "?", "", f"whether {meaning}", SWITCH)


PROFILES: Final = ("profiles",)
PAIRS: Final = ("pairs",)
"""Pairs of job profiles, the present or last one and the one before: ``profile * profiles + second``."""
PROGRAMMES: Final = ("programmes",)
GROUPS: Final = ("component groups",)

WORLD: Final[tuple[WorldVariable, ...]] = (
    # --- the run and its populations ---
    WorldVariable("month", "i8", "month", "month of the run, from 0; negative in the burn-in", "follow_the_road"),
    WorldVariable("persons_per_agent", "i8", "persons", "persons that a row of people stands for", START),
    WorldVariable("people", "i8", ROWS, "rows of people", START),
    WorldVariable(
        "employers", RECORDS, ROWS, "all employers, row by row with their columns", ALL_STEPS, shape=("employers",)
    ),
    # --- people: entering and leaving working life ---
    _switch("ageing", "people age, retire and are replaced by entrants"),
    _years("entry_age_low", "people.entry_age_low"),
    _years("entry_age_high", "people.entry_age_high"),
    _years("exit_age_low", "people.exit_age_low"),
    _years("exit_age_high", "people.exit_age_high"),
    _parameter("early_death_share", "people.early_death_share"),
    WorldVariable(
        "entrant_profiles", "f8", "share", "entrants in this profile or one before it", "match_jobs", PROFILES
    ),
    WorldVariable(
        "entry", "f8", "ratio", "entrants of a profile for each of its hires, relative to the mean", START, PROFILES
    ),
    WorldVariable(
        "pace_classes",
        "i8",
        "hundredths",
        "paces out of unemployment, one of which each person has",
        START,
        shape=("pace classes",),
    ),
    WorldVariable("pace_count", "i8", "classes", "number of those paces", START),
    # --- people: separations and the labour force ---
    _switch("separations", "jobs end for reasons other than lack of orders"),
    _parameter("tenure_new_months", "tenure.new_months", int),
    WorldVariable(
        "separation_new", "f8", "a month", "hazard of an ordinary separation from a new job, not automotive", START
    ),
    WorldVariable("separation_old", "f8", "a month", "the same from a job held longer", START),
    WorldVariable("separation_to_unemployment", "f8", "share", "ordinary separations into unemployment", START),
    _parameter("automotive_separation", "tenure.automotive_ratio"),
    _parameter("temporary_share", "tenure.share_temporary_hires"),
    _switch("inactivity", "people leave and join the labour force"),
    WorldVariable("give_up", "f8", "a month", "hazard of leaving the search, at the mean pace", START),
    WorldVariable("start_looking", "f8", "a month", "hazard of an inactive person to take up the search", START),
    _parameter("incumbent_months", "search.incumbent_months", int),
    _years("incumbent_age", "search.incumbent_age"),
    _parameter("incumbent_exit_factor", "search.incumbent_exit_factor"),
    # --- people: skills and search ---
    WorldVariable("profiles", "i8", "profiles", "number of job profiles", START),
    WorldVariable(
        "requirement",
        "i8",
        "hundredths",
        "skill that a profile requires in each pillar",
        START,
        shape=("profiles", "skills"),
    ),
    WorldVariable("required", "i8", "hundredths", "sum of the skills that a profile requires", START, PROFILES),
    WorldVariable(
        "level", "i8", "code", "qualification that a profile asks for: 0 basic, 1 vocational, 2 higher", START, PROFILES
    ),
    _parameter("reach_limit", "search.reach_limit"),
    WorldVariable(
        "own_reach", "i8", BIT_MASK, "profiles within reach of who has worked in this one only", START, PROFILES
    ),
    WorldVariable(
        "pair_reach",
        "i8",
        BIT_MASK,
        "profiles within reach of who has worked in a pair of them; its place is profile * profiles + second",
        START,
        PAIRS,
    ),
    _switch("search_on_the_job", "employed people look for other jobs"),
    _parameter("mobility", "search.mobility"),
    WorldVariable(
        "search_jobless", "f8", "a month", "intensity of search of the jobless and of people on notice", START, PROFILES
    ),
    WorldVariable("search_inactive", "f8", "a month", "intensity of search of the inactive", START, PROFILES),
    WorldVariable("search_employed", "f8", "a month", "intensity of search of the employed", START, PROFILES),
    WorldVariable(
        "most_sought",
        "f8",
        "a month",
        "twice the highest intensity of anyone by status: a bound, nobody's behaviour",
        START,
        shape=("statuses", "profiles"),
    ),
    WorldVariable(
        "attraction", "f8", "ratio", "how strongly a vacancy of a profile attracts applications", START, PROFILES
    ),
    WorldVariable(
        "reach_scale",
        "f8",
        "1/vacancies",
        "one over the pull within reach of a profile in the steady state",
        START,
        PROFILES,
    ),
    WorldVariable(
        "pull", "f8", "vacancies", "vacancies of a profile, weighted by its attraction", "post_vacancies", PROFILES
    ),
    WorldVariable(
        "pair_within_reach",
        "f8",
        "ratio",
        "pull within reach of a pair of profiles (see pair_reach), against the steady state",
        "post_vacancies",
        PAIRS,
    ),
    _parameter("lock_in", "training.lock_in"),
    # --- people: wages ---
    WorldVariable(
        "wage",
        "f8",
        "EUR cents a month",
        "wage of a profile before the firm's premium, automotive and elsewhere",
        START,
        shape=("kinds of employer", "profiles"),
    ),
    WorldVariable(
        "least_accepted", "f8", "share", "least part of the own wage for which people in a job apply elsewhere", START
    ),
    _switch("scars", "people who lost a job earn less in the next one, for years"),
    _parameter("scar_base", "wages.scar_base"),
    _parameter("scar_tenure", "wages.scar_tenure"),
    _parameter("scar_slack", "wages.scar_slack"),
    _parameter("scar_jobless", "wages.scar_jobless"),
    _parameter("scar_jobless_months", "wages.scar_jobless_months", int),
    _parameter(
        "scar_kept", "wages.scar_half_life", _kept_in_a_year, "share a year", "part of a scar left after a year"
    ),
    WorldVariable("unemployment_gap", "f8", "share", "unemployment rate above that of the start", "follow_the_road"),
    # --- people: courses ---
    WorldVariable("programmes", "i8", "programmes", "number of training programmes", START),
    WorldVariable(
        "seat_starts",
        "i8",
        "code",
        "when a programme admits people: 0 before notice, 1 on notice, 2 after dismissal",
        START,
        PROGRAMMES,
    ),
    WorldVariable(
        "seat_targets",
        "i8",
        "code",
        "whom a programme is for: 0 profiles in surplus, 1 the displaced, 2 everyone",
        START,
        PROGRAMMES,
    ),
    WorldVariable("drop_out", "f8", "a month", "hazard of leaving a course of a programme early", START, PROGRAMMES),
    WorldVariable("seats_open", "i8", BIT_MASK, "training programmes with money for a seat", "open_seats"),
    WorldVariable(
        "surplus",
        "?",
        "",
        "whether more people look for work for each vacancy than over all profiles",
        "open_seats",
        PROFILES,
    ),
    WorldVariable(
        "nobody_learns", "?", "", "whether nobody is in a course and no programme is open: its rules rest", "open_seats"
    ),
    _parameter("wish_for_seat", "training.wish"),
    _parameter("course_pays_months", "training.pays_months", int),
    _parameter("course_quality", "training.quality"),
    _parameter("course_quality_spread", "training.quality_spread"),
    _parameter("certificate_discount", "training.certificate_discount"),
    # --- people: places ---
    WorldVariable(
        "leaving_hazard", "f8", "a month", "hazard of a jobless person to leave the region", "feel_the_slack"
    ),
    WorldVariable("return_hazard", "f8", "a month", "hazard of a person away to come back", "feel_the_slack"),
    WorldVariable("nobody_moves", "?", "", "whether both hazards are nil: the rules of places rest", "feel_the_slack"),
    _parameter("displaced_moves", "region.displaced_moves"),
    # --- firms: staff ---
    _switch("dismissals", "firms dismiss for lack of orders"),
    _parameter("look_ahead_months", "firing.look_ahead_months"),
    _parameter("firing_speed", "firing.speed"),
    _parameter("slack_share", "firing.slack_share"),
    _parameter("misfit_share", "firing.misfit_share"),
    WorldVariable(
        "lacking",
        "i4",
        ROWS,
        "posts of a profile above its staff, firm by firm",
        "post_vacancies",
        shape=("employers", "profiles"),
    ),
    _switch("closures", "firms close"),
    _parameter("closure_share", "firing.closure_share"),
    _parameter("months_in_red", "firing.months_in_red", int),
    _switch("short_time_work", "firms short of orders let staff work fewer hours"),
    _parameter("least_shortfall", "short_time.least_shortfall"),
    _parameter("short_time_most", "short_time.most_months", int),
    _parameter("short_time_waiting", "short_time.waiting_months", int),
    WorldVariable(
        "short_time_extension", "i8", "months", "months of short time that a policy adds, the most", "offer_extension"
    ),
    # --- firms: money and conversion ---
    WorldVariable("labour_share", "f8", "share", "wages, contributions included, in revenue at full work", START),
    _parameter("materials_share", "finance.materials_share"),
    _parameter(
        "fixed_cost_step",
        "finance.fixed_cost_half_life",
        _half_life,
        "share a month",
        "part of a lasting fall of revenue that a firm's fixed cost follows in a month",
    ),
    _parameter(
        "fixed_cost_stays",
        "finance.fixed_cost_half_life",
        _stays,
        "share",
        "part of a fixed cost without revenue that is still there, mean over the life of a line",
    ),
    _parameter("liquidity_months", "finance.liquidity_months"),
    _parameter("overdraft_share", "finance.overdraft_share"),
    _switch("conversion", "suppliers convert to electric components"),
    _parameter("dependence_threshold", "conversion.dependence_threshold"),
    _parameter("capture", "conversion.capture"),
    _parameter("credit_share", "conversion.credit_share"),
    _parameter("months_to_build", "conversion.months_to_build", int),
    _parameter("loan_months", "conversion.loan_months", int),
    WorldVariable(
        "hurdle", "f8", "ratio", "value of a line over its cost from which a firm does not wait any longer", START
    ),
    WorldVariable(
        "electric_value",
        "f8",
        "years",
        "years of combustion revenue that a line begun now brings in electric orders, discounted, by the group made",
        "follow_the_road",
        GROUPS,
    ),
    WorldVariable(
        "dearer_labour", "f8", "share", "labour that the electric set takes more than the one made now", START, GROUPS
    ),
    WorldVariable("support_policies", "i8", "policies", "number of policies that support conversion", START),
    WorldVariable("grant_offered", "f8", "share", "best grant on offer, of the cost of a line", "offer_support"),
    WorldVariable(
        "guarantee_offered", "f8", "share", "best guarantee on offer, of the cost of a line", "offer_support"
    ),
    WorldVariable(
        "hurdle_offered",
        "f8",
        "ratio",
        "what the best advice on offer leaves of the hurdle; 1 without",
        "offer_support",
    ),
)
"""Every name of the world, under the headings of the rules that read it."""
