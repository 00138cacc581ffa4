"""The ledgers of policies: euros granted, reserved, paid, released, returned, in whole cents.

A year's budget arrives in twelfths. A seat reserves its full cost at enrolment and is paid month by month; who
drops out releases the rest. What is neither paid nor reserved on 31 December lapses and is returned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass
class Ledger:
    """The account of one policy; every amount in cents, running totals since the start.

    Identities, true after every entry: ``granted = paid + reserved + available + returned``, none negative.
    """

    year_budget: int
    granted: int = 0
    paid: int = 0
    reserved: int = 0
    available: int = 0
    returned: int = 0

    def grant_twelfth(self, month_of_year: int) -> None:
        """Add a twelfth of the year's budget; the cents that do not divide come in the first months."""
        amount = self.year_budget // 12 + (1 if month_of_year <= self.year_budget % 12 else 0)
        self.granted += amount
        self.available += amount

    def reserve(self, amount: int) -> None:
        """Set money aside for a seat or a grant."""
        self.available -= amount
        self.reserved += amount

    def pay(self, amount: int) -> None:
        """Pay from what is reserved."""
        self.reserved -= amount
        self.paid += amount

    def release(self, amount: int) -> None:
        """Free what was reserved for someone who dropped out; it can be used until the end of the year."""
        self.reserved -= amount
        self.available += amount

    def close_year(self) -> None:
        """Return what is still available."""
        self.returned += self.available
        self.available = 0

    def holds(self) -> bool:
        """Return whether every identity of the ledger holds."""
        parts = (self.paid, self.reserved, self.available, self.returned)
        return min(parts) >= 0 and sum(parts) == self.granted


def instalments(cost: int, months: int) -> tuple[int, ...]:
    """Divide the cost of a seat over its months, the odd cents first.

    >>> instalments(1000, 3)
    (334, 333, 333)
    """
    base, odd = divmod(cost, months)
    return tuple(base + (1 if i < odd else 0) for i in range(months))


@dataclass
class Programme:
    """A reskilling policy in a run: its name, its account, its seats and the people in its courses."""

    id: str
    ledger: Ledger
    in_force: NDArray[np.bool_]
    cost: int
    duration: int
    instalments: tuple[int, ...]
    starts: int
    active: NDArray[np.int64]
    """People in courses by months since enrolment, at the end of last month."""
    enrolled: int = 0
    """People enrolled this month, until their first month is paid."""
    enrolled_now: int = 0
    """People enrolled this month, for the record."""
    paid_for_places: int = 0
    """Cents paid to providers for further places, to date."""

    def pay_for_places(self, amount: int) -> None:
        """Pay providers for further places, at once."""
        self.ledger.reserve(amount)
        self.ledger.pay(amount)
        self.paid_for_places += amount


@dataclass
class Extension:
    """A policy that extends short-time work in a run: its account, months added, and the firms it is for."""

    ledger: Ledger
    in_force: NDArray[np.bool_]
    months: int
    staff_below: int


@dataclass
class ExitSupport:
    """A policy that pays part of early exits in a run: its account, the part, and the firms it is for."""

    ledger: Ledger
    in_force: NDArray[np.bool_]
    share: float
    staff_below: int


@dataclass
class Grants:
    """A conversion support policy in a run: its name, its account and what it offers."""

    id: str
    ledger: Ledger
    in_force: NDArray[np.bool_]
    instrument: int
    """Grant, guarantee or advice."""
    share: float
    """Share of the conversion cost granted or guaranteed; for advice, what is left of the hurdle."""
    staff_below: int
    fee: int = 0
    """Cents for the advice of one firm."""
    default: float = 0.0
    """Chance in a month that a guaranteed loan fails though the firm goes on."""


@dataclass
class Insurance:
    """A wage insurance in a run: its account, the thousandths of the loss it pays, and for how long."""

    ledger: Ledger
    in_force: NDArray[np.bool_]
    permille: int
    months: int
    insured: int = 0
    """People whose wage was topped up this month."""


@dataclass
class Moves:
    """Grants for displaced people who take a job elsewhere: the account, one grant and what it does."""

    ledger: Ledger
    in_force: NDArray[np.bool_]
    grant: int
    factor: float
    """How much likelier a displaced person moves with the grant."""
    granted: int = 0
    """Grants paid this month."""
