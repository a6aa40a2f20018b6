"""The special variables that every instance starts with: client, period, settings, business_key, initiator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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

NAMES = frozenset({CLIENT, PERIOD, SETTINGS, BUSINESS_KEY, INITIATOR})
"""What the engine itself sets; one that has no value is not set at all, and FEEL reads null."""
AT_ONCE = 1_000
"""Clients that one statement asks for."""
_SETTINGS = Prepared(select(FirmSetting.key, FirmSetting.value).order_by(FirmSetting.key))


def client_context(uow: UnitOfWork, client_id: UUID) -> dict[str, Any]:
    """Return what processes see of a client: id, code, name, class, status, profile, contact, staff by role."""
    if _key(client_id) not in uow.cache:
        _read_clients(uow, Client.id, [client_id])
    found: dict[str, Any] | None = uow.cache.get(_key(client_id))
    if found is None:
        raise NotFound(f"There is no client {client_id}.")
    return found


def expect_clients(uow: UnitOfWork, named: Iterable[object]) -> None:
    """Read the clients whose codes many children will name in a few statements instead of some for each."""
    codes = sorted({code for code in map(_code, named) if code is not None})
    for begin in range(0, len(codes) if len(codes) > 1 else 0, AT_ONCE):
        _read_clients(uow, Client.code, codes[begin : begin + AT_ONCE])


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
    code = _code(given)
    if code is None:
        return UUID(given)
    known: UUID | None = uow.cache.get(f"code {code}")
    found = known or uow.connection.scalar(select(Client.id).where(Client.code == code))
    if found is None:
        raise NotFound(f"There is no client with the code «{code}».")
    return found


def _code(given: object) -> str | None:
    """Return the client code that a variable holds; None when it holds an id or nothing of the kind."""
    if isinstance(given, Mapping):
        given = given.get("id") or given.get("code")
    if not isinstance(given, str) or not given:
        return None
    try:
        UUID(given)
    except ValueError:
        return given
    return None


def _key(client_id: UUID) -> str:
    return f"client {client_id}"


def _read_clients(uow: UnitOfWork, column: Any, wanted: Sequence[object]) -> None:
    """Keep what processes see of the clients whose id or code is wanted."""
    rows = uow.connection.execute(select(Client.__table__).where(column.in_(wanted))).all()
    ids = [row.id for row in rows]
    contacts, staff = _contacts(uow, ids), _staff(uow, ids)
    for row in rows:
        values = row._mapping  # noqa: SLF001 - the documented way to read a column called «class»
        contact = contacts.get(row.id)
        uow.cache[f"code {row.code}"] = row.id
        uow.cache[_key(row.id)] = {
            "id": str(row.id),
            **{name: values[name] for name in ("code", "name", "class", "taxpayer_type", "status")},
            "profile": dict(values["profile"]),
            "contact": {name: getattr(contact, name, "") for name in ("name", "phone", "email")},
            "staff": staff.get(row.id, {}),
        }


def _contacts(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """Return the main contact of each client, else its first."""
    columns = (ClientContact.client_id, ClientContact.name, ClientContact.phone, ClientContact.email)
    query = select(*columns).where(ClientContact.client_id.in_(ids))
    ordered = query.order_by(ClientContact.client_id, ClientContact.main, ClientContact.id.desc())
    return {row.client_id: row for row in uow.connection.execute(ordered)}


def _staff(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    query = (
        select(ClientStaff.client_id, ClientStaff.role_key, Person.login)
        .join(Person, Person.id == ClientStaff.person_id)
        .where(ClientStaff.client_id.in_(ids))
        .order_by(ClientStaff.client_id, ClientStaff.role_key, Person.login.desc())
    )
    found: dict[UUID, dict[str, str]] = {}
    for client_id, role, login in uow.connection.execute(query):
        found.setdefault(client_id, {})[role] = login
    return found
