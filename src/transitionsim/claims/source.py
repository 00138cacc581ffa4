"""A folder of results as claims are made from it.

Reading runs nothing that the folder carries: its tables are Parquet, its manifest and plan are JSON, and scenarios are
read as data. What does not have the bytes that the manifest says is not read at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any, Literal

from transitionsim.errors import InputError
from transitionsim.experiments.contrasts import Measured, measured
from transitionsim.experiments.manifest import MANIFEST, PLAN, PROFILE
from transitionsim.experiments.plan import Plan, PlannedArm, Sweep
from transitionsim.experiments.published import GROUPS_TABLE
from transitionsim.experiments.reading import read_sweep, rows_read
from transitionsim.experiments.store import plan_content, whole_parts
from transitionsim.regions.reading import load_region

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.claims.language import Language
    from transitionsim.regions.schema import Region

Kind = Literal["run", "comparison", "sweep"]


@dataclass(frozen=True)
class Source:
    """Results that claims can be made from.

    ``sweep`` holds the plan and the yearly values of every finished run. ``scenarios`` holds what each arm sets, by its
    label. ``code`` is the state of the code that made it, empty where the folder does not say. ``problems`` names each
    file that is not what the manifest says. ``held`` are assumptions that draws vary by default and did not vary here.
    ``drawn`` is how many draws were run, of the planned ones, ``failed`` how many of their runs failed.
    """

    folder: Path
    kind: Kind
    sweep: Sweep
    scenarios: Mapping[str, Mapping[str, Any]]
    code: Mapping[str, Any]
    date: str
    labels: tuple[str, ...]
    rules: tuple[str, ...]
    problems: tuple[str, ...]
    drawn: int
    failed: int
    held: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    """The digests of the files that the manifest names."""
    environment: Mapping[str, Any] = field(default_factory=dict)
    """The interpreter and the libraries that made the results."""

    @property
    def plan(self) -> Plan:
        """What was run."""
        return self.sweep.plan

    @property
    def baseline(self) -> PlannedArm | None:
        """The arm that others are compared with, if there is one."""
        return next((arm for arm in self.plan.arms if arm.role == "baseline"), None)

    def measured(self, outcome: str | None = None, *, every_year: bool = False) -> Measured:
        """Return what every run comes to at the horizons, or in ``every_year``; of one outcome or of all that are kept.

        Outcomes that the values cannot give are listed in its ``cannot``.
        """
        plan = self.plan
        if outcome is not None:
            plan = replace(plan, indicators=(outcome,))
        if every_year:
            table = self.sweep.values  # noqa: PD011
            years = sorted({int(year) for year in table["year"].unique()})
            plan = replace(plan, horizons=tuple(year for year in years if year <= max(plan.horizons)))
        return measured(replace(self.sweep, plan=plan))

    def region(self) -> Region:
        """Return the profile of the region: the one kept in the folder, else the one that comes with the package.

        Raises :class:`InputError` for a region that neither has.
        """
        own = self.folder / PROFILE
        return load_region(PROFILE, self.folder) if own.is_file() else load_region(self.plan.region)

    def place(self, words: Language) -> str:
        """Return what the region is called, in quotation marks where its profile is one of the user's own."""
        region = self.region()
        if self._own_profile:
            return words("own_profile", region=words.quoted(region.name), code=region.code)
        return f"{region.name} ({region.code})"

    def headed(self, words: Language) -> str:
        """Return what a heading calls the region, where no word of a user's stands."""
        return words("own_region") if self._own_profile else self.place(words)

    @property
    def _own_profile(self) -> bool:
        return (self.folder / PROFILE).is_file()

    @property
    def scale(self) -> int:
        """How many persons one record stands for, the same in every arm."""
        arm = self.baseline or self.plan.arms[0]
        own = self.scenarios.get(arm.label, {}).get("persons_per_agent", 1)
        return own if isinstance(own, int) and own > 0 else 1

    @property
    def legal_status(self) -> str:
        """The law or proposal that the path of the baseline rests on, with its date; empty where none is given."""
        arm = self.baseline or self.plan.arms[0]
        road = self.scenarios.get(arm.label, {}).get("electrification", {})
        return str(road.get("legal_status", "")) if isinstance(road, Mapping) else ""

    def tables(self) -> pd.DataFrame:
        """Return the tables by tier, size, profile and age of all finished runs."""
        parts, _ = whole_parts(self.folder, self.plan)
        return rows_read(self.folder, GROUPS_TABLE, parts)


def read_source(folder: Path) -> Source:
    """Return the results in a folder; raises :class:`InputError` where there are none that can be read."""
    if not folder.is_dir():
        raise InputError.one(str(folder), "no such folder")
    if not (folder / PLAN).is_file():
        raise InputError.one(str(folder), f"holds no results: there is no {PLAN}")
    from transitionsim.claims.held import held_assumptions

    sweep = read_sweep(folder)
    try:
        source = _source(folder, sweep)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise InputError.one(str(folder), "its manifest or its plan is damaged; run it again") from None
    return replace(source, held=held_assumptions(source))


def _source(folder: Path, sweep: Sweep) -> Source:
    about = _json(folder / MANIFEST) if (folder / MANIFEST).is_file() else {}
    labels = [arm.label for arm in sweep.plan.arms]
    compares = any(arm.role == "baseline" for arm in sweep.plan.arms)
    kind: Kind = "sweep" if not sweep.plan.whole else "comparison" if compares else "run"
    return Source(
        folder=folder,
        kind=kind,
        sweep=sweep,
        scenarios=dict(zip(labels, plan_content(folder)["scenarios"], strict=True)),
        code=about.get("code") or {},
        date=str(about.get("date", "")),
        labels=tuple(about.get("labels", ())),
        rules=tuple(rule.file for rule in sweep.plan.rules),
        problems=_problems(folder, about, sweep),
        drawn=int(about.get("draws", len(sweep.plan.draws))),
        failed=max(len(sweep.failures), int(about.get("failed", 0))),
        files=dict(about.get("files") or {}),
        environment={key: about[key] for key in ("python", "processor", "libraries") if key in about},
    )


def _problems(folder: Path, about: Mapping[str, Any], sweep: Sweep) -> tuple[str, ...]:
    """Return a sentence for each file of a finished experiment that is gone or has other bytes than were written."""
    if about.get("id", sweep.plan.id) != sweep.plan.id:
        return (f"{MANIFEST} is of another experiment",)
    if not sweep.complete or not about:
        return ()
    return tuple(_altered(folder, about["files"])) if about.get("files") else (f"{MANIFEST} names no files",)


def _altered(folder: Path, digests: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each file that is not there or has other bytes; names are cut to their last part."""
    found = []
    for name, digest in digests.items():
        path = folder / PureWindowsPath(name).name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            found.append(f"{name} was altered after it was written")
    return found


def _json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise InputError.one(str(path), "is damaged: no JSON object can be read from it") from None
