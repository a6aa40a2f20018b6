"""The editors speak the page's language and no other: palette, menus, properties, templates, tooltips, table heads."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from engine.forms.fields import INPUTS, LAYOUT, NESTING
from tests.browser.conftest import Signed, Site, settle
from tests.browser.places import EDITORS

HAN = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{3,}")
_NAME = r"([\w\"-]+([._][\w\"-]+)+|\"\w+\")"
NAME = re.compile(rf"{_NAME}(,{_NAME})*")
"""Words of the data: monthly_collection, notify.mail, "small_scale","general"."""
WORDS = {"FEEL", "yyyy-mm-dd", "exception", "template", "purpose"}
NAMES = {"开始", "结束", "备注"}
"""What a new file calls its parts: names are data, written in 中文, with English beside them."""

SAID = """() => {
  const frame = '#rail, body header, dialog, script, style, .studio-head, .studio-tree';
  const data = '.cm-content, .djs-visual, td, [contenteditable=true], kbd, textarea.code';
  const names = ['title', 'placeholder', 'aria-label', 'data-title', 'alt'];
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.nodeType === 3 ? node.parentElement : node;
    if (holder.closest(frame) || holder.closest(data)) continue;
    if (node.nodeType === 3) found.add(node.data.trim());
    else for (const name of names) found.add(node.getAttribute(name)?.trim() ?? '');
  }
  return [...found];
}"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
UNFOLD = (
    "() => document.querySelectorAll('.bio-properties-panel-group-header:not(.open),"
    " .bio-properties-panel-collapsible-entry-header:not(.open)').forEach((each) => each.click())"
)
SHAPES = """() => {
  const kinds = {};
  zfModeler.get('elementRegistry').forEach((each) => {
    const object = each.businessObject;
    const topic = object?.extensionElements?.values.find((value) => value.$type === 'zeebe:TaskDefinition')?.type ?? '';
    if (!each.labelTarget) kinds[each.type + (object?.eventDefinitions?.[0]?.$type ?? '') + topic] ??= each.id;
  });
  return Object.values(kinds);
}"""
SELECT = """([view, id]) => {
  const shape = view.get('elementRegistry').get(id);
  view.get('selection').select(shape);
  view.get('contextPad').open(shape, true);
}"""
Say = Callable[[], None]


def said_in(page: Page) -> tuple[set[str], Say]:
    """Return a growing set of what an editor said, and the act of listening once more."""
    heard: set[str] = set()

    def listen() -> None:
        page.evaluate(DRAWN)
        page.evaluate(UNFOLD)
        page.evaluate(DRAWN)
        page.evaluate(UNFOLD)
        page.evaluate(DRAWN)
        heard.update(page.evaluate(SAID))

    return heard, listen


def walk_process(page: Page, listen: Say) -> None:
    """Select one shape of each kind, with its menus; then simulate."""
    modeler = page.evaluate_handle("() => zfModeler")
    for shape in page.evaluate(SHAPES):
        page.evaluate(SELECT, [modeler, shape])
        listen()
        for menu in ("bpmn-replace", "bpmn-append"):
            page.evaluate(
                "([id, menu]) => { const shape = zfModeler.get('elementRegistry').get(id);"
                " zfModeler.get('popupMenu').open(shape, menu, { x: 300, y: 300 }); }",
                [shape, menu],
            )
            listen()
        page.evaluate("() => zfModeler.get('popupMenu').close()")
    page.evaluate("() => zfModeler.get('toggleMode').toggleMode()")
    listen()


def walk_decision(page: Page, listen: Say) -> None:
    """Select each part of the graph, then open each table and expression with its menus."""
    page.evaluate("() => zfModeler.open(zfModeler.getViews().find((each) => each.type === 'drd'))")
    view = page.evaluate_handle("() => zfModeler.getActiveViewer()")
    for shape in page.evaluate(
        "() => zfModeler.getActiveViewer().get('elementRegistry').getAll().map((each) => each.id)"
    ):
        page.evaluate(SELECT, [view, shape])
        listen()
    for number in range(page.evaluate("() => zfModeler.getViews().length")):
        page.evaluate("(number) => zfModeler.open(zfModeler.getViews()[number])", number)
        listen()
        if page.evaluate("() => zfModeler.getActiveView().type") == "decisionTable":
            walk_table(page, listen)


def walk_table(page: Page, listen: Say) -> None:
    """Open the editors of a column's head and the menus of columns and rules."""
    for head in ("th.input-cell", "th.output-cell"):
        page.locator(f"#canvas {head}").first.dblclick()
        listen()
        page.keyboard.press("Escape")
        page.locator(f"#canvas {head}").first.click(button="right")
        listen()
        page.keyboard.press("Escape")
    page.locator("#canvas tbody td").nth(1).click(button="right")
    listen()
    page.keyboard.press("Escape")


def walk_form(page: Page, listen: Say) -> None:
    """Add a component of each kind that a form may hold, and look at its properties."""
    for kind in sorted(INPUTS | LAYOUT | NESTING):
        page.evaluate(
            "(type) => { const all = zfModeler.get('formFieldRegistry').getAll();"
            " const root = all.find((each) => each.type === 'default');"
            " zfModeler.get('modeling').addFormField({ type }, root, 0); zfModeler.get('selection').set(root.components[0]); }",
            kind,
        )
        listen()


WALKS = {"studio_process": walk_process, "studio_decision": walk_decision, "studio_form": walk_form}
NEW = {"studio_process": "process", "studio_decision": "decision", "studio_form": "form"}


@pytest.mark.parametrize("editor", list(EDITORS))
def test_an_editor_says_nothing_in_english(signed: Signed, site: Site, editor: str) -> None:
    page = signed()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site.url}/studio/edit?path={EDITORS[editor]}")
    settle(page)
    heard, listen = said_in(page)
    WALKS[editor](page, listen)
    words = {each for each in heard - WORDS if ENGLISH.search(each) and not HAN.search(each)}
    assert sorted(each for each in words if not NAME.fullmatch(each)) == []
    if editor != "studio_form":
        assert page.evaluate("() => [...zfUntranslated]") == []


@pytest.mark.parametrize("editor", list(EDITORS))
def test_an_editor_says_nothing_in_chinese(signed: Signed, site: Site, editor: str) -> None:
    page = signed(language="en")
    page.goto(f"{site.url}/studio/")
    page.get_by_role("button", name="New", exact=True).click()
    page.select_option("#kind", NEW[editor])
    page.fill("#key", f"words_of_{NEW[editor]}")
    page.locator("#new-file button.btn-primary").click()
    page.wait_for_selector("#canvas[data-ready]")
    heard, listen = said_in(page)
    WALKS[editor](page, listen)
    assert sorted(each for each in heard - NAMES if HAN.search(each)) == []
