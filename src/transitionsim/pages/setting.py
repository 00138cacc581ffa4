"""Templates of pages, in which every value is escaped unless it is our own style."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES: Final = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Return the environment of the templates: values are escaped, a name that is not there is an error."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )


def style(name: str) -> str:
    """Return a style sheet of ours."""
    return (TEMPLATES / name).read_text(encoding="utf-8")
