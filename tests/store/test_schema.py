from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, inspect

from engine.commands import history
from store import schema
from store.connecting import connect
from store.unit_of_work import Store


def test_migrations_and_tables_agree(store: Store) -> None:
    assert schema.differences(store.engine) == []
    assert schema.current(store.engine) == schema.newest()


def test_upgrading_again_changes_nothing(store: Store) -> None:
    schema.upgrade(store.engine)
    assert schema.current(store.engine) == schema.newest()


OLD: dict[str, list[dict[str, object]]] = {
    "instances": [
        {"id": "a", "parent_id": None},
        {"id": "b", "parent_id": "a"},
        {"id": "c", "parent_id": "b"},
        {"id": "d", "parent_id": "a"},
    ],
    "work_items": [{"id": "i"}],
    "instance_variables": [
        {"instance_id": "a", "scope": 0, "name": "x", "value": "long " * 2_000},
        {"instance_id": "b", "scope": 3, "name": "y", "value": "1"},
    ],
    "candidates": [
        {"work_item_id": "i", "kind": "person", "name": "bao"},
        {"work_item_id": "i", "kind": "role", "name": "bookkeeper"},
    ],
    "chain_heads": [{"chain": "firm", "position": 3, "hash": "abc"}],
}


STATES = {"instances": "running", "work_items": "open"}


def test_rows_keep_what_they_hold_when_their_tables_are_built_anew(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/a.db")
    schema.upgrade(engine, "0003")
    _fill(tmp_path / "a.db", OLD)
    schema.upgrade(engine)
    assert {table: _held(engine, table, rows) for table, rows in OLD.items()} == OLD
    with engine.connect() as connection:
        depths = connection.exec_driver_sql("SELECT id, depth FROM instances ORDER BY id").all()
    assert [tuple(row) for row in depths] == [("a", 0), ("b", 1), ("c", 2), ("d", 1)]
    schema.downgrade(engine, "0003")
    assert {table: _held(engine, table, rows) for table, rows in OLD.items()} == OLD
    assert inspect(engine).get_indexes("candidates")[0]["name"] == "ix_candidates_kind_name"
    engine.dispose()


def _fill(file: Path, tables: dict[str, list[dict[str, object]]]) -> None:
    """Write rows as an older version of the product may have; what a row does not say is empty."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for table, rows in tables.items():
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            for row in rows:
                given = {"state": STATES.get(table), "business_key": None} | row
                values = [given.get(name, 0) for _, name, *_ in columns]
                marks = ", ".join("?" * len(values))
                connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - names of ours


def _held(engine: Engine, table: str, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    names = list(rows[0])
    with engine.connect() as connection:
        query = f"SELECT {', '.join(names)} FROM {table} ORDER BY {', '.join(names[:2])}"  # noqa: S608 - names of ours
        found = connection.exec_driver_sql(query).all()
    return [dict(zip(names, row, strict=False)) for row in found]


def test_the_history_keeps_its_rows_when_decisions_are_no_longer_counted_and_again(store: Store) -> None:
    """On PostgreSQL too: the columns of 0006 and their index come and go."""
    store.run(history.note, "of the test", by=None, detail={"a": "b"})
    for revision in ("0005", schema.newest()):
        (schema.downgrade if revision == "0005" else schema.upgrade)(store.engine, revision)
        with store.engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT detail FROM history WHERE kind = 'of the test'").all()
        assert [row[0] for row in found] == ['{"a":"b"}']
    assert schema.differences(store.engine) == []
    assert store.read(history.verify, "firm") == []


def test_every_migration_can_be_taken_back(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/a.db")
    schema.upgrade(engine)
    schema.downgrade(engine, "base")
    assert schema.current(engine) is None
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    schema.upgrade(engine)
    assert schema.differences(engine) == []
    engine.dispose()
