"""The tables of the documentation are those of the code, its links lead somewhere, its claims still hold."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.docs.blocks import PAGES, ROOT, call
from tests.docs.evidence_tables import RECORDS
from tests.docs.write_tables import PLACE, TABLES, with_tables
from transitionsim.policies import kinds as policy_kinds
from transitionsim.regions import base_register
from transitionsim.regions.employers import make_firms
from transitionsim.regions.start import synthesise
from transitionsim.road import flat_road
from transitionsim.scenario import load_scenario
from transitionsim.scenario.demand import Demand
from transitionsim.scenario.schema import Mechanisms

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
THERE = tuple(page for page in PAGES if (ROOT / page).exists())


def _text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", THERE)
def test_tables_are_those_of_the_code(page: str) -> None:
    assert _text(page) == with_tables(_text(page)), "the code has moved on: python -m tests.docs.write_tables"


def test_the_odd_page_has_its_seven_headings_and_tables() -> None:
    text = _text("docs/odd.md")
    found = re.findall(r"^## (\d)\. (.+)$", text, re.MULTILINE)
    titles = (
        "Purpose and patterns",
        "Entities, state variables and scales",
        "Process overview and scheduling",
        "Design concepts",
        "Initialization",
        "Input data",
        "Submodels",
    )
    assert found == [(str(place), title) for place, title in enumerate(titles, start=1)]
    of_calibration = {"fitted-values", "fitted-targets", "recovery", "recovery-in-short", "columns-seen"}
    of_other_pages = {
        "regions",
        "swept",
        "indicators",
        "not-modelled",
        "experiments",
        "limits",
        *of_calibration,
        *RECORDS,
    }
    assert {place[1] for place in PLACE.findall(text)} == set(TABLES) - (of_other_pages - {"decisions"})


def test_the_odd_page_describes_every_step_of_the_month() -> None:
    from transitionsim.month import MONTH
    from transitionsim.plugins import name_of

    submodels = _text("docs/odd.md").split("## 7. Submodels")[1]
    headings = " ".join(line for line in submodels.splitlines() if line.startswith("### "))
    missing = [name_of(step) for part in MONTH for step in part.steps if f"`{name_of(step)}`" not in headings]
    assert not missing, missing


def test_the_odd_page_names_only_parameters_that_exist() -> None:
    """A name of two parts in code quotes whose first part is a theme is a key, perhaps with a star."""
    keys = {*base_register(), *(f"demand.{name}" for name in Demand.model_fields)}
    themes = {key.partition(".")[0] for key in keys if "." in key} - {"region"}
    wrong = []
    for page in THERE:
        for name in re.findall(r"`([a-z_]+\.[a-z0-9_*]+)`", _text(page)):
            theme, _, rest = name.partition(".")
            if theme in themes and not any(key.startswith(name.removesuffix("*")) for key in keys):
                wrong.append(f"{page}: {name}")
            assert rest
    assert not wrong, wrong


def test_every_switch_and_every_kind_of_policy_is_named() -> None:
    """Switches stand in ODD section 3, kinds of policies in the README and beside a step of the month."""
    overview = _text("docs/odd.md").split("## 3. ")[1].split("## 4. ")[0]
    assert [name for name in Mechanisms.model_fields if f"`{name}`" not in overview] == []
    headings = " ".join(line for line in _text("docs/odd.md").splitlines() if line.startswith("### "))
    for kind in policy_kinds():
        assert f"`{kind}`" in _text("docs/model.md"), kind
        assert f"(policy `{kind}`)" in headings, kind


def test_patterns_name_tests_that_exist() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", _text("docs/odd.md"))
    assert len(named) >= 8
    for file, test in named:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{file}::{test}"


@pytest.mark.parametrize("page", THERE)
def test_links_lead_somewhere(page: str) -> None:
    for link in LINK.findall(_text(page)):
        if link.startswith("https://"):
            continue
        target, _, anchor = link.partition("#")
        place = (ROOT / page).parent / target if target else ROOT / page
        assert place.exists(), f"{page}: {link}"
        if anchor:
            assert anchor in _anchors(place), f"{page}: {link}"


def _anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", title.lower()) for title in titles)
    return {title.replace(" ", "-") for title in plain}


def test_commands_in_the_text_exist() -> None:
    _, text = call(("--help",))
    names = set(re.findall(r"^  ([a-z-]+) ", text, re.MULTILINE))
    for page in THERE:
        for name in re.findall(r"`transitionsim ([a-z-]+)", _text(page)):
            assert name in names or name.startswith("-"), f"{page}: transitionsim {name}"


def test_the_suppliers_left_at_coarse_scales_are_those_named() -> None:
    """ODD section 2 and README: in Navarra four suppliers at 50 persons to a record, one from 100 on."""
    scenario = load_scenario("no-transition")
    region, register = scenario.load_region(), scenario.register()
    left = {}
    for scale in (50, 100, 1000):
        firms = make_firms(region, register, scale, 1)
        left[scale] = int(((firms.tier > 0) & (firms.sector == 0)).sum())
    assert left == {50: 4, 100: 1, 1000: 1}, "docs/odd.md, README.md and the tutorial say otherwise"


def test_what_labour_content_acts_on_is_what_the_page_says() -> None:
    """ODD section 7, Orders: the reading moves the hours of electric sets, and no post at the start."""
    hours, posts = {}, {}
    for reading in ("less", "more"):
        scenario = load_scenario("current-policy").with_values({"persons_per_agent": 5, "labour_content": reading})
        register = scenario.register()
        road = flat_road(scenario, register, scenario.load_region().plant_names)
        state = synthesise(scenario, register, 1, road)
        hours[reading], posts[reading] = state.orders.network.hours, state.employers["posts"].sum()
    made = (hours["less"] > 0) & (hours["more"] > 0)
    assert (hours["more"][made] > hours["less"][made]).any()
    assert posts["less"] == posts["more"]
