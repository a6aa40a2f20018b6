"""What a person may see: every query about clients and their work passes through here. Nothing is visible by default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, and_, exists, false, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute

from store.tables import Candidate, Client, ClientStaff, Document, Instance, WorkItem


@dataclass(frozen=True, slots=True)
class Scope:
    """Who looks: id and login of the person, roles held, teams, and whether all clients are theirs to see."""

    person_id: UUID
    login: str
    roles: frozenset[str] = frozenset()
    teams: frozenset[UUID] = frozenset()
    all_clients: bool = False


EVERYTHING = Scope(UUID(int=0), "", all_clients=True)
"""Who may run the program on the machine, and the program itself, see all clients."""


def visible_clients(scope: Scope, client_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Return the condition that ``client_id`` is a client of the person's portfolio or teams.

    A client that has neither a team nor anybody in its portfolio (a lead that just came in) is everybody's.
    """
    return true() if scope.all_clients else client_id.in_(_seen_clients(scope))


def _seen_clients(scope: Scope) -> CompoundSelect[Any]:
    """Select the clients that a person sees who does not see all."""
    portfolio = select(ClientStaff.client_id).where(ClientStaff.person_id == scope.person_id)
    has_nobody = ~exists().where(ClientStaff.client_id == Client.id)
    nobodys = select(Client.id).where(Client.team_id.is_(None), has_nobody)
    of_teams = select(Client.id).where(Client.team_id.in_(sorted(scope.teams)))
    return union_all(portfolio, nobodys, of_teams) if scope.teams else union_all(portfolio, nobodys)


def visible_instances(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that an instance belongs to a visible client, or to none."""
    return or_(Instance.client_id.is_(None), visible_clients(scope, Instance.client_id))


def visible_documents(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a document belongs to a visible client, or to none."""
    return or_(Document.client_id.is_(None), visible_clients(scope, Document.client_id))


def visible_items(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a work item is the person's, names them, or belongs to a client they see.

    One that belongs to no client is seen by the roles that may take it.
    """
    if scope.all_clients:
        return true()
    return or_(
        WorkItem.assignee_id == scope.person_id,
        _named(scope),
        and_(WorkItem.client_id.is_not(None), visible_clients(scope, WorkItem.client_id)),
        and_(WorkItem.client_id.is_(None), for_roles(scope.roles)),
    )


def takeable_items(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that the person may take a work item: named, or in a role for a client they see."""
    return or_(*takeable_kinds(scope))


def takeable_kinds(scope: Scope) -> Iterator[ColumnElement[bool]]:
    """Yield what a person may take by kinds that exclude each other: the few of no role that alone may take them first."""
    named, wanted = _candidate("person", Candidate.name == scope.login), sorted(scope.roles)
    if not wanted:
        yield and_(WorkItem.sole_role.is_(None), named)
        return
    among, alone = _candidate("role", Candidate.name.in_(wanted)), WorkItem.sole_role.in_(wanted)
    if scope.all_clients:
        yield and_(WorkItem.sole_role.is_(None), or_(named, among))
        yield alone
        return
    nobodys, seen = WorkItem.client_id.is_(None), visible_clients(scope, WorkItem.client_id)
    yield and_(WorkItem.sole_role.is_(None), or_(named, and_(among, or_(nobodys, seen))))
    yield and_(alone, nobodys)
    yield and_(alone, seen)


def for_roles(roles: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that one of the roles may take a work item; most items tell it themselves."""
    wanted = sorted(roles)
    if not wanted:
        return false()
    among = _candidate("role", Candidate.name.in_(wanted))
    return or_(WorkItem.sole_role.in_(wanted), and_(WorkItem.sole_role.is_(None), among))


def _named(scope: Scope) -> ColumnElement[bool]:
    return and_(WorkItem.sole_role.is_(None), _candidate("person", Candidate.name == scope.login))


def _candidate(kind: str, name: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Candidate.work_item_id == WorkItem.id, Candidate.kind == kind, name)
