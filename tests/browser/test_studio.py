"""The studio in a browser: nothing is lost by opening and saving, our own properties, problems on the shapes, deploying."""

from __future__ import annotations

from collections import Counter

import pytest
from lxml import etree
from playwright.sync_api import Page, expect

from tests.browser.conftest import Signed, Site, files

OURS = ("http://camunda.org/schema/zeebe/1.0", "http://zhangfang.example/schema/1.0")
PROCESS = "follow_up/follow_up.bpmn"
DIAGRAMS = [path for path in files() if path.endswith(".bpmn")]


def extensions(xml: bytes) -> Counter[str]:
    """Return each zeebe: and zf: element with its attributes, by the element that it stands in."""
    found: Counter[str] = Counter()
    for node in etree.fromstring(xml).iter():
        if isinstance(node.tag, str) and etree.QName(node).namespace in OURS:
            holder = next((each.get("id") for each in node.iterancestors() if each.get("id")), "")
            found[
                f"{holder} {etree.QName(node).localname} {sorted(node.attrib.items())} {(node.text or '').strip()}"
            ] += 1
    return found


def opened(page: Page, site: Site, path: str) -> Page:
    """Open a file in its editor."""
    page.goto(f"{site.url}/studio/edit?path={path}")
    page.wait_for_selector("#canvas[data-ready]")
    return page


def test_opening_and_saving_loses_nothing_of_ours(signed: Signed, site: Site) -> None:
    page = opened(signed(), site, PROCESS)
    for path in DIAGRAMS:
        before = files()[path]
        after = page.evaluate(
            "async (xml) => { await zfModeler.importXML(xml); return (await zfModeler.saveXML({ format: true })).xml; }",
            before.decode(),
        )
        assert extensions(after.encode()) == extensions(before), path


def test_our_properties_are_written_and_taken_back(signed: Signed, site: Site) -> None:
    page = opened(signed(), site, PROCESS)
    page.evaluate(
        "() => zfModeler.get('selection').select(zfModeler.get('elementRegistry').get('contact_client'))"
    )
    header = page.locator("[data-group-id=group-zf-client-view] .bio-properties-panel-group-header")
    header.click()
    page.fill("#bio-properties-panel-zf-ClientView-label", "我们给您打电话")
    page.wait_for_function("async () => (await zfModeler.saveXML()).xml.includes('我们给您打电话')")
    page.evaluate("() => zfModeler.get('commandStack').undo()")
    page.wait_for_function("async () => !(await zfModeler.saveXML()).xml.includes('我们给您打电话')")


def test_a_problem_stands_on_its_shape_and_its_line_selects_it(signed: Signed, site: Site) -> None:
    page = opened(signed(), site, PROCESS)
    expect(page.locator("[data-problem-count]")).to_have_text("没有发现问题，可以发布")
    page.evaluate(
        "() => { const all = zfModeler.get('elementRegistry'); const task = all.find((each) => each.type === 'bpmn:ServiceTask');"
        " const values = task.businessObject.extensionElements.values;"
        " const made = values.find((each) => each.$type === 'zeebe:TaskDefinition');"
        " zfModeler.get('modeling').updateModdleProperties(task, made, { type: 'no.such.handler' }); window.broken = task.id; }"
    )
    row = page.locator("[data-problems] button").first
    expect(row).to_contain_text("没有安装这个处理程序")
    row.click()
    assert page.evaluate("() => zfModeler.get('selection').get()[0].id === window.broken")
    broken = page.evaluate("() => window.broken")
    expect(page.locator(f"[data-element-id={broken}].zf-has-problem")).to_have_count(1)


def test_a_handler_of_the_firm_is_offered_as_a_template(signed: Signed, site: Site) -> None:
    page = opened(signed(), site, PROCESS)
    ids = page.evaluate("() => zfModeler.get('elementTemplates').getAll().map((each) => each.id)")
    assert "zhangfang.notify.mail" in ids


@pytest.mark.parametrize("path", ["client_intake/quote.dmn", "tax_filing/forms/confirm_tax.form"])
def test_a_draft_is_saved_and_can_be_deployed(signed: Signed, site: Site, path: str) -> None:
    page = opened(signed(), site, path)
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("[data-studio-note]")).to_have_text("已保存")
    page.goto(f"{site.url}/studio/deploy")
    expect(page.locator("main")).to_contain_text(path)
    expect(page.locator("main")).to_contain_text("检查通过")
