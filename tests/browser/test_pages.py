"""Pages in a real browser: no error, nothing from outside, sliders that move what is shown, text that can be read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))

import claimed
import fake_sweep

from tests.browser.conftest import CONTRAST, NARROW, WIDE, reached_by_keyboard, too_wide
from transitionsim.claims.refusals import Refusal
from transitionsim.experiments.plan import Effect
from transitionsim.pages.explorer import explorer_html
from transitionsim.pages.html import report_html
from transitionsim.pages.report import report

EVIL = "<script>alert(1)</script>"
MARKS = "all => all.map(one => one.outerHTML)"
PHONE = {"width": 390, "height": 844}
SIDEWAYS = """() => [...document.querySelectorAll('.wide')].filter((one) => one.querySelector('table'))
  .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.getAttribute('aria-labelledby'))"""
"""Tables that have to be moved sideways to be read."""
BARS = """() => ({ bars: document.querySelectorAll("#chart rect[opacity='0.4']").length,
  points: document.querySelectorAll('#chart circle').length })"""
PACES, MONEY = (0.5, 1.0, 1.5), (0, 20_000_000)


def grid(*, without: tuple[str, ...] = (), name: str = "funding"):
    """A sweep of two levers in which each point has a difference of its own."""
    points = {
        f"pace={pace}, {name}={euros}": {"pace": pace, name: euros}
        for pace in PACES
        for euros in MONEY
        if f"pace={pace}, {name}={euros}" not in without
    }

    def formula(arm, draw, outcome, year):
        levers = arm.levers or {"pace": 1.0, name: 0}
        return 1000 + 400 * (levers["pace"] - 1) - levers[name] / 1e5 + fake_sweep.noise(draw.number, arm.point + 9)

    sweep = fake_sweep.sweep(
        formula, arms=fake_sweep.arms(levers=points), draws=fake_sweep.draws(12, 2),
        indicators=("involuntary_losses", "posts_lost"), horizons=(2035, 2040), design="grid",
        effect=Effect("involuntary_losses", 100.0, "persons"),
    )  # fmt: skip
    return claimed.source_of(sweep)


@pytest.fixture
def explorer(tmp_path: Path):
    def write(source) -> Path:
        path = tmp_path / "explore.html"
        path.write_text(explorer_html(source), encoding="utf-8")
        return path

    return write


def slide(page, lever: str, place: int) -> None:
    slider = page.get_by_label(lever, exact=False).first
    slider.focus()
    page.keyboard.press("Home")
    for _ in range(place):
        page.keyboard.press("ArrowRight")


def test_sliders_move_the_stored_difference_and_the_chart(opened, explorer) -> None:
    page = opened(explorer(grid()))
    assert "pace=0.5, funding=0" in page.inner_text("#point")
    before = (
        page.inner_text("#result"),
        page.locator("#chart circle").evaluate_all("all => all.map(one => one.outerHTML)"),
    )
    assert before[0].startswith("−200 persons (nine draws of ten ")
    slide(page, "pace", 2)
    assert "pace=1.5, funding=0" in page.inner_text("#point")
    assert page.inner_text("#result").startswith("200 persons (nine draws of ten ")
    slide(page, "funding", 1)
    assert "pace=1.5, funding=20000000" in page.inner_text("#point")
    assert page.inner_text("#result").startswith("0 persons")
    assert page.locator("#chart circle").evaluate_all(MARKS) != before
    assert page.locator("#chart circle").count() == len(MONEY), "the points along the lever that was moved"


def test_the_link_holds_what_is_shown(opened, explorer) -> None:
    path = explorer(grid())
    page = opened(path)
    slide(page, "pace", 1)
    page.select_option("#outcome", label="posts lost, at the end")
    link = page.evaluate("() => location.hash")
    assert "pace=1" in link
    again = opened(path, link=link)
    assert again.inner_text("#point") == page.inner_text("#point")
    assert again.inner_text("#result") == page.inner_text("#result")
    odd = opened(path, link="#pace=7&nonsense=1&horizon=2040")
    assert "Not known here and left out" in odd.inner_text("#notice")


def test_a_point_that_was_not_run_is_never_made_up(opened, explorer) -> None:
    page = opened(explorer(grid(without=("pace=1.5, funding=20000000",))))
    slide(page, "pace", 2)
    slide(page, "funding", 1)
    assert "The nearest stored point is shown" in page.inner_text("#notice")
    assert "pace=1.5, funding=20000000" not in page.inner_text("#point")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desktop", "phone"])
def test_the_explorer_can_be_read_and_reached(opened, explorer, size) -> None:
    page = opened(explorer(grid()), size)
    assert page.evaluate(CONTRAST) == []
    assert too_wide(page) <= 0
    reached, there = reached_by_keyboard(page)
    assert reached == there > 5


def test_a_lever_that_is_called_like_markup_is_text(opened, explorer) -> None:
    page = opened(explorer(grid(name=EVIL)))
    assert EVIL in page.inner_text("#levers")
    assert page.locator("script").count() == 2, "our data and our script"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desktop", "phone"])
@pytest.mark.parametrize("lang", ["en", "de"])
def test_the_report_can_be_read_and_reached(opened, tmp_path: Path, size, lang: str) -> None:
    found = claimed.claimed(claimed.comparison(tmp_path / "demo", draws=4, names=("fast", EVIL)), lang=lang)
    made = report(found, (Refusal("few-seeds", "4 different seeds stand behind it", "take more"),))
    path = tmp_path / "report.html"
    path.write_text(report_html(made.page, made.chart, made.card), encoding="utf-8")
    page = opened(path, size)
    assert page.evaluate(CONTRAST) == []
    assert too_wide(page) <= 0
    reached, there = reached_by_keyboard(page)
    assert reached == there > 5
    assert page.locator("script").count() == 0
    assert EVIL in page.inner_text("main")


def test_tables_of_the_report_stack_on_a_phone(opened, tmp_path: Path) -> None:
    made = report(claimed.claimed(claimed.comparison(tmp_path / "demo", draws=4)), ())
    path = tmp_path / "report.html"
    path.write_text(report_html(made.page, made.chart, made.card), encoding="utf-8")
    page = opened(path, PHONE)
    assert page.evaluate(SIDEWAYS) == []
    cell = page.locator("[aria-labelledby=ledger] tbody td").nth(2)
    shown = cell.evaluate("one => getComputedStyle(one, '::before').content")
    assert made.page["labels"]["ledger_columns"][3] in shown
    first, second = (page.locator("[aria-labelledby=ledger] tbody td").nth(n).bounding_box() for n in (0, 1))
    assert second["y"] >= first["y"] + first["height"] - 1, "one below the other"
    wide = opened(path)
    first, second = (wide.locator("[aria-labelledby=ledger] tbody td").nth(n).bounding_box() for n in (0, 1))
    assert second["y"] == first["y"], "side by side where there is room"


def test_the_bar_of_the_explorer_is_the_total_interval(opened, explorer) -> None:
    page = opened(explorer(grid()))
    shown = page.evaluate(BARS)
    assert shown["bars"] == shown["points"] == len(PACES)
    assert "Nine draws of ten" in page.locator("thead th").nth(2).inner_text()


def test_the_table_of_the_explorer_stacks_on_a_phone(opened, explorer) -> None:
    path = explorer(grid())
    page = opened(path, PHONE)
    assert page.evaluate(SIDEWAYS) == []
    assert page.evaluate(CONTRAST) == []
    cells = page.locator("#table tr").first.locator("td")
    shown = cells.nth(1).evaluate("one => getComputedStyle(one, '::before').content")
    assert "Nine draws of ten" in shown
    assert cells.nth(1).bounding_box()["y"] > cells.nth(0).bounding_box()["y"]
    assert page.get_by_role("cell").count() == 2 * 5, "a stacked table is a table still"
