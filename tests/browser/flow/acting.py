"""The demo's people, each in a browser of their own: staff at the desk, clients on a phone through the link in their mail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser, Page
from sqlalchemy import Connection, select

from engine.commands import portal, work_items
from engine.errors import NotFound
from engine.people import CLIENT_CONTACT
from handlers.demo.acting import UPLOADS, Cast, OpenItem, _candidates, _contact, _roles
from handlers.demo.firm import PASSWORD
from store.queries import definitions, portal_pages
from store.tables import WorkItem
from tests.browser.flow.filling import FormJs, Plain

DESK = {"width": 1440, "height": 900}
REFUSED = "403 (FORBIDDEN)"  # duty separation: who prepared asks to review, and is told no
PHONE = {"width": 390, "height": 844}


@dataclass(slots=True)
class BrowserCast(Cast):
    """The cast of the demo, acting through the pages at ``address``; pictures of every page go to ``screens``."""

    browser: Browser = None  # type: ignore[assignment]
    address: str = ""
    screens: Path = Path()
    pages: dict[str, Page] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    done: list[tuple[str, str]] = field(default_factory=list)

    def page(self, login: str, viewport: dict[str, int] = DESK) -> Page:
        """Return the browser page of a person; staff sign in first."""
        if login not in self.pages:
            context = self.browser.new_context(viewport=viewport, locale="zh-CN")  # type: ignore[arg-type]
            page = context.new_page()
            page.set_default_timeout(10_000)
            page.on("pageerror", lambda error: self._heard(login, "error", str(error)))
            page.on("console", lambda said: self._heard(login, said.type, said.text))
            self.pages[login] = page
            if viewport is DESK:
                page.goto(self.address)
                page.fill("input[name=login]", login)
                page.fill("input[name=password]", PASSWORD)
                page.keyboard.press("Enter")
                page.wait_for_url("**/desk*")
        return self.pages[login]

    def _heard(self, login: str, kind: str, text: str) -> None:
        if kind == "error" and REFUSED not in text:
            self.troubles.append(f"{login}: {text}")

    def start(self, login: str, process: str, *, client: str = "", period: str = "") -> UUID:
        """Start a process from the library, for a client's code and a period if given; return its instance."""
        page = self.page(login)
        page.goto(f"{self.address}/processes/{process}/start")
        if client:
            page.select_option("#client", client)
        if period:
            page.fill("#period", period)
        page.screenshot(path=self.screens / f"flow-start-{process}-1440.png")
        page.locator("main form button[type=submit], main form button:not([type])").last.click()
        page.wait_for_url("**/instances/*")
        return UUID(page.url.rstrip("/").rsplit("/", 1)[1].split("?")[0])

    def _staff_does(self, item: OpenItem, answers: Mapping[str, Any]) -> str:
        for login in self.store.read(_candidates, item):
            page = self.page(login)
            page.goto(f"{self.address}/desk?item={item.id}")
            claim = page.locator("button:visible", has_text="领取")
            if claim.count():
                with page.expect_navigation():
                    claim.first.click()
            hand_in = page.locator("button[data-act=complete]:visible:not([data-next])")
            if not hand_in.count():
                continue
            if item.form_digest:
                FormJs(page, self._schema(item), self.store.run(work_items.visible_variables, item.id)).fill(
                    answers
                )
            self._picture(page, item)
            hand_in.click()
            self._must_be_done(page, item)
            self.done.append((login, item.element))
            return login
        raise AssertionError(f"Nobody may do «{item.name}» of {item.process}.")

    def _client_does(self, item: OpenItem, answers: Mapping[str, Any]) -> str | None:
        if CLIENT_CONTACT not in self.store.read(_roles, item.id) or item.client_id is None:
            return None
        _, address = self.store.read(_contact, item.client_id)
        for token in reversed(self.mailbox.links[address]):
            try:
                link = self.store.run(portal.open_link, token)
            except NotFound:
                continue
            if self.store.read(portal_pages.step, link.client_id, item.id) is None:
                continue
            page = self.page(address, PHONE)
            page.goto(f"{self.address}/portal/{token}")
            page.screenshot(path=self.screens / "flow-portal-home-390.png", full_page=True)
            page.locator(f'a[href$="{item.id}"]').click()
            if item.form_key == UPLOADS:
                self._hand_in_files(page, item)
            if item.form_digest:
                Plain(page, self._schema(item)).fill(answers)
            self._picture(page, item)
            page.locator("form.portal-form button.portal-button").click()
            self._must_be_done(page, item)
            self.done.append(("client", item.element))
            return address
        return None

    def _upload(self, item: OpenItem) -> None:
        """Do nothing: files go up on the page."""

    def _hand_in_files(self, page: Page, item: OpenItem) -> None:
        case = self.cases.get(item.root_id, {})
        for given in self.inputs.get((str(case.get("code")), str(item.period)), ()):
            words = "发票" if given.name.endswith(".xml") else "银行"
            row = page.locator(".upload-row", has_text=words).first
            sent = row.locator("[data-sent] li")
            before = sent.count()
            row.locator("input[type=file]").set_input_files(
                {"name": given.name, "mimeType": "application/octet-stream", "buffer": given.body}
            )
            sent.nth(before).wait_for()
        page.reload()

    def _schema(self, item: OpenItem) -> Mapping[str, Any]:
        schema: Mapping[str, Any] = json.loads(
            self.store.read(definitions.body, item.form_digest or "") or b"{}"
        )
        return schema

    def _picture(self, page: Page, item: OpenItem) -> None:
        width = (page.viewport_size or DESK)["width"]
        page.screenshot(path=self.screens / f"flow-{item.process}-{item.element}-{width}.png")

    def _must_be_done(self, page: Page, item: OpenItem) -> None:
        for _ in range(50):
            if self.store.read(_state, item.id) == "completed":
                page.wait_for_url(lambda url: str(item.id) not in url)
                return
            page.wait_for_timeout(100)
        shown = page.locator(
            "[role=alert]:visible, .fjs-form-field-error:visible, .field-problem:visible"
        ).all_inner_texts()
        page.screenshot(path=self.screens / "flow-failed.png", full_page=True)
        raise AssertionError(
            f"«{item.name}» of {item.process} was not accepted: {shown} {self.troubles[-3:]}"
        )


def _state(connection: Connection, item_id: UUID) -> str | None:
    return connection.scalar(select(WorkItem.state).where(WorkItem.id == item_id))
