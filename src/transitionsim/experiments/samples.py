"""What varied and what came of it: one row of inputs and one number for each sample of a sweep.

A sample is a lever point or a draw of the uncertain inputs; its number is the mean over its seeds of a paired
difference, so that the noise of seeds is averaged before inputs are blamed for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from transitionsim.errors import InputError, nearest

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.experiments.contrasts import Measured, Pairs
    from transitionsim.experiments.plan import PlannedArm

LEVEL: Final = "nothing"


@dataclass(frozen=True)
class Contrast:
    """Which number is explained: an outcome at a horizon, of an arm against a reference (or its level)."""

    outcome: str
    horizon: int
    arm: str
    against: str

    def pairs(self, found: Measured, arm: str | None = None) -> Pairs:
        """Return the values by draw, of this arm or of another one in its place."""
        label = arm or self.arm
        if self.against == LEVEL:
            return found.level(self.outcome, self.horizon, label)
        return found.pairs(self.outcome, self.horizon, label, self.against)


@dataclass(frozen=True)
class Samples:
    """The samples of a sweep in order: ``inputs`` vary, ``numbers`` is what came of them, NaN where runs failed."""

    inputs: pd.DataFrame
    numbers: NDArray[np.float64]
    contrast: Contrast
    of: str
    """What a sample is: "lever points" or "draws of inputs"."""


def chosen(found: Measured, outcome: str | None = None, arm: str | None = None) -> Contrast:
    """Return the contrast asked for; by default the first outcome, at the last horizon, of the first scenario.

    Where there is no scenario it is the baseline; where there is no arm to compare with it is the level. Raises
    :class:`InputError` for names that the sweep has not.
    """
    key = outcome or next(iter(found.outcomes))
    if key not in found.outcomes:
        why = f": {found.cannot[key]}" if key in found.cannot else nearest(key, found.outcomes)
        raise InputError.one("--outcome", f"{key}: not an outcome of this sweep{why}")
    labels = [one.label for one in found.plan.arms]
    if arm is not None and arm not in labels:
        raise InputError.one("--scenario", f"{arm}: not a scenario of this sweep{nearest(arm, labels)}")
    scenarios = [one.label for one in found.plan.arms if one.role == "scenario"]
    label = arm or (scenarios or [one.label for one in found.plan.arms if one.role == "baseline"] or labels)[0]
    others = [one.label for one in found.references(key) if one.label != label]
    return Contrast(key, found.horizons[-1], label, others[0] if others else LEVEL)


def samples(found: Measured, contrast: Contrast) -> Samples:
    """Return what varied over the samples of a sweep and the contrast in each.

    Levers are the samples where the design says so (its names are levers) or where no input varies between draws.
    """
    points = [arm for arm in found.plan.arms if arm.point >= 0 and arm.levers]
    names = problem_names(found.plan.sampling)
    values = [draw.values for draw in found.plan.draws]  # noqa: PD011
    over_levers = names <= {name for arm in points for name in arm.levers} if names else not _varying(values)
    return _of_points(found, contrast, points) if points and over_levers else _of_inputs(found, contrast)


def problem_names(sampling: Mapping[str, Any]) -> set[str]:
    """Return the names of what a design sampled, none for a design that is not sampled."""
    return set(sampling.get("problem", sampling).get("names", ()))


def _of_points(found: Measured, contrast: Contrast, points: Sequence[PlannedArm]) -> Samples:
    ordered = sorted(points, key=lambda arm: arm.point)
    values = [_mean(contrast.pairs(found, arm.label)) for arm in ordered]
    return Samples(table_of([arm.levers for arm in ordered]), np.array(values), contrast, "lever points")


def _of_inputs(found: Measured, contrast: Contrast) -> Samples:
    pairs = contrast.pairs(found)
    rows = {draw.inputs: draw.values for draw in sorted(found.plan.draws, key=lambda one: one.inputs)}  # noqa: PD011
    means = [float(np.mean(pairs.numbers[own])) if (own := pairs.inputs == one).any() else np.nan for one in rows]
    return Samples(table_of(list(rows.values())), np.array(means), contrast, "draws of inputs")


def _mean(pairs: Pairs) -> float:
    return float(pairs.numbers.mean()) if len(pairs) else float("nan")


def table_of(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows of inputs and levers as a table."""
    import pandas as pd

    return pd.DataFrame([{name: plain(value) for name, value in row.items()} for row in rows])


def plain(value: Any) -> Any:
    """Return the value of a lever as a table holds it: several keys at once as one text.

    >>> plain([1.2, 5]), plain(0.5)
    ('1.2/5', 0.5)
    """
    return "/".join(map(str, value)) if isinstance(value, list | tuple) else value


def _varying(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    names = dict.fromkeys(name for row in rows for name in row)
    return [name for name in names if len({str(row.get(name)) for row in rows}) > 1]


def varying(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a table that hold more than one value."""
    return table[[name for name in table.columns if len(set(table[name].astype(str))) > 1]]
