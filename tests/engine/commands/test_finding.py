"""Instances are found by a condition over what they know."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from engine import feel
from engine.commands import finding, instances
from engine.errors import ExpressionError
from store.queries.instances import InstanceFilter
from store.queries.scope import EVERYTHING, Scope
from store.tables import Instance, InstanceVariable
from store.unit_of_work import Store, UnitOfWork, counted
from tests.conftest import Firm
from tests.engine.commands.playing import Play

ENV = feel.Environment(now=datetime(2026, 9, 1, tzinfo=UTC), zone=ZoneInfo("Asia/Shanghai"))
DRAWING = "startEvent s\nuserTask ask groups=manager\nendEvent e\ns -> ask -> e"


@pytest.fixture
def orders(play: Play) -> list[UUID]:
    """Three orders of 5, 50 and 500, the last with a nested value, and one that has no amount."""
    play.deploy(DRAWING)
    made = [play.start(amount=Decimal(amount)) for amount in (5, 50)]
    return [*made, play.start(amount=Decimal(500), buyer={"城市": "杭州"}), play.start()]


def find(store: Store, condition: str, filters: InstanceFilter | None = None) -> finding.Found:
    return store.read(finding.find, EVERYTHING, filters or InstanceFilter(), condition, env=ENV)


@pytest.mark.parametrize(
    ("condition", "places"),
    [
        ("amount > 10", [2, 1]),
        ("= amount in [5..50]", [1, 0]),
        ('buyer.城市 = "杭州"', [2]),
        ("amount = null", [3]),
        ('this.state = "running" and this.version = 1', [3, 2, 1, 0]),
        ('this.started at > date and time("2100-01-01T00:00:00Z")', []),
        ("amount", []),
    ],
)
def test_those_it_is_true_for_are_found_the_newest_first(
    store: Store, orders: list[UUID], condition: str, places: list[int]
) -> None:
    found = find(store, condition)
    assert [row.id for row in found.rows] == [orders[place] for place in places]
    assert (found.looked_at, found.failed, found.whole) == (4, 0, True)


def test_only_what_the_other_filters_leave_is_looked_at(store: Store, orders: list[UUID]) -> None:
    found = find(store, "amount > 1", InstanceFilter(state="completed"))
    assert (found.rows, found.looked_at) == ((), 0)


def test_a_variable_of_the_name_this_rules(play: Play, store: Store) -> None:
    play.deploy(DRAWING)
    mine = play.start(this={"state": "mine"})
    assert [row.id for row in find(store, 'this.state = "mine"').rows] == [mine]


def test_what_cannot_be_evaluated_is_counted_and_the_others_are_found(
    store: Store, orders: list[UUID]
) -> None:
    found = find(store, "if amount = 50 then count(for i in 1..200000 return i) > 0 else amount = 500")
    assert [row.id for row in found.rows] == [orders[2]]
    assert found.failed == 1
    assert "limit" in found.error


def test_what_cannot_be_read_is_an_error_with_its_place(store: Store, orders: list[UUID]) -> None:
    with pytest.raises(ExpressionError) as told:
        find(store, "amount > ")
    assert (told.value.line, told.value.column) == (1, 9)


def test_nobody_finds_the_instances_of_clients_that_are_not_theirs(
    play: Play, store: Store, firm: Firm
) -> None:
    play.deploy(DRAWING)
    theirs = store.run(instances.start, "p", {"amount": Decimal(7)}, by=None, client=firm.client)
    stranger = Scope(UUID(int=7), "stranger")
    assert store.read(finding.find, stranger, InstanceFilter(), "amount = 7", env=ENV).rows == ()
    assert [row.id for row in find(store, "amount = 7").rows] == [theirs]


def test_many_are_looked_at_in_few_statements_and_not_without_end(
    play: Play, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    play.deploy(DRAWING)
    model = play.start(amount=Decimal(1))
    store.run(_copies, model, 30)
    monkeypatch.setattr(finding, "AT_ONCE", 10)
    with counted(store) as seen:
        found = find(store, "amount = 1")
    assert (len(found.rows), found.looked_at, found.whole) == (31, 31, True)
    assert len([each for each in seen if each.startswith("SELECT")]) == 8
    monkeypatch.setattr(finding, "MOST_LOOKED_AT", 20)
    assert (find(store, "amount = 2").looked_at, find(store, "amount = 2").whole) == (20, False)
    few = store.read(finding.find, EVERYTHING, InstanceFilter(), "amount = 1", env=ENV, most=5)
    assert (len(few.rows), few.whole) == (5, False)


def test_all_instances_together_take_no_longer_than_they_may(
    play: Play, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long one evaluation takes: a batch of five hundred is left in the middle."""
    play.deploy(DRAWING)
    store.run(_copies, play.start(amount=Decimal(1)), 30)
    seconds = count()
    monkeypatch.setattr(finding, "monotonic", lambda: float(next(seconds)) - 1e9)
    found = find(store, "amount = 1")
    assert (found.looked_at, found.whole) == (3, False)


def _copies(uow: UnitOfWork, model: UUID, many: int) -> None:
    """Put copies of an instance into the tables."""
    row = dict(uow.connection.execute(Instance.__table__.select().where(Instance.id == model)).one()._mapping)
    ids = [uow.new_id() for _ in range(many)]
    uow.connection.execute(insert(Instance), [{**row, "id": each, "root_id": each} for each in ids])
    amount = {"scope": 0, "name": "amount", "value": '{"$d":"1"}'}
    uow.connection.execute(insert(InstanceVariable), [{**amount, "instance_id": each} for each in ids])
    uow.connection.execute(update(Instance).where(Instance.id.in_(ids)).values(business_key=None))
