"""Machine code on disk under a seal: numba's cache, which makes anew what was cut, emptied or put there by others.

numba unpickles whatever lies in its cache. A file cut short by a full disk, a quota or a power cut would then end
every later run. Here each file ends in a digest of its name and its content. A file whose seal is broken is removed,
said once in a process, and compiled again.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import shutil
from functools import cache
from pathlib import Path
from typing import Any, Final

from numba.core.caching import FunctionCache, IndexDataCacheFile

_SEAL: Final = 32
_log = logging.getLogger("transitionsim")


class SealedCache(FunctionCache):  # type: ignore[misc]
    """The machine code of one function on disk; a disk that is full keeps none and stops nobody."""

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        stamp = self._impl.locator.get_source_stamp()
        self._cache_file = _SealedFiles(self._cache_path, self._impl.filename_base, stamp)

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the machine code of one signature, where there is room."""
        try:
            super().save_overload(sig, data)
        except OSError:
            return


class _SealedFiles(IndexDataCacheFile):  # type: ignore[misc]
    """The index of a function's signatures and a file for each of them."""

    def _load_index(self) -> dict[Any, str]:
        kept = _read(Path(self._index_path))
        return kept[1] if kept is not None and kept[0] == self._made_for else {}

    def _save_index(self, overloads: dict[Any, str]) -> None:
        self._write(self._index_path, (self._made_for, overloads))

    def _load_data(self, name: str) -> Any:
        kept = _read(Path(self._data_path(name)))
        if kept is None:
            raise FileNotFoundError(name)
        return kept

    def _save_data(self, name: str, data: Any) -> None:
        self._write(self._data_path(name), data)

    @property
    def _made_for(self) -> tuple[Any, ...]:
        return self._version, self._source_stamp

    def _write(self, path: str, content: Any) -> None:
        body = self._dump((Path(path).name, content))
        with self._open_for_write(path) as stream:
            stream.write(body + _seal(body))


def _read(path: Path) -> Any | None:
    """Return what a sealed file holds, or None where there is no file; one that is not whole is removed."""
    try:
        whole = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        whole = b""
    body = whole[:-_SEAL]
    if _seal(body) == whole[-_SEAL:]:
        name, content = pickle.loads(body)
        if name == path.name:
            return content
    _remove(path)
    return None


def _seal(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=_SEAL).digest()


def _remove(path: Path) -> None:
    """Remove what lies in the place of a sealed file, and say so once."""
    folder = next((one for one in path.parents if one.name == "transitionsim"), path.parent)
    _say(folder)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@cache
def _say(folder: Path) -> None:
    _log.warning("%s: damaged files of compiled code are removed and made again", folder)
