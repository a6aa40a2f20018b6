"""What a person may see: every query about clients and their work passes through here. Nothing is visible by default."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
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


def visible_clients(scope: Scope, client_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Return the condition that ``client_id`` is a client of the person's portfolio or teams.

    A client that has neither a team nor anybody in its portfolio (a lead that just came in) is everybody's.
    """
    if scope.all_clients:
        return true()
    portfolio = select(ClientStaff.client_id).where(ClientStaff.person_id == scope.person_id)
    nobodys = and_(Client.team_id.is_(None), ~exists().where(ClientStaff.client_id == Client.id))
    mine = or_(Client.team_id.in_(sorted(scope.teams)), nobodys) if scope.teams else nobodys
    return or_(client_id.in_(portfolio), client_id.in_(select(Client.id).where(mine)))


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
    seen = or_(WorkItem.client_id.is_(None), visible_clients(scope, WorkItem.client_id))
    wanted = sorted(scope.roles)
    among = and_(_candidate("role", Candidate.name.in_(wanted)), seen) if wanted else false()
    named = _candidate("person", Candidate.name == scope.login)
    alone = and_(WorkItem.sole_role.in_(wanted), seen) if wanted else false()
    return or_(alone, and_(WorkItem.sole_role.is_(None), or_(named, among)))


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
