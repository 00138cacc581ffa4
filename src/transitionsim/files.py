"""Files that are there with all their bytes or not at all, and the one sentence for those that cannot be."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from transitionsim.errors import InputError


def reason_of(error: OSError) -> str:
    """Return why the system refused, in its own words.

    >>> import errno
    >>> reason_of(OSError(errno.ENOSPC, "Error writing bytes to file"))
    'no space left on device'
    """
    return (os.strerror(error.errno) if error.errno else str(error)).lower()


def cannot_write(place: Path, error: OSError, option: str = "--out") -> InputError:
    """Return the mistake of naming a place that cannot be written to, or where no room is left."""
    return InputError.one(option, f"cannot write to {place}: {reason_of(error)}")


def write_whole(files: Mapping[Path, bytes], option: str = "--out") -> None:
    """Write files, and the folders they stand in; where one cannot be written no file appears and none has changed.

    Raises :class:`InputError` with the place that cannot be written to.
    """
    partial = {path: path.with_name(f".{path.name}.{os.getpid()}.partial") for path in files}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial[path].write_bytes(content)
        for path in files:
            partial[path].replace(path)
    except OSError as error:
        raise cannot_write(path, error, option) from None
    finally:
        for left in partial.values():
            with suppress(OSError):
                left.unlink(missing_ok=True)
