"""A real browser, headless: Debian's chromium through Playwright; skipped with the reason where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no chromium on this machine; `make browser` installs Debian's where it can")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as begun:
        found = begun.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a file at a width, and fails at the end if the page wrote an error or asked for anything outside."""
    contexts, faults = [], []

    def watch(request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            faults.append(f"asked for {request.url}")

    def open_page(path: Path, size: dict[str, int] = WIDE, link: str = "") -> Any:
        context = browser.new_context(viewport=size)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", watch)
        page.goto(path.as_uri() + link)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, faults


CONTRAST = """() => {
  const light = (colour) => {
    const part = colour.match(/[\\d.]+/g).map(Number);
    const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = part.slice(0, 3).map((v) => linear(v / 255));
    return { value: 0.2126 * r + 0.7152 * g + 0.0722 * b, clear: part.length === 4 && part[3] === 0 };
  };
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const found = light(getComputedStyle(one).backgroundColor);
      if (!found.clear) return found.value;
    }
    return 1;
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.getClientRects().length || node.closest("svg")) continue;
    const style = getComputedStyle(node);
    const text = light(style.color).value;
    const ground = behind(node);
    const ratio = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) poor.push([node.tagName, node.textContent.trim().slice(0, 40), ratio.toFixed(2)]);
  }
  return poor;
}"""
"""Texts with less contrast to what lies behind them than level AA of the guidelines asks for (WCAG 2.1, 1.4.3)."""

REACHED = """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility()).length"""


PLACE = "() => [...document.querySelectorAll('*')].indexOf(document.activeElement)"
BODY = "() => [...document.querySelectorAll('*')].indexOf(document.body)"


def reached_by_keyboard(page: Any) -> tuple[int, int]:
    """How many controls the Tab key reaches, and how many there are."""
    there = page.evaluate(REACHED)
    seen = set()
    for _ in range(there + 5):
        page.keyboard.press("Tab")
        seen.add(page.evaluate(PLACE))
    return len(seen - {page.evaluate(BODY), -1}), there


def too_wide(page: Any) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
