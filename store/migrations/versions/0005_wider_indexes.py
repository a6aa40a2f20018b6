"""Fewer indexes of open items, which hold more columns: each index is a page written with every item."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Indexes = dict[str, tuple[tuple[str, ...], str]]

BEFORE: Indexes = {
    "open_due_at": (("due_at", "id"), "state = 'open'"),
    "open_assignee_id": (("assignee_id", "due_at", "id"), "state = 'open'"),
    "open_sole_role": (("sole_role", "assignee_id", "due_at", "id"), "state = 'open'"),
    "open_definition_id": (("definition_id", "due_at", "id"), "state = 'open'"),
    "open_period": (("period", "due_at", "id"), "state = 'open'"),
    "open_priority": (("priority", "id"), "state = 'open'"),
    "open_opened_at": (("opened_at", "id"), "state = 'open'"),
    "open_name": (("name",), "state = 'open'"),
    "open_waits_for_client": (("due_at", "id"), "state = 'open' and waits_for_client is {true}"),
    "client_id_state": (("client_id", "state"), "client_id is not null"),
    "completed_by": (("completed_by", "completed_at", "id"), "state = 'completed'"),
}
NARROWED = (
    "id",
    "due_at",
    "assignee_id",
    "sole_role",
    "client_id",
    "definition_id",
    "name",
    "period",
    "follow_up_at",
    "waits_for_client",
    "priority",
    "opened_at",
)


def _wide(*first: str, also: str = "") -> tuple[tuple[str, ...], str]:
    return (*first, *(name for name in NARROWED if name not in first)), f"state = 'open'{also}"


AFTER: Indexes = {
    "open_due_at": _wide("due_at", "id"),
    "open_assignee_id": _wide("assignee_id", "sole_role", "client_id", "follow_up_at"),
    "open_client_id": _wide("client_id", "id"),
    "open_definition_id": _wide("definition_id", "name", "id"),
    "open_priority": _wide("priority", "id"),
    "open_opened_at": _wide("opened_at", "id"),
    "open_period": _wide("period", "id", also=" and period is not null"),
    "open_waits_for_client": _wide("due_at", "id", also=" and waits_for_client is {true}"),
    "completed_by": (
        ("completed_by", "completed_at", "id", "client_id", "definition_id", "name"),
        "state = 'completed'",
    ),
}


def upgrade() -> None:
    _replace(BEFORE, AFTER)


def downgrade() -> None:
    _replace(AFTER, BEFORE)


def _replace(old: Indexes, new: Indexes) -> None:
    true = "1" if op.get_bind().dialect.name == "sqlite" else "true"
    for name in old:
        op.drop_index(f"ix_work_items_{name}", "work_items")
    for name, (columns, where) in new.items():
        given = sa.text(where.format(true=true))
        op.create_index(
            f"ix_work_items_{name}", "work_items", list(columns), sqlite_where=given, postgresql_where=given
        )
