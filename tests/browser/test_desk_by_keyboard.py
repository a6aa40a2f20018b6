"""The desk without a mouse: find, claim, fill in, hand in."""

from __future__ import annotations

from urllib.parse import parse_qs, urlparse
from uuid import UUID

from playwright.sync_api import Page, expect

from engine.commands import people, work_items
from tests.browser.conftest import Signed, Site


def blur(page: Page) -> None:
    """Let go of the focus, as after reading."""
    page.evaluate("() => document.activeElement.blur()")


def test_an_item_is_opened_and_handed_in_by_keys_alone(signed: Signed, site: Site) -> None:
    page = signed("li")
    page.goto(f"{site.url}/desk?queue=mine")
    before = page.locator("[data-row]").count()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#desk-item[data-item] .fjs-container")
    blur(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".fjs-form-field-error").first).to_have_text("请填写此项。")
    page.fill("#desk-item .fjs-container textarea >> nth=0", "发票寄错地址")
    assert before > 0


def test_the_draft_is_there_again_after_a_reload(signed: Signed, site: Site) -> None:
    page = signed("li")
    page.goto(f"{site.url}/desk?queue=mine")
    page.locator("[data-row] a.title").nth(1).click()
    page.wait_for_selector("#desk-item .fjs-container textarea")
    page.fill("#desk-item .fjs-container textarea >> nth=0", "客户来电说报表有误")
    expect(page.locator("[data-draft-note]")).to_contain_text("草稿已保存")
    page.reload()
    expect(page.locator("#desk-item .fjs-container textarea >> nth=0")).to_have_value("客户来电说报表有误")


def test_selecting_rows_opens_the_bar_of_bulk_acts(signed: Signed, site: Site) -> None:
    page = signed("li")
    page.goto(f"{site.url}/desk?queue=mine")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-selection-count]")).to_have_text("已选 1 项")


def test_help_lists_the_keys_and_can_turn_them_off(signed: Signed, site: Site) -> None:
    page = signed("li")
    page.goto(f"{site.url}/desk")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    page.check("#keys-off")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_hidden()


def test_a_dangerous_act_says_what_will_happen_and_wants_a_reason(signed: Signed, site: Site) -> None:
    page = signed()
    page.goto(f"{site.url}/instances/{site.collection}")
    page.get_by_role("button", name="取消实例").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("不能撤销")
    dialog.get_by_role("button", name="取消实例").click()
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_click_on_the_diagram_shows_what_belongs_to_the_shape(signed: Signed, site: Site) -> None:
    page = signed()
    page.goto(f"{site.url}/instances/{site.collection}")
    page.wait_for_selector("[data-diagram][data-ready]")
    page.locator("[data-element-id=upload_documents] .djs-hit").first.dispatch_event("click")
    expect(page.locator("#element")).to_contain_text("上传本月资料")


def test_the_cursor_goes_to_the_first_problem(signed: Signed, site: Site) -> None:
    page = signed("li")
    page.goto(f"{site.url}/desk?queue=mine")
    page.locator("[data-row] a.title").last.click()
    page.wait_for_selector("#desk-item .fjs-container textarea")
    blur(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_function("() => document.activeElement.closest('.fjs-has-errors') !== null")
    expect(page.locator(":focus")).to_be_in_viewport()


def test_what_was_done_in_another_window_is_told_and_the_answers_stay(signed: Signed, site: Site) -> None:
    page = signed("li")
    page.goto(f"{site.url}/desk?queue=mine")
    page.locator("[data-row] a.title").last.click()
    page.wait_for_selector("#desk-item .fjs-container textarea")
    li = site.store.run(people.by_login, "li")
    item = UUID(parse_qs(urlparse(page.url).query)["item"][0])
    site.store.run(work_items.release, item, by=li)
    page.fill("#desk-item .fjs-container textarea >> nth=0", "客户要求更正")
    expect(page.locator("[data-draft-note]")).not_to_be_empty()
    expect(page.locator("[data-draft-note]")).not_to_contain_text("网络")
    expect(page.locator("#desk-item .fjs-container textarea >> nth=0")).to_have_value("客户要求更正")
    site.store.run(work_items.claim, item, by=li)
