"""Trying expressions and tables by keyboard, on the page and in the studio's drawer."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import Signed, Site

QUOTE = "/studio/edit?path=client_intake/quote.dmn"
FIRST_RULE = """async () => {
  const modeler = window.zfModeler;
  await modeler.open(modeler.getViews().find((view) => view.type === "decisionTable"));
  const viewer = modeler.getActiveViewer();
  const table = viewer.get("sheet").getRoot().businessObject;
  for (const each of table.rule[0].inputEntry) viewer.get("modeling").editCell(each, "-");
  return modeler.getActiveView().element.id;
}"""
"""Let the first rule fit everything."""


def answered(page: Page, times: int) -> None:
    page.wait_for_function(
        "n => { const found = document.querySelector('[data-try-result]');"
        " return found.dataset.round === String(n) && !found.hasAttribute('aria-busy') }",
        arg=times,
    )


def test_an_instance_is_chosen_and_an_expression_evaluated_by_keyboard(site: Site, signed: Signed) -> None:
    page = signed()
    page.goto(f"{site.url}/try/")
    page.wait_for_selector("[data-try-instance]")
    page.fill("#try-search", "收票")
    page.wait_for_function("() => document.querySelectorAll('[data-try-instance]').length === 1")
    page.press("#try-search", "Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-instance]")
    assert page.evaluate("document.activeElement.id") == "try-expression"
    page.keyboard.type("period + nobody")
    page.keyboard.press("Control+Enter")
    answered(page, 1)
    assert "没有变量或函数「nobody」" in page.inner_text("[data-try-result]")
    page.fill("#try-expression", "period +\n )")
    page.keyboard.press("Control+Enter")
    answered(page, 2)
    assert page.inner_text("[data-try-result] mark") == ")"


def test_the_draft_of_a_table_is_tried_as_it_stands(site: Site, signed: Signed) -> None:
    page = signed()
    page.goto(f"{site.url}{QUOTE}")
    page.wait_for_selector("#canvas[data-ready]")
    assert page.evaluate(FIRST_RULE) == "base_fee"
    page.click("[data-try-open]")
    page.keyboard.press("Control+Enter")
    answered(page, 1)
    assert "按第 1 行" in page.inner_text("[data-try-result]")
    page.keyboard.press("Escape")
    assert page.is_hidden("#studio-try")
    assert page.evaluate("document.activeElement.hasAttribute('data-try-open')")


def test_an_expression_of_the_properties_is_taken_over(site: Site, signed: Signed) -> None:
    page = signed("ma", language="en")
    page.goto(f"{site.url}/studio/edit?path=monthly_collection/monthly_collection.bpmn")
    page.wait_for_selector("#canvas[data-ready]")
    page.evaluate(
        "() => { const found = window.zfModeler.get('elementRegistry')"
        ".filter((each) => each.businessObject?.conditionExpression);"
        " window.zfModeler.get('selection').select(found[0]) }"
    )
    page.locator(".bio-properties-panel-group-header:has-text('Condition')").first.click()
    page.locator(".bio-properties-panel .cm-content").first.click()
    page.click("[data-try-open]")
    assert page.input_value("#try-expression") == 'reminder.channel = "mail"'
    page.fill("#try-written", '{"reminder": {"channel": "mail"}}')
    page.press("#try-written", "Control+Enter")
    answered(page, 1)
    assert page.inner_text(".zf-try-value") == "true"


def test_the_drawer_begins_with_a_decision_of_the_file_and_keeps_what_is_chosen(
    site: Site, signed: Signed
) -> None:
    page = signed()
    page.goto(f"{site.url}{QUOTE}")
    page.wait_for_selector("#canvas[data-ready]")
    page.click("[data-try-open]")
    chosen = page.locator("[data-try-decision] option:checked")
    assert chosen.locator("xpath=..").get_attribute("data-try-drafted") is not None
    other = page.locator("[data-try-decision] option[data-definition]").first.get_attribute("value") or ""
    page.select_option("[data-try-decision]", other)
    page.keyboard.press("Escape")
    page.click("[data-try-open]")
    assert page.input_value("[data-try-decision]") == other
