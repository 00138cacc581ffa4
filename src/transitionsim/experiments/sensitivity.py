"""Which input matters: Morris screening, Sobol indices, or rank regression where the design is neither.

Morris (1991): the effects of changing one input at a time, by trajectories; ``mu_star`` is their mean size, ``sigma``
their spread, which is interaction or curvature. Sobol: ``first`` is the share of the variance that an input explains
alone, ``total`` the share that would be left if only it varied. Elsewhere: coefficients of a linear regression of
ranks, both sides standardised; its R2 says how much of the ranking such a line explains at all.

All on a paired difference, not on a level, and after the seeds of a sample are averaged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from transitionsim.errors import InputError
from transitionsim.experiments.intervals import COVERAGE, RESAMPLES, mean_interval, resamples
from transitionsim.experiments.samples import Contrast, Samples, problem_names, varying

if TYPE_CHECKING:
    import pandas as pd

Values = NDArray[np.float64]
Method = Literal["morris", "sobol", "rank regression"]
NOTICEABLE: Final = 0.05
"""Index from which on it tells of too few samples that its interval is wider, or the other order out of place."""
GOOD_FIT: Final = 0.7
ENOUGH: Final = 10
"""Trajectories of Morris, or samples for each input of a regression, below which ranks may be luck."""
_LEVELS: Final = 4
_TAIL: Final = (1.0 - COVERAGE) / 2.0


@dataclass(frozen=True)
class Sensitivity:
    """How much each input matters, the most important first.

    ``table`` has ``name``, ``value``, ``low``, ``high`` (90 %), and ``second``, ``second_low``, ``second_high`` for
    sigma (Morris) and the first order (Sobol). ``fit`` is the R2 of a regression. ``warnings`` are sentences.
    """

    method: Method
    table: pd.DataFrame
    contrast: Contrast
    samples: int
    of: str
    fit: float = float("nan")
    warnings: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, str]:
        """What ``value`` and ``second`` are called."""
        return {
            "morris": ("mu*, mean size of an effect", "sigma, spread of effects"),
            "sobol": ("total order", "first order"),
            "rank regression": ("standardised rank coefficient", ""),
        }[self.method]


def sensitivity(sampling: Mapping[str, Any], found: Samples) -> Sensitivity:
    """Return how much each input of a sweep matters, by the method its design allows.

    Raises :class:`InputError` where nothing varied, nothing came of it, or there are too few samples.
    """
    table = varying(found.inputs)
    known = found.numbers[np.isfinite(found.numbers)]
    if table.empty:
        raise InputError.one("sensitivity", "no input varies in this sweep; nothing can be said about inputs")
    if known.size < 2 or np.ptp(known) == 0:
        raise InputError.one("sensitivity", f"{found.contrast.outcome} is the same in all samples; nothing to explain")
    kind = str(sampling.get("kind", "")).lower()
    if problem_names(sampling) and kind == "morris":
        return _morris(sampling, found)
    if problem_names(sampling) and kind == "sobol":
        blocks = _saltelli_rows(sampling, found)
        if blocks:
            return _sobol(sampling, found, blocks)
    return _ranks(found, table)


def problem_of(sampling: Mapping[str, Any]) -> dict[str, Any]:
    """Return the problem as SALib has it, on the unit cube: names and their number."""
    names = list(sampling.get("problem", sampling)["names"])
    return {"names": names, "num_vars": len(names), "bounds": [[0.0, 1.0]] * len(names)}


def _result(
    method: Method, found: Samples, rows: Any, count: int, warnings: list[str], fit: float = np.nan
) -> Sensitivity:
    import pandas as pd

    table = pd.DataFrame(rows)
    order = np.argsort(-table["value"].abs().to_numpy(), kind="stable")
    return Sensitivity(
        method, table.iloc[order].reset_index(drop=True), found.contrast, count, found.of, fit, tuple(warnings)
    )


def _whole_blocks(values: Values, size: int) -> tuple[NDArray[np.intp], int]:
    """Return the rows of all blocks without a gap, and how many blocks were left out."""
    blocks = np.arange(len(values) // size * size).reshape(-1, size)
    whole = np.isfinite(values[blocks]).all(axis=1)
    return blocks[whole].ravel(), int((~whole).sum())


def _left_out(count: int, what: str) -> list[str]:
    return [f"{count} {what} left out, because runs of them failed"] if count else []


def _morris(sampling: Mapping[str, Any], found: Samples) -> Sensitivity:
    from SALib.analyze import morris

    problem = problem_of(sampling)
    count = problem["num_vars"]
    rows, gone = _whole_blocks(found.numbers, count + 1)
    if len(rows) < 2 * (count + 1):
        raise InputError.one("sensitivity", "Morris needs two whole trajectories; more runs must finish")
    levels = int(sampling.get("num_levels", _LEVELS))
    delta = levels / (2.0 * (levels - 1.0))
    values = found.numbers[rows]
    unit, effects = _effects(found.inputs[problem["names"]].iloc[rows], values, delta)
    indices = morris.analyze(problem, unit, values, num_levels=levels, conf_level=COVERAGE, seed=1)
    table = []
    for place, name in enumerate(problem["names"]):
        size = mean_interval(np.abs(effects[:, place]), np.arange(len(effects)))
        low, high = _spread(effects[:, place])
        table.append(
            {
                "name": name, "value": float(indices["mu_star"][place]), "low": size.low, "high": size.high,
                "mu": float(indices["mu"][place]), "second": float(indices["sigma"][place]),
                "second_low": low, "second_high": high,
            }
        )  # fmt: skip
    few = [f"{len(effects)} trajectories; below {ENOUGH} the order may be luck"] if len(effects) < ENOUGH else []
    return _result("morris", found, table, len(effects), [*_left_out(gone, "trajectories"), *few])


def _effects(inputs: pd.DataFrame, values: Values, delta: float) -> tuple[Values, Values]:
    """Return the trajectories on the unit cube and their elementary effects, (trajectories, inputs).

    Each step changes one input. A step that changes none in sight, such as one between two levels that stand for the
    same choice, belongs to an input that no other step of the trajectory changes.
    """
    codes = np.column_stack([_codes(inputs[name]) for name in inputs.columns])
    count = codes.shape[1]
    unit = np.zeros_like(codes)
    effects = np.zeros((len(codes) // (count + 1), count))
    for number in range(len(effects)):
        first = number * (count + 1)
        steps = np.diff(codes[first : first + count + 1], axis=0)
        moved = [int(np.argmax(np.abs(step))) if step.any() else -1 for step in steps]
        rest = iter([place for place in range(count) if place not in moved])
        for step, seen in enumerate(moved):
            place = seen if seen >= 0 else next(rest)
            up = steps[step, place] >= 0
            changed = values[first + step + 1] - values[first + step]
            effects[number, place] = (changed if up else -changed) / delta
            unit[first : first + step + 1, place] = 0.0 if up else delta
            unit[first + step + 1 : first + count + 1, place] = delta if up else 0.0
    return unit, effects


def _codes(column: pd.Series[Any]) -> Values:
    """Return a column as numbers: choices by the order of their names, numbers as ranks so that no scale matters."""
    import pandas as pd

    found = pd.to_numeric(column, errors="coerce")
    if found.isna().any():
        return np.asarray(np.unique(column.astype(str), return_inverse=True)[1], dtype=np.float64)
    return found.rank(method="dense").to_numpy(dtype=np.float64) / len(column)


def _spread(effects: Values) -> tuple[float, float]:
    """Return the 90 % interval of a standard deviation over trajectories, by percentiles of resamples."""
    again = np.concatenate([effects[picks].std(axis=1, ddof=1) for picks in resamples(len(effects))])
    low, high = np.quantile(again, (_TAIL, 1.0 - _TAIL))
    return float(low), float(high)


def _saltelli_rows(sampling: Mapping[str, Any], found: Samples) -> int:
    """Return the size of a block of the design of Saltelli, or 0 for a plain Sobol sequence."""
    count, size = problem_of(sampling)["num_vars"], int(sampling.get("size", 0) or 0)
    return next((block for block in (count + 2, 2 * count + 2) if size * block == len(found.numbers)), 0)


def _sobol(sampling: Mapping[str, Any], found: Samples, block: int) -> Sensitivity:
    from SALib.analyze import sobol

    problem = problem_of(sampling)
    rows, gone = _whole_blocks(found.numbers, block)
    if len(rows) < 4 * block:
        raise InputError.one("sensitivity", "Sobol indices need four whole blocks of samples; more runs must finish")
    second = block == 2 * problem["num_vars"] + 2
    indices = sobol.analyze(
        problem,
        found.numbers[rows],
        calc_second_order=second,
        num_resamples=RESAMPLES // 2,
        conf_level=COVERAGE,
        seed=1,
    )
    table = []
    for place, name in enumerate(problem["names"]):
        total, first = float(indices["ST"][place]), float(indices["S1"][place])
        around, near = float(indices["ST_conf"][place]), float(indices["S1_conf"][place])
        table.append(
            {
                "name": name, "value": total, "low": total - around, "high": total + around,
                "second": first, "second_low": first - near, "second_high": first + near,
            }
        )  # fmt: skip
    warnings = [*_left_out(gone, "blocks of samples"), *_too_few(table)]
    return _result("sobol", found, table, len(rows) // block, warnings)


def _too_few(rows: list[dict[str, Any]]) -> list[str]:
    """Return why a number of samples is too small for indices to be trusted."""
    below = [row["name"] for row in rows if row["second"] >= NOTICEABLE and row["value"] < row["second"]]
    wide = [row["name"] for row in rows if row["value"] >= NOTICEABLE and row["high"] - row["low"] > row["value"]]
    found = []
    if below:
        found.append(f"too few samples: the total order lies below the first order for {', '.join(below)}")
    if wide:
        found.append(f"too few samples: the interval is wider than the index for {', '.join(wide)}")
    return found


def _ranks(found: Samples, inputs: pd.DataFrame) -> Sensitivity:
    known = np.isfinite(found.numbers)
    columns = _ranked(inputs[known])
    names, values = list(columns), found.numbers[known]
    n = len(values)
    if n < len(names) + 3:
        text = f"{n} samples for {len(names)} inputs; a regression needs at least {len(names) + 3}"
        raise InputError.one("sensitivity", text)
    design = np.column_stack([_standard(columns[name]) for name in names])
    target = _standard(_rank(values))
    coefficients, fit = _regressed(design, target)
    again = np.concatenate([_regressed_again(design, target, picks) for picks in resamples(n)])
    low, high = np.quantile(again, (_TAIL, 1.0 - _TAIL), axis=0)
    rows = [
        {"name": name, "value": float(coefficients[place]), "low": float(low[place]), "high": float(high[place])}
        for place, name in enumerate(names)
    ]
    warnings = _left_out(int((~known).sum()), "samples")
    if n < ENOUGH * len(names):
        warnings.append(f"{n} samples for {len(names)} columns; below {ENOUGH} for each the order may be luck")
    if fit < GOOD_FIT:
        warnings.append(
            f"R2 of ranks is {fit:.2f}: a monotone line explains little, so small coefficients prove nothing"
        )
    return _result("rank regression", found, rows, n, warnings, fit)


def _rank(values: Values) -> Values:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), dtype=np.float64)


def _ranked(inputs: pd.DataFrame) -> dict[str, Values]:
    """Return the ranks of numbers, and a column of 0 and 1 for every choice but the first in alphabetical order."""
    import pandas as pd

    found: dict[str, Values] = {}
    for name in inputs.columns:
        numbers = pd.to_numeric(inputs[name], errors="coerce")
        if numbers.notna().all() and inputs[name].dtype != bool:
            found[name] = _rank(numbers.to_numpy(dtype=np.float64))
            continue
        texts = inputs[name].astype(str)
        for choice in sorted(set(texts))[1:]:
            found[f"{name} = {choice}"] = np.asarray(texts == choice, dtype=np.float64)
    return {name: values for name, values in found.items() if np.ptp(values) > 0}


def _standard(values: Values) -> Values:
    return np.asarray((values - values.mean()) / values.std())


def _regressed(design: Values, target: Values) -> tuple[Values, float]:
    coefficients = np.asarray(np.linalg.lstsq(design, target, rcond=None)[0], dtype=np.float64)
    rest = target - design @ coefficients
    return coefficients, 1.0 - float((rest**2).sum() / (target**2).sum())


def _regressed_again(design: Values, target: Values, picks: NDArray[np.int64]) -> Values:
    """Return the coefficients of every resample, (resamples, inputs); standardised as the whole is."""
    found = np.empty((len(picks), design.shape[1]))
    for place, rows in enumerate(picks):
        found[place] = np.linalg.lstsq(design[rows], target[rows], rcond=None)[0]
    return found
