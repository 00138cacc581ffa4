"""Commands that simulate: run, compare and new-rule.

Everything heavy is imported inside the commands, after the first line is on the screen.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transitionsim import __version__
from transitionsim.errors import InputError, Mistake

if TYPE_CHECKING:
    from transitionsim.experiments.design import Arm
    from transitionsim.experiments.planning import Design
    from transitionsim.experiments.results import Results
    from transitionsim.experiments.simulation import Simulate
    from transitionsim.scenario import Scenario

Setting = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one value, in all scenarios; may be repeated."),
]
Rules = Annotated[
    list[Path] | None,
    typer.Option("--rules", metavar="FILE", help="Python file with rules of your own; may be repeated."),
]
AllowCode = Annotated[bool, typer.Option("--allow-code", help="Allow the code in --rules to be executed.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results.")]
Replace = Annotated[bool, typer.Option("--replace", help="Put new results in the place of earlier ones.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
PanelOf = Annotated[
    str | None,
    typer.Option("--panel", metavar="SIZE", help="Follow 1% of all persons, or 500, into panel.parquet."),
]
Processes = Annotated[
    int | None, typer.Option("--processes", metavar="N", help="Processes to run on. Default: all cores.")
]
OnCluster = Annotated[
    str | None, typer.Option("--cluster", metavar="local|ADDRESS", help="Run on a Dask cluster instead.")
]
UntilPrecision = Annotated[
    str | None,
    typer.Option("--until-precision", metavar="P%", help="Stop when differences are known to so many percent."),
]


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
    """Run one scenario and show its years; inputs are held fixed."""
    first_line(f"run: {scenario}, {seeds} seed{'s' * (seeds != 1)}")
    at_least_one("--seeds", seeds)
    at_least_one("--processes", processes)
    own_rules = allowed_rules(rules, allow_code)
    (arm,) = arms_of([scenario], setting)
    simulate = None if panel is None else _with_panel(panel, arm.scenario, seeds)
    from transitionsim.cli.sweep import Running, carry_out, finish
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
    baseline: Annotated[
        str, typer.Argument(metavar="BASELINE", help="Scenario to count losses avoided from, or the folder of a sweep.")
    ],
    scenarios: Annotated[
        list[str] | None, typer.Argument(metavar="SCENARIO...", help="Scenarios to compare; none with a folder.")
    ] = None,
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
    """Compare scenarios, draw by draw, with no transition and with a baseline; or say what a finished sweep found."""
    if not scenarios:
        given = {
            "--draws": draws, "--seeds": seeds, "--set": setting, "--rules": rules, "--processes": processes,
            "--cluster": cluster, "--until-precision": until_precision,
        }  # fmt: skip
        _compare_sweep(baseline, [name for name, value in given.items() if value is not None], out, as_json)
        return
    if draws is not None and seeds is not None:
        raise InputError.one("--draws", "not together with --seeds: either inputs vary or they are held fixed")
    count, what = (seeds, "seeds") if seeds is not None else (24 if draws is None else draws, "draws")
    first_line(f"compare: {baseline} and {', '.join(scenarios)} with no transition, {count} {what}")
    at_least_one(f"--{what}", count)
    at_least_one("--processes", processes)
    own_rules = allowed_rules(rules, allow_code)
    first, *others = arms_of([baseline, *scenarios], setting)
    from transitionsim.cli.sweep import Running, carry_out, finish, share_of
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


def _compare_sweep(folder: str, given: Sequence[str], out: Path | None, as_json: bool) -> None:
    from transitionsim.cli.analysis import compare_sweep, is_sweep

    if not is_sweep(folder):
        text = (
            "a scenario to compare it with is missing; alone stands only the folder of a sweep, which holds plan.json"
        )
        raise InputError.one(folder, text)
    if given:
        raise InputError([Mistake(name, None, f"not with {folder}: the runs of a sweep are done") for name in given])
    compare_sweep(Path(folder), out, as_json)


def new_rule(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the rule, a Python name.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write into.")] = Path(),
) -> None:
    """Write a rule of ten lines and its test, to be changed."""
    from transitionsim.cli.templates import write_rule

    rule, test = write_rule(name, out)
    say(f"wrote {rule} and {test}")
    say(f"try it:  pytest {test}")
    say(f"         transitionsim run no-transition --set persons_per_agent=50 --rules {rule} --allow-code")


def first_line(text: str) -> None:
    """Say on standard error what begins, before the imports that take a second."""
    sys.stderr.write(f"transitionsim {__version__} {text}\n")
    sys.stderr.flush()


def at_least_one(option: str, count: int | None) -> None:
    """Refuse a count below one."""
    if count is not None and count < 1:
        raise InputError.one(option, f"found {count}, at least 1 is needed")


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


def allowed_rules(rules: Sequence[Path] | None, allow_code: bool) -> tuple[Path, ...]:
    """Return the files of rules; they are read here once, so that a mistake is said before the first run."""
    if rules and not allow_code:
        raise InputError.one("--rules", f"{rules[0]} holds code that would be executed; add --allow-code to allow it")
    from transitionsim.plugins import rules_from_file

    for path in rules or ():
        rules_from_file(path)
    return tuple(rules or ())


def arms_of(names: Sequence[str], setting: Sequence[str] | None) -> list[Arm]:
    """Return the scenarios as arms, with the values of ``--set``; every mistake in any of them is told."""
    from transitionsim.experiments.design import Arm
    from transitionsim.scenario import load_scenario, parse_setting

    arms: list[Arm] = []
    mistakes: list[Mistake] = []
    values = dict(parse_setting(text) for text in setting or ())
    for name in names:
        try:
            arms.append(Arm(_label(name), load_scenario(name)))
        except InputError as error:
            mistakes += error.mistakes
    arms = [] if mistakes else [Arm(arm.label, _with(arm, values, arms, mistakes)) for arm in arms]
    if mistakes:
        raise InputError(list(dict.fromkeys(mistakes)))
    return arms


def _with(arm: Arm, values: dict[str, Any], arms: Sequence[Arm], mistakes: list[Mistake]) -> Any:
    """Return an arm's scenario with the values set; one about a policy changes the scenarios that have it."""
    fitting = {key: value for key, value in values.items() if not _about_others(key, arm, arms)}
    try:
        return arm.scenario.with_values(fitting)
    except InputError as error:
        mistakes += error.mistakes
        return arm.scenario


def _about_others(key: str, arm: Arm, arms: Sequence[Arm]) -> bool:
    parts = key.split(".")
    if parts[0] != "policies" or len(parts) < 2 or arm.scenario.policy(parts[1]) is not None:
        return False
    return any(other.scenario.policy(parts[1]) is not None for other in arms)


def _label(name: str) -> str:
    path = Path(name)
    return path.stem if path.suffix in (".yaml", ".yml") else path.name


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


def say(text: str) -> None:
    """Print text and a line feed."""
    sys.stdout.write(f"{text}\n")


def document(content: dict[str, Any]) -> None:
    """Print one JSON document, in ASCII, which every encoding holds."""
    from transitionsim.experiments.manifest import as_json

    say(as_json(content, indent=1, ascii_only=True))
