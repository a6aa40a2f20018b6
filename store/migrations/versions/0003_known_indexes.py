"""Indexes that leave out the rows where their first column is null."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KNOWN = (
    ("ix_history_client_id_id", "history", ("client_id", "id")),
    ("ix_instances_client_id_started_at", "instances", ("client_id", "started_at")),
    ("ix_instances_parent_id", "instances", ("parent_id",)),
    ("ix_work_items_client_id_state", "work_items", ("client_id", "state")),
)


def upgrade() -> None:
    for name, table, columns in KNOWN:
        given = sa.text(f"{columns[0]} is not null")
        op.drop_index(name, table)
        op.create_index(name, table, list(columns), sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    for name, table, columns in KNOWN:
        op.drop_index(name, table)
        op.create_index(name, table, list(columns))
