"""The command that fits the free constants of a region to its record: calibrate."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from transitionsim.cli.options import at_least_one
from transitionsim.cli.output import document, first_line, say, table
from transitionsim.errors import InputError
from transitionsim.files import write_whole

if TYPE_CHECKING:
    from transitionsim.calibration.calibrating import FlowLine
    from transitionsim.calibration.recovery import Column, Recovered
    from transitionsim.regions.fitted import Fit

SEEDS: Final = 3
SCALE: Final = 20
POINTS: Final = 48
MONTHS: Final = 36


def calibrate(
    region: Annotated[
        str | None, typer.Argument(metavar="[REGION]", help="Code of a region, or path of a profile.")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="Seeds of every evaluation, at least 2.")] = SEEDS,
    scale: Annotated[
        int, typer.Option("--scale", metavar="PERSONS_PER_AGENT", help="People that one row stands for.")
    ] = SCALE,
    points: Annotated[int, typer.Option("--points", metavar="N", help="Points of the design.")] = POINTS,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Fit file to write, as YAML.")] = None,
    identifiability: Annotated[
        bool, typer.Option("--identifiability", help="Also recover known parameters from synthetic data.")
    ] = False,
    check: Annotated[Path | None, typer.Option("--check", metavar="FILE", help="Only check a fit file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
) -> None:
    """Fit the free constants of a region to its record.

    The record: unemployment, flows, tenure and changes of job.
    """
    if check is not None:
        _check(check, region, as_json)
        return
    if region is None:
        raise InputError.one("transitionsim calibrate", "name a region, or a fit file with --check")
    first_line(f"calibrate: {region}, {seeds} seeds, {scale} persons to a row, {points} points")
    at_least_one("--scale", scale)
    at_least_one("--seeds", seeds)
    at_least_one("--points", points)
    from transitionsim.calibration.calibrating import calibrated, flow_lines
    from transitionsim.calibration.recovery import columns, recovered, runs_needed
    from transitionsim.calibration.simulating import Size
    from transitionsim.experiments.progress import watched
    from transitionsim.regions import load_region
    from transitionsim.regions.fitted import written_fit

    flows = flow_lines(load_region(region))
    if not as_json:
        _show_flows(flows)
    _writable(out)
    with watched() as tell:
        size = Size(scale, MONTHS, tuple(range(seeds)))
        further = runs_needed(seeds) if identifiability else 0
        calibration = calibrated(region, size, points, further=further, tell=tell)
        fit = calibration.fit()
        rows = recovered(calibration) if identifiability else ()
        seen = columns(calibration) if identifiability else ()
    if out is not None:
        write_whole({out: written_fit(fit).encode()})
    if as_json:
        document(_as_json(flows, fit, rows, seen))
        return
    if identifiability:
        _show_recovery(rows, seen)
    _show_fit(fit)
    say(f"{calibration.evaluator.runs} runs of the model in all.")
    if out is not None:
        say(f"written: {out}")


def _writable(out: Path | None) -> None:
    """Refuse a place that cannot be written before anything is run."""
    if out is not None and (out.is_dir() or not out.resolve().parent.is_dir()):
        raise InputError.one("--out", f"cannot write to {out}: it is a folder, or its folder does not exist")


def _check(path: Path, region: str | None, as_json: bool) -> None:
    """Read a fit file and say for which region it holds."""
    from transitionsim.regions import load_region, region_codes
    from transitionsim.regions.fitted import read_fit, unfit
    from transitionsim.yamlfile import shown_path

    fit = read_fit(path)
    if region is None and fit.region not in region_codes():
        text = f"was fitted to {fit.region}, a region of your own; name its profile before --check"
        raise InputError.one(shown_path(path), text)
    problem = unfit(fit, load_region(region or fit.region))
    if problem is not None:
        raise InputError.one(shown_path(path), problem)
    if as_json:
        document({"region": fit.region, "digest": fit.digest, "values": fit.values})
    else:
        say(f"{shown_path(path)} holds for {fit.region}: {len(fit.values)} values, digest {fit.digest[:8]}")


def _show_flows(flows: tuple[FlowLine, ...]) -> None:
    rows = [(one.name, _round(one.european), _round(one.regional), round(one.factor, 3)) for one in flows]
    table(("flow, share of the state left a month", "Europe", "region", "factor"), rows)
    say("")


def _show_recovery(rows: tuple[Recovered, ...], seen: tuple[Column, ...]) -> None:
    header = ("vector", "parameter", "true", "recovered", "relative error", "in 90 % interval")
    cells = [
        (one.vector, one.key, _round(one.true), _round(one.found), round(one.relative_error, 3), _yes(one.inside))
        for one in rows
    ]
    table(header, cells)
    within = sum(one.inside for one in rows)
    say(f"{within} of {len(rows)} true values lie in their 90 % interval.")
    say("")
    headings = ("parameter", "fitted", "moves targets by", "of its own", "most alike", "cosine", "told apart")
    table(
        headings,
        [
            (
                one.key, _yes(one.fitted), round(one.size, 2), round(one.outside, 2), one.nearest,
                round(one.cosine, 2), _yes(one.told_apart),
            )
            for one in seen
        ],
    )  # fmt: skip
    say("")


def _show_fit(fit: Fit) -> None:
    from transitionsim.calibration.free import FREE

    header = ("parameter", "fitted", "error by chance", "error by targets", "before", "at an end", "moved by")
    table(
        header,
        [
            (
                key, one.value, _round(one.error_of_chance), _round(one.error_of_targets), one.before,
                _yes(one.at_edge), FREE[key],
            )
            for key, one in fit.parameters.items()
        ],
    )  # fmt: skip
    say("")
    header = ("target", "record", "fitted model", "tolerance", "misfit", "weight", "grade")
    table(
        header,
        [
            (
                name, _round(one.target), _round(one.simulated), _round(one.tolerance), round(one.misfit, 2),
                float(f"{(one.tolerance / one.counted) ** 2:.2g}"), one.grade,
            )
            for name, one in fit.targets.items()
        ],
    )  # fmt: skip
    say("")
    say(
        f"{fit.free_parameters} parameters against {fit.targets_counted} targets, which move by more than a tolerance "
        f"in {fit.directions} directions of the parameters."
    )


def _as_json(
    flows: tuple[FlowLine, ...], fit: Fit, rows: tuple[Recovered, ...], seen: tuple[Column, ...]
) -> dict[str, Any]:
    return {
        "flows": [{**asdict(one), "factor": one.factor} for one in flows],
        "fit": {**fit.content(), "digest": fit.digest},
        "recovery": [{**asdict(one), "relative_error": one.relative_error} for one in rows],
        "columns": [{**asdict(one), "told_apart": one.told_apart} for one in seen],
    }


def _round(value: float) -> float:
    return float(f"{value:.4g}")


def _yes(true: bool) -> str:
    return "yes" if true else "no"
