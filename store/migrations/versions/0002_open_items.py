"""The desk over a hundred thousand items: indexes of open ones alone, and the role that alone may take one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN = {
    "due_at": ("due_at", "id"),
    "assignee_id": ("assignee_id", "due_at", "id"),
    "sole_role": ("sole_role", "assignee_id", "due_at", "id"),
    "definition_id": ("definition_id", "due_at", "id"),
    "period": ("period", "due_at", "id"),
    "priority": ("priority", "id"),
    "opened_at": ("opened_at", "id"),
    "name": ("name",),
}
SOLE_ROLE = """
    UPDATE work_items SET sole_role = (SELECT max(name) FROM candidates WHERE work_item_id = work_items.id)
    WHERE (SELECT count(*) FROM candidates WHERE work_item_id = work_items.id) = 1
    AND (SELECT max(kind) FROM candidates WHERE work_item_id = work_items.id) = 'role'
"""


def upgrade() -> None:
    op.add_column("work_items", sa.Column("sole_role", sa.String(), nullable=True))
    op.execute(SOLE_ROLE)
    for name, columns in OPEN.items():
        _index(f"ix_work_items_open_{name}", columns, "state = 'open'")
    waits = "is 1" if op.get_bind().dialect.name == "sqlite" else "is true"
    _index(
        "ix_work_items_open_waits_for_client",
        ("due_at", "id"),
        f"state = 'open' and waits_for_client {waits}",
    )
    _index("ix_work_items_completed_by", ("completed_by", "completed_at", "id"), "state = 'completed'")
    op.drop_index("ix_work_items_state_due_at", "work_items")
    op.drop_index("ix_work_items_assignee_id_state", "work_items")
    op.create_index("ix_clients_name", "clients", ["name"])
    op.create_index("ix_definitions_name", "definitions", ["name"])


def downgrade() -> None:
    op.drop_index("ix_definitions_name", "definitions")
    op.drop_index("ix_clients_name", "clients")
    op.create_index("ix_work_items_assignee_id_state", "work_items", ["assignee_id", "state"])
    op.create_index("ix_work_items_state_due_at", "work_items", ["state", "due_at"])
    op.drop_index("ix_work_items_completed_by", "work_items")
    for name in (*OPEN, "waits_for_client"):
        op.drop_index(f"ix_work_items_open_{name}", "work_items")
    op.drop_column("work_items", "sole_role")


def _index(name: str, columns: tuple[str, ...], where: str) -> None:
    partial = sa.text(where)
    op.create_index(name, "work_items", list(columns), sqlite_where=partial, postgresql_where=partial)
