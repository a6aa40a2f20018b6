"""Staff, roles (岗位), teams and what each role may do."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.types import Base, Id


class Person(Base):
    """A member of staff; a disabled one keeps the history but cannot sign in or hold work."""

    __tablename__ = "people"
    id: Mapped[Id]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="zh")
    active: Mapped[bool] = mapped_column(default=True)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    session_epoch: Mapped[int] = mapped_column(default=0)


class Role(Base):
    """A position: candidate group of work items and lane of diagrams."""

    __tablename__ = "roles"
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)


class PersonRole(Base):
    """A person holds a role."""

    __tablename__ = "person_roles"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role_key: Mapped[str] = mapped_column(ForeignKey("roles.key"), primary_key=True)


class Grant(Base):
    """A role may do an action (see ``engine.people.ACTIONS``)."""

    __tablename__ = "grants"
    role_key: Mapped[str] = mapped_column(ForeignKey("roles.key"), primary_key=True)
    action: Mapped[str] = mapped_column(primary_key=True)


class Team(Base):
    """Staff who share clients."""

    __tablename__ = "teams"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)


class TeamMember(Base):
    """A person works in a team."""

    __tablename__ = "team_members"
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
