"""Where scenarios are found: a file of that name, then ./scenarios, then those that come with the package."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from transitionsim.errors import InputError, nearest
from transitionsim.yamlfile import is_file

PACKAGE: Final = Path(__file__).resolve().parents[1]
SUFFIXES: Final = (".yaml", ".yml")


def shipped_folder(package: Path = PACKAGE) -> Path:
    """Return the folder of the scenarios that come with the package: inside a wheel, or in the repository."""
    inside = package / "_shipped" / "scenarios"
    return inside if inside.is_dir() else package.parents[1] / "scenarios"


def scenario_names() -> dict[str, Path]:
    """Return the scenarios that can be named without a path: those in ./scenarios, then the shipped ones."""
    found: dict[str, Path] = {}
    for folder in (Path("scenarios"), shipped_folder()):
        for path in sorted(folder.glob("*.yaml")):
            found.setdefault(path.stem, path)
    return dict(sorted(found.items()))


def find_scenario(name: str | Path) -> Path:
    """Return the file of a scenario named by a path or a name; raise ``InputError`` when there is none."""
    path = Path(name)
    if path.parent != Path() or path.is_absolute():
        return path  # a path: reading it says what is wrong, if anything
    found = first_file(path.name, (Path(), Path("scenarios"), shipped_folder()))
    if found is None:
        raise InputError.one(str(name), "no such file or scenario" + nearest(path.stem, scenario_names()))
    return found


def first_file(name: str, folders: Iterable[Path]) -> Path | None:
    """Return the first file of a name, with or without ``.yaml`` written out, in some folders."""
    names = [name] if name.endswith(SUFFIXES) else [name + suffix for suffix in SUFFIXES]
    candidates = (folder / candidate for folder in folders for candidate in names)
    return next((path for path in candidates if is_file(path)), None)
