"""Each page in both languages and widths: no complaint of the browser, nothing wider than the screen, a picture to look at."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import ROOT, Signed, Site, settle
from tests.browser.places import pages

SCREENS = ROOT / "var" / "screens"
AXE = ROOT / "webui" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
HAN = re.compile(r"[\u4e00-\u9fff]")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize(("language", "width"), [("zh", 1440), ("en", 1440), ("zh", 390), ("en", 390)])
def test_every_page_is_shown_whole(signed: Signed, site: Site, language: str, width: int) -> None:
    page = signed(language=language, width=width)
    SCREENS.mkdir(parents=True, exist_ok=True)
    too_wide = []
    for name, path in pages(site.collection).items():
        answer = page.goto(site.url + path)
        assert answer is not None
        assert answer.status == 200, path
        settle(page)
        page.screenshot(path=SCREENS / f"{name}-{language}-{width}.png")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            too_wide.append(name)
    assert too_wide == []


def test_every_page_passes_axe(signed: Signed, site: Site) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed; make setup installs it")
    page = signed()
    found = []
    for name, path in pages(site.collection).items():
        page.goto(site.url + path)
        settle(page)
        page.evaluate(AXE.read_text("utf-8"))
        parts = {
            "include": [["main"], ["nav"], ["header"]],
            "exclude": [["#canvas"], ["#properties"], ["[data-diagram]"]],
        }
        result = page.evaluate(
            "([parts, rules]) => axe.run(parts, {runOnly: rules, resultTypes: ['violations']})",
            [parts, RULES],
        )
        found += [f"{name}: {each['id']} {each['nodes'][0]['target']}" for each in result["violations"]]
    assert "\n".join(sorted(set(found))) == ""


def test_an_english_diagram_has_english_names(signed: Signed, site: Site) -> None:
    page = signed(language="en")
    page.goto(f"{site.url}/processes/monthly_collection")
    page.wait_for_selector("[data-diagram][data-ready]")
    assert HAN.findall(page.locator("[data-diagram] svg").first.text_content() or "") == []


def test_the_real_files_of_the_studio_have_english_names(signed: Signed, site: Site) -> None:
    page = signed(language="en")
    page.goto(f"{site.url}/studio/")
    assert HAN.findall(page.locator("main .cards").inner_text()) == []
