"""The command that runs a published model of others in this engine: validate occupational-mobility."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from transitionsim.cli.options import at_least_one
from transitionsim.cli.output import first_line, say, table
from transitionsim.errors import InputError, nearest

if TYPE_CHECKING:
    from transitionsim.replications.definition import Start, Targets, Trajectory
    from transitionsim.replications.networks import Network

METHODS: Final = ("mean-field", "agents")
FEW_PERSONS: Final = 200_000
"""So many persons are simulated where no scale is given and the inputs hold more."""
MOST_PERSONS: Final = 20_000_000
SHOWN: Final = (0, 99, 222, 599)
"""Steps that are printed: start, before the shock of automation, near its peak, end."""


def occupational_mobility(
    inputs: Annotated[Path, typer.Option("--inputs", metavar="FILE", help="Occupations, as CSV.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Trajectory to write, as CSV.")],
    network: Annotated[
        str, typer.Option("--network", metavar="NETWORK", help="complete, loop:R, ring:R or a matrix, as CSV.")
    ] = "complete",
    shock: Annotated[str, typer.Option("--shock", metavar="SHOCK", help="none, automation or cycle.")] = "none",
    method: Annotated[str, typer.Option("--method", metavar="METHOD", help="mean-field or agents.")] = "mean-field",
    scale: Annotated[
        float | None,
        typer.Option(
            "--scale",
            metavar="S",
            help=f"Persons simulated for each of the inputs. Default: 1, or less for {FEW_PERSONS:,} in all.",
        ),
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="Seeds of the agents.")] = 10,
) -> None:
    """Run a published model of occupational mobility.

    That of del Rio-Chanona and others (2021), in this engine.
    """
    first_line(f"validate occupational-mobility: {method}, {network}, {shock}")
    from transitionsim.replications.definition import SHOCKS
    from transitionsim.replications.files import write_trajectory, written_whole

    for option, given, allowed in (("--shock", shock, SHOCKS), ("--method", method, METHODS)):
        if given not in allowed:
            raise InputError.one(option, f"'{given}' is unknown{nearest(given, allowed)}")
    at_least_one("--seeds", seeds)
    if scale is not None and not 0.0 < scale < math.inf:
        raise InputError.one("--scale", f"found {scale}, a number above 0 is needed")
    start, targets = _start_and_targets(inputs, shock)
    mobility, read = _network(network, len(start.employed))
    factor = _scale(start, scale) if method == "agents" else 1.0
    with written_whole(out, [inputs, *read]) as file:
        if method == "agents":
            from transitionsim.replications.agents import agents, mean_and_deviation

            runs = [agents(start, targets, mobility, factor, seed) for seed in range(seeds)]
            found: tuple[Trajectory, ...] = mean_and_deviation(runs)
        else:
            from transitionsim.replications.mean_field import mean_field

            found = (mean_field(start, targets, mobility),)
        write_trajectory(file, *found)
    _show(found[0])
    say(f"written: {out}")


def _start_and_targets(inputs: Path, shock: str) -> tuple[Start, Targets]:
    """Return what a file of occupations makes under a shock; notes about the file go to standard error."""
    from transitionsim.replications.definition import Targets, automated, start_of
    from transitionsim.replications.files import read_occupations

    occupations = read_occupations(inputs)
    for note in occupations.notes:
        sys.stderr.write(f"{note}\n")
    start = start_of(occupations.employment)
    if shock != "automation":
        return start, Targets(shock, start.demand, start.demand)
    if not (occupations.employment * (1.0 - occupations.probability)).any():
        raise InputError.one(str(inputs), "auto_prob: every job is automated, which leaves no demand to scale")
    return start, Targets(shock, start.demand, automated(start.demand, occupations.probability))


def _network(text: str, size: int) -> tuple[Network, Sequence[Path]]:
    """Return the network that an option names, and the files it was read from."""
    from transitionsim.replications.files import read_matrix
    from transitionsim.replications.networks import LOOP, RING, complete, loop, of_matrix, ring

    if text == "complete":
        return complete(size), ()
    kind, colon, share = text.partition(":")
    if colon and kind in (LOOP, RING):
        try:
            own = float(share)
        except ValueError:
            own = math.nan
        if not 0.0 <= own <= 1.0:
            raise InputError.one("--network", f"'{text}': a number from 0 to 1 is needed behind '{kind}:'")
        if size == 1 and kind == LOOP and own == 0.0:
            raise InputError.one("--network", f"'{text}': with one occupation its only row would be zero")
        return (loop if kind == LOOP else ring)(size, own), ()
    path = Path(text)
    if not path.exists():
        raise InputError.one("--network", f"'{text}' is no file; allowed are complete, loop:R, ring:R or a matrix file")
    return of_matrix(read_matrix(path, size)), (path,)


def _scale(start: Start, scale: float | None) -> float:
    """Return the scale to simulate at: the one given, if it makes some persons and not too many."""
    persons = float(start.demand.sum())
    if scale is None:
        scale = min(1.0, FEW_PERSONS / persons)
    count = scale * persons
    if count > MOST_PERSONS:
        said = f"{scale:g} makes {count:,.0f} persons; at most {MOST_PERSONS:,} can be simulated"
        raise InputError.one("--scale", f"{said}, a scale of about {MOST_PERSONS / persons:.2g}")
    if round(scale * float(start.employed.sum())) < 1:
        raise InputError.one("--scale", f"{scale:g} of {persons:,.0f} persons makes nobody at work")
    sys.stderr.write(f"scale {scale:.6g}: {count:,.0f} persons\n")
    return scale


def _show(found: Trajectory) -> None:
    """Print a few steps of a trajectory."""
    header = ("t", "unemployment %", "vacancies %", "long-term unemployment %")
    columns = (found.unemployment, found.vacancies, found.long_term)
    table(header, [(t, *(round(float(column[t]), 3) for column in columns)) for t in SHOWN])
