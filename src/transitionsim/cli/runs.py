"""Commands that simulate scenarios: run and compare.

Everything heavy is imported inside the commands, after the first line is on the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transitionsim import __version__
from transitionsim.cli.carrying import Running, carry_out, finish
from transitionsim.cli.options import (
    AllowCode,
    Json,
    OnCluster,
    Out,
    PanelOf,
    Processes,
    Replace,
    Rules,
    Setting,
    UntilPrecision,
    at_least_one,
    share_of,
)
from transitionsim.cli.output import document, first_line, say
from transitionsim.cli.scenarios import allowed_rules, arms_of
from transitionsim.errors import InputError

if TYPE_CHECKING:
    from transitionsim.experiments.planning import Design
    from transitionsim.experiments.results import Results
    from transitionsim.experiments.simulation import Simulate
    from transitionsim.scenario import Scenario


def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or file of a scenario.")],
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="Number of seeds.")] = 1,
    panel: PanelOf = None,
    setting: Setting = None,
    rules: Rules = None,
    allow_code: AllowCode = False,
    processes: Processes = None,
    out: Out = None,
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Run one scenario and show its years.

    Inputs are held fixed; seeds alone differ.
    """
    first_line(f"run: {scenario}, {seeds} seed{'s' * (seeds != 1)}")
    at_least_one("--seeds", seeds)
    at_least_one("--processes", processes)
    own_rules = allowed_rules(rules, allow_code)
    (arm,) = arms_of([scenario], setting)
    simulate = None if panel is None else _with_panel(panel, arm.scenario, seeds)
    from transitionsim.experiments.planning import single_design
    from transitionsim.report.yearly import yearly_text

    design = single_design(arm, seeds=seeds, rules=own_rules)
    folder = _folder_of(out, design)
    done = carry_out(folder, design, Running(processes, simulate=simulate), replace=replace)
    if as_json:
        document({**_about(done.results, folder), "table": _rows(folder)})
    else:
        from transitionsim.report.header import header

        say("\n\n".join([header(done.results), yearly_text(done.results)]))
    finish(folder, done.outcome)


def compare(
    baseline: Annotated[str, typer.Argument(metavar="BASELINE", help="Scenario to count losses avoided from.")],
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Scenarios to compare.")],
    draws: Annotated[
        int | None,
        typer.Option("--draws", metavar="N", help="Draws of seed and swept inputs together. Default: 24."),
    ] = None,
    seeds: Annotated[
        int | None, typer.Option("--seeds", metavar="N", help="Draws of the seed alone, inputs held fixed.")
    ] = None,
    setting: Setting = None,
    rules: Rules = None,
    allow_code: AllowCode = False,
    processes: Processes = None,
    cluster: OnCluster = None,
    until_precision: UntilPrecision = None,
    out: Out = None,
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Compare scenarios with a baseline, draw by draw.

    Every scenario is compared with no transition too. Killed or stopped, it goes on with sweep --resume DIR.
    Exit codes: 0 done, 1 some runs failed, 2 mistaken input, 3 interrupted and resumable.
    """
    if draws is not None and seeds is not None:
        raise InputError.one("--draws", "not together with --seeds: either inputs vary or they are held fixed")
    count, what = (seeds, "seeds") if seeds is not None else (24 if draws is None else draws, "draws")
    first_line(f"compare: {baseline} and {', '.join(scenarios)} with no transition, {count} {what}")
    at_least_one(f"--{what}", count)
    at_least_one("--processes", processes)
    own_rules = allowed_rules(rules, allow_code)
    first, *others = arms_of([baseline, *scenarios], setting)
    from transitionsim.experiments.planning import comparison_design
    from transitionsim.report import page_of

    until = share_of(until_precision)
    design = comparison_design(first, others, draws=count, seeds=seeds, rules=own_rules)
    folder = _folder_of(out, design)
    done = carry_out(folder, design, Running(processes, cluster, until), replace=replace)
    if as_json:
        document(_of_comparison(done.results, done.table, folder))
    else:
        say(page_of(done.results, done.table))
    finish(folder, done.outcome)


def _with_panel(text: str, scenario: Scenario, runs: int) -> Simulate:
    """Return the simulation that follows a panel of the size written; a size that cannot be is said before any run."""
    from transitionsim.experiments.simulation import WithPanel
    from transitionsim.panel import PanelSize

    size = PanelSize.parse(text)
    from transitionsim.model import TransitionModel
    from transitionsim.panel import Panel

    # The region's start is kept on disk, so that the first run finds it ready.
    Panel.begin(TransitionModel(scenario).state, size, runs)
    return WithPanel(size, runs)


def _folder_of(out: Path | None, design: Design) -> Path:
    return out or Path("results") / f"{design.baseline.label}-{design.plan.id}"


def _rows(folder: Path) -> Any:
    import pandas as pd

    from transitionsim.experiments.store import TABLE

    return pd.read_parquet(folder / TABLE).to_dict("records")


def _of_comparison(results: Results, table: Any, folder: Path) -> dict[str, Any]:
    from transitionsim.experiments.paired import displaced
    from transitionsim.report import sentence_of

    return {
        **_about(results, folder),
        "sentence": sentence_of(results, table),
        "comparison": table.to_dict("records"),
        "displacement": displaced(results).to_dict("records"),
    }


def _about(results: Results, folder: Path) -> dict[str, Any]:
    from transitionsim.experiments.manifest import CAVEAT
    from transitionsim.report.header import facts

    return {
        "transitionsim": __version__,
        "caveat": CAVEAT,
        "id": results.design.plan.id,
        "header": dict(_grouped(facts(results))),
        "folder": str(folder),
        "failed": len(results.failures),
    }


def _grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    grouped: dict[str, str] = {}
    for key, text in pairs:
        grouped[key] = f"{grouped[key]}; {text}" if key in grouped else text
    return grouped
