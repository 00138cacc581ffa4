"""Files that are there with all their bytes or not at all, and the one sentence for those that cannot be."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from transitionsim.errors import InputError

_NO_ROOM: Final = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS)


def reason_of(error: OSError) -> str:
    """Return why the system refused, in its own words.

    >>> reason_of(OSError(errno.ENOSPC, "Error writing bytes to file"))
    'no space left on device'
    """
    return (os.strerror(error.errno) if error.errno else str(error)).lower()


def no_room(error: BaseException) -> bool:
    """Return whether an error says that a disk takes no more, whatever was done when it came."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM


def cannot_write(place: Path, error: OSError, option: str = "--out") -> InputError:
    """Return the mistake of naming a place that cannot be written to, or where no room is left."""
    return InputError.one(option, f"cannot write to {place}: {reason_of(error)}")


def missing_folders(place: Path) -> list[Path]:
    """Return the folders above a place that do not exist yet, the deepest first."""
    return [folder for folder in place.absolute().parents if not folder.exists()]


def write_whole(files: Mapping[Path, bytes], option: str = "--out") -> None:
    """Write files, and the folders they stand in; where one cannot be written nothing appears and none has changed.

    Raises :class:`InputError` with the place that cannot be written to.
    """
    partial = {path: path.with_name(f".{path.name}.{os.getpid()}.partial") for path in files}
    made = [folder for path in files for folder in missing_folders(path)]
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, "")
            partial[path].write_bytes(content)
        for path in files:
            partial[path].replace(path)
    except OSError as error:
        _remove(partial.values(), made)
        raise cannot_write(path, error, option) from None


@contextmanager
def output_folder(place: Path) -> Iterator[Path]:
    """Give an empty folder; what is in it at the end moves to ``place``, beside what is there already.

    After an error nothing of it is left. Raises :class:`InputError` where ``place`` cannot be made or takes no more.
    """
    if place.exists() and not place.is_dir():
        raise cannot_write(place, NotADirectoryError(errno.ENOTDIR, ""))
    made = missing_folders(place)
    partial = place.absolute().with_name(f".{place.name}.{os.getpid()}.partial")
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        _remove((), made)
        raise cannot_write(place, error) from None
    new = not place.exists()
    try:
        yield partial
        place.mkdir(exist_ok=True)
        for path in sorted(partial.iterdir()):
            path.replace(place / path.name)
    except BaseException as error:
        shutil.rmtree(partial, ignore_errors=True)
        _remove((), [place, *made] if new else made)
        if isinstance(error, OSError) and no_room(error):
            raise cannot_write(place, error) from None
        raise
    partial.rmdir()


def _remove(files: Iterable[Path], folders: Iterable[Path]) -> None:
    """Remove files that are there and folders that are empty."""
    for path in files:
        with suppress(OSError):
            path.unlink()
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
