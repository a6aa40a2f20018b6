"""What happened: append only, chained by hashes per client."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.types import OWN_INDEX, Base, known


class HistoryEvent(Base):
    """One fact. ``hash`` covers the row and the hash of the row before it in the same ``chain`` (a client, or an instance).

    ``definition_id`` and ``outcome`` repeat of an evaluated decision's detail by what it is counted.
    """

    __tablename__ = "history"
    __table_args__ = (
        UniqueConstraint("chain", "position"),
        Index("ix_history_instance_id_id", "instance_id", "id"),
        known("ix_history_client_id_id", "client_id", "id"),
        known("ix_history_definition_id_outcome", "definition_id", "outcome", "at"),
    )
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    chain: Mapped[str]
    position: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str]
    instance_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    process: Mapped[str | None]
    element: Mapped[str | None]
    name: Mapped[str] = mapped_column(default="")
    person_id: Mapped[UUID | None]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    hash: Mapped[str]
    definition_id: Mapped[UUID | None]
    outcome: Mapped[str | None]


class ChainHead(Base):
    """The last position and hash of each chain."""

    __tablename__ = "chain_heads"
    __table_args__ = OWN_INDEX
    chain: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    hash: Mapped[str]
