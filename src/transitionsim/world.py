"""The state of one run, in named parts: the populations, the tables between them, and what rules read of the world.

Each part says what it holds; a step reads any, and writes only what ``writers.py`` lets its file write.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from transitionsim.breakdowns import Breakdown, begin_month, nothing_to_break_down
from transitionsim.careers import Careers
from transitionsim.columns import EMPLOYED, IN_TRAINING, PARTICIPANT_NAMES, UNEMPLOYED, Records
from transitionsim.evidence import Register
from transitionsim.histories import Histories
from transitionsim.ledger import Running
from transitionsim.markets.orders import Books, Network, Stretch
from transitionsim.markets.providers import Providers
from transitionsim.mechanisms import Mechanisms
from transitionsim.months import Month
from transitionsim.structure import Components, JobProfiles

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Table = NDArray[np.int32]
Offer = TypeVar("Offer", bound=Running)


@dataclass(frozen=True)
class Settings:
    """What a run is told once: its name, its months, its switches and its parameters."""

    name: str
    start: Month
    months: int
    labour_content: str
    """Whether a battery car needs less, equal or more labour."""
    openings: bool
    """Whether posts that nobody fills are vacancies."""
    mechanisms: Mechanisms
    register: Register
    looked_up: dict[str, float] = field(default_factory=dict, compare=False)
    """Parameters that the run has asked for so far."""

    def value(self, key: str) -> float:
        """Return a parameter as a number; looked up in the register once, since a month asks often."""
        if key not in self.looked_up:
            self.looked_up[key] = float(self.register.value(key))
        return self.looked_up[key]


@dataclass
class Road:
    """The dated inputs of a scenario, month by month, long enough for the furthest look ahead.

    ``content`` (months, groups): vehicle sets per European car made; ``volume`` (months,): European cars made,
    relative to the start; ``made`` (plants, months): cars made by each vehicle plant, relative to the start;
    ``carried`` (plants, months, groups): vehicle sets in the plant's own cars; ``assembly`` (plants, months):
    labour of final assembly for a car, relative to the start; ``sourcing`` (months, groups): parts bought in the
    region, relative to the start; ``labour`` (months,): labour for a set or a car, relative to the start;
    ``electric_value`` (months, groups): years of combustion revenue that a line begun in a month would bring
    back in electric orders, discounted; ``aftermarket`` (months,): posts of NACE G45, relative to the start.
    """

    content: Floats
    volume: Floats
    made: Floats
    carried: Floats
    assembly: Floats
    sourcing: Floats
    labour: Floats
    electric_value: Floats
    aftermarket: Floats
    still: NDArray[np.bool_]
    """Whether nothing changes on the road within the next twelve months, by month."""

    def stretch(self, month: int, ahead: int) -> Stretch:
        """Return the piece of road from a month on, as the market for orders reads it."""
        part = slice(month, month + ahead + 1)
        return Stretch(
            content=self.content[part],
            volume=self.volume[part],
            made=np.ascontiguousarray(self.made[:, part].T),
            carried=np.ascontiguousarray(self.carried[:, part].swapaxes(0, 1)),
            assembly=np.ascontiguousarray(self.assembly[:, part].T),
            sourcing=self.sourcing[part],
            labour=self.labour[part],
            content_start=self.content[0],
            carried_start=np.ascontiguousarray(self.carried[:, 0]),
        )


@dataclass(frozen=True)
class ProjectPlan:
    """A battery or drive plant in a run: its row, first month, persons at full staff, months to get there."""

    row: int
    first: int
    jobs: int
    ramp: int
    pattern: int
    """Its line of ``JobProfiles.staffing``."""


@dataclass
class Learning:
    """What happened in the courses of this month, in rows; the people trained this year in both readings."""

    in_post: int = 0
    on_notice: int = 0
    jobless: int = 0
    turned_away: int = 0
    """People who applied for a seat in vain while a programme had money for more seats than providers had places."""
    completed: Integers = field(default_factory=lambda: np.zeros(4, np.int64))
    """People who completed a course this month, those of them employed; six months ago, and those of them employed."""
    participants: Integers = field(default_factory=lambda: np.zeros(len(PARTICIPANT_NAMES), np.int64))
    """People enrolled by what they were when the course began; who is of several groups counts in each."""
    placed: Integers = field(default_factory=lambda: np.zeros(3, np.int64))
    """People who took a post of the profile of their last course: hired, and moved within their firm."""
    by_course: Integers = field(default_factory=lambda: np.zeros(0, np.int64))
    """People enrolled by course."""
    this_year: int = 0
    """Different people who began a course since January."""
    this_year_automotive: int = 0
    """Those of them employed in an automotive firm when they did."""

    def begin_month(self, january: bool) -> None:
        """Begin the counts of a month, and in January those of a year."""
        self.in_post = self.on_notice = self.jobless = self.turned_away = 0
        self.completed[:] = 0
        self.placed[:] = 0
        self.by_course[:] = 0
        self.participants[:] = 0
        if january:
            self.this_year = self.this_year_automotive = 0


@dataclass
class Labour:
    """Jobs and who holds them: posts, staff and vacancies by employer and profile, and what firms remember of them.

    Tables have shape (employers, profiles) unless said otherwise.
    """

    staff: Table
    """People employed, in rows."""
    posts: Table
    """Posts wanted this month, in rows of people."""
    vacancies: Table
    """Vacancies that are open."""
    leaving: Table
    """People known to leave for good within two months."""
    on_notice: Table
    """People whose notice is running."""
    automotive_rows: Table
    """Rows of the people employed in automotive firms after lives have moved, the first ``automotive_count``."""
    hires_window: Integers
    """Hires by profile in each of the last 36 months, shape (36, profiles)."""
    vacancy_window: Floats
    """Vacancies before and after matching in each of the last 12 months, shape (2, 12, profiles)."""
    lacking_window: Floats
    """Posts that automotive firms lack people for, by profile, in each of the last 12 months."""
    gap_window: Floats
    """How far unemployment stood above its start in each of the last months, shape (120,)."""
    automotive_count: int = 0
    """People employed in automotive firms, in rows."""
    response: float = 0.0
    """Posts by which other employers have answered automotive posts lost, in rows."""
    other_factor: Floats = field(default_factory=lambda: np.ones((0, 0)))
    """Posts of the rest of the economy relative to the start, by sector and profile, as last written."""
    listed: dict[str, Table] = field(default_factory=dict)
    """Rows that the pass before has listed, by the column that is not zero in them."""

    @property
    def automotive_staff(self) -> Table:
        """The rows of the people employed in automotive firms."""
        return self.automotive_rows[: self.automotive_count]


@dataclass
class Orders:
    """What is made: who supplies whom, the road ahead, and what the month's orders come to."""

    network: Network
    """Who supplies whom in the region."""
    road: Road
    """The dated inputs of the scenario."""
    books: Books
    """Orders, purchases, deliveries and labour hours of the month."""
    share: Floats
    """Orders of each employer relative to its usual share; the shares sum to what they were."""
    log_share: Floats
    """Logarithm of it before the sum is restored, an autoregressive process of each supplier's own luck."""
    handed_on: Floats
    """Factor in the share of orders for what bankrupt suppliers left, (employers,)."""
    projects: list[ProjectPlan] = field(default_factory=list)
    """Battery and drive plants of the scenario."""
    vehicles_made: float = 0.0
    """Vehicles made this month."""


@dataclass
class Training:
    """Courses: what providers can start, what is taken, who is in them."""

    seats_used: Integers
    """Seats given this year, by course."""
    active: Integers
    """People in courses by programme and months still to go, shape (programmes, months)."""
    providers: Providers = field(default_factory=lambda: Providers(np.zeros(0), 0.0))
    """The places of all providers."""


@dataclass
class Public:
    """The public hand: the policies of the run with their accounts, and what is paid and received besides."""

    transfers: Integers = field(default_factory=lambda: np.zeros(3, np.int64))
    """Benefits paid, contributions and income tax received since the start, in cents, shape (3,)."""
    policies: list[Running] = field(default_factory=list)
    """The policies of the run, in the order of the scenario."""
    instruments: Integers = field(default_factory=lambda: np.zeros(0, np.int64))
    """Instruments of conversion support: the column ``support`` of a firm is a place in it."""
    short_time_pay: int = 0
    """Cents of short-time benefit paid so far, whoever pays it."""
    short_time_by_policies: int = 0
    """The part of it that policies have paid."""
    early_exit_cost: int = 0
    """Cents that early exits have cost so far, firms' and policies' parts together."""

    def offers(self, kind: type[Offer]) -> list[Offer]:
        """Return the policies of one kind that run, in the order of the scenario."""
        return [one for one in self.policies if isinstance(one, kind)]


@dataclass
class Counts:
    """What is counted in a month, in rows of people: flows from its beginning on, stocks at its end."""

    separations: Integers
    """By cause and automotive or other employer, shape (causes, 2)."""
    hires: Integers
    """By status before and automotive or other employer, shape (statuses, 2)."""
    hires_by_profile: Integers
    by_profile: Integers
    """Vacancies posted, by profile."""
    by_status: Integers
    """People by status: everybody employed, else residents of the region."""
    commuters: Integers
    """People who live outside the region, with a job in it and without one, shape (2,)."""
    misplaced: Integers
    """People above the posts of their employer, and posts neither filled nor open, shape (2,)."""
    by_sector: Integers
    """Staff, posts and vacancies by sector of the employer, shape (3, 16)."""
    purse: Integers
    """Benefits due and gross wages of the month, in cents for the people that a row stands for one by one."""
    jobless: Integers
    """The unemployed by profile."""
    long_term: Integers
    """The unemployed, and the people in training, whose last job ended a year ago or earlier."""
    in_course: Integers
    """People in a course, employed or not, shape (1,)."""
    supply: Integers
    """People of the labour force who hold the skills of each profile, shape (profiles,)."""
    posts_by_profile: Integers
    """Posts of all employers by profile."""
    learning: Learning
    """What happened in courses."""
    breakdown: Breakdown = field(default_factory=nothing_to_break_down)
    """The month by tier, size class, profile and age band."""
    displaced: Table = field(default_factory=lambda: np.zeros(0, np.int32))
    """Rows of the people who lost a job for lack of orders or by closure this month."""
    short_time_lost: int = 0
    """Hours not worked this month for short time, in rows of people."""
    short_time_wages: int = 0
    """Wages that firms do not pay for hours lost to short time this month, in cents."""
    away: int = 0
    """People away before this month's moves, counted only in months in which anybody moves."""
    moved_away: int = 0
    """People who left the region this month."""
    came_back: int = 0
    """People who came back this month."""
    employed_before: int = -1
    """People employed at the end of last month, -1 before the first audit."""

    def begin_month(self, january: bool) -> None:
        """Set every flow back to nothing; stocks are counted anew when the month is over."""
        for flow in (self.separations, self.hires, self.hires_by_profile):
            flow[:] = 0
        self.learning.begin_month(january)
        begin_month(self.breakdown)
        self.short_time_lost = self.short_time_wages = self.moved_away = self.came_back = 0


@dataclass
class Reference:
    """What the start was, and tables that do not change in a run."""

    jobs: JobProfiles
    """The job profiles."""
    parts: Components
    """The component groups."""
    holds: Integers
    """Profiles whose every skill a pair of profiles covers, one bit each, shape (profiles * profiles,)."""
    posts_start: Table
    """Posts at the start, shape (employers, profiles)."""
    phase: Floats
    """Where each employer's posts are rounded, in [0, 1), shape (employers,)."""
    cell_phase: Floats
    """The same for cells of one profile: below one, so that a cell without posts stays without."""
    employer_order: Integers
    """Rows of the employers in the order of their keys."""
    fill_reference: Floats
    """Share of the vacancies that were filled within a month before the start, by profile."""
    unemployment_start: float
    """Rate of unemployment at the start, the mean of five years of burn-in."""
    posts_reference: int
    """Posts of automotive employers at the start, in rows."""
    other_start: int = 0
    """Posts of the rest of the economy at the start, in rows."""


@dataclass
class Record:
    """What a run leaves behind: monthly series and tables, earnings followed, working lives."""

    series: dict[str, NDArray[Any]] = field(default_factory=dict)
    """Monthly series by name."""
    tables: dict[str, NDArray[Any]] = field(default_factory=dict)
    """Monthly tables, such as the skill gap by profile; ``tables.py`` names them."""
    histories: Histories = field(default_factory=Histories)
    """What people earn in the years after they lost an automotive job, and what others like them earn."""
    careers: Careers | None = None
    """Who was employed in which month, kept only when asked for."""


BY_EMPLOYER: Final = (
    *(("labour", name) for name in ("staff", "posts", "vacancies", "leaving", "on_notice")),
    *(("orders", name) for name in ("share", "log_share", "handed_on")),
    *(("reference", name) for name in ("posts_start", "phase", "cell_phase")),
)
"""Parts and their tables that have a line for each employer; so have all of ``orders.books``."""


@dataclass
class State:
    """Everything that changes in a run, in parts; ``writers.py`` says who writes what."""

    settings: Settings
    seed: int
    """The seed of all luck."""
    scale: int
    """Persons that a row of people stands for."""
    month: int
    """Counted from the first month of the scenario; the burn-in is negative."""
    workers: Records
    employers: Records
    world: dict[str, Any]
    """What rules read: names and values; ``world_variables.py`` says what each means and who writes it."""
    labour: Labour
    orders: Orders
    training: Training
    public: Public
    counts: Counts
    reference: Reference
    record: Record

    @property
    def prelude(self) -> bool:
        """Whether this month lies before the scenario: the burn-in, without transition or policy."""
        return self.month < 0

    @property
    def roadside(self) -> int:
        """The month's place on the road; the burn-in stands at its beginning."""
        return max(0, self.month)

    @property
    def month_of_year(self) -> int:
        """The month of the calendar year, 1 to 12."""
        return int((self.settings.start + self.month) % 12 + 1)

    def jobless_rate(self) -> float:
        """Return the unemployed and people in training as a share of the residents' labour force, as last counted."""
        return self.jobless_residents()[1]

    def jobless_residents(self) -> tuple[int, float]:
        """Return the residents without a job who look for one or train, and their share of the labour force."""
        counts = self.counts
        seeking = int(counts.by_status[UNEMPLOYED] + counts.by_status[IN_TRAINING])
        labour = seeking + int(counts.by_status[EMPLOYED] - counts.commuters[0])
        return seeking, seeking / max(1, labour)
