"""The studio in a browser: nothing is lost by opening and saving, our own properties, problems on the shapes, deploying."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from lxml import etree
from playwright.sync_api import Page, expect

from engine.forms.fields import INPUTS, LAYOUT, NESTING
from tests.browser.conftest import Signed, Site, files

OURS = ("http://camunda.org/schema/zeebe/1.0", "http://zhangfang.example/schema/1.0")
PROCESS = "follow_up/follow_up.bpmn"
DIAGRAMS, DECISIONS, FORMS = (
    [path for path in files() if path.endswith(ending)] for ending in (".bpmn", ".dmn", ".form")
)


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


def meaning(xml: bytes) -> Counter[str]:
    """Return each element of a decision file with attributes and text; where it is drawn does not count."""
    found: Counter[str] = Counter()
    for node in etree.fromstring(xml).iter():
        if isinstance(node.tag, str) and any(
            mark in str(etree.QName(node).namespace) for mark in ("/MODEL/", "zhangfang")
        ):
            kept = {str(name): value for name, value in node.attrib.items() if "exporter" not in str(name)}
            if kept.get("hitPolicy") == "UNIQUE":
                del kept["hitPolicy"]  # the default need not be written
            found[f"{etree.QName(node).localname} {sorted(kept.items())} {(node.text or '').strip()}"] += 1
    return found


def test_opening_and_saving_a_decision_loses_nothing(signed: Signed, site: Site) -> None:
    page = opened(signed(), site, "client_intake/quote.dmn")
    for path in DECISIONS:
        before = files()[path]
        after = page.evaluate(
            "async (xml) => { await zfModeler.importXML(xml); return (await zfModeler.saveXML({ format: true })).xml; }",
            before.decode(),
        )
        assert meaning(after.encode()) == meaning(before), path


def test_opening_and_saving_a_form_loses_nothing(signed: Signed, site: Site) -> None:
    page = opened(signed(), site, "tax_filing/forms/confirm_tax.form")
    for path in FORMS:
        before = json.loads(files()[path])
        after = page.evaluate(
            "async (schema) => { await zfModeler.importSchema(schema); return zfModeler.saveSchema(); }",
            before,
        )
        told = {"exporter", "schemaVersion"}
        assert {name: value for name, value in after.items() if name not in told} == {
            name: value for name, value in before.items() if name not in told
        }, path


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


def test_a_step_shows_the_parameters_of_its_handler_and_keeps_our_groups(signed: Signed, site: Site) -> None:
    page = opened(signed(), site, "monthly_collection/monthly_collection.bpmn")
    page.evaluate(
        "() => zfModeler.get('selection').select(zfModeler.get('elementRegistry').get('invite_upload'))"
    )
    page.locator("[data-group-id=group-ElementTemplates__CustomProperties-parameters] button").first.click()
    field = page.get_by_label("用途")
    expect(field.locator("option:checked")).to_have_text("上传资料")
    field.select_option(label="查看进度")
    page.wait_for_function(
        'async () => (await zfModeler.saveXML()).xml.includes(\'<zeebe:header key="purpose" value="progress" />\')'
    )
    for group in ("zf-client-view", "zf-papers", "outputs", "taskDefinition"):
        expect(page.locator(f"[data-group-id=group-{group}]")).to_be_visible()


def test_a_changed_topic_takes_its_template_along(signed: Signed, site: Site) -> None:
    page = opened(signed(), site, "monthly_collection/monthly_collection.bpmn")
    linked = page.evaluate(
        "(topic) => { const task = zfModeler.get('elementRegistry').get('invite_upload');"
        " const values = task.businessObject.extensionElements.values;"
        " const made = values.find((each) => each.$type === 'zeebe:TaskDefinition');"
        " return ['notify.mail', 'no.such'].map((type) => {"
        " zfModeler.get('modeling').updateModdleProperties(task, made, { type });"
        " return task.businessObject.get('zeebe:modelerTemplate') ?? ''; }); }"
    )
    assert linked == ["zhangfang.notify.mail", ""]


def test_the_palette_offers_only_what_a_form_may_hold(signed: Signed, site: Site) -> None:
    page = opened(signed(), site, "tax_filing/forms/confirm_tax.form")
    offered = page.locator(".fjs-palette-field:visible").evaluate_all(
        "(all) => all.map((each) => each.dataset.fieldType)"
    )
    assert set(offered) == INPUTS | LAYOUT | NESTING


@pytest.mark.parametrize("path", ["client_intake/quote.dmn", "tax_filing/forms/confirm_tax.form"])
def test_a_draft_is_saved_and_can_be_deployed(signed: Signed, site: Site, path: str) -> None:
    page = opened(signed(), site, path)
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("[data-studio-note]")).to_have_text("已保存")
    page.goto(f"{site.url}/studio/deploy")
    expect(page.locator("main")).to_contain_text(path)
    expect(page.locator("main")).to_contain_text("检查通过")
