"""What it takes to make results again, as plain data: no code, no path, and nothing that is not needed.

A recipe holds scenarios, draws, what was kept and the files of the user's own, with the digest of the table that must
come of it. A claim card carries it, so that the card alone suffices on a clean machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from transitionsim.claims.source import MANIFEST, PROFILE, Source
from transitionsim.errors import InputError
from transitionsim.experiments.manifest import as_json
from transitionsim.experiments.store import plan_content

CSV: Final = "table.csv"
KINDS: Final = ("run", "comparison", "sweep")
LINES: Final = ("arms", "scenarios", "rows")
"""Parts that are written one entry to a line."""
FIELDS: Final[Mapping[str, type]] = {
    "id": str, "version": str, "code": dict, "rules": list, "files": dict, "table_sha256": str, "runs_sha256": str,
    "arms": list, "scenarios": list, "keys": list, "rows": list, "indicators": list, "horizons": list,
}  # fmt: skip
"""What every recipe holds, and of which kind each part is."""
OF_DRAW: Final = ("number", "seed", "inputs")
"""What a row of a draw begins with; the values of ``keys`` follow."""


def recipe_of(source: Source) -> dict[str, Any]:
    """Return the recipe of the results in a folder; the digests are those that its manifest records.

    An unfinished sweep has no table: its ``table_sha256`` is empty.
    """
    about = _manifest(source.folder)
    content = plan_content(source.folder) if source.kind == "sweep" else _of_comparison(source, about)
    draws = content.pop("draws")
    if source.kind == "sweep":
        # A sweep may have stopped, when it knew enough, before it came to all draws.
        draws = draws[: int(about.get("draws", len(draws)))]
        tables = {"table_sha256": about.get("table_sha256", ""), "runs_sha256": about.get("runs_sha256", "")}
    else:
        table = dict(about.get("files") or {}).get(CSV, "")
        tables = {"table_sha256": table, "runs_sha256": digest_of_runs(about["runs"])}
    keys, rows = _table_of(draws)
    return {
        **content,
        "kind": source.kind,
        "version": source.plan.version,
        "code": dict(source.code),
        "environment": {key: about[key] for key in ("python", "processor", "libraries") if key in about},
        "rules": list(about.get("rules", ())),
        "files": _files(source.folder),
        "keys": keys,
        "rows": rows,
        **tables,
    }


def _of_comparison(source: Source, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a comparison's manifest that decides its numbers, as the plan of a sweep has it."""
    plan = source.plan
    return {
        "id": plan.id,
        "region": plan.region,
        "arms": [
            {"label": one["label"], "role": one["role"], "point": -1, "levers": {}, "digest": one["digest"]}
            for one in about["scenarios"]
        ],
        "scenarios": [one.get("document") or one["resolved"] for one in about["scenarios"]],
        "draws": [
            {"number": one.number, "seed": one.seed, "inputs": one.inputs, "values": dict(one.values)}
            for one in plan.draws
        ],
        "indicators": list(plan.indicators),
        "horizons": list(plan.horizons),
    }


def _table_of(draws: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    """Return the keys that vary, and a row for each draw: what it begins with, then its values (null for none)."""
    keys = sorted({key for one in draws for key in one["values"]})
    return keys, [[*(one[name] for name in OF_DRAW), *(one["values"].get(key) for key in keys)] for one in draws]


def draws_in(recipe: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the draws of a recipe, each with its number, seed, inputs and values."""
    keys, first = recipe["keys"], len(OF_DRAW)
    return [
        {
            **dict(zip(OF_DRAW, row, strict=False)),
            "values": {key: one for key, one in zip(keys, row[first:], strict=True) if one is not None},
        }
        for row in recipe["rows"]
    ]


def digest_of_runs(runs: Any) -> str:
    """Return one digest of the digests that the runs of a comparison ended with."""
    return hashlib.sha256(as_json(runs).encode()).hexdigest()


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _files(folder: Path) -> dict[str, str]:
    """Return the texts of the profile and the fits of the user's own that lie in a folder."""
    paths = [folder / PROFILE, *sorted(folder.glob("fit-*.yaml"))]
    return {path.name: path.read_text(encoding="utf-8") for path in paths if path.is_file()}


def packed(recipe: Mapping[str, Any]) -> str:
    """Return a recipe as JSON in lines, in ASCII: the same recipe gives the same text.

    >>> print(packed({"kind": "run", "rows": [[0, 0, 0], [1, 1, 0]]}))
    {
    "kind": "run",
    "rows": [
    [0, 0, 0],
    [1, 1, 0]
    ]
    }
    """
    parts = []
    for key in sorted(recipe):
        value = recipe[key]
        if key in LINES and isinstance(value, list) and value:
            inside = ",\n".join(_ascii(one) for one in value)
            parts.append(f"{_ascii(key)}: [\n{inside}\n]")
        else:
            parts.append(f"{_ascii(key)}: {_ascii(value)}")
    return "{\n" + ",\n".join(parts) + "\n}"


def _ascii(content: Any) -> str:
    return json.dumps(json.loads(as_json(content)), sort_keys=True)


def unpacked(text: str, where: str) -> dict[str, Any]:
    """Return a recipe from its text; raises :class:`InputError` where it is none."""
    with damaged(where):
        content = json.loads(text)
        if content["kind"] not in KINDS:
            raise ValueError
        for key, kind in FIELDS.items():
            if not isinstance(content[key], kind):
                raise TypeError
        return dict(content)


@contextmanager
def damaged(where: str) -> Iterator[None]:
    """Say of whatever goes wrong while a recipe is taken apart that it is damaged."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError):
        raise InputError.one(where, "its recipe is damaged; take the file as it was written") from None
