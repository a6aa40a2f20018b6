"""An operator puts one instance right: without a mouse, and by pointing at the diagram."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.commands import deployments, instances, modifications
from store.tables import WorkItem
from tests.browser.conftest import Signed, Site, settle
from tests.engine.bpmn.drawing import bpmn

DRAWING = """
startEvent s
userTask first groups=manager name='第一步'
userTask second groups=manager name='第二步'
endEvent e
s -> first -> second -> e
"""
SHAPES = "".join(
    f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"><dc:Bounds x="{x}" y="100" width="{w}" height="{h}"/>'
    "</bpmndi:BPMNShape>"
    for name, x, w, h in (
        ("s", 60, 36, 36),
        ("first", 140, 100, 80),
        ("second", 300, 100, 80),
        ("e", 460, 36, 36),
    )
)
PLANE = (
    '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="D"><bpmndi:BPMNPlane id="P" bpmnElement="two_steps">'
    f"{SHAPES}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"
)


@pytest.fixture
def started(site: Site) -> UUID:
    body = bpmn(DRAWING, "two_steps").decode().replace("</bpmn:definitions>", PLANE).encode()
    site.store.run(deployments.deploy, {"two_steps/two_steps.bpmn": body}, by=None)
    return site.store.run(instances.start, "two_steps", {}, by=None)


def open_at(site: Site, instance: UUID) -> list[str]:
    query = select(WorkItem.element).where(WorkItem.instance_id == instance, WorkItem.state == "open")
    return site.store.read(lambda connection: list(connection.scalars(query)))


def give_reason(page: Page, reason: str) -> None:
    page.locator("#reason").fill(reason)
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_token_is_moved_by_keyboard_alone(signed: Signed, site: Site, started: UUID) -> None:
    page = signed()
    page.goto(f"{site.url}/instances/{started}")
    menu = page.locator("td details.zf-menu summary").first
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/move?wait=*")
    page.locator("#to").focus()
    for _press in range(3):  # the empty choice, the start event, the first step, the second step
        page.keyboard.press("ArrowDown")
    page.wait_for_url("**to=before*second*")
    expect(page.locator("#to")).to_be_focused()
    expect(page.locator("main")).to_contain_text("会开始等待")
    give_reason(page, "已经做过")
    page.wait_for_url(f"**/instances/{started}")
    expect(page.locator("main")).to_contain_text("已经做过")
    assert open_at(site, started) == ["second"]


def test_a_place_is_chosen_by_pointing_at_it(signed: Signed, site: Site, started: UUID) -> None:
    page = signed(width=390)
    wait = next(
        wait.wait for each in site.store.look(modifications.tokens, started, by=None) for wait in each.waits
    )
    page.goto(f"{site.url}/instances/{started}/move?wait={wait}")
    settle(page)
    page.locator("[data-element-id=second]").first.click()
    page.wait_for_url("**to=before*second*")
    give_reason(page, "指过去")
    assert open_at(site, started) == ["second"]


def test_a_shape_of_the_diagram_offers_what_can_be_done_there(
    signed: Signed, site: Site, started: UUID
) -> None:
    page = signed()
    page.goto(f"{site.url}/instances/{started}")
    settle(page)
    page.locator("[data-element-id=first]").first.click()
    panel = page.locator("#element")
    expect(panel).to_contain_text("从这里重新开始")
    panel.locator("details.zf-menu summary").click()
    panel.get_by_text("重做…").click()
    page.wait_for_url("**/repeat?token=*")
    before = open_at(site, started)
    give_reason(page, "再来一次")
    assert open_at(site, started) == before == ["first"]


def test_menus_stay_on_a_narrow_screen(signed: Signed, site: Site, started: UUID) -> None:
    page = signed(width=390)
    page.goto(f"{site.url}/instances/{started}")
    for menu in page.locator("main details.zf-menu").all():
        menu.locator("summary").click()
        box = menu.locator(".panel").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        page.keyboard.press("Escape")
