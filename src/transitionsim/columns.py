"""The columns of every population, declared once as data; ``world_variables.py`` declares the world.

A table of :class:`Column` makes the record type of a population, the pages of the manual, the header of
a panel and the sentences a rule's author reads after a misspelling. Rules read and write these columns by
name; nothing else describes an agent but what a policy declares for itself alone: ``policies.populations``
has those columns too, whether the policy is in force or not.

Months are counted from the first month of the scenario (month 0); the past is negative. Money in a worker's
row is integer euro cents a month, skills are integer hundredths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

Records = NDArray[np.void]

NEVER: Final = 32_767
"""A month that does not come: the value of a date that is not set."""
LONG_AGO: Final = -32_767
"""A month before everything: the value of an event that never happened."""
NOBODY: Final = -1
"""The employer of a person without one, and the course of a person in none."""

# --- status of a worker ---------------------------------------------------------------------------------
EMPLOYED: Final = 0
UNEMPLOYED: Final = 1
IN_TRAINING: Final = 2
INACTIVE: Final = 3
RETIRED: Final = 4
AWAY: Final = 5
STATUS_NAMES: Final = ("employed", "unemployed", "in training", "inactive", "retired", "away")

PARTICIPANT_NAMES: Final = (
    "all", "unemployed", "long-term unemployed", "inactive", "employed", "under 30", "55 and over",
    "qualification basic", "qualification vocational", "qualification higher",
)  # fmt: skip
"""Groups by which participants are counted when a course begins, close to the common indicators of the ESF+."""

# --- level of qualification --------------------------------------------------------------------------------
HIGHER: Final = 2
"""Higher education; 0 is basic and 1 vocational."""
LEVEL_NAMES: Final = ("basic", "vocational", "higher")

# --- contract -------------------------------------------------------------------------------------------
PERMANENT: Final = 0
TEMPORARY: Final = 1
CONTRACT_NAMES: Final = ("permanent", "temporary")

# --- causes of separation: one enumeration, over which the job ledger closes -------------------------------
DISMISSAL: Final = 0
CLOSURE: Final = 1
TEMPORARY_NOT_RENEWED: Final = 2
EARLY_EXIT: Final = 3
OTHER_END: Final = 4
QUIT_TO_JOB: Final = 5
TO_INACTIVITY: Final = 6
RETIREMENT: Final = 7
CAUSE_NAMES: Final = (
    "dismissal for lack of orders",
    "closure of the firm",
    "temporary contract not renewed for lack of orders",
    "early exit induced by lack of orders",
    "other end of contract",
    "quit to another job",
    "exit to inactivity",
    "retirement or death",
)
INVOLUNTARY: Final = (DISMISSAL, CLOSURE, TEMPORARY_NOT_RENEWED)
NO_CAUSE: Final = -1

# --- employers ------------------------------------------------------------------------------------------
OEM: Final = 0
TIER_1: Final = 1
TIER_2: Final = 2
TIER_3: Final = 3
OTHER_ECONOMY: Final = 4
TIER_NAMES: Final = ("vehicle plant", "tier 1 supplier", "tier 2 supplier", "tier 3 supplier", "rest of the economy")

AFTERMARKET: Final = 7
PROJECT: Final = 8
"""Sectors of their own: trade and repair of motor vehicles (NACE G45), battery and drive plants (NACE 27)."""

LIFE_OF_A_LINE: Final = 120
"""Months over which a firm counts the return of a line; ten years, the usual life of a press or machining line."""

NOT_CONVERTED: Final = 0
BUILDING: Final = 1
CONVERTED: Final = 2
STAGE_NAMES: Final = ("not converted", "building a line", "converted")

# --- age bands, as the record breaks people down ---------------------------------------------------------------
AGE_LIMITS: Final = (360, 540, 660)
"""Months of age at which a new band begins."""
AGE_NAMES: Final = ("under 30", "30 to 44", "45 to 54", "55 and over")

# --- instruments of conversion support, as places in the bit mask ``applies`` ---------------------------------
GRANT: Final = 0
GUARANTEE: Final = 1
ADVICE: Final = 2
INSTRUMENT_NAMES: Final = ("grant", "guarantee", "advice")

# --- component groups and powertrains ----------------------------------------------------------------------
ENGINE: Final = 0
TRANSMISSION: Final = 1
EXHAUST_FUEL: Final = 2
NEUTRAL: Final = 3
ELECTRIC_DRIVE: Final = 4
BATTERY: Final = 5
POWER_ELECTRONICS: Final = 6
GROUP_NAMES: Final = (
    "engine",
    "transmission",
    "exhaust_and_fuel",
    "neutral",
    "electric_drive",
    "battery",
    "power_electronics",
)
COMBUSTION_GROUPS: Final = (ENGINE, TRANSMISSION, EXHAUST_FUEL)
ELECTRIC_GROUPS: Final = (ELECTRIC_DRIVE, BATTERY, POWER_ELECTRONICS)
POWERTRAINS: Final = ("ice", "hev", "phev", "bev")

SKILLS: Final = ("assembly", "machining", "electrical", "electronics", "process", "logistics", "people", "analysis")
"""The skill pillars, in the order in which a worker's ``skills`` hold them."""


ALLOWED_TYPES: Final = ("f8", "i1", "i2", "i4", "?", "u8")
"""Record types on which the compiled and the interpreted engine agree bit for bit (``u8`` only for keys)."""

MOST_PAID: Final = 1_000_000_000
"""The highest wage a column may hold, in cents a month: ten million euros, which may double and still fit."""
MOST_PREMIUM: Final = 10
"""The highest wage premium a column may hold: no wage of a profile times it leaves a whole number of 32 bits."""
MOST_EUROS: Final = 1e15
"""The largest sum of euros a column may hold: sums of sums of it stay finite."""

ROWS: Final = "rows"
BIT_MASK: Final = "bit mask"


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute of an agent: its name, record type, unit, meaning and the values that it may hold.

    ``low`` and ``high`` bound the value, the record type where they are not given; a code has the names of its
    values, from 0 on, in ``codes``. ``within`` names a table or a number of the world by which a value from 0 on is
    bounded: as a place in the table, as so many ``rows`` at most, or with a bit for each place in a ``bit mask``.

    A column of several numbers of one kind has ``parts``: a rule reads and writes them by their place,
    ``worker.skills[k]``; tables show each under its name.
    """

    name: str
    dtype: str
    unit: str
    meaning: str
    low: float | None = None
    high: float | None = None
    within: str = ""
    codes: tuple[str, ...] = ()
    start: int = 0
    """The value in every row before a run begins, where nothing else writes it."""
    parts: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which tables show the column: its own, or those of its parts."""
        return self.parts or (self.name,)

    def limits(self, world: Mapping[str, Any]) -> tuple[float, float]:
        """Return the lowest and the highest value that the column may hold in a world.

        >>> Column("reach", "i4", BIT_MASK, "", within="profiles").limits({"profiles": 3})
        (0, 7)
        >>> Column("cause", "i1", "code", "", NO_CAUSE, codes=CAUSE_NAMES).limits({})
        (-1, 7)
        """
        low, high = type_limits(np.dtype(self.dtype))
        if self.codes or self.within:
            low = 0
        if self.codes:
            high = len(self.codes) - 1
        low, high = (low if self.low is None else self.low), (high if self.high is None else self.high)
        if self.within in world:
            there = world[self.within]
            size = len(there) if isinstance(there, np.ndarray) else int(there)
            high = min(high, {ROWS: size, BIT_MASK: (1 << size) - 1}.get(self.unit, size - 1))
        return low, high

    def allowed(self, limits: tuple[float, float]) -> str:
        """Return in words which values are allowed."""
        if limits == type_limits(np.dtype("f8")):
            return "a finite number is allowed"
        names = f" ({', '.join(self.codes)})" if self.codes else ""
        return f"{limits[0]:.15g} to {limits[1]:.15g} is allowed{names}"


def type_limits(dtype: np.dtype[Any]) -> tuple[float, float]:
    """Return the lowest and the highest number of a record type that a column may hold.

    The lowest whole number of a type stays unused: compiled, it is its own negative and its own absolute value.
    """
    if dtype.kind == "f":
        return float(np.finfo(dtype).min), float(np.finfo(dtype).max)
    if dtype.kind == "b":
        return 0, 1
    highest = int(np.iinfo(dtype).max)
    return (-highest if dtype.kind == "i" else 0), highest


WORKER: Final[tuple[Column, ...]] = (
    Column("key", "u8", "", "address of this person's luck; not readable by rules"),
    Column("employer", "i4", "row", "row of the employer, -1 without one", -1, within="employers"),
    Column("wage", "i4", "EUR cents a month", "gross wage in the present or last job", 0, MOST_PAID),
    Column(
        "wage_before", "i4", "EUR cents a month", "gross wage in the job lost at the last displacement", 0, MOST_PAID
    ),
    Column("from_employer", "i4", "row", "employer left at the last separation, -1 for none", -1, within="employers"),
    Column(
        "reach", "i4", BIT_MASK, "job profiles this person can fill without training, one bit each", within="profiles"
    ),
    Column("birth_month", "i2", "month", "month of birth"),
    Column("exit_month", "i2", "month", "month of pension or death, drawn at birth, at which an entrant takes the row"),
    Column("since", "i2", "month", "month in which the present status began"),
    Column("hired", "i2", "month", "month of the last hire; tenure is counted from it"),
    Column("jobless_since", "i2", "month", "month in which the last job ended; the clock of long-term unemployment"),
    Column("left_month", "i2", "month", "month of the last separation"),
    Column("displaced_month", "i2", "month", "month of displacement from a job of two years or more, if under sixty"),
    Column("notice_end", "i2", "month", "month in which notice runs out, 32767 when not on notice"),
    Column("course_end", "i2", "month", "month in which the present course ends, or the last was completed"),
    Column("enrolled", "i2", "month", "month in which the last course began, -32767 for none"),
    Column(
        "wants_seat",
        "i2",
        BIT_MASK,
        "training programmes at which this person applies for a seat this month",
        within="programmes",
    ),
    Column("pace", "i2", "hundredths", "persistent pace out of unemployment of this person, mean 100", 0, None),
    Column("scar", "i2", "ten-thousandths", "part of the wage missing since a displacement", 0, 5000),
    Column("scar_due", "i2", "ten-thousandths", "scar that the next hire will carry, -1 if no job was lost", -1, 5000),
    Column("tenure_lost", "i2", "months", "tenure in the job lost at the last displacement", 0, None),
    Column("status", "i1", "code", "what the person does now", codes=STATUS_NAMES),
    Column("contract", "i1", "code", "kind of the present or last contract", codes=CONTRACT_NAMES),
    Column("profile", "i1", "code", "job profile of the present or last job", within="profiles"),
    Column("second", "i1", "code", "job profile before that, or the present one again", within="profiles"),
    Column("qualification", "i1", "code", "level of qualification", codes=LEVEL_NAMES),
    Column("cause", "i1", "code", "cause of the last separation, -1 for none", NO_CAUSE, codes=CAUSE_NAMES),
    Column("profile_lost", "i1", "code", "job profile of the job lost at the last displacement", within="profiles"),
    Column("hired_from", "i1", "code", "status before the last hire", codes=STATUS_NAMES),
    Column("course", "i1", "code", "job profile trained for, -1 for none", NOBODY, within="profiles"),
    Column("trained", "i1", "code", "job profile of the last course completed, -1 for none", NOBODY, within="profiles"),
    Column(
        "programme", "i1", "code", "training programme that pays the course, -1 for none", NOBODY, within="programmes"
    ),
    Column("commuter", "?", "", "whether this person lives outside the region"),
    Column("applications", "i1", "a round", "job applications this person sends in each round this month", 0, 2),
    Column(
        "skills",
        "i1",
        "hundredths",
        "skills held, one for each pillar",
        0,
        100,
        parts=tuple(f"skill_{name}" for name in SKILLS),
    ),
)
"""One record for each person (or for ``persons_per_agent``) of the labour force and the inactive attached to it."""


EMPLOYER: Final[tuple[Column, ...]] = (
    Column("key", "u8", "", "address of this employer's luck; not readable by rules"),
    Column("liquidity", "f8", "EUR", "cash at hand, for each firm that the row stands for", -MOST_EUROS, MOST_EUROS),
    Column("revenue_start", "f8", "EUR a month", "revenue at the start", 0, MOST_EUROS),
    Column("premium", "f8", "ratio", "wage premium over the wage of the profile", 0, MOST_PREMIUM),
    Column("dependence", "f8", "share", "share of labour hours for combustion components at the start", 0, 1),
    Column("main_share", "f8", "share", "share of labour hours for the main combustion group at the start", 0, 1),
    Column("conversion_cost", "f8", "EUR", "cost of a line for electric components", 0, MOST_EUROS),
    Column(
        "conversion_value",
        "f8",
        "EUR",
        "present value of the orders a new line would bring, as the firm sees it",
        -MOST_EUROS,
        MOST_EUROS,
    ),
    Column("grant_share", "f8", "share", "share of the conversion cost granted by a policy", 0, 1),
    Column("guarantee", "f8", "share", "share of the conversion cost whose loan a policy guarantees", 0, 1),
    Column("margin", "f8", "share", "profit as a share of revenue at the start", -1, 1),
    Column("fixed_cost", "f8", "EUR a month", "cost that does not move with orders", -MOST_EUROS, MOST_EUROS),
    Column("mean_wage", "f8", "EUR a month", "cost of one person, contributions included, at the start", 0, MOST_EUROS),
    Column("exit_rate", "f8", "a month", "own exits as a share of staff, mean of the last 24 months", 0, 1),
    Column(
        "revenue", "f8", "EUR a month", "what this month's orders are worth, for each firm of the row", 0, MOST_EUROS
    ),
    Column("short_time", "f8", "share", "hours that permanent staff do not work this month for lack of orders", 0, 1),
    Column("number", "i4", "row", "own row", within="employers"),
    Column("posts", "i4", ROWS, "posts wanted this month", 0, None),
    Column("posts_start", "i4", ROWS, "posts at the start", 0, None),
    Column("posts_ahead", "i4", ROWS, "most posts wanted within the look-ahead", 0, None),
    Column("posts_year", "i4", ROWS, "posts wanted in twelve months by the orders published today", 0, None),
    Column("staff", "i4", ROWS, "people employed, those on notice included", within="people"),
    Column("exits", "i4", ROWS, "people who left this month for other reasons than orders", within="people"),
    Column("on_notice", "i4", ROWS, "people employed whose notice is running", within="people"),
    Column("temporary", "i4", ROWS, "people on temporary contracts, those on notice not counted", within="people"),
    Column("leaving", "i4", ROWS, "people known to leave for good within two months", within="people"),
    Column("trainees", "i4", ROWS, "people employed who attend a course", within="people"),
    Column(
        "misfits",
        "i4",
        ROWS,
        "people in profiles the firm has no post for, while posts of others lack",
        within="people",
    ),
    Column("dismissals", "i4", ROWS, "people to be given notice this month", within="people"),
    Column("tier", "i1", "code", "place in the chain of suppliers", codes=TIER_NAMES),
    Column(
        "support",
        "i1",
        "code",
        "conversion support policy that granted a share of the cost, -1 for none",
        -1,
        None,
        "support_policies",
    ),
    Column(
        "applies",
        "i1",
        BIT_MASK,
        "support with which the firm would build: 1 grant, 2 guarantee, 4 advice",
        0,
        7,
    ),
    Column(
        "sector",
        "i1",
        "code",
        "sector; 0 for automotive (NACE C29), 7 for NACE G45, 8 for battery and drive plants (NACE 27)",
        0,
        PROJECT,
    ),
    Column(
        "main_group",
        "i1",
        "code",
        "combustion component group with most labour hours, -1 for none",
        -1,
        codes=GROUP_NAMES,
    ),
    Column("stage", "i1", "code", "where the firm stands with a line for electric components", codes=STAGE_NAMES),
    Column("stage_month", "i2", "month", "month in which the present stage began"),
    Column("loan_end", "i2", "month", "month in which the guaranteed loan is paid back, 32767 without one"),
    Column("months_in_red", "i2", "months", "months in a row without liquidity", 0, None),
    Column("short_time_months", "i2", "months", "months of short time used since the last full wait", 0, None),
    Column("short_time_wait", "i2", "months", "months to go without short time before it can begin anew", 0, None),
    Column("represents", "i2", "firms", "firms this row stands for when small firms are thinned", 1, None),
    Column("sme", "?", "", "fewer than 250 staff at the start"),
    Column("extends", "?", "", "whether short time this month hangs on a policy that extends it"),
    Column("advised", "?", "", "whether a policy paid for advice on conversion"),
    Column("closing", "?", "", "whether the firm closes this month"),
    Column("closed", "?", "", "whether the firm has closed"),
    Column("insolvent", "?", "", "whether it closed out of cash, with orders on its books"),
)
"""One record for each employer: vehicle plants, suppliers of tiers 1 to 3 and the rest of the regional economy."""


def record_type(columns: Sequence[Column]) -> np.dtype[np.void]:
    """Return the NumPy record type of a table of columns, padded so that rows align.

    >>> record_type(WORKER).itemsize
    88
    """
    fields: list[tuple[str, DTypeLike, tuple[int, ...]]] = [
        (column.name, column.dtype, (len(column.parts),) if column.parts else ()) for column in columns
    ]
    return np.dtype(fields, align=True)


def by_name(rows: Records, columns: Sequence[Column]) -> dict[str, NDArray[Any]]:
    """Return views of the columns of rows by the names that tables show, each of shape (n,)."""
    found: dict[str, NDArray[Any]] = {}
    for column in columns:
        found |= zip(column.names, np.atleast_2d(rows[column.name].T), strict=True)
    return found


def blank_rows(columns: Sequence[Column], count: int) -> Records:
    """Return rows in which nothing has happened yet: every column at its start."""
    rows = np.zeros(count, record_type(columns))
    for column in columns:
        if column.start:
            rows[column.name] = column.start
    return rows


def columns_of(table: Sequence[Column], added: Mapping[str, str]) -> tuple[Column, ...]:
    """Return a table with the columns that a student's rules add behind its own."""
    own = tuple(Column(name, dtype, "", "added by a rule") for name, dtype in added.items())
    return (*table, *own)


def out_of_range(rows: Records, columns: Sequence[Column], world: Mapping[str, Any]) -> list[str]:
    """Say which columns hold a value that they may not hold in a world: the first row in which each does."""
    found = []
    for column in columns if len(rows) else ():
        low, high = column.limits(world)
        for name, values in by_name(rows, (column,)).items():
            if not (values.min() >= low and values.max() <= high):
                row = int(np.argmax(~((values >= low) & (values <= high))))
                found.append(f"row {row} holds {name} {values[row]}; {column.allowed((low, high))}")
    return found
