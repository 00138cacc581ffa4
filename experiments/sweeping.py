"""What the recorded sweeps share: cells of a grid, four effects of each, a table on disk and one on the page."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
from soak.record import markdown, number, write_page

from transitionsim.experiments.outcomes import INVOLUNTARY, together
from transitionsim.model import simulate
from transitionsim.regions import base_register
from transitionsim.scenario import load_scenario

DOCS = Path(__file__).resolve().parents[1] / "docs"
Cell = Mapping[str, Any]
LAST_YEAR = slice(-12, None)
EFFECTS = (
    "posts lost",
    "involuntary losses",
    "regional employment",
    "unemployed and in training",
    "involuntary losses without transition",
)


def grid(**values: Sequence[Any]) -> list[Cell]:
    """Return every combination of some values; a double underscore in a name stands for a point.

    >>> len(grid(firing__look_ahead_months=[0, 6, 12], firing__slack_share=[0, 0.05]))
    6
    """
    names = [name.replace("__", ".") for name in values]
    return [dict(zip(names, chosen, strict=True)) for chosen in product(*values.values())]


def effects(cell: Cell, seed: int, size: Cell) -> dict[str, float]:
    """Return what the fast path changes against no transition: posts at the end, stocks as means of the last year."""
    arm, still = (
        simulate(load_scenario(name).with_values({**size, **cell}), seed).series for name in ("fast", "no-transition")
    )
    seeking = ("unemployed", "in_training")
    background = float(together(still, INVOLUNTARY).sum())
    change = arm["employment"][LAST_YEAR].mean() - still["employment"][LAST_YEAR].mean()
    more = together(arm, seeking)[LAST_YEAR].mean() - together(still, seeking)[LAST_YEAR].mean()
    posts = float(still["posts_automotive"][-1] - arm["posts_automotive"][-1])
    found = (posts, float(together(arm, INVOLUNTARY).sum()) - background, float(change), float(more), background)
    return dict(zip(EFFECTS, found, strict=True))


def sweep(cells: Iterable[Cell], seeds: int, size: Cell) -> pd.DataFrame:
    """Return a line for each cell and seed."""
    lines = []
    for cell in cells:
        lines += [{**cell, **size, "seed": seed, **effects(cell, seed, size)} for seed in range(seeds)]
        print(" ".join(f"{key}={value}" for key, value in cell.items()), flush=True)
    return pd.DataFrame(lines)


def summary(table: pd.DataFrame, keys: Sequence[str]) -> str:
    """Return a line for each cell of a page: the mean over the seeds, with the lowest and the highest in brackets."""
    rows = []
    for cell, part in table.groupby(list(keys), sort=False):
        shown = [f"{part[name].mean():,.0f} ({part[name].min():,.0f} to {part[name].max():,.0f})" for name in EFFECTS]
        rows.append((*(_short(value) for value in cell), *shown))
    return markdown((*(f"`{key}`" for key in keys), *EFFECTS), rows)


def _short(value: Any) -> str:
    return str(value) if isinstance(value, str | bool) else number(float(value))


def not_swept(keys: Iterable[str]) -> list[str]:
    """Return the registered parameters among some keys that paired draws do not vary."""
    register = base_register()
    return [key for key in keys if key in register and not register[key].swept]


def record(name: str, description: str, cells: Sequence[Cell]) -> None:
    """Run the cells of a sweep as the command line asks and write its table and its page."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--scale", type=int, default=5, help="persons to a row")
    parser.add_argument("--months", type=int, default=192)
    asked = parser.parse_args()
    keys = list(cells[0])
    table = sweep(cells, asked.seeds, {"persons_per_agent": asked.scale, "months": asked.months})
    path = DOCS / "sweeps" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, float_format="%.6g", lineterminator="\n")
    write_page(DOCS / "sweeps.md", name, summary(pd.read_csv(path), keys))
    print("not swept by default:", ", ".join(not_swept(keys)) or "none")
