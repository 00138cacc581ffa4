"""The command that explains an outcome by the inputs of the road: decompose."""

from __future__ import annotations

from typing import Annotated

import typer

from transitionsim.cli.files import document
from transitionsim.cli.runs import Json, Processes, Setting, arms_of, at_least_one, first_line
from transitionsim.cli.tables import say, table


def decompose(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or file of a scenario.")],
    draws: Annotated[int, typer.Option("--draws", metavar="N", help="Draws of seed and swept inputs.")] = 8,
    setting: Setting = None,
    processes: Processes = None,
    as_json: Json = False,
) -> None:
    """Say which input of the road changes how many jobs: terms that sum to the whole difference."""
    first_line(f"decompose: {scenario}, {draws} draws")
    at_least_one("--draws", draws)
    at_least_one("--processes", processes)
    (arm,) = arms_of([scenario], setting)
    import numpy as np

    from transitionsim.experiments.decompose import decompose as terms_of
    from transitionsim.experiments.decompose import decomposition_design
    from transitionsim.experiments.outcomes import OUTCOMES
    from transitionsim.experiments.paired import interval
    from transitionsim.experiments.progress import watched
    from transitionsim.experiments.runner import run_design
    from transitionsim.experiments.sweep import swept_draws

    design = decomposition_design(arm.scenario, *swept_draws([arm], draws))
    with watched() as progress:
        results = run_design(design, processes=processes, progress=progress)
    rows = []
    for outcome in OUTCOMES:
        if outcome.key not in ("posts_lost", "involuntary_losses"):
            continue
        found = terms_of(arm.scenario, results, outcome.measure)
        lines = {key: [one.terms[key] for one in found] for key in found[0].terms}
        lines["all together"] = [one.moving - one.frozen for one in found]
        for key, values in lines.items():
            span = interval(outcome.sign * np.array(values) + 0.0)
            rows.append((outcome.title, key.replace("_", " "), span.low, span.median, span.high, span.n))
    header = ("outcome", "input of the road", "5 %", "median", "95 %", "draws")
    if as_json:
        document([dict(zip(header, row, strict=True)) for row in rows])
        return
    say(f"{arm.label} against the same scenario with its road frozen in {arm.scenario.start}")
    say("90 % of draws; simulated, not a forecast; the terms of a draw sum to its whole, medians need not")
    table(header, [(*row[:2], *(round(value) for value in row[2:5]), row[5]) for row in rows])
