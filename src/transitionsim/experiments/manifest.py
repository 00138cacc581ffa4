"""The manifest of a results folder: everything needed to know, and to repeat, what was run.

It holds the version and the state of the code, every scenario as resolved with its digest, every draw with its values,
the digest of every run and of every file, the versions of the libraries, the command and the date. It holds no path
outside the command's own words, no user name and no machine name: a folder can be handed on as it is.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path, PureWindowsPath
from typing import Any, Final

from transitionsim import __version__
from transitionsim.experiments.design import Design
from transitionsim.experiments.runner import Results
from transitionsim.provenance import code
from transitionsim.regions.reading import names_a_file

LIBRARIES: Final = ("mesa", "numpy", "numba", "pandas", "pyarrow", "pydantic", "scipy")
PROFILE: Final = "region.yaml"
"""A profile of the user's own is kept under this name, so that results can be made again from anywhere."""
CAVEAT: Final = "simulated, not a forecast"
_FOLDERS: Final = re.compile(r"(?<![\w.~])(?:~|[A-Za-z]:)?[\\/](?:[^'\":;,\\/]+[\\/])*")


def experiment_id(design: Design) -> str:
    """Return the short id of an experiment: eight hex digits of its version, scenarios, draws and rules."""
    return short_id(
        __version__,
        [[arm.label, arm.role, arm.scenario.digest()] for arm in design.arms],
        [[draw.number, draw.seed, dict(draw.values)] for draw in design.draws],
        [rule["sha256"] for rule in rule_files(design.rules)],
    )


def short_id(version: str, arms: Sequence[Any], draws: Sequence[Any], rules: Sequence[str]) -> str:
    """Return the id of an experiment from what decides its numbers, as a manifest holds it."""
    content = {"version": version, "arms": list(arms), "draws": list(draws), "rules": list(rules)}
    return hashlib.sha256(as_json(content).encode()).hexdigest()[:8]


def rule_files(rules: Sequence[Path]) -> list[dict[str, str]]:
    """Return the name and the digest of each file of rules."""
    return [{"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for path in rules]


def manifest(
    results: Results, *, command: Sequence[str] = (), extra: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the manifest of an experiment as plain data; ``extra`` adds what only the caller knows."""
    design = results.design
    return {
        "transitionsim": __version__,
        "caveat": CAVEAT,
        "id": experiment_id(design),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "command": shareable_command(command),
        "interval_holds": design.interval_holds,
        "code": code().plain(),
        "region": design.baseline.scenario.load_region().code,
        **environment(),
        "scenarios": [
            {
                "label": arm.label,
                "role": arm.role,
                "digest": arm.scenario.digest(),
                "resolved": resolved(arm.scenario),
                "document": document(arm.scenario),
                **fitted(arm.scenario),
            }
            for arm in design.arms
        ],
        "swept": [{"key": swept.key, "range": swept.extent, "grade": swept.grade} for swept in design.swept],
        "draws": [{"draw": d.number, "seed": d.seed, "values": dict(d.values)} for d in design.draws],
        "rules": rule_files(design.rules),
        "labels": list(results.labels),
        "runs": [{"scenario": run.arm, "draw": run.draw, "digest": run.digest} for run in results.runs],
        "failed": [
            {"scenario": f.arm, "draw": f.draw, "seed": f.seed, "stage": f.stage, "cause": without_folders(f.cause)}
            for f in results.failures
        ],
        **(extra or {}),
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


def resolved(scenario: Any) -> Any:
    """Return a scenario's resolved values as plain data, without the folders its files lie in."""
    content = scenario.written()
    if names_a_file(scenario.region):
        content["region"] = PureWindowsPath(scenario.region).name
    if names_a_file(scenario.calibration):
        content["calibration"] = PureWindowsPath(scenario.calibration).name
    return content


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


def fitted(scenario: Any) -> dict[str, Any]:
    """Return the values fitted to the region that a scenario takes over, with their digest; empty without any."""
    fit = scenario.fit()
    return {} if fit is None else {"fit": {"region": fit.region, "digest": fit.digest, "values": fit.values}}


def as_json(content: Any, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """Return content as JSON with sorted keys and no NaN: what is not a number is null."""
    return json.dumps(_finite(content), indent=indent, sort_keys=True, ensure_ascii=ascii_only, allow_nan=False)


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
