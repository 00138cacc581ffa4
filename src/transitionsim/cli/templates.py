"""Files that a user starts from: a rule of their own and its test."""

from __future__ import annotations

import keyword
from importlib import resources
from pathlib import Path

from transitionsim.errors import InputError, Mistake


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
    for path, template in texts.items():
        text = resources.files("transitionsim").joinpath("templates", template).read_text(encoding="utf-8")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.format(name=name), encoding="utf-8")
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise InputError.one(str(path), f"cannot be written: {reason}") from None
    rule, test = texts
    return rule, test
