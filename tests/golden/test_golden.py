"""Every shipped scenario gives the numbers it gave when its golden table was written."""

from __future__ import annotations

import json

import pytest

from tests.golden.reference import FILE, RUNS, digests
from tests.golden.write import FOLDER, SHIPPED, golden_table


@pytest.mark.parametrize("name", SHIPPED)
def test_the_numbers_have_not_changed(name: str) -> None:
    kept = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    assert golden_table(name) == kept, "numbers changed: `make golden`, and a line under 'Numbers change'"


@pytest.mark.parametrize("name", RUNS)
def test_every_row_is_what_it_was(name: str) -> None:
    assert digests(name) == json.loads(FILE.read_text(encoding="utf-8"))[name]
