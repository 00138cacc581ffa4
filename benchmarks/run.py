"""``make bench``: time by part of the month, memory and start-up, beside the same workload in plain Mesa.

Prints one table and writes ``results/benchmarks.json``. Targets stand beside the measurements; no exit code depends
on them, since a machine that is busy or old is no mistake.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import statistics
import subprocess
import time
from collections.abc import Callable
from typing import Any

import mesa
import numba
import numpy as np

from benchmarks import measure
from benchmarks.measure import Case
from benchmarks.mesa_twin import Twin
from transitionsim.columns import EMPLOYED, UNEMPLOYED, record_type
from transitionsim.entering import enter
from transitionsim.policies import populations

SMALL = ("current-policy", "ES22", 49)
MIDDLE = ("current-policy", "ES22", 5)
LARGE = ("current-policy", "DED", 3)
POLICIES = ("reskilling-and-sme-support", "ES22", 5)
TWIN_MONTHS = {"1e4": 12, "1e5": 3}
TARGETS = {"1e5": 35.0, "1e6": 60.0}
ONE_MONTH = ("run", "current-policy", "--set", "persons_per_agent=5", "--set", "months=1")
EVERYTHING = ("run", "reskilling-and-sme-support", "--set", "persons_per_agent=49", "--set", "months=36")


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10^4 and 10^5 rows only; no memory, no start-up")
    parser.add_argument("--repeats", type=int, default=5, help="repeats of every timing (default 5)")
    parser.add_argument("--months", type=int, default=24, help="months of every timing (default 24)")
    chosen = parser.parse_args()
    began = time.perf_counter()
    single = [] if chosen.quick else [*memory_rows(), *start_rows()]
    cases, twins = month_times(chosen.quick, chosen.repeats, chosen.months)
    start, house = cases[1].start, measure.of_the_house(measure.retire)
    single.insert(0, row("rule `retire`, 10^5 rows", measure.retire_nanoseconds(start, house), "ns a row", 5.0))
    single.insert(1, row("the same, a stranger's", measure.retire_nanoseconds(start), "ns a row", None))
    document = {
        "machine": machine(),
        "method": f"CPU time, medians of {chosen.repeats} interleaved repeats of {chosen.months} months, one core",
        "cases": [case_document(case) for case in cases],
        "mesa_twin": {title: twin.document() for title, twin in twins.items()},
        "single": single,
    }
    print(f"One core, CPU time, medians of {chosen.repeats} interleaved repeats of {chosen.months} months.")
    print("  ".join(f"{name} {value}" for name, value in document["machine"].items()))
    print()
    print_months(cases, twins)
    print()
    print_single([*month_rows(cases, twins), *single])
    folder = measure.ROOT / "results"
    folder.mkdir(exist_ok=True)
    document["single"] = [*month_rows(cases, twins), *single]
    (folder / "benchmarks.json").write_text(json.dumps(document, indent=1) + "\n")
    print(f"\nresults/benchmarks.json written; {time.perf_counter() - began:.0f} s in all.")


def machine() -> dict[str, Any]:
    """Return what a reader needs to compare this machine with another."""
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "mesa": mesa.__version__,
        "processor": numba.config.CPU_NAME or _host(),
        "numpy_sort_and_count_of_10^6_ms": round(measure.numpy_reference(), 1),
    }


def _host() -> str:
    import llvmlite.binding

    return str(llvmlite.binding.get_host_cpu_name())


class TwinCase:
    """The plain-Mesa twin of a case and its times."""

    def __init__(self, case: Case, months: int) -> None:
        self.rows, self.months = case.rows, months
        self.model = Twin(enter(case.start, case.scenario))
        self.model.step()
        self.times: list[float] = []

    def measure(self) -> None:
        """Live through some more months."""
        began = time.process_time_ns()
        for _ in range(self.months):
            self.model.step()
        self.times.append((time.process_time_ns() - began) / (self.months * self.rows))

    def document(self) -> dict[str, Any]:
        """Return times and the level of unemployment and hires."""
        return {"ns_per_worker_month": summary(self.times), "months": self.months, **self.levels()}

    def levels(self) -> dict[str, float]:
        """Return unemployment and hires a month, means over the months lived."""
        record = self.model.datacollector.model_vars
        status = record["by_status"]
        unemployed = sum(counts[UNEMPLOYED] for counts in status)
        employed = sum(counts[EMPLOYED] for counts in status)
        return {
            "unemployment": unemployed / (unemployed + employed),
            "hires_share": sum(record["hires"]) / employed,
        }


def month_times(quick: bool, repeats: int, months: int) -> tuple[list[Case], dict[str, TwinCase]]:
    """Measure all sizes and the twins, in turn, so that a busy minute falls on all alike."""
    wanted = {"1e4": SMALL, "1e5": MIDDLE} | ({} if quick else {"1e6": LARGE}) | {"1e5 policies": POLICIES}
    cases = [Case(title, measure.scenario_of(*one)) for title, one in wanted.items()]
    twins = {case.title: TwinCase(case, TWIN_MONTHS[case.title]) for case in cases if case.title in TWIN_MONTHS}
    # The objects of one twin must not be searched for garbage while another model is timed.
    gc.collect()
    gc.freeze()
    for _ in range(repeats):
        for case in cases:
            case.measure(months)
            if case.title in twins:
                twins[case.title].measure()
    return cases, twins


def levels(case: Case) -> dict[str, float]:
    """Return unemployment and hires a month of the model, means over the months lived."""
    unemployed, employed = sum(case.series["unemployed"]), sum(case.series["employment"])
    residents = employed - sum(case.series["commuters"])
    return {"unemployment": unemployed / (unemployed + residents), "hires_share": sum(case.series["hires"]) / employed}


def summary(times: list[float]) -> dict[str, float]:
    """Return median, least and most."""
    return {"median": statistics.median(times), "least": min(times), "most": max(times)}


def grouped(case: Case) -> dict[str, dict[str, float]]:
    """Return the medians by part and detail, in the order of the month."""
    parts: dict[str, dict[str, float]] = {}
    for (part, detail), times in case.parts.items():
        parts.setdefault(part, {})[detail] = statistics.median(times)
    return parts


def case_document(case: Case) -> dict[str, Any]:
    """Return everything measured for a case."""
    return {
        "title": case.title,
        "scenario": case.scenario.name,
        "region": case.scenario.region,
        "persons_per_agent": case.scenario.persons_per_agent,
        "rows": case.rows,
        "employers": len(case.start.employers),
        "start_seconds": case.start_seconds,
        "ns_per_worker_month": summary(case.whole),
        "parts": grouped(case),
        **levels(case),
    }


# --- single figures ------------------------------------------------------------------------------------------


def row(name: str, value: float | None, unit: str, target: float | None = None, more: bool = False) -> dict[str, Any]:
    """Return one line of the second table; ``more`` where more is better."""
    met = None if value is None or target is None else (value >= target if more else value <= target)
    return {"name": name, "value": value, "unit": unit, "target": target, "more_is_better": more, "met": met}


def month_rows(cases: list[Case], twins: dict[str, TwinCase]) -> list[dict[str, Any]]:
    """Return the lines for time and for the ratio to plain Mesa."""
    rows = []
    for case in cases:
        if case.title in TARGETS:
            value = statistics.median(case.whole)
            rows.append(row(f"a worker-month, {case.rows:,} rows", value, "ns", TARGETS[case.title]))
    for case in cases:
        if case.title in twins:
            rows.append(row(f"times as fast as plain Mesa, {case.rows:,} rows", ratio(case, twins), "x", 50.0, True))
    return rows


def ratio(case: Case, twins: dict[str, TwinCase]) -> float:
    """Return how many times as fast as its twin a case is: the median of the ratios of each repeat."""
    return statistics.median(b / a for a, b in zip(case.whole, twins[case.title].times, strict=True))


def memory_rows() -> list[dict[str, Any]]:
    """Return the lines for memory; each size in a process of its own."""
    small, large = ([int(word) for word in measure.fresh("memory", *map(str, one)).split()] for one in (SMALL, LARGE))
    count = large[0]
    per_row = [(large[k] - small[k]) / count for k in (1, 2, 3)]
    return [
        row(f"peak memory a row ({count:,} rows less {small[0]:,})", per_row[1], "bytes", 150.0),
        row("  of it while the region is drawn and burnt in", per_row[0], "bytes"),
        row("  held after 24 months, start included", per_row[2], "bytes"),
        row("  one record of a worker", float(record_type(populations()["workers"]).itemsize), "bytes"),
        row("peak memory, smallest size", small[2] / 1e6, "MB"),
    ]


def start_rows() -> list[dict[str, Any]]:
    """Return the lines for start-up, on the wall."""
    lines = [attempt("transitionsim --help", measure.help_seconds, 0.3)]
    measured: dict[str, tuple[float, float]] = {}

    def warm() -> float:
        measure.month_seconds(ONE_MONTH)
        return statistics.median(measure.month_seconds(ONE_MONTH)[0] for _ in range(3))

    def cold() -> float:
        with measure.empty_cache() as cache:
            measured["cold"] = measure.month_seconds(EVERYTHING, cache)
            measured["again"] = measure.month_seconds(EVERYTHING, cache)
        return measured["cold"][1]

    lines.append(attempt("first month of a run, warm, ES22 with 98,000 rows", warm, 2.5))
    lines.append(attempt("first line of a run, warm", lambda: measure.first_line_seconds(ONE_MONTH)))
    lines.append(attempt("36 months of a run with policies, first ever, nothing compiled", cold, 20.0))
    if "again" in measured:
        lines.append(row("  the same again, compiled", measured["again"][1], "s"))
    return lines


def attempt(name: str, measured: Callable[[], float], target: float | None = None) -> dict[str, Any]:
    """Return a line for a command that may fail, with its last words where it does."""
    try:
        return row(name, measured(), "s", target)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or "").strip().splitlines()
        print(f"{name}: not measured, {said[-1] if said else error}")
        return row(name, None, "s", target)


# --- tables --------------------------------------------------------------------------------------------------


def print_months(cases: list[Case], twins: dict[str, TwinCase]) -> None:
    """Print nanoseconds a worker-month by part, one column for each case."""
    parts = [grouped(case) for case in cases]
    lines: list[tuple[str, list[str]]] = [
        ("scenario", [case.scenario.name.split(" ")[0].lower() for case in cases]),
        ("region", [case.scenario.region for case in cases]),
        ("rows of workers", [f"{case.rows:,}" for case in cases]),
        ("employers", [f"{len(case.start.employers):,}" for case in cases]),
        ("ns a worker-month", [f"{statistics.median(case.whole):.1f}" for case in cases]),
        ("  least to most", [f"{min(case.whole):.1f}-{max(case.whole):.1f}" for case in cases]),
    ]
    for part in ("rules", "notices", "seats", "job market", "firms", "policies", "tallies and record", "other"):
        if not any(part in one for one in parts):
            continue
        lines.append((f"  {part}", [f"{sum(one.get(part, {}).values()):.2f}" for one in parts]))
        details = {detail: None for one in parts for detail in one.get(part, {}) if detail}
        lines += [(f"    {d}", [f"{one.get(part, {}).get(d, 0.0):.2f}" for one in parts]) for d in details]

    def of_twins(cell: Callable[[Case], str]) -> list[str]:
        return [cell(case) if case.title in twins else "" for case in cases]

    lines += [
        ("plain Mesa, ns", of_twins(lambda case: f"{statistics.median(twins[case.title].times):.0f}")),
        ("times as fast as plain Mesa", of_twins(lambda case: f"{ratio(case, twins):.0f}")),
    ]
    for name, title in (("unemployment", "unemployment, %"), ("hires_share", "hires a month, % of employed")):
        lines.append((title, [f"{100 * levels(case)[name]:.2f}" for case in cases]))
        lines.append(
            ("  plain Mesa", of_twins(lambda case, name=name: f"{100 * twins[case.title].levels()[name]:.2f}"))
        )
    width = max(len(name) for name, _ in lines)
    for name, cells in lines:
        print(f"{name:<{width}}" + "".join(f"{cell:>14}" for cell in cells))


def print_single(rows: list[dict[str, Any]]) -> None:
    """Print single figures beside their targets."""
    width = max(len(one["name"]) for one in rows)
    for one in rows:
        value = "not measured" if one["value"] is None else f"{one['value']:.{2 if one['value'] < 10 else 1}f}"
        sign = "at least" if one["more_is_better"] else "at most"
        target = "" if one["target"] is None else f"{sign} {one['target']:g} {one['unit']}"
        verdict = "" if one["met"] is None else "met" if one["met"] else "not met"
        print(f"{one['name']:<{width}}{value:>14} {one['unit']:<9}{target:<20}{verdict}".rstrip())


if __name__ == "__main__":
    main()
