"""The command that holds the model against facts it was not fitted to: facts."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from transitionsim.cli.options import at_least_one
from transitionsim.cli.output import first_line, say, table


def facts(
    region: Annotated[str, typer.Argument(metavar="[REGION]", help="Code of a region, or path of a profile.")] = "ES22",
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="Seeds; intervals are over seeds.")] = 5,
    scale: Annotated[
        int, typer.Option("--scale", metavar="PERSONS_PER_AGENT", help="Persons that one record stands for.")
    ] = 10,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="NAME", help="Measure this fact only; may be repeated.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.csv", help="Table to write, as CSV.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
) -> None:
    """Hold the model against facts it was not fitted to."""
    first_line(f"validate facts: {region}, {seeds} seed{'s' * (seeds != 1)}, {scale} persons to a record")
    at_least_one("--seeds", seeds)
    at_least_one("--scale", scale)
    from transitionsim.facts.table import HEADER, chosen, line, measured, sentences, shown, tally, write
    from transitionsim.regions import load_region
    from transitionsim.replications.files import written_whole

    wanted = chosen(only)
    name, code = load_region(region).name, load_region(region).code

    def progress(done: int, of: int) -> None:
        sys.stderr.write(f"seed {done} of {of}\n")

    with written_whole(out, []) if out is not None else nullcontext() as file:
        result = measured(region, seeds, scale, wanted, progress)
        if file is not None:
            write(file, result)
    if as_json:
        lines = [line(one, code) for one in result.findings]
        document = {"region": region, "scale": scale, "seeds": seeds, "facts": lines, "closures": result.envelope}
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
        return
    say(f"region      {name} ({region}), {scale} persons to a record, {seeds} seed{'s' * (seeds != 1)}")
    table(HEADER, shown(result.findings))
    if result.envelope:
        say("")
        rows = [(key, *(round(share, 1) for share in shares)) for key, shares in result.envelope.items()]
        table(("closure of the largest plant", "% in work after 10 months", "12 months", "36 months"), rows)
    say("")
    say(tally(result.findings))
    for sentence in sentences(result.findings):
        say(sentence)
    if out is not None:
        say(f"written: {out}")
