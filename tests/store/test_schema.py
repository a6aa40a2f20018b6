from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect

from store import schema
from store.connecting import connect
from store.unit_of_work import Store


def test_migrations_and_tables_agree(store: Store) -> None:
    assert schema.differences(store.engine) == []
    assert schema.current(store.engine) == schema.newest()


def test_upgrading_again_changes_nothing(store: Store) -> None:
    schema.upgrade(store.engine)
    assert schema.current(store.engine) == schema.newest()


def test_every_migration_can_be_taken_back(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/a.db")
    schema.upgrade(engine)
    schema.downgrade(engine, "base")
    assert schema.current(engine) is None
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    schema.upgrade(engine)
    assert schema.differences(engine) == []
    engine.dispose()
