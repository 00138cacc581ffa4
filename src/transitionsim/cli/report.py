"""The command that makes of results what can be handed on: report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transitionsim.cli.options import Json
from transitionsim.cli.output import document, first_line, say
from transitionsim.errors import InputError, Mistake
from transitionsim.files import write_whole

if TYPE_CHECKING:
    from transitionsim.claims.purpose import Patterns
    from transitionsim.regions import Region


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a comparison or of a sweep.")],
    lang: Annotated[str, typer.Option("--lang", metavar="en|de|es", help="Language of the page.")] = "en",
    pdf: Annotated[bool, typer.Option("--pdf", help="Write one page of PDF too.")] = False,
    outcome: Annotated[
        str | None, typer.Option("--outcome", metavar="NAME", help="Outcome. Default: involuntary_losses.")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="NAME", help="Scenario. Default: the first beside the baseline.")
    ] = None,
    horizon: Annotated[int | None, typer.Option("--horizon", metavar="YEAR", help="Year. Default: the last.")] = None,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="Title of your own, printed as yours.")] = "",
    rank: Annotated[bool, typer.Option("--rank", help="Add ranks of all scenarios, with intervals.")] = False,
    price: Annotated[
        bool, typer.Option("--price", help="Add euros for each loss avoided, where they mean any.")
    ] = False,
    facts: Annotated[
        Path | None, typer.Option("--facts", metavar="FILE", help="Table of transitionsim validate facts, for level 2.")
    ] = None,
    exploratory: Annotated[
        bool, typer.Option("--exploratory", help="Print a marked page though rules for citing are broken.")
    ] = False,
    explore: Annotated[
        bool, typer.Option("--explore", help="In place of the page: sliders over all points, one HTML file.")
    ] = False,
    crate: Annotated[
        bool, typer.Option("--crate", help="In place of the page: an RO-Crate to hand on, with the claim card in it.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="PLACE", help="Folder to write into, or file of --explore and --crate."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a page that can be cited, or say what forbids it.

    Writes report.html, report.png and claim.yaml.

    Exit codes: 0 written, 2 mistaken input or refused. Runs nothing and executes nothing that the folder holds.
    """
    first_line(f"report: {folder}")
    if explore and crate:
        raise InputError.one("--explore", "not together with --crate: one thing at a time")
    if explore or crate:
        (_explorer if explore else _crate)(folder, out)
        return
    from transitionsim.claims.bundle import bundle
    from transitionsim.claims.language import language
    from transitionsim.claims.refusals import Asked
    from transitionsim.claims.source import read_source
    from transitionsim.pages.report import report as made
    from transitionsim.provenance import code

    words = language(lang)
    source = read_source(folder)
    patterns = None if facts is None else patterns_in(facts, source.region())
    found = bundle(
        source, words, outcome=outcome, scenario=scenario, horizon=horizon,
        asked=Asked(title, rank, price), patterns=patterns,
    )  # fmt: skip
    broken = found.refusals(code())
    forbidding = [one for one in broken if not one.only_marks]
    if forbidding and not exploratory:
        told = [Mistake(str(folder), None, str(one)) for one in forbidding]
        raise InputError([*told, Mistake("report", None, "no page is printed; --exploratory prints a marked one")])
    page = made(found, broken)
    files = page.write(out or folder, paper=pdf)
    if as_json:
        document(
            {
                "claim": page.id, "statement": found.statement, "level": found.claim.purpose.name,
                "exploratory": [str(one) for one in broken], "files": [path.name for path in files],
            }
        )  # fmt: skip
        return
    say(found.statement)
    say(f"claim {page.id}, level {found.claim.purpose.name}: {found.claim.purpose.why(words)}")
    for one in broken:
        say(f"exploratory: {one}")
    for path in files:
        sys.stderr.write(f"written: {path}\n")


def patterns_in(table: Path, region: Region) -> Patterns:
    """Return the patterns of a region that a table of ``transitionsim validate facts`` shows."""
    from transitionsim.claims.purpose import Patterns
    from transitionsim.facts.table import reproduced

    facts, digest = reproduced(table, region)
    return Patterns(tuple(fact.name for fact in facts), tuple(fact.title for fact in facts), digest)


def _explorer(folder: Path, out: Path | None) -> None:
    """Write one HTML file with sliders over the stored points of a sweep."""
    from transitionsim.claims.source import read_source
    from transitionsim.pages.explorer import explorer_html

    page = explorer_html(read_source(folder))
    place = out or folder / "explore.html"
    write_whole({place: page.encode()})
    sys.stderr.write(f"written: {place}\n")


def _crate(folder: Path, out: Path | None) -> None:
    """Pack results as an RO-Crate."""
    from transitionsim.claims.crate import write_crate
    from transitionsim.claims.source import read_source

    source = read_source(folder)
    if source.problems:
        raise InputError([Mistake(str(folder), None, text) for text in source.problems])
    if not source.sweep.complete:
        raise InputError.one(str(folder), f"has not finished; go on: transitionsim sweep --resume {folder}")
    place = out or folder.with_name(f"{folder.resolve().name}-crate.zip")
    if place.is_file() or (place.is_dir() and any(place.iterdir())):
        raise InputError.one(str(place), "exists; name another place with --out")
    write_crate(source, place)
    sys.stderr.write(f"written: {place}\n")
