from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.prepared import Prepared
from store.tables import Client, FirmSetting, Invoice, Message, Team
from store.unit_of_work import Store, UnitOfWork, counted
from store.upserting import insert_new, upsert

ADD = Prepared(insert(Team))
BY_NAME = Prepared(select(Team.id, Team.name).where(Team.name == bindparam("b_name")).order_by(Team.id))
RENAME = Prepared(
    update(Team).where(Team.name == bindparam("b_old"), Team.name != "kept").values(name=bindparam("b_new"))
)


def add(uow: UnitOfWork, *names: str) -> int:
    return ADD.run(uow.connection, [{"id": uow.new_id(), "name": name} for name in names])


def test_a_prepared_statement_does_what_the_statement_does(store: Store) -> None:
    def play(uow: UnitOfWork) -> tuple[int, int, int]:
        return (
            add(uow, "North", "South", "kept"),
            RENAME.run(uow.connection, [{"b_old": "North", "b_new": "East"}]),
            RENAME.run(uow.connection, [{"b_old": name, "b_new": "West"} for name in ("South", "kept")]),
        )

    assert store.run(play) == (3, 1, 1)
    found = store.read(lambda connection: BY_NAME.rows(connection, b_name="East"))
    mapped = store.read(lambda connection: connection.execute(select(Team.id).where(Team.name == "East")))
    assert [(row[0], row[1]) for row in found] == [(mapped.scalar(), "East")]


def test_what_is_not_there_is_none(store: Store) -> None:
    assert store.read(lambda connection: BY_NAME.rows(connection, b_name="nobody")) == []
    assert store.read(lambda connection: BY_NAME.first(connection, b_name="nobody")) is None
    assert store.read(lambda connection: BY_NAME.scalar(connection, b_name="nobody")) is None


def test_types_are_converted_as_in_any_other_statement(store: Store) -> None:
    put = Prepared(lambda database: upsert(database, FirmSetting, keys=("key",), values=("value", "at")))
    got = Prepared(select(FirmSetting.value, FirmSetting.at).where(FirmSetting.key == bindparam("b_key")))
    early, late = datetime(2026, 1, 31, 1, tzinfo=UTC), datetime(2026, 2, 28, 2, 3, 4, 5, tzinfo=UTC)

    def write(uow: UnitOfWork) -> None:
        for at, value in ((early, {"a": 1}), (late, {"a": ["二"]}), (early, {"b": None}), (late, {"c": 1.5})):
            row = {"key": "k", "value": value, "at": at, "by": None}
            assert put.run(uow.connection, [row]) == 1

    store.run(write)
    assert store.read(lambda connection: got.first(connection, b_key="k")) == ({"c": 1.5}, late)


def test_columns_that_make_their_own_value_do_so_for_each_row(store: Store) -> None:
    new = Prepared(insert(Client))
    seen = Prepared(select(Client.code, Client.status, Client.profile, Client.version).order_by(Client.code))

    def add_two(uow: UnitOfWork) -> None:
        rows = [{"id": uow.new_id(), "code": code, "name": "某公司", "created_at": uow.now} for code in "AB"]
        assert new.run(uow.connection, rows) == 2

    store.run(add_two)
    assert store.read(seen.rows) == [("A", "lead", {}, 1), ("B", "lead", {}, 1)]


def test_an_insert_that_leaves_alone_what_is_there_counts_only_what_is_new(store: Store) -> None:
    new = Prepared(lambda database: insert_new(database, Message))

    def send(uow: UnitOfWork) -> list[int]:
        row = {
            "name": "m", "correlation_key": "k", "message_id": "1", "variables": "{}",
            "published_at": uow.now, "expires_at": uow.now,
        }  # fmt: skip
        return [new.run(uow.connection, [row | {"id": uow.new_id()}]) for _ in range(2)]

    assert store.run(send) == [1, 0]


def test_no_rows_are_no_statement(store: Store) -> None:
    with counted(store) as statements:
        assert store.run(lambda uow: ADD.run(uow.connection, [])) == 0
    assert [each for each in statements if not each.startswith("BEGIN")] == []


def test_parameters_that_do_not_fit_are_named(store: Store) -> None:
    with pytest.raises(ValueError, match="b_old"):
        store.run(lambda uow: RENAME.run(uow.connection, [{"b_new": "x"}]))
    with pytest.raises(ValueError, match="are not the parameters"):
        store.run(
            lambda uow: ADD.run(
                uow.connection, [{"id": uow.new_id(), "name": "a"}, {"id": uow.new_id(), "name": "b", "x": 1}]
            )
        )


def test_the_driver_errors_are_sqlalchemys(store: Store) -> None:
    def twice(uow: UnitOfWork) -> None:
        row = {"id": uow.new_id(), "name": "North"}
        ADD.run(uow.connection, [row])
        ADD.run(uow.connection, [row])

    with pytest.raises(IntegrityError) as caught:
        store.run(twice)
    assert "INSERT INTO teams" in str(caught.value)
    assert store.read(lambda connection: BY_NAME.rows(connection, b_name="North")) == []


def test_statements_are_heard_by_who_listens(store: Store) -> None:
    with counted(store) as statements:
        store.run(add, "North", "South")
    assert [each.split(" (")[0] for each in statements if not each.startswith("BEGIN")] == [
        "INSERT INTO teams"
    ]


def test_a_first_statement_begins_the_transaction(store: Store) -> None:
    def look(connection: object) -> bool:
        BY_NAME.rows(connection, b_name="x")  # type: ignore[arg-type]
        return connection.in_transaction()  # type: ignore[attr-defined, no-any-return]

    assert store.read(look)


def test_money_is_refused_when_it_has_a_fraction_of_a_fen(store: Store) -> None:
    money = Prepared(select(Invoice.id).where(Invoice.gross == bindparam("b_total")))
    with pytest.raises(ValueError, match="fraction of a fen"):
        store.read(lambda connection: money.rows(connection, b_total=Decimal("0.001")))
