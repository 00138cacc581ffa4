"""Rules of one's own in a plan: they travel as a name, a digest and text, and are placed where they run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath

from transitionsim.errors import InputError
from transitionsim.experiments.plan import RuleFile
from transitionsim.folders import cache_folder, discard


def rule_files(paths: Sequence[Path]) -> tuple[RuleFile, ...]:
    """Return files of rules as a plan holds them."""
    found = []
    for path in paths:
        content = path.read_bytes()
        found.append(RuleFile(path.name, hashlib.sha256(content).hexdigest(), content.decode("utf-8-sig")))
    return tuple(found)


def placed(rules: Sequence[RuleFile], paths: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Return where files of rules stand on this machine: where they were given, else in a private folder."""
    given = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in paths if path.is_file()}
    return tuple(given.get(one.sha256) or _written(one) for one in rules)


def _written(one: RuleFile) -> Path:
    """Return a private copy of a file of rules; raises :class:`InputError` where it is not what its digest says."""
    content = one.text.encode()
    # A file that began with a byte order mark has lost it as text.
    whole = next((text for text in (content, b"\xef\xbb\xbf" + content) if _digest(text) == one.sha256), None)
    if whole is None:
        raise InputError.one(one.file, "was altered after the runs were planned; begin anew")
    path = cache_folder("rules", one.sha256[:16]) / PureWindowsPath(one.file).name
    if path.is_file() and path.read_bytes() == whole:
        return path
    if path.exists():
        discard(path)
    path.write_bytes(whole)
    return path


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
