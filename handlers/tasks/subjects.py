"""Whom and what a call is about: client, period, people, as rows of the store."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from engine.errors import InvalidInput, NotFound
from engine.service_tasks import Call
from handlers.clients.taxpayer import Taxpayer, read_taxpayer
from handlers.periods import Period, parse_period
from store.tables import Client, ClientContact, ClientStaff, Contract, Person, ScopeItem
from store.unit_of_work import UnitOfWork


def client_of(call: Call, uow: UnitOfWork) -> Client:
    """Give the client of the call; NotFound names the step when the instance has none."""
    client = uow.session.get(Client, call.client) if call.client else None
    if client is None:
        raise NotFound(
            f"{call.element}: the instance {call.instance} belongs to no client; register the client first."
        )
    return client


def period_of(call: Call) -> Period:
    """Give the period of the call; InvalidInput when the instance has none."""
    text = call.period or call.variables.get("period")
    if not text:
        raise InvalidInput(
            f"{call.element}: the instance {call.instance} has no period; start it with one, like 2026-08."
        )
    return parse_period(str(text))


def month_of_call(call: Call) -> Period:
    """Give the period of the call, which must be a month; of a quarter or year its last month."""
    return period_of(call).months[-1]


def taxpayer_of(client: Client) -> Taxpayer:
    """Read the client's tax attributes from its columns and profile; InvalidInput names a wrong one."""
    given = {key: value for key, value in client.profile.items() if value is not None}
    own = {"name": client.name, "credit_code": client.credit_code or "", "vat": client.taxpayer_type}
    return read_taxpayer({**given, **own})


def person_by_login(uow: UnitOfWork, login: str) -> Person:
    """Find a member of staff by login; NotFound otherwise."""
    person = uow.session.scalar(select(Person).where(Person.login == login))
    if person is None:
        raise NotFound(f"Nobody has the login {login!r}; choose a member of staff.")
    return person


def scope_of(uow: UnitOfWork, client_id: UUID) -> set[str]:
    """Give the codes of the services that the client's contracts have switched on."""
    found = select(ScopeItem.code).join(Contract, Contract.id == ScopeItem.contract_id)
    return set(uow.session.scalars(found.where(Contract.client_id == client_id, ScopeItem.active)))


def main_contact(uow: UnitOfWork, client_id: UUID) -> ClientContact | None:
    """Give the client's main contact, else the first one."""
    found = select(ClientContact).where(ClientContact.client_id == client_id)
    return uow.session.scalar(found.order_by(ClientContact.main.desc(), ClientContact.id).limit(1))


def staff_logins(uow: UnitOfWork, client_id: UUID) -> dict[str, str]:
    """Give the client's staff: role key → login."""
    found = (
        select(ClientStaff.role_key, Person.login)
        .join(Person, Person.id == ClientStaff.person_id)
        .where(ClientStaff.client_id == client_id)
        .order_by(ClientStaff.role_key, Person.login)
    )
    return dict(reversed([(role, login) for role, login in uow.session.execute(found)]))
