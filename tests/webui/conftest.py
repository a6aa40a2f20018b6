"""A firm with a browser: the application over a temporary store, people signed in, a client with a link."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

import webui
from engine.commands import clients, deployments, instances, people, portal
from store.tables import DocumentRequest
from store.unit_of_work import Store, UnitOfWork
from tests.conftest import Firm
from tests.webui.browsing import Browser, Visit
from webui import assets
from webui.settings import read_settings

SAMPLES = Path(__file__).parent / "samples"
BUNDLES = ("app", "form", "diagram", "studio", "decision", "form-editor", "portal")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that stands for the front end's build, so that pages are tested without it."""
    folder = tmp_path_factory.mktemp("built")
    names = {f"{name}.{kind}": f"{name}-0.{kind}" for name in BUNDLES for kind in ("js", "css")}
    (folder / "manifest.json").write_text(json.dumps(names | {"icons": "icons-0.svg"}))
    return folder


@pytest.fixture
def app(store: Store, tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application over the test's store."""
    monkeypatch.setattr(assets, "BUILT", built)
    given = {"ZHANGFANG_DATA_FOLDER": str(tmp_path), "ZHANGFANG_FIRM_NAME": "样例事务所"}
    return webui.create_app(store, read_settings({**given, "ZHANGFANG_UPLOAD_MEGABYTES": "1"}), testing=True)


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """A browser that nobody is signed in to."""
    return Browser(app.test_client())


@pytest.fixture
def as_person(app: Flask, store: Store) -> Callable[[str], Browser]:
    """Sign in: ``as_person("bao")`` is a browser of hers."""

    def sign_in(login: str) -> Browser:
        browser = Browser(app.test_client())
        person = store.run(_with_password, login)
        with browser.client.session_transaction() as session:
            session["person"], session["epoch"] = str(person), store.read(people.epoch_of, person)
        return browser

    return sign_in


def _with_password(uow: UnitOfWork, login: str) -> UUID:
    return people.by_login(uow, login).id


@pytest.fixture
def sample_process(store: Store, firm: Firm) -> None:
    """The sample process, deployed."""
    del firm
    files = {
        path.relative_to(SAMPLES).as_posix(): path.read_bytes()
        for path in SAMPLES.rglob("*")
        if path.is_file()
    }
    moved = {
        name.replace("visit/", "visit/forms/") if name.endswith(".form") else name: body
        for name, body in files.items()
    }
    store.run(deployments.deploy, moved, by=None)


@pytest.fixture
def visit(store: Store, firm: Firm, sample_process: None) -> Visit:
    """The client 0001 is asked for papers of August."""
    del sample_process
    return store.run(_visit, firm.client)


def _visit(uow: UnitOfWork, client: UUID) -> Visit:
    for place, (code, name) in enumerate((("invoice", "发票"), ("bank", "银行流水"))):
        uow.session.add(
            DocumentRequest(
                id=uow.new_id(), client_id=client, period="2026-08", code=code, name=name, help=f"帮助{place}",
                required=place == 0, state="open", at=uow.now,
            )
        )  # fmt: skip
    uow.session.flush()
    clauses = [{"no": str(n), "text": f"条款{n}", "label": f"第{n}条", "value": f"c{n}"} for n in (1, 2)]
    started = instances.start(
        uow,
        "visit",
        {"fee": Decimal("1200.50"), "clauses": clauses, "requests": []},
        by=None,
        client=client,
        period="2026-08",
    )
    return Visit(client, started, portal.create_link(uow, client, "upload", by=None))


@pytest.fixture
def other_client(store: Store, firm: Firm) -> UUID:
    """A second client that nobody but the manager looks after."""
    made = store.run(clients.create, "晚霞餐饮有限公司", code="0002", by=None)
    store.run(clients.assign_staff, made.id, {"bookkeeper": "bei"}, by=None)
    return made.id
