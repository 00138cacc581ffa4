"""What results mean: analyse compare, sensitivity, discover, regret and shapley.

All but the last read the folder of an experiment, print a table and write into ``analysis`` within it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from transitionsim import __version__
from transitionsim.cli.carrying import watched
from transitionsim.cli.options import Json, Processes, Setting, at_least_one
from transitionsim.cli.output import document, first_line, say
from transitionsim.cli.output import table as print_table
from transitionsim.cli.scenarios import arms_of
from transitionsim.errors import InputError
from transitionsim.files import output_folder

if TYPE_CHECKING:
    from transitionsim.experiments.contrasts import Measured
    from transitionsim.experiments.plan import Sweep

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a sweep.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder for table and figure. Default: DIR/analysis.")
]


ANALYSIS: Final = "analysis"
"""The folder within a sweep's own that analyses are written into."""


def compare(folder: Folder, out: Out = None, as_json: Json = False) -> None:
    """Say what every arm changes, with intervals and answers."""
    first_line(f"analyse compare: {folder}")
    sweep, found = _measured(folder)
    from transitionsim.experiments.apart import lever_terms
    from transitionsim.experiments.canonical import write_csv
    from transitionsim.experiments.comparing import compared, lever_matrix
    from transitionsim.experiments.wording import comparison_text, header, matrix_text, terms_text

    table = compared(found)
    place = out or folder / ANALYSIS
    key, horizon = next(iter(found.outcomes)), found.horizons[-1]
    against = table.loc[(table["outcome"] == key) & (table["role"] == "scenario"), "against"]
    matrix = lever_matrix(found, table, key, horizon, against.iloc[-1]) if len(against) else None
    terms = lever_terms(found, key, horizon)
    text = ""
    with output_folder(place) as made:
        write_csv(table, made / "comparison.csv")
        if terms is not None:
            write_csv(terms, made / "terms.csv")
        if matrix is not None:
            from transitionsim.experiments.figures import heat_map

            one = found.outcomes[key]
            title = f"{one.title[:1].upper()}{one.title[1:]}, to {horizon}, against {against.iloc[-1]}"
            text = heat_map(matrix, made / "comparison.png", title=title, unit=one.unit, foot=_foot(found))
    if as_json:
        content = {"comparison": table.to_dict("records"), "cannot": dict(found.cannot), "alternative_text": text}
        if terms is not None:
            content["terms"] = terms.to_dict("records")
        document({**_about(sweep, found, place), **content})
        return
    blocks = [header(sweep, found), comparison_text(found, table)]
    if matrix is not None:
        blocks.append(matrix_text(matrix.means, f"{title}, mean", matrix.step))
    if terms is not None:
        one = found.outcomes[key]
        head = f"{one.title[:1].upper()}{one.title[1:]}, to {horizon}, {one.unit}: what each lever contributes"
        blocks.append(terms_text(terms, head, one.unit))
    say("\n\n".join(blocks))
    sys.stderr.write(f"written: {place}\n")


Outcome = Annotated[
    str | None, typer.Option("--outcome", metavar="NAME", help="Outcome to explain. Default: the sweep's first.")
]
Scenario = Annotated[
    str | None, typer.Option("--scenario", metavar="NAME", help="Scenario of the sweep. Default: the first, or all.")
]


def sensitivity(
    folder: Folder,
    outcome: Outcome = None,
    scenario: Scenario = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Say which inputs matter, by Morris, Sobol or ranks."""
    first_line(f"analyse sensitivity: {folder}")
    sweep, found = _measured(folder)
    from transitionsim.experiments.canonical import write_csv
    from transitionsim.experiments.figures import tornado
    from transitionsim.experiments.samples import chosen, samples
    from transitionsim.experiments.sensitivity import sensitivity as analysed
    from transitionsim.experiments.wording import header, sample_words, sensitivity_text, sensitivity_title

    contrast = chosen(found, outcome, scenario)
    result = analysed(sweep.plan.sampling, samples(found, contrast))
    place = out or folder / ANALYSIS
    title = sensitivity_title(found, result)
    second_name = {"sobol": "first order", "morris": "spread of the effect (sigma)"}.get(result.method, "")
    rows = result.table[["name", "value", "low", "high", *(["second"] if second_name else [])]]
    unit = f" in {found.outcomes[contrast.outcome].unit}" if result.method == "morris" else ""
    axis = f"{result.words[0]}{unit}, with 90 % interval"
    foot = f"{sample_words(result)}. Region {sweep.plan.region}, sweep {sweep.plan.id}."
    warned = "".join(f" Warning: {text}." for text in result.warnings)
    with output_folder(place) as made:
        write_csv(result.table, made / "sensitivity.csv")
        text = tornado(
            rows,
            made / "sensitivity.png",
            title=title,
            axis=axis,
            foot=f"{foot}{warned}",
            second_name=second_name,
        )
    if as_json:
        content = {
            "method": result.method, "samples": result.samples, "fit": result.fit, "warnings": list(result.warnings),
            "contrast": vars(contrast), "sensitivity": result.table.to_dict("records"), "alternative_text": text,
        }  # fmt: skip
        document({**_about(sweep, found, place), **content})
    else:
        say("\n\n".join([header(sweep, found), sensitivity_text(result, title)]))
    sys.stderr.write(f"written: {place}\n")


def discover(
    folder: Folder,
    where: Annotated[
        str,
        typer.Option("--where", metavar="CONDITION", help="Such as 'posts_lost > 500 and dismissals <= 90'."),
    ],
    scenario: Scenario = None,
    as_json: Json = False,
) -> None:
    """Say where a condition mostly holds, by PRIM.

    Where: for which inputs and levers.
    """
    first_line(f"analyse discover: {folder}, where {where}")
    sweep, found = _measured(folder)
    from transitionsim.experiments.discovery import cases, parse_condition
    from transitionsim.experiments.discovery import discover as discovered
    from transitionsim.experiments.wording import header

    conditions = parse_condition(where, list(found.outcomes))
    box = discovered(*cases(found, conditions, scenario))
    words = box.words(" ".join(where.split()))
    if as_json:
        content = {
            "where": where, "words": words, "coverage": box.coverage, "density": box.density, "inside": box.inside,
            "cases": box.cases, "warnings": list(box.warnings), "limits": [vars(limit) for limit in box.limits],
        }  # fmt: skip
        document({**_about(sweep, found, folder), **content})
        return
    import textwrap

    against = dict.fromkeys(one.label for part in conditions for one in found.references(part.outcome)[:1])
    basis = f"Outcomes are against {', '.join(against) or 'nothing'}, to {found.horizons[-1]}, the mean over seeds."
    lines = [words, *(f"Warning: {text}." for text in box.warnings), basis]
    say("\n\n".join([header(sweep, found), "\n".join(textwrap.fill(one, 118) for one in lines)]))


def regret(folder: Folder, outcome: Outcome = None, out: Out = None, as_json: Json = False) -> None:
    """Say how much worse each policy is than the best one.

    Future by future: levers marked as future, and draws of inputs.
    """
    first_line(f"analyse regret: {folder}")
    sweep, found = _measured(folder)
    from transitionsim.experiments.canonical import write_csv
    from transitionsim.experiments.regret import outcome_of, regret_text
    from transitionsim.experiments.regret import regret as regretted
    from transitionsim.experiments.wording import header

    key = outcome_of(found, outcome)
    table = regretted(found, key)
    place = out or folder / ANALYSIS
    with output_folder(place) as made:
        write_csv(table, made / "regret.csv")
    if as_json:
        document({**_about(sweep, found, place), "outcome": key, "regret": table.to_dict("records")})
    else:
        title = f"{found.outcomes[key].title}, to {found.horizons[-1]}"
        say("\n\n".join([header(sweep, found), regret_text(table, title)]))
    sys.stderr.write(f"written: {place}\n")


def _measured(folder: Path) -> tuple[Sweep, Measured]:
    """Return a sweep and its outcomes; a sweep of which nothing can be said is a mistake."""
    from transitionsim.experiments.contrasts import measured
    from transitionsim.experiments.reading import read_sweep

    sweep = read_sweep(folder)
    found = measured(sweep)
    if not found.outcomes:
        reasons = "; ".join(f"{key}: {why}" for key, why in found.cannot.items())
        raise InputError.one(str(folder), f"no outcome can be made of the values kept: {reasons}")
    return sweep, found


def _foot(found: Measured) -> str:
    plan = found.plan
    inputs = len(set(found.inputs.values()))
    return (
        f"{plan.question} Means of paired differences over {len(plan.draws)} draws ({inputs} of inputs), which hold "
        f"{found.interval_holds}. Region {plan.region}, sweep {plan.id}."
    )


def _about(sweep: Sweep, found: Measured, place: Path) -> dict[str, Any]:
    from transitionsim.experiments.manifest import CAVEAT
    from transitionsim.experiments.wording import facts

    return {
        "transitionsim": __version__,
        "caveat": CAVEAT,
        "id": sweep.plan.id,
        "complete": sweep.complete,
        "failed": len(sweep.failures),
        "header": dict(facts(sweep, found)),
        "folder": str(place),
    }


def shapley(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or file of a scenario.")],
    draws: Annotated[int, typer.Option("--draws", metavar="N", help="Draws of seed and swept inputs.")] = 8,
    setting: Setting = None,
    processes: Processes = None,
    as_json: Json = False,
) -> None:
    """Say which input of the road changes how many jobs.

    Shapley terms: in every draw they sum to the whole difference from the road frozen.
    """
    first_line(f"analyse shapley: {scenario}, {draws} draws")
    at_least_one("--draws", draws)
    at_least_one("--processes", processes)
    (arm,) = arms_of([scenario], setting)
    import numpy as np

    from transitionsim.experiments.apart import ALL, draw_terms
    from transitionsim.experiments.decompose import OUTCOMES, decomposition_design, moving_inputs
    from transitionsim.experiments.paired import interval
    from transitionsim.experiments.running import values_of_design
    from transitionsim.scenario.freezing import INPUTS

    design = decomposition_design(arm, draws)
    with watched() as tell:
        found = values_of_design(design, processes=processes, tell=tell)
    rows = []
    for key in OUTCOMES:
        done, terms = draw_terms(found, key, found.horizons[-1]) if moving_inputs(arm.scenario) else ([], {})
        for name in (*INPUTS, ALL):
            span = interval(np.array(terms.get(name, [0.0] * len(done))) + 0.0)
            words = "all together" if name == ALL else name.replace("_", " ")
            rows.append((found.outcomes[key].title, words, span.low, span.median, span.high, span.n))
    header = ("outcome", "input of the road", "5 %", "median", "95 %", "draws")
    if as_json:
        document([dict(zip(header, row, strict=True)) for row in rows])
        return
    say(f"{arm.label} against the same scenario with its road frozen in {arm.scenario.start}")
    say("90 % of draws; simulated, not a forecast; the terms of a draw sum to its whole, medians need not")
    print_table(header, [(*row[:2], *(round(value) for value in row[2:5]), row[5]) for row in rows])
