"""Files that a user starts from: new rule."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from transitionsim.cli.output import say


def rule(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the rule, a Python name.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write into.")] = Path(),
) -> None:
    """Write a rule of ten lines and its test."""
    from transitionsim.cli.templates import write_rule

    rule, test = write_rule(name, out)
    say(f"wrote {rule} and {test}")
    say(f"try it:  pytest {test}")
    say(f"         transitionsim run no-transition --set persons_per_agent=50 --rules {rule} --allow-code")
