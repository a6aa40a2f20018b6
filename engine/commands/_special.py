"""The special variables that every instance starts with: client, period, settings, business_key, initiator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import feel
from engine.errors import NotFound
from store.prepared import Prepared
from store.tables import Client, ClientContact, ClientStaff, FirmSetting, Person
from store.unit_of_work import UnitOfWork

CLIENT, PERIOD, SETTINGS, BUSINESS_KEY, INITIATOR = (
    "client",
    "period",
    "settings",
    "business_key",
    "initiator",
)

_SETTINGS = Prepared(select(FirmSetting.key, FirmSetting.value).order_by(FirmSetting.key))


def client_context(uow: UnitOfWork, client_id: UUID) -> dict[str, Any]:
    """Return what processes see of a client: id, code, name, class, status, profile, contact, staff by role."""
    key = f"client {client_id}"
    if key not in uow.cache:
        uow.cache[key] = _read_client(uow, client_id)
    found: dict[str, Any] = uow.cache[key]
    return found


def settings_context(uow: UnitOfWork) -> dict[str, Any]:
    """Return the firm's settings by key."""
    if SETTINGS not in uow.cache:
        rows = _SETTINGS.rows(uow.connection)
        uow.cache[SETTINGS] = {key: feel.from_json(value["value"]) for key, value in rows}
    found: dict[str, Any] = uow.cache[SETTINGS]
    return found


def client_named(uow: UnitOfWork, given: object) -> UUID | None:
    """Return the id of the client that a variable names: a client context, an id or a code; None when it names none."""
    if isinstance(given, Mapping):
        given = given.get("id") or given.get("code")
    if isinstance(given, UUID):
        return given
    if not isinstance(given, str) or not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        found = uow.connection.scalar(select(Client.id).where(Client.code == given))
        if found is None:
            raise NotFound(f"There is no client with the code «{given}».") from None
        return found


def _read_client(uow: UnitOfWork, client_id: UUID) -> dict[str, Any]:
    row = uow.connection.execute(select(Client.__table__).where(Client.id == client_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no client {client_id}.")
    contact = uow.connection.execute(
        select(ClientContact.name, ClientContact.phone, ClientContact.email)
        .where(ClientContact.client_id == client_id)
        .order_by(ClientContact.main.desc(), ClientContact.id)
        .limit(1)
    ).one_or_none()
    values = row._mapping  # noqa: SLF001 - the documented way to read a column called «class»
    return {
        "id": str(client_id),
        **{name: values[name] for name in ("code", "name", "class", "taxpayer_type", "status")},
        "profile": dict(values["profile"]),
        "contact": {name: getattr(contact, name, "") for name in ("name", "phone", "email")},
        "staff": _staff(uow, client_id),
    }


def _staff(uow: UnitOfWork, client_id: UUID) -> dict[str, str]:
    query = (
        select(ClientStaff.role_key, Person.login)
        .join(Person, Person.id == ClientStaff.person_id)
        .where(ClientStaff.client_id == client_id)
        .order_by(ClientStaff.role_key, Person.login.desc())
    )
    return {role: login for role, login in uow.connection.execute(query)}  # noqa: C416 - typed rows
