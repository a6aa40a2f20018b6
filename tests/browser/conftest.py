"""A real server with the firm's own processes, and a real browser that looks at it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
import yaml
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from engine import feel
from engine.commands import clients, deployments, instances, people, settings, surroundings
from engine.service_tasks import installed
from engine.worker import Worker
from store import schema
from store.clock import SystemClock
from store.unit_of_work import Store
from webui import create_app
from webui.assets import BUILT
from webui.settings import read_settings

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = ROOT / "processes"
PASSWORD = "zhangfang in the browser"
STAFF = (
    ("ma", "马负责", "manager"),
    ("wang", "王芳", "bookkeeper"),
    ("zhao", "赵敏", "tax_clerk"),
    ("chen", "陈杰", "reviewer"),
    ("li", "李娜", "client_manager"),
)
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in BROWSERS if (found := shutil.which(name))), "")


@dataclass(frozen=True)
class Site:
    """The running server: where it is, what it stands on, an instance of each kind to look at."""

    url: str
    store: Store
    client: UUID
    collection: UUID


def files() -> dict[str, bytes]:
    """Return the firm's processes, decisions and forms."""
    kinds = {".bpmn", ".dmn", ".form"}
    found = [path for path in sorted(PROCESSES.rglob("*")) if path.suffix in kinds]
    return {path.relative_to(PROCESSES).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server, with one client whose month is being collected; complaints wait for Li."""
    if not CHROMIUM:
        pytest.skip("there is no Chromium here; make test installs it")
    if not (BUILT / "manifest.json").exists():
        pytest.skip("the front end is not built; make setup builds it")
    folder = tmp_path_factory.mktemp("site")
    store = Store(
        f"sqlite:///{folder}/zhangfang.db", clock=SystemClock(), documents_folder=folder / "documents"
    )
    schema.upgrade(store.engine)
    surroundings.attach(store, handlers=installed())
    client, collection = _fill(store)
    app = create_app(store, read_settings({"ZHANGFANG_DATA_FOLDER": str(folder)}))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", store, client, collection)
    server.shutdown()
    thread.join()
    store.dispose()


def _fill(store: Store) -> tuple[UUID, UUID]:
    store.run(people.setup_firm)
    for login, name, role in STAFF:
        store.run(people.create, login, name, by=None, password=PASSWORD, roles=[role])
    for row in yaml.safe_load((PROCESSES / "settings.yaml").read_text("utf-8")):
        store.run(settings.put, row["key"], feel.native(row["value"]), by=None)
    store.run(deployments.deploy, files(), by=None, note="")
    contact = {"name": "周先生", "phone": "13800000000", "email": "zhou@example.com"}
    made = store.run(
        clients.create,
        "杭州云朵科技有限公司",
        by=None,
        status="active",
        contact=contact,
        notes="只收电子发票。",
    )
    roles = {"bookkeeper": "wang", "tax_clerk": "zhao", "reviewer": "chen", "client_manager": "li"}
    store.run(clients.assign_staff, made.id, roles, by=None)
    collection = store.run(
        instances.start, "monthly_collection", {}, by=None, client=made.id, period="2026-08"
    )
    for _ in range(3):
        store.run(instances.start, "complaint", {}, by=None, client=made.id)
    worker = Worker(store)
    for _ in range(8):
        worker.run_due(100)
    return made.id, collection


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    if not CHROMIUM:
        pytest.skip("there is no Chromium here; make test installs it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


def settle(page: Page) -> None:
    """Wait until all is drawn that the page's scripts draw: diagrams and editors."""
    page.wait_for_function("() => !document.querySelector('[data-diagram]:not([data-ready])')")
    if "/studio/edit" in page.url:
        page.wait_for_selector("#canvas[data-ready]")


Signed = Callable[..., Page]


@pytest.fixture
def signed(site: Site, browser: Browser) -> Iterator[Signed]:
    """Return a page in which somebody is signed in; what the console complains of fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def sign_in(login: str = "ma", *, language: str = "zh", width: int = 1440) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None,
        )
        page.goto(f"{site.url}/sign-in?lang={language}")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_selector("#rail", state="attached")
        switch = page.locator(f"form[action='/language'] button[value={language}]")
        if switch.count():
            switch.click()
            page.wait_for_selector(f"html[lang^={language}]", state="attached")
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert complaints == []
