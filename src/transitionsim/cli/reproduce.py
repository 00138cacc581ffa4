"""The command that makes results again: reproduce."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from transitionsim.cli.carrying import design_line, watched
from transitionsim.cli.options import AllowCode, Processes, at_least_one
from transitionsim.cli.output import first_line, say
from transitionsim.errors import InputError, Mistake
from transitionsim.files import output_folder

if TYPE_CHECKING:
    from transitionsim.claims.source import Source
    from transitionsim.experiments.planning import Design

DIFFERENT: Final = 1


def reproduce(
    what: Annotated[Path, typer.Argument(metavar="CARD|DIR", help="A claim card, or a folder of results.")],
    sample: Annotated[
        int | None, typer.Option("--sample", metavar="N", help="Make N draws again, not all; of a folder.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder to keep the new results in.")] = None,
    processes: Processes = None,
    allow_code: AllowCode = False,
    any_code: Annotated[
        bool, typer.Option("--any-code", help="Go on though the results were made by other code.")
    ] = False,
) -> None:
    """Make results again and compare them.

    Of a claim card what it says of them is compared too.

    Exit codes: 0 the same, 1 other bytes or other words, 2 mistaken input or refused.
    """
    first_line(f"reproduce: {what}")
    at_least_one("--processes", processes)
    at_least_one("--sample", sample)
    from transitionsim.claims import reproduce as again

    source, recipe, said = _asked(what)
    if sample is not None and source is None:
        raise InputError.one("--sample", "goes with a folder of results; a card is made again as a whole")
    if sample is None and not recipe["table_sha256"]:
        text = "holds no table to compare with; an experiment is finished by: transitionsim sweep --resume DIR"
        raise InputError.one(str(what), text)
    reasons = _reasons(recipe, what, any_code)
    with _folder(out) as place:
        design = again.design_of(recipe, place)
        _allowed(design, what, allow_code)
        if sample is not None and source is not None:
            found = list(again.sample(source, design, sample))
        else:
            say(design_line(design))
            with watched() as tell:
                again.make_again(design, place, processes=processes, tell=tell)
            found = again.held(recipe, place, None if source is None else what)
            found += [] if said is None else again.card_held(said, place)
    for one in found:
        say(str(one))
        for row in one.rows:
            say(f"       {row}")
    same = all(one.same for one in found)
    if not same:
        _say_environment(recipe)
    part = "" if sample is None else f" of {len(found)} of {len(design.draws)} draws"
    say((f"reproduced: the same{part}" if same else "not reproduced: other bytes or words") + _loud(reasons))
    if not same:
        raise typer.Exit(DIFFERENT)


def _asked(what: Path) -> tuple[Source | None, dict[str, Any], dict[str, Any] | None]:
    """Return the results of a folder with their recipe, or the recipe of a card with what the card says."""
    from transitionsim.claims.card import FILE, read_card
    from transitionsim.claims.reproduce import damaged, recipe_of, unpacked
    from transitionsim.claims.source import read_source

    if what.is_dir():
        source = read_source(what)
        if source.problems:
            raise InputError([Mistake(str(what), None, text) for text in source.problems])
        with damaged(str(what)):
            return source, recipe_of(source), None
    if not what.is_file():
        raise InputError.one(str(what), f"no such card or folder; a card is named {FILE}")
    if what.suffix == ".zip":
        raise InputError.one(str(what), "is an archive; unpack it, and give the folder")
    said = read_card(what)
    return None, unpacked(str(said["recipe"]), str(what)), said


def _allowed(design: Design, what: Path, allow: bool) -> None:
    """Refuse to execute rules that results bring, unless a person allows it."""
    if design.rules and not allow:
        names = ", ".join(rule.file for rule in design.rules)
        text = f"was made with rules of one's own ({names}) that would be executed; add --allow-code to allow it"
        raise InputError.one(str(what), text)


def _reasons(recipe: Mapping[str, Any], what: Path, any_code: bool) -> tuple[str, ...]:
    """Return what differs between the code here and the one that made the results; refuse it unless allowed."""
    from transitionsim.claims.reproduce import differences_of_code
    from transitionsim.provenance import code

    reasons = tuple(differences_of_code(recipe, code()))
    if reasons and not any_code:
        raise InputError([Mistake(str(what), None, text) for text in reasons])
    return reasons


def _loud(reasons: tuple[str, ...]) -> str:
    """Return what the last line says where the code was not the one that made the results."""
    short = "; ".join(text.partition(";")[0] for text in reasons)
    return f" -- BUT NOT BY THE CODE THAT MADE THEM: {short}" if reasons else ""


def _say_environment(recipe: Mapping[str, Any]) -> None:
    """Say in which libraries this machine differs from the one that made the results."""
    from transitionsim.experiments.manifest import environment

    then, now = ({**one.get("libraries", {}), **one} for one in (dict(recipe.get("environment", {})), environment()))
    for name in sorted(then.keys() & now.keys() - {"libraries"}):
        if then[name] != now[name]:
            say(f"       made with {name} {then[name]}, here is {now[name]}")


@contextmanager
def _folder(out: Path | None) -> Iterator[Path]:
    """Give the folder to make results in: a temporary one, or one that was empty and stays."""
    if out is None:
        with tempfile.TemporaryDirectory(prefix="transitionsim-") as place:
            yield Path(place)
        return
    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise InputError.one("--out", f"{out} exists and is not empty; name another folder")
    with output_folder(out) as place:
        yield place
