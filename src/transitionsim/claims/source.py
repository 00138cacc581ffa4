"""A folder of results as claims are made from it, whether a comparison or a sweep wrote it.

Reading runs nothing that the folder carries: its tables are Parquet, its manifest and plan are JSON, and scenarios are
read as data. What does not have the bytes that the manifest says is not read at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final, Literal

from transitionsim.claims.shape import check_shape
from transitionsim.errors import InputError
from transitionsim.experiments.contrasts import Measured, measured
from transitionsim.experiments.design import NO_TRANSITION, Swept
from transitionsim.experiments.plan import Plan, PlannedArm, PlannedDraw, Sweep
from transitionsim.experiments.planning import role_of
from transitionsim.experiments.reading import PLAN, read_sweep
from transitionsim.experiments.results import Failure
from transitionsim.experiments.store import plan_content
from transitionsim.regions.reading import load_region

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.claims.language import Language
    from transitionsim.regions.schema import Region

Kind = Literal["run", "comparison", "sweep"]
MANIFEST: Final = "manifest.json"
TABLE: Final = "table.parquet"
TABLES: Final = "tables.parquet"
PROFILE: Final = "region.yaml"
SWEEP_DIGESTS: Final = {"table.csv": "table_sha256", "table.parquet": "parquet_sha256"}
"""Under which key the manifest of a sweep holds the digest of each table."""
DECEMBER: Final = 12


@dataclass(frozen=True)
class Source:
    """Results that claims can be made from.

    ``sweep`` holds the plan and the yearly values of every finished run; a comparison is read as a sweep without levers
    whose last year is its horizon. ``scenarios`` holds what each arm sets, by its label. ``code`` is the state of the
    code that made it, empty where the folder does not say. ``problems`` names each file that is not what the manifest
    says, and what does not fit together. ``held`` are assumptions that draws vary by default and did not vary here.
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
        """Return what the region is called, and that its profile is one of the user's own where it is."""
        region = self.region()
        own = (self.folder / PROFILE).is_file()
        return words("own_profile", region=region.name, code=region.code) if own else f"{region.name} ({region.code})"

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

    def tables(self) -> pd.DataFrame | None:
        """Return the tables by tier, size, profile and age of a comparison; nothing where none were kept."""
        import pandas as pd

        path = self.folder / TABLES
        return pd.read_parquet(path) if path.is_file() else None


def read_source(folder: Path) -> Source:
    """Return the results in a folder; raises :class:`InputError` where there are none that can be read."""
    if not folder.is_dir():
        raise InputError.one(str(folder), "no such folder")
    try:
        if (folder / PLAN).is_file():
            return _looked_at(_of_sweep(folder))
        if (folder / MANIFEST).is_file():
            return _looked_at(_of_comparison(folder))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise InputError.one(str(folder), "its manifest or its plan is damaged; run it again") from None
    raise InputError.one(str(folder), f"holds no results: neither {PLAN} of a sweep nor {MANIFEST} of a comparison")


def _looked_at(source: Source) -> Source:
    """Return a source with what does not fit together in it, where its files are those that were written."""
    from transitionsim.claims.held import held_assumptions
    from transitionsim.claims.soundness import unsound

    problems = source.problems or unsound(source)
    return replace(source, problems=problems, held=held_assumptions(source))


def _of_sweep(folder: Path) -> Source:
    sweep = read_sweep(folder)
    content = plan_content(folder)
    labels = [arm.label for arm in sweep.plan.arms]
    about = _json(folder / MANIFEST) if (folder / MANIFEST).is_file() else {}
    scenarios = dict(zip(labels, content["scenarios"], strict=True))
    return Source(
        folder, "sweep", sweep, scenarios, about.get("code") or {}, str(about.get("date", "")), (), (),
        _problems_of_sweep(folder, about, sweep), int(about.get("draws", len(sweep.plan.draws))),
        max(len(sweep.failures), int(about.get("failed", 0))),
    )  # fmt: skip


def _of_comparison(folder: Path) -> Source:
    import pandas as pd

    about = _json(folder / MANIFEST)
    try:
        check_shape(about)
        problems = _problems(folder, about)
        values = pd.read_parquet(folder / TABLE)
        plan = _plan_of(about, values)
        failures = tuple(
            Failure(one["draw"], one["seed"], one["scenario"], one["stage"], one["cause"]) for one in about["failed"]
        )
        kind: Kind = "comparison" if any(arm.role == "baseline" for arm in plan.arms) else "run"
        scenarios = {one["label"]: one["resolved"] for one in about["scenarios"]}
        rules = tuple(one["file"] for one in about["rules"])
        notes = tuple(about["labels"])
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, OSError):
        raise InputError.one(str(folder), f"{MANIFEST} or {TABLE} is damaged; run it again") from None
    sweep = Sweep(plan, values, failures, complete=True, folder=folder)
    return Source(
        folder, kind, sweep, scenarios, about.get("code") or {}, str(about["date"]), notes, rules, problems,
        len(plan.draws), len(failures),
    )  # fmt: skip


def _plan_of(about: Mapping[str, Any], values: pd.DataFrame) -> Plan:
    """Return the plan that a comparison would have as a sweep; its horizon is the last year that is whole."""
    whole = sorted({int(year) for year in values.loc[values["month"] == DECEMBER, "year"]})
    horizon = whole[-1] if whole else int(values["year"].max())
    swept = tuple(Swept(one["key"], one["range"], one["grade"]) for one in about["swept"])
    draws = tuple(
        PlannedDraw(one["draw"], one["seed"], one["draw"] if swept else 0, one["values"]) for one in about["draws"]
    )
    arms = tuple(
        PlannedArm(one["label"], role_of(one["role"]), -1, {}, one["digest"]) for one in about["scenarios"]
    )  # fmt: skip
    if not any(arm.label == NO_TRANSITION for arm in arms):
        # A run of one scenario has no arm that it is compared with.
        arms = tuple(replace(arm, role="scenario") for arm in arms)
    region = str(about.get("region") or values["region"].iloc[0])
    return Plan(
        "", str(about["id"]), str(about["transitionsim"]), region, arms, draws, (), (horizon,), None, "comparison",
        swept, {},
    )  # fmt: skip


def _problems(folder: Path, about: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a sentence for each file that is gone or has other bytes than the manifest says."""
    found = _altered(folder, dict(about.get("files") or {}))
    if not about.get("files"):
        found.append(f"{MANIFEST} names no digests of its files")
    return tuple(found)


def _problems_of_sweep(folder: Path, about: Mapping[str, Any], sweep: Sweep) -> tuple[str, ...]:
    """Return a sentence for each table of a finished sweep that is gone or has other bytes than its manifest says."""
    if about.get("id", sweep.plan.id) != sweep.plan.id:
        return (f"{MANIFEST} is of another sweep",)
    if not sweep.complete or not about:
        return ()
    digests = {name: str(about.get(key) or "") for name, key in SWEEP_DIGESTS.items()}
    return tuple(_altered(folder, digests))


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
