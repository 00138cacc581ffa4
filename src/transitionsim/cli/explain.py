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

    from transitionsim.cli.sweep import watched
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
    table(header, [(*row[:2], *(round(value) for value in row[2:5]), row[5]) for row in rows])
