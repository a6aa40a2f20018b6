"""Staff, roles, grants and teams."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from store.tables import Grant, Person, PersonRole, Role, Team, TeamMember

MOST = 1000


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A member of staff with the keys of their roles."""

    id: UUID
    login: str
    name: str
    name_en: str
    email: str
    locale: str
    active: bool
    locked_until: datetime | None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role."""

    key: str
    name: str
    name_en: str
    position: int


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team with the logins of its members."""

    id: UUID
    name: str
    members: tuple[str, ...] = ()


def list_(connection: Connection, *, active_only: bool = True) -> tuple[PersonRow, ...]:
    """Return the staff by login; those who left too unless ``active_only``."""
    names = [name for name in PersonRow.__dataclass_fields__ if name != "roles"]
    query = select(*(getattr(Person, name) for name in names))
    if active_only:
        query = query.where(Person.active.is_(True))
    rows = [
        PersonRow(**row._asdict()) for row in connection.execute(query.order_by(Person.login).limit(MOST))
    ]
    held: dict[UUID, tuple[str, ...]] = {}
    roles = select(PersonRole.person_id, PersonRole.role_key).join(Role, Role.key == PersonRole.role_key)
    for person_id, key in connection.execute(roles.order_by(Role.position, Role.key)):
        held[person_id] = (*held.get(person_id, ()), key)
    return tuple(replace(row, roles=held.get(row.id, ())) for row in rows)


def roles(connection: Connection) -> tuple[RoleRow, ...]:
    """Return all roles in their order."""
    query = select(Role.key, Role.name, Role.name_en, Role.position).order_by(Role.position, Role.key)
    return tuple(RoleRow(**row._asdict()) for row in connection.execute(query))


def grants(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Return the actions of each role."""
    found: dict[str, tuple[str, ...]] = {}
    for role, action in connection.execute(
        select(Grant.role_key, Grant.action).order_by(Grant.role_key, Grant.action)
    ):
        found[role] = (*found.get(role, ()), action)
    return found


def teams(connection: Connection) -> tuple[TeamRow, ...]:
    """Return all teams by name."""
    members: dict[UUID, tuple[str, ...]] = {}
    query = select(TeamMember.team_id, Person.login).join(Person, Person.id == TeamMember.person_id)
    for team_id, login in connection.execute(query.order_by(Person.login)):
        members[team_id] = (*members.get(team_id, ()), login)
    rows = connection.execute(select(Team.id, Team.name).order_by(Team.name))
    return tuple(TeamRow(row.id, row.name, members.get(row.id, ())) for row in rows)
