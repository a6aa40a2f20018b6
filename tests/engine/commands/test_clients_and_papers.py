from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from engine.commands import clients, documents, portal, settings
from engine.errors import Conflict, InvalidInput, NotAllowed, NotFound
from store.clock import TestClock
from store.errors import StorageFull
from store.queries import clients as client_queries
from store.queries import people as people_queries
from store.tables import Document, FirmSetting, HistoryEvent, PortalLink
from store.unit_of_work import Store
from tests.conftest import Firm
from tests.engine.commands.test_work_items import scope


def test_a_client_without_a_code_gets_the_next_number(store: Store, firm: Firm) -> None:
    first = store.run(
        clients.create, "远航科技", by=firm.ma, klass="A", contact={"name": "Zhou", "phone": "1"}
    )
    second = store.run(clients.create, "东方餐饮", by=firm.ma)
    assert (first.code, second.code) == ("C0002", "C0003")
    [contact] = store.read(client_queries.contacts, scope(firm.ma), first.id)
    assert (contact.name, contact.main) == ("Zhou", True)


def test_bad_clients_are_told_what_is_wrong(store: Store, firm: Firm) -> None:
    with pytest.raises(InvalidInput, match="needs a name"):
        store.run(clients.create, " ", by=firm.ma)
    with pytest.raises(InvalidInput, match="one of A, B, C"):
        store.run(clients.create, "x", klass="D", by=firm.ma)
    with pytest.raises(InvalidInput, match="no field"):
        store.run(clients.create, "x", colour="red", by=firm.ma)
    with pytest.raises(Conflict, match="0001"):
        store.run(clients.create, "x", code="0001", by=firm.ma)
    store.run(clients.create, "x", credit_code="91110000600037341L", by=firm.ma)
    with pytest.raises(Conflict, match="that of «x»"):
        store.run(clients.create, "y", credit_code="91110000600037341L", by=firm.ma)
    with pytest.raises(NotAllowed):
        store.run(clients.create, "y", by=firm.bao)


def test_of_two_who_change_a_client_the_second_is_told(store: Store, firm: Firm) -> None:
    store.run(clients.update, firm.client, {"notes": "pays late", "klass": "C"}, by=firm.ma, version=1)
    with pytest.raises(Conflict):
        store.run(clients.update, firm.client, {"notes": "x"}, by=firm.ma, version=1)
    row = store.read(client_queries.get, scope(firm.ma), firm.client)
    assert row is not None
    assert (row.notes, row.klass, row.version) == ("pays late", "C", 2)
    [fact] = store.read(client_queries.timeline, scope(firm.ma), firm.client, kinds=("client.updated",))
    assert fact.detail == {
        "before": {"klass": "B", "notes": ""},
        "after": {"klass": "C", "notes": "pays late"},
    }
    assert fact.person == "Ma"


def test_nobody_reviews_their_own_books(store: Store, firm: Firm) -> None:
    with pytest.raises(InvalidInput, match="somebody else"):
        store.run(clients.assign_staff, firm.client, {"reviewer": "bao"}, by=None)
    store.run(clients.assign_staff, firm.client, {"bookkeeper": "bei"}, by=None)
    staff = store.read(client_queries.staff, scope(firm.ma), firm.client)
    assert {row.role_key: row.login for row in staff} == {"bookkeeper": "bei", "reviewer": "rui"}


def test_the_contact_log_is_kept(store: Store, firm: Firm) -> None:
    store.run(
        clients.log_contact,
        firm.client,
        "papers",
        "asked again",
        channel="call",
        direction="out",
        by=firm.bao,
    )
    [row] = store.read(client_queries.conversations, scope(firm.bao), firm.client)
    assert (row.subject, row.author) == ("papers", "Bao")
    with pytest.raises(InvalidInput):
        store.run(clients.log_contact, firm.client, "x", channel="call", direction="up", by=None)


def test_a_setting_is_put_seeded_and_kept_with_its_history(store: Store, firm: Firm) -> None:
    store.run(settings.put, "limit", Decimal("1.50"), by=firm.ma)
    assert store.run(settings.seed, {"limit": Decimal(9), "days": Decimal(3)}) == 1
    rows = store.read(lambda connection: list(connection.execute(select(FirmSetting.key, FirmSetting.value))))
    assert dict(map(tuple, rows)) == {"limit": {"value": {"$d": "1.50"}}, "days": {"value": {"$d": "3"}}}
    query = (
        select(HistoryEvent.detail).where(HistoryEvent.kind == "setting.changed").order_by(HistoryEvent.id)
    )
    details = store.read(lambda connection: list(connection.scalars(query)))
    assert details[0] == {"before": None, "after": {"$d": "1.50"}}
    with pytest.raises(NotAllowed):
        store.run(settings.put, "limit", Decimal(2), by=firm.bao)
    with pytest.raises(InvalidInput):
        store.run(settings.put, "a b", Decimal(2), by=None)


def test_a_link_opens_until_it_ends_or_is_revoked_and_its_token_is_nowhere(
    store: Store, firm: Firm, clock: TestClock
) -> None:
    token = store.run(portal.create_link, firm.client, "upload", by=firm.bao, days=3)
    other = store.run(portal.create_link, firm.client, "upload", by=firm.bao, days=3)
    link = store.run(portal.open_link, token)
    assert (link.client_id, link.purpose) == (firm.client, "upload")
    assert len(token) >= 40
    assert token != other
    hashes = store.read(lambda connection: list(connection.scalars(select(PortalLink.token_hash))))
    assert token not in hashes

    store.run(portal.revoke_link, link.id, by=firm.bao)
    for wrong in (token, "x" * 43, ""):
        with pytest.raises(NotFound, match="not valid"):
            store.run(portal.open_link, wrong)
    clock.advance(timedelta(days=3))
    with pytest.raises(NotFound, match="not valid"):
        store.run(portal.open_link, other)
    with pytest.raises(NotFound):
        store.run(portal.revoke_link, uuid4(), by=None)


def test_the_same_paper_twice_is_two_rows_and_one_file(store: Store, firm: Firm) -> None:
    first = store.run(
        documents.add, b"pdf", "C:\\fakepath\\票据.pdf", "application/pdf", client=firm.client, by=firm.bao
    )
    second = store.run(documents.add, b"pdf", "b.pdf", "", client=firm.client, by=None, from_portal=True)
    rows = store.read(
        lambda connection: list(connection.execute(select(Document.id, Document.filename, Document.digest)))
    )
    assert {row.id for row in rows} == {first, second}
    assert len({row.digest for row in rows}) == 1
    assert "票据.pdf" in {row.filename for row in rows}
    assert store.documents.get(rows[0].digest) == b"pdf"
    with pytest.raises(InvalidInput, match="is empty"):
        store.run(documents.add, b"", "a.pdf", "", by=None)


def test_a_paper_that_finds_no_room_leaves_no_row(
    store: Store, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(body: bytes) -> str:
        raise StorageFull("The disk is full.")

    monkeypatch.setattr(store.documents, "put", full)
    with pytest.raises(StorageFull):
        store.run(documents.add, b"pdf", "a.pdf", "", client=firm.client, by=None)
    assert store.read(lambda connection: connection.scalar(select(func.count()).select_from(Document))) == 0


def test_a_paper_is_returned_with_a_reason(store: Store, firm: Firm) -> None:
    paper = store.run(documents.add, b"pdf", "a.pdf", "", client=firm.client, by=None)
    store.run(documents.set_state, paper, "returned", reason="not readable", by=firm.bao)
    row = store.read(lambda connection: connection.execute(select(Document.state, Document.reason)).one())
    assert tuple(row) == ("returned", "not readable")
    with pytest.raises(InvalidInput):
        store.run(documents.set_state, paper, "eaten", by=None)
    with pytest.raises(NotFound):
        store.run(documents.set_state, uuid4(), "accepted", by=None)
    assert len(store.read(people_queries.teams)) == 0
