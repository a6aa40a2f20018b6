from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from engine.commands import clients as client_commands
from engine.commands import deployments, documents, instances, people
from engine.people import Person
from store.clock import TestClock
from store.errors import BadQuery
from store.queries import (
    books,
    clients,
    definitions,
    history,
    incidents,
    jobs,
    tax,
    work_items,
)
from store.queries import documents as document_queries
from store.queries import instances as instance_queries
from store.queries import people as people_queries
from store.queries.desk_filter import DeskFilter
from store.queries.desk_views import View
from store.queries.paging import Paging
from store.queries.scope import Scope
from store.tables import Obligation, Period, TaxReturn, Voucher, VoucherLine
from store.unit_of_work import Store, UnitOfWork, counted
from tests.conftest import Firm
from tests.engine.bpmn.drawing import bpmn

WAITS = (
    "startEvent s\nparallelGateway g\nuserTask a groups=bookkeeper due='= date(\"2026-08-31\")'\nuserTask b groups=reviewer\n"
    "intermediateCatchEvent t timer=duration:P1D\nintermediateCatchEvent m message='go@= \"1\"'\nserviceTask j topic=missing\n"
    "endEvent e\ns -> g\ng -> a -> e\ng -> b -> e\ng -> t -> e\ng -> m -> e\ng -> j -> e"
)


def scope(person: Person) -> Scope:
    return Scope(person.id, person.login, person.roles, person.teams, person.may("clients.view_all"))


@pytest.fixture
def started(store: Store, firm: Firm, handlers: Any) -> UUID:
    handlers.service_task("missing", effect="outside")(lambda call, outside: {})
    store.run(deployments.deploy, {"p/p.bpmn": bpmn(WAITS)}, by=None)
    return store.run(instances.start, "p", {"x": "y"}, by=firm.lin, client=firm.client, period="2026-08")


def test_the_desk_shows_what_a_person_may_take_and_nothing_of_other_portfolios(
    store: Store, firm: Firm, started: UUID, clock: TestClock
) -> None:
    def names(person: Person, view: View) -> list[str]:
        return [row.name for row in store.read(work_items.desk, scope(person), clock.now(), view=view).rows]

    assert names(firm.bao, "unassigned") == ["a"]
    assert names(firm.bao, "all") == ["a", "b"]
    assert names(firm.rui, "unassigned") == ["b"]
    assert names(firm.bei, "all") == []
    assert names(firm.lin, "overdue") == ["a"]
    assert names(firm.lin, "mine") == []


def test_the_desk_is_narrowed_sorted_and_cut_into_pages(
    store: Store, firm: Firm, started: UUID, clock: TestClock
) -> None:
    def desk(paging: Paging | None = None, **filters: Any) -> Any:
        narrowed = DeskFilter(**filters)
        return store.read(
            work_items.desk, scope(firm.lin), clock.now(), view="all", filters=narrowed, paging=paging
        )

    assert [row.name for row in desk(Paging(sort="-name")).rows] == ["b", "a"]
    page = desk(Paging(2, 1, "name"))
    assert ([row.name for row in page.rows], page.total, page.pages) == (["b"], 2, 2)
    assert desk(text="晨光").total == 2
    assert desk(text="100%").total == 0
    assert desk(role="reviewer").rows[0].roles == ("reviewer",)
    assert desk(period="2026-09").total == 0
    for wrong in (Paging(sort="password_hash"), Paging(number=0), Paging(size=100_000)):
        with pytest.raises(BadQuery):
            desk(wrong)
    with pytest.raises(BadQuery, match="no view"):
        store.read(work_items.desk, scope(firm.lin), clock.now(), view="everything")  # type: ignore[arg-type]


def test_an_instance_tells_what_it_waits_for(store: Store, firm: Firm, started: UUID) -> None:
    row = store.read(instance_queries.get, scope(firm.bao), started)
    assert row is not None
    assert (row.process, row.state, row.client_code, row.period, row.starter_name) == (
        "p",
        "running",
        "0001",
        "2026-08",
        "Lin",
    )
    waits = store.read(instance_queries.waits, scope(firm.bao), started)
    assert sorted((wait.element, wait.kind) for wait in waits) == [
        ("a", "work_item"), ("b", "work_item"), ("j", "service"), ("m", "message"), ("t", "timer"),
    ]  # fmt: skip
    tokens = store.read(instance_queries.tokens, scope(firm.bao), process="p")
    assert {token.element: token.count for token in tokens} == {"a": 1, "b": 1, "j": 1, "m": 1, "t": 1}
    names = {row.name for row in store.read(instance_queries.variables, scope(firm.bao), started)}
    assert {"x", "client", "settings", "period"} <= names


def test_nobody_sees_instances_of_clients_that_are_not_theirs(
    store: Store, firm: Firm, started: UUID
) -> None:
    seen = scope(firm.bei)
    assert store.read(instance_queries.get, seen, started) is None
    assert store.read(instance_queries.list_, seen).total == 0
    assert store.read(instance_queries.waits, seen, started) == ()
    assert store.read(instance_queries.tokens, seen, process="p") == ()
    assert store.read(instance_queries.variables, seen, started) == ()
    assert store.read(history.of_instance, seen, started) == ()
    assert store.read(jobs.list_, seen).total == 0
    assert store.read(clients.list_, seen).total == 0
    assert store.read(clients.get, seen, firm.client) is None
    assert store.read(clients.timeline, seen, firm.client) == ()
    assert store.read(work_items.of_instance, seen, started) == ()


def test_clients_of_a_team_and_clients_of_nobody_are_seen(store: Store, firm: Firm) -> None:
    team = store.run(people.create_team, "North", ["bei"], by=None)
    bei = store.read(people.load, firm.bei.id)
    assert bei is not None
    made = store.run(client_commands.create, "远航科技", team_id=team, by=None)
    lead = store.run(client_commands.create, "新客户", by=None)
    seen = {row.code for row in store.read(clients.list_, scope(bei)).rows}
    assert seen == {made.code, lead.code}
    assert {row.code for row in store.read(clients.list_, scope(firm.bao)).rows} == {"0001", lead.code}
    assert store.read(clients.list_, scope(firm.ma)).total == 3
    assert store.read(clients.list_, scope(firm.ma), clients.ClientFilter(staff_login="bao")).total == 1


def add_voucher(
    uow: UnitOfWork, client_id: UUID, period: str, number: int, *, amount: str, state: str
) -> None:
    voucher_id = uow.new_id()
    voucher = {"id": voucher_id, "client_id": client_id, "period": period, "number": number}
    uow.connection.execute(
        insert(Voucher), [voucher | {"on": date(2026, 8, 1), "summary": "s", "state": state}]
    )
    lines = [("1002", amount, "0"), ("5001", "0", amount)]
    rows = [
        {"voucher_id": voucher_id, "line": line, "account": account, "summary": "s"}
        | {"debit": Decimal(debit), "credit": Decimal(credit)}
        for line, (account, debit, credit) in enumerate(lines)
    ]
    uow.connection.execute(insert(VoucherLine), rows)


def test_books_add_up(store: Store, firm: Firm, clock: TestClock) -> None:
    def post(uow: UnitOfWork) -> None:
        add_voucher(uow, firm.client, "2026-07", 1, amount="100.10", state="posted")
        add_voucher(uow, firm.client, "2026-08", 2, amount="20.05", state="posted")
        add_voucher(uow, firm.client, "2026-08", 3, amount="7", state="proposed")
        month = {"starts_on": date(2026, 8, 1), "ends_on": date(2026, 8, 31)}
        uow.session.add(Period(id=uow.new_id(), client_id=firm.client, code="2026-08", **month))

    store.run(post)
    seen = scope(firm.bao)
    balance = store.read(books.trial_balance, seen, firm.client, "2026-08")
    assert [(row.account, row.opening, row.debit, row.credit, row.closing) for row in balance] == [
        ("1002", Decimal("100.10"), Decimal("20.05"), Decimal("0.00"), Decimal("120.15")),
        ("5001", Decimal("-100.10"), Decimal("0.00"), Decimal("20.05"), Decimal("-120.15")),
    ]
    found = store.read(books.vouchers, seen, firm.client, period="2026-08")
    assert [row.amount for row in found.rows] == [Decimal("20.05"), Decimal("7.00")]
    assert len(store.read(books.lines, seen, found.rows[0].id)) == 2
    assert [row.code for row in store.read(books.periods, seen, firm.client)] == ["2026-08"]
    assert store.read(books.trial_balance, scope(firm.bei), firm.client, "2026-08") == ()


def test_returns_and_obligations_are_listed_by_due_day(store: Store, firm: Firm, clock: TestClock) -> None:
    def add(uow: UnitOfWork) -> None:
        common = {"client_id": firm.client, "period": "2026Q3", "code": "vat", "due_on": date(2026, 10, 26)}
        uow.connection.execute(insert(Obligation), [{"id": uow.new_id(), "name": "增值税", **common}])
        row = {"id": uow.new_id(), "amount": Decimal("12.30"), "computation": {}, "at": uow.now, **common}
        uow.connection.execute(insert(TaxReturn), [row])

    store.run(add)
    [row] = store.read(tax.returns, scope(firm.bao), client_id=firm.client).rows
    assert (row.name, row.amount, row.client_code) == ("增值税", Decimal("12.30"), "0001")
    [due] = store.read(clients.obligations, scope(firm.bao), due_before=date(2026, 11, 1)).rows
    assert due.state == "open"
    client = store.read(clients.by_code, scope(firm.bao), "0001")
    assert client is not None
    assert client.next_due_on == date(2026, 10, 26)
    assert store.read(tax.returns, scope(firm.bei)).total == 0


def test_papers_are_seen_by_those_who_look_after_the_client(store: Store, firm: Firm) -> None:
    paper = store.run(
        documents.add, b"x", "a.pdf", "application/pdf", client=firm.client, kind="invoice", by=firm.bao
    )
    assert store.read(document_queries.get, scope(firm.bei), paper) is None
    row = store.read(document_queries.get, scope(firm.bao), paper)
    assert row is not None
    assert (row.filename, row.author, row.client_code) == ("a.pdf", "Bao", "0001")
    assert (
        store.read(document_queries.list_, scope(firm.bao), document_queries.DocumentFilter(text="A.P")).total
        == 1
    )


def test_definitions_tell_their_versions_and_what_runs(store: Store, firm: Firm, started: UUID) -> None:
    [row] = store.read(definitions.list_)
    assert (row.key, row.version, row.running) == ("p", 1, 1)
    assert store.read(definitions.body, row.digest) == bpmn(WAITS)
    assert len(store.read(definitions.versions, "process", "p")) == 1
    assert store.read(definitions.newest, "process", "q") is None


def test_staff_and_grants_are_listed(store: Store, firm: Firm) -> None:
    store.run(people.disable, "bei", by=firm.ma)
    assert [row.login for row in store.read(people_queries.list_)] == ["bao", "lin", "ma", "rui"]
    assert len(store.read(people_queries.list_, active_only=False)) == 5
    assert "work.take" in store.read(people_queries.grants)["bookkeeper"]
    assert store.read(people_queries.roles)[0].key == "sales"


LISTS: dict[str, tuple[int, Callable[[Store, Scope, TestClock], Any]]] = {
    "desk": (2, lambda store, seen, clock: store.read(work_items.desk, seen, clock.now(), view="all")),
    "counts": (1, lambda store, seen, clock: store.read(work_items.counts, seen, clock.now())),
    "instances": (2, lambda store, seen, clock: store.read(instance_queries.list_, seen)),
    "clients": (2, lambda store, seen, clock: store.read(clients.list_, seen)),
    "definitions": (1, lambda store, seen, clock: store.read(definitions.list_)),
    "jobs": (2, lambda store, seen, clock: store.read(jobs.list_, seen)),
    "incidents": (1, lambda store, seen, clock: store.read(incidents.grouped, seen)),
    "documents": (2, lambda store, seen, clock: store.read(document_queries.list_, seen)),
    "people": (2, lambda store, seen, clock: store.read(people_queries.list_)),
}


@pytest.mark.parametrize("name", LISTS)
def test_the_number_of_statements_of_a_list_does_not_grow_with_its_rows(
    store: Store, firm: Firm, started: UUID, clock: TestClock, name: str
) -> None:
    allowed, ask = LISTS[name]
    for _ in range(3):
        store.run(instances.start, "p", {}, by=None, client=firm.client)
    clock.advance(timedelta(minutes=1))
    with counted(store) as statements:
        ask(store, scope(firm.bao), clock)
    assert len([one for one in statements if not one.startswith("BEGIN")]) == allowed
