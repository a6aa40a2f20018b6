from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from engine.commands import deployments, instances
from engine.people import Person
from store.clock import TestClock
from store.queries import paging, work_items
from store.queries.desk_filter import DeskFilter
from store.queries.paging import Page, Paging
from store.queries.scope import Scope
from store.tables import Client, WorkItem
from store.unit_of_work import Store, UnitOfWork
from tests.conftest import Firm
from tests.engine.bpmn.drawing import bpmn

STEP = "startEvent s\nuserTask u {who}\nendEvent e\ns -> u -> e"


def scope(person: Person) -> Scope:
    may_see_all = person.may("clients.view_all")
    return Scope(person.id, person.login, person.roles, person.teams, may_see_all)


@pytest.fixture
def items(store: Store, firm: Firm) -> list[UUID]:
    """Twelve items: by turns of a client, of another and of none, with a due time and without."""
    store.run(deployments.deploy, {"p/p.bpmn": bpmn(STEP.format(who="groups=bookkeeper"))}, by=None)
    other = store.run(_second_client)
    for number in range(12):
        client = (firm.client, other, None)[number % 3]
        store.run(instances.start, "p", {}, by=None, client=client)
    ids = [row[0] for row in store.read(lambda c: c.execute(select(WorkItem.id).order_by(WorkItem.id)).all())]
    store.run(_due, ids)
    return ids


def _second_client(uow: UnitOfWork) -> UUID:
    new = uow.new_id()
    row = {"id": new, "code": "0002", "name": "安达", "created_at": uow.now}
    uow.connection.execute(insert(Client), [row])
    return new


def _due(uow: UnitOfWork, ids: list[UUID]) -> None:
    table = WorkItem.__table__
    for number, each in enumerate(ids):
        due = None if number % 2 else uow.now + timedelta(days=12 - number)
        uow.connection.execute(table.update().where(table.c.id == each).values(due_at=due))  # type: ignore[attr-defined]


def desk(store: Store, who: Person, clock: TestClock, page: Paging, **filters: Any) -> Page[Any]:
    return store.read(
        work_items.desk, scope(who), clock.now(), view="all", filters=DeskFilter(**filters), paging=page
    )


@pytest.mark.parametrize("size", [1, 4, 5, 12, 50])
@pytest.mark.parametrize(
    "sort", ["due_at", "-due_at", "client", "-client", "process", "-priority", "opened_at"]
)
def test_the_pages_of_a_list_hold_every_row_once_and_in_order(
    store: Store, firm: Firm, clock: TestClock, items: list[UUID], sort: str, size: int
) -> None:
    pages = [desk(store, firm.ma, clock, Paging(number, size, sort)) for number in range(1, 12 // size + 2)]
    rows = [row for page in pages for row in page.rows]
    assert sorted(row.id for row in rows) == items
    assert {page.total for page in pages} == {12}
    assert [page.more for page in pages[:2]] == [size < 12, size < 6][: len(pages)]

    def key(row: Any) -> Any:
        return {"due_at": row.due_at, "client": row.client_name}.get(sort.removeprefix("-"), row.priority)

    known = [key(row) for row in rows if key(row) is not None]
    assert known == sorted(known, reverse=sort.startswith("-"))
    assert [key(row) for row in rows[len(known) :]] == [None] * (12 - len(known))


def test_a_list_that_nobody_counts_to_its_end_says_so(
    store: Store, firm: Firm, clock: TestClock, items: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "COUNTED", 5)
    first, last = (desk(store, firm.ma, clock, Paging(number, 4)) for number in (1, 3))
    assert (first.total, first.uncounted, first.more) == (5, True, True)
    assert len(last.rows) == 4
    after = desk(store, firm.ma, clock, Paging(4, 4))
    assert (after.rows, after.more) == ((), False)


def test_words_are_found_in_step_client_and_process(
    store: Store, firm: Firm, clock: TestClock, items: list[UUID]
) -> None:
    assert desk(store, firm.ma, clock, Paging(), text="安达").total == 4
    assert desk(store, firm.ma, clock, Paging(), text="0002").total == 4
    assert desk(store, firm.ma, clock, Paging(), text="U").total == 12
    assert desk(store, firm.ma, clock, Paging(), text="nowhere").total == 0
    assert desk(store, firm.ma, clock, Paging(), assignee="nobody").total == 0
    assert desk(store, firm.ma, clock, Paging(), process="q").total == 0


@pytest.mark.parametrize(
    ("who", "sole", "takers"),
    [
        ("groups=bookkeeper", "bookkeeper", {"bao", "bei"}),
        ("groups=bookkeeper,reviewer", None, {"bao", "bei", "rui"}),
        ("groups=bookkeeper users=lin", None, {"bao", "bei", "lin"}),
        ("users=rui", None, {"rui"}),
    ],
)
def test_the_sole_role_of_an_item_says_what_its_candidates_say(
    store: Store, firm: Firm, clock: TestClock, who: str, sole: str | None, takers: set[str]
) -> None:
    store.run(deployments.deploy, {"p/p.bpmn": bpmn(STEP.format(who=who))}, by=None)
    store.run(instances.start, "p", {}, by=None)
    assert store.read(lambda c: c.scalar(select(WorkItem.sole_role))) == sole
    staff = (firm.bao, firm.bei, firm.rui, firm.lin)
    seen = {
        one.login
        for one in staff
        if store.read(work_items.desk, scope(one), clock.now(), view="unassigned").total
    }
    assert seen == takers
