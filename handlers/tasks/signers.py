"""Who prepared and who reviewed: as the call says, else who did the steps, else the client's staff."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from engine.errors import NotFound
from engine.service_tasks import Call
from handlers.tasks.reading import word
from handlers.tasks.subjects import client_of, person_by_login
from store.tables import Candidate, ClientStaff, Person, WorkItem
from store.unit_of_work import UnitOfWork


def preparer_of(call: Call, uow: UnitOfWork) -> UUID | None:
    """Give the person who prepares the client's vouchers; None when the client has no bookkeeper."""
    return _signer(call, uow, "prepared_by", "bookkeeper")


def reviewer_of(call: Call, uow: UnitOfWork) -> UUID:
    """Give the person who reviews the client's vouchers; NotFound when nobody is known."""
    found = _signer(call, uow, "reviewed_by", "reviewer")
    if found is None:
        raise NotFound(
            f"Nobody reviews the vouchers of {client_of(call, uow).name}; assign a reviewer to the client."
        )
    return found


def tax_clerk_of(call: Call, uow: UnitOfWork) -> UUID | None:
    """Give the person who files the client's returns; None when nobody is known."""
    return _signer(call, uow, "filed_by", "tax_clerk")


def _signer(call: Call, uow: UnitOfWork, variable: str, role: str) -> UUID | None:
    if login := word(call, variable):
        return person_by_login(uow, login).id
    return _who_did(call, uow, role) or _on_staff(call, uow, role)


def _who_did(call: Call, uow: UnitOfWork, role: str) -> UUID | None:
    done = (
        select(WorkItem.completed_by)
        .join(Candidate, Candidate.work_item_id == WorkItem.id)
        .where(
            WorkItem.instance_id == call.instance,
            WorkItem.completed_by.is_not(None),
            Candidate.kind == "role",
            Candidate.name == role,
        )
        .order_by(WorkItem.completed_at.desc(), WorkItem.id.desc())
    )
    return uow.session.scalars(done).first()


def _on_staff(call: Call, uow: UnitOfWork, role: str) -> UUID | None:
    staff = (
        select(ClientStaff.person_id)
        .join(Person, Person.id == ClientStaff.person_id)
        .where(ClientStaff.client_id == call.client, ClientStaff.role_key == role, Person.active)
        .order_by(Person.login)
    )
    return uow.session.scalars(staff).first()
