"""Results on disk: one tidy table, its comparison, a manifest and a figure, in a folder written as a whole.

The tidy table has one row for each scenario, draw, year and indicator: stocks as they stand in the last
month of the year, flows summed over it, the share of the labour force unemployed or in training as its mean
from the first month on, which no yearly value could give. ``table.csv`` is canonical: sorted by the design, fixed
formats, line feeds, so that two equal experiments give equal bytes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from transitionsim.errors import InputError
from transitionsim.experiments.outcomes import LABOUR_FORCE, jobless_rate
from transitionsim.experiments.runner import ArmRun, Results
from transitionsim.files import cannot_write, missing_folders, no_room
from transitionsim.indicators.record import by_year, last_months
from transitionsim.series import BY_NAME

if TYPE_CHECKING:
    import pandas as pd

MANIFEST: Final = "manifest.json"
COLUMNS: Final = ("scenario", "role", "draw", "seed", "region", "year", "month", "indicator", "unit", "value")
JOBLESS_RATE: Final = "jobless_rate"
"""The one outcome in the table: from the first month to the end of each year."""
_WHOLE_BELOW: Final = 2.0**53


def tidy(results: Results) -> pd.DataFrame:
    """Return the yearly values of all runs in persons, posts, firms and cents; ``month`` is the last counted."""
    import pandas as pd

    frames = [_of_run(run, results) for run in results.runs]
    if not frames:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(frames, ignore_index=True)


def _of_run(run: ArmRun, results: Results) -> pd.DataFrame:
    import pandas as pd

    arm = results.arm(run.arm)
    start = int(arm.scenario.start)
    months = start + np.arange(arm.scenario.months)
    lasts = last_months(start, arm.scenario.months)
    names = [name for name in BY_NAME if name in run.series]
    yearly = [by_year(run.series[name], lasts, BY_NAME[name].kind == "flow") for name in names]
    units = [BY_NAME[name].unit for name in names]
    if run.series.keys() >= LABOUR_FORCE:
        rate = jobless_rate(run.series)
        names.append(JOBLESS_RATE)
        yearly.append(np.array([rate[: last + 1].mean() for last in lasts]))
        units.append("percentage points")
    values = np.concatenate(yearly)
    count, years = len(names), len(lasts)
    return pd.DataFrame(
        {
            "scenario": run.arm,
            "role": arm.role,
            "draw": run.draw,
            "seed": run.seed,
            "region": arm.scenario.load_region().code,
            "year": np.tile(months[lasts] // 12, count),
            "month": np.tile(months[lasts] % 12 + 1, count),
            "indicator": np.repeat(names, years),
            "unit": np.repeat(units, years),
            "value": values,
        }
    )


def canonical(value: float) -> str:
    """Return a number in the one form it has in a CSV: whole numbers without a point, others to nine digits.

    >>> canonical(12.0), canonical(0.1 + 0.2), canonical(-0.0), canonical(float("nan"))
    ('12', '0.3', '0', '')
    """
    if value != value:
        return ""
    if value == int(value) and abs(value) < _WHOLE_BELOW:
        return str(int(value))
    return f"{value:.9g}"


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as canonical CSV: UTF-8, line feeds, numbers as :func:`canonical` has them."""
    text = table.copy()
    for name in text.columns:
        if text[name].dtype.kind == "f":
            text[name] = [canonical(value) for value in text[name]]
    text.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


@contextmanager
def results_folder(out: Path, *, replace: bool = False) -> Iterator[Path]:
    """Give a folder to write into that takes its name only when everything is in it.

    The folder is made beside ``out`` before the runs start, so that a place that cannot be written to is
    known at once; after an error or an interruption nothing of it is left. Raises :class:`InputError` when
    ``out`` is a file, holds something, cannot be made, or when the disk takes no more. With ``replace`` earlier
    results may be there.
    """
    _check_free(out, replace)
    place = out.absolute()
    made = missing_folders(place)
    partial = place.with_name(f".{place.name}.{os.getpid()}.partial")
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise cannot_write(out, error) from None
    try:
        yield partial
        _take_place(partial, place)
    except BaseException as error:
        shutil.rmtree(partial, ignore_errors=True)
        with suppress(OSError):
            for folder in made:
                folder.rmdir()
        if isinstance(error, OSError) and no_room(error):
            raise cannot_write(out, error) from None
        raise


def _check_free(out: Path, replace: bool) -> None:
    try:
        taken = out.is_file() or (out.is_dir() and any(out.iterdir()))
    except OSError as error:
        raise cannot_write(out, error) from None
    if out.is_file():
        raise InputError.one("--out", f"{out} is a file; a folder is needed")
    if taken and replace and not (out / MANIFEST).is_file():
        raise InputError.one("--out", f"{out} holds something else than results; it is left alone")
    if taken and not replace:
        raise InputError.one("--out", f"{out} exists and is not empty; name another folder, or add --replace")


def _take_place(partial: Path, out: Path) -> None:
    old = None
    if out.exists():
        old = partial.with_suffix(".old")
        out.rename(old)
    try:
        partial.rename(out)
    except OSError:
        if old is not None:
            old.rename(out)
        raise
    if old is not None:
        shutil.rmtree(old)
