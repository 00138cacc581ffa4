"""Results as an RO-Crate: files, and one more that says of each what it is, and of the run what made it.

After the profile of process runs: a ``CreateAction`` with the program as instrument, scenarios as objects and the table
as result. The same results give the same bytes: dates are those of the results, files stand in the order of names.
Only files that results consist of are packed, whatever else lies in their folder.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PureWindowsPath
from typing import Any, Final

from transitionsim.claims.card import FILE as CARD
from transitionsim.claims.card import written
from transitionsim.claims.language import language
from transitionsim.claims.reproduce import damaged, packed, recipe_of
from transitionsim.claims.source import Source
from transitionsim.errors import InputError
from transitionsim.experiments.manifest import MANIFEST, as_json
from transitionsim.files import cannot_write, write_whole
from transitionsim.provenance import PACKAGE

MISSING: Final = "a crate needs the extra 'crate': pip install 'transitionsim[crate]'"
VERSION: Final = "1.2"
"""The version of RO-Crate that is written."""
RECIPE: Final = "recipe.json"
ENVIRONMENT: Final = "environment.json"
CITATION: Final = "CITATION.cff"
LICENCE: Final = "LICENSE"
SHIPPED: Final = (CITATION, LICENCE)
PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
SPDX: Final = "https://spdx.org/licenses/Apache-2.0"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_ALWAYS: Final = (
    MANIFEST, "plan.json", "table.csv", "table.parquet", "region.yaml", CARD, "report.html", "report.png", "report.pdf",
)  # fmt: skip
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
    MANIFEST: "what was run, by which code, with the digests of the tables",
    "plan.json": "every arm, draw and scenario, written before anything ran",
    "region.yaml": "the profile of the region",
    CARD: "the claim card: one figure with its interval, its drivers and what it is not",
    RECIPE: "what it takes to make the results again",
    ENVIRONMENT: "the interpreter and the libraries that made the results",
    CITATION: "how to cite the program",
    LICENCE: "the licence of the program",
}


def write_crate(source: Source, place: Path) -> None:
    """Write the crate of a folder of results: an archive where ``place`` ends in ``.zip``, else a folder.

    Raises :class:`InputError` where the extra is missing or the place cannot be written to.
    """
    try:
        from rocrate.rocrate import ROCrate
    except ImportError:
        raise InputError.one("crate", MISSING) from None
    try:
        with tempfile.TemporaryDirectory(prefix="transitionsim-") as temporary:
            inside, made = Path(temporary) / "files", Path(temporary) / "crate"
            inside.mkdir()
            files = _gathered(source, inside)
            crate = ROCrate(version=VERSION)
            _describe(crate, source, files)
            crate.write(made)
            if place.suffix == ".zip":
                write_whole({place: _archived(made)})
            else:
                write_whole({place / path.relative_to(made): path.read_bytes() for path in _files_of(made)})
    except OSError as error:
        raise cannot_write(place, error) from None


def _gathered(source: Source, inside: Path) -> list[Path]:
    """Copy the files of the results into a folder, and write what goes with them; return all in the order of names."""
    about = _manifest(source)
    with damaged(str(source.folder)):
        recipe = recipe_of(source)
    listed = [PureWindowsPath(name).name for name in about.get("files") or ()]
    for name in dict.fromkeys([*_ALWAYS, *listed, *recipe["files"]]):
        if (source.folder / name).is_file():
            shutil.copyfile(source.folder / name, inside / name)
    (inside / RECIPE).write_text(packed(recipe) + "\n", encoding="utf-8")
    for place, scenario in enumerate(recipe["plan"]["scenarios"]):
        (inside / _scenario(place)).write_text(written(scenario), encoding="utf-8")
    environment = {"transitionsim": source.plan.version, "code": dict(source.code), **recipe["environment"]}
    (inside / ENVIRONMENT).write_text(as_json(environment, indent=1) + "\n", encoding="utf-8")
    for name in SHIPPED:
        shutil.copyfile(_shipped(name), inside / name)
    return sorted(inside.iterdir())


def _manifest(source: Source) -> dict[str, Any]:
    path = source.folder / MANIFEST
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _scenario(place: int) -> str:
    """Return the name of the file of an arm's scenario; labels are anybody's words and no names of files."""
    return f"scenario-{place}.yaml"


def _shipped(name: str) -> Path:
    """Return a file that comes with the package: from within it where it is installed, else from its checkout."""
    own = PACKAGE / "_shipped" / name
    return own if own.is_file() else PACKAGE.parents[1] / name


def _describe(crate: Any, source: Source, files: Sequence[Path]) -> None:
    from rocrate.model.contextentity import ContextEntity

    def entity(address: str, kind: str, /, **properties: Any) -> Any:
        return crate.add(ContextEntity(crate, address, {"@type": kind, **properties}))

    region, plan, words = source.region(), source.plan, language("en")
    crate.name = f"transitionsim {plan.id}"
    crate.description = "Results of simulations under stated assumptions: simulated, not a forecast."
    crate.datePublished = source.date
    crate.license = entity(SPDX, "CreativeWork", name="Apache License 2.0", identifier="Apache-2.0")
    crate.root_dataset["conformsTo"] = entity(PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    program = entity("#transitionsim", "SoftwareApplication", **_program(source))
    made = {path.name: crate.add_file(path, path.name, properties=_file(path)) for path in files}
    for place, arm in enumerate(plan.arms):
        made[_scenario(place)]["description"] = f"{arm.role}: {words.quoted(arm.label)}; digest {arm.digest}"
    values = {
        "#register": ("register of assumptions", region.register.digest()),
        "#region": (region.code, region.digest()),
    }
    inputs = [
        entity(address, "PropertyValue", name=title, value=f"sha256:{digest}")
        for address, (title, digest) in values.items()
    ]
    action = entity(
        "#run",
        "CreateAction",
        name=f"{len(plan.arms)} scenarios x {len(plan.draws)} draws",
        endTime=source.date,
        instrument=program,
        object=[*(made[_scenario(place)] for place in range(len(plan.arms))), made[RECIPE], *inputs],
        result=[one for name, one in made.items() if name.startswith("table.")],
    )
    crate.root_dataset["mentions"] = action


def _program(source: Source) -> Mapping[str, Any]:
    code = source.code
    commit = {"identifier": str(code["commit"])} if code.get("commit") else {}
    return {
        "name": "transitionsim",
        "softwareVersion": source.plan.version,
        "description": f"SHA-256 of its sources: {code.get('sources') or 'not recorded'}",
        **commit,
    }


def _file(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    properties = {
        "name": path.name,
        "encodingFormat": _TYPES.get(path.suffix, "text/plain"),
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return properties | ({"description": _ABOUT[path.name]} if path.name in _ABOUT else {})


def _files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _archived(folder: Path) -> bytes:
    """Return a folder as an archive without the times and the owners of its files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files_of(folder):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return stream.getvalue()
