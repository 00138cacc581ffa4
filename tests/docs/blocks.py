"""Fenced blocks of a Markdown page, and how each is run.

A block opens with three backticks, a language and perhaps a mark::

    python file=my_rules.py    written to a file of that name in the folder of the page
    python                     run, all such blocks of a page in one namespace; what it prints is compared with
                               the ``text`` block right behind it, if one is marked ``printed``
    console                    lines that begin with ``$`` are run, the lines below one are what it prints;
                               ``exit=2`` says how it ends (0 if nothing is said)
    text printed               what the Python block above prints
    anything skip              not run

In what is printed, a line ``...`` stands for any lines, and ``...`` within a line for any text. A command may
begin with settings of the environment such as ``TRANSITIONSIM_INTERPRET=1``. Commands are run in this process.
"""

from __future__ import annotations

import importlib.util
import io
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "README.md",
    "docs/odd.md",
    "docs/index.md",
    "docs/regions.md",
    "docs/indicators.md",
    "docs/calibration.md",
    "docs/checks.md",
    "docs/limits.md",
    "docs/sweeps.md",
    "docs/analysing.md",
    "docs/reporting.md",
    "docs/checking.md",
    "docs/sweeping.md",
    "docs/replications.md",
    "docs/studies.md",
    "docs/validation.md",
    "docs/assumptions.md",
    "docs/facts.md",
    "docs/promises.md",
    "docs/model.md",
    "docs/tutorials/first-results.md",
    "docs/tutorials/first-rule.md",
    "CHANGELOG.md",
)
COMMAND = "transitionsim"
_SETTING = re.compile(r"[A-Z_]+=\S*")


@dataclass(frozen=True)
class Block:
    """One fenced block: its page, its first line, its language, its marks and its text."""

    page: str
    line: int
    language: str
    marks: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    def mark(self, name: str) -> str | None:
        """Return the value of a mark ``name=value``, or nothing."""
        found = (mark.partition("=")[2] for mark in self.marks if mark.startswith(f"{name}="))
        return next(found, None)


def blocks(page: str) -> list[Block]:
    """Return the fenced blocks of a page in their order."""
    found: list[Block] = []
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    opened: tuple[int, list[str]] | None = None
    for number, line in enumerate(lines, start=1):
        if not line.startswith("```"):
            continue
        if opened is None:
            opened = number, line[3:].split()
            continue
        start, words = opened
        text = "\n".join(lines[start : number - 1]) + "\n"
        found.append(Block(page, start, words[0] if words else "", tuple(words[1:]), text))
        opened = None
    assert opened is None, f"{page}:{opened[0] if opened else 0}: the block is not closed"
    return found


@dataclass(frozen=True)
class Command:
    """A line of a console block and what it prints, as the page has it."""

    words: tuple[str, ...]
    settings: dict[str, str]
    printed: str
    line: int


def commands(block: Block) -> Iterator[Command]:
    """Yield the commands of a console block."""
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(block.text.splitlines(), start=block.line + 1):
        if line.startswith("$ "):
            found.append((number, line[2:], []))
        elif found and found[-1][1].endswith("\\"):
            found[-1] = (found[-1][0], found[-1][1][:-1] + line.strip(), found[-1][2])
        elif found:
            found[-1][2].append(line)
    for number, text, printed in found:
        words = shlex.split(text, comments=True)
        settings = []
        while words and _SETTING.fullmatch(words[0]):
            settings.append(words.pop(0))
        yield Command(tuple(words), dict(setting.split("=", 1) for setting in settings), "\n".join(printed), number)


def run_page(page: str, monkeypatch: Any) -> int:
    """Run all blocks of a page in the working folder; return how many commands and blocks were run."""
    space: dict[str, Any] = {"__name__": "__docs__"}
    run = 0
    last: str | None = None
    for block in blocks(page):
        if "skip" in block.marks:
            continue
        if block.language == "python" and (name := block.mark("file")):
            Path(name).write_text(block.text, encoding="utf-8")
            run += 1
        elif block.language == "python":
            last = _run_python(block, space)
            run += 1
        elif block.language == "text" and "printed" in block.marks:
            assert last is not None, f"{block}: nothing was run above"
            compare(block.text, last, str(block))
        elif block.language == "console":
            for command in commands(block):
                _run_command(block, command, monkeypatch)
                run += 1
    return run


def _run_python(block: Block, space: dict[str, Any]) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile("\n" * block.line + block.text, str(ROOT / block.page), "exec"), space)
    return out.getvalue()


def _run_command(block: Block, command: Command, monkeypatch: Any) -> None:
    where = f"{block.page}:{command.line}"
    if command.words[0] == "cat":
        compare(command.printed, Path(command.words[1]).read_text(encoding="utf-8"), where)
        return
    if command.words[:3] == ("python", "-m", "pytest"):
        code, said = _run_tests(Path(command.words[-1]))
    else:
        assert command.words[0] == COMMAND, f"{where}: the runner does not know {command.words[0]}"
        with monkeypatch.context() as patch:
            for name, value in command.settings.items():
                patch.setenv(name, value)
            code, said = call(_alone(command.words[1:]))
    wanted = int(block.mark("exit") or 0)
    assert code == wanted, f"{where}: exit code {code}, {wanted} expected\n{said}"
    if command.printed.strip():
        compare(command.printed, said, where)


def _run_tests(file: Path) -> tuple[int, str]:
    """Call the tests of a file in this process, which has the package loaded; return what pytest would say."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tests = [value for name, value in vars(module).items() if name.startswith("test_")]
    for test in tests:
        test()
    return 0, f"{len(tests)} passed in 1.00s"


def _alone(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command that simulates in this process only; the number of processes changes no result."""
    return (*words, "--processes", "1") if words[0] in ("run", "compare") else words


def call(words: tuple[str, ...]) -> tuple[int, str]:
    """Run the command line in this process; return its exit code and all it prints, errors last."""
    from transitionsim.cli import main

    out, errors = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(errors):
            main(list(words))
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue() + errors.getvalue()
    return 0, out.getvalue() + errors.getvalue()


def compare(shown: str, printed: str, where: str) -> None:
    """Refuse what is printed otherwise than the page shows; ``...`` stands for anything."""
    pattern = ""
    any_lines, any_text = "(?:[^\n]*\n)*", "[^\n]*"
    for line in shown.strip("\n").splitlines():
        part = any_text.join(map(re.escape, line.rstrip().split("..."))) + "\n"
        pattern += any_lines if line.strip() == "..." else part
    text = "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").splitlines())
    assert re.fullmatch(pattern, text), f"{where}: printed is\n{text}\nthe page shows\n{shown}"
