"""Column types: UTC times, exact money, JSON text, and the base of all tables."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, DateTime, Dialect, Index, MetaData, Text, TypeDecorator, Uuid, text
from sqlalchemy.orm import DeclarativeBase, mapped_column

FEN = Decimal("0.01")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, stored as naive UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into naive UTC; refuse a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"The time {value} has no zone; hand over an aware time.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored time its zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class Money(TypeDecorator[Decimal]):
    """An amount of money in yuan, exact to the fen, stored as whole fen so that SQL can add it."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Turn yuan into fen; refuse fractions of a fen."""
        if value is None:
            return None
        fen = Decimal(value) * 100
        if fen != fen.to_integral_value():
            raise ValueError(f"The amount {value} has a fraction of a fen; round it first.")
        return int(fen)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:
        """Turn fen into yuan with two places."""
        return None if value is None else (Decimal(int(value)) / 100).quantize(FEN)


class Json(TypeDecorator[Any]):
    """Plain JSON as text; process variables are encoded by the engine before they come here."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Encode."""
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Decode."""
        return None if value is None else msgspec.json.decode(value)


Id = Annotated[UUID, mapped_column(Uuid(), primary_key=True)]


OWN_INDEX = {"sqlite_with_rowid": False}
"""For tables of small rows that are only ever found by their key: SQLite keeps them once, not beside an index."""


def known(name: str, column: str, *more: str) -> Index:
    """Return an index that leaves out the rows where its first column is null: nobody looks for those by it.

    Every index that a row stands in is a page that its transaction writes.
    """
    given = text(f"{column} is not null")
    return Index(name, column, *more, sqlite_where=given, postgresql_where=given)


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime(),
        Decimal: Money(),
        dict[str, Any]: Json(),
        list[Any]: Json(),
        UUID: Uuid(),
    }
