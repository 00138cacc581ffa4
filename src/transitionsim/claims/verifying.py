"""Running a sample of the runs of a folder again, each held against its values bit for bit."""

from __future__ import annotations

import hashlib
import json
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from transitionsim.claims.recipe import damaged, recipe_of
from transitionsim.claims.remaking import design_of, prepared_of
from transitionsim.claims.sameness import alike, rows_of_run
from transitionsim.claims.source import MANIFEST, Source
from transitionsim.errors import InputError
from transitionsim.experiments.design import Design
from transitionsim.experiments.indicated import levels, tidy_tables
from transitionsim.experiments.planning import chunks_of
from transitionsim.experiments.results import Failure, Simulate, run_design, simulate_model
from transitionsim.experiments.store import meta_of, tidy, whole_parts
from transitionsim.experiments.work import Task

FEWEST: Final = 3
KEPT: Final = ("tables.parquet", "indicators.parquet")
"""Tables of single runs that a comparison keeps beside its table of record."""
MOST: Final = 24
"""Runs that are made again where nothing else is said: one of every scenario, within these."""
Name = tuple[str, int, int]
"""Indicator, year and month of one value."""
Tables = tuple[Any, ...]
Made = tuple[dict[Name, float], str, Tables]
"""The values of a run, the digest of all its rows at the end, and its other tables, as a comparison keeps them."""


@dataclass(frozen=True)
class Checked:
    """One run made again: the values that differ, each with what it was and what came of it now (``none``: no value).

    ``digest`` says whether all rows of the run at its end are the same, ``tables`` whether its rows in the tables by
    group and of indicators are; nothing where the folder does not hold that. ``failed`` says of a run that is said to
    have failed whether it does.
    """

    scenario: str
    draw: int
    values: int
    differing: tuple[tuple[Name, float | None, float | None], ...]
    digest: bool | None
    tables: bool | None = None
    failed: bool | None = None

    @property
    def same(self) -> bool:
        """Whether everything is as it was."""
        return not self.differing and False not in (self.digest, self.tables, self.failed)


def default_count(source: Source) -> int:
    """Return how many runs are made again where nothing is said: one of every scenario, within bounds."""
    return min(max(FEWEST, source.sweep.values["scenario"].nunique()), MOST)


def chosen(source: Source, count: int, key: str = "") -> list[tuple[str, int]]:
    """Return the runs to make again, in an order that nobody picks: by a hash of the table's digest and ``key``.

    Scenarios take turns, so that a scenario that was forged as a whole is found by as many runs as there are
    scenarios. Whoever gives a key of their own verifies other runs.
    """
    table = source.sweep.values
    there = {(str(arm), int(draw)) for arm, draw in zip(table["scenario"], table["draw"], strict=True)}
    runs = sorted(there | _failed(source))
    if not there:
        raise InputError.one(str(source.folder), "no run has finished; nothing can be made again")
    digest = recipe_of(source)["table_sha256"] or source.plan.id

    def luck(run: tuple[str, int]) -> bytes:
        return hashlib.sha256(json.dumps([digest, key, *run]).encode()).digest()

    lucky = sorted(runs, key=luck)
    before: Counter[str] = Counter()
    turns = {}
    for run in lucky:
        turns[run] = before[run[0]]
        before[run[0]] += 1
    found = sorted(lucky, key=turns.__getitem__)[:count]
    # Whoever hides a draw can say that it failed: one of those is always looked at.
    found += [run for run in lucky if run in _failed(source) and run not in found][:1]
    return sorted(found)


def verified(
    source: Source,
    count: int,
    folder: Path,
    *,
    key: str = "",
    rules: tuple[Path, ...] = (),
    any_code: bool = False,
    simulate: Simulate = simulate_model,
) -> Iterator[Checked]:
    """Make a sample of runs again and give what each comes to; ``folder`` takes the files that are needed."""
    recipe = recipe_of(source)
    with damaged(str(source.folder)):
        digests = _digests(source)
    if source.kind == "sweep":
        make = _of_sweep(recipe, folder, any_code, simulate)
    else:
        make = _of_comparison(design_of(recipe, folder, rules, any_code=any_code), simulate)
    for scenario, draw in chosen(source, count, key):
        if (scenario, draw) in _failed(source):
            yield Checked(scenario, draw, 0, (), None, failed=_fails(make, scenario, draw))
            continue
        then = _then(source, scenario, draw)
        now, digest, tables = make(scenario, draw)
        names = sorted(then.keys() | now.keys())
        differing = tuple(
            (name, then.get(name), now.get(name)) for name in names if not _same(then.get(name), now.get(name))
        )
        known = digests.get((scenario, draw))
        kept = [rows_of_run(source.folder / name, scenario, draw) for name in KEPT] if tables else []
        same = [alike(one, two) for one, two in zip(kept, tables, strict=True)]
        yield Checked(
            scenario,
            draw,
            len(names),
            differing,
            None if known is None else known == digest,
            all(same) if same else None,
        )


def _failed(source: Source) -> set[tuple[str, int]]:
    return {(one.arm, one.draw) for one in source.sweep.failures}


def _fails(make: Callable[[str, int], Made], scenario: str, draw: int) -> bool:
    """Return whether a run that is said to have failed fails."""
    try:
        make(scenario, draw)
    except InputError:
        return True
    return False


def _same(then: float | None, now: float | None) -> bool:
    """Return whether two values have the same bits; all that are no number are the same."""
    if then is None or now is None:
        return False
    return struct.pack("<d", then) == struct.pack("<d", now) or (then != then and now != now)


def _then(source: Source, scenario: str, draw: int) -> dict[Name, float]:
    table = source.sweep.values
    return _named(table[(table["scenario"] == scenario) & (table["draw"] == draw)])


def _named(table: Any) -> dict[Name, float]:
    columns = (table[name].tolist() for name in ("indicator", "year", "month", "value"))
    return {(str(one), int(year), int(month)): float(value) for one, year, month, value in zip(*columns, strict=True)}


def _digests(source: Source) -> dict[tuple[str, int], str]:
    """Return what each run ended with: from the manifest of a comparison, from the parts of a sweep still there."""
    if source.kind != "sweep":
        about = json.loads((source.folder / MANIFEST).read_text(encoding="utf-8"))
        return {(str(one["scenario"]), int(one["draw"])): str(one["digest"]) for one in about["runs"]}
    chunks = chunks_of(source.plan)
    found: dict[tuple[str, int], str] = {}
    for number, path in whole_parts(source.folder, source.plan)[0].items():
        digests: Mapping[str, str] = meta_of(path)["digests"]
        found |= {(arm, chunks[number].draw): digest for arm, digest in digests.items()}
    return found


def _of_comparison(design: Design, simulate: Simulate) -> Callable[[str, int], Made]:
    def make(scenario: str, draw: int) -> Made:
        arm = next(one for one in design.arms if one.label == scenario)
        own = next(one for one in design.draws if one.number == draw)
        results = run_design(Design((arm,), (own,), rules=design.rules), processes=1, simulate=simulate)
        _raise(results.failures)
        return _named(tidy(results)), results.runs[0].digest, (tidy_tables(results), levels(results))

    return make


def _of_sweep(
    recipe: Mapping[str, Any], folder: Path, any_code: bool, simulate: Simulate
) -> Callable[[str, int], Made]:
    prepared = prepared_of(recipe, folder, any_code=any_code)
    plan = prepared.plan

    def make(scenario: str, draw: int) -> Made:
        place = next(number for number, arm in enumerate(plan.arms) if arm.label == scenario)
        own = next(one for one in plan.draws if one.number == draw)
        done = Task(
            0, own.number, own.seed, own.values, (scenario,), (prepared.scenarios[place],), plan.indicators,
            plan.horizons, simulate,
        )()  # fmt: skip
        _raise(done.failures)
        return {(row.indicator, row.year, row.month): row.value for row in done.rows}, done.digests[scenario], ()

    return make


def _raise(failures: tuple[Failure, ...]) -> None:
    """Say of a run that had finished and does not now why it failed."""
    for failure in failures:
        where = f"{failure.arm}, draw {failure.draw}, seed {failure.seed}"
        raise InputError.one(where, f"finished when the results were made and fails now: {failure.cause}")
