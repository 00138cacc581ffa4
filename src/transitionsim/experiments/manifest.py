"""The manifest of a results folder: everything needed to know, and to repeat, what was run.

It holds the version and the state of the code, the digest of all runs and of every file, the versions of the libraries,
the command and the date; scenarios and draws stand in the plan beside it. It holds no path outside the command's own
words, no user name and no machine name: a folder can be handed on as it is.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path, PureWindowsPath
from typing import Any, Final

from transitionsim.regions.reading import names_a_file

PLAN: Final = "plan.json"
MANIFEST: Final = "manifest.json"
LOCK: Final = "lock"
LIBRARIES: Final = ("mesa", "numpy", "numba", "pandas", "pyarrow", "pydantic", "scipy")
PROFILE: Final = "region.yaml"
"""A profile of the user's own is kept under this name, so that results can be made again from anywhere."""
CAVEAT: Final = "simulated, not a forecast"
_FOLDERS: Final = re.compile(r"(?<![\w.~])(?:~|[A-Za-z]:)?[\\/](?:[^'\":;,\\/]+[\\/])*")


def files_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a folder, but of the plan, which proves itself, and of the manifest."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name not in (PLAN, MANIFEST, LOCK)
    }


def environment() -> dict[str, Any]:
    """Return what the code runs on: the interpreter, the kind of processor and the versions of the libraries."""
    return {
        "python": platform.python_version(),
        "processor": platform.machine(),
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
    }


def shareable_command(command: Sequence[str]) -> list[str]:
    """Return the words of a command without the folders that absolute paths lead through.

    >>> shareable_command(["/usr/bin/transitionsim", "run", "fast", "--out=/home/me/x", "results/demo"])
    ['transitionsim', 'run', 'fast', '--out=x', 'results/demo']
    """
    return [_shareable(word) for word in command]


def _shareable(word: str) -> str:
    option, equals, value = word.partition("=")
    if equals:
        return f"{option}={_shareable(value)}"
    absolute = Path(word).is_absolute() or PureWindowsPath(word).is_absolute() or word.startswith("~")
    return PureWindowsPath(word).name if absolute else word


def without_folders(text: str) -> str:
    """Return a text in which absolute paths are cut to the name of the file.

    >>> without_folders("[Errno 2] no such file: '/home/me/my rules/r.py'; 3/4 done, see ./a/b")
    "[Errno 2] no such file: 'r.py'; 3/4 done, see ./a/b"
    """
    return _FOLDERS.sub("", text)


def document(scenario: Any) -> dict[str, Any]:
    """Return what a scenario sets itself, as a file beside its profile and its fit would hold it."""
    own: dict[str, Any] = scenario.written(only_set=True)
    for entry, policy in zip(own.get("policies", ()), scenario.policies, strict=False):
        entry.setdefault("kind", policy.kind)
    if names_a_file(scenario.region):
        own["region"] = f"./{PROFILE}"
    if names_a_file(scenario.calibration):
        own["calibration"] = f"./{fit_file(scenario.fit().digest)}"
    return own


def fit_file(digest: str) -> str:
    """Return the name under which a fit of the user's own is kept."""
    return f"fit-{digest[:8]}.yaml"


def as_json(content: Any, *, indent: int | None = None, ascii_only: bool = False, by_key: bool = True) -> str:
    """Return content as JSON with no NaN, what is not a number is null; keys are sorted, or stand as they are."""
    return json.dumps(_finite(content), indent=indent, sort_keys=by_key, ensure_ascii=ascii_only, allow_nan=False)


def _finite(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {str(key): _finite(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    if hasattr(content, "item"):
        content = content.item()
    if isinstance(content, float) and (content != content or content in (float("inf"), float("-inf"))):
        return None
    return content
