"""What every rule owes the engine, as checks for any rules, table of columns and world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from transitionsim.columns import Column, Records, record_type
from transitionsim.draws import agent_keys
from transitionsim.engine import Sweep
from transitionsim.rule import KEY, Rule

MONTHS = (0, 1, 13)


def some_rows(columns: Sequence[Column], count: int, seed: int = 1, world: Mapping[str, Any] | None = None) -> Records:
    """Return rows with keys and with values over the range that each column allows, 0 to 100 where it is wider."""
    chance = np.random.default_rng(seed)
    rows = np.zeros(count, record_type(columns))
    for column in columns:
        if column.name == KEY:
            rows[KEY] = agent_keys("test", "rows", count)
            continue
        low, high = column.limits(world or {})
        low, high = max(low, -100.0), min(high, 100.0)
        values = chance.uniform(low, high, rows[column.name].shape)
        rows[column.name] = values < (low + high) / 2 if column.dtype == "?" else values
    return rows


def after(
    rules: Sequence[Rule],
    columns: Sequence[Column],
    rows: Records,
    world: Mapping[str, Any],
    *,
    interpret: bool = False,
    seed: int = 7,
) -> Records:
    """Return a copy of the rows after some months of the rules."""
    sweep = Sweep(rules, columns, world, interpret=interpret)
    result = rows.copy()
    for month in MONTHS:
        sweep(result, world, seed, month)
    return result


def state(rows: Records) -> list[bytes]:
    """Return the bytes of every column; those of whole records would hold the gaps between columns."""
    return [rows[name].tobytes() for name in rows.dtype.names or ()]


def engines_agree(rules: Sequence[Rule], columns: Sequence[Column], rows: Records, world: Mapping[str, Any]) -> None:
    """Compiled and interpreted, the rules leave the same bytes."""
    compiled = after(rules, columns, rows, world)
    interpreted = after(rules, columns, rows, world, interpret=True)
    for name in rows.dtype.names or ():
        assert compiled[name].tobytes() == interpreted[name].tobytes(), f"the engines differ in column '{name}'"


def order_does_not_matter(
    rules: Sequence[Rule], columns: Sequence[Column], rows: Records, world: Mapping[str, Any]
) -> None:
    """Permuted rows give the permuted result."""
    order = np.random.default_rng(3).permutation(len(rows))
    straight = after(rules, columns, rows, world)
    shuffled = after(rules, columns, rows[order], world)
    assert state(shuffled) == state(straight[order])


def fused_is_one_by_one(
    rules: Sequence[Rule], columns: Sequence[Column], rows: Records, world: Mapping[str, Any]
) -> None:
    """Rules in one pass do what they do in passes of their own."""
    fused = rows.copy()
    Sweep(rules, columns, world)(fused, world, 7, 0)
    single = rows.copy()
    for one in rules:
        Sweep([one], columns, world)(single, world, 7, 0)
    assert state(fused) == state(single)
