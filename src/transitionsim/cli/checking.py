"""Commands that hold results against themselves: reproduce and verify; and crate, which packs them to be handed on."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from transitionsim.cli.runs import AllowCode, at_least_one, first_line, say
from transitionsim.cli.sweep import time_in_words
from transitionsim.errors import InputError, Mistake
from transitionsim.files import output_folder

if TYPE_CHECKING:
    from transitionsim.claims.remaking import Remade
    from transitionsim.claims.source import Source
    from transitionsim.experiments.design import Design
    from transitionsim.experiments.planning import Prepared

DIFFERENT: Final = 1
_SHOWN: Final = 5
_FEW: Final = 8
"""Runs below which no pilot is run first: it would take as long as they do."""
AnyCode = Annotated[bool, typer.Option("--any-code", help="Go on though the results were made by other code.")]
RuleFiles = Annotated[
    list[Path] | None,
    typer.Option("--rules", metavar="FILE", help="The rules of one's own that the results were made with."),
]


@dataclass(frozen=True)
class _Job:
    """What is to be made again: its recipe, the folder to compare with if any, rules, and what differs of the code."""

    recipe: Mapping[str, Any]
    folder: Path | None
    rules: tuple[Path, ...]
    reasons: tuple[str, ...]


def reproduce(
    what: Annotated[Path, typer.Argument(metavar="CARD|DIR", help="A claim card, or a folder of results.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder to keep the new results in.")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="Processes to run on. Default: all cores.")
    ] = None,
    rules: RuleFiles = None,
    allow_code: AllowCode = False,
    any_code: AnyCode = False,
) -> None:
    """Make all results again and compare bytes; of a card compare what it says of them too.

    Exit codes: 0 the same, 1 other bytes or other words, 2 mistaken input or refused.
    """
    first_line(f"reproduce: {what}")
    at_least_one("--workers", workers)
    recipe, folder, said = _recipe(what)
    if not recipe["table_sha256"]:
        text = "holds no table to compare with; a sweep is finished by: transitionsim sweep --resume DIR"
        raise InputError.one(str(what), text)
    job = _Job(recipe, folder, _same_rules(recipe, rules or (), allow_code), _reasons(recipe, what, any_code))
    from transitionsim.claims.reissue import reissued
    from transitionsim.claims.sameness import held

    with _folder(out) as place:
        found = held(recipe, _remade(job, place, workers), folder)
        claimed = [] if said is None else reissued(said, recipe, place, str(what))
    for one in (*found, *claimed):
        say(str(one))
        for row in one.rows:
            say(f"       {row}")
    bytes_same, words_same = (all(one.same for one in held) for held in (found, claimed))
    if not bytes_same:
        _say_environment(recipe)
    say(_reproduced(bytes_same, words_same) + _loud(job.reasons))
    if not (bytes_same and words_same):
        raise typer.Exit(DIFFERENT)


def _reproduced(bytes_same: bool, words_same: bool) -> str:
    """Return the last line: whether the results came again, and whether a card says what comes of them."""
    if not bytes_same:
        return "not reproduced: other bytes"
    return (
        "reproduced: the same bytes"
        if words_same
        else "not reproduced: the card does not say what comes of the same bytes"
    )


def _recipe(what: Path) -> tuple[dict[str, Any], Path | None, dict[str, Any] | None]:
    """Return the recipe of a card or of a folder, the folder to compare with, and what the card says."""
    from transitionsim.claims.card import FILE, read_card
    from transitionsim.claims.recipe import damaged, recipe_of, unpacked
    from transitionsim.claims.source import read_source

    if what.is_dir():
        source = read_source(what)
        with damaged(str(what)):
            return recipe_of(source), what, None
    if not what.is_file():
        raise InputError.one(str(what), f"no such card or folder; a card is named {FILE}")
    if what.suffix == ".zip":
        raise InputError.one(str(what), "is an archive; unpack it, and give the folder")
    said = read_card(what)
    return unpacked(str(said["recipe"]), str(what)), None, said


def _same_rules(recipe: Mapping[str, Any], given: list[Path] | tuple[Path, ...], allow: bool) -> tuple[Path, ...]:
    """Return the files of rules in the order they were used; nothing of them runs unless it has the bytes it had."""
    from transitionsim.claims.recipe import damaged
    from transitionsim.experiments.manifest import rule_files

    if given and not allow:
        raise InputError.one("--rules", f"{given[0]} holds code that would be executed; add --allow-code to allow it")
    missing = [path for path in given if not path.is_file()]
    if missing:
        raise InputError.one("--rules", f"{missing[0]}: no such file")
    by_digest = {one["sha256"]: path for one, path in zip(rule_files(given), given, strict=True)}
    with damaged("recipe"):
        needed = [(str(one["sha256"]), str(one["file"])) for one in recipe["rules"]]
    for digest, name in needed:
        if digest not in by_digest:
            text = f"the results were made with rules of one's own, {name} with SHA-256 {digest[:16]}"
            raise InputError.one("--rules", f"{text}; give that file: --rules FILE --allow-code")
    for digest, path in by_digest.items():
        if digest not in dict(needed):
            raise InputError.one("--rules", f"{path} is not what the results were made with; leave it out")
    return tuple(by_digest[digest] for digest, _ in needed)


def _reasons(recipe: Mapping[str, Any], what: Path, any_code: bool) -> tuple[str, ...]:
    """Return what differs between the code here and the one that made the results; refuse it unless allowed."""
    from transitionsim.claims.remaking import differences_of_code
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


def _remade(job: _Job, place: Path, workers: int | None) -> Remade:
    """Make results again in a folder, after saying how many runs that takes, and about how long."""
    from transitionsim.claims.remaking import design_of, prepared_of, remake_comparison, remake_sweep

    if job.recipe["kind"] == "sweep":
        prepared = prepared_of(job.recipe, place, any_code=bool(job.reasons))
        _say_size(job.recipe, prepared, workers)
        from transitionsim.cli.sweep import watched as watched_sweep

        with watched_sweep() as tell:
            return remake_sweep(prepared, place, workers=workers, tell=tell)
    design = design_of(job.recipe, place, job.rules, any_code=bool(job.reasons))
    _say_size(job.recipe, design, workers)
    from transitionsim.experiments.progress import watched

    with watched() as progress:
        return remake_comparison(design, place, processes=workers, progress=progress)


def _say_size(recipe: Mapping[str, Any], what: Design | Prepared, workers: int | None) -> None:
    """Say how many runs there are, and for more than a few about how long they take, by a pilot of the first one."""
    from transitionsim.experiments.design import Design
    from transitionsim.experiments.results import cores, simulate_model

    if isinstance(what, Design):
        arms, draws, scenario = len(what.arms), len(what.draws), what.arms[0].scenario
        values, seed = dict(what.draws[0].values), what.draws[0].seed
    else:
        arms, draws, scenario = len(what.plan.arms), len(what.plan.draws), what.scenarios[0]
        values, seed = dict(what.plan.draws[0].values), what.plan.draws[0].seed
    line = f"{recipe['kind']} {recipe['id']}: {arms} scenarios x {draws} draws = {arms * draws:,} runs"
    if arms * draws < _FEW or recipe["rules"]:
        say(line)
        return
    varied = scenario.with_drawn(values)
    seconds = []
    for _ in range(2):
        begun = time.process_time()
        simulate_model(varied, seed)
        seconds.append(time.process_time() - begun)
    start = max(0.0, seconds[0] - seconds[1])
    processes = min(workers or cores(), draws)
    total = (seconds[1] * arms * draws + start * draws) / processes
    say(f"{line}; about {time_in_words(total)} on {processes} process{'es' * (processes != 1)}")


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


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of results.")],
    runs: Annotated[
        int | None,
        typer.Option("--runs", metavar="N", help="Runs to make again. Default: one of every scenario, 3 to 24."),
    ] = None,
    key: Annotated[
        str, typer.Option("--key", metavar="TEXT", help="Any word of your own: other runs are made again.")
    ] = "",
    rules: RuleFiles = None,
    allow_code: AllowCode = False,
    any_code: AnyCode = False,
) -> None:
    """Check the digests of all files of a folder, and make a sample of its runs again, bit for bit.

    Nothing that the folder holds is executed. Exit codes: 0 the same, 1 other values, 2 mistaken input or refused.
    """
    first_line(f"verify: {folder}")
    at_least_one("--runs", 1 if runs is None else runs)
    from transitionsim.claims.recipe import damaged, recipe_of
    from transitionsim.claims.source import read_source

    source = read_source(folder)
    for problem in source.problems:
        say(f"OTHER  {problem}")
    if source.problems:
        say("not verified: the files are not those that were written")
        raise typer.Exit(DIFFERENT)
    with damaged(str(folder)):
        recipe = recipe_of(source)
    own = _same_rules(recipe, rules or (), allow_code)
    reasons = _reasons(recipe, folder, any_code)
    say(f"same   {_files_of(source)}")
    from transitionsim.claims.verifying import Checked, default_count, verified

    found: list[Checked] = []
    with tempfile.TemporaryDirectory(prefix="transitionsim-") as place:
        count = default_count(source) if runs is None else runs
        made = verified(source, count, Path(place), key=key, rules=own, any_code=bool(reasons))
        for one in made:
            _say_run(one)
            found.append(one)
    same = all(one.same for one in found)
    if not same:
        _say_environment(recipe)
    every = len(source.sweep.values.groupby(["scenario", "draw"], observed=True)) + len(source.sweep.failures)
    say((_verified(len(found), every) if same else "not verified: other values") + _loud(reasons))
    if not same:
        raise typer.Exit(DIFFERENT)


def _verified(made: int, every: int) -> str:
    """Return what a sample of runs that came out the same shows, with what it would have missed."""
    text = f"verified: {made} of {every} runs, bit for bit"
    if made == every:
        return text
    return f"{text}; one forged run among them all would have been met with a chance of {100 * made / every:.2g} %"


def _files_of(source: Source) -> str:
    """Return which files had the bytes that were recorded, in words."""
    if source.kind != "sweep":
        return "every file has the bytes that the manifest says"
    return "plan and tables have the bytes that were recorded" if source.sweep.complete else "plan and parts are whole"


def _say_run(one: Any) -> None:
    if one.failed is not None:
        what = "fails as it did" if one.failed else "is said to have failed, and finishes"
        say(f"{'same ' if one.same else 'OTHER'}  {one.scenario}, draw {one.draw}: {what}")
        return
    digest = {True: ", and all its rows at the end", False: "; all its rows at the end are NOT the same", None: ""}
    tables = {True: ", and its groups and indicators", False: "; its groups or indicators are NOT the same", None: ""}
    differ = f"{len(one.differing)} of {one.values} values are not the same"
    what = (differ if one.differing else f"{one.values} values") + digest[one.digest] + tables[one.tables]
    say(f"{'same ' if one.same else 'OTHER'}  {one.scenario}, draw {one.draw}: {what}")
    for (name, year, month), then, now in one.differing[:_SHOWN]:
        say(f"       {year}-{month:02d}, {name}: then {then}, now {now}")


def crate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of results.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.zip|DIR", help="Archive or folder to write. Default: DIR-crate.zip."),
    ] = None,
) -> None:
    """Pack results as an RO-Crate: tables, manifest, claim card, recipe, and what they were made with."""
    first_line(f"crate: {folder}")
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
