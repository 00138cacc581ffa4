"""Holding results made again against what they should be: bytes first, and the rows that differ by name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from transitionsim.claims.recipe import CSV
from transitionsim.claims.remaking import Remade
from transitionsim.claims.source import TABLE
from transitionsim.errors import InputError
from transitionsim.experiments.store import canonical

if TYPE_CHECKING:
    import pandas as pd

ROW: Final = ("scenario", "draw", "year", "month", "indicator")
"""What names a row of a table."""
OTHER_TABLES: Final = (
    "tables.parquet", "indicators.parquet", "comparison.csv", "indicators-compared.csv", "displacement.csv",
)  # fmt: skip
"""What a folder of a comparison holds beside its table of record."""
MOST: Final = 5
"""Rows that are named."""


@dataclass(frozen=True)
class Difference:
    """One value that is not what it was; ``none`` where the row is missing."""

    scenario: str
    draw: int
    year: int
    month: int
    indicator: str
    then: str
    now: str

    @property
    def where(self) -> str:
        """What names the value."""
        return f"{self.scenario}, draw {self.draw}, {self.year}-{self.month:02d}, {self.indicator}"

    def __str__(self) -> str:
        return f"{self.where}: then {self.then}, now {self.now}"


@dataclass(frozen=True)
class Held:
    """One thing that was compared: what it is, whether it is the same, and the first rows that differ."""

    what: str
    same: bool
    rows: tuple[Difference, ...] = ()

    def __str__(self) -> str:
        return f"{'same ' if self.same else 'OTHER'}  {self.what}"


def held(recipe: Mapping[str, Any], made: Remade, folder: Path | None) -> list[Held]:
    """Return what compares: the table with the digest of the recipe, the runs, and the tables of a folder if given."""
    wanted, now = str(recipe["table_sha256"]), _digest(made.folder / CSV)
    rows = () if folder is None or now == wanted else _rows(folder, made.folder)
    found = [Held(f"{CSV}: SHA-256 then {wanted[:16]}, now {now[:16]}", now == wanted, rows)]
    if recipe["runs_sha256"]:
        found.append(Held("all rows of all runs at their end", made.runs_sha256 == recipe["runs_sha256"]))
    if folder is None:
        return found
    there = _digest(folder / CSV)
    if there != wanted:
        found.append(Held(f"{CSV} as it lies there: not the one that was written", False, _rows(folder, made.folder)))
    bits = differences(folder / TABLE, made.folder / TABLE)
    found.append(Held(f"{TABLE}: every value, bit for bit", not bits, () if rows else bits[:MOST]))
    return [*found, *_others(folder, made.folder)]


def _others(then: Path, now: Path) -> Iterator[Held]:
    """Hold the other tables of a comparison, which a page takes its groups and its ledger from."""
    for name in OTHER_TABLES:
        if (then / name).is_file() and (now / name).is_file():
            yield Held(f"{name}: every value", alike(_frame(then / name), _frame(now / name)))


def alike(one: pd.DataFrame, two: pd.DataFrame) -> bool:
    """Return whether two tables have the same rows in the same order, whatever their columns are stored as."""
    if list(one) != list(two) or len(one) != len(two):
        return False
    return all(_equal(one[name], two[name]) for name in one)


def rows_of_run(path: Path, scenario: str, draw: int) -> pd.DataFrame:
    """Return the rows of one run in a table."""
    import pandas as pd

    table = pd.read_parquet(path)
    return table[(table["scenario"].astype(str) == scenario) & (table["draw"] == draw)].reset_index(drop=True)


def _equal(one: pd.Series, two: pd.Series) -> bool:
    if one.dtype.kind in "if" and two.dtype.kind in "if":
        return bool(np.array_equal(one.to_numpy(np.float64), two.to_numpy(np.float64), equal_nan=True))
    return one.astype(str).tolist() == two.astype(str).tolist()


def _frame(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_csv(path, dtype=str) if path.suffix == ".csv" else pd.read_parquet(path)
    except (OSError, ValueError):
        raise InputError.one(path.name, "is damaged: no table of results can be read from it") from None


def _rows(then: Path, now: Path) -> tuple[Difference, ...]:
    """Return the first rows in which two tables differ as text."""
    return differences(then / CSV, now / CSV)[:MOST]


def differences(then: Path, now: Path) -> tuple[Difference, ...]:
    """Return the rows of two tables, CSV or Parquet, whose values are not the same to the last bit."""
    return _unlike(_read(then), _read(now))


def unlike_tables(folder: Path) -> tuple[Difference, ...]:
    """Return the rows in which the CSV of a folder says something else than its Parquet table."""
    table = _read(folder / TABLE)
    return _unlike(_read(folder / CSV), table.assign(value=[canonical(value) for value in table["value"]]))


def _unlike(one: pd.DataFrame, two: pd.DataFrame) -> tuple[Difference, ...]:
    both = one.merge(two, on=list(ROW), how="outer", suffixes=("_then", "_now"), indicator="there")
    same = _same(both["value_then"].to_numpy(), both["value_now"].to_numpy())
    differ = both[~same | (both["there"].astype(str) != "both").to_numpy()].sort_values(list(ROW))
    columns = (differ[name].tolist() for name in (*ROW, "value_then", "value_now"))
    return tuple(
        Difference(str(arm), int(draw), int(year), int(month), str(name), _said(before), _said(after))
        for arm, draw, year, month, name, before, after in zip(*columns, strict=True)
    )


def _read(path: Path) -> pd.DataFrame:
    """Return what names the rows of a table, and their values: text of a CSV, numbers of a Parquet file."""
    import pandas as pd

    kinds = {"scenario": str, "indicator": str, "draw": int, "year": int, "month": int}
    columns = [*ROW, "value"]
    if not path.is_file():
        value = str if path.suffix == ".csv" else float
        return pd.DataFrame({name: [] for name in columns}).astype({**kinds, "value": value})
    try:
        if path.suffix == ".csv":
            table = pd.read_csv(path, dtype=str, usecols=columns, keep_default_na=False)[columns]
        else:
            table = pd.read_parquet(path, columns=columns)
        return table.astype(kinds)
    except (OSError, ValueError):
        raise InputError.one(path.name, "is damaged: no table of results can be read from it") from None


def _same(old: np.ndarray[Any, Any], new: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    if old.dtype.kind == "f" and new.dtype.kind == "f":
        bits = old.astype(np.float64).view(np.int64) == new.astype(np.float64).view(np.int64)
        return np.asarray(bits | (np.isnan(old) & np.isnan(new)))
    return np.array([a == b for a, b in zip(old.tolist(), new.tolist(), strict=True)], dtype=np.bool_)


def _said(value: Any) -> str:
    return "none" if value != value or value == "" else (value if isinstance(value, str) else repr(float(value)))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
