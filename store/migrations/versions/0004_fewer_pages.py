"""Fewer pages for each step: tables that are their own key's index, one index of instances for two; who called an instance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WITHOUT_ROWID = ("instance_variables", "candidates", "chain_heads")
"""Tables that SQLite keeps once, in the order of their primary key."""


DEPTH = """
    WITH RECURSIVE called(id, depth) AS (
        SELECT id, 1 FROM instances
        WHERE parent_id IN (SELECT id FROM instances WHERE parent_id IS NULL)
        UNION ALL
        SELECT instances.id, called.depth + 1 FROM instances JOIN called ON instances.parent_id = called.id
    )
    UPDATE instances SET depth = (SELECT called.depth FROM called WHERE called.id = instances.id)
    WHERE parent_id IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("instances", sa.Column("parent_element", sa.String(), nullable=True))
    op.add_column("instances", sa.Column("depth", sa.Integer(), nullable=False, server_default="0"))
    op.execute(DEPTH)
    _rebuild(with_rowid=False)
    op.drop_index("ix_instances_definition_id", "instances")
    op.drop_index("ix_instances_root_id", "instances")
    op.drop_index("ix_instances_process_state", "instances")
    op.create_index(
        "ix_instances_process_state_definition_id", "instances", ["process", "state", "definition_id"]
    )
    op.drop_index("ix_jobs_due_at", "jobs")
    op.create_index(
        "ix_jobs_outside_due_at_id",
        "jobs",
        ["outside", "due_at", "id"],
        sqlite_where=sa.text("held is 0"),
        postgresql_where=sa.text("held is false"),
    )


def downgrade() -> None:
    op.drop_index("ix_jobs_outside_due_at_id", "jobs")
    not_held = sa.text("not held")
    op.create_index("ix_jobs_due_at", "jobs", ["due_at"], sqlite_where=not_held, postgresql_where=not_held)
    op.drop_index("ix_instances_process_state_definition_id", "instances")
    op.create_index("ix_instances_process_state", "instances", ["process", "state"])
    op.create_index("ix_instances_root_id", "instances", ["root_id"])
    op.create_index("ix_instances_definition_id", "instances", ["definition_id"])
    op.drop_column("instances", "depth")
    op.drop_column("instances", "parent_element")
    _rebuild(with_rowid=True)


def _rebuild(*, with_rowid: bool) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    for name in WITHOUT_ROWID:
        table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
        indexes = (
            connection.execute(
                sa.text(
                    "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL"
                ),
                {"name": name},
            )
            .scalars()
            .all()
        )
        made = connection.execute(
            sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"), {"name": name}
        ).scalar_one()
        body = made[made.index("(") :].removesuffix(" WITHOUT ROWID")
        op.execute(f"CREATE TABLE new_{name} {body}{'' if with_rowid else ' WITHOUT ROWID'}")
        columns = ", ".join(column.name for column in table.columns)
        op.execute(f"INSERT INTO new_{name} ({columns}) SELECT {columns} FROM {name}")  # noqa: S608 - names of ours
        op.execute(f"DROP TABLE {name}")
        op.execute(f"ALTER TABLE new_{name} RENAME TO {name}")
        for index in indexes:
            op.execute(index)
