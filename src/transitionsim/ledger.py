"""The ledgers of policies: euros granted, reserved, paid, released, returned, in whole cents.

A year's budget arrives in twelfths, by :meth:`Ledger.grant` alone. A seat reserves its full cost at enrolment and is
paid month by month; who drops out releases the rest. What is neither paid nor reserved on 31 December lapses and is
returned.
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

    def twelfth(self, month_of_year: int) -> int:
        """Return a twelfth of the year's budget; the cents that do not divide come in the first months."""
        return self.year_budget // 12 + (1 if month_of_year <= self.year_budget % 12 else 0)

    def grant(self, amount: int) -> None:
        """Take money in: the one way by which euros come to a policy.

        All of it comes from the public purse of the region. A policy ``paid_by`` several funds would draw on them
        here, in their order, each as far as its commitments, its share and its rules allow; nothing behind this
        line asks where money comes from.
        """
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


@dataclass(kw_only=True)
class Running:
    """A policy in a run: its name, its account and the months in which it is in force.

    Each kind of policy adds what it needs of its own: prices, limits, counts of the month.
    """

    id: str
    ledger: Ledger
    in_force: NDArray[np.bool_]
    """By month of the run."""

    def may_spend(self, month: int) -> bool:
        """Return whether the policy is in force and has money left."""
        return bool(self.in_force[month]) and self.ledger.available > 0
