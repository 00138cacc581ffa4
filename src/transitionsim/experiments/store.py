"""The folder of a sweep: the plan, and one file for each finished chunk that can prove that it is whole.

A part is written under another name, flushed to the disk and renamed; its name holds the digest of its bytes. What is
done is therefore read off the parts alone: whatever instant a machine stops at, a part is there and whole, or it is
not there. A part that was cut, altered or copied from another sweep is found by its name and its digest.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from transitionsim import __version__
from transitionsim.errors import InputError, Mistake, RunError
from transitionsim.experiments.design import Swept
from transitionsim.experiments.manifest import (
    LOCK,
    MANIFEST,
    PLAN,
    PROFILE,
    as_json,
    document,
    fit_file,
    shareable_command,
    without_folders,
)
from transitionsim.experiments.plan import Effect, Plan, PlannedArm, PlannedDraw, RuleFile
from transitionsim.experiments.planning import Design, chunks_of, role_of
from transitionsim.experiments.results import Failure
from transitionsim.experiments.work import Done, unit_of
from transitionsim.files import reason_of
from transitionsim.provenance import code

if TYPE_CHECKING:
    import pyarrow as pa

    from transitionsim.scenario import Scenario

PARTS: Final = "parts"
TABLE: Final = "table.parquet"
CSV: Final = "table.csv"
RECORDS: Final = "records"
PANELS: Final = "panels"
_PART: Final = re.compile(r"(\d{6})-([0-9a-f]{16})\.parquet")
_META: Final = b"transitionsim"


def write_plan(folder: Path, design: Design) -> None:
    """Write the plan and the scenarios it needs, whole, before anything runs."""
    own = design.scenarios[0]
    from transitionsim.regions.reading import names_a_file

    if names_a_file(own.region):
        source = (own.region_folder or Path()) / own.region
        write_safely(folder / PROFILE, source.read_bytes())
    for one in design.scenarios:
        _keep_fit(folder, one)
    write_content(folder, {**asdict(design.plan), "scenarios": [document(one) for one in design.scenarios]})


def write_content(folder: Path, content: Mapping[str, Any]) -> None:
    """Write a plan from its plain data, under its digest."""
    text = as_json(content, indent=1)
    digest = hashlib.sha256(text.encode()).hexdigest()
    whole = {"sha256": digest, "command": shareable_command(sys.argv), "plan": json.loads(text)}
    write_safely(folder / PLAN, as_json(whole, indent=1).encode() + b"\n")


def _keep_fit(folder: Path, scenario: Scenario) -> None:
    """Keep a fit file of the user's own with the plan."""
    from transitionsim.regions.fitted import written_fit
    from transitionsim.regions.reading import names_a_file

    fit = scenario.fit() if names_a_file(scenario.calibration) else None
    if fit is not None:
        write_safely(folder / fit_file(fit.digest), written_fit(fit).encode())


def emptied(folder: Path) -> None:
    """Empty a folder for a new experiment, the lock left out."""
    for one in folder.iterdir():
        if one.name == LOCK:
            continue
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        else:
            one.unlink()


def read_plan(folder: Path) -> Design:
    """Return the plan of a folder, ready to be run on; raises :class:`InputError` where it cannot be."""
    from transitionsim.scenario.schema import Scenario

    content = plan_content(folder)
    plan = plan_of(folder)
    if plan.version != __version__:
        text = f"was planned by version {plan.version}, this is {__version__}; run it with that version, or begin anew"
        raise InputError.one(str(folder), text)
    try:
        scenarios = tuple(Scenario.model_validate(one).placed(None, folder) for one in content["scenarios"])
    except ValidationError:
        raise InputError.one(str(folder), "holds scenarios that this version cannot read; begin anew") from None
    changed = [arm.label for arm, one in zip(plan.arms, scenarios, strict=True) if arm.digest != one.digest()]
    if changed:
        text = f"the scenario of '{changed[0]}' is not what it was when the sweep was planned; begin anew"
        raise InputError.one(str(folder), text)
    return Design(plan, scenarios)


def plan_of(folder: Path) -> Plan:
    """Return the plan of a folder, for reading only: of whatever version it is, as far as this one can read it."""
    content = plan_content(folder)
    try:
        return plan_from(content)
    except (KeyError, TypeError, ValueError):
        raise InputError.one(str(folder / PLAN), "is of another state of this program; run it again") from None


def plan_content(folder: Path) -> dict[str, Any]:
    """Return the plan of a folder as plain data, scenarios included, after its digest was found right."""
    path = folder / PLAN
    if not path.is_file():
        has = "its parts cannot be read without it; begin anew" if (folder / PARTS).is_dir() else "no sweep began here"
        raise InputError.one(str(folder), f"holds no {PLAN}: {has}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        digest = hashlib.sha256(as_json(content["plan"], indent=1).encode()).hexdigest()
    except (ValueError, KeyError, TypeError):
        raise InputError.one(str(path), "is damaged; begin anew") from None
    if digest != content["sha256"]:
        raise InputError.one(str(path), "was altered after it was written; begin anew")
    return dict(content["plan"])


def plan_from(content: Mapping[str, Any]) -> Plan:
    """Return a plan from its plain data."""
    effect = content["smallest_effect"]
    return Plan(
        question=content["question"],
        id=content["id"],
        version=content["version"],
        region=content["region"],
        arms=tuple(PlannedArm(**{**one, "role": role_of(one["role"])}) for one in content["arms"]),
        draws=tuple(PlannedDraw(**one) for one in content["draws"]),
        indicators=tuple(content["indicators"]),
        horizons=tuple(content["horizons"]),
        smallest_effect=None if effect is None else Effect(**effect),
        design=content["design"],
        swept=tuple(Swept(**one) for one in content["swept"]),
        sampling=content["sampling"],
        futures=tuple(content["futures"]),
        rules=tuple(RuleFile(**one) for one in content["rules"]),
        denominator=content["denominator"],
        whole=content["whole"],
    )


def write_part(folder: Path, plan: Plan, done: Done) -> Path:
    """Write what a chunk gave and return its file; afterwards it is done, before it is not."""
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    meta = {
        "plan": plan.id,
        "chunk": done.chunk,
        "digests": dict(done.digests),
        "failures": [asdict(replace(one, cause=without_folders(one.cause))) for one in done.failures],
        "labels": list(done.labels),
        "code": code().plain(),
        **{
            kind: _kept_beside(folder / kind, done.chunk, content)
            for kind, content in ((RECORDS, done.record), (PANELS, done.panel))
            if content is not None
        },
    }
    table = part_of(plan, done).replace_schema_metadata({_META: as_json(meta).encode()})
    pq.write_table(table, stream, compression="zstd")
    content = stream.getvalue()
    path = folder / PARTS / f"{done.chunk:06d}-{hashlib.sha256(content).hexdigest()[:16]}.parquet"
    write_safely(path, content)
    return path


def _kept_beside(folder: Path, chunk: int, content: bytes) -> str:
    """Write what belongs to a part before the part itself; return its name, which holds its digest."""
    path = folder / f"{chunk:06d}-{hashlib.sha256(content).hexdigest()[:16]}.parquet"
    write_safely(path, content)
    return path.name


def part_of(plan: Plan, done: Done) -> pa.Table:
    """Return what a chunk gave as the table of its part."""
    import pyarrow as pa

    chunk = chunks_of(plan)[done.chunk]
    draw = plan.draws[chunk.draw]
    arms = {arm.label: arm for arm in plan.arms}
    rows = done.rows
    words = pa.dictionary(pa.int32(), pa.string())
    columns = {
        "scenario": pa.array([row.scenario for row in rows], pa.string()).cast(words),
        "role": pa.array([arms[row.scenario].role for row in rows], pa.string()).cast(words),
        "point": pa.array([arms[row.scenario].point for row in rows], pa.int32()),
        "draw": pa.array([draw.number] * len(rows), pa.int32()),
        "inputs": pa.array([draw.inputs] * len(rows), pa.int32()),
        "seed": pa.array([draw.seed] * len(rows), pa.int64()),
        "region": pa.array([plan.region] * len(rows), pa.string()).cast(words),
        "year": pa.array([row.year for row in rows], pa.int16()),
        "month": pa.array([row.month for row in rows], pa.int8()),
        "kind": pa.array([row.kind for row in rows], pa.string()).cast(words),
        "indicator": pa.array([row.indicator for row in rows], pa.string()).cast(words),
        "group": pa.array([row.group for row in rows], pa.string()).cast(words),
        "unit": pa.array([unit_of(row.kind, row.indicator, row.group) for row in rows], pa.string()).cast(words),
        "value": pa.array([row.value for row in rows], pa.float64()),
    }
    return pa.table(columns)


def finished(folder: Path, plan: Plan) -> tuple[dict[int, Path], list[str]]:
    """Return the whole parts by their chunk, and a sentence for each part that is not; those are removed."""
    found, wrong = whole_parts(folder, plan)
    beside = {meta_of(path).get(kind) for path in found.values() for kind in (RECORDS, PANELS)}
    for path in [path for kind in (PARTS, RECORDS, PANELS) for path in (folder / kind).glob("*")]:
        if path not in found.values() and path.name not in beside:
            path.unlink()
    return found, [f"{name}: {problem}; it will be computed again" for name, problem in wrong.items()]


def whole_parts(folder: Path, plan: Plan) -> tuple[dict[int, Path], dict[str, str]]:
    """Return the whole parts by their chunk, and what is wrong with each part that is not by its name; reads only."""
    found: dict[int, Path] = {}
    wrong: dict[str, str] = {}
    total = len(chunks_of(plan))
    for path in sorted((folder / PARTS).glob("*")):
        name = _PART.fullmatch(path.name)
        if name is None:
            continue  # being written, or left behind by a process that was killed
        problem = _problem_with(path, int(name.group(1)), name.group(2), plan.id, total)
        if problem is None:
            found[int(name.group(1))] = path
        else:
            wrong[path.name] = problem
    return found, wrong


def _problem_with(path: Path, chunk: int, digest: str, plan_id: str, total: int) -> str | None:
    content = path.read_bytes()
    if chunk >= total:
        return "belongs to no chunk"
    if hashlib.sha256(content).hexdigest()[:16] != digest:
        return "is cut or altered"
    meta = meta_of(path)
    if meta["plan"] != plan_id:
        return "comes from another sweep"
    if meta["chunk"] != chunk:
        return f"is a copy of chunk {meta['chunk']}"
    beside = [path.parents[1] / kind / meta[kind] for kind in (RECORDS, PANELS) if kind in meta]
    return None if all(map(_is_whole, beside)) else "has lost its record"


def _is_whole(path: Path) -> bool:
    """Return whether a file is there with the digest that its name says."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest()[:16] == path.stem.rpartition("-")[2]


def meta_of(path: Path) -> dict[str, Any]:
    """Return what a part says of itself: plan, chunk, digests of its runs, failures."""
    import pyarrow.parquet as pq

    return dict(json.loads(pq.read_schema(path).metadata[_META]))


def failures_of(path: Path) -> list[Failure]:
    """Return the runs of a part that failed."""
    rows = meta_of(path)["failures"]
    return [Failure(**{**one, "mistakes": tuple(Mistake(**text) for text in one["mistakes"])}) for one in rows]


def is_finished(folder: Path, plan: Plan) -> bool:
    """Return whether the table of all draws stands in the folder as it was written."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        whole = content["id"] == plan.id and content["draws"] == len(plan.draws)
        return whole and content["files"][CSV] == _digest(folder / CSV) and table_is_whole(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def table_is_whole(folder: Path) -> bool:
    """Return whether the table of a folder has the bytes that its manifest says."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return bool(content["files"][TABLE] == _digest(folder / TABLE))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_safely(path: Path, content: bytes) -> None:
    """Write a file so that it is there with all its bytes, on the disk, or not there at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with room_for(path.name, partial):
        with partial.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)


@contextmanager
def room_for(name: str, *partial: Path) -> Iterator[None]:
    """Say in one sentence that a file cannot be written; what is there of it goes."""
    try:
        yield
    except OSError as error:
        for path in partial:
            with suppress(OSError):
                path.unlink()
        begun = any((folder / PLAN).exists() for path in partial for folder in path.parents[:2])
        way_out = "make room and resume" if begun else "make room and begin again"
        raise RunError("writing", f"cannot write {name}: {reason_of(error)}; {way_out}") from None


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for one sweep; the lock goes with the process. Raises :class:`InputError` where another has it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / LOCK).open("a")
    except OSError as error:
        raise InputError.one(str(folder), f"cannot be written to: {reason_of(error)}") from None
    with stream:
        try:
            _take(stream.fileno())
        except OSError:
            raise InputError.one(str(folder), "another sweep is running in it; wait for it, or name another") from None
        yield


def _take(descriptor: int) -> None:
    """Lock an open file without waiting; raises ``OSError`` where somebody else holds it."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
