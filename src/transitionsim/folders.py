"""Private folders for compiled code: what lies in them is executed, so they must be the user's alone."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

OWN: Final = "transitionsim"
"""The package's own folder in the user's cache folder."""
_log = logging.getLogger(OWN)


def cache_folder(*parts: str) -> Path:
    """Return ``transitionsim/PARTS`` in the user's cache folder if it is private, else a temporary folder.

    The user's cache folder is ``XDG_CACHE_HOME`` or ``~/.cache``.
    """
    try:
        path = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        path.mkdir(parents=True, exist_ok=True)
        path = _private(path / OWN)
        for part in parts:
            if (path / part).is_file() and not (path / part).is_symlink():
                discard(path / part)
            path = _private(path / part)
    except (OSError, RuntimeError):
        return temporary_folder()
    return path


def discard(path: Path) -> None:
    """Remove what lies damaged in the cache, so that it is made again, and say so once in a process."""
    _say(next((folder for folder in path.parents if folder.name == OWN), path.parent))
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@cache
def _say(folder: Path) -> None:
    _log.warning("%s: damaged files of compiled code are removed and made again", folder)


def _private(path: Path) -> Path:
    """Return a folder that only this user can enter and write; raises ``PermissionError`` otherwise."""
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    # Windows knows no user numbers: there a folder in the user's own profile is the user's.
    user = getattr(os, "getuid", lambda: found.st_uid)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user():
        raise PermissionError(f"{path} is not a folder of this user's own")
    if stat.S_IMODE(found.st_mode) & 0o077:
        path.chmod(0o700)
    if not os.access(path, os.W_OK | os.X_OK):
        raise PermissionError(f"{path} cannot be written")
    return path


def temporary_folder() -> Path:
    """Return a private folder that is removed when the process ends."""
    path = Path(tempfile.mkdtemp(prefix="transitionsim-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path
