"""Commands that say what a sweep means: compare with a folder, sensitivity, discover and regret.

Each reads a folder that ``transitionsim sweep`` wrote, prints a table and writes into ``analysis`` within it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from transitionsim import __version__
from transitionsim.cli.runs import document, first_line, say
from transitionsim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from transitionsim.sweeps.contrasts import Measured
    from transitionsim.sweeps.plan import Sweep

PLAN: Final = "plan.json"
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a sweep.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder for table and figure. Default: DIR/analysis.")
]


def is_sweep(name: str) -> bool:
    """Return whether a name is the folder of a sweep."""
    return (Path(name) / PLAN).is_file()


def compare_sweep(folder: Path, out: Path | None, as_json: bool) -> None:
    """Print what every arm of a sweep changes, with intervals, answers and both layers of uncertainty."""
    first_line(f"compare: the sweep in {folder}")
    sweep, found = _measured(folder)
    from transitionsim.sweeps.comparing import compared, lever_matrix
    from transitionsim.sweeps.wording import comparison_text, header, matrix_text

    table = compared(found)
    place = _place(out, folder)
    _write(table, place / "comparison.csv")
    key, horizon = next(iter(found.outcomes)), found.horizons[-1]
    against = table.loc[(table["outcome"] == key) & (table["role"] == "scenario"), "against"]
    matrix = lever_matrix(found, table, key, horizon, against.iloc[-1]) if len(against) else None
    text = ""
    if matrix is not None:
        from transitionsim.sweeps.figures import heat_map

        one = found.outcomes[key]
        title = f"{one.title[:1].upper()}{one.title[1:]}, to {horizon}, against {against.iloc[-1]}"
        text = heat_map(
            matrix.means, place / "comparison.png", title=title, unit=one.unit, foot=_foot(found), step=matrix.step
        )
    if as_json:
        content = {"comparison": table.to_dict("records"), "cannot": dict(found.cannot), "alternative_text": text}
        document({**_about(sweep, found, place), **content})
        return
    blocks = [header(sweep, found), comparison_text(found, table)]
    if matrix is not None:
        blocks.append(matrix_text(matrix.means, f"{title}, mean", matrix.step))
    say("\n\n".join(blocks))
    sys.stderr.write(f"written: {place}\n")


def _measured(folder: Path) -> tuple[Sweep, Measured]:
    """Return a sweep and its outcomes; a sweep of which nothing can be said is a mistake."""
    from transitionsim.sweeps.contrasts import measured
    from transitionsim.sweeps.reading import read_sweep

    sweep = read_sweep(folder)
    found = measured(sweep)
    if not found.outcomes:
        reasons = "; ".join(f"{key}: {why}" for key, why in found.cannot.items())
        raise InputError.one(str(folder), f"no outcome can be made of the values kept: {reasons}")
    return sweep, found


def _place(out: Path | None, folder: Path) -> Path:
    """Return the folder to write into, made if needed."""
    place = out or folder / "analysis"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError.one("--out", f"cannot write to {place}: {reason}") from None
    return place


def _write(table: pd.DataFrame, path: Path) -> None:
    from transitionsim.experiments.store import write_csv

    try:
        write_csv(table, path)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError.one("--out", f"cannot write {path}: {reason}") from None


def _foot(found: Measured) -> str:
    plan = found.plan
    inputs = len(set(found.inputs.values()))
    return (
        f"{plan.question} Means of paired differences over {len(plan.draws)} draws ({inputs} of inputs), which hold "
        f"{found.interval_holds}. Region {plan.region}, sweep {plan.id}."
    )


def _about(sweep: Sweep, found: Measured, place: Path) -> dict[str, Any]:
    from transitionsim.report.sentence import CAVEAT
    from transitionsim.sweeps.wording import facts

    return {
        "transitionsim": __version__,
        "caveat": CAVEAT,
        "id": sweep.plan.id,
        "complete": sweep.complete,
        "failed": len(sweep.failures),
        "header": dict(facts(sweep, found)),
        "folder": str(place),
    }
