"""The example that the README shows is what it says: whole, citable, and of the commit that its card names."""

from __future__ import annotations

import json
import re

import pytest

from tests.docs.blocks import ROOT
from transitionsim.claims.card import read_card
from transitionsim.claims.reproduce import unpacked

FOLDER = ROOT / "docs" / "example-report"


@pytest.fixture(scope="module")
def card() -> dict:
    return read_card(FOLDER / "claim.yaml")


def test_the_page_shows_what_the_card_says(card) -> None:
    page = (FOLDER / "report.html").read_text(encoding="utf-8")
    assert card["claim_id"] in page
    assert card["statement"] in page
    assert "exploratory" not in card
    assert card["claim_id"].encode() in (FOLDER / "report.png").read_bytes()
    assert (FOLDER / "report.pdf").read_bytes().startswith(b"%PDF")


def test_it_was_made_by_a_commit_without_changes(card) -> None:
    recipe = unpacked(card["recipe"], "the example")
    assert re.fullmatch("[0-9a-f]{40}", recipe["code"]["commit"])
    assert recipe["code"]["dirty"] is False
    assert card["run"]["commit"] == recipe["code"]["commit"]


def test_the_sweep_holds_every_point_and_may_be_cited() -> None:
    page = (FOLDER / "explore.html").read_text(encoding="utf-8")
    content = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S).group(1))
    assert content["warnings"] == []
    assert len(content["points"]) == content["planned"] == 25
    assert {lever["name"] for lever in content["levers"]} == {"pace", "funding"}
