"""Machine code on disk under a seal: numba's cache, which makes anew what was cut, emptied or put there by others.

numba unpickles whatever lies in its cache. A file cut short by a full disk, a quota or a power cut would then end
every later run. Here each file ends in a digest of its content, and the content says what it was made for. A file whose
seal is broken is removed, said once in a process, and compiled again; one made for something else is made anew.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from pathlib import Path
from typing import Any, Final

from numba.core.caching import FunctionCache, IndexDataCacheFile

from transitionsim.folders import discard

_SEAL: Final = 32


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
        return self._read(self._index_path) or {}

    def _save_index(self, overloads: dict[Any, str]) -> None:
        self._write(self._index_path, overloads)

    def _load_data(self, name: str) -> Any:
        kept = self._read(self._data_path(name))
        if kept is None:
            raise FileNotFoundError(name)
        return kept

    def _save_data(self, name: str, data: Any) -> None:
        self._write(self._data_path(name), data)

    def _made_for(self, path: str) -> tuple[Any, ...]:
        """Return what a file holds code for: its place in the cache, a version of numba, a state of the source."""
        return _place(path), self._version, self._source_stamp

    def _write(self, path: str, content: Any) -> None:
        body = self._dump(self._made_for(path)) + self._dump(content)
        with self._open_for_write(path) as stream:
            stream.write(body + _seal(body))

    def _read(self, path: str) -> Any | None:
        """Return what a sealed file holds, or None where nothing fits; a file that is not whole is removed."""
        try:
            whole = Path(path).read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            whole = b""
        body = whole[:-_SEAL]
        if _seal(body) != whole[-_SEAL:]:
            discard(Path(path))
            return None
        stream = io.BytesIO(body)
        made_for = pickle.load(stream)
        if made_for[0] != _place(path):
            discard(Path(path))
        return pickle.load(stream) if made_for == self._made_for(path) else None


def _place(path: str) -> tuple[str, ...]:
    """Return the place of a file within the cache, wherever the cache is."""
    return Path(path).parts[-3:]


def _seal(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=_SEAL).digest()
