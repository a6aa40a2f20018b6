"""Clients: taken on, changed, looked after, talked to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy import update as change_rows

from engine.commands import _rights, history, people
from engine.errors import Conflict, InvalidInput, NotFound
from engine.people import Person, require
from store.tables import Client, ClientContact, ClientStaff, Contact
from store.tables import Person as PersonRow
from store.unit_of_work import UnitOfWork

EDIT = "clients.edit"
CHOICES = {
    "status": ("lead", "prospect", "active", "suspended", "ended", "refused"),
    "klass": ("A", "B", "C"),
    "taxpayer_type": ("small_scale", "general"),
}
FIELDS = (
    "name", "short_name", "credit_code", "klass", "taxpayer_type", "status", "team_id", "profile", "notes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewClient:
    """The id and code of a client that was just taken on."""

    id: UUID
    code: str


def create(
    uow: UnitOfWork,
    /,
    name: str,
    *,
    by: Person | None,
    code: str | None = None,
    contact: Mapping[str, str] | None = None,
    **values: Any,
) -> NewClient:
    """Take on a client; without a ``code`` it gets the next number. ``values`` are the other FIELDS.

    Raises InvalidInput (empty name, unknown field or value), Conflict (code or credit code taken), NotAllowed.
    """
    if by is not None:
        require(by, EDIT)
    given = _checked({"name": name, **values})
    made = NewClient(uow.new_id(), code or _next_code(uow))
    _must_be_new(uow, made.code, given.get("credit_code"))
    row = {"id": made.id, "code": made.code, "profile": {}, "created_at": uow.now, "version": 1, **given}
    uow.connection.execute(insert(Client), [row])
    if contact:
        add_contact(uow, made.id, contact, main=True, by=by)
    if by is not None and not by.may("clients.view_all"):
        _keep_in_sight(uow, made.id, by)
    history.note(uow, "client.created", by=by, client_id=made.id, name=given["name"])
    return made


def update(
    uow: UnitOfWork, client_id: UUID, values: Mapping[str, Any], *, by: Person | None, version: int
) -> None:
    """Change fields of a client; Conflict when it was changed since ``version`` was read."""
    row = _editable(uow, client_id, by)
    given = _checked(values)
    if "credit_code" in given and given["credit_code"] != row["credit_code"]:
        _must_be_new(uow, None, given["credit_code"])
    same = change_rows(Client).where(Client.id == client_id, Client.version == version)
    columns = {_attribute(name): value for name, value in given.items()}
    if uow.connection.execute(same.values({**columns, Client.version: version + 1})).rowcount != 1:
        raise Conflict(f"«{row['name']}» was changed by somebody else meanwhile; look at it again.")
    changed = {name: value for name, value in given.items() if row[_column(name)] != value}
    before = {name: row[_column(name)] for name in changed}
    detail = {"before": _shown(before), "after": _shown(changed)}
    history.note(uow, "client.updated", by=by, client_id=client_id, name=row["name"], detail=detail)


def assign_staff(uow: UnitOfWork, client_id: UUID, staff: Mapping[str, str], *, by: Person | None) -> None:
    """Say who works for a client: role key → login. Roles that are not named stay as they are.

    Raises InvalidInput when the bookkeeper would review their own books.
    """
    row = _editable(uow, client_id, by)
    after = _staff(uow, client_id) | dict(staff)
    if after.get("reviewer") and after.get("reviewer") == after.get("bookkeeper"):
        raise InvalidInput("The reviewer must be somebody else than the bookkeeper.")
    uow.connection.execute(
        delete(ClientStaff).where(ClientStaff.client_id == client_id, ClientStaff.role_key.in_(list(staff)))
    )
    rows = [
        {"client_id": client_id, "role_key": role, "person_id": people.by_login(uow, login).id}
        for role, login in staff.items()
        if login
    ]
    if rows:
        uow.connection.execute(insert(ClientStaff), rows)
    uow.cache.pop(f"client {client_id}", None)
    history.note(
        uow, "client.staff", by=by, client_id=client_id, name=row["name"], detail={"staff": dict(staff)}
    )


def add_contact(
    uow: UnitOfWork, client_id: UUID, contact: Mapping[str, str], *, main: bool = False, by: Person | None
) -> UUID:
    """Add a person at a client: name, position, phone, email. ``main`` takes the place of the main one before."""
    if not contact.get("name", "").strip():
        raise InvalidInput("A contact needs a name.")
    if main:
        mains = change_rows(ClientContact).where(ClientContact.client_id == client_id)
        uow.connection.execute(mains.values(main=False))
    new_id = uow.new_id()
    fields = {name: contact.get(name, "") for name in ("name", "position", "phone", "email")}
    uow.connection.execute(
        insert(ClientContact), [{"id": new_id, "client_id": client_id, "main": main, **fields}]
    )
    history.note(uow, "client.contact", by=by, client_id=client_id, name=fields["name"])
    return new_id


def log_contact(
    uow: UnitOfWork,
    client_id: UUID,
    subject: str,
    text: str = "",
    *,
    channel: str,
    direction: str,
    by: Person | None,
    at: datetime | None = None,
) -> UUID:
    """Add a line to a client's contact log: ``channel`` call, visit, mail, message …, ``direction`` in or out."""
    if direction not in {"in", "out"}:
        raise InvalidInput(f"The direction of a contact is in or out, not «{direction}».")
    new_id = uow.new_id()
    row = {
        "id": new_id,
        "client_id": client_id,
        "at": at or uow.now,
        "channel": channel,
        "direction": direction,
        "subject": subject,
        "text": text,
        "by": None if by is None else by.id,
    }
    uow.connection.execute(insert(Contact), [row])
    return new_id


def _editable(uow: UnitOfWork, client_id: UUID, by: Person | None) -> Mapping[str, Any]:
    query = select(Client.__table__).where(Client.id == client_id).with_for_update()
    row = uow.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no client {client_id}.")
    if by is not None:
        require(by, EDIT)
        _rights.must_see_client(uow, client_id, by)
    return {str(name): value for name, value in row.items()}


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    given = dict(values)
    unknown = [name for name in given if name not in FIELDS]
    if unknown:
        raise InvalidInput(f"A client has no field «{unknown[0]}»; it has {', '.join(FIELDS)}.")
    if "name" in given and not str(given["name"]).strip():
        raise InvalidInput("A client needs a name.")
    for name, choices in CHOICES.items():
        if name in given and given[name] not in choices:
            raise InvalidInput(f"The {name} of a client is one of {', '.join(choices)}, not «{given[name]}».")
    return given


def _must_be_new(uow: UnitOfWork, code: str | None, credit_code: str | None) -> None:
    if code and uow.connection.scalar(select(Client.id).where(Client.code == code)) is not None:
        raise Conflict(f"There is a client with the code «{code}» already.")
    if credit_code:
        holder = uow.connection.scalar(select(Client.name).where(Client.credit_code == credit_code))
        if holder is not None:
            raise Conflict(f"The credit code «{credit_code}» is that of «{holder}» already.")


def _next_code(uow: UnitOfWork) -> str:
    count = uow.connection.scalar(select(func.count()).select_from(Client)) or 0
    while uow.connection.scalar(select(Client.id).where(Client.code == f"C{count + 1:04}")) is not None:
        count += 1
    return f"C{count + 1:04}"


def _keep_in_sight(uow: UnitOfWork, client_id: UUID, by: Person) -> None:
    """Put a client that somebody took on into their portfolio, else they could not see it once others look after it."""
    for role in ("client_manager", "sales"):
        if role in by.roles:
            row = {"client_id": client_id, "role_key": role, "person_id": by.id}
            uow.connection.execute(insert(ClientStaff), [row])
            return


def _staff(uow: UnitOfWork, client_id: UUID) -> dict[str, str]:
    query = (
        select(ClientStaff.role_key, PersonRow.login)
        .join(PersonRow, PersonRow.id == ClientStaff.person_id)
        .where(ClientStaff.client_id == client_id)
    )
    return {role: login for role, login in uow.connection.execute(query)}  # noqa: C416 - typed rows


def _column(name: str) -> str:
    return "class" if name == "klass" else name


def _attribute(name: str) -> Any:
    return getattr(Client, name)


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}
