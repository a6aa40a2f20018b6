"""The client's pages on a phone: whole at 360 pixels, an upload that ticks itself off, and all of it without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.commands import portal
from store.queries import documents, portal_pages
from store.queries.scope import Scope
from tests.browser.conftest import ROOT, Site
from tests.browser.test_pages import AXE, RULES

SCREENS = ROOT / "var" / "screens"
Phone = Callable[..., Page]


@pytest.fixture
def phone(browser: Browser) -> Iterator[Phone]:
    """A phone of 360 pixels; what its console complains of fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opened(*, scripts: bool = True) -> Page:
        context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _is_error(said) else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _is_error(said: Any) -> bool:
    """Tell what the console complains of; that the server refused something (422) it says too, and rightly."""
    return said.type == "error" and "422" not in said.text


@pytest.fixture
def home(site: Site) -> str:
    """The address of the client's first page."""
    return f"{site.url}/portal/{site.store.run(portal.create_link, site.client, 'upload', by=None)}"


def upload_step(site: Site, home: str) -> str:
    (step,) = [
        each
        for each in site.store.read(portal_pages.steps, site.client)
        if each.element == "upload_documents"
    ]
    return f"{home}/steps/{step.id}"


def papers(site: Site, filename: str) -> int:
    everything = Scope(site.client, "", all_clients=True)
    wanted = documents.DocumentFilter(client_id=site.client, text=filename)
    return site.store.read(documents.list_, everything, wanted).total


@pytest.mark.parametrize(("language", "width"), [("zh", 360), ("en", 360), ("zh", 1440), ("en", 1440)])
def test_every_page_of_a_client_fits_its_screen(
    phone: Phone, site: Site, home: str, language: str, width: int
) -> None:
    page = phone()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{home}/language/{language}")
    SCREENS.mkdir(parents=True, exist_ok=True)
    too_wide = []
    for name, address in {"home": home, "upload": upload_step(site, home)}.items():
        page.goto(address)
        page.screenshot(path=SCREENS / f"portal_{name}-{language}-{width}.png", full_page=True)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            too_wide.append(name)
    assert too_wide == []


def test_what_a_finger_aims_at_is_large(phone: Phone, site: Site, home: str) -> None:
    page = phone()
    for address in (home, upload_step(site, home)):
        page.goto(address)
        small = page.evaluate(
            "() => [...document.querySelectorAll('a, button, label.pick, select, input:not([type=file]):not([type=hidden])')]"
            ".filter((each) => each.offsetParent && (each.closest('label') ?? each).getBoundingClientRect().height < 44)"
            ".map((each) => each.outerHTML.slice(0, 80))"
        )
        assert small == []


def test_a_chosen_file_goes_up_at_once_and_ticks_its_line_off(
    phone: Phone, site: Site, home: str, tmp_path: Path
) -> None:
    photo = tmp_path / "发票照片.jpg"
    photo.write_bytes(b"\xff\xd8 a photo")
    page = phone()
    page.goto(upload_step(site, home))
    row = page.locator("[data-upload-row]").first
    for _ in range(2):
        row.locator("input[type=file]").set_input_files(photo)
        expect(row.locator("[data-upload-note]")).to_have_text("已上传")
    expect(row).to_have_class("upload-row done")
    ticked = page.locator(".upload-row.done").count()
    expect(page.locator("[data-requests-count]")).to_contain_text(f"{ticked} /")
    assert papers(site, "发票照片") == 1


def test_a_file_that_cannot_be_taken_says_why(phone: Phone, site: Site, home: str, tmp_path: Path) -> None:
    program = tmp_path / "setup.exe"
    program.write_bytes(b"MZ")
    page = phone()
    page.goto(upload_step(site, home))
    row = page.locator("[data-upload-row]").nth(1)
    with page.expect_response(lambda answer: answer.status == 422):
        row.locator("input[type=file]").set_input_files(program)
    expect(row.locator("[data-upload-note]")).to_contain_text("不是可以接收的文件类型")


def test_without_scripts_one_button_sends_what_was_chosen(
    phone: Phone, site: Site, home: str, tmp_path: Path
) -> None:
    statement = tmp_path / "流水.csv"
    statement.write_text("date,amount\n", "utf-8")
    page = phone(scripts=False)
    page.goto(upload_step(site, home))
    page.set_input_files("input[name='file:bank']", statement)
    page.click("form.requests noscript button, form.requests button")
    expect(page.locator(".portal-flash")).to_contain_text("已收到 1 个文件")
    assert papers(site, "流水.csv") == 1


def test_the_pages_of_a_client_pass_axe(phone: Phone, site: Site, home: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed; make setup installs it")
    page = phone()
    found = []
    for address in (home, upload_step(site, home)):
        page.goto(address)
        page.evaluate(AXE.read_text("utf-8"))
        result = page.evaluate(
            "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
        )
        found += [f"{each['id']} {each['nodes'][0]['target']}" for each in result["violations"]]
    assert found == []
