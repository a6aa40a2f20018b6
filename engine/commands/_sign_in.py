"""Who is who: staff as the engine sees them, passwords, sign-in, sessions."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, select, update

from engine.commands import history
from engine.errors import InvalidInput, NotAllowed
from engine.people import Person
from store.tables import Grant, PersonRole, TeamMember
from store.tables import Person as PersonRow
from store.unit_of_work import UnitOfWork

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
SHORTEST_PASSWORD = 8
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's first choice for Argon2id; more would hold SQLite's only writer for too long."""


@cache
def _nobody() -> str:
    """Return a hash that is checked for unknown logins, so that the answer takes as long as for known ones."""
    return _HASHER.hash("nobody has this password")


def sign_in(uow: UnitOfWork, login: str, password: str, code: str | None = None) -> Person:
    """Check a password and one-time code and return who it is; NotAllowed otherwise.

    After five failures in a row the login is locked for 15 minutes. An unknown login takes as long as a known one.
    """
    query = select(PersonRow.__table__).where(PersonRow.login == login).with_for_update()
    row = uow.connection.execute(query).one_or_none()
    if row is None or row.password_hash is None:
        _fits(_nobody(), password)
        raise NotAllowed(f"Nobody signs in as «{login}» with this password.")
    if row.locked_until is not None and row.locked_until > uow.now:
        raise NotAllowed(
            f"«{login}» is locked until {row.locked_until:%H:%M} UTC after too many failures; wait until then."
        )
    if not _fits(row.password_hash, password):
        return _refused(uow, row, failures=1, reason="the password is wrong")
    if not row.active:
        raise NotAllowed(f"«{login}» is disabled; ask who manages the staff.")
    if row.totp_secret and not _code_fits(uow, row.totp_secret, code):
        return _refused(uow, row, failures=1 if code else 0, reason="the one-time code is missing or wrong")
    change = {"failed_sign_ins": 0, "locked_until": None}
    uow.connection.execute(update(PersonRow).where(PersonRow.id == row.id).values(change))
    person = _person(uow.connection, row)
    history.note(uow, "person.signed_in", by=person, name=login)
    return person


def of_session(connection: Connection, person_id: UUID, epoch: int) -> Person | None:
    """Return who a session belongs to; None when the person is disabled or has signed in anew elsewhere since."""
    row = connection.execute(select(PersonRow.__table__).where(PersonRow.id == person_id)).one_or_none()
    return None if row is None or not row.active or row.session_epoch != epoch else _person(connection, row)


def epoch_of(connection: Connection, person_id: UUID) -> int:
    """Return the number that the sessions of a person must carry."""
    return connection.scalar(select(PersonRow.session_epoch).where(PersonRow.id == person_id)) or 0


def load(connection: Connection, person_id: UUID) -> Person | None:
    """Return a member of staff with roles, actions and teams; None when disabled or gone."""
    row = connection.execute(select(PersonRow.__table__).where(PersonRow.id == person_id)).one_or_none()
    return None if row is None or not row.active else _person(connection, row)


def change_password(uow: UnitOfWork, person_id: UUID, old: str, new: str) -> None:
    """Change one's own password; NotAllowed when the old one is wrong. All other sessions of the person end."""
    row = uow.connection.execute(select(PersonRow.__table__).where(PersonRow.id == person_id)).one()
    if row.password_hash is None or not _fits(row.password_hash, old):
        _refused(uow, row, failures=1, reason="the old password is wrong")
        return
    write_password(uow, person_id, new)
    history.note(uow, "person.password", by=_person(uow.connection, row), name=row.login)


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password; InvalidInput when it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(f"The password is too short; use at least {SHORTEST_PASSWORD} characters.")
    return _HASHER.hash(password)


def write_password(uow: UnitOfWork, person_id: UUID, password: str) -> None:
    """Keep the hash of a new password; failures are forgotten and all sessions of the person end."""
    change = {"password_hash": hash_password(password), "failed_sign_ins": 0, "locked_until": None}
    uow.connection.execute(update(PersonRow).where(PersonRow.id == person_id).values(change))
    end_sessions(uow, person_id)


def end_sessions(uow: UnitOfWork, person_id: UUID) -> None:
    """Let all sessions of a person end."""
    change = update(PersonRow).where(PersonRow.id == person_id)
    uow.connection.execute(change.values(session_epoch=PersonRow.session_epoch + 1))


def _fits(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _code_fits(uow: UnitOfWork, secret: str, code: str | None) -> bool:
    return pyotp.TOTP(secret).verify(code or "", for_time=uow.now, valid_window=1)


def _refused(uow: UnitOfWork, row: Row[Any], *, failures: int, reason: str) -> Person:
    """Count the failure, commit it, and raise; the returned person reaches nobody."""
    count = row.failed_sign_ins + failures
    locked = uow.now + LOCKED_FOR if count >= TRIES else None
    change = {"failed_sign_ins": 0 if locked else count, "locked_until": locked}
    uow.connection.execute(update(PersonRow).where(PersonRow.id == row.id).values(change))
    if locked:
        history.note(uow, "person.locked", by=None, name=row.login)
    uow.raise_after_commit(NotAllowed(f"«{row.login}» could not sign in: {reason}."))
    return Person(row.id, row.login, row.name)


def _person(connection: Connection, row: Row[Any]) -> Person:
    roles = frozenset(connection.scalars(select(PersonRole.role_key).where(PersonRole.person_id == row.id)))
    teams = frozenset(connection.scalars(select(TeamMember.team_id).where(TeamMember.person_id == row.id)))
    granted = select(Grant.action).where(Grant.role_key.in_(sorted(roles)))
    actions = frozenset(connection.scalars(granted)) if roles else frozenset()
    return Person(row.id, row.login, row.name, roles, actions, teams, row.locale)
