"""Which code a result was made by: version, commit, whether the working tree was clean, and a digest of the sources."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from transitionsim import __version__

PACKAGE: Final = Path(__file__).resolve().parent
_SUFFIXES: Final = frozenset({".py", ".yaml", ".yml", ".csv", ".json", ".j2", ".typ", ".css", ".js"})
_GIT_SECONDS: Final = 10


@dataclass(frozen=True)
class Code:
    """The code of this package as it stands on this machine.

    ``commit`` and ``dirty`` are none where the package is not run from a git checkout of its own; then ``sources``
    alone says which code it is: the SHA-256 over the names and bytes of all source files.
    """

    version: str
    sources: str
    commit: str | None
    dirty: bool | None

    def plain(self) -> dict[str, Any]:
        """Return it as plain data, as manifests hold it."""
        return asdict(self)


@cache
def code() -> Code:
    """Return which code runs here, as it stood when first asked: a process goes on with what it imported."""
    root = PACKAGE.parents[1]
    commit = _git(root, "rev-parse", "HEAD") if (root / ".git").exists() else None
    return Code(__version__, sources_digest(), commit, None if commit is None else _dirty(root))


def _dirty(root: Path) -> bool | None:
    """Return whether a tracked file was changed, or a file added to the package: results are left out."""
    tracked = _git(root, "status", "--porcelain", "--untracked-files=no")
    added = _git(root, "status", "--porcelain", "--", str(PACKAGE))
    return None if tracked is None or added is None else bool(tracked or added)


def sources_digest() -> str:
    """Return the SHA-256 over the names and bytes of all source files of the package, in the order of their names."""
    found = hashlib.sha256()
    paths = [path for path in PACKAGE.rglob("*") if path.suffix in _SUFFIXES and path.is_file()]
    for path in sorted(paths, key=lambda one: one.relative_to(PACKAGE).as_posix()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(PACKAGE).as_posix().encode()
        found.update(len(name).to_bytes(4, "big") + name + len(content).to_bytes(8, "big") + content)
    return found.hexdigest()


def _git(folder: Path, *words: str) -> str | None:
    try:
        ended = subprocess.run(
            ["git", *words], cwd=folder, capture_output=True, text=True, timeout=_GIT_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return ended.stdout.strip()
