"""Files that a user starts from: a rule of their own and its test."""

from __future__ import annotations

import keyword
from importlib import resources
from pathlib import Path

from transitionsim.errors import InputError, Mistake
from transitionsim.files import write_whole


def write_rule(name: str, folder: Path) -> tuple[Path, Path]:
    """Write ``NAME.py`` with a rule and ``test_NAME.py`` with its test; return both paths.

    Raises :class:`InputError` when NAME is no Python name, a file is there already or cannot be written.
    """
    if not (name.isascii() and name.isidentifier()) or keyword.iskeyword(name) or name.startswith("_"):
        raise InputError.one("NAME", f"'{name}' is not a Python name; letters, digits and _ are allowed")
    texts = {folder / f"{name}.py": "rule.py.txt", folder / f"test_{name}.py": "test_rule.py.txt"}
    there = [Mistake(str(path), None, "exists already; it is left as it is") for path in texts if path.exists()]
    if there:
        raise InputError(there)
    templates = resources.files("transitionsim").joinpath("templates")
    made = {path: templates.joinpath(one).read_text(encoding="utf-8").format(name=name) for path, one in texts.items()}
    write_whole({path: text.encode() for path, text in made.items()}, "NAME")
    rule, test = texts
    return rule, test
