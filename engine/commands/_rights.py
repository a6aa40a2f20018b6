"""Who may take a work item: a role or name among its candidates, a client they see, and no duty that must be separate."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select

from engine.errors import NotAllowed, NotFound
from engine.people import Person
from store.prepared import Prepared
from store.queries.scope import Scope, visible_clients
from store.tables import Candidate, Client, WorkItem
from store.tables import Person as PersonRow
from store.unit_of_work import UnitOfWork

_CANDIDATES = Prepared(
    select(Candidate.kind, Candidate.name).where(Candidate.work_item_id == bindparam("b_item"))
)


@dataclass(frozen=True, slots=True)
class Duty:
    """What is asked of who takes a work item: its instance, its client, and elements whose doer may not take it.

    ``sole_role``: the role that alone may take it.
    """

    item_id: UUID
    instance_id: UUID
    client_id: UUID | None
    name: str
    separate_from: tuple[str, ...]
    sole_role: str | None = None


def scope_of(person: Person) -> Scope:
    """Return what a person may see."""
    return Scope(person.id, person.login, person.roles, person.teams, person.may("clients.view_all"))


def must_take(uow: UnitOfWork, duty: Duty, person: Person) -> None:
    """Raise NotAllowed, saying who may, unless the person may take the work item."""
    wanted = [("role", duty.sole_role)] if duty.sole_role else candidates(uow, duty.item_id)
    named = ("person", person.login) in wanted
    if not named and not (_in_role(wanted, person) and _sees_client(uow, duty.client_id, person)):
        who = ", ".join(sorted(f"{kind} {name}" for kind, name in wanted)) or "nobody until it is assigned"
        raise NotAllowed(
            f"{person.name} may not take «{duty.name}»: it is for {who}, for clients they look after."
        )
    must_be_separate(uow, duty, person.id, person.name)


def _in_role(wanted: list[tuple[str, str]], person: Person) -> bool:
    return any(kind == "role" and name in person.roles for kind, name in wanted)


def must_see_client(uow: UnitOfWork, client_id: UUID | None, person: Person | None) -> None:
    """Raise NotAllowed unless the client is one that the person looks after; the system (None) sees all."""
    if person is not None and not _sees_client(uow, client_id, person):
        name = uow.connection.scalar(select(Client.name).where(Client.id == client_id))
        if name is None:
            raise NotFound(f"There is no client {client_id}.")
        raise NotAllowed(f"{person.name} does not look after «{name}»; ask somebody who does.")


def _sees_client(uow: UnitOfWork, client_id: UUID | None, person: Person) -> bool:
    if client_id is None or person.may("clients.view_all"):
        return True
    query = select(Client.id).where(Client.id == client_id, visible_clients(scope_of(person), Client.id))
    return uow.connection.scalar(query) is not None


def must_be_separate(uow: UnitOfWork, duty: Duty, person_id: UUID, name: str) -> None:
    """Raise NotAllowed when the person did, in this instance, what must be done by somebody else."""
    if not duty.separate_from:
        return
    query = select(WorkItem.name).where(
        WorkItem.instance_id == duty.instance_id,
        WorkItem.element.in_(duty.separate_from),
        WorkItem.state == "completed",
        WorkItem.completed_by == person_id,
    )
    done = uow.connection.scalar(query.order_by(WorkItem.completed_at.desc()).limit(1))
    if done is not None:
        raise NotAllowed(f"{name} did «{done}» in this instance, so somebody else must do «{duty.name}».")


def candidates(uow: UnitOfWork, item_id: UUID) -> list[tuple[str, str]]:
    """Return who may take a work item, as (kind, name)."""
    return [(kind, name) for kind, name in _CANDIDATES.rows(uow.connection, b_item=item_id)]


def login_of(uow: UnitOfWork, person_id: UUID) -> str:
    """Return «name (login)» of a person, for sentences."""
    row = uow.connection.execute(
        select(PersonRow.name, PersonRow.login).where(PersonRow.id == person_id)
    ).one()
    return f"{row.name} ({row.login})"
