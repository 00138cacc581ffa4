"""Results as an RO-Crate: an archive that says of each file what it is, and of the run what made it.

After the profile of process runs: a ``CreateAction`` with the program as instrument, scenarios as objects and the table
as result. The same results give the same bytes: dates are those of the results, files stand in the order of names.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from transitionsim import __version__
from transitionsim.claims.card import FILE as CARD
from transitionsim.claims.recipe import packed, recipe_of
from transitionsim.claims.source import MANIFEST, Source
from transitionsim.errors import InputError

MISSING: Final = "the crate needs the extra 'crate': pip install 'transitionsim[crate]'"
RECIPE: Final = "recipe.json"
ENVIRONMENT: Final = "environment.json"
PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
LICENCE: Final = "https://spdx.org/licenses/Apache-2.0"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_TYPES: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".yaml": "application/yaml",
}
_ABOUT: Final = {
    "table.csv": "the values of all runs: scenario, draw, year, indicator",
    "table.parquet": "the same values as Parquet",
    "comparison.csv": "paired differences with their intervals",
    "manifest.json": "what was run, by which code, with the digests of all files",
    "plan.json": "every arm, draw and scenario, written before anything ran",
    CARD: "the claim card: one figure with its interval, its drivers and what it is not",
    RECIPE: "what it takes to make the results again",
    ENVIRONMENT: "the interpreter and the libraries that made the results",
}
SKIPPED: Final = frozenset({"lock"})


def write_crate(source: Source, place: Path) -> None:
    """Write the crate of a folder of results as a zip archive.

    Raises :class:`InputError` where the extra is missing or the place cannot be written to.
    """
    try:
        from rocrate.rocrate import ROCrate
    except ImportError:
        raise InputError.one("crate", MISSING) from None
    with tempfile.TemporaryDirectory() as temporary:
        inside, made = Path(temporary) / "files", Path(temporary) / "crate"
        inside.mkdir()
        files = _gathered(source, inside)
        crate = ROCrate()
        _describe(crate, source, files)
        crate.write(made)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            _archived(made, place)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise InputError.one("--out", f"cannot write to {place}: {reason}") from None


def _gathered(source: Source, inside: Path) -> list[Path]:
    """Copy the files of the results into a folder, with the recipe and the environment beside them."""
    for path in sorted(source.folder.iterdir()):
        if path.is_file() and path.name not in SKIPPED and not path.name.startswith("."):
            shutil.copyfile(path, inside / path.name)
    (inside / RECIPE).write_text(packed(recipe_of(source)) + "\n", encoding="utf-8")
    about = _manifest(source)
    environment = {key: about[key] for key in ("python", "libraries", "code") if key in about}
    text = json.dumps({"transitionsim": source.plan.version, **environment}, indent=1, sort_keys=True)
    (inside / ENVIRONMENT).write_text(text + "\n", encoding="utf-8")
    return sorted(inside.iterdir())


def _manifest(source: Source) -> dict[str, Any]:
    path = source.folder / MANIFEST
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _describe(crate: Any, source: Source, files: list[Path]) -> None:
    from rocrate.model.contextentity import ContextEntity

    region, plan = source.region(), source.plan
    crate.name = f"transitionsim run {plan.id}: {region.name} ({region.code})"
    crate.description = "Results of simulations under stated assumptions: simulated, not a forecast."
    crate.license = LICENCE
    crate.datePublished = source.date or "1980-01-01"
    crate.root_dataset["conformsTo"] = {"@id": PROFILE}
    crate.add(ContextEntity(crate, PROFILE, {"@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}))
    crate.add(ContextEntity(crate, LICENCE, {"@type": "CreativeWork", "name": "Apache License 2.0"}))
    program = crate.add(ContextEntity(crate, "#transitionsim", _program(source)))
    made = {path.name: crate.add_file(path, path.name, properties=_file(path)) for path in files}
    scenarios = [
        crate.add(
            ContextEntity(
                crate, f"#scenario-{place}",
                {"@type": "PropertyValue", "name": arm.label, "value": arm.digest, "description": arm.role},
            )
        )
        for place, arm in enumerate(plan.arms)
    ]  # fmt: skip
    tables = [one for name, one in made.items() if name.startswith("table.")]
    action: dict[str, Any] = {
        "@type": "CreateAction",
        "name": f"{len(plan.arms)} scenarios x {len(plan.draws)} draws",
        "instrument": program,
        "object": [*scenarios, made[RECIPE]],
        "result": tables,
    }
    crate.root_dataset["mentions"] = crate.add(ContextEntity(crate, "#run", action))


def _program(source: Source) -> Mapping[str, Any]:
    commit = source.code.get("commit")
    return {
        "@type": "SoftwareApplication",
        "name": "transitionsim",
        "softwareVersion": source.plan.version,
        "identifier": commit or source.code.get("sources") or "unknown",
        "description": f"read and packed by transitionsim {__version__}",
    }


def _file(path: Path) -> dict[str, Any]:
    properties = {"name": path.name, "encodingFormat": _TYPES.get(path.suffix, "application/octet-stream")}
    return properties | ({"description": _ABOUT[path.name]} if path.name in _ABOUT else {})


def _archived(folder: Path, place: Path) -> None:
    """Write a folder as an archive without the times of its files."""
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
