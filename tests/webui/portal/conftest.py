"""A client with a link over the sample process, and browsers that nobody or somebody is signed in to."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from engine.commands import clients, deployments, instances, portal
from store.tables import DocumentRequest
from store.unit_of_work import Store, UnitOfWork
from tests.conftest import Firm
from tests.webui.browsing import Browser, Visit
from tests.webui.conftest import Pages

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture
def app(store: Store, tmp_path: Path, pages: Pages) -> Flask:
    """The application with a small limit of uploads."""
    return pages(store, tmp_path, ZHANGFANG_UPLOAD_MEGABYTES="1")


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """A browser that nobody is signed in to."""
    return Browser(app.test_client())


@pytest.fixture
def visit(store: Store, firm: Firm) -> Visit:
    """The client 0001 is asked for papers of August."""
    files = {path.name: path.read_bytes() for path in SAMPLES.iterdir()}
    placed = {
        f"visit/forms/{name}" if name.endswith(".form") else f"visit/{name}": files[name] for name in files
    }
    store.run(deployments.deploy, placed, by=None)
    return store.run(_visit, firm.client)


@pytest.fixture
def other_client(store: Store, firm: Firm) -> UUID:
    """A second client that only Bei looks after."""
    del firm
    made = store.run(clients.create, "晚霞餐饮有限公司", code="0002", by=None)
    store.run(clients.assign_staff, made.id, {"bookkeeper": "bei"}, by=None)
    return made.id


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
    given = {"fee": Decimal("1200.50"), "clauses": clauses, "requests": []}
    started = instances.start(uow, "visit", given, by=None, client=client, period="2026-08")
    return Visit(client, started, portal.create_link(uow, client, "upload", by=None))
