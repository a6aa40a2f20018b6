"""The firm's settings: limits and periods that processes read as ``settings.<key>``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine import feel
from engine.commands import _special, history
from engine.errors import InvalidInput
from engine.people import Person, require
from store.tables import FirmSetting
from store.unit_of_work import UnitOfWork
from store.upserting import upsert

EDIT = "settings.edit"


def put(uow: UnitOfWork, key: str, value: Any, *, by: Person | None) -> None:
    """Set a setting to a FEEL value; instances that run already keep what they started with."""
    if by is not None:
        require(by, EDIT)
    if not key.isidentifier():
        raise InvalidInput(f"«{key}» cannot be a setting's name; use letters, digits and underscores.")
    before = _special.settings_context(uow).get(key)
    row = {
        "key": key,
        "value": {"value": feel.to_json(value)},
        "at": uow.now,
        "by": None if by is None else by.id,
    }
    statement = upsert(uow.connection.dialect.name, FirmSetting, keys=("key",), values=("value", "at", "by"))
    uow.connection.execute(statement, row)
    uow.cache.pop(_special.SETTINGS, None)
    history.note(uow, "setting.changed", by=by, name=key, detail={"before": before, "after": value})


def seed(uow: UnitOfWork, values: Mapping[str, Any]) -> int:
    """Set those settings that were never set; return how many."""
    known = set(uow.connection.scalars(select(FirmSetting.key)))
    new = {key: value for key, value in values.items() if key not in known}
    for key, value in new.items():
        put(uow, key, value, by=None)
    return len(new)
