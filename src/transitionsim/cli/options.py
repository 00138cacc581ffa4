"""Options that several commands have, and what they must be."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from transitionsim.errors import InputError

Setting = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one value, in all scenarios; may be repeated."),
]
Rules = Annotated[
    list[Path] | None,
    typer.Option("--rules", metavar="FILE", help="Python file with rules of your own; may be repeated."),
]
AllowCode = Annotated[bool, typer.Option("--allow-code", help="Allow the code in --rules to be executed.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results.")]
Replace = Annotated[bool, typer.Option("--replace", help="Put new results in the place of earlier ones.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
PanelOf = Annotated[
    str | None,
    typer.Option("--panel", metavar="SIZE", help="Follow 1% of all persons, or 500, into panel.parquet."),
]
Processes = Annotated[
    int | None, typer.Option("--processes", metavar="N", help="Processes to run on. Default: all cores.")
]
OnCluster = Annotated[
    str | None, typer.Option("--cluster", metavar="local|ADDRESS", help="Run on a Dask cluster instead.")
]
UntilPrecision = Annotated[
    str | None,
    typer.Option("--until-precision", metavar="P%", help="Stop when differences are known to so many percent."),
]


def at_least_one(option: str, count: int | None) -> None:
    """Refuse a count below one."""
    if count is not None and count < 1:
        raise InputError.one(option, f"found {count}, at least 1 is needed")


def share_of(text: str | None) -> float | None:
    """Return a precision such as ``2%`` as a share."""
    if text is None:
        return None
    number = text.strip().removesuffix("%")
    try:
        share = float(number) / (100.0 if text.strip().endswith("%") else 1.0)
    except ValueError:
        share = 0.0
    if not 0.0 < share < 1.0:
        raise InputError.one("--until-precision", f"found '{text}'; a share between 0 and 100 % is needed, such as 2%")
    return share
