"""Commands that hold results against themselves: reproduce and verify; and crate, which packs them to be handed on."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from transitionsim.cli.runs import AllowCode, Rules, allowed_rules, at_least_one, first_line, say
from transitionsim.errors import InputError, Mistake

DIFFERENT: Final = 1
_SHOWN: Final = 5
AnyCode = Annotated[bool, typer.Option("--any-code", help="Go on though the results were made by other code.")]


def reproduce(
    what: Annotated[Path, typer.Argument(metavar="CARD|DIR", help="A claim card, or a folder of results.")],
    rules: Rules = None,
    allow_code: AllowCode = False,
    any_code: AnyCode = False,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="Processes to run on. Default: all cores.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder to keep the new results in.")] = None,
) -> None:
    """Make all results again and compare bytes. Exit codes: 0 the same, 1 other bytes, 2 mistaken input or refused."""
    first_line(f"reproduce: {what}")
    at_least_one("--workers", workers)
    from transitionsim.claims.remaking import differences_of_code
    from transitionsim.provenance import code

    recipe, before = _recipe(what)
    own = _same_rules(recipe, allowed_rules(rules, allow_code))
    reasons = differences_of_code(recipe, code())
    if reasons and not any_code:
        raise InputError([Mistake(str(what), None, text) for text in reasons])
    if not recipe["table_sha256"]:
        raise InputError.one(str(what), "holds no table to compare with; finish it first")
    arms, draws = len(recipe.get("scenarios", ())), recipe.get("draws_done") or len(recipe["draws"])
    say(f"{recipe['kind']} {recipe['id']}: {arms} scenarios x {draws} draws = {arms * draws:,} runs")
    with _folder(out) as place:
        found = _remade(recipe, place, own, workers)
        for reason in reasons:
            say(f"other code: {reason}")
        say(f"table.csv then  {recipe['table_sha256']}")
        say(f"table.csv now   {found}")
        if found == recipe["table_sha256"]:
            say("reproduced: the same bytes" + (", by other code" if reasons else ""))
            return
        if before is not None:
            for line in _first_differences(before, place / "table.csv"):
                say(line)
    say("not reproduced: other bytes")
    raise typer.Exit(DIFFERENT)


def _recipe(what: Path) -> tuple[dict[str, Any], Path | None]:
    """Return the recipe of a card or of a folder, and the table that is there to compare with."""
    from transitionsim.claims.card import FILE, read_card
    from transitionsim.claims.recipe import recipe_of, unpacked
    from transitionsim.claims.source import read_source

    if what.is_dir():
        source = read_source(what)
        if source.problems:
            raise InputError([Mistake(str(what), None, text) for text in source.problems])
        return recipe_of(source), what / "table.csv"
    if not what.is_file():
        raise InputError.one(str(what), f"no such card or folder; a card is named {FILE}")
    return unpacked(str(read_card(what)["recipe"]), str(what)), None


def _same_rules(recipe: Mapping[str, Any], given: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the files of rules, which must have the bytes of those that the results were made with."""
    from transitionsim.experiments.manifest import rule_files

    needed = {one["sha256"]: one["file"] for one in recipe["rules"]}
    found = {one["sha256"]: one["file"] for one in rule_files(given)}
    for digest, name in needed.items():
        if digest not in found:
            text = f"the results were made with rules from {name}; give that file with --rules and --allow-code"
            raise InputError.one("--rules", f"{text} (SHA-256 {digest[:16]})")
    for digest, name in found.items():
        if digest not in needed:
            raise InputError.one("--rules", f"{name} is not what the results were made with; leave it out")
    return given


def _remade(recipe: Mapping[str, Any], place: Path, rules: tuple[Path, ...], workers: int | None) -> str:
    from transitionsim.claims.remaking import remake_comparison, remake_sweep

    if recipe["kind"] == "sweep":
        return remake_sweep(recipe, place, workers=workers)
    from transitionsim.experiments.progress import watched

    with watched() as progress:
        return remake_comparison(recipe, place, rules=rules, processes=workers, progress=progress)


@contextmanager
def _folder(out: Path | None) -> Iterator[Path]:
    if out is None:
        with tempfile.TemporaryDirectory() as place:
            yield Path(place)
        return
    if out.exists() and (out.is_file() or any(out.iterdir())):
        raise InputError.one("--out", f"{out} exists and is not empty; name another folder")
    out.mkdir(parents=True, exist_ok=True)
    yield out


def _first_differences(before: Path, after: Path) -> Iterator[str]:
    """Give the first lines of two tables that differ."""
    shown = 0
    then, now = (path.read_text(encoding="utf-8").splitlines() for path in (before, after))
    for place in range(max(len(then), len(now))):
        one, two = (lines[place] if place < len(lines) else "(no line)" for lines in (then, now))
        if one != two:
            yield f"line {place + 1}  then {one}"
            yield f"line {place + 1}  now  {two}"
            shown += 1
        if shown == _SHOWN:
            return


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of results.")],
    runs: Annotated[int, typer.Option("--runs", metavar="N", help="Runs to make again.")] = 3,
    any_code: AnyCode = False,
) -> None:
    """Check all digests of a folder and make a sample of its runs again, bit for bit.

    Nothing that the folder holds is executed. Exit codes: 0 the same, 1 other values, 2 mistaken input or refused.
    """
    first_line(f"verify: {folder}, {runs} run{'s' * (runs != 1)}")
    at_least_one("--runs", runs)
    from transitionsim.claims.recipe import recipe_of
    from transitionsim.claims.remaking import differences_of_code
    from transitionsim.claims.source import read_source
    from transitionsim.claims.verifying import verified
    from transitionsim.provenance import code

    source = read_source(folder)
    if source.problems:
        raise InputError([Mistake(str(folder), None, text) for text in source.problems])
    if source.rules:
        raise InputError.one(str(folder), "was made with rules of one's own; reproduce takes them with --rules")
    reasons = differences_of_code(recipe_of(source), code())
    if reasons and not any_code:
        raise InputError([Mistake(str(folder), None, text) for text in reasons])
    say(f"{source.kind} {source.plan.id}: every file has the bytes that the manifest says")
    wrong = 0
    with tempfile.TemporaryDirectory() as place:
        for one in verified(source, runs, Path(place)):
            wrong += bool(one.differing)
            same = f"{one.values} values, all the same"
            say(f"{one.scenario}, draw {one.draw}: {same if not one.differing else f'{len(one.differing)} differ'}")
            for (name, year, month), then, now in one.differing[:_SHOWN]:
                say(f"  {name} {year}-{month:02d}: then {then}, now {now}")
    for reason in reasons:
        say(f"other code: {reason}")
    if wrong:
        say("not verified: other values")
        raise typer.Exit(DIFFERENT)
    say(f"verified: {min(runs, len(source.plan.arms) * len(source.plan.draws))} of the runs")


def crate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of results.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.zip", help="Archive to write. Default: DIR-crate.zip.")
    ] = None,
) -> None:
    """Pack results as an RO-Crate: tables, manifest, claim card, recipe, and what they were made with."""
    first_line(f"crate: {folder}")
    from transitionsim.claims.crate import write_crate
    from transitionsim.claims.source import read_source

    source = read_source(folder)
    if source.problems:
        raise InputError([Mistake(str(folder), None, text) for text in source.problems])
    place = out or folder.with_name(f"{folder.resolve().name}-crate.zip")
    if place.exists():
        raise InputError.one(str(place), "exists; name another file with --out")
    write_crate(source, place)
    sys.stderr.write(f"written: {place}\n")
