"""A function takes a part, not twenty arrays: no kernel, step or rule has more than twelve parameters."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "transitionsim"
MOST = 12
COMMANDS = "cli"
"""The folder whose functions are exempt: an option of a command is a parameter."""


def test_no_function_has_more_than_twelve_parameters() -> None:
    long = []
    for path in SOURCE.rglob("*.py"):
        if path.relative_to(SOURCE).parts[0] == COMMANDS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                given = node.args
                count = len([*given.posonlyargs, *given.args, *given.kwonlyargs])
                if count > MOST:
                    long.append(f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}: {count} parameters")
    assert not long, "\n".join(long)
