"""Staff: sign-in, roles, grants; and what a firm starts with."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from engine.commands import history
from engine.commands._sign_in import (
    change_password,
    end_sessions,
    epoch_of,
    hash_password,
    load,
    of_session,
    sign_in,
    write_password,
)
from engine.errors import Conflict, InvalidInput, NotFound
from engine.people import ACTIONS, ROLES, Person, require
from store.tables import IS_OPEN, Grant, PersonRole, Role, Team, TeamMember, WorkItem
from store.tables import Person as PersonRow
from store.unit_of_work import UnitOfWork
from store.upserting import insert_new

__all__ = [
    "by_login", "change_password", "create", "create_team", "disable", "enable", "epoch_of", "grant", "hash_password",
    "load", "of_session", "set_locale", "set_password", "set_roles", "set_team", "set_totp", "setup_firm", "sign_in",
]  # fmt: skip

MANAGE = "people.manage"


def setup_firm(uow: UnitOfWork) -> None:
    """Create the roles of an agency-bookkeeping firm with their grants; those that are there stay as they are."""
    known = set(uow.connection.scalars(select(Role.key)))
    new = [key for key in ROLES if key not in known]
    if not new:
        return
    rows = [
        {"key": key, "name": ROLES[key][0], "name_en": ROLES[key][1], "position": list(ROLES).index(key)}
        for key in new
    ]
    uow.connection.execute(insert(Role), rows)
    grants = [{"role_key": key, "action": action} for key in new for action in ROLES[key][2]]
    uow.connection.execute(insert(Grant), grants)
    history.note(uow, "firm.roles_created", by=None, detail={"roles": new})


def create(
    uow: UnitOfWork,
    login: str,
    name: str,
    *,
    by: Person | None,
    password: str | None = None,
    roles: Iterable[str] = (),
    email: str = "",
    locale: str = "zh",
) -> UUID:
    """Add a member of staff and return their id. Conflict when the login is taken; InvalidInput for a weak password."""
    _may_manage(by)
    if not login.strip() or not name.strip():
        raise InvalidInput("A member of staff needs a login and a name.")
    if uow.connection.scalar(select(PersonRow.id).where(PersonRow.login == login)) is not None:
        raise Conflict(f"The login «{login}» is taken; choose another.")
    new_id = uow.new_id()
    row = {
        "id": new_id,
        "login": login,
        "name": name,
        "email": email,
        "locale": locale,
        "password_hash": None if password is None else hash_password(password),
    }
    uow.connection.execute(insert(PersonRow), [row])
    _write_roles(uow, new_id, roles)
    history.note(uow, "person.created", by=by, name=login, detail={"roles": sorted(roles)})
    return new_id


def disable(uow: UnitOfWork, login: str, *, by: Person | None) -> int:
    """Let somebody sign in no more; their sessions end, their open work goes back to its queues; return how many items."""
    _may_manage(by)
    person = by_login(uow, login)
    change = {"active": False, "session_epoch": PersonRow.session_epoch + 1}
    uow.connection.execute(update(PersonRow).where(PersonRow.id == person.id).values(change))
    mine = update(WorkItem).where(WorkItem.assignee_id == person.id, IS_OPEN)
    back = {"assignee_id": None, "claimed_at": None, "version": WorkItem.version + 1}
    count = uow.connection.execute(mine.values(back)).rowcount
    history.note(uow, "person.disabled", by=by, name=login, detail={"work_items": count})
    return count


def enable(uow: UnitOfWork, login: str, *, by: Person | None) -> None:
    """Let somebody sign in again."""
    _may_manage(by)
    person = by_login(uow, login)
    change = {"active": True, "failed_sign_ins": 0, "locked_until": None}
    uow.connection.execute(update(PersonRow).where(PersonRow.id == person.id).values(change))
    history.note(uow, "person.enabled", by=by, name=login)


def set_roles(uow: UnitOfWork, login: str, roles: Iterable[str], *, by: Person | None) -> None:
    """Give somebody exactly these roles; their sessions begin anew. InvalidInput for an unknown role."""
    _may_manage(by)
    person, wanted = by_login(uow, login), sorted(set(roles))
    uow.connection.execute(delete(PersonRole).where(PersonRole.person_id == person.id))
    _write_roles(uow, person.id, wanted)
    end_sessions(uow, person.id)
    history.note(uow, "person.roles", by=by, name=login, detail={"roles": wanted})


def set_password(uow: UnitOfWork, login: str, password: str, *, by: Person | None) -> None:
    """Set a password: one's own, or anybody's with the right to manage people. All sessions of the person end."""
    if by is not None and by.login != login:
        require(by, MANAGE)
    person = by_login(uow, login)
    write_password(uow, person.id, password)
    history.note(uow, "person.password", by=by, name=login)


def set_totp(uow: UnitOfWork, person_id: UUID, secret: str | None) -> None:
    """Ask for one-time codes of ``secret`` (base 32, proven by the caller) at every sign-in; None asks no more."""
    change = {"totp_secret": secret}
    uow.connection.execute(update(PersonRow).where(PersonRow.id == person_id).values(change))
    history.note(uow, "person.second_factor", by=None, name=str(person_id), detail={"on": secret is not None})


def set_locale(uow: UnitOfWork, person_id: UUID, locale: str) -> None:
    """Keep the language that a person wants."""
    uow.connection.execute(update(PersonRow).where(PersonRow.id == person_id).values(locale=locale))


def grant(uow: UnitOfWork, role: str, action: str, *, allowed: bool, by: Person | None) -> None:
    """Allow a role an action, or take it away. InvalidInput for an unknown action, NotFound for an unknown role."""
    _may_manage(by)
    if action not in ACTIONS:
        raise InvalidInput(f"There is no action «{action}».")
    if uow.connection.scalar(select(Role.key).where(Role.key == role)) is None:
        raise NotFound(f"There is no role «{role}».")
    if allowed:
        statement = insert_new(uow.connection.dialect.name, Grant)
        uow.connection.execute(statement, {"role_key": role, "action": action})
    else:
        uow.connection.execute(delete(Grant).where(Grant.role_key == role, Grant.action == action))
    history.note(
        uow, "role.granted" if allowed else "role.denied", by=by, name=role, detail={"action": action}
    )


def create_team(uow: UnitOfWork, name: str, logins: Iterable[str], *, by: Person | None) -> UUID:
    """Make a team of these people and return its id; Conflict when the name is taken."""
    _may_manage(by)
    if uow.connection.scalar(select(Team.id).where(Team.name == name)) is not None:
        raise Conflict(f"There is a team «{name}» already.")
    new_id = uow.new_id()
    uow.connection.execute(insert(Team), [{"id": new_id, "name": name}])
    set_team(uow, new_id, logins, by=by)
    return new_id


def set_team(uow: UnitOfWork, team_id: UUID, logins: Iterable[str], *, by: Person | None) -> None:
    """Let exactly these people be in a team; their sessions begin anew."""
    _may_manage(by)
    wanted = [by_login(uow, login) for login in dict.fromkeys(logins)]
    uow.connection.execute(delete(TeamMember).where(TeamMember.team_id == team_id))
    if wanted:
        rows = [{"team_id": team_id, "person_id": person.id} for person in wanted]
        uow.connection.execute(insert(TeamMember), rows)
    history.note(
        uow, "team.members", by=by, name=str(team_id), detail={"logins": [one.login for one in wanted]}
    )


def by_login(uow: UnitOfWork, login: str) -> Person:
    """Return an active or disabled member of staff by login; NotFound when there is none."""
    person_id = uow.connection.scalar(select(PersonRow.id).where(PersonRow.login == login))
    if person_id is None:
        raise NotFound(f"Nobody has the login «{login}»; choose a member of staff.")
    person = load(uow.connection, person_id)
    if person is None:
        return Person(person_id, login, login)
    return person


def _may_manage(by: Person | None) -> None:
    if by is not None:
        require(by, MANAGE)


def _write_roles(uow: UnitOfWork, person_id: UUID, roles: Iterable[str]) -> None:
    wanted = sorted(set(roles))
    known = set(uow.connection.scalars(select(Role.key).where(Role.key.in_(wanted))))
    unknown = [role for role in wanted if role not in known]
    if unknown:
        raise InvalidInput(f"There is no role «{unknown[0]}»; create it first.")
    if wanted:
        uow.connection.execute(
            insert(PersonRole), [{"person_id": person_id, "role_key": role} for role in wanted]
        )
