"""An operator migrates running instances in a browser: tries, sees what keeps them back, maps, migrates, watches."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from sqlalchemy import func, select

from engine.commands import deployments
from engine.worker import Worker
from store.tables import Definition
from tests.browser.conftest import Signed, Site, files, settle
from tests.browser.test_pages import AXE, RULES, SCREENS

FIRST = "register_complaint"


def looked_at(page: Page, name: str, width: int) -> None:
    """Keep a picture; nothing is wider than the screen, and axe has nothing to say."""
    settle(page)
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"migrating_{name}-zh-{width}.png", full_page=True)
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
    page.evaluate("window.scrollTo(0, 0)")  # what lies under the head bar counts as too small to be touched
    page.evaluate(AXE.read_text("utf-8"))
    parts = {"include": [["main"]], "exclude": [["[data-diagram]"]]}
    result = page.evaluate("([parts, rules]) => axe.run(parts, {runOnly: rules})", [parts, RULES])
    assert [f"{each['id']} {each['nodes'][0]['target']}" for each in result["violations"]] == []


@pytest.mark.parametrize("width", [1440, 390])
def test_instances_are_tried_mapped_migrated_and_watched(signed: Signed, site: Site, width: int) -> None:
    version = _deploy_renamed(site, width)
    page = signed(width=width)
    page.goto(f"{site.url}/processes/complaint/migrate")
    looked_at(page, "table", width)
    field = page.locator("select[name^='map.']").first
    chosen = field.input_value()
    field.select_option("")
    page.click("button:has-text('试算')")
    page.wait_for_selector("#report li.bad")
    looked_at(page, "refused", width)
    assert page.locator("button:has-text('迁移 3 个实例')").count() == 0
    page.locator("select[name^='map.']").first.select_option(chosen)
    page.click("button:has-text('试算')")
    page.click("button:has-text('迁移 3 个实例')")
    page.fill("dialog textarea", "换了表单")
    page.click("dialog button[value=yes]")
    page.wait_for_url("**/batches/*")
    looked_at(page, "running", width)
    Worker(site.store).run_due()
    page.wait_for_selector("#batch .chip-done")
    looked_at(page, "done", width)
    assert "3 / 3" in page.inner_text("#batch")
    page.goto(f"{site.url}/processes/complaint/operate")
    looked_at(page, "operate", width)
    assert f"v{version}" in page.inner_text("main")


def _deploy_renamed(site: Site, width: int) -> int:
    """Deploy a version in which the step that instances wait at has yet another id."""
    path = "complaint/complaint.bpmn"
    body = files()[path].decode().replace(f'"{FIRST}"', f'"{FIRST}_{width}"').encode()
    site.store.run(deployments.deploy, {path: body}, by=None, note="")
    newest = select(func.max(Definition.version)).where(Definition.key == "complaint")
    return site.store.read(lambda connection: connection.scalars(newest).one())
