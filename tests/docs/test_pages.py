"""Every command and every block of Python in the documentation runs and prints what the page shows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.docs.blocks import PAGES, ROOT, blocks, call, commands, compare, run_page

MUST_RUN = ("README.md", "docs/tutorials/first-results.md", "docs/tutorials/first-rule.md")
RUN = tuple(page for page in PAGES if (ROOT / page).exists() and any(blocks(page)))


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: Any) -> Path:
    """Work in an empty folder, at one process, so that no page depends on what lies around."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", RUN)
def test_a_page_runs(page: str, in_folder: Path, monkeypatch: Any) -> None:
    assert run_page(page, monkeypatch) > 0 or page not in MUST_RUN
    assert not Path("never").exists(), "a refused run left a folder"


def test_the_pages_that_must_run_do() -> None:
    assert set(MUST_RUN) <= set(RUN)


def test_a_breakpoint_stops_in_the_tutorial_s_rule(in_folder: Path, monkeypatch: Any) -> None:
    """The page says: put ``breakpoint()`` in place of the ``print`` line."""
    block = next(b for b in blocks("docs/tutorials/first-rule.md") if b.mark("file") == "looking.py")
    lines = block.text.splitlines()
    lines = [line[: len(line) - len(line.lstrip())] + "breakpoint()" if "print(" in line else line for line in lines]
    Path("looking.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    stops: list[bool] = []
    monkeypatch.setattr(sys, "breakpointhook", lambda *_, **__: stops.append(True))
    monkeypatch.setenv("TRANSITIONSIM_INTERPRET", "1")
    where = ("--set", "persons_per_agent=1000", "--set", "months=60", "--out", "stopped")
    code, said = call(("run", "current-policy", "--rules", "looking.py", "--allow-code", *where))
    assert code == 0, said
    assert stops


def test_every_command_that_a_page_names_exists() -> None:
    """Commands and options stand in ``--help``."""
    wrong = []
    helps: dict[str, str] = {}
    for page in PAGES:
        if not (ROOT / page).exists():
            continue
        for block in (b for b in blocks(page) if b.language == "console"):
            for command in commands(block):
                if command.words[0] != "transitionsim" or len(command.words) < 2:
                    continue
                name = command.words[1]
                if name.startswith("-"):
                    continue
                path = tuple(command.words[1 : 3 if name in ("analyse", "validate", "new") else 2])
                name = " ".join(path)
                if name not in helps:
                    code, text = call((*path, "--help"))
                    helps[name] = text if code == 0 else ""
                wrong += [
                    f"{block}: {name} {word}"
                    for word in command.words[1 + len(path) :]
                    if word.startswith("--") and word.partition("=")[0] not in helps[name]
                ]
                if not helps[name]:
                    wrong.append(f"{block}: {name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\n...\nc", "a\nb\nb\nc\n", True),
        ("a\n...\nc", "a\nc\n", True),
        ("a\n...", "a\n", True),
        ("a ... c", "a b c\n", True),
        ("a\nc", "a\nb\nc\n", False),
        ("a.c", "abc\n", False),
    ],
)
def test_dots_stand_for_anything(shown: str, printed: str, same: bool) -> None:
    if same:
        compare(shown, printed, "here")
    else:
        with pytest.raises(AssertionError):
            compare(shown, printed, "here")
