"""A process without a drawing of its own, as programs write them, can be looked at and edited."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import expect

from engine.commands import deployments, drafts, instances, people
from tests.browser.conftest import Signed, Site, settle
from tests.engine.bpmn.drawing import bpmn

PATH = "written/written.bpmn"
DRAWING = """
startEvent s
userTask first groups=manager name='第一步'
exclusiveGateway g
subProcess more {
    startEvent inner
    userTask second groups=manager name='第二步'
    endEvent inner_end
    inner -> second -> inner_end
}
endEvent e
s -> first -> g
g -> e : = true
g => more
more -> e
"""
EMPTY = b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x"/>'
STEPS = ["s", "first", "g", "more", "e", "g_e", "g_more", "inner", "second"]


@pytest.fixture
def started(site: Site) -> UUID:
    site.store.run(deployments.deploy, {PATH: bpmn(DRAWING, "written")}, by=None)
    return site.store.run(instances.start, "written", {}, by=None)


@pytest.mark.parametrize(
    ("language", "width", "said"),
    [("zh", 1440, "这个流程没有自带图形，图为自动排版。"), ("en", 390, "has no drawing of its own")],
)
def test_the_instance_is_shown_on_a_layout_that_is_made_for_it(
    signed: Signed, site: Site, started: UUID, language: str, said: str, width: int
) -> None:
    page = signed(language=language, width=width)
    page.goto(f"{site.url}/instances/{started}")
    settle(page)
    for step in STEPS:
        expect(page.locator(f"[data-element-id={step}]")).to_have_count(1)
    expect(page.locator("[data-element-id=first].zf-active")).to_have_count(1)
    expect(page.locator(".zf-diagram > .note")).to_contain_text(said)
    page.screenshot(path=f"var/screens/undrawn-{language}-{width}.png")


def test_the_editor_opens_it_and_what_it_saves_keeps_all_and_the_drawing(signed: Signed, site: Site) -> None:
    site.store.run(deployments.deploy, {PATH: bpmn(DRAWING, "written")}, by=None)
    page = signed()
    page.goto(f"{site.url}/studio/edit?path={PATH}")
    settle(page)
    for step in STEPS:
        expect(page.locator(f"#canvas [data-element-id={step}]").first).to_be_attached()
    page.screenshot(path="var/screens/undrawn-studio.png")
    saved = page.evaluate("async () => (await zfModeler.saveXML()).xml")
    assert 'candidateGroups="manager"' in saved
    assert saved.count("<bpmndi:BPMNShape") == 8


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"<bpmn:definitions <oops", "文件的 XML 不完整或写错了。"), (EMPTY, "文件里没有流程。")],
)
def test_a_draft_that_cannot_be_drawn_says_why(signed: Signed, site: Site, body: bytes, said: str) -> None:
    author = site.store.run(people.by_login, "ma")
    path = f"broken/{len(body)}.bpmn"
    site.store.run(drafts.save, path, body, by=author, version=0)
    page = signed()
    page.goto(f"{site.url}/studio/edit?path={path}")
    expect(page.locator("#canvas")).to_have_text(f"流程图无法显示：{said}")
    site.store.run(drafts.discard, path, by=author)
