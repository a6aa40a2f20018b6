"""The pages over the small firm: clients of Flask that are somebody, and a month end on its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from engine.commands import deployments, instances
from engine.people import Person
from engine.service_tasks import Handlers
from engine.worker import Worker
from store.clock import TestClock
from store.tables import WorkItem
from store.unit_of_work import Store
from tests.conftest import Firm
from tests.webui.sample import FILES
from webui import assets, create_app
from webui.place import Place
from webui.settings import read_settings

CSRF = "token-of-the-test"


class As(Protocol):
    """A browser in which somebody is signed in, in a language."""

    def __call__(self, person: Person | None, language: str = "zh") -> FlaskClient:
        """Return the browser."""


@pytest.fixture
def handlers() -> Handlers:
    """One handler, which fails until the machine is mended."""
    found = Handlers()

    @found.service_task(
        "test.post", effect="database", title="过账", title_en="Post", errors=("books.closed",)
    )
    def post(call: Any, uow: Any) -> dict[str, Any]:
        del uow
        if call.variables.get("machine") != "mended":
            raise RuntimeError("the machine is broken")
        return {"posted": True}

    return found


class Pages(Protocol):
    """The application over a store, set as the given variables of the environment say."""

    def __call__(self, store: Store, folder: Path, **told: str) -> Flask:
        """Return the application."""


@pytest.fixture(scope="session")
def made() -> dict[tuple[tuple[str, str], ...], tuple[Flask, dict[str, Any]]]:
    """Applications by their settings, with what each held when it was new."""
    return {}


@pytest.fixture
def pages(
    made: dict[tuple[tuple[str, str], ...], tuple[Flask, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> Pages:
    """Applications with names of bundles that need not be built.

    Routes and templates are compiled once; what an application holds beside them, a store above all, is each test's own.
    """
    monkeypatch.setattr(assets, "asset", lambda name: f"/static/built/{name}")
    monkeypatch.setattr("webui.asset", lambda name: f"/static/built/{name}")

    def over(store: Store, folder: Path, **told: str) -> Flask:
        settings = read_settings({"ZHANGFANG_DATA_FOLDER": str(folder), **told})
        key = tuple(sorted(told.items()))
        if key not in made:
            new = create_app(store, settings, testing=True)
            made[key] = new, dict(new.extensions)
        found, held = made[key]
        found.extensions = {**held, "zhangfang": Place(store, settings)}
        return found

    return over


@pytest.fixture
def app(store: Store, tmp_path: Path, pages: Pages) -> Flask:
    """The application in Chinese."""
    return pages(store, tmp_path, ZHANGFANG_SECRET_KEY="of the test")


@pytest.fixture
def as_(app: Flask) -> As:
    """Return a browser in which somebody is signed in."""

    def browser(person: Person | None, language: str = "zh") -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as session:
            session["csrf"], session["language"] = CSRF, language
            if person is not None:
                session["person"], session["epoch"] = str(person.id), 0
        return client

    return browser


@pytest.fixture
def month(store: Store, firm: Firm) -> UUID:
    """A month end of client 0001 for 2026-08 that waits for its vouchers."""
    store.run(deployments.deploy, FILES, by=None)
    return store.run(instances.start, "month", {}, by=None, client=firm.client, period="2026-08")


@pytest.fixture
def item(store: Store, month: UUID) -> Callable[[str], UUID]:
    """Return the id of the open work item at an element."""
    del month

    def find(element: str) -> UUID:
        query = select(WorkItem.id).where(WorkItem.element == element, WorkItem.state == "open")
        found: UUID = store.read(lambda connection: connection.execute(query).scalar_one())
        return found

    return find


@pytest.fixture
def run_due(worker: Worker, clock: TestClock) -> Callable[[], int]:
    """Run what is due now."""
    del clock
    return lambda: worker.run_due(100)


def form(**fields: Any) -> dict[str, Any]:
    """Return the fields of a form with the token that it needs."""
    return {"csrf_token": CSRF, **fields}


def with_roles(person: Person, *roles: str) -> Person:
    """Return the person with other roles, for pages that only look at the value."""
    return replace(person, roles=frozenset(roles))
