"""Starts on disk give the same run as starts just made, and damaged ones are made again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from transitionsim import entering as module
from transitionsim import starts
from transitionsim.folders import cache_folder
from transitionsim.model import TransitionModel


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder for starts, and forget those in the process."""
    monkeypatch.setattr(starts, "cache_folder", lambda *parts: _made(tmp_path.joinpath(*parts)))
    monkeypatch.setattr(module, "_starts", type(module._starts)())
    return tmp_path


def _made(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def test_a_kept_start_gives_the_same_run(small: Any, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = TransitionModel(small("fast"), rng=21).run().digest()
    (kept,) = (own_cache / "starts").iterdir()
    module._starts.clear()
    monkeypatch.setattr(module, "burnt_in", lambda *_: pytest.fail("the kept start was not used"))
    assert TransitionModel(small("fast"), rng=21).run().digest() == fresh
    assert kept.exists()


def test_a_damaged_start_is_made_again(small: Any, own_cache: Path) -> None:
    fresh = TransitionModel(small("fast"), rng=22).run().digest()
    (kept,) = (own_cache / "starts").iterdir()
    kept.write_bytes(kept.read_bytes()[:-100])
    module._starts.clear()
    assert TransitionModel(small("fast"), rng=22).run().digest() == fresh


def test_the_oldest_starts_go_first(small: Any, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starts, "LIMIT", 1_000_000)
    for seed in (23, 24, 25):
        TransitionModel(small("fast", months=1), rng=seed)
    assert sum(path.stat().st_size for path in (own_cache / "starts").iterdir()) <= 1_000_000


def test_a_folder_that_cannot_be_written_does_not_stop_a_run(
    small: Any, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: str) -> Path:
        raise PermissionError("read-only")

    monkeypatch.setattr(starts, "cache_folder", refuse)
    assert TransitionModel(small("fast", months=2), rng=26).run().month == 2
    assert cache_folder("starts").exists()
