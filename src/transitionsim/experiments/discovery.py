"""When does it happen? A box of inputs and levers in which a condition mostly holds (PRIM, Friedman and Fisher 1999).

A *case* is one arm in one draw of the inputs, its number the mean over seeds. The box is the one on PRIM's peeling
path with the largest product of coverage (share of all cases where the condition holds that lie inside) and density
(share of the cases inside where it holds). Limits that a binomial test cannot tell from none are dropped (Bryant and
Lempert 2010). A box describes the cases that were run; it is no claim about cases outside the ranges swept.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import signature
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.errors import InputError, nearest
from transitionsim.experiments.numbers import number
from transitionsim.experiments.samples import LEVEL, table_of, varying

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.experiments.contrasts import Measured

Mask = NDArray[np.bool_]
FEW: Final = 20
"""Cases inside a box below which it may be chance."""
CHANCE: Final = 0.05
POLICY: Final = "policy"
_COMPARATORS: Final[dict[str, Callable[[Any, float], Any]]] = {">=": ge, "<=": le, ">": gt, "<": lt}
_PART: Final = re.compile(r"\s*([A-Za-z_]\w*)\s*(>=|<=|>|<)\s*([-+]?[\d_.]+(?:[eE][-+]?\d+)?)\s*\Z")
_INSTALL: Final = "scenario discovery needs the extra 'explore': pip install 'transitionsim[explore]'"


@dataclass(frozen=True, slots=True)
class Condition:
    """One part of a condition: an outcome, a comparator and a number in the outcome's unit."""

    outcome: str
    comparator: str
    number: float

    def holds(self, values: NDArray[np.float64]) -> Mask:
        """Return where it holds; nowhere where there is no number."""
        return np.asarray(_COMPARATORS[self.comparator](values, self.number), dtype=np.bool_)


@dataclass(frozen=True)
class Limit:
    """What a box allows of one input: a range of numbers, or some of the choices."""

    name: str
    low: float = float("nan")
    high: float = float("nan")
    choices: tuple[str, ...] = ()
    whole: tuple[Any, ...] = ()
    """The range or the choices that were swept."""

    def inside(self, column: pd.Series[Any]) -> Mask:
        """Return which cases lie within the limit."""
        if self.choices:
            return np.asarray(column.astype(str).isin(self.choices), dtype=np.bool_)
        return np.asarray((column >= self.low) & (column <= self.high), dtype=np.bool_)

    def __str__(self) -> str:
        if self.choices:
            return f"{self.name} is {' or '.join(self.choices)} (of {', '.join(map(str, self.whole))})"
        bottom, top = self.whole
        step = 10.0 ** math.floor(math.log10((top - bottom) / 200.0))
        low, high, least, most = (number(value, step) for value in (self.low, self.high, bottom, top))
        if self.low <= bottom:
            return f"{self.name} at most {high} (swept {least} to {most})"
        if self.high >= top:
            return f"{self.name} at least {low} (swept {least} to {most})"
        return f"{self.name} from {low} to {high} (swept {least} to {most})"


@dataclass(frozen=True)
class Box:
    """What was found: limits, and how well they tell the cases where the condition holds from the others."""

    limits: tuple[Limit, ...]
    inside: int
    holding_inside: int
    holding: int
    cases: int
    warnings: tuple[str, ...] = ()

    @property
    def coverage(self) -> float:
        """Share of the cases where the condition holds that lie inside."""
        return self.holding_inside / self.holding

    @property
    def density(self) -> float:
        """Share of the cases inside where the condition holds."""
        return self.holding_inside / self.inside

    def words(self, where: str) -> str:
        """Return the box in words."""
        if not self.limits:
            return f"No limits on inputs tell apart where {where}; it holds in {self.holding} of {self.cases} cases."
        limits = ", and ".join(map(str, self.limits))
        return (
            f"{where} mostly where {limits}. Inside it holds in {self.holding_inside} of {self.inside} cases (density "
            f"{self.density:.0%}), which are {self.coverage:.0%} of the {self.holding} cases where it holds "
            f"(coverage); over all {self.cases} cases it holds in {self.holding / self.cases:.0%}."
        )


def parse_condition(text: str, outcomes: Sequence[str]) -> tuple[Condition, ...]:
    """Return a condition: a name, a comparator and a number, or several of them joined by ``and``.

    >>> parse_condition("dismissals > 2_000 and euros_spent <= 1e7", ["dismissals", "euros_spent"])[1].number
    10000000.0
    """
    found = []
    for part in re.split(r"\band\b", text):
        match = _PART.match(part)
        number = _number(match[3]) if match else None
        if match is None or number is None:
            said = f"'{part.strip()}'" if part.strip() else "nothing"
            raise InputError.one("--where", f"found {said}; write NAME > NUMBER, with > >= < or <=, joined by 'and'")
        if match[1] not in outcomes:
            raise InputError.one("--where", f"{match[1]}: not an outcome of this sweep{nearest(match[1], outcomes)}")
        found.append(Condition(match[1], match[2], number))
    return tuple(found)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def cases(found: Measured, conditions: Sequence[Condition], arm: str | None = None) -> tuple[pd.DataFrame, Mask]:
    """Return the inputs and levers of every case and where all conditions hold.

    Cases are all scenarios in all draws of inputs, or those of one arm; the baseline where there is no scenario.
    An outcome is taken against the reference it has in a comparison. Cases without a number are left out.
    """
    labels = [one.label for one in found.plan.arms]
    if arm is not None and arm not in labels:
        raise InputError.one("--scenario", f"{arm}: not a scenario of this sweep{nearest(arm, labels)}")
    arms = [one for one in found.plan.arms if one.label == arm or (arm is None and one.role == "scenario")]
    arms = arms or [one for one in found.plan.arms if one.role == "baseline"]
    inputs = {draw.inputs: draw.values for draw in found.plan.draws}  # noqa: PD011
    frames, masks = [], []
    for one in arms:
        values = {part.outcome: _by_inputs(found, part.outcome, one.label) for part in conditions}
        numbers = sorted(set.intersection(*(set(by_inputs) for by_inputs in values.values())))
        rows = [{**({} if one.levers else {POLICY: one.label}), **one.levers, **inputs[number]} for number in numbers]
        masks += [all(part.holds(np.array(values[part.outcome][number])) for part in conditions) for number in numbers]
        frames += rows
    return varying(table_of(frames)), np.array(masks, dtype=np.bool_)


def _by_inputs(found: Measured, outcome: str, arm: str) -> dict[int, float]:
    """Return the outcome of an arm in every draw of the inputs, the mean over its seeds."""
    reference = next((one.label for one in found.references(outcome) if one.label != arm), LEVEL)
    horizon = found.horizons[-1]
    pairs = found.level(outcome, horizon, arm) if reference == LEVEL else found.pairs(outcome, horizon, arm, reference)
    return {int(one): float(pairs.numbers[pairs.inputs == one].mean()) for one in np.unique(pairs.inputs)}


def discover(table: pd.DataFrame, holds: Mask) -> Box:
    """Return the box of a condition over cases. Raises :class:`InputError` where there is nothing to tell apart."""
    count, total = int(holds.sum()), len(holds)
    if count in (0, total):
        raise InputError.one(
            "--where", f"holds in {'all' if count else 'none'} of {total} cases; there is nothing to tell apart"
        )
    if table.columns.empty:
        raise InputError.one("discover", "no input or lever varies in this sweep; a box needs some that do")
    ready = _ready(table)
    limits = _pruned(_chosen(ready, holds), ready, holds)
    inside = _inside(limits, ready)
    found = []
    if limits and int(inside.sum()) < FEW:
        found.append(f"only {int(inside.sum())} cases lie inside; the box may be chance, run more draws")
    if count < FEW:
        found.append(f"the condition holds in {count} cases only; run more draws or ask for less")
    return Box(tuple(limits), int(inside.sum()), int((inside & holds).sum()), count, total, tuple(found))


def _ready(table: pd.DataFrame) -> pd.DataFrame:
    """Return numbers as floats and everything else as text, which PRIM takes for choices."""
    import pandas as pd

    numbers = {name: pd.to_numeric(table[name], errors="coerce") for name in table.columns}
    plain = [name for name, column in numbers.items() if column.notna().all() and table[name].dtype != bool]
    return pd.DataFrame(
        {name: numbers[name].astype(float) if name in plain else table[name].astype(str) for name in table.columns}
    ).reset_index(drop=True)


def _prim(table: pd.DataFrame, holds: Mask) -> Any:
    """Return PRIM of the installed version: 2.5 asks for a threshold on density, 3.0 has none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from ema_workbench.analysis import prim
    except ImportError:
        raise InputError.one("discover", _INSTALL) from None
    more = {"threshold": 0.0} if "threshold" in signature(prim.Prim.__init__).parameters else {}
    return prim.Prim(table, holds.astype(int), **more)


def _chosen(table: pd.DataFrame, holds: Mask) -> list[Limit]:
    """Return the limits of the box on the peeling path with the largest product of coverage and density."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        box = _prim(table, holds).find_box()
    best: list[Limit] = []
    score = holds.mean()
    for frame in box.box_lims:
        limits = _limits(frame, table)
        inside = _inside(limits, table)
        held = int((inside & holds).sum())
        if inside.any() and held**2 / (inside.sum() * holds.sum()) > score * (1.0 + 1e-12):
            best, score = limits, held**2 / (inside.sum() * holds.sum())
    return best


def _limits(frame: pd.DataFrame, table: pd.DataFrame) -> list[Limit]:
    limits = []
    for name in table.columns:
        column, ends = table[name], frame[name].tolist()
        if column.dtype.kind == "f":
            limit = Limit(name, float(ends[0]), float(ends[1]), (), (float(column.min()), float(column.max())))
        else:
            whole = tuple(sorted(set(column)))
            limit = Limit(name, choices=tuple(sorted(map(str, ends[0]))), whole=whole)
        if not limit.inside(column).all():
            limits.append(limit)
    return limits


def _inside(limits: Sequence[Limit], table: pd.DataFrame) -> Mask:
    inside = np.ones(len(table), dtype=np.bool_)
    for limit in limits:
        inside &= limit.inside(table[limit.name])
    return inside


def _pruned(limits: list[Limit], table: pd.DataFrame, holds: Mask) -> list[Limit]:
    """Drop, one by one, the limit that chance explains best: the same density would be likely without it."""
    from scipy.stats import binomtest

    kept = list(limits)
    while kept:
        inside = _inside(kept, table)
        held = int((inside & holds).sum())
        chances = []
        for limit in kept:
            wider = _inside([other for other in kept if other is not limit], table)
            chances.append(binomtest(held, int(inside.sum()), float(holds[wider].mean()), alternative="greater").pvalue)
        worst = int(np.argmax(chances))
        if chances[worst] <= CHANCE:
            break
        del kept[worst]
    return kept
