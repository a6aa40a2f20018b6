"""Each page in both languages and widths: no complaint of the browser, nothing wider than the screen, a picture to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ROOT, Signed, Site, settle
from tests.browser.places import pages

SCREENS = ROOT / "var" / "screens"
AXE = ROOT / "webui" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
HAN = re.compile(r"[\u4e00-\u9fff]")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.long
@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh", 390), ("en", 390)])
def test_every_page_is_shown_whole(signed: Signed, site: Site, language: str, width: int) -> None:
    page = signed(language=language, width=width)
    names = walk(page, site, f"{language}-{width}")
    assert [name for name in names if is_too_wide(page)] == []


@pytest.mark.long
def test_every_page_in_chinese_is_shown_whole_and_passes_axe(signed: Signed, site: Site) -> None:
    page = signed()
    too_wide, found = [], []
    for name in walk(page, site, "zh-1440"):
        too_wide += [name] if is_too_wide(page) else []
        found += [f"{name}: {each}" for each in violations(page)] if AXE.exists() else []
    assert too_wide == []
    assert "\n".join(sorted(set(found))) == ""
    if not AXE.exists():
        pytest.skip("axe-core is not installed; make setup installs it")


def walk(page: Page, site: Site, picture: str) -> Iterator[str]:
    """Open every page and leave a picture of each; it stands there when its name is told."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    for name, path in pages(site.collection).items():
        answer = page.goto(site.url + path)
        assert answer is not None
        assert answer.status == 200, path
        settle(page)
        page.screenshot(path=SCREENS / f"{name}-{picture}.png")
        yield name


def is_too_wide(page: Page) -> bool:
    """Tell whether somebody would have to scroll to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))


def violations(page: Page) -> list[str]:
    """Return what axe complains of, with the place."""
    page.evaluate(AXE.read_text("utf-8"))
    parts = {
        "include": [["main"], ["nav"], ["header"]],
        "exclude": [["#canvas"], ["#properties"], ["[data-diagram]"]],
    }
    result = page.evaluate(
        "([parts, rules]) => axe.run(parts, {runOnly: rules, resultTypes: ['violations']})",
        [parts, RULES],
    )
    return [f"{each['id']} {each['nodes'][0]['target']}" for each in result["violations"]]


def test_an_english_diagram_has_english_names(signed: Signed, site: Site) -> None:
    page = signed(language="en")
    page.goto(f"{site.url}/processes/monthly_collection")
    page.wait_for_selector("[data-diagram][data-ready]")
    assert HAN.findall(page.locator("[data-diagram] svg").first.text_content() or "") == []


def test_the_real_files_of_the_studio_have_english_names(signed: Signed, site: Site) -> None:
    page = signed(language="en")
    page.goto(f"{site.url}/studio/")
    assert HAN.findall(page.locator("main .cards").inner_text()) == []
