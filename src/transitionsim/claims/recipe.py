"""What it takes to make results again, as plain data: no code, no path, and nothing that is not needed.

A recipe holds scenarios, draws, and what was kept, with the digest of the table that must come of it. A claim card
carries it, so that the card alone suffices on a clean machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from transitionsim.claims.source import PROFILE, Source
from transitionsim.errors import InputError
from transitionsim.experiments.manifest import as_json
from transitionsim.sweeps.store import plan_content

CSV: Final = "table.csv"
MANIFEST: Final = "manifest.json"
LINES: Final = ("draws", "arms", "scenarios")
"""Parts that are written one entry to a line."""


def recipe_of(source: Source) -> dict[str, Any]:
    """Return the recipe of the results in a folder."""
    about = _manifest(source.folder)
    content = plan_content(source.folder) if source.kind == "sweep" else _of_comparison(about)
    return {
        "kind": source.kind,
        "version": source.plan.version,
        "code": dict(source.code),
        "draws_done": int(about.get("draws", len(source.plan.draws))) if source.kind == "sweep" else None,
        "rules": list(about.get("rules", ())),
        "files": _files(source.folder),
        "table_sha256": digest_of(source.folder / CSV),
        **content,
    }


def _of_comparison(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a comparison's manifest that decides its numbers."""
    keys = ("id", "region", "scenarios", "draws", "swept")
    return {key: about[key] for key in keys}


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _files(folder: Path) -> dict[str, str]:
    """Return the texts of the profile and the fits of the user's own that lie in a folder."""
    paths = [folder / PROFILE, *sorted(folder.glob("fit-*.yaml"))]
    return {path.name: path.read_text(encoding="utf-8") for path in paths if path.is_file()}


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, empty for one that is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def packed(recipe: Mapping[str, Any]) -> str:
    """Return a recipe as JSON in lines: the same recipe gives the same text.

    >>> print(packed({"kind": "run", "draws": [{"seed": 0}, {"seed": 1}]}))
    {
    "draws": [
    {"seed": 0},
    {"seed": 1}
    ],
    "kind": "run"
    }
    """
    parts = []
    for key in sorted(recipe):
        value = recipe[key]
        if key in LINES and isinstance(value, list | tuple) and value:
            inside = ",\n".join(as_json(one) for one in value)
            parts.append(f"{as_json(key)}: [\n{inside}\n]")
        else:
            parts.append(f"{as_json(key)}: {as_json(value)}")
    return "{\n" + ",\n".join(parts) + "\n}"


def unpacked(text: str, where: str) -> dict[str, Any]:
    """Return a recipe from its text; raises :class:`InputError` where it is none."""
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    if not isinstance(content, dict) or content.get("kind") not in ("run", "comparison", "sweep"):
        raise InputError.one(where, "its recipe is damaged; take the card as it was written")
    return content
