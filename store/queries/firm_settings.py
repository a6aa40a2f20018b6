"""The firm's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from store.tables import FirmSetting, Person


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting with who changed it last; ``value`` is FEEL-tagged JSON."""

    key: str
    value: dict[str, Any]
    at: datetime
    changed_by: str | None


def list_(connection: Connection, limit: int = 1000) -> tuple[SettingRow, ...]:
    """Return all settings by key."""
    query = select(FirmSetting.key, FirmSetting.value, FirmSetting.at, Person.name).outerjoin(
        Person, Person.id == FirmSetting.by
    )
    return tuple(SettingRow(*row) for row in connection.execute(query.order_by(FirmSetting.key).limit(limit)))
