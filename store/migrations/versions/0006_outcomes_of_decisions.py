"""What evaluated decisions are counted by: two columns of the history, and an index that holds nothing else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEX = "ix_history_definition_id_outcome"


def upgrade() -> None:
    op.add_column("history", sa.Column("definition_id", sa.Uuid(), nullable=True))
    op.add_column("history", sa.Column("outcome", sa.String(), nullable=True))
    given = sa.text("definition_id is not null")
    op.create_index(
        INDEX, "history", ["definition_id", "outcome", "at"], sqlite_where=given, postgresql_where=given
    )


def downgrade() -> None:
    op.drop_index(INDEX, "history")
    op.drop_column("history", "outcome")
    op.drop_column("history", "definition_id")
