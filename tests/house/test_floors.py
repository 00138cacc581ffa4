"""The house: a module imports only from lower floors, and themes on one floor do not know each other."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "transitionsim"
FLOORS = (
    {"errors", "files", "folders", "provenance", "sealed", "sentences", "months", "quantities", "tables", "yamlfile"},
    {"compiling", "mechanisms"},
    {"arithmetic", "draws", "columns"},
    {"dated", "evidence", "rule", "structure", "worker"},
    {"world_variables"},
    {"reading", "interpreter", "kernels", "rehearsal", "cache", "usage"},
    {"engine"},
    {"groups", "population"},
    {"plugins", "ledger", "careers"},
    {"rules", "markets", "tallies", "breakdowns", "histories"},
    {"regions", "policies", "scenario", "world", "writers"},
    {"series"},
    {"road", "steps", "recorder", "audit", "starts", "employer_kinds", "panel"},
    {"month"},
    {"living"},
    {"entering"},
    {"model"},
    {"replications", "experiments", "report", "stories", "indicators", "sweeps", "calibration", "facts"},
    {"claims"},
    {"pages"},
    {"cli"},
    {"__main__"},
)
SEPARATE = ("rules", "markets", "policies")
"""Folders whose modules do not import each other (a package's own ground modules excepted)."""
GROUND = {"policies.base"}
MESA = {"population", "model"}


def _modules() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts): path
        for path in SOURCE.rglob("*.py")
        if path.parent != SOURCE or path.stem != "__init__"
    }


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def _floor(name: str) -> int:
    top = name.split(".", 1)[0]
    floors = [number for number, floor in enumerate(FLOORS) if top in floor]
    assert floors, f"{name} stands on no floor; add it to FLOORS"
    return floors[0]


def test_modules_import_only_from_their_floor_or_below() -> None:
    wrong = []
    for name, path in _modules().items():
        for imported in _imports(path):
            if imported.startswith("transitionsim."):
                other = imported.removeprefix("transitionsim.")
                if other.split(".")[0].startswith("__"):
                    continue
                if _floor(other) > _floor(name):
                    wrong.append(f"{name} imports {other}")
    assert not wrong, "\n".join(sorted(wrong))


def test_themes_do_not_know_each_other() -> None:
    wrong = []
    names = set(_modules())
    for name, path in _modules().items():
        folder = name.split(".")[0]
        if folder in SEPARATE and not name.endswith("__init__"):
            for imported in _imports(path):
                other = imported.removeprefix("transitionsim.")
                if other in names and other.startswith(folder + ".") and other != name and other not in GROUND:
                    wrong.append(f"{name} imports {other}")
    assert not wrong, "\n".join(wrong)


def test_two_modules_import_mesa() -> None:
    found = {
        name
        for name, path in _modules().items()
        if any(one == "mesa" or one.startswith("mesa.") for one in _imports(path))
    }
    assert found == MESA


def test_files_stay_readable() -> None:
    """Files hold one idea: none above 420 lines (the steady state's solver is the longest)."""
    long = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in _modules().items()}
    assert max(long.values()) <= 420, max(long, key=lambda name: long[name])


def test_no_generator_of_random_numbers_anywhere() -> None:
    """Luck has an address: nothing in the package keeps a stateful generator."""
    for name, path in _modules().items():
        text = path.read_text(encoding="utf-8")
        for word in ("default_rng", "np.random", "import random", "RandomState"):
            assert word not in text, f"{name} uses {word}"
