"""The table of facts: every fact measured over seeds, its verdict, and what a miss means for use."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

import numpy as np

from transitionsim.errors import InputError, nearest
from transitionsim.facts import cases, courses, displaced, firms, market, places
from transitionsim.facts.definition import HOLDS, Fact, Finding, found, number, span
from transitionsim.facts.lives import Laboratory
from transitionsim.regions import Region, load_region
from transitionsim.regions.reading import names_a_file

FACTS: Final[tuple[Fact, ...]] = (
    *market.FACTS,
    *displaced.FACTS,
    *courses.FACTS,
    *firms.FACTS,
    *places.FACTS,
    *cases.FACTS,
)
"""Every fact, theme by theme."""
COLUMNS: Final = (
    "fact", "title", "unit", "basis", "grade", "source", "target_low", "target_high", "simulated", "low", "high",
    "seeds", "verdict", "missed_by", "fitted", "fitting", "meaning", "region",
)  # fmt: skip
_NEEDED: Final = frozenset({"fact", "verdict", "low", "high", "region"})
"""Columns without which a table says nothing of a fact."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Measured:
    """The findings of one region, and what the cases show behind them."""

    region: str
    scale: int
    findings: tuple[Finding, ...]
    envelopes: tuple[dict[str, tuple[float, ...]], ...] = ()
    """For each seed by condition of a closure: shares in work after 10, 12 and 36 months; none unless asked for."""
    cycles: tuple[market.Cycle, ...] = ()
    """The demand cycle of each seed, where it was lived."""

    @property
    def envelope(self) -> dict[str, tuple[float, ...]]:
        """By condition of a closure, the mean shares over seeds; empty for none."""
        names = self.envelopes[0] if self.envelopes else {}
        return {
            name: tuple(float(np.mean(shares)) for shares in zip(*(one[name] for one in self.envelopes), strict=True))
            for name in names
        }


def chosen(names: Sequence[str] | None) -> tuple[Fact, ...]:
    """Return the facts of some names in the order of the table, all of them for none.

    Raises :class:`InputError` for a name that does not exist.
    """
    known = [fact.name for fact in FACTS]
    for name in names or ():
        if name not in known:
            raise InputError.one("--only", f"no fact '{name}'{nearest(name, known)}")
    return tuple(fact for fact in FACTS if not names or fact.name in names)


def measured(region: str, seeds: int, scale: int, facts: Sequence[Fact], progress: Progress | None = None) -> Measured:
    """Return the findings for a region, each fact over so many seeds at so many persons to a row."""
    country = load_region(region).country
    place = str(Path(region).resolve()) if names_a_file(region) else region
    rows: list[list[float]] = []
    envelopes: list[dict[str, tuple[float, ...]]] = []
    cycles: list[market.Cycle] = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(seeds):
            laboratory = Laboratory(place, scale, seed, Path(folder))
            rows.append([fact.measure(laboratory) for fact in facts])
            if f"closure {cases.CONDITIONS[-1].name}" in laboratory.kept:
                envelopes.append(cases.envelope(laboratory))
            if "cycle" in laboratory.kept:
                cycles.append(market.cycle(laboratory))
            if progress:
                progress(seed + 1, seeds)
    findings = tuple(found(fact, values, country) for fact, values in zip(facts, zip(*rows, strict=True), strict=True))
    return Measured(region, scale, findings, tuple(envelopes), tuple(cycles))


def line(finding: Finding, region: str) -> dict[str, Any]:
    """Return a finding as a line of the table, with all its digits and the code of its region."""
    fact, interval = finding.fact, finding.interval
    low, high = finding.limits
    values = (
        fact.name, fact.title, fact.unit, fact.basis, fact.grade, fact.source, low, high,
        *(_there(value) for value in (interval.mean, interval.low, interval.high)), interval.clusters,
        finding.verdict, _there(finding.missed_by), fact.fitted, fact.fitting, fact.meaning if finding.failed else "",
        region,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _there(value: float) -> float | None:
    return value if value == value else None


def shown(findings: Iterable[Finding]) -> list[tuple[str, ...]]:
    """Return a line of text for each finding: with its target, what is simulated, the verdict and the source."""
    rows: list[tuple[str, ...]] = []
    for one in findings:
        interval, fact = one.interval, one.fact
        extent = f" ({number(interval.low)} to {number(interval.high)})" if interval.low == interval.low else ""
        rows.append((
            fact.name, f"{fact.title}, {fact.unit}", span(one.limits), f"{number(interval.mean)}{extent}", one.verdict,
            fact.fitted, f"{fact.basis}, {fact.grade}", fact.source,
        ))  # fmt: skip
    return rows


HEADER: Final = ("name", "fact", "target", "simulated (90 %)", "verdict", "fitted", "grade", "source")


def sentences(findings: Iterable[Finding]) -> list[str]:
    """Return for each fact that fails what it means for use."""
    return [f"{one.fact.name} {one.verdict}: {one.fact.meaning}" for one in findings if one.failed]


def tally(findings: Sequence[Finding]) -> str:
    """Return how many facts hold, how many of them are evidence, and how many fail or stay undecided."""
    verdicts = [one.verdict for one in findings]
    fails = sum(one.failed for one in findings)
    evidence = sum(one.verdict == "holds" and one.fact.fitted == "no" for one in findings)
    return (
        f"{verdicts.count('holds')} hold ({evidence} of them not fitted at all), {fails} fail, "
        f"{verdicts.count('undecided')} undecided, {verdicts.count('not measured')} not measured"
    )


def write(file: TextIO, result: Measured) -> None:
    """Write the table as CSV."""
    region = load_region(result.region).code
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in result.findings:
        writer.writerow({
            key: f"{value:.6g}" if isinstance(value, float) else value for key, value in line(one, region).items()
        })  # fmt: skip


def reproduced(path: Path, region: Region) -> tuple[tuple[Fact, ...], str]:
    """Return the facts of a table that hold and were not fitted, and the SHA-256 of its file.

    Only facts whose source was read count, not those that were recalled. Raises :class:`InputError` where the file is
    no table of facts, is of another region, or says what cannot be.
    """
    try:
        content = path.read_bytes()
        rows = list(csv.DictReader(io.StringIO(content.decode())))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise InputError.one("--facts", f"{path}: cannot be read as CSV") from None
    if not rows or not rows[0].keys() >= _NEEDED:
        text = f"{path}: is no table of transitionsim validate facts; it needs {', '.join(sorted(_NEEDED))}"
        raise InputError.one("--facts", text)
    facts = tuple(fact for fact in (_held(row, region, path) for row in rows) if fact is not None)
    if len({fact.name for fact in facts}) < len(facts):
        raise InputError.one("--facts", f"{path}: has a fact twice")
    return facts, hashlib.sha256(content).hexdigest()


def _held(row: Mapping[str, str], region: Region, path: Path) -> Fact | None:
    """Return the fact of a row that holds and counts; nothing for one that does not."""
    known = {fact.name: fact for fact in FACTS}
    fact = known.get(row["fact"])
    if fact is None:
        raise InputError.one("--facts", f"{path}: no fact '{row['fact']}'{nearest(row['fact'], known)}")
    if row["region"] != region.code:
        raise InputError.one("--facts", f"{path}: is of {row['region']}, the claim is of {region.code}")
    if row["verdict"] != HOLDS or fact.fitted != "no" or fact.basis != "FOUND":
        return None
    try:
        ends = float(row["low"]), float(row["high"])
    except ValueError:
        ends = (math.nan, math.nan)
    low, high = fact.limits(region.country)
    if not (ends[0] >= (-math.inf if low is None else low) and ends[1] <= (math.inf if high is None else high)):
        raise InputError.one("--facts", f"{path}: {fact.name} is said to hold, its interval does not")
    return fact
