"""Alembic's environment: migrates the connection it is handed, or the database named by ``-x url=…``."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, TypeDecorator

from store.connecting import connect
from store.tables import Instance


def render_plain(kind: str, thing: Any, _: AutogenContext) -> str | Literal[False]:
    """Write column types of ours as what the database keeps, so that a migration does not change with the code."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl!r}"
    return False


def migrate(connection: Connection) -> None:
    """Run the migrations on a connection."""
    context.configure(
        connection=connection,
        target_metadata=Instance.metadata,
        render_item=render_plain,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


def url() -> str:
    """Return the database named on the command line."""
    given = context.get_x_argument(as_dictionary=True).get("url")
    if not given:
        raise SystemExit("Name the database: alembic -x url=sqlite:///var/zhangfang.sqlite …")
    return given


handed = context.config.attributes.get("connection")
if handed is not None:
    migrate(handed)
else:
    with connect(url()).begin() as opened:
        migrate(opened)
