"""Making results again: the plan of a folder or of a claim card is run anew, and what comes of it is compared.

A recipe is the plan with the files of the user's own that it needs and the digest of the table that must come of it. It
may come from a stranger: it is data, the only files it may bring are a profile and fits under names of their own, and
rules in it are run only where a person allows that.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final

from transitionsim.claims.source import Source
from transitionsim.errors import InputError
from transitionsim.experiments.comparing import compared
from transitionsim.experiments.engine import Tell, work_through
from transitionsim.experiments.manifest import MANIFEST, PROFILE, as_json
from transitionsim.experiments.published import rows_of
from transitionsim.experiments.reading import results_of
from transitionsim.experiments.simulation import Simulate, simulate_model
from transitionsim.experiments.store import CSV, locked, part_of, plan_content, read_plan, write_content
from transitionsim.experiments.store import TABLE as VALUES
from transitionsim.experiments.work import Task
from transitionsim.experiments.workers import workers
from transitionsim.provenance import Code

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.experiments.planning import Design

OWN_FILE: Final = re.compile(r"region\.yaml|fit-[0-9a-f]{8}\.yaml")
"""The files that a recipe may bring."""
LINES: Final = ("arms", "scenarios", "draws")
"""Parts of a plan that are written one entry to a line."""
MOST_ROWS: Final = 5
"""Rows that differ which are shown."""
ROW: Final = ("scenario", "draw", "year", "indicator")


@dataclass(frozen=True)
class Held:
    """One file or part held against what it was: in words, whether it is the same, and the first rows that are not."""

    text: str
    same: bool
    rows: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{'same ' if self.same else 'OTHER'}  {self.text}"


def recipe_of(source: Source) -> dict[str, Any]:
    """Return what it takes to make the results of a folder again; an unfinished one has no digest of its table."""
    plan = plan_content(source.folder)
    # An experiment may have stopped, when it knew enough, before it came to all draws.
    plan["draws"] = plan["draws"][: source.drawn]
    paths = [source.folder / PROFILE, *sorted(source.folder.glob("fit-*.yaml"))]
    return {
        "plan": plan,
        "code": dict(source.code),
        "environment": dict(source.environment),
        "files": {path.name: path.read_text(encoding="utf-8") for path in paths if path.is_file()},
        "table_sha256": source.files.get(CSV, ""),
    }


def packed(recipe: Mapping[str, Any]) -> str:
    """Return a recipe as JSON in lines, in ASCII: the same recipe gives the same text."""
    plan = ",\n".join(_line(key, recipe["plan"][key]) for key in sorted(recipe["plan"]))
    rest = [_line(key, recipe[key]) for key in sorted(recipe) if key != "plan"]
    return "{\n" + ",\n".join([f'"plan": {{\n{plan}\n}}', *rest]) + "\n}"


def _line(key: str, value: Any) -> str:
    if key in LINES and value:
        inside = ",\n".join(as_json(one, ascii_only=True) for one in value)
        return f'"{key}": [\n{inside}\n]'
    return f'"{key}": {as_json(value, ascii_only=True)}'


def unpacked(text: str, where: str) -> dict[str, Any]:
    """Return a recipe from its text; raises :class:`InputError` where it is none."""
    with damaged(where):
        content = json.loads(text)
        for key, kind in (("plan", dict), ("code", dict), ("files", dict), ("table_sha256", str)):
            if not isinstance(content[key], kind):
                raise TypeError
        return dict(content)


@contextmanager
def damaged(where: str) -> Iterator[None]:
    """Say of whatever goes wrong while a recipe is taken apart that it is damaged."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError):
        raise InputError.one(where, "its recipe is damaged; take the file as it was written") from None


def design_of(recipe: Mapping[str, Any], folder: Path) -> Design:
    """Return the design of a recipe, placed in an empty folder, where it is to be run."""
    with damaged("recipe"):
        for name, text in recipe["files"].items():
            own = PureWindowsPath(str(name)).name
            if not OWN_FILE.fullmatch(own):
                raise InputError.one("recipe", f"brings a file '{own}', which is neither a profile nor a fit; not read")
            (folder / own).write_text(str(text), encoding="utf-8")
        _names_no_other_file(recipe["plan"]["scenarios"], folder)
        write_content(folder, recipe["plan"])
        return read_plan(folder)


def _names_no_other_file(scenarios: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Refuse a scenario that rests on a file of this machine which the recipe does not bring."""
    from transitionsim.regions.reading import names_a_file

    for own in scenarios:
        for key in ("region", "calibration"):
            value = str(own.get(key, ""))
            name = PureWindowsPath(value).name
            brought = value == f"./{name}" and OWN_FILE.fullmatch(name) and (folder / name).is_file()
            if names_a_file(value) and not brought:
                raise InputError.one("recipe", f"a scenario rests on a {key} that it does not bring; not read")


def differences_of_code(recipe: Mapping[str, Any], now: Code) -> list[str]:
    """Return why other bytes may come of the code here, a sentence with the way out each; none where it is the same."""
    made = recipe["code"]
    if not made.get("sources"):
        return ["does not say by which code it was made, or by several; try this one with --any-code"]
    found = []
    if made["sources"] != now.sources:
        commit = str(made.get("commit") or "")[:12]
        way = f"check out commit {commit}" if commit else "install the release that made it"
        text = f"made by other code than version {now.version} holds here (sources {str(made['sources'])[:12]}"
        found.append(f"{text}, here {now.sources[:12]}); {way}, or go on all the same with --any-code")
    if made.get("dirty"):
        text = "made in a working tree with changes that no commit holds, so that nobody can fetch the code"
        found.append(f"{text}; run it again from a commit, or go on all the same with --any-code")
    return found


def make_again(
    design: Design,
    folder: Path,
    *,
    processes: int | None = None,
    tell: Tell = lambda state: None,
    simulate: Simulate = simulate_model,
) -> None:
    """Run a design in the folder where its plan stands, and write what is told of it."""
    from transitionsim.report.folder import write_results

    with workers(processes, None, len(design.chunks)) as found, locked(folder):
        outcome = work_through(folder, design, found, tell=tell, simulate=simulate)
    if not outcome.complete:
        raise KeyboardInterrupt
    if design.plan.whole:
        results = results_of(folder, design)
        write_results(folder, results, compared(results.found) if len(design.arms) > 1 else None)


def held(recipe: Mapping[str, Any], made: Path, folder: Path | None) -> list[Held]:
    """Return whether the tables made again are those that were: of a card the values, of a folder every CSV."""
    now = json.loads((made / MANIFEST).read_text(encoding="utf-8"))["files"]
    then = {CSV: recipe["table_sha256"]}
    if folder is not None:
        then = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    found = []
    for name in sorted(name for name in then if name.endswith(".csv")):
        same = then[name] == now.get(name)
        rows = () if same or folder is None or name not in now else _differing(folder / name, made / name)
        found.append(Held(f"{name}, SHA-256 {then[name][:16]}", same, rows))
    return found


def _differing(then: Path, now: Path) -> tuple[str, ...]:
    import pandas as pd

    return unlike(pd.read_csv(then), pd.read_csv(now))


def unlike(then: pd.DataFrame, now: pd.DataFrame) -> tuple[str, ...]:
    """Return the first rows of two tables that differ, as text; none where they are equal."""
    if len(then) != len(now) or list(then) != list(now):
        return (f"then {len(then):,} rows of {len(then.columns)} columns, now {len(now):,} of {len(now.columns)}",)
    differ = then.compare(now, result_names=("then", "now"))
    if differ.empty:
        return ()
    keys = [name for name in ROW if name in then]
    named = then.loc[differ.index, keys].astype(str).agg(", ".join, axis=1) if keys else differ.index.astype(str)
    shown = [
        f"{name}: " + "; ".join(f"{column} then {row[column, 'then']}, now {row[column, 'now']}" for column in columns)
        for name, (_, row) in zip(named[:MOST_ROWS], differ.head(MOST_ROWS).iterrows(), strict=True)
        for columns in [[one for one in dict.fromkeys(differ.columns.get_level_values(0)) if not _alike(row, one)]]
    ]
    more = len(differ) - len(shown)
    return (*shown, *((f"and {more:,} rows more",) if more else ()))


def _alike(row: Any, column: str) -> bool:
    then, now = row[column, "then"], row[column, "now"]
    return bool(then == now or (then != then and now != now))


def sample(source: Source, design: Design, count: int, *, simulate: Simulate = simulate_model) -> Iterator[Held]:
    """Make some draws again and hold each against the values in the folder; which ones, nobody picks."""
    values = source.sweep.values  # noqa: PD011
    digest = source.files.get(CSV, design.plan.id)
    done = sorted({int(draw) for draw in values["draw"].unique()})
    if not done:
        raise InputError.one(str(source.folder), "no run has finished; nothing can be made again")
    lucky = sorted(done, key=lambda draw: hashlib.sha256(f"{digest} {draw}".encode()).digest())
    for draw in sorted(lucky[:count]):
        yield _draw_held(values[values["draw"] == draw], design, draw, simulate)


def _draw_held(then: pd.DataFrame, design: Design, draw: int, simulate: Simulate) -> Held:
    import pandas as pd

    frames = [
        rows_of(part_of(design.plan, Task.of(design, chunk, simulate)()), VALUES).to_pandas()
        for chunk in design.chunks
        if chunk.draw == draw
    ]
    now = pd.concat(frames, ignore_index=True)
    plain = [frame.astype({"value": float}).astype({c: str for c in frame if c != "value"}) for frame in (then, now)]
    rows = unlike(*(frame.reset_index(drop=True) for frame in plain))
    return Held(f"draw {draw}: {len(now):,} values of {now['scenario'].nunique()} scenarios", not rows, rows)


APART: Final = frozenset({"claim_id", "recipe", "exploratory", "title_chosen_by_the_user", "shown_too", "as_of", "run"})
"""Parts of a card that do not come of the results."""


def card_held(said: Mapping[str, Any], made: Path) -> list[Held]:
    """Return whether a card says what comes of its results when they are made again in the folder ``made``.

    That the same table comes of a recipe says nothing of the sentence above it: so the claim is made anew.
    """
    from transitionsim.claims.bundle import bundle
    from transitionsim.claims.card import card
    from transitionsim.claims.language import language
    from transitionsim.claims.source import read_source

    with damaged("card"):
        words = language(str(said["language"]))
        quantity = said["quantity"]
        found = bundle(
            read_source(made), words, outcome=str(quantity["outcome"]), horizon=int(quantity["horizon"]),
            scenario=str(said["contrast"]["scenario"]["name"]),
        )  # fmt: skip
        again = card(found.source, found.claim, words, recipe=recipe_of(found.source))
    keys = [key for key in again if key not in APART and not key.startswith(("purpose", "patterns"))]
    other = [key for key in keys if said.get(key) != again[key]]
    fits = ", ".join(key.replace("_", " ") for key in keys if key not in other)
    rows = [Held(f"the card's {key.replace('_', ' ')}", False, (f"the card: {said.get(key)}"[:300],)) for key in other]
    return [Held(f"the card's {fits}", True), *rows]
