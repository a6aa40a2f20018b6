"""A draft that is on its way when somebody hands in: neither is refused because of the other."""

from __future__ import annotations

import json
from uuid import UUID

from playwright.sync_api import Route, expect
from sqlalchemy import select

from engine.commands import deployments, instances, portal, work_items
from store.tables import WorkItem
from tests.browser.conftest import Signed, Site
from tests.browser.test_portal import Phone, phone
from tests.engine.bpmn.drawing import bpmn

__all__ = ["phone"]

FORM = {
    "type": "default",
    "id": "drafts.ask",
    "schemaVersion": 18,
    "components": [{"type": "textfield", "id": "word", "key": "word", "label": "话"}],
}
DRAFT, COMPLETE = "**/draft", "**/complete"


def asked(site: Site, role: str) -> UUID:
    """Return the work item of the form that someone with a role has to fill in for the client."""
    process = f"startEvent s\nuserTask ask groups={role} form=drafts.ask name='Ask'\ns -> ask"
    files = {
        "drafts/drafts.bpmn": bpmn(process, "drafts"),
        "drafts/forms/ask.form": json.dumps(FORM).encode(),
    }
    site.store.run(deployments.deploy, files, by=None)
    instance = site.store.run(instances.start, "drafts", {}, by=None, client=site.client)
    query = select(WorkItem.id).where(WorkItem.instance_id == instance)
    item: UUID = site.store.read(lambda connection: connection.execute(query).scalar_one())
    return item


def state(site: Site, item: UUID) -> str:
    query = select(WorkItem.state).where(WorkItem.id == item)
    return site.store.read(lambda connection: str(connection.execute(query).scalar_one()))


def test_at_the_desk_the_draft_arrives_first(site: Site, signed: Signed) -> None:
    item = asked(site, "manager")
    site.store.run(work_items.assign, item, "ma", by=None)
    page = signed()
    held: list[Route] = []
    handed_in: list[str] = []
    page.route(DRAFT, lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    page.on("request", lambda sent: handed_in.append(sent.url) if sent.url.endswith("/complete") else None)
    page.goto(f"{site.url}/desk?item={item}")
    with page.expect_request(DRAFT):
        page.locator(".fjs-container input").fill("好")
    page.locator("[data-act=complete]:visible").first.click()
    expect(page.locator("[data-act=complete]").first).to_be_disabled()
    assert handed_in == []
    with page.expect_response(COMPLETE) as answer:
        held[0].continue_()
    assert answer.value.status == 200
    assert state(site, item) == "completed"


def test_in_the_portal_it_is_called_back(site: Site, phone: Phone) -> None:
    item = asked(site, "client_contact")
    home = f"{site.url}/portal/{site.store.run(portal.create_link, site.client, 'upload', by=None)}"
    page = phone()
    drafts: list[Route] = []
    completions: list[Route] = []
    page.route(DRAFT, lambda route: drafts.append(route))  # noqa: PLW0108 - as above
    page.route(COMPLETE, lambda route: completions.append(route))  # noqa: PLW0108 - as above
    page.goto(f"{home}/steps/{item}")
    with page.expect_request(DRAFT):
        page.locator("form[data-draft] #f-word").fill("好")
    with page.expect_event("requestfailed") as called_back, page.expect_request(COMPLETE):
        page.locator("form[data-draft] button").evaluate("button => void setTimeout(() => button.click())")
    assert called_back.value.url.endswith("/draft")
    while not completions:  # asked for already, not handed over yet
        page.wait_for_timeout(10)
    completions[0].continue_()
    expect(page.locator(".portal-flash")).to_contain_text("已收到")
    assert state(site, item) == "completed"
